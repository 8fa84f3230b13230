"""The tests of places on a cluster."""

from tests.searchd.test_engine_places import *  # noqa: F403
