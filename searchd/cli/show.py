"""`searchd show`: print one document, with the matches of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searchd.cli.options import color_option, json_option, location_option, print_json, utf8_text
from searchd.cli.terminal import use_color, without_controls
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location
    from indexer.document import Document
    from searchd.document_highlights import DocumentMatch, HighlightedDocument
    from searchd.results import SearchedTerm


@click.command()
@click.argument("document_id", type=utf8_text, metavar="ID")
@location_option
@analyzer_options
@synonyms_options
@click.option(
    "--query",
    "query_text",
    type=utf8_text,
    metavar="QUERY",
    help="Mark every match of this query, in the syntax of 'searchd query'.",
)
@click.option(
    "--start",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    show_default=True,
    help="Print the text from this character on.",
)
@click.option(
    "--length", type=click.IntRange(0), metavar="N", help="Print so many characters of the text."
)
@click.option(
    "--place",
    type=utf8_text,
    metavar="LABEL",
    help="Print the page, sheet or other place with this label alone, as a hit names it.",
)
@color_option
@json_option
def show(
    document_id: str,
    index_directory: Location,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    query_text: str | None,
    start: int,
    length: int | None,
    place: str | None,
    color: str,
    as_json: bool,
) -> None:
    """Print the document with an ID: its title, its fields and its text.

    With --query the matches are coloured; how many there are of each word is printed to standard
    error. The exit status is 1 if no document has the ID.

    \b
    searchd show news/1.txt --query 'الحشد الشعبي'
    """
    import searchd

    if place is not None and (start or length is not None):
        raise click.UsageError("--place goes without --start and --length")
    with searchd.open(index_directory, analyzer=analyzer, synonyms=synonyms) as engine:
        if place is not None:
            start, length = _range_of(engine.get(document_id), place)
        found = engine.highlight(document_id, query_text, start=start, length=length)
    if as_json:
        from searchd.document_records import highlighted_to_dict

        print_json(highlighted_to_dict(found))
        return
    title = _marked(found.title, found.title_matches, 0, bold=True)
    heading = [click.style(title, bold=True)] if found.title else []
    click.echo("\n".join([*heading, *_metadata(found)]), color=use_color(color))
    click.echo("\n" + _text(found), color=use_color(color))
    for line in _counts(found):
        click.echo(line, err=True)


def _range_of(document: Document, label: str) -> tuple[int, int]:
    """Return where the place with a label begins in a text, and how many code points it has."""
    ends = [*(place.start for place in document.places[1:]), len(document.text)]
    for place, end in zip(document.places, ends, strict=True):
        if place.label == label:
            return place.start, end - place.start
    known = [without_controls(place.label) for place in document.places]
    shown = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
    raise click.UsageError(
        f"the document has no place {label!r}; " + (f"it has {shown}" if known else "it has none")
    )


def _text(document: HighlightedDocument) -> str:
    """Return the text with its matches coloured, and a line before each of its places."""
    parts, last = [], document.start
    matches = list(document.matches)
    for place in [*document.places, None]:
        end = document.end if place is None else max(place.start, document.start)
        text = document.text[last - document.start : end - document.start]
        within = [match for match in matches if last <= match.start < end]
        parts.append(_marked(text, within, last))
        if place is not None:
            line_end = "\n" if text and not text.endswith("\n") else ""
            name = without_controls(f"— {place.kind} {place.label} —")
            parts.append(f"{line_end}{click.style(name, dim=True)}\n")
        last = end
    return "".join(parts)


def _metadata(document: HighlightedDocument) -> list[str]:
    """Return a line for each field that the document has."""
    from searchd.results import plain_value

    values: dict[str, object] = {"id": document.id, "url": document.url}
    values["date"] = document.date.isoformat() if document.date else ""
    values |= {name: plain_value(value) for name, value in document.fields.items()}
    matches = document.field_matches
    return [
        click.style(f"{name}: ", dim=True)
        + _marked(_written(value).replace("\n", " "), matches[name], 0)
        if name in matches
        else click.style(f"{name}: {without_controls(_written(value))}", dim=True)
        for name, value in values.items()
        if value != ""
    ]


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _marked(text: str, matches: Sequence[DocumentMatch], start: int, *, bold: bool = False) -> str:
    """Return a text with its matches coloured; control characters are spaces, but for line ends."""
    lines = (without_controls(line) for line in text.split("\n"))
    printable = "\n".join(lines)
    opening, closing = click.style("\0", fg="yellow", bold=True).split("\0")
    parts, last = [], 0
    for match in matches:
        first, end = match.start - start, match.end - start
        parts += [printable[last:first], opening, printable[first:end], closing]
        parts += ["\x1b[1m"] if bold else []
        last = end
    return "".join([*parts, printable[last:]])


def _counts(document: HighlightedDocument) -> list[str]:
    """Return the number of matches of each term, and which part of the text was printed."""
    marked = (document.title_matches, document.matches, *document.field_matches.values())
    numbers = [match.term for matches in marked for match in matches]
    lines = [
        f"{_term(term)}: {numbers.count(number)}" for number, term in enumerate(document.terms)
    ]
    if document.end - document.start < document.length:
        lines.append(
            f"characters {document.start:,}-{document.end:,} of {document.length:,}"
            + (f"; the next match begins at {document.next_match:,}" if document.next_match else "")
        )
    return lines


def _term(term: SearchedTerm) -> str:
    return without_controls(term.text)
