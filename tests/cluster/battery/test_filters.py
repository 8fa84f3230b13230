"""The tests of filters on a cluster."""

from tests.searchd.search.test_filters import *  # noqa: F403
