"""The tests of explanation on a cluster."""

from tests.searchd.search.test_explanation import *  # noqa: F403
