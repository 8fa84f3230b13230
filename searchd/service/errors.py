"""Every error as one JSON shape: `{"error": {"code": ..., "message": ..., "position": ...}}`.

400 query_syntax, filter_syntax         404 not_found
405 method_not_allowed                  422 invalid_parameter
500 internal                            503 index_missing, index_mismatch, index_damaged,
                                            index_access, analysis_unavailable, closed
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from analyzers.errors import AnalyzersError
from indexer.errors import (
    IndexAccessError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from searchd.errors import EngineClosedError, FilterSyntaxError, QuerySyntaxError
from searchd.service.models import ALLOWED, ErrorBody, ErrorResponse

_LOG = logging.getLogger("searchd.service")

_UNAVAILABLE = {
    IndexMissingError: "index_missing",
    IndexMismatchError: "index_mismatch",
    IndexAccessError: "index_access",
    IndexDamagedError: "index_damaged",
    AnalyzersError: "analysis_unavailable",
    EngineClosedError: "closed",
}

_MOST_SHOWN = 80
"""A refusal quotes this many characters of what was given."""


def error_response(
    status: int,
    code: str,
    message: str,
    *,
    position: int | None = None,
    parameter: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return an error in the shape that every error of the service has."""
    body = ErrorBody(code=code, message=message, position=position, parameter=parameter)
    content = ErrorResponse(error=body).model_dump()
    return JSONResponse(content, status_code=status, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """Let `app` answer every known error in the one shape.

    What is not known here stays an exception: `headers.ResponseHeaders` logs it and answers 500.
    """
    app.add_exception_handler(QuerySyntaxError, _query_syntax)
    app.add_exception_handler(FilterSyntaxError, _filter_syntax)
    app.add_exception_handler(RequestValidationError, _invalid_parameter)
    app.add_exception_handler(HTTPException, _http)
    for kind in _UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)


def _query_syntax(_request: Request, error: Exception) -> JSONResponse:
    position = error.position if isinstance(error, QuerySyntaxError) else None
    return error_response(400, "query_syntax", str(error), position=position)


def _filter_syntax(_request: Request, error: Exception) -> JSONResponse:
    return error_response(400, "filter_syntax", str(error))


def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    _LOG.error("cannot answer: %s", error)
    code = next(code for kind, code in _UNAVAILABLE.items() if isinstance(error, kind))
    return error_response(503, code, str(error))


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        code, message = "not_found", f"there is nothing at {request.url.path}; see /openapi.json"
    elif error.status_code == 405:
        code = "method_not_allowed"
        message = f"{request.url.path} does not take {request.method}, only GET"
    else:
        code, message = "http", str(error.detail)
    return error_response(error.status_code, code, message, headers=error.headers)


def _invalid_parameter(_request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    message = "; ".join(dict.fromkeys(_refusal(one) for one in found))
    parameter = _parameter(found[0]["loc"]) if found else None
    return error_response(422, "invalid_parameter", message, parameter=parameter)


def _parameter(location: Sequence[object]) -> str:
    return str(location[1] if len(location) > 1 else location[0])


def _refusal(found: Mapping[str, Any]) -> str:
    """Say which parameter is wrong, what was given and what is allowed."""
    name = _parameter(found["loc"])
    if found["type"] == "extra_forbidden":
        return f"there is no parameter '{name}'"
    if found["type"] == "missing":
        return f"the parameter '{name}' is missing; allowed is {ALLOWED[name]}"
    given = str(found["input"])
    shown = f"'{given}'"
    if len(given) > _MOST_SHOWN:
        shown = f"'{given[:_MOST_SHOWN]}…' ({len(given)} characters)"
    return f"the parameter '{name}' is {shown}; allowed is {ALLOWED[name]}"
