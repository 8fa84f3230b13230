"""Several searches in one request, each with results of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from searchd.service.app import search_with
from searchd.service.authorization import authorization_of
from searchd.service.error_models import ErrorResponse
from searchd.service.indexes.models import IndexResults, MultiSearchRequest, MultiSearchResponse
from searchd.service.indexes.serving import ServedIndexes
from searchd.service.limits import ServiceLimits
from searchd.service.models import SearchResponse
from searchd.service.search_parameters import RefinedSearchParameters
from searchd.service.writing.bodies import JsonRoute
from searchd.service.writing.other_sites import refuse_other_sites


def add_multi_search(
    app: FastAPI,
    served: ServedIndexes,
    limits: ServiceLimits,
    responses: dict[int | str, dict[str, Any]],
) -> None:
    """Add the route; `responses` are those that every search may have."""
    router = APIRouter(route_class=JsonRoute, dependencies=[Depends(refuse_other_sites)])
    refused: dict[int | str, dict[str, Any]] = {
        404: {"model": ErrorResponse, "description": "There is no such index."},
        410: {"model": ErrorResponse, "description": "A cursor has expired (`cursor_expired`)."},
        413: {"model": ErrorResponse, "description": "The body is too large (`too_large`)."},
        415: {
            "model": ErrorResponse,
            "description": "The body is no JSON (`unsupported_media_type`).",
        },
    }

    @router.post(
        "/multi-search", responses=responses | refused, tags=["search"], summary="Search indexes"
    )
    async def multi_search(request: Request, asked: MultiSearchRequest) -> MultiSearchResponse:
        """Search several indexes, or one several times; each search has results of its own.

        They are not mixed: the score of a document depends on the other documents of its index. An
        error of one search is the answer to all.
        """
        authorization = authorization_of(request.app)
        key = authorization.identify(request)  # once, however many searches there are
        searches = [_parsed(number, each) for number, each in enumerate(asked.searches)]
        opened = [await served.get(name) for name, _ in searches]
        authorization.check_indexes(key, "search", [each.name for each in opened])
        results = []
        for index, (_, parameters) in zip(opened, searches, strict=True):
            # One after the other: a request takes no more than its share of the threads.
            found = await served.admission.run(
                lambda engine=index.engine, parameters=parameters: search_with(  # type: ignore[misc]
                    engine, parameters, limits
                )
            )
            model = SearchResponse.model_validate(found.to_dict())
            results.append(IndexResults(index=index.name, results=model))
        return MultiSearchResponse(results=results)

    app.include_router(router)


def _parsed(number: int, search: Mapping[str, Any]) -> tuple[str, RefinedSearchParameters]:
    """Return the index and the parameters of a search. Raises RequestValidationError."""
    values = dict(search)
    name = values.pop("index", None)
    place = ("body", "searches", number)
    if not isinstance(name, str):
        raise RequestValidationError(
            [{"type": "index", "loc": (*place, "index"), "msg": "the name of an index is missing"}]
        )
    try:
        return name, RefinedSearchParameters.model_validate(values)
    except ValidationError as error:
        wrong = [{**each, "loc": (*place, *each["loc"])} for each in error.errors()]
        raise RequestValidationError(wrong) from None
