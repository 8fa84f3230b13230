"""The tests of hamzas and marks on a cluster."""

from tests.searchd.test_exactness import *  # noqa: F403
