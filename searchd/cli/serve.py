"""`searchd serve`: run the HTTP service and the search page."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from searchd.cli.configuration import add_variables, config_option, name_of
from searchd.cli.extras import missing_extra
from searchd.cli.options import FiniteRange, location_option, utf8_text
from searchd.cli.serve_options import ServiceSettings, service_options
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location
    from searchd.search_engine import SearchEngine

_EXTRA = ("fastapi", "jinja2", "starlette", "prometheus_client", "pydantic", "uvicorn")

_ARGUMENTS = "searchd.cli.serve.arguments"
"""Where the context has the arguments of the command line."""

_SOURCES = {"COMMANDLINE": "command line", "ENVIRONMENT": "environment", "DEFAULT_MAP": "file"}


class _ServeCommand(click.Command):
    """Keeps the arguments that it was called with, to parse them again."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        given = list(args)
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[_ARGUMENTS] = given
        return context


@click.command(cls=_ServeCommand, short_help="Serve the index over HTTP, with a search page.")
@config_option
@location_option
@click.option(
    "--indexes",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Serve every index in FOLDER, each at /indexes/NAME/, in place of one index.",
)
@click.option(
    "--default-index",
    type=utf8_text,
    metavar="NAME",
    help="The index or alias of --indexes that is served at / too, where it need not exist yet.",
)
@click.option(
    "--writable",
    is_flag=True,
    help="Let clients change documents, and with --indexes make and delete indexes. Without keys only "
    "programs of this machine may.",
)
@click.option(
    "--max-writes",
    type=click.IntRange(1),
    metavar="N",
    default=16,
    show_default=True,
    help="Changes of an index that are received, wait or run at once; more are refused with status "
    "503.",
)
@click.option(
    "--max-upload",
    type=click.IntRange(1),
    metavar="MB",
    help="The largest body with documents or a file. It is kept on disk until it is read. [default: "
    "any size]",
)
@analyzer_options
@synonyms_options
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 accepts connections from other machines.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=8000,
    show_default=True,
    help="Port to listen on; 0 chooses a free one.",
)
@click.option(
    "--allowed-host",
    "allowed",
    metavar="NAME",
    type=utf8_text,
    multiple=True,
    help="A name that requests may have in their header Host besides the address that is listened "
    "on; *.example.org allows all names below it, * every name. May be repeated.",
)
@click.option(
    "--max-searches",
    type=click.IntRange(1, 64),
    metavar="N",
    show_default="as many as cores, from 2 to 4",
    help="Searches that run at once.",
)
@click.option(
    "--max-queue",
    type=click.IntRange(0),
    metavar="N",
    default=256,
    show_default=True,
    help="Searches that wait for others; more are refused with status 503.",
)
@click.option(
    "--queue-timeout",
    type=FiniteRange(0, min_open=True),
    metavar="SECONDS",
    default=0.75,
    show_default=True,
    help="How long a search waits before it is refused.",
)
@click.option(
    "--search-timeout",
    type=FiniteRange(0, min_open=True),
    metavar="SECONDS",
    default=2,
    show_default=True,
    help="How long a search may take before it is ended, with status 503.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(1),
    metavar="MB",
    help="What the engine may cache. [default: 1.7 KB for each document, 32 MB at least]",
)
@click.option(
    "--max-connections",
    type=click.IntRange(1),
    metavar="N",
    default=2048,
    show_default=True,
    help="Connections that are open at once. New ones close those that wait, the oldest first.",
)
@click.option(
    "--client-timeout",
    type=FiniteRange(0, min_open=True),
    metavar="SECONDS",
    default=10,
    show_default=True,
    help="How long a client may take to send a request, and to read on in a response.",
)
@click.option(
    "--idle-timeout",
    type=click.IntRange(1),
    metavar="SECONDS",
    default=5,
    show_default=True,
    help="How long a connection is kept between two requests.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    default=1,
    show_default=True,
    help="Processes that answer, with --writable one more that writes. Limits of searches, connections "
    "and memory are for each, rates for all together. Not on Windows.",
)
@service_options
@click.option(
    "--check-config",
    is_flag=True,
    help="Check all options, the files that they name and the index, print what holds, and end.",
)
def serve(
    index_directory: Location,
    folder: Path | None,
    default_index: str | None,
    writable: bool,
    max_writes: int,
    max_upload: int | None,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    host: str,
    port: int,
    allowed: tuple[str, ...],
    max_searches: int | None,
    max_queue: int,
    queue_timeout: float,
    search_timeout: float,
    memory_limit: int | None,
    max_connections: int,
    client_timeout: float,
    idle_timeout: int,
    workers: int,
    settings: ServiceSettings,
    check_config: bool,
) -> None:
    """Serve an index, or all of a folder, over HTTP: a search page at /, JSON at /search and others.

    /health, /ready and /metrics are for monitoring, /openapi.json describes the API. The service
    has no TLS. It answers only this machine, unless there are keys of 'searchd keys create' or
    --public-search is given; only requests for the address that it listens on and for
    --allowed-host; and refuses what is too much with status 503. It searches each new generation of
    the index without a restart. SIGHUP reads word files, limits and levels again. Stop it with
    Ctrl-C. Needs the packages of the extra serve.
    """
    context = click.get_current_context()
    _check_usage(context, folder, default_index)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the server listens to it
    try:
        from searchd.cli import service_setup
        from searchd.cli.http_server import address_of, allowed_hosts, listen
        from searchd.cli.served_apps import (
            MakeApp,
            Opening,
            opened_folder,
            opened_index,
            write_limits,
        )
        from searchd.cli.served_processes import Service
        from searchd.service import ServiceLimits
        from searchd.service.limits import default_searches
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise missing_extra("the service", "serve", error) from error

    import searchd

    limits = ServiceLimits(
        searches=max_searches or default_searches(),
        queue=max_queue,
        queue_seconds=queue_timeout,
        search_seconds=search_timeout,
        connections=max_connections,
        client_seconds=client_timeout,
        idle_seconds=idle_timeout,
    )
    on_cluster = folder is None and not isinstance(index_directory, Path)
    if on_cluster and writable:
        raise click.UsageError(
            "--writable goes with an index in a directory; write to a cluster with 'searchd index'"
        )
    # Keys of an index on a cluster are in the working directory, and for its name.
    named = index_directory if isinstance(index_directory, Path) else Path(index_directory.index)
    served = named if folder is None else folder
    limiters = service_setup.Limiters(shared=workers > 1)
    authorization = service_setup.authorization_for(served, settings, limiters)
    service_setup.check_telemetry(settings)
    service_setup.check_exposure(host, served, settings)
    logs = service_setup.log_settings_for(settings)

    def open_engine(directory: Location) -> SearchEngine:
        return searchd.open(
            directory,
            analyzer=analyzer,
            synonyms=synonyms,
            memory_limit=memory_limit and memory_limit * 1_000_000,
        )

    opening = Opening(
        open_engine, limits, write_limits(max_writes, max_upload) if writable else None, analyzer
    )

    def opened() -> AbstractContextManager[MakeApp]:
        if folder is None:
            return opened_index(index_directory, opening)
        return opened_folder(folder, opening, default_index)

    with service_setup.closing_logs(logs):
        if check_config:
            with opened():
                _print_configuration(context)
            return
        with listen(host, port) as listener:
            service = Service(
                opened,
                limits,
                settings,
                authorization,
                logs,
                limiters,
                allowed_hosts(listener, host, allowed),
                dict(context.params),
                lambda: _parse_again(context),
            )
            several = f"{workers} workers, " if workers > 1 else ""
            line = f"searching {index_directory if on_cluster else served} at {address_of(listener, host)} ({several}Ctrl-C stops)"

            def announce() -> None:
                service_setup.announce(line, settings)

            if workers == 1:
                service.run(listener, announce)
            else:
                service.run_workers(workers, listener, announce, writable=writable)


add_variables(serve)


def _check_usage(context: click.Context, folder: Path | None, default_index: str | None) -> None:
    """Raise UsageError for options that do not go together."""
    if folder is None:
        if default_index is not None:
            raise click.UsageError("--default-index goes with --indexes")
        return
    if context.get_parameter_source("index_directory") is ParameterSource.COMMANDLINE:
        raise click.UsageError(
            "give either --index or --indexes; of a folder, --default-index names the one at /"
        )


def _parse_again(context: click.Context) -> dict[str, Any]:
    """Return the parameters of the command as the configuration and the environment are now."""
    arguments: list[str] = context.meta[_ARGUMENTS]
    again = serve.make_context(context.info_name, list(arguments), context.parent)
    return again.params


def _print_configuration(context: click.Context) -> None:
    """Print the value of each option, and where it is from."""
    for option in context.command.params:
        source = context.get_parameter_source(str(option.name))
        if (
            option.name in context.params
            and source is not None
            and name_of(option) != "check-config"
        ):
            place = _SOURCES.get(source.name, "default")
            value = context.params[option.name]
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
            click.echo(f"{name_of(option)} = {'' if shown is None else shown}  ({place})")
    click.echo("the configuration is right", err=True)
