"""Text on a terminal: display width, line breaking, colours and control characters.

Text is printed in logical order, the order in which it is read and stored. The terminal applies
the bidirectional algorithm, if it has one.
"""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import suppress

import click

_MAX_LINE_WIDTH = 100
"""Columns of a line on a wide terminal: longer lines are hard to read."""

_ONE_COLUMN_EACH = re.compile(
    "[ -~\xa1-\xac\xae-\xff\u060c\u061b\u061f\u0621-\u064a\u2010-\u2026]*"
)
"""Characters of one column each: ASCII, Latin-1, Arabic letters without marks, punctuation."""

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


def allow_any_text() -> None:
    r"""Make standard output and error print any text, with `\u0643` for what they cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Let what is still buffered for standard output go nowhere: it cannot be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def use_color(choice: str) -> bool | None:
    """Return the `color` argument of `click.echo` for a value of `--color`.

    None, for "auto", colours output to a terminal only.
    """
    if choice == "auto":
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return False if plain else None
    return choice == "always"


def without_controls(text: str) -> str:
    r"""Return a text of the same length with a space for each control character.

    Documents may contain escape sequences, which would change the colours, the cursor or the title
    of the terminal.

    >>> without_controls("\x1b[2Jكتاب\n")
    ' [2Jكتاب '
    """
    return text.translate(_CONTROLS)


def display_width(text: str) -> int:
    """Return the number of columns that a text takes on a terminal, by the tables of `wcwidth`.

    Combining marks, joiners and escape sequences take none, Arabic letters one, emoji and East
    Asian wide characters two.

    >>> display_width("كِتَابٌ"), display_width("😀")
    (4, 2)
    """
    printed = click.unstyle(text)
    if _ONE_COLUMN_EACH.fullmatch(printed):
        return len(printed)
    import wcwidth  # its tables would delay every search whose hits have no marks

    return wcwidth.width(printed)


def indent(text: str, by: int) -> str:
    """Return a text with `by` spaces before each line.

    On a terminal lines are broken between words to fit; other output gets one line, for `grep`.
    """
    margin = " " * by
    if not sys.stdout.isatty():
        return margin + text
    import shutil  # it loads all compressors, which a search with piped output does not need

    width = min(shutil.get_terminal_size().columns, _MAX_LINE_WIDTH) - by
    return "\n".join(margin + line for line in _break_lines(text, width))


def _break_lines(text: str, width: int) -> list[str]:
    """Return lines of at most `width` columns; a longer word has a line of its own."""
    lines: list[list[str]] = []
    left = 0
    for word in text.split(" "):
        needed = display_width(word)
        if lines and needed < left:
            lines[-1].append(word)
            left -= needed + 1
        else:
            lines.append([word])
            left = width - needed
    return [" ".join(line) for line in lines]
