"""The tests of grouping on a cluster."""

from tests.searchd.search.test_grouping import *  # noqa: F403
