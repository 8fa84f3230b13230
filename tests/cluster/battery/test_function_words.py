"""The tests of function words on a cluster."""

from tests.searchd.search.test_function_words import *  # noqa: F403
