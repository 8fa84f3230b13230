"""`searchd top-queries`: what people search most, and what they find nothing for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.options import count, json_option, print_json
from searchd.cli.terminal import without_controls

if TYPE_CHECKING:
    from searchd.query_log import LoggedQuery


def _since(text: str) -> datetime:
    try:
        if days := re.fullmatch(r"(\d{1,5})d", text):
            return datetime.now(UTC) - timedelta(days=int(days[1]))
        time = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; write 7d or 2030-12-31") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@click.command(name="top-queries", short_help="Show what people search, and find nothing for.")
@click.argument(
    "logs",
    nargs=-1,
    required=True,
    metavar="LOG...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--no-results",
    is_flag=True,
    help="Only queries that found nothing the last time they were asked.",
)
@click.option(
    "--since", type=_since, metavar="TIME", help="Only what was asked since: 7d, 2030-12-31."
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=20,
    show_default=True,
    help="The largest number of queries.",
)
@json_option
def top_queries(
    logs: tuple[Path, ...], no_results: bool, since: datetime | None, limit: int, as_json: bool
) -> None:
    """Count the queries of LOGs that 'searchd serve --query-log LOG' wrote, the most frequent first.

    Spellings that a search treats alike count as one. Each line has how often a query was asked,
    how often it found nothing, and its most frequent spelling. Use what people find nothing for to
    write synonyms and to see which documents are missing.
    """
    from searchd import query_log

    bad = 0

    def chosen() -> Iterator[LoggedQuery]:
        nonlocal bad
        for path in logs:
            with path.open("rb") as lines:
                for each in query_log.read_query_log(lines):
                    if each is None:
                        bad += 1
                    elif since is None or each.time >= since:
                        yield each

    found = query_log.top_queries(chosen(), without_results=no_results)
    if bad:
        click.echo(f"left out {count(bad, 'line')} that is not of a query log", err=True)
    if as_json:
        print_json(
            [
                {
                    "query": each.query,
                    "count": each.count,
                    "without_results": each.without_results,
                    "last_total": each.last_total,
                }
                for each in found[:limit]
            ]
        )
        return
    for each in found[:limit]:
        click.echo(f"{each.count:>7}  {each.without_results:>7}  {without_controls(each.query)}")
    asked = sum(each.count for each in found)
    click.echo(f"{count(len(found), 'query', 'queries')}, asked {count(asked, 'time')}", err=True)
