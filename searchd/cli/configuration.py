"""The configuration of a command: a TOML file and environment variables, below the command line.

    [serve]
    host = "0.0.0.0"
    allowed-host = ["search.example.org"]

A key is the name of an option; a path is relative to the folder of the file.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

_NOT_IN_FILES = ("config", "check-config", "help")


def config_option(command: Any) -> Any:
    """Add `--config`: a TOML file with defaults of the other options, in a table of the command."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_use_file,
        help="TOML file with defaults of all options, in the table [serve]. Environment variables "
        "go before it, the command line before both.",
    )(command)


def add_variables(command: click.Command) -> None:
    """Give each option of a command the environment variable SEARCHD_ and its name."""
    for option in command.params:
        if isinstance(option, click.Option) and name_of(option) not in ("check-config", "help"):
            option.envvar = option.envvar or variable_of(option)
            option.show_envvar = True


def name_of(option: click.Parameter) -> str:
    """Return the name of an option as the command line and files have it, without dashes before."""
    return option.opts[0].removeprefix("--")


def variable_of(option: click.Parameter) -> str:
    """Return the environment variable of an option.

    >>> variable_of(click.Option(["--max-searches"]))
    'SEARCHD_MAX_SEARCHES'
    """
    return "SEARCHD_" + name_of(option).replace("-", "_").upper()


def _use_file(context: click.Context, _option: click.Parameter, path: Path | None) -> None:
    if path is not None:
        context.default_map = {**(context.default_map or {}), **read_defaults(context, path)}


def read_defaults(context: click.Context, path: Path) -> dict[str, Any]:
    """Return the values of a configuration file by the names of the parameters of a command.

    Raises ClickException, which names the file and the key, for a file that cannot be read, a key
    that is no option, and a value that the option does not take.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = f"{error.strerror or error}; name another with --config"
        raise click.ClickException(f"cannot read the configuration {path}: {reason}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} is not TOML: {error}") from None
    table = str(context.command.name)
    for key in values:
        if key != table:
            hint = f"put it below a line [{table}]" if not isinstance(values[key], dict) else ""
            raise _unknown(path, key, [table], hint)
    section = values.get(table, {})
    if not isinstance(section, Mapping):
        raise click.ClickException(f"{path}: '{table}' must be a table; write [{table}]")
    options = {
        name_of(option): option
        for option in context.command.params
        if isinstance(option, click.Option) and name_of(option) not in _NOT_IN_FILES
    }
    defaults = {}
    for key, value in section.items():
        option = options.get(key.replace("_", "-"))
        if option is None:
            raise _unknown(path, key, options)
        defaults[str(option.name)] = _checked(context, option, value, f"{path}: the key '{key}'")
    return defaults


def _unknown(path: Path, key: str, known: Iterable[str], hint: str = "") -> click.ClickException:
    near = difflib.get_close_matches(key.replace("_", "-"), list(known), 1)
    hint = hint or (f"did you mean '{near[0]}'?" if near else "'searchd serve --help' lists all")
    return click.ClickException(f"{path}: there is no key '{key}'; {hint}")


def _checked(context: click.Context, option: click.Option, value: Any, place: str) -> Any:
    """Return a value for an option, with a path made absolute. Raises ClickException."""
    kind = "true or false" if option.is_flag else "a list" if option.multiple else "one value"
    is_right = {
        "true or false": isinstance(value, bool),
        "a list": isinstance(value, list) and all(isinstance(each, str) for each in value),
        "one value": isinstance(value, str | int | float) and not isinstance(value, bool),
    }[kind]
    if not is_right:
        raise click.ClickException(f"{place} is {value!r}; it must be {kind}")
    from indexer.cluster.address import is_cluster

    if isinstance(option.type, click.Path) and not is_cluster(value):
        value = str(Path(place.partition(": ")[0]).parent.absolute() / str(value))
    try:
        option.type_cast_value(context, value)
    except click.BadParameter as error:
        raise click.ClickException(f"{place} is wrong: {error.message}") from None
    return value
