"""The tests of the second stage on a cluster."""

from tests.searchd.search.test_rescorer import *  # noqa: F403
