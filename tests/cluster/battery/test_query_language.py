"""The tests of the query language on a cluster."""

from tests.searchd.query.test_query_language import *  # noqa: F403
