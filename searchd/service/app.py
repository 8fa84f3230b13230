"""The routes of the HTTP service: the JSON API over one engine, and the search page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

from searchd._version import __version__
from searchd.service.errors import add_error_handlers
from searchd.service.headers import ResponseHeaders
from searchd.service.models import (
    AnalyzeParameters,
    AnalyzeResponse,
    ErrorResponse,
    HealthResponse,
    ReadyResponse,
    SearchParameters,
    SearchResponse,
)

if TYPE_CHECKING:
    from searchd.engine import Engine

STATIC = Path(__file__).parent / "static"

_DESCRIPTION = """Full-text search for Arabic.

All offsets count Unicode code points, as Python does; JavaScript, Java and C# strings count UTF-16
units, so convert offsets there. Every error is `{"error": {"code", "message", "position", "parameter"}}`.
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
        "analysis is damaged.",
    }
}
_SYNTAX: _Responses = {
    400: {
        "model": ErrorResponse,
        "description": "The query, a filter or the sort key is malformed.",
    }
}


def create_app(engine: Engine) -> FastAPI:
    """Return the ASGI application that searches with `engine`.

    The caller opens the engine and closes it after the server has stopped. FastAPI's interactive
    documentation is off because it loads scripts from another host; `/openapi.json` describes the
    API for tools.
    """
    app = FastAPI(
        title="searchd",
        summary="A full-text search engine for Arabic",
        description=_DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_name,
    )
    app.add_middleware(ResponseHeaders)
    add_error_handlers(app)
    _add_api(app, engine)
    _add_page(app)
    return app


def _operation_name(route: APIRoute) -> str:
    return route.name


def _add_api(app: FastAPI, engine: Engine) -> None:
    # Handlers that use the engine are not async: FastAPI runs them in a pool of threads.
    @app.get(
        "/search",
        response_model=SearchResponse,
        responses=_SYNTAX | _INVALID | _UNAVAILABLE,
        tags=["search"],
        summary="Search the index",
    )
    def search(parameters: Annotated[SearchParameters, Query()]) -> dict[str, Any]:
        """Return the best documents for a query, with snippets and the ranges to highlight."""
        results = engine.search(
            parameters.q,
            limit=parameters.limit,
            offset=parameters.offset,
            filters=parameters.filters,
            sort=parameters.sort,
            snippets=parameters.snippets,
        )
        return results.to_dict()

    @app.get(
        "/analyze",
        response_model=AnalyzeResponse,
        responses=_INVALID | _UNAVAILABLE,
        tags=["search"],
        summary="Analyze a text",
    )
    def analyze(parameters: Annotated[AnalyzeParameters, Query()]) -> dict[str, Any]:
        """Return each token of a text with its surface form, stem, lemma and synonyms."""
        tokens = engine.analyze(parameters.text)
        return {"text": parameters.text, "tokens": [asdict(token) for token in tokens]}

    @app.get("/health", tags=["operation"], summary="Liveness check")
    async def health() -> HealthResponse:
        """Answer without reading the index. If this fails, restart the process."""
        return HealthResponse(status="ok", version=__version__)

    @app.get(
        "/ready",
        responses=_UNAVAILABLE,
        tags=["operation"],
        summary="Readiness check",
    )
    def ready() -> ReadyResponse:
        """Search the index once. If this fails, send requests to another instance."""
        engine.search(_READINESS_QUERY, limit=1, snippets=0)
        info = engine.info()
        return ReadyResponse(status="ready", documents=info.documents, generation=info.generation)


def _add_page(app: FastAPI) -> None:
    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
