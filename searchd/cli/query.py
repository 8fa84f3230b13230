"""`searchd query`: search an index and print ranked snippets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import click

from searchd.cli.facets import facet_options, format_facet, group_headings
from searchd.cli.options import (
    FiniteRange,
    color_option,
    count,
    filter_option,
    json_option,
    location_option,
    print_json,
    utf8_text,
)
from searchd.cli.terminal import indent, use_color, without_controls
from searchd.cli.text_command import TextCommand
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location
    from searchd.results import Contribution, Hit, Results, SearchedTerm, Snippet
    from searchd.searched_condition import SearchedCondition


_MAX_TERMS_SHOWN = 5


@click.command(cls=TextCommand)
@click.argument("words", nargs=-1, required=True, type=utf8_text, metavar="QUERY")
@location_option
@analyzer_options
@synonyms_options
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    default=10,
    show_default=True,
    help="Documents on a page; 0 prints their number alone. No page reaches past document 10,000.",
)
@click.option(
    "--page",
    type=click.IntRange(1),
    metavar="N",
    default=1,
    show_default=True,
    help="The page to print, from 1.",
)
@click.option(
    "--after",
    type=utf8_text,
    metavar="CURSOR",
    help="Print the page after the one that this cursor ends, at any depth. With --sort, --after or "
    "--json each page that is not the last has a cursor.",
)
@filter_option
@facet_options
@click.option(
    "--sort",
    type=utf8_text,
    metavar="FIELD",
    help="Sort by a field, -FIELD in descending order; several fields with commas: title, id, date, "
    "score and the fields of the index. Without this option the best match comes first.",
)
@click.option(
    "--snippets",
    type=click.IntRange(0, 20),
    metavar="N",
    default=1,
    show_default=True,
    help="Maximum number of snippets for each document.",
)
@click.option(
    "--explain", is_flag=True, help="Print what each term added to the score of each document."
)
@click.option(
    "--plain", is_flag=True, help="Search the query as prose: no character of it is syntax."
)
@click.option(
    "--correct",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to look for the query that was likely meant. auto: if nothing matches or no document "
    "contains a word; always: also if a word of the index was likely typed for another.",
)
@click.option(
    "--timeout",
    type=FiniteRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End a search that takes longer, with an error.",
)
@color_option
@json_option
def query(
    words: tuple[str, ...],
    index_directory: Location,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    limit: int,
    page: int,
    after: str | None,
    filters: tuple[str, ...],
    facets: tuple[str, ...],
    facet_filters: tuple[str, ...],
    group_by: str | None,
    group_size: int,
    sort: str | None,
    snippets: int,
    explain: bool,
    plain: bool,
    correct: Literal["auto", "always", "never"],
    timeout: float | None,
    color: str,
    as_json: bool,
) -> None:
    """Search the index and print ranked documents with snippets.

    \b
    words              any of the words; documents with more of them tend to come first
    "a phrase"         these words in a row; "a phrase"~2 with up to two words between
    "two words"~~5     in any order, with up to five words between
    ="exact" =word     exactly this form, clitics included
    +must -not         required and excluded
    AND OR NOT ( )     the same with operators; also && | !
    word^2  (a b)^0.5  counts twice, half
    title:word         in one field; also عنوان: and نص:
    date:[2020 TO 2021]  date>=2021  price!=5   values of a field
    كتا*  wild?card    patterns over words as written
    word~  word~2      words within one or two edits
    *                  every document

    Hits are printed to standard output, their number and notes on the query to standard error.
    The exit status is 0 also if nothing matches.

    Single quotes around the query keep the shell from interpreting it:

    \b
    searchd query '"الحشد الشعبي" -واشنطن'
    """
    import searchd

    _check_page(limit, page)
    if after is not None and page > 1:
        raise click.UsageError("--after names the page by itself; leave out --page")
    with searchd.open(index_directory, analyzer=analyzer, synonyms=synonyms) as engine:
        results = engine.search(
            " ".join(words),
            limit=limit,
            offset=limit * (page - 1),
            after=after,
            filters=filters,
            sort=sort,
            snippets=snippets,
            syntax="plain" if plain else "full",
            explain=explain,
            correct=correct,
            timeout=timeout,
            facets=facets,
            facet_filters=facet_filters,
            group_by=group_by,
            group_size=group_size,
        )
    if as_json:
        print_json(results.to_dict())
    elif results.total:
        headings = group_headings(results)
        for index, hit in enumerate(results.hits):
            if index in headings:
                click.echo(headings[index], color=use_color(color))
            click.echo(format_hit(hit), color=use_color(color))
        for facet in results.facets:
            click.echo(format_facet(facet))
        for line in (_format_total(results), *_notes(results)):
            click.echo(line, err=True)
        if (sort or after is not None) and results.cursor:
            click.echo(f"next page: --after {results.cursor}", err=True)
    else:
        for facet in results.facets:
            click.echo(format_facet(facet))
        click.echo(_format_nothing(results, (*filters, *facet_filters)), err=True)


def _check_page(limit: int, page: int) -> None:
    """Raise a usage error for a page past the last document that can be asked for."""
    from searchd.search_arguments import MOST_HITS

    if limit > MOST_HITS:
        raise click.BadParameter(
            f"a page may have {MOST_HITS:,} documents at most", param_hint="--limit"
        )
    if limit * page > MOST_HITS:
        last = MOST_HITS // limit
        raise click.BadParameter(
            f"with {count(limit, 'document')} on a page the last one is page {last:,}, "
            f"since no page reaches past document {MOST_HITS:,}",
            param_hint="--page",
        )


def format_hit(hit: Hit) -> str:
    """Return the lines of one hit: title, score and metadata, snippets, explanation."""
    rank = f"{hit.rank}. "
    margin = len(rank)
    title = hit.title_snippet() if hit.title else replace(hit.title_snippet(), text=hit.id)
    metadata = (
        "" if hit.score is None else f"{hit.score:.2f}",
        f"{hit.date:%Y-%m-%d}" if hit.date else "",
        hit.id if hit.title else "",
        hit.url,
    )
    lines = [rank + indent(_highlight(title, bold=True), margin).lstrip(" ")]
    if any(metadata):
        line = "  ".join(without_controls(value) for value in metadata if value)
        lines.append(" " * margin + click.style(line, dim=True))
    lines += [indent(_place(snippet) + _highlight(snippet), margin) for snippet in hit.snippets]
    lines += [" " * margin + line for line in _explain(hit.explanation)]
    return "\n".join(lines) + "\n"


def _place(snippet: Snippet) -> str:
    """Return the place of a snippet to stand before it, like `page 12: `; empty for none."""
    place = snippet.place
    if place is None:
        return ""
    return click.style(without_controls(f"{place.kind} {place.label}: "), dim=True)


def _explain(parts: Sequence[Contribution]) -> list[str]:
    """Return a line for each contribution to a score, with its share of the score.

    Contributions that differ only in their score, such as those of a synonym on several levels,
    are summed.
    """
    scores: dict[tuple[str, str, tuple[str, ...], float, float], float] = {}
    for part in parts:
        row = (part.field, part.level, part.terms, part.frequency, part.idf)
        scores[row] = scores.get(row, 0.0) + part.score
    total = sum(scores.values())
    lines = []
    for (field, level, terms, frequency, idf), score in scores.items():
        share = score / total if total else 0.0
        where = f"{field}:" if field else ""
        words = " + ".join(terms) if level in ("near", "phrase") else _first_terms(terms)
        lines.append(
            f"{score:+7.3f}  {share:4.0%}  {level:<7}  frequency {frequency:<5.3g}  "
            f"idf {idf:5.2f}  {where}{words}"
        )
    return lines


def _first_terms(terms: Sequence[str]) -> str:
    """Return the first `_MAX_TERMS_SHOWN` terms, with an ellipsis if there are more."""
    return " ".join(terms[:_MAX_TERMS_SHOWN]) + (" …" if len(terms) > _MAX_TERMS_SHOWN else "")


def _highlight(snippet: Snippet, *, bold: bool = False) -> str:
    """Return a snippet on one line, because each snippet is printed on a line of its own."""
    opening, closing = click.style("\0", fg="yellow", bold=True).split("\0")
    printable = replace(snippet, text=without_controls(snippet.text))
    text = printable.render(opening, closing + ("\x1b[1m" if bold else ""))
    return " ".join((click.style(text, bold=True) if bold else text).split())


def _format_total(results: Results) -> str:
    noun = "document matches" if results.total == 1 else "documents match"
    last = results.offset + len(results.hits)
    if results.group_count is not None:
        shown = f" in {count(results.group_count, 'group')}"
    elif not results.hits:
        shown = "; none of them on this page"
    elif len(results.hits) < results.total:
        shown = f"; {results.offset + 1}-{last} shown"
    else:
        shown = ""
    return f"{results.total:,} {noun} ({results.took * 1000:.1f} ms){shown}"


def _notes(results: Results) -> list[str]:
    """Return a line for each word that no document has, its function words and its correction."""
    notes = [
        f"{term.text} is not in the index{_searched_instead(term)}"
        for term in results.terms
        if not term.documents
    ]
    if results.common:
        words = " ".join(results.common)
        notes.append(f"common: {words}; these only order the results, + before one requires it")
    if results.correction:
        notes.append(f"did you mean: {results.correction.text}")
    return notes


def _describe_condition(condition: SearchedCondition) -> str:
    """Return how many documents meet a condition; where none does, which values its field has."""
    found = f"{condition.text}: {count(condition.documents, 'document')}"
    if condition.documents:
        return found
    if not condition.values:
        return found if condition.field == "id" else f"{found}; no document has a {condition.field}"
    if condition.is_range:
        return f"{found}; {condition.field} is from {' to '.join(condition.values)}"
    return f"{found}; values of {condition.field}: {', '.join(condition.values)}"


def _searched_instead(term: SearchedTerm) -> str:
    """Return which synonyms and similar words were searched for a word; empty if there are none."""
    synonyms = f"; searched as: {', '.join(term.synonyms)}" if term.synonyms else ""
    similar = f"; searched as similar words: {_first_terms(term.similar)}" if term.similar else ""
    return synonyms + similar


def _format_nothing(results: Results, filters: Sequence[str]) -> str:
    """Return a message without hits: how each word was searched, and spelling suggestions."""
    where = f" with {' and '.join(filters)}" if filters else ""
    lines = [f"no document matches {results.query}{where}"]
    for term in results.terms:
        stem = f", stem {term.stem}" if term.stem and term.stem != term.surface else ""
        found = count(term.documents, "document")
        lines.append(
            f"  {term.text}: searched as {term.written}{stem} ({found}){_searched_instead(term)}"
        )
    if results.common:
        lines.append(f"  common: {' '.join(results.common)}")
    lines += [f"  {_describe_condition(condition)}" for condition in results.conditions]
    if not results.terms and not results.conditions:
        everything = results.query.strip() == "*"
        lines.append(
            "  the index has no document" if everything else "  the query has no word to search for"
        )
    if results.correction:
        lines.append(f"  did you mean: {results.correction.text}")
    elif results.suggestions:
        lines.append(f"  did you mean: {' '.join(results.suggestions)}")
    return "\n".join(lines)
