"""The tests of filter expressions on a cluster."""

from tests.searchd.search.test_filter_expressions import *  # noqa: F403
