"""The program `searchd`: its commands, and how errors reach the shell.

Exit status: 0 done · 1 an error that is explained in one line · 2 wrong usage · 3 indexed, but some
records were left out · 130 interrupted. Errors nobody foresaw keep their traceback.
"""

from __future__ import annotations

from typing import Any

import click

from indexer.errors import IndexerError
from searchd._version import __version__
from searchd.cli.analyze import analyze
from searchd.cli.delete import delete
from searchd.cli.evaluate import evaluate
from searchd.cli.index import index
from searchd.cli.info import info
from searchd.cli.query import query
from searchd.cli.serve import serve
from searchd.cli.terminal import allow_any_text
from searchd.cli.verify import verify
from searchd.errors import SearchError

EXIT_INTERRUPTED = 130


class _Program(click.Group):
    """Turns known errors into one line and exit status 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        allow_any_text()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (IndexerError, SearchError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            # The line begins after the ^C that the terminal shows.
            click.echo("\ninterrupted; nothing was changed", err=True)
            ctx.exit(EXIT_INTERRUPTED)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="searchd")
def main() -> None:
    """Full-text search for Arabic.

    \b
    searchd index ARTICLES/              make an index in ./searchd-index
    searchd query "الحشد الشعبي"         search it
    searchd serve                        search it in a browser
    """


for command in (index, query, analyze, info, delete, verify, serve, evaluate):
    main.add_command(command)
