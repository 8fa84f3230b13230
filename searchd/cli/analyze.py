"""`searchd analyze`: what analysis makes of a text, word by word."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from searchd.cli.options import json_option, print_json, typed
from searchd.cli.terminal import display_width
from searchd.cli.text_command import TextCommand
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from searchd.analysis_report import AnalyzedToken

_COLUMNS = ("token", "offsets", "surface", "stem", "lemma", "why")


@click.command(cls=TextCommand, short_help="Show what analysis makes of a text.")
@click.argument("words", nargs=-1, type=typed, metavar="[TEXT]")
@analyzer_options
@synonyms_options
@json_option
def analyze(
    words: tuple[str, ...], analyzer: Analyzer | None, synonyms: Synonyms | None, as_json: bool
) -> None:
    """Show the words of a text with their offsets, levels and the rules that made them.

    Below each word stand how its lemma was found, the stems of other forms of it that a search
    covers, and its synonyms. Without TEXT standard input is read. Offsets count code points of the
    text.
    """
    from indexer.scalars import clean
    from searchd.analysis_report import analyze_text

    text = " ".join(words) if words else _standard_input()
    tokens = analyze_text(clean(text), analyzer, synonyms)
    if as_json:
        print_json([_to_dict(token) for token in tokens])
        return
    rows = [
        (
            token.text,
            f"{token.start}-{token.end}",
            token.surface,
            token.stem,
            token.lemma,
            ", ".join(filter(None, (token.why, "stop word" if token.stopword else ""))),
        )
        for token in tokens
    ]
    header, *lines = _table([_COLUMNS, *rows])
    click.echo(header)
    for line, token in zip(lines, tokens, strict=True):
        click.echo("\n".join([line, *_details(token)]))


def _to_dict(token: AnalyzedToken) -> dict[str, Any]:
    values = asdict(token)
    return {"token": values.pop("text"), **values}


def _details(token: AnalyzedToken) -> list[str]:
    """Return lines for what the columns have no room for."""
    details = {
        "read as": "" if token.rule == "other" else token.reading,
        "covers": " ".join(token.related_stems),
        "synonyms": ", ".join(token.synonyms),
    }
    return [f"    {name:<8}  {value}" for name, value in details.items() if value]


def _standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("reading the text from the terminal; end it with Ctrl-D", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
