"""The tests of pages on a cluster."""

from tests.searchd.test_engine_pages import *  # noqa: F403
