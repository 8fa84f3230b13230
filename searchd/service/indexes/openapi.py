"""The OpenAPI document of a service of several indexes: its own routes, and those of each index."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI

from searchd.search_engine import SearchEngine
from searchd.service.admission import Admission
from searchd.service.app import index_app
from searchd.service.authorization import Authorization
from searchd.service.limits import ServiceLimits
from searchd.service.writing.batches import WrittenIndex
from searchd.service.writing.routes import Writing
from searchd.service.writing.write_queue import WriteQueue

PREFIX = "/indexes/{name}"

_NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "The name of an index or alias.",
    "schema": {"type": "string", "title": "Name", "examples": ["news"]},
}
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
_NOT_FOUND = {
    "404": {"description": "There is no such index (`index_not_found`).", "content": _ERROR},
    "422": {"description": "The name is none of an index.", "content": _ERROR},
    "503": {"description": "The index cannot be searched.", "content": _ERROR},
}
"""What every route of a mounted index may answer, whatever it may answer besides."""

_OF_THE_SERVICE = frozenset({"/health"})
"""Paths that an index has where it is served alone."""


def describe_mounted(
    app: FastAPI, limits: ServiceLimits, queue: WriteQueue | None, *, has_default: bool
) -> None:
    """Let the document of `app` have the routes of an index, below `/indexes/{name}`.

    With `has_default` they are there without it too. The document is made when it is asked for.
    """
    own = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = with_mounted(own(), _of_one(limits, queue), has_default)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def with_mounted(
    service: dict[str, Any], index: dict[str, Any], has_default: bool
) -> dict[str, Any]:
    """Return the document of a service with the routes of one of an index."""
    paths = dict(service["paths"])
    for path, operations in index["paths"].items():
        if path in _OF_THE_SERVICE:
            continue
        methods = {
            method: operation | {"responses": _NOT_FOUND | operation["responses"]}
            for method, operation in operations.items()
        }
        if has_default:  # which need not exist yet
            paths.setdefault(path, methods)
        paths[PREFIX + path] = {
            method: operation
            | {
                "operationId": f"index_{operation['operationId']}",
                "parameters": [_NAME, *operation.get("parameters", [])],
            }
            for method, operation in methods.items()
        }
    components = {
        kind: index["components"].get(kind, {}) | service["components"].get(kind, {})
        for kind in {*index["components"], *service["components"]}
    }
    return service | {"paths": paths, "components": dict(sorted(components.items()))}


def _of_one(limits: ServiceLimits, queue: WriteQueue | None) -> dict[str, Any]:
    """Return the document of an index; no request is made, so it needs no engine."""
    engine = cast("SearchEngine", None)
    writing = None
    if queue is not None:
        written = WrittenIndex(Path(), engine, None, queue.limits.memory_mb)
        writing = Writing("", written, queue, limits)
    return index_app(
        engine, Admission(limits), limits, Authorization(), writing=writing, directory=Path()
    ).openapi()
