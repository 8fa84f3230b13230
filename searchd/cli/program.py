"""The program `searchd`: its commands and its exit status.

Known errors end the program with one line on standard error (`searchd.cli.exit_status`). Unforeseen errors
keep their traceback.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click

from analyzers.errors import AnalyzersError
from indexer.errors import IndexerError
from searchd._version import __version__
from searchd.cli.exit_status import EXIT_STATUS, INTERRUPTED
from searchd.cli.terminal import allow_any_text, drop_output
from searchd.errors import SearchError

COMMANDS = (
    "analyze",
    "backup",
    "backups",
    "delete",
    "evaluate",
    "export",
    "index",
    "info",
    "keys",
    "optimize",
    "query",
    "replicate",
    "restore",
    "serve",
    "show",
    "similar",
    "suggest",
    "top-queries",
    "verify",
    "watch",
)
"""The commands: each is a function in the module of the same name, loaded when it is called."""

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "SEARCHD_INDEX": "default of --index",
        "SEARCHD_PROTECTED_WORDS": "default of --protected-words",
        "SEARCHD_LEXICON_ENTRIES": "default of --lexicon-entries",
        "SEARCHD_SYNONYMS": "default of --synonyms",
        "SEARCHD_CLUSTER_USER": "name at a cluster",
        "SEARCHD_CLUSTER_PASSWORD": "password at a cluster",
        "SEARCHD_CLUSTER_CA": "certificate of the authority of a cluster",
        "SEARCHD_CLUSTER_CONFIG": "TOML file with these three in the table [cluster]",
        "SEARCHD_REPLICATION_KEY": "default of --key of 'searchd replicate'",
        "SEARCHD_...": "default of an option of 'searchd serve', such as SEARCHD_PORT of --port",
        "NO_COLOR": "if set, 'searchd query' prints no colours",
    }
)
"""The environment variables that the commands read."""


_OUTPUT_ERRORS = (errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What a full disk, or one that fails, says of the file that standard output is written to."""


def _help_section(title: str, rows: Mapping[Any, str]) -> str:
    width = max(len(str(key)) for key in rows)
    lines = (f"  {key!s:<{width}}  {meaning}" for key, meaning in rows.items())
    return "\n".join(["\b", f"{title}:", *lines])


_EPILOG = f"{_help_section('Exit status', EXIT_STATUS)}\n\n{_help_section('Environment variables', ENVIRONMENT)}"


class _CommandGroup(click.Group):
    """Loads the command that is called; ends with one line and status 1 on a known error."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, without loading them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command. For an unknown name load all, so that click can suggest a similar one."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            module = name.replace("-", "_")
            self.add_command(getattr(import_module(f"searchd.cli.{module}"), module))
        return super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        allow_any_text()
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if error.filename is not None or error.errno not in _OUTPUT_ERRORS:
                raise
            drop_output()
            click.echo(f"Error: the output could not be written: {error.strerror}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AnalyzersError, IndexerError, SearchError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as interruption:
            notes = getattr(interruption, "__notes__", ["nothing was changed"])
            # The line break is for the ^C that the terminal shows.
            click.echo(f"\ninterrupted; {notes[0]}", err=True)
            ctx.exit(INTERRUPTED)


@click.group(
    cls=_CommandGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="searchd")
def main() -> None:
    """Full-text search for Arabic.

    \b
    searchd index ARTICLES/              make an index in ./searchd-index
    searchd query "الحشد الشعبي"         search it
    searchd serve                        search it in a browser
    """
