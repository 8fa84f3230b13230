"""The tests of what people write on a cluster."""

from tests.searchd.test_what_people_write import *  # noqa: F403
