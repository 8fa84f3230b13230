"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT_INDEX = "searchd-index"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def index_option(command: _Command) -> _Command:
    """Add `--index`: the directory of the index."""
    return click.option(
        "--index",
        "index_directory",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="SEARCHD_INDEX",
        default=DEFAULT_INDEX,
        show_default=True,
        show_envvar=True,
        help="Directory of the index.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add `--json`: one JSON document on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def filter_option(command: _Command) -> _Command:
    """Add `--filter`, which may be given several times."""
    return click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="CONDITION",
        help="field=value, or one of != < <= > >=. May be repeated: every one must hold.",
    )(command)


def print_json(value: object) -> None:
    """Print a value as JSON, Arabic as it is."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
