"""The tests of highlights on a cluster."""

from tests.searchd.test_document_highlights import *  # noqa: F403
