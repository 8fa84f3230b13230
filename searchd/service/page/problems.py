"""An exception as what the page says of it: the same error that the JSON API gives, in words."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response

from searchd.errors import DocumentNotFoundError
from searchd.service.error_models import ErrorResponse
from searchd.service.models import MAX_QUERY_LENGTH
from searchd.service.page.query_errors import arabic_reason
from searchd.service.page.texts import TEXTS, Language

_LOG = logging.getLogger("searchd.service")

_WITH_REASON = ("query_syntax", "filter_syntax", "query_too_costly", "invalid_parameter")
"""Codes of errors whose message tells the reader more than the code does."""

_PASSING = (
    "rate_limited",
    "overloaded",
    "search_timeout",
    "closed",
    "index_missing",
    "index_access",
)
"""Codes of errors that may be over with the next try."""


class QueryTooLongError(Exception):
    """The query of a page has more characters than the service takes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: the HTTP status, the code of the JSON API and its message in English.

    `position` is where the query is wrong, in code points. `headers` go with the response.
    """

    status: int
    code: str
    message: str = ""
    position: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The key of its headline."""
        return f"error_{self.code}" if f"error_{self.code}" in TEXTS else "error"

    @property
    def may_pass(self) -> bool:
        """Whether trying again may help."""
        return self.code in _PASSING

    def reason(self, language: Language) -> tuple[str, Language]:
        """Return what is wrong in words, and the language of these; "" where the code says it all.

        A message that has no Arabic is given in English rather than left out.
        """
        if self.code not in _WITH_REASON:
            return "", language
        if language == "ar":
            reason = arabic_reason(self.message)
            if reason or self.code == "query_too_costly":
                return reason or "", "ar"
        return self.message, "en"


def describe(request: Request, error: Exception) -> Problem:
    """Return what an exception means, by the handlers of the JSON API.

    What no handler knows is logged, and status 500.
    """
    if isinstance(error, QueryTooLongError):
        return Problem(422, "query_too_long", str(MAX_QUERY_LENGTH))
    if isinstance(error, DocumentNotFoundError):
        return Problem(404, "document_not_found")
    app: FastAPI = request.app
    handlers: dict[Any, Any] = app.exception_handlers
    handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
    if handler is None:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return Problem(500, "internal")
    response: Response = handler(request, error)
    body = ErrorResponse.model_validate_json(bytes(response.body)).error
    retry = response.headers.get("retry-after")
    return Problem(
        status=response.status_code,
        code=body.code,
        message=body.message,
        position=body.position,
        headers=(("Retry-After", retry),) if retry else (),
    )
