"""The tests of queries on a cluster."""

from tests.searchd.test_engine import *  # noqa: F403
