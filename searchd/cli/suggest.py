"""`searchd suggest`: complete what was typed, by the words and phrases of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searchd.cli.options import json_option, location_option, print_json, utf8_text
from searchd.cli.terminal import without_controls
from searchd.cli.text_command import TextCommand
from searchd.cli.word_files import analyzer_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.cluster.address import Location


@click.command(cls=TextCommand)
@click.argument("words", nargs=-1, required=True, type=utf8_text, metavar="PREFIX")
@location_option
@analyzer_options
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, 20),
    metavar="N",
    default=10,
    show_default=True,
    help="The largest number of suggestions.",
)
@click.option(
    "--field",
    type=utf8_text,
    default="",
    metavar="FIELD",
    help="The text field whose words are suggested, such as title; by default title and text.",
)
@json_option
def suggest(
    words: tuple[str, ...],
    index_directory: Location,
    analyzer: Analyzer | None,
    limit: int,
    field: str,
    as_json: bool,
) -> None:
    """Print texts that complete what was typed, the likeliest first.

    The last word of PREFIX is completed, with the article too: كتا gives الكتاب. After a space the
    next word is suggested. With each text is printed about how often documents have it.

    \b
    searchd suggest "الحشد الش"
    """
    import searchd

    text = " ".join(words)
    with searchd.open(index_directory, analyzer=analyzer) as engine:
        found = engine.suggest(text, limit=limit, field=field)
    if as_json:
        print_json({"text": text, "suggestions": [each._asdict() for each in found]})
        return
    for each in found:
        click.echo(f"{each.frequency:>9,}  {without_controls(each.text)}")
    if not found:
        click.echo(f"no word of the index completes {without_controls(text)}", err=True)
