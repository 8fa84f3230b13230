"""`searchd query`: a question to ranked snippets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import filter_option, index_option, json_option, print_json

if TYPE_CHECKING:
    from searchd.results import Hit, Results, Snippet


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUERY")
@index_option
@click.option("-n", "--limit", type=click.IntRange(0, 10_000), default=10, show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@filter_option
@click.option(
    "--sort",
    metavar="FIELD",
    help="Sort by a field, -FIELD for the largest first; several with commas.",
)
@click.option(
    "--snippets",
    type=click.IntRange(0, 20),
    default=1,
    show_default=True,
    help="Passages for each document.",
)
@click.option("--plain", is_flag=True, help="The query is prose: no character of it is syntax.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the matches; auto does where the output is a terminal.",
)
@json_option
def query(
    words: tuple[str, ...],
    index_directory: Path,
    limit: int,
    page: int,
    filters: tuple[str, ...],
    sort: str | None,
    snippets: int,
    plain: bool,
    color: str,
    as_json: bool,
) -> None:
    """Search the index and print ranked snippets.

    \b
    words              documents with more of them come first
    "a phrase"         these words in a row; "a phrase"~2 with up to two others between
    ="exact" =word     exactly this spelling, clitics included
    +must -not         AND OR NOT and parentheses work too
    title:word         in one field
    كتا*  wild?card     over the words as written
    word~  word~2      one or two letters may differ
    """
    import searchd
    from indexer.values import clean

    with searchd.open(index_directory) as engine:
        try:
            results = engine.search(
                clean(" ".join(words)),
                limit=limit,
                offset=limit * (page - 1),
                filters=filters,
                sort=sort,
                snippets=snippets,
                syntax="plain" if plain else "full",
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        print_json(results.to_dict())
    elif results.total:
        use_color = {"auto": None, "always": True, "never": False}[color]
        for hit in results.hits:
            click.echo(_format_hit(hit), color=use_color)
        click.echo(_format_total(results), err=True)
    else:
        click.echo(_format_nothing(results), err=True)


def _format_hit(hit: Hit) -> str:
    score = "" if hit.score is None else f"  {hit.score:.2f}"
    date = f"  {hit.date:%Y-%m-%d}" if hit.date else ""
    lines = [f"{hit.rank}. {_highlight(hit.title_snippet(), bold=True)}{score}{date}"]
    lines.append(click.style(f"   {hit.id}", dim=True))
    for snippet in hit.snippets:
        # A line break inside a passage would look like the next passage.
        lines.append("   " + " ".join(_highlight(snippet).split()))
    return "\n".join(lines) + "\n"


def _highlight(snippet: Snippet, *, bold: bool = False) -> str:
    opening, closing = click.style("\0", fg="yellow", bold=True).split("\0")
    text = snippet.render(opening, closing + ("\x1b[1m" if bold else ""))
    return click.style(text, bold=True) if bold else text


def _format_total(results: Results) -> str:
    last = results.offset + len(results.hits)
    noun = "document matches" if results.total == 1 else "documents match"
    shown = f"; {results.offset + 1}-{last} shown" if last - results.offset < results.total else ""
    return f"{results.total:,} {noun} ({results.took * 1000:.1f} ms){shown}"


def _format_nothing(results: Results) -> str:
    """Say what was searched, and what is near it in the index."""
    lines = [f"no document matches {results.query}"]
    for term in results.terms:
        stem = f", stem {term.stem}" if term.stem and term.stem != term.surface else ""
        noun = "document" if term.documents == 1 else "documents"
        lines.append(f"  {term.text}: searched as {term.surface}{stem} ({term.documents:,} {noun})")
    if results.ignored:
        lines.append(f"  ignored: {' '.join(results.ignored)}")
    if not results.terms:
        lines.append("  there is no word in this query")
    if results.suggestions:
        lines.append(f"  near words in the index: {' '.join(results.suggestions)}")
    return "\n".join(lines)
