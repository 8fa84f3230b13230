"""Text on a terminal: how wide it is, where its lines are broken, and what may not get there.

Text is printed in logical order, the order in which it is read and stored; putting right-to-left
text where it belongs is up to the terminal.
"""

from __future__ import annotations

import io
import os
import sys
import unicodedata

import click

_WIDEST = 100
"""Longer lines are hard to read, on a wide terminal too."""

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


def allow_any_text() -> None:
    r"""Let every text be printed; what the encoding of the output lacks is written as `\u0643`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def use_color(choice: str) -> bool | None:
    """Return what `click.echo` takes for `--color`; None leaves it to whether it is a terminal."""
    if choice == "auto":
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return False if plain else None
    return choice == "always"


def without_controls(text: str) -> str:
    r"""Return a text of the same length with a space for each control character.

    A document may hold sequences that would recolour, move or rename the terminal.

    >>> without_controls("\x1b[2Jكتاب\n")
    ' [2Jكتاب '
    """
    return text.translate(_CONTROLS)


def display_width(text: str) -> int:
    """Return the columns that a text takes: marks and format characters none, wide ones two.

    >>> display_width("كِتَابٌ"), display_width("😀")
    (4, 2)
    """
    return sum(
        1 + (unicodedata.east_asian_width(character) in "WF")
        for character in click.unstyle(text)
        if unicodedata.category(character) not in ("Mn", "Me", "Cf")
    )


def indent(text: str, by: int) -> str:
    """Return a text on lines that begin with spaces.

    On a terminal it is broken between words to fit; elsewhere it stays one line, for `grep`.
    """
    margin = " " * by
    if not sys.stdout.isatty():
        return margin + text
    import shutil  # with all its compressors; a search that is piped needs none

    room = min(shutil.get_terminal_size().columns, _WIDEST) - by
    return "\n".join(margin + line for line in _break_lines(text, room))


def _break_lines(text: str, room: int) -> list[str]:
    lines: list[list[str]] = []
    left = 0
    for word in text.split(" "):
        width = display_width(word)
        if lines and width < left:
            lines[-1].append(word)
            left -= width + 1
        else:
            lines.append([word])
            left = room - width
    return [" ".join(line) for line in lines]
