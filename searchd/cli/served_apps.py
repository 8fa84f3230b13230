"""The applications of `searchd serve`: over one index, or over the indexes of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from fastapi import FastAPI

from searchd.cli.service_setup import ReloadedWords
from searchd.search_engine import SearchEngine
from searchd.service import create_app
from searchd.service.authorization import Authorization
from searchd.service.indexes import IndexCatalog, create_service
from searchd.service.indexes.names import is_name
from searchd.service.limits import ServiceLimits
from searchd.service.writing.batches import WrittenIndex
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.routes import Writing
from searchd.service.writing.task_routes import add_task_routes
from searchd.service.writing.write_queue import WriteQueue

if TYPE_CHECKING:
    from analyzers import Analyzer
    from indexer.cluster.address import Location

MakeApp = Callable[..., tuple[FastAPI, ReloadedWords]]
"""Makes an application with settings of `create_app`; also returns what searches with word files."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How indexes are opened: for changes too where there are `write_limits`."""

    open_engine: Callable[[Location], SearchEngine]
    limits: ServiceLimits
    write_limits: WriteLimits | None
    analyzer: Analyzer | None


def write_limits(changes: int, upload_mb: int | None) -> WriteLimits:
    """Return the limits of writing that the options ask for."""
    return WriteLimits(queue=changes, upload_bytes=upload_mb and upload_mb * 1_000_000)


@contextmanager
def opened_index(directory: Location, opening: Opening) -> Iterator[MakeApp]:
    """Open one index, and yield what makes the application over it."""
    with opening.open_engine(directory) as engine:

        def make(**settings: Any) -> tuple[FastAPI, ReloadedWords]:
            limits = opening.limits
            if not isinstance(directory, Path):  # its files are the cluster's own
                return create_app(engine, limits=limits, **settings), engine
            if opening.write_limits is None:
                return create_app(engine, limits=limits, directory=directory, **settings), engine
            queue = WriteQueue(opening.write_limits)
            memory_mb = opening.write_limits.memory_mb
            written = WrittenIndex(directory, engine, opening.analyzer, memory_mb)
            writing = Writing(directory.resolve().name, written, queue, limits)
            app = create_app(
                engine, limits=limits, writing=writing, directory=directory, **settings
            )
            add_task_routes(app, queue)
            app.state.write_queue = queue
            return app, engine

        yield make


@contextmanager
def opened_folder(folder: Path, opening: Opening, default: str | None) -> Iterator[MakeApp]:
    """Yield what makes the application over the indexes of a folder.

    The folder is made where its indexes can be changed. `default` is the index or alias at `/`.
    Raises ClickException where the folder cannot be made or `default` is no name, and
    IndexAccessError.
    """
    if default is not None and not is_name(default):
        raise click.BadParameter(
            f"{default!r} cannot be the name of an index", param_hint="--default-index"
        )
    queue = None
    if opening.write_limits is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"the folder {folder} cannot be made ({error})") from None
        queue = WriteQueue(opening.write_limits)
    catalog = IndexCatalog(folder, analyzer=opening.analyzer)
    if queue is not None:
        catalog.remove_deleted()
    made: list[FastAPI] = []

    def make(*, authorization: Authorization, **settings: Any) -> tuple[FastAPI, ReloadedWords]:
        authorization.index = ""  # of no index; each has its name
        app = create_service(
            catalog,
            opening.open_engine,
            limits=opening.limits,
            queue=queue,
            default=default,
            authorization=authorization,
            **settings,
        )
        made.append(app)
        return app, app.state.served

    try:
        yield make
    finally:
        for app in made:
            app.state.served.close()
