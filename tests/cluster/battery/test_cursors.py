"""The tests of cursors on a cluster."""

from tests.searchd.test_cursors import *  # noqa: F403
