"""The tests of similar documents on a cluster."""

from tests.searchd.test_engine_similar import *  # noqa: F403
