"""The routes of suggestions and of similar documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Response
from fastapi.exceptions import RequestValidationError

from searchd.errors import SearchArgumentError
from searchd.service.admission import Admission
from searchd.service.authorization import require
from searchd.service.document_models import DocumentId
from searchd.service.error_models import ErrorResponse
from searchd.service.limits import ServiceLimits
from searchd.service.suggestion_models import (
    SimilarParameters,
    SimilarResponse,
    SuggestParameters,
    SuggestResponse,
)

if TYPE_CHECKING:
    from searchd.results import Suggestion
    from searchd.search_engine import SearchEngine

Responses = dict[int | str, dict[str, Any]]

_NOT_FOUND: Responses = {
    404: {
        "model": ErrorResponse,
        "description": "The index has no document with this id (`document_not_found`).",
    }
}


def add_suggestion_routes(
    app: FastAPI,
    engine: SearchEngine,
    admission: Admission,
    limits: ServiceLimits,
    responses: Responses,
) -> None:
    """Add the routes; `responses` are those that every search may have."""

    @app.get(
        "/suggest",
        response_model=SuggestResponse,
        responses={code: each for code, each in responses.items() if code != 400},
        tags=["search"],
        summary="Complete what was typed",
        dependencies=[Depends(require("search"))],
    )
    async def suggest(parameters: Annotated[SuggestParameters, Query()]) -> Response:
        """Return texts that complete what was typed, by words and phrases of documents."""

        def answer() -> Response:
            found = _suggest(engine, parameters, limits)
            model = SuggestResponse.model_validate(
                {"text": parameters.q, "suggestions": [each._asdict() for each in found]}
            )
            return Response(model.model_dump_json(), media_type="application/json")

        return await admission.run(answer)

    @app.get(
        "/documents/{id:path}/similar",
        response_model=SimilarResponse,
        responses=responses | _NOT_FOUND,
        tags=["documents"],
        summary="Find similar documents",
        dependencies=[Depends(require("search"))],
    )
    async def similar(
        document_id: DocumentId,
        parameters: Annotated[SimilarParameters, Query()],
    ) -> Response:
        """Return the documents most like one, by the words that tell most about it."""

        def answer() -> Response:
            found = engine.similar(
                document_id,
                limit=parameters.limit,
                offset=parameters.offset,
                filters=parameters.filters,
                snippets=parameters.snippets,
                timeout=limits.search_seconds,
            )
            model = SimilarResponse.model_validate(found.to_dict())
            return Response(model.model_dump_json(), media_type="application/json")

        return await admission.run(answer)


def _suggest(
    engine: SearchEngine, parameters: SuggestParameters, limits: ServiceLimits
) -> list[Suggestion]:
    """Return suggestions. Raises RequestValidationError for a field that is no text field."""
    try:
        return engine.suggest(
            parameters.q,
            limit=parameters.limit,
            field=parameters.field,
            timeout=limits.search_seconds,
        )
    except SearchArgumentError as error:
        location = ("query", error.argument)
        invalid = {"type": "value_error", "loc": location, "input": parameters.field}
        raise RequestValidationError([invalid]) from error
