"""Pydantic models of the body of errors."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

ErrorCode = Literal[
    "query_syntax",
    "query_too_costly",
    "filter_syntax",
    "invalid_cursor",
    "key_missing",
    "key_invalid",
    "forbidden",
    "not_found",
    "document_not_found",
    "method_not_allowed",
    "request_timeout",
    "cursor_expired",
    "wrong_host",
    "invalid_parameter",
    "rate_limited",
    "internal",
    "index_missing",
    "index_mismatch",
    "index_access",
    "index_damaged",
    "analysis_unavailable",
    "closed",
    "overloaded",
    "search_timeout",
    "index_not_found",
    "alias_not_found",
    "task_not_found",
    "conflict",
    "too_large",
    "unsupported_media_type",
    "bad_document",
    "cancelled",
    "index_busy",
    "write_failed",
    "writer_lost",
    "http",
]
"""The codes of errors; `searchd.service.errors` says what each means."""


class ErrorBody(BaseModel):
    """What is wrong, where, and what to do."""

    code: ErrorCode = Field(
        description="A stable identifier, for programs.", examples=["query_syntax"]
    )
    message: str = Field(
        description="The error in words, for people.",
        examples=[
            "the query has an error at character 13: this quotation mark has no partner; "
            'add a closing " or remove it'
        ],
    )
    position: int | None = Field(
        None,
        description="Offset of the error in code points, from 0: of `query_syntax` in `q`, of "
        "`filter_syntax` in the filter that the message quotes, where it has one. Of `bad_document` the "
        "number of the record in the body, from 0.",
        examples=[12],
    )
    parameter: str | None = Field(
        None, description="`invalid_parameter` only: the name of the parameter."
    )


class ErrorResponse(BaseModel):
    """The body of every error response."""

    error: ErrorBody
