"""`searchd analyze`: what analysis makes of a text, word by word."""

from __future__ import annotations

import sys
import unicodedata

import click

from searchd.cli.options import json_option, print_json

_COLUMNS = ("token", "offsets", "surface", "stem", "why")


@click.command()
@click.argument("words", nargs=-1, metavar="[TEXT]")
@json_option
def analyze(words: tuple[str, ...], as_json: bool) -> None:
    """Show the words of a text with their offsets, levels and the rules that made them.

    Without TEXT standard input is read. Offsets count code points of the text.
    """
    from indexer.values import clean
    from searchd.explain import analyze_text

    text = " ".join(words) if words else sys.stdin.buffer.read().decode("utf-8", "replace")
    text = clean(text)
    tokens = analyze_text(text)
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


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """Return the columns that a text takes on a terminal: marks and controls take none."""
    return sum(unicodedata.category(character) not in ("Mn", "Me", "Cf") for character in text)
