"""The tests of completions on a cluster."""

from tests.searchd.test_engine_completions import *  # noqa: F403
