"""`searchd export`: write stored documents as JSON Lines, which `searchd index` reads."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from searchd.cli.options import count, filter_option, location_option, utf8_text
from searchd.cli.word_files import analyzer_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers import Analyzer
    from indexer.cluster.address import Location
    from indexer.document import Document

_CHARACTERS_PER_WRITE = 1 << 18


@click.command()
@location_option
@analyzer_options
@click.option(
    "--query",
    "query_text",
    type=utf8_text,
    metavar="QUERY",
    help="Only the documents that match this query, in the syntax of 'searchd query'.",
)
@filter_option
@click.option(
    "--sort",
    type=utf8_text,
    metavar="FIELD",
    help="Sort by a field, -FIELD in descending order; several fields with commas. Without this "
    "option the documents are in the order of the index.",
)
@click.option(
    "-n", "--limit", type=click.IntRange(0), metavar="N", help="No more than N documents."
)
def export(
    index_directory: Location,
    analyzer: Analyzer | None,
    query_text: str | None,
    filters: tuple[str, ...],
    sort: str | None,
    limit: int | None,
) -> None:
    """Write the stored documents to standard output, one JSON object on each line, in UTF-8.

    What it writes, 'searchd index' reads: the command with the fields that the documents have is
    printed to standard error. Documents that were given as damaged were mended when they were
    indexed; '--repair off' leaves them as they were exported.

    \b
    searchd export > documents.jsonl
    searchd export --query 'category:news' --sort title
    """
    import searchd
    from searchd.document_records import field_options

    with searchd.open(index_directory, analyzer=analyzer) as engine:
        documents = engine.documents(query_text, filters=filters, sort=sort, limit=limit)
        output = sys.stdout.buffer  # the encoding of the terminal is that of people
        written = 0
        for lines, number in _lines(documents):
            output.write(lines.encode())
            written += number
        output.flush()
        options = field_options(engine.info().fields)
    click.echo(f"{count(written, 'document')} exported", err=True)
    if written:
        again = " ".join(filter(None, ("searchd index documents.jsonl --repair off", options)))
        click.echo(f"to index them again: {again}", err=True)


def _lines(documents: Iterator[Document]) -> Iterator[tuple[str, int]]:
    """Yield lines of some documents, many at once, and the number of them."""
    from searchd.document_records import document_to_record

    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines: list[str] = []
    characters = 0
    for document in documents:
        lines.append(encode(document_to_record(document)) + "\n")
        characters += len(lines[-1])
        if characters >= _CHARACTERS_PER_WRITE:
            yield "".join(lines), len(lines)
            lines, characters = [], 0
    if lines:
        yield "".join(lines), len(lines)
