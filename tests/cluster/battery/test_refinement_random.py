"""The tests of random facets and groups on a cluster."""

from tests.searchd.search.test_refinement_random import *  # noqa: F403
