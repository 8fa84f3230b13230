"""The tests of condition hints on a cluster."""

from tests.searchd.search.test_condition_hints import *  # noqa: F403
