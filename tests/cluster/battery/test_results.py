"""The tests of results on a cluster."""

from tests.searchd.test_engine_results import *  # noqa: F403
