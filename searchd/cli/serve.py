"""`searchd serve`: run the HTTP service and the search page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.extras import missing_extra
from searchd.cli.options import index_option, utf8_text
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms

_EXTRA = ("fastapi", "jinja2", "starlette", "pydantic", "uvicorn")


@click.command(short_help="Serve the index over HTTP, with a search page.")
@index_option
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
    """Serve the index over HTTP: a search page at /, JSON at /search and /analyze.

    /health and /ready are for monitoring, /openapi.json describes the API. The service has no
    accounts and no TLS. It answers only requests for the address that it listens on and for
    --allowed-host, and refuses what is too much with status 503. It searches each new generation of
    the index without a restart. Stop it with Ctrl-C. Needs the packages of the extra serve.
    """
    try:
        from searchd.cli.http_server import address_of, allowed_hosts, listen, run
        from searchd.service import ServiceLimits, create_app
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
    with (
        searchd.open(
            index_directory,
            analyzer=analyzer,
            synonyms=synonyms,
            memory_limit=memory_limit and memory_limit * 1_000_000,
        ) as engine,
        listen(host, port) as listener,
    ):
        address = address_of(listener, host)
        run(
            create_app(engine, limits=limits, allowed_hosts=allowed_hosts(listener, host, allowed)),
            limits,
            listener,
            lambda: click.echo(
                f"searching {index_directory} at {address} (Ctrl-C stops)", err=True
            ),
        )
