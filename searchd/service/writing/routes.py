"""The routes that change the documents of one index."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel

from indexer.indexing import OnError
from indexer.repair import Repair
from indexer.sources import ReadLimits
from indexer.sources.options import ReadOptions
from searchd.errors import DocumentNotFoundError
from searchd.service.authorization import GUARDED, require
from searchd.service.document_models import DocumentId
from searchd.service.error_models import ErrorResponse
from searchd.service.limits import ServiceLimits
from searchd.service.writing.batches import (
    BatchOptions,
    WrittenIndex,
    delete_by_id,
    delete_by_query,
    write_documents,
)
from searchd.service.writing.bodies import (
    FILE_TYPES,
    JSON_TYPES,
    LINES_TYPES,
    JsonRoute,
    media_type,
)
from searchd.service.writing.files import file_records, json_records
from searchd.service.writing.models import (
    DeleteRequest,
    DeleteResponse,
    FileParameters,
    TaskModel,
    UpdateParameters,
    WaitParameters,
    WriteParameters,
    WriteResponse,
)
from searchd.service.writing.other_sites import refuse_other_sites
from searchd.service.writing.task_routes import task_model
from searchd.service.writing.uploads import Upload
from searchd.service.writing.write_queue import Place, Work, WriteQueue

Responses = dict[int | str, dict[str, Any]]


def _error(description: str) -> dict[str, Any]:
    return {"model": ErrorResponse, "description": description}


_RETRY = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
_COMMON: Responses = {
    202: {
        "model": TaskModel,
        "description": "With `wait=false`: the change will be made; the header Location has the address "
        "of its task.",
    },
    **GUARDED,
    422: _error("A parameter is missing, unknown or out of range."),
    503: _error(
        "Too many changes wait (`overloaded`), another process writes the index (`index_busy`), or "
        "its files cannot be read or written. Nothing was changed."
    )
    | {"headers": _RETRY},
}
_BODY: Responses = {
    400: _error(
        "A document cannot be written (`bad_document`): `position` is its number in the body, from 0. "
        "Nothing was changed."
    ),
    413: _error("The body is larger than the service allows (`too_large`)."),
    415: _error("The body is of a type that is not read here (`unsupported_media_type`)."),
}
_EXAMPLE = {"id": "wire-071", "title": "خبر", "text": "نص الخبر", "category": "news"}
_DOCUMENT: dict[str, Any] = {
    "type": "object",
    "description": "A document: `id`, `title`, `text`, `date`, `url` and the extra fields of the index.",
    "additionalProperties": True,
}
_DOCUMENTS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON_TYPES[0]: {
                "schema": {"anyOf": [{"type": "array", "items": _DOCUMENT}, _DOCUMENT]},
                "example": [_EXAMPLE],
            },
            LINES_TYPES[0]: {
                "schema": {"type": "string"},
                "example": '{"id": "1", "text": "نص"}\n',
            },
        },
    }
}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {FILE_TYPES[0]: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Writing:
    """What the routes of one index need: its name, its files, the queue and the limits."""

    name: str
    index: WrittenIndex
    queue: WriteQueue
    limits: ServiceLimits

    async def answer(
        self,
        request: Request,
        kind: str,
        work: Work,
        model: type[BaseModel],
        *,
        wait: bool,
        place: Place | None = None,
        upload: Upload | None = None,
    ) -> Response:
        """Make a change when its turn comes, and answer after it, or with its task."""
        place = place or self.queue.take_place(self.index.directory)
        task = self.queue.tasks.add(kind, self.name)
        on_end = upload.delete if upload else _nothing
        future = self.queue.start(place, task, work, request, on_end)
        if not wait:
            root = request.scope.get("app_root_path", request.scope.get("root_path", ""))
            body = task_model(task).model_dump_json()
            headers = {"Location": f"{root}/tasks/{task.id}"}
            return Response(body, 202, headers, media_type="application/json")
        result = await asyncio.shield(future)  # a client that leaves does not end it
        return Response(
            model.model_validate(result).model_dump_json(), media_type="application/json"
        )

    async def receive(self, request: Request) -> tuple[Place, Upload]:
        """Take a place in the queue, and then the body: who is refused need not send it."""
        place = self.queue.take_place(self.index.directory)
        try:
            return place, await self.queue.uploads.receive(request)
        except BaseException:
            self.queue.leave(place)
            raise


def _nothing() -> None:
    """Do nothing at the end of a change without a body."""


def add_write_routes(app: FastAPI, writing: Writing) -> None:
    """Add the routes that write, update and delete documents."""
    guards = [Depends(refuse_other_sites), Depends(require("documents"))]
    _add_document_routes(app, writing, guards)
    _add_file_route(app, writing, guards)
    router = APIRouter(route_class=JsonRoute, dependencies=guards)
    _add_deletion_routes(app, router, writing, guards)
    app.include_router(router)


def _add_document_routes(app: FastAPI, writing: Writing, guards: list[Any]) -> None:
    @app.post(
        "/documents",
        response_model=WriteResponse,
        responses=_BODY | _COMMON,
        openapi_extra=_DOCUMENTS,
        dependencies=guards,
        tags=["writing"],
        summary="Add or replace documents",
    )
    async def add_documents(
        request: Request, parameters: Annotated[WriteParameters, Query()]
    ) -> Response:
        """Write documents in one commit, each in place of the one with its id.

        The body is a JSON array of objects, one object, or one object on each line
        (`application/x-ndjson`), of any size; it may be compressed with gzip or Zstandard. When the
        answer comes the documents are stored durably, and every later search finds them. An error
        changes nothing.
        """
        return await write(request, parameters, update=False)

    @app.patch(
        "/documents",
        response_model=WriteResponse,
        responses=_BODY | _COMMON,
        openapi_extra=_DOCUMENTS,
        dependencies=guards,
        tags=["writing"],
        summary="Update documents",
    )
    async def update_documents(
        request: Request, parameters: Annotated[UpdateParameters, Query()]
    ) -> Response:
        """Put the given values into stored documents, in one commit.

        The body is like that of `POST /documents`; each object has the id of a document, and the
        values that change. `null` takes a value away, a list replaces a list. An id that the index
        does not have is an error.
        """
        return await write(request, parameters, update=True)

    async def write(
        request: Request, parameters: WriteParameters | UpdateParameters, *, update: bool
    ) -> Response:
        is_lines = media_type(request, JSON_TYPES + LINES_TYPES) in LINES_TYPES
        place, upload = await writing.receive(request)
        options = BatchOptions(
            OnError(parameters.on_error),
            Repair(parameters.repair),
            parameters.id_prefix if isinstance(parameters, WriteParameters) else "",
            update,
        )
        return await writing.answer(
            request,
            "update" if update else "add",
            lambda task: write_documents(
                writing.index, json_records(upload, lines=is_lines), options, task.count
            ),
            WriteResponse,
            wait=parameters.wait,
            place=place,
            upload=upload,
        )


def _add_file_route(app: FastAPI, writing: Writing, guards: list[Any]) -> None:
    @app.post(
        "/files",
        response_model=WriteResponse,
        responses=_BODY | _COMMON,
        openapi_extra=_FILE,
        dependencies=guards,
        tags=["writing"],
        summary="Add the documents of a file",
    )
    async def add_file(
        request: Request, parameters: Annotated[FileParameters, Query()]
    ) -> Response:
        """Write the documents of a file in one commit: text, PDF, office files, tables, archives.

        The body is the file itself (`application/octet-stream`). It is read as `searchd index` reads
        it, in a process with limits of time and memory where its kind needs that.
        """
        media_type(request, FILE_TYPES)
        place, upload = await writing.receive(request)
        options = BatchOptions(
            OnError(parameters.on_error), Repair(parameters.repair), parameters.id_prefix
        )
        reading = ReadOptions(parameters.records, parameters.table, parameters.row_ids)
        return await writing.answer(
            request,
            "file",
            lambda task: write_documents(
                writing.index,
                file_records(upload, parameters.name, ReadLimits(), reading),
                options,
                task.count,
            ),
            WriteResponse,
            wait=parameters.wait,
            place=place,
            upload=upload,
        )


def _add_deletion_routes(
    app: FastAPI, router: APIRouter, writing: Writing, guards: list[Any]
) -> None:
    not_found = _error("The index has no document with this id (`document_not_found`).")

    @app.delete(
        "/documents/{id:path}",
        response_model=DeleteResponse,
        responses=_COMMON | {404: not_found},
        dependencies=guards,
        tags=["writing"],
        summary="Delete a document",
    )
    async def delete_document(
        request: Request,
        document_id: DocumentId,
        parameters: Annotated[WaitParameters, Query()],
    ) -> Response:
        """Delete the document with an id."""

        def work(_task: object) -> dict[str, Any]:
            done = delete_by_id(writing.index, [document_id])
            if done["missing"]:
                raise DocumentNotFoundError(document_id)
            return done

        return await writing.answer(request, "delete", work, DeleteResponse, wait=parameters.wait)

    @router.post(
        "/documents/delete",
        response_model=DeleteResponse,
        responses=_COMMON
        | {
            400: _error("The query or a filter cannot be understood. Nothing was deleted."),
            413: _BODY[413],
            415: _BODY[415],
        },
        tags=["writing"],
        summary="Delete documents",
    )
    async def delete_documents(
        request: Request, asked: DeleteRequest, parameters: Annotated[WaitParameters, Query()]
    ) -> Response:
        """Delete documents by their ids, or all of a query and filters, in one commit.

        Ids that the index does not have are named in `missing`, and are no error.
        """

        def work(_task: object) -> dict[str, Any]:
            if asked.ids is not None:
                return delete_by_id(writing.index, asked.ids)
            return delete_by_query(
                writing.index, asked.q or "*", asked.filter or (), writing.limits.search_seconds
            )

        return await writing.answer(request, "delete", work, DeleteResponse, wait=parameters.wait)
