"""The routes of stored documents: one by its id, and lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response

from searchd.document_records import document_to_dict, highlighted_to_dict
from searchd.service.admission import Admission
from searchd.service.authorization import require
from searchd.service.conditional import unless_known
from searchd.service.document_models import (
    DocumentId,
    DocumentModel,
    DocumentParameters,
    DocumentsParameters,
    DocumentsResponse,
)
from searchd.service.error_models import ErrorResponse
from searchd.service.limits import ServiceLimits

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

Responses = dict[int | str, dict[str, Any]]

CURSOR_EXPIRED: Responses = {
    410: {
        "model": ErrorResponse,
        "description": "The cursor has expired (`cursor_expired`): it is in the order of the score or "
        "of the index, which was changed since. Begin at the first page.",
    }
}
_NOT_FOUND: Responses = {
    404: {
        "model": ErrorResponse,
        "description": "The index has no document with this id (`document_not_found`).",
    }
}


def add_document_routes(
    app: FastAPI,
    engine: SearchEngine,
    admission: Admission,
    limits: ServiceLimits,
    responses: Responses,
) -> None:
    """Add the routes; `responses` are those that every search may have."""

    @app.get(
        "/documents",
        response_model=DocumentsResponse,
        responses=responses | CURSOR_EXPIRED,
        tags=["documents"],
        summary="List documents",
        dependencies=[Depends(require("search"))],
    )
    async def documents(
        request: Request, parameters: Annotated[DocumentsParameters, Query()]
    ) -> Response:
        """Return stored documents, of a query or all, page by page without an end."""

        def answer() -> Response:
            found = engine.documents(
                parameters.q,
                filters=parameters.filters,
                sort=parameters.sort,
                limit=parameters.limit,
                after=parameters.after,
                text_length=parameters.length + 1,  # one more tells whether it is complete
                timeout=limits.search_seconds,
            )
            listed = [_listed(document_to_dict(each), parameters.length) for each in found]
            values = {"total": found.total, "cursor": found.cursor, "documents": listed}
            model = DocumentsResponse.model_validate(values)
            return Response(model.model_dump_json(), media_type="application/json")

        return await admission.run(lambda: unless_known(request, engine, answer))

    @app.get(
        "/documents/{id:path}",
        response_model=DocumentModel,
        responses=responses | _NOT_FOUND,
        tags=["documents"],
        summary="Get a document",
        dependencies=[Depends(require("search"))],
    )
    async def document(
        request: Request,
        document_id: DocumentId,
        parameters: Annotated[DocumentParameters, Query()],
    ) -> Response:
        """Return a stored document, with every match of a query if one is given."""

        def answer() -> Response:
            found = engine.highlight(
                document_id,
                parameters.q,
                start=parameters.start,
                length=parameters.length,
                timeout=limits.search_seconds,
            )
            model = DocumentModel.model_validate(highlighted_to_dict(found))
            return Response(model.model_dump_json(), media_type="application/json")

        return await admission.run(lambda: unless_known(request, engine, answer))


def _listed(document: dict[str, Any], length: int) -> dict[str, Any]:
    text = document["text"]
    return document | {"text": text[:length], "complete": len(text) <= length}
