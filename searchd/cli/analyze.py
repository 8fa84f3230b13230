"""`searchd analyze`: the tokens of a text with their terms, and why."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from searchd.cli.options import json_option, print_json, utf8_text
from searchd.cli.terminal import display_width
from searchd.cli.text_command import TextCommand
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from searchd.analysis_report import AnalyzedToken

_COLUMNS = ("token", "offsets", "surface", "stem", "lemma", "why")


@click.command(cls=TextCommand, short_help="Show how a text is analyzed, token by token.")
@click.argument("words", nargs=-1, type=utf8_text, metavar="[TEXT]")
@analyzer_options
@synonyms_options
@json_option
def analyze(
    words: tuple[str, ...], analyzer: Analyzer | None, synonyms: Synonyms | None, as_json: bool
) -> None:
    """Show the tokens of a text with their surface form, stem and lemma, and how they were derived.

    The column "why" names each affix that the stemmer cut. Below a token are how its lemma was
    found (read as), the stems of other forms of the lemma that a search for it matches too
    (covers), and its synonyms. Offsets count code points of the text. Without TEXT standard input
    is read.
    """
    from indexer.scalars import clean
    from searchd.analysis_report import analyze_text

    text = " ".join(words) if words else _read_standard_input()
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
    """Return the lines below a token: its spelling, lemma, related stems and synonyms."""
    details = {
        "written": "" if token.written == token.surface else token.written,
        "read as": "" if token.rule == "other" else token.reading,
        "covers": " ".join(token.related_stems),
        "synonyms": ", ".join(token.synonyms),
    }
    return [f"    {name:<8}  {value}" for name, value in details.items() if value]


def _read_standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("reading the text from the terminal; end it with Ctrl-D", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with their columns aligned by display width."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
