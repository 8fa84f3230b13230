"""Requests that are refused for what they ask, each with its HTTP status and code.

RequestError
├── IndexNotFoundError     404  no index and no alias of this name
├── AliasNotFoundError     404  no alias of this name
├── TaskNotFoundError      404  no task of this id, or one that is forgotten
├── ForbiddenError         403  a request that may not do this
├── ConflictError          409  what is there does not go with what is asked for
├── BodyTooLargeError      413  more bytes than a body may have
├── InvalidValueError      422  a name or a setting that is not possible
├── UnsupportedBodyError   415  a body of a type that is not read here
├── BadDocumentError       400  a document of the body cannot be written; nothing was changed
├── TaskCancelledError     409  the change was cancelled; nothing was changed
├── WriterLostError        503  the process that writes ended before it had answered
└── WritesOverloadedError  503  as many changes wait as the service allows

The message says what is wrong, where, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

from searchd.service.error_models import ErrorCode


class RequestError(Exception):
    """The base class. `status` and `code` are those of the answer.

    `position` is the number of the record that is wrong, from 0; `parameter` names what is wrong.
    `may_pass` tells whether the same request may succeed a little later.
    """

    status: ClassVar[int] = 400
    code: ClassVar[ErrorCode] = "http"
    may_pass: ClassVar[bool] = False

    def __init__(
        self, message: str, *, position: int | None = None, parameter: str | None = None
    ) -> None:
        super().__init__(message)
        self.position = position
        self.parameter = parameter


class IndexNotFoundError(RequestError):
    """There is no index and no alias of this name."""

    status, code = 404, "index_not_found"


class AliasNotFoundError(RequestError):
    """There is no alias of this name."""

    status, code = 404, "alias_not_found"


class TaskNotFoundError(RequestError):
    """There is no task of this id, or it is forgotten."""

    status, code = 404, "task_not_found"


class ForbiddenError(RequestError):
    """The request may not do this."""

    status, code = 403, "forbidden"


class ConflictError(RequestError):
    """What is there does not go with what is asked for."""

    status, code = 409, "conflict"


class BodyTooLargeError(RequestError):
    """The body has more bytes than it may have."""

    status, code = 413, "too_large"


class InvalidValueError(RequestError):
    """A name or a setting is not possible; `parameter` says which."""

    status, code = 422, "invalid_parameter"


class UnsupportedBodyError(RequestError):
    """The body is of a type that is not read here."""

    status, code = 415, "unsupported_media_type"


class BadDocumentError(RequestError):
    """A document of the body cannot be written, and nothing was changed."""

    status, code = 400, "bad_document"


class TaskCancelledError(RequestError):
    """The change was cancelled before its end, and nothing was changed."""

    status, code = 409, "cancelled"


class WritesOverloadedError(RequestError):
    """As many changes wait as the service allows."""

    status, code = 503, "overloaded"
    may_pass = True


class WriterLostError(RequestError):
    """The process that writes ended before it had answered, so the outcome of a change is not known."""

    status, code = 503, "writer_lost"
