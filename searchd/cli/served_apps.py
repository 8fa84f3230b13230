"""The applications of `searchd serve`: over one index, or over the indexes of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from fastapi import FastAPI

from searchd.engine import Engine
from searchd.service import create_app
from searchd.service.authorization import authorization_of
from searchd.service.indexes import IndexCatalog, create_service
from searchd.service.limits import ServiceLimits
from searchd.service.writing.batches import WrittenIndex
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.routes import Writing
from searchd.service.writing.task_routes import add_task_routes
from searchd.service.writing.write_queue import WriteQueue

if TYPE_CHECKING:
    from analyzers import Analyzer

OpenEngine = Callable[[Path], Engine]


@contextmanager
def app_of_index(
    directory: Path,
    open_engine: OpenEngine,
    limits: ServiceLimits,
    write_limits: WriteLimits | None,
    analyzer: Analyzer | None,
    **settings: Any,
) -> Iterator[FastAPI]:
    """Yield the application over one index, which can be changed where there are `write_limits`.

    `settings` are arguments of `create_app`.
    """
    with open_engine(directory) as engine:
        if write_limits is None:
            yield create_app(engine, limits=limits, **settings)
            return
        queue = WriteQueue(write_limits)
        written = WrittenIndex(directory, engine, analyzer, write_limits.memory_mb)
        name = directory.resolve().name
        app = create_app(
            engine, limits=limits, writing=Writing(name, written, queue, limits), **settings
        )
        authorization_of(app).index = name
        add_task_routes(app, queue)
        app.state.write_queue = queue
        yield app


@contextmanager
def app_of_folder(
    folder: Path,
    open_engine: OpenEngine,
    limits: ServiceLimits,
    write_limits: WriteLimits | None,
    analyzer: Analyzer | None,
    default: str | None,
    **settings: Any,
) -> Iterator[FastAPI]:
    """Yield the application over the indexes of a folder, which is made where they can be changed.

    `default` is the index or alias at `/`. `settings` are arguments of `create_service`. Raises
    ClickException where the folder cannot be made.
    """
    if write_limits is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"the folder {folder} cannot be made ({error})") from None
    catalog = IndexCatalog(folder, analyzer=analyzer)
    queue = None
    if write_limits is not None:
        catalog.remove_deleted()
        queue = WriteQueue(write_limits)
    app = create_service(
        catalog, open_engine, limits=limits, queue=queue, default=default, **settings
    )
    try:
        yield app
    finally:
        app.state.served.close()
