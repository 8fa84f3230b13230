"""Error responses: `{"error": {"code": ..., "message": ..., "position": ..., "parameter": ...}}`.

400  bad_document        a document of the body cannot be written; `position` is its number in the body
     query_syntax        the query cannot be parsed; `position` says where
     query_too_costly    the query has too many patterns, or its words too many documents
     filter_syntax       a filter, a facet or the sort key cannot be parsed, or names no field; of a
                         filter `position` says where
     invalid_cursor      a cursor is none, or of another query, other filters or another order
401  key_missing         an API key is needed
     key_invalid         the API key is unknown, revoked or expired
403  forbidden           the API key does not allow this; or there are no keys, and the client is not
                         on this machine; or a page of another site sent the request
404  not_found           no such path
     index_not_found     no index and no alias has this name
     alias_not_found     no alias has this name
     task_not_found      no task has this id, or it is forgotten
     document_not_found  the index has no document with the id
405  method_not_allowed  another method than the path takes
408  request_timeout     the request did not arrive in time
409  conflict            what is there does not go with what is asked for
     cancelled           the task was cancelled; nothing was changed
410  cursor_expired      the index was changed since the cursor was made
413  too_large           the body has more bytes than it may have
415  unsupported_media_type
                         the body is of a type that is not read here
421  wrong_host          the header Host names a host that is not allowed
422  invalid_parameter   a parameter is missing, unknown or out of range; `parameter` names it
429  rate_limited        too many requests; the header Retry-After says when to try again
500  internal            an unforeseen error, in the log of the service
503  index_missing, index_mismatch, index_access, index_damaged
                         the index cannot be searched
     analysis_unavailable
                         a data file of the analysis is missing or damaged
     index_busy          another process writes the index; the header Retry-After says when to try again
     write_failed        a part of the change failed, such as a process that was killed; nothing was changed
     writer_lost         the process that writes ended before it had answered
     closed              the engine was closed, or the service is stopped
     overloaded          too many searches, changes or connections; the header Retry-After says when to try again
     search_timeout      the search took too long
any  http                another error that the framework raises
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from analyzers.errors import AnalyzersError
from indexer.errors import (
    IndexAccessError,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    WorkerError,
)
from searchd.errors import (
    CursorError,
    CursorExpiredError,
    DocumentNotFoundError,
    EngineClosedError,
    FilterSyntaxError,
    QuerySyntaxError,
    SearchArgumentError,
    SearchBudgetError,
    SearchTimeoutError,
)
from searchd.service.error_models import ErrorBody, ErrorCode, ErrorResponse
from searchd.service.models import ALLOWED
from searchd.service.request_errors import RequestError

_LOG = logging.getLogger("searchd.service")

_UNAVAILABLE: Mapping[type[Exception], ErrorCode] = {
    IndexMissingError: "index_missing",
    IndexMismatchError: "index_mismatch",
    IndexAccessError: "index_access",
    IndexDamagedError: "index_damaged",
    AnalyzersError: "analysis_unavailable",
    EngineClosedError: "closed",
    IndexBusyError: "index_busy",
    WorkerError: "write_failed",
}

RETRY_AFTER: Mapping[str, str] = MappingProxyType({"Retry-After": "1"})
"""The header, in seconds, of a response to a request that was refused because of the load."""

_MAX_QUOTED = 80
"""How many characters of a wrong value an error message quotes."""


class OverloadedError(Exception):
    """As many searches run and wait as the service allows; the client should try again later."""


class AccessDeniedError(Exception):
    """A request may not do what it asks for; `status` is 401 or 403."""

    def __init__(self, status: int, code: ErrorCode, message: str) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code: ErrorCode = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class RateLimitedError(Exception):
    """A caller sends too many requests; it may try again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def error_response(
    status: int,
    code: ErrorCode,
    message: str,
    *,
    position: int | None = None,
    parameter: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the response for an error, in the shape that all errors of the service have."""
    body = ErrorBody(code=code, message=message, position=position, parameter=parameter)
    content = ErrorResponse(error=body).model_dump()
    return JSONResponse(content, status_code=status, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """Register a handler for every known exception.

    Other exceptions pass through: `headers.ResponseHeaders` logs them and answers 500.
    """
    app.add_exception_handler(QuerySyntaxError, _query_syntax)
    app.add_exception_handler(FilterSyntaxError, _filter_syntax)
    app.add_exception_handler(CursorError, _invalid_cursor)
    app.add_exception_handler(CursorExpiredError, _cursor_expired)
    app.add_exception_handler(DocumentNotFoundError, _document_not_found)
    app.add_exception_handler(RequestError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid_parameter)
    app.add_exception_handler(SearchArgumentError, _wrong_argument)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SearchBudgetError, _too_costly)
    app.add_exception_handler(OverloadedError, _overloaded)
    app.add_exception_handler(AccessDeniedError, _access_denied)
    app.add_exception_handler(RateLimitedError, _rate_limited)
    app.add_exception_handler(SearchTimeoutError, _search_timeout)
    app.add_exception_handler(TimeoutError, _search_timeout)  # of `Admission`
    app.add_exception_handler(ClientDisconnect, _left)
    for kind in _UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)


def response_to(request: Request, error: Exception) -> JSONResponse:
    """Return the response that an exception has as the answer to a request, 500 for unknown ones."""
    handlers: dict[Any, Any] = request.app.exception_handlers
    handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
    if handler is None:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return error_response(500, "internal", "the service failed; its log says why")
    response: JSONResponse = handler(request, error)
    return response


def _query_syntax(_request: Request, error: Exception) -> JSONResponse:
    position = error.position if isinstance(error, QuerySyntaxError) else None
    return error_response(400, "query_syntax", str(error), position=position)


def _filter_syntax(_request: Request, error: Exception) -> JSONResponse:
    position = error.position if isinstance(error, FilterSyntaxError) else None
    return error_response(400, "filter_syntax", str(error), position=position)


def _invalid_cursor(_request: Request, error: Exception) -> JSONResponse:
    return error_response(400, "invalid_cursor", str(error))


def _cursor_expired(_request: Request, error: Exception) -> JSONResponse:
    return error_response(410, "cursor_expired", str(error))


def _document_not_found(_request: Request, error: Exception) -> JSONResponse:
    return error_response(404, "document_not_found", str(error))


def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    _LOG.error("cannot answer: %s", error)
    code = next(code for kind, code in _UNAVAILABLE.items() if isinstance(error, kind))
    headers = RETRY_AFTER if isinstance(error, IndexBusyError) else None
    return error_response(503, code, str(error), headers=headers)


def _refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestError):
        raise error
    return error_response(
        error.status,
        error.code,
        str(error),
        position=error.position,
        parameter=error.parameter,
        headers=RETRY_AFTER if error.may_pass else None,
    )


def _left(_request: Request, _error: Exception) -> JSONResponse:
    """Answer a client that closed the connection within its body, which no one reads."""
    message = "the body did not arrive whole; send it again"
    return error_response(408, "request_timeout", message)


def _too_costly(_request: Request, error: Exception) -> JSONResponse:
    return error_response(400, "query_too_costly", str(error))


def _overloaded(_request: Request, _error: Exception) -> JSONResponse:
    message = "too many searches are at work; try again later"
    return error_response(503, "overloaded", message, headers=RETRY_AFTER)


def _access_denied(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, AccessDeniedError):
        raise error
    headers = {"WWW-Authenticate": 'Bearer realm="searchd"'} if error.status == 401 else None
    return error_response(error.status, error.code, error.message, headers=headers)


def _rate_limited(_request: Request, error: Exception) -> JSONResponse:
    seconds = math.ceil(error.seconds) if isinstance(error, RateLimitedError) else 1
    message = f"too many requests; try again in {seconds} s"
    return error_response(429, "rate_limited", message, headers={"Retry-After": str(seconds)})


def _search_timeout(_request: Request, error: Exception) -> JSONResponse:
    return error_response(503, "search_timeout", str(error))


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code: ErrorCode = "http"
    message = str(error.detail)
    if error.status_code == 404:
        code = "not_found"
        if error.detail == HTTPStatus.NOT_FOUND.phrase:  # no route has this path
            message = f"there is nothing at {request.url.path}; see /openapi.json"
    elif error.status_code == 405:
        code = "method_not_allowed"
        allowed = (error.headers or {}).get("Allow", "GET")
        message = f"{request.url.path} does not take {request.method}, only {allowed}"
    return error_response(error.status_code, code, message, headers=error.headers)


def _invalid_parameter(_request: Request, error: Exception) -> JSONResponse:
    invalid = error.errors() if isinstance(error, RequestValidationError) else []
    message = "; ".join(dict.fromkeys(map(_describe, invalid)))
    parameter = _parameter(invalid[0]["loc"]) if invalid else None
    return error_response(422, "invalid_parameter", message, parameter=parameter)


_PARAMETERS: Mapping[str, str] = MappingProxyType(
    {"query": "q", "filters": "filter", "facets": "facet", "facet_filters": "facet_filter"}
)
"""Arguments of the engine whose parameters have other names."""


def _wrong_argument(_request: Request, error: Exception) -> JSONResponse:
    """Answer for values that do not go together, which the parameters alone do not tell."""
    if not isinstance(error, SearchArgumentError):
        raise error
    name = _PARAMETERS.get(error.argument, error.argument)
    message = f"the parameter '{name}': {error.reason}"
    return error_response(422, "invalid_parameter", message, parameter=name)


def _parameter(location: Sequence[object]) -> str:
    return str(location[1] if len(location) > 1 else location[0])


def _describe(invalid: Mapping[str, Any]) -> str:
    """Return a message with the name of the parameter, its value and the allowed values."""
    name = _parameter(invalid["loc"])
    if invalid["type"] == "extra_forbidden":
        return f"there is no parameter '{name}'"
    if invalid["loc"][0] == "body":
        where = ".".join(map(str, invalid["loc"][1:])) or "the body"
        return f"{where}: {invalid['msg']}; see /openapi.json"
    if invalid["type"] == "missing":
        return f"the parameter '{name}' is missing; allowed is {ALLOWED[name]}"
    value = str(invalid["input"])
    quoted = f"'{value}'"
    if len(value) > _MAX_QUOTED:
        quoted = f"'{value[:_MAX_QUOTED]}…' ({len(value)} characters)"
    return f"the parameter '{name}' is {quoted}; allowed is {ALLOWED[name]}"
