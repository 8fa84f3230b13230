"""The log of the service: lines of text or of JSON, to standard error or a file.

A line is one record whatever it contains: controls, line separators and characters that turn the
direction of text are written as escapes, so nobody can forge a line by what is logged. Records may
have `fields` (`logging.info(..., extra={"fields": {...}})`) and get the id of their request.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

LogFormat = Literal["text", "json"]

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is at work, "" outside of requests."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Controls, line and paragraph separators, marks of direction, and halves of surrogate pairs."""

_LOGGERS = ("searchd", "uvicorn")


def escape(text: str) -> str:
    r"""Return a text with unsafe characters as escapes, as JSON has them.

    >>> escape("كتاب\nERROR")
    'كتاب\\u000aERROR'
    """
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Formatter(logging.Formatter):
    def _values(self, record: logging.LogRecord) -> dict[str, Any]:
        request_id = REQUEST_ID.get()
        fields: dict[str, Any] = getattr(record, "fields", {})
        return ({"request_id": request_id} if request_id else {}) | fields


class JsonFormatter(_Formatter):
    """One JSON object on each line: time, level, logger, message, request_id and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        values: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._values(record),
        }
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return escape(json.dumps(values, ensure_ascii=False, default=str))


class TextFormatter(_Formatter):
    """`time LEVEL logger: message key=value`; the lines of a traceback are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, and those of its traceback."""
        values = "".join(f" {name}={_value(value)}" for name, value in self._values(record).items())
        message = escape(record.getMessage())
        line = f"{_time(record)} {record.levelname} {record.name}: {message}{values}"
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            line = "\n    ".join([line, *map(escape, trace)])
        return line


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(value: object) -> str:
    text = str(value)
    if isinstance(value, str) and not re.fullmatch(r"[\w./:{}*-]+", text):
        return escape(json.dumps(text, ensure_ascii=False))
    return escape(text)


def configure_logging(
    log_format: LogFormat = "text", level: str = "info", file: Path | None = None
) -> logging.Handler:
    """Send the records of the service and of its server to standard error, or to a file.

    A file that is renamed, as by logrotate, is opened anew. Replaces what an earlier call set, and
    returns the handler. Raises OSError for a file that cannot be written.
    """
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    elif os.name == "nt":
        handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
    else:
        handler = logging.handlers.WatchedFileHandler(
            file, encoding="utf-8", errors="backslashreplace"
        )
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for old in logger.handlers[:]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
        logger.propagate = False
    set_level(level)
    return handler


def set_level(level: str) -> None:
    """Set the least level that is logged: debug, info, warning or error."""
    number = getattr(logging, level.upper())
    logging.getLogger("searchd").setLevel(number)
    # What uvicorn says below a warning repeats what the service says itself.
    logging.getLogger("uvicorn").setLevel(max(number, logging.WARNING))
