"""`searchd serve`: run the HTTP service and the search page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from searchd.cli.extras import missing_extra
from searchd.cli.options import index_option, utf8_text
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from searchd.engine import Engine

_EXTRA = ("fastapi", "jinja2", "starlette", "pydantic", "uvicorn")


@click.command(short_help="Serve the index over HTTP, with a search page.")
@index_option
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
    default=32,
    show_default=True,
    help="Searches that wait for others; more are refused with status 503.",
)
@click.option(
    "--queue-timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    default=0.5,
    show_default=True,
    help="How long a search waits before it is refused.",
)
@click.option(
    "--search-timeout",
    type=click.FloatRange(0, min_open=True),
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
    type=click.FloatRange(0, min_open=True),
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
def serve(
    index_directory: Path,
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
) -> None:
    """Serve an index, or all of a folder, over HTTP: a search page at /, JSON at /search and others.

    /health and /ready are for monitoring, /openapi.json describes the API. The service has no
    accounts and no TLS. It answers only requests for the address that it listens on and for
    --allowed-host, and refuses what is too much with status 503. It searches each new generation of
    the index without a restart. Stop it with Ctrl-C. Needs the packages of the extra serve.
    """
    try:
        from searchd.cli.http_server import address_of, allowed_hosts, listen, run
        from searchd.cli.served_apps import app_of_folder, app_of_index
        from searchd.service import ServiceLimits
        from searchd.service.limits import default_searches
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise missing_extra("the service", "serve", error) from error

    import searchd

    _check_usage(click.get_current_context(), folder, default_index)
    limits = ServiceLimits(
        searches=max_searches or default_searches(),
        queue=max_queue,
        queue_seconds=queue_timeout,
        search_seconds=search_timeout,
        connections=max_connections,
        client_seconds=client_timeout,
        idle_seconds=idle_timeout,
    )
    write_limits = None
    if writable:
        from searchd.service.writing.limits import WriteLimits

        upload = max_upload and max_upload * 1_000_000
        write_limits = WriteLimits(queue=max_writes, upload_bytes=upload)

    def open_engine(directory: Path) -> Engine:
        return searchd.open(
            directory,
            analyzer=analyzer,
            synonyms=synonyms,
            memory_limit=memory_limit and memory_limit * 1_000_000,
        )

    with listen(host, port) as listener:
        hosts = allowed_hosts(listener, host, allowed)
        opened = (
            app_of_index(
                index_directory, open_engine, limits, write_limits, analyzer, allowed_hosts=hosts
            )
            if folder is None
            else app_of_folder(
                folder,
                open_engine,
                limits,
                write_limits,
                analyzer,
                default_index,
                allowed_hosts=hosts,
            )
        )
        address = address_of(listener, host)
        served = index_directory if folder is None else folder
        with opened as app:
            run(
                app,
                limits,
                listener,
                lambda: click.echo(f"searching {served} at {address} (Ctrl-C stops)", err=True),
            )


def _check_usage(context: click.Context, folder: Path | None, default_index: str | None) -> None:
    """Raise UsageError for options that do not go together, and for a name that no index has."""
    if folder is None:
        if default_index is not None:
            raise click.UsageError("--default-index goes with --indexes")
        return
    if context.get_parameter_source("index_directory") is ParameterSource.COMMANDLINE:
        raise click.UsageError(
            "give either --index or --indexes; of a folder, --default-index names the one at /"
        )
    from searchd.service.indexes.names import is_name

    if default_index is not None and not is_name(default_index):
        raise click.BadParameter(
            f"{default_index!r} cannot be the name of an index", param_hint="--default-index"
        )
