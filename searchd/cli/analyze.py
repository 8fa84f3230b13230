"""`searchd analyze`: what analysis makes of a text, word by word."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from searchd.cli.options import json_option, print_json, typed
from searchd.cli.terminal import display_width
from searchd.cli.text_command import TextCommand
from searchd.cli.word_files import analyzer_options

if TYPE_CHECKING:
    from analyzers import Analyzer

_COLUMNS = ("token", "offsets", "surface", "stem", "why")


@click.command(cls=TextCommand, short_help="Show what analysis makes of a text.")
@click.argument("words", nargs=-1, type=typed, metavar="[TEXT]")
@analyzer_options
@json_option
def analyze(words: tuple[str, ...], analyzer: Analyzer | None, as_json: bool) -> None:
    """Show the words of a text with their offsets, levels and the rules that made them.

    Without TEXT standard input is read. Offsets count code points of the text.
    """
    from indexer.values import clean
    from searchd.explain import analyze_text

    text = " ".join(words) if words else _standard_input()
    tokens = analyze_text(clean(text), analyzer)
    if as_json:
        print_json(
            [
                {
                    "token": token.text,
                    "start": token.start,
                    "end": token.end,
                    "surface": token.surface,
                    "stem": token.stem,
                    "stopword": token.stopword,
                    "why": token.why,
                }
                for token in tokens
            ]
        )
        return
    rows = [
        (
            token.text,
            f"{token.start}-{token.end}",
            token.surface,
            token.stem,
            ", ".join(filter(None, (token.why, "stop word" if token.stopword else ""))),
        )
        for token in tokens
    ]
    click.echo(_table([_COLUMNS, *rows]))


def _standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("reading the text from the terminal; end it with Ctrl-D", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
