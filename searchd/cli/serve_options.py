"""Options of `searchd serve` about who may use it, and what it logs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from searchd.cli.options import FiniteRange

_Command = TypeVar("_Command", bound=Callable[..., Any])

_FILE = click.Path(dir_okay=False, path_type=Path)
_SECONDS = FiniteRange(0, min_open=True)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The values of these options. Rates are requests per second, `slow_query` is in seconds."""

    keys_file: Path | None
    public_search: bool
    cors_origins: tuple[str, ...]
    rate_limit: float | None
    key_rate_limit: float | None
    access_log: bool
    log_format: Literal["text", "json"]
    log_level: str
    log_file: Path | None
    log_queries: bool
    slow_query: float | None
    query_log: Path | None
    no_compression: bool
    otlp_endpoint: str | None


RELOADED = (
    "public_search",
    "rate_limit",
    "key_rate_limit",
    "access_log",
    "log_level",
    "log_queries",
    "slow_query",
    "protected_words_file",
    "lexicon_entries_file",
    "synonyms_file",
    "packs",
    "no_synonyms",
)
"""The parameters of `searchd serve` that SIGHUP reads again."""


def _origin(text: str) -> str:
    """Return an origin as browsers send it: scheme, host and port."""
    from urllib.parse import urlsplit

    origin = text.strip().rstrip("/").lower()
    parts = urlsplit(origin)
    is_right = parts.scheme in ("http", "https") and origin == f"{parts.scheme}://{parts.netloc}"
    if origin != "*" and not (is_right and parts.hostname and "@" not in origin):
        raise click.BadParameter(
            f"{text!r} is no origin; write one such as https://example.org:8443, or *"
        )
    return origin


def _endpoint(text: str) -> str:
    """Return the address of a collector."""
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(
            f"{text!r} is no address of a collector; write one such as http://localhost:4318"
        )
    return text


KEYS_FILE_OPTION = click.option(
    "--keys-file",
    type=_FILE,
    envvar="SEARCHD_KEYS_FILE",
    show_envvar=True,
    help="File of API keys. [default: searchd-keys.json beside the directory of the index]",
)

_OPTIONS = (
    KEYS_FILE_OPTION,
    click.option(
        "--public-search",
        is_flag=True,
        help="Let everybody search without a key, on the page and over the API.",
    ),
    click.option(
        "--cors-origin",
        "cors_origins",
        type=_origin,
        multiple=True,
        metavar="ORIGIN",
        help="A site whose pages may use the API from browsers, such as https://example.org; * for "
        "all. May be repeated.",
    ),
    click.option(
        "--rate-limit",
        type=_SECONDS,
        metavar="N",
        help="Requests per second of each address that sends no key; more are refused with status "
        "429. Those of 5 seconds may come at once.",
    ),
    click.option(
        "--key-rate-limit",
        type=_SECONDS,
        metavar="N",
        help="Requests per second of each key.",
    ),
    click.option("--access-log", is_flag=True, help="Log a line for each request."),
    click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How lines of the log are written; json is an object on each line.",
    ),
    click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default="info",
        show_default=True,
        help="The least level that is logged. Requests are info, slow ones warning.",
    ),
    click.option("--log-file", type=_FILE, help="File of the log. [default: standard error]"),
    click.option(
        "--log-queries", is_flag=True, help="Have queries in the lines of requests, which see --access-log."
    ),
    click.option(
        "--slow-query",
        type=_SECONDS,
        metavar="SECONDS",
        help="Log requests that take so long or longer.",
    ),
    click.option(
        "--query-log",
        type=_FILE,
        help="File to which each query and the number of its results are added, without who asked; "
        "'searchd top-queries' reads it.",
    ),
    click.option(
        "--no-compression", is_flag=True, help="Do not compress answers, as where a proxy does."
    ),
    click.option(
        "--otlp-endpoint",
        type=_endpoint,
        metavar="URL",
        help="Send a trace of each request to the OpenTelemetry collector at this address, such as "
        "http://localhost:4318. Needs the extra telemetry.",
    ),
)  # fmt: skip


def service_options(command: _Command) -> _Command:
    """Add the options; the command receives their values as `settings`."""

    @functools.wraps(command)
    def with_settings(*args: Any, **kwargs: Any) -> Any:
        values = {each.name: kwargs.pop(each.name) for each in fields(ServiceSettings)}
        return command(*args, settings=ServiceSettings(**values), **kwargs)

    decorated: Any = with_settings
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def settings_of(parameters: dict[str, Any]) -> ServiceSettings:
    """Return the settings among the parameters of a parsed command line."""
    return ServiceSettings(**{each.name: parameters[each.name] for each in fields(ServiceSettings)})
