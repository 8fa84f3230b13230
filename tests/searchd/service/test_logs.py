"""Lines of the log: one for each record, whatever it contains."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchd.service.logs import (
    REQUEST_ID,
    JsonFormatter,
    TextFormatter,
    configure_logging,
    escape,
    set_level,
)

HOSTILE = "a\r\n2030-01-01T00:00:00.000Z ERROR forged: \x1b[31m\u2028\u202e\x00\x85\u2066كتاب"


def record_of(
    message: str, *, error: Exception | None = None, **fields: object
) -> logging.LogRecord:
    info = None
    if error is not None:
        try:
            raise error
        except Exception:  # noqa: BLE001 - it is made here
            info = sys.exc_info()
    record = logging.LogRecord("searchd.x", logging.ERROR, "", 0, "%s", (message,), info)
    record.fields = fields
    return record


@pytest.fixture
def restored() -> Iterator[None]:
    """Put the loggers back as they were."""
    loggers = [logging.getLogger(name) for name in ("searchd", "uvicorn")]
    before = [(each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for each, (handlers, level, propagate) in zip(loggers, before, strict=True):
        for handler in each.handlers:
            handler.close()
        each.handlers, each.propagate = handlers, propagate
        each.setLevel(level)


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()], ids=["json", "text"])
def test_nobody_forges_a_line(formatter: logging.Formatter) -> None:
    token = REQUEST_ID.set("1")
    line = formatter.format(record_of(HOSTILE, query=HOSTILE))
    REQUEST_ID.reset(token)
    assert len(line.splitlines()) == 1
    assert not [char for char in line if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]
    assert "كتاب" in line


def test_json_gives_everything_back() -> None:
    values = json.loads(JsonFormatter().format(record_of(HOSTILE, query=HOSTILE, status=200)))
    assert (values["message"], values["query"], values["status"]) == (HOSTILE, HOSTILE, 200)
    assert (values["level"], values["logger"]) == ("error", "searchd.x")
    assert values["time"].endswith("Z")
    assert "request_id" not in values


def test_a_value_of_text_cannot_end_early() -> None:
    line = TextFormatter().format(
        record_of("request", query='x" status=500', route="/documents/{id}")
    )
    assert line.endswith(r'request query="x\" status=500" route=/documents/{id}')


def test_the_lines_of_a_traceback_are_indented() -> None:
    text = TextFormatter().format(record_of("failed", error=ValueError(HOSTILE)))
    first, *others = text.split("\n")
    assert "failed" in first
    assert len(others) > 2
    assert all(line.startswith("    ") for line in others)
    assert all(escape(line) == line for line in others)
    values = json.loads(JsonFormatter().format(record_of("failed", error=ValueError("x"))))
    assert "ValueError: x" in values["exception"]


@pytest.mark.usefixtures("restored")
def test_a_file_that_is_renamed_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "log"
    configure_logging("json", "info", file)
    logging.getLogger("searchd.a").info("one")
    file.rename(tmp_path / "old")
    logging.getLogger("searchd.b").info("two")
    messages = [
        json.loads((tmp_path / name).read_text("utf-8"))["message"] for name in ("old", "log")
    ]
    assert messages == ["one", "two"]


@pytest.mark.usefixtures("restored")
def test_levels(tmp_path: Path) -> None:
    file = tmp_path / "log"
    configure_logging("text", "warning", file)
    for level in ("warning", "debug", "error"):
        set_level(level)
        for name in ("searchd.a", "uvicorn.error"):
            for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                logging.getLogger(name).log(number, level)
    lines = [line.split()[1:] for line in file.read_text("utf-8").splitlines()]
    assert lines == [
        ["WARNING", "searchd.a:", "warning"],
        ["ERROR", "searchd.a:", "warning"],
        ["WARNING", "uvicorn.error:", "warning"],
        ["ERROR", "uvicorn.error:", "warning"],
        *(["DEBUG", "searchd.a:", "debug"], ["INFO", "searchd.a:", "debug"]),
        *(["WARNING", "searchd.a:", "debug"], ["ERROR", "searchd.a:", "debug"]),
        *(["WARNING", "uvicorn.error:", "debug"], ["ERROR", "uvicorn.error:", "debug"]),
        *(["ERROR", "searchd.a:", "error"], ["ERROR", "uvicorn.error:", "error"]),
    ]
