"""The tests of facets on a cluster."""

from tests.searchd.search.test_facets import *  # noqa: F403
