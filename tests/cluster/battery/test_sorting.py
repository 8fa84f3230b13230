"""The tests of sorting on a cluster."""

from tests.searchd.search.test_sorting import *  # noqa: F403
