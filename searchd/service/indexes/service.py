"""The application over a folder of indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from searchd._version import __version__
from searchd.service.admission import Admission
from searchd.service.app import SEARCH_RESPONSES, add_layers, new_app
from searchd.service.authorization import Authorization
from searchd.service.errors import add_error_handlers
from searchd.service.hosts import ANY_HOST
from searchd.service.indexes.catalog import IndexCatalog
from searchd.service.indexes.models import CatalogReadyResponse
from searchd.service.indexes.multi_search import add_multi_search
from searchd.service.indexes.openapi import describe_mounted
from searchd.service.indexes.page import add_index_list
from searchd.service.indexes.routes import add_changing_routes, add_reading_routes
from searchd.service.indexes.serving import MountedIndexes, OpenEngine, ServedIndexes
from searchd.service.limits import ServiceLimits
from searchd.service.metrics import Metrics, add_metrics
from searchd.service.models import HealthResponse
from searchd.service.request_log import LogSettings
from searchd.service.writing.task_routes import add_task_routes
from searchd.service.writing.write_queue import WriteQueue

if TYPE_CHECKING:
    from searchd.service.telemetry import Telemetry


def create_service(
    catalog: IndexCatalog,
    open_engine: OpenEngine,
    *,
    limits: ServiceLimits | None = None,
    allowed_hosts: Sequence[str] = (ANY_HOST,),
    authorization: Authorization | None = None,
    logs: LogSettings | None = None,
    cors_origins: Sequence[str] = (),
    compress: bool = True,
    telemetry: Telemetry | None = None,
    queue: WriteQueue | None = None,
    default: str | None = None,
) -> FastAPI:
    """Return the ASGI application that serves the indexes of a catalog.

    The routes of an index (`create_app`) are below `/indexes/{name}/`, where `name` may be an alias;
    those of the index or alias `default` are at `/` too. `open_engine` opens the index in a
    directory. Without a `queue` nothing can be changed. The other arguments are those of
    `create_app`. The state of the application has its `ServedIndexes` as `served`; the caller closes
    them after the server has stopped.
    """
    app = new_app()
    limits = limits or ServiceLimits()
    authorization = authorization or Authorization()
    admission = Admission(limits)
    app.state.admission = admission
    app.state.authorization = authorization
    add_error_handlers(app)
    served = ServedIndexes(catalog, open_engine, admission, limits, queue, authorization)
    app.state.served = served
    _add_operation(app, catalog, served, default)
    add_reading_routes(app, catalog, served)
    add_multi_search(app, served, limits, SEARCH_RESPONSES)
    if queue is not None:
        add_changing_routes(app, catalog, served)
        add_task_routes(app, queue)
        app.state.write_queue = queue
    metrics = Metrics(None, admission)
    add_metrics(app, metrics)
    add_layers(
        app,
        metrics,
        logs=logs,
        allowed_hosts=allowed_hosts,
        cors_origins=cors_origins,
        compress=compress,
        telemetry=telemetry,
    )
    describe_mounted(app, limits, queue, has_default=default is not None)
    app.mount("/indexes/{name}", MountedIndexes(served))
    if default is None:
        add_index_list(app, catalog, admission)
    else:
        app.mount("", MountedIndexes(served, default))
    return app


def _add_operation(
    app: FastAPI, catalog: IndexCatalog, served: ServedIndexes, default: str | None
) -> None:
    @app.get("/health", tags=["operation"], summary="Liveness check")
    async def health() -> HealthResponse:
        """Answer without reading an index. If this fails, restart the process."""
        return HealthResponse(status="ok", version=__version__)

    unavailable: dict[int | str, dict[str, Any]] = {503: SEARCH_RESPONSES[503]}

    @app.get("/ready", responses=unavailable, tags=["operation"], summary="Readiness check")
    async def ready() -> CatalogReadyResponse:
        """List the indexes, and open the default one. If this fails, ask another instance."""

        def answer() -> CatalogReadyResponse:
            if default is not None:
                served.get_now(default).engine.info()
            return CatalogReadyResponse(status="ready", indexes=len(catalog.names()))

        return await served.admission.run(answer)
