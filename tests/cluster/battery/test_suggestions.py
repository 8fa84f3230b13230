"""The tests of spelling suggestions on a cluster."""

from tests.searchd.test_engine_suggestions import *  # noqa: F403
