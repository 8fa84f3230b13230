"""The routes of the HTTP service: the JSON API over one engine, and the search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import to_json

from searchd._version import __version__
from searchd.service.admission import Admission
from searchd.service.authorization import GUARDED, Authorization, require
from searchd.service.compression import Compression
from searchd.service.conditional import HeadRequests, unless_known
from searchd.service.document_routes import CURSOR_EXPIRED, add_document_routes
from searchd.service.error_models import ErrorResponse
from searchd.service.errors import RETRY_AFTER, add_error_handlers
from searchd.service.headers import ResponseHeaders
from searchd.service.hosts import ANY_HOST, AllowedHosts
from searchd.service.limits import ServiceLimits
from searchd.service.metrics import Metrics, add_metrics
from searchd.service.models import (
    AnalyzeParameters,
    AnalyzeResponse,
    HealthResponse,
    ReadyResponse,
    SearchResponse,
)
from searchd.service.page import add_page
from searchd.service.replication import add_replication_routes
from searchd.service.request_log import LogSettings, RequestLog, note_search
from searchd.service.search_parameters import RefinedSearchParameters
from searchd.service.suggestion_routes import add_suggestion_routes

if TYPE_CHECKING:
    from pathlib import Path

    from searchd.results import Results
    from searchd.search_engine import SearchEngine
    from searchd.service.telemetry import Telemetry
    from searchd.service.writing.routes import Writing

_DESCRIPTION = """Full-text search for Arabic.

All offsets count Unicode code points, as Python does; JavaScript, Java and C# strings count UTF-16
units, so convert offsets there. Every error is `{"error": {"code", "message", "position", "parameter"}}`.
A request whose header Host names a host that the service does not answer for gets status 421 on every path.
"""

_READINESS_QUERY = "جاهز"
"""The query of `/ready`; it checks that a search succeeds, not what it finds."""

MAX_REQUEST_LINE_BYTES = 256 * 1024
"""The bytes of a request line that the server must accept: the longest text, percent-encoded.

`MAX_TEXT_LENGTH` code points take up to 12 bytes each in an address. uvicorn refuses incomplete
requests of over 64 KB unless `h11_max_incomplete_event_size` is set.
"""

_Responses = dict[int | str, dict[str, Any]]

_INVALID: _Responses = {
    422: {"model": ErrorResponse, "description": "A parameter is missing, unknown or out of range."}
}
_UNAVAILABLE: _Responses = {
    503: {
        "model": ErrorResponse,
        "description": "The index is missing, damaged or of another kind, or a file of the "
        "analysis is damaged; or there are too many searches (`overloaded`), or this one took too "
        "long (`search_timeout`).",
        "headers": {
            "Retry-After": {
                "description": "Seconds after which to try again, with `overloaded`.",
                "schema": {"type": "integer", "examples": [int(RETRY_AFTER["Retry-After"])]},
            }
        },
    }
}
_SYNTAX: _Responses = {
    400: {
        "model": ErrorResponse,
        "description": "The query, a filter, a facet, the sort key or the cursor is malformed or of "
        "another search, or the query costs more than a search may.",
    }
}

SEARCH_RESPONSES: _Responses = _SYNTAX | GUARDED | _INVALID | _UNAVAILABLE
"""The errors that every search may have."""


def create_app(
    engine: SearchEngine,
    *,
    limits: ServiceLimits | None = None,
    allowed_hosts: Sequence[str] = (ANY_HOST,),
    writing: Writing | None = None,
    authorization: Authorization | None = None,
    logs: LogSettings | None = None,
    cors_origins: Sequence[str] = (),
    compress: bool = True,
    telemetry: Telemetry | None = None,
    directory: Path | None = None,
) -> FastAPI:
    """Return the ASGI application that searches with `engine`.

    The caller opens the engine and closes it after the server has stopped. `limits` bound the
    searches; those of connections are left to the server. Requests for other hosts than
    `allowed_hosts` are refused (`AllowedHosts`). `authorization` decides who may do what; by default
    everybody may search, and only this machine do more. `logs` says what is logged of requests.
    Pages of `cors_origins`, such as `https://example.org`, may use the API from browsers.
    `compress` allows compressed answers. `telemetry` has a trace of each request. The state of the
    application has its `Admission`, which tells whether threads still search. FastAPI's interactive
    documentation is off because it loads scripts from another host; `/openapi.json` describes the
    API for tools. With `writing` documents can be changed too, and with the `directory` of the index
    replicas may follow it.
    """
    limits = limits or ServiceLimits()
    app = index_app(
        engine,
        Admission(limits),
        limits,
        authorization or Authorization(),
        writing=writing,
        directory=directory,
    )
    metrics = Metrics(engine, app.state.admission)
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
    return app


def index_app(
    engine: SearchEngine,
    admission: Admission,
    limits: ServiceLimits,
    authorization: Authorization,
    *,
    writing: Writing | None = None,
    directory: Path | None = None,
) -> FastAPI:
    """Return the application with the routes of one index, to be served alone or mounted."""
    app = new_app()
    app.state.admission = admission
    app.state.authorization = authorization
    add_error_handlers(app)
    _add_api(app, engine, admission, limits)
    # Of two routes that an address fits the first one answers: /documents/{id}/similar, then {id}.
    add_suggestion_routes(app, engine, admission, limits, SEARCH_RESPONSES)
    add_document_routes(app, engine, admission, limits, SEARCH_RESPONSES)
    if writing is not None:
        from searchd.service.writing.routes import add_write_routes

        add_write_routes(app, writing)
    if directory is not None:
        add_replication_routes(app, directory, admission)
    add_page(app, engine, admission, limits)
    return app


def add_layers(
    app: FastAPI,
    metrics: Metrics,
    *,
    logs: LogSettings | None,
    allowed_hosts: Sequence[str],
    cors_origins: Sequence[str],
    compress: bool,
    telemetry: Telemetry | None,
) -> None:
    """Add what every request of a service passes, whatever it asks for; see `create_app`."""
    app.state.logs = logs or LogSettings()
    # The middleware that is added last is the outermost one.
    app.add_middleware(HeadRequests)
    if compress:
        app.add_middleware(Compression)
    if cors_origins:
        _allow_origins(app, cors_origins)
    app.add_middleware(AllowedHosts, hosts=allowed_hosts)
    app.add_middleware(ResponseHeaders)
    index = app.state.authorization.index
    if telemetry is not None:
        app.state.admission.on_stages = telemetry.add_stages
        app.add_middleware(telemetry.middleware, index=index)
    app.add_middleware(RequestLog, settings=app.state.logs, metrics=metrics, index=index)


def new_app() -> FastAPI:
    """Return an application without routes, but that of its OpenAPI document."""
    return FastAPI(
        title="searchd",
        summary="A full-text search engine for Arabic",
        description=_DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_name,
    )


def _allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let pages of other sites use the API from browsers; keys are headers, so no cookies are."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "If-None-Match",
            "X-Api-Key",
            "X-Request-ID",
        ],
        expose_headers=["ETag", "Retry-After", "X-Request-ID"],
    )


def _operation_name(route: APIRoute) -> str:
    return route.name


def search_with(
    engine: SearchEngine, parameters: RefinedSearchParameters, limits: ServiceLimits
) -> Results:
    """Search as a request asks, in the time that a search may take."""
    return engine.search(
        parameters.q,
        limit=parameters.limit,
        offset=parameters.offset,
        after=parameters.after,
        filters=parameters.filters,
        sort=parameters.sort,
        snippets=parameters.snippets,
        correct=parameters.correct,
        timeout=limits.search_seconds,
        facets=parameters.facets,
        facet_filters=parameters.facet_filters,
        group_by=parameters.group_by,
        group_size=parameters.group_size,
    )


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")


def _add_api(
    app: FastAPI, engine: SearchEngine, admission: Admission, limits: ServiceLimits
) -> None:
    # What uses the engine, and makes JSON of what it returns, runs in the threads of `admission`.
    @app.get(
        "/search",
        response_model=SearchResponse,
        responses=_SYNTAX | GUARDED | CURSOR_EXPIRED | _INVALID | _UNAVAILABLE,
        tags=["search"],
        summary="Search the index",
        dependencies=[Depends(require("search"))],
    )
    async def search(
        request: Request, parameters: Annotated[RefinedSearchParameters, Query()]
    ) -> Response:
        """Return the best documents for a query, with snippets and the ranges to highlight."""

        def answer() -> Response:
            results = search_with(engine, parameters, limits)
            if not parameters.offset and parameters.after is None:
                note_search(request, parameters.q, results.total)
            # Not by the model, which would check what a test checks: it takes twice as long.
            return Response(to_json(results.to_dict()), media_type="application/json")

        return await admission.run(lambda: unless_known(request, engine, answer))

    @app.get(
        "/analyze",
        response_model=AnalyzeResponse,
        responses=GUARDED | _INVALID | _UNAVAILABLE,
        tags=["search"],
        summary="Analyze a text",
        dependencies=[Depends(require("search"))],
    )
    async def analyze(parameters: Annotated[AnalyzeParameters, Query()]) -> Response:
        """Return each token of a text with its surface form, stem, lemma and synonyms."""

        def answer() -> Response:
            tokens = [asdict(token) for token in engine.analyze(parameters.text)]
            return _json(
                AnalyzeResponse.model_validate({"text": parameters.text, "tokens": tokens})
            )

        return await admission.run(answer)

    @app.get("/health", tags=["operation"], summary="Liveness check")
    async def health() -> HealthResponse:
        """Answer without reading the index. If this fails, restart the process."""
        return HealthResponse(status="ok", version=__version__)

    @app.get(
        "/ready",
        response_model=ReadyResponse,
        responses=_UNAVAILABLE,
        tags=["operation"],
        summary="Readiness check",
    )
    async def ready() -> ReadyResponse:
        """Search the index once. If this fails, send requests to another instance."""

        def answer() -> ReadyResponse:
            engine.search(_READINESS_QUERY, limit=1, snippets=0)
            info = engine.info()
            return ReadyResponse(
                status="ready", documents=info.documents, generation=info.generation
            )

        return await admission.run(answer)
