"""`searchd serve`: run the HTTP service and the search page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchd.cli.extras import missing_extra
from searchd.cli.options import index_option
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms

_EXTRA = ("fastapi", "starlette", "pydantic", "uvicorn")


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
def serve(
    index_directory: Path,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    host: str,
    port: int,
) -> None:
    """Serve the index over HTTP: a search page at /, JSON at /search and /analyze.

    /health and /ready are for monitoring, /openapi.json describes the API. The service has no
    accounts and no TLS. It searches each new generation of the index without a restart. Stop it
    with Ctrl-C. Needs the packages of the extra serve.
    """
    try:
        from searchd.cli.http_server import address_of, listen, run
        from searchd.service import create_app
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise missing_extra("the service", "serve", error) from error

    import searchd

    with (
        searchd.open(index_directory, analyzer=analyzer, synonyms=synonyms) as engine,
        listen(host, port) as listener,
    ):
        address = address_of(listener, host)
        run(
            create_app(engine),
            listener,
            lambda: click.echo(
                f"searching {index_directory} at {address} (Ctrl-C stops)", err=True
            ),
        )
