"""The program `searchd`: its commands, and how errors reach the shell.

Exit status: 0 done · 1 an error that is explained in one line · 2 wrong usage · 3 indexed, but some
records were left out · 130 interrupted. Errors nobody foresaw keep their traceback.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from analyzers.errors import AnalyzersError
from indexer.errors import IndexerError
from searchd._version import __version__
from searchd.cli.terminal import allow_any_text
from searchd.errors import SearchError

COMMANDS = ("analyze", "delete", "evaluate", "index", "info", "query", "serve", "verify")
"""Each is a function of this name in the module of this name, which loads when it is asked for."""

EXIT_INTERRUPTED = 130


class _Program(click.Group):
    """Loads the command that is called, and turns known errors into one line and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, loaded or not."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; for a name that is none load all, so that click can suggest one."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            self.add_command(getattr(import_module(f"searchd.cli.{name}"), name))
        return super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        allow_any_text()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AnalyzersError, IndexerError, SearchError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as interruption:
            notes = getattr(interruption, "__notes__", ["nothing was changed"])
            # The line begins after the ^C that the terminal shows.
            click.echo(f"\ninterrupted; {notes[0]}", err=True)
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
