"""`searchd serve`: the HTTP service and the search page."""

from __future__ import annotations

from pathlib import Path

import click

from searchd.cli.options import index_option


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(index_directory: Path, host: str, port: int) -> None:
    """Serve the index over HTTP: a search page at /, JSON at /search and /analyze."""
    try:
        import uvicorn

        from searchd.service import create_app
    except ImportError as error:
        raise click.ClickException(
            f"the service needs the extra packages of searchd[serve] ({error.name} is missing); "
            f"install them with: pip install 'searchd[serve]'"
        ) from error

    import searchd

    with searchd.open(index_directory) as engine:
        click.echo(f"searching {index_directory} at http://{host}:{port}", err=True)
        uvicorn.run(create_app(engine), host=host, port=port, log_level="warning")
