"""The tests of stored documents on a cluster."""

from tests.searchd.test_documents import *  # noqa: F403
