"""The routes of indexes and aliases: what there is, and changes of that."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response

from indexer import generation
from indexer.errors import FieldOptionError
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.api_keys import Scope
from searchd.service.authorization import GUARDED, authorization_of, identified
from searchd.service.error_models import ErrorResponse
from searchd.service.indexes.catalog import IndexCatalog
from searchd.service.indexes.models import (
    AliasesResponse,
    AliasModel,
    AliasSettings,
    ChangedAlias,
    DeletedModel,
    FieldModel,
    IndexEntry,
    IndexesResponse,
    IndexModel,
    IndexSettings,
)
from searchd.service.indexes.serving import ServedIndexes
from searchd.service.request_errors import AliasNotFoundError, InvalidValueError
from searchd.service.writing.bodies import JsonRoute
from searchd.service.writing.other_sites import refuse_other_sites

_NAME = "letters from a to z, digits, - and _, a letter or digit first"
_Index = Annotated[
    str,
    Path(alias="name", description=f"The name of an index or alias: {_NAME}.", examples=["news"]),
]
_Alias = Annotated[
    str, Path(alias="name", description=f"The name of an alias: {_NAME}.", examples=["daily"])
]


def _error(description: str) -> dict[str, Any]:
    return {"model": ErrorResponse, "description": description}


_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: _error("There is no such index (`index_not_found`) or alias (`alias_not_found`).")
}
_COMMON: dict[int | str, dict[str, Any]] = {
    **GUARDED,
    422: _error("A name or a setting is not possible (`invalid_parameter`)."),
    503: _error("The files cannot be read or written, or another process writes them."),
}
_CHANGES: dict[int | str, dict[str, Any]] = {
    413: _error("The body is too large (`too_large`)."),
    409: _error("What is there does not go with this (`conflict`); nothing was changed."),
    415: _error("The body is no JSON (`unsupported_media_type`)."),
}


def add_reading_routes(app: FastAPI, catalog: IndexCatalog, served: ServedIndexes) -> None:
    """Add the routes that list and describe indexes and aliases."""

    @app.get(
        "/indexes",
        responses=_COMMON,
        dependencies=[Depends(identified)],
        tags=["indexes"],
        summary="List indexes",
    )
    async def indexes(request: Request) -> IndexesResponse:
        """Return the names of the indexes, with the aliases of each.

        A key that is bound to some indexes sees these alone.
        """

        def answer() -> IndexesResponse:
            entries = [
                IndexEntry(name=name, aliases=_aliases_of(catalog, name))
                for name in authorization_of(request.app).visible(request, catalog.names())
            ]
            return IndexesResponse(indexes=entries)

        return await served.admission.run(answer)

    @app.get(
        "/indexes/{name}",
        responses=_NOT_FOUND | _COMMON,
        tags=["indexes"],
        summary="Describe an index",
    )
    async def index(request: Request, name: _Index) -> IndexModel:
        """Return what an index is: its fields, its size and its aliases."""
        found = catalog.resolve(name)
        authorization_of(request.app).check(request, "search", found)
        return await served.admission.run(lambda: _describe(catalog, served, found))

    @app.get(
        "/aliases",
        responses=_COMMON,
        dependencies=[Depends(identified)],
        tags=["aliases"],
        summary="List aliases",
    )
    async def aliases(request: Request) -> AliasesResponse:
        """Return the aliases, each with the index that it names. A key sees those of its indexes."""
        table = catalog.aliases()
        visible = set(authorization_of(request.app).visible(request, table.values()))
        found = [
            AliasModel(alias=name, index=named) for name, named in table.items() if named in visible
        ]
        return AliasesResponse(aliases=found)

    @app.get(
        "/aliases/{name}",
        responses=_NOT_FOUND | _COMMON,
        dependencies=[Depends(identified)],
        tags=["aliases"],
        summary="Get an alias",
    )
    async def alias(request: Request, name: _Alias) -> AliasModel:
        """Return the index that an alias names. To a key for other indexes there is none."""
        found = catalog.aliases().get(name)
        if found is None or not authorization_of(request.app).visible(request, [found]):
            raise AliasNotFoundError(f"there is no alias {name[:80]!r}")
        return AliasModel(alias=name, index=found)


def add_changing_routes(app: FastAPI, catalog: IndexCatalog, served: ServedIndexes) -> None:
    """Add the routes that make and delete indexes and aliases."""
    guards = [Depends(refuse_other_sites)]
    router = APIRouter(route_class=JsonRoute, dependencies=guards)
    _add_index_changes(app, router, catalog, served)
    _add_alias_changes(app, router, catalog)
    app.include_router(router)


def _allow(request: Request, *names: str, scope: Scope = "admin") -> None:
    authorization_of(request.app).check(request, scope, *names)


def _add_index_changes(
    app: FastAPI, router: APIRouter, catalog: IndexCatalog, served: ServedIndexes
) -> None:
    @router.put(
        "/indexes/{name}",
        response_model=IndexModel,
        responses={201: {"model": IndexModel, "description": "The index was made."}}
        | _COMMON
        | _CHANGES,
        tags=["indexes"],
        summary="Make an index",
    )
    async def create_index(
        request: Request, name: _Index, settings: IndexSettings, response: Response
    ) -> IndexModel:
        """Make an empty index. Where there is one with these settings already, nothing happens."""
        _allow(request, name)
        fields = _field_map(settings.fields)

        def create() -> tuple[bool, IndexModel]:
            created = catalog.create(name, fields, settings.title_weight)
            return created, _describe(catalog, served, name)

        created, model = await asyncio.to_thread(create)
        response.status_code = 201 if created else 200
        return model

    @app.delete(
        "/indexes/{name}",
        responses=_NOT_FOUND | _COMMON | {409: _CHANGES[409]},
        dependencies=[Depends(refuse_other_sites)],
        tags=["indexes"],
        summary="Delete an index",
    )
    async def delete_index(request: Request, name: _Index) -> DeletedModel:
        """Delete an index with all of its documents. Searches that run end as they began.

        It takes the name of the index itself; an index that an alias names is not deleted.
        """
        _allow(request, name)
        await asyncio.to_thread(catalog.delete, name)
        served.forget(name)
        return DeletedModel(deleted=name)


def _add_alias_changes(app: FastAPI, router: APIRouter, catalog: IndexCatalog) -> None:
    @router.put(
        "/aliases/{name}",
        responses=_NOT_FOUND | _COMMON | _CHANGES,
        tags=["aliases"],
        summary="Set an alias",
    )
    async def set_alias(request: Request, name: _Alias, settings: AliasSettings) -> ChangedAlias:
        """Let an alias name an index, durably and at once: every later request goes to that index.

        So an index is built anew beside the one that is searched, and then takes its place.
        """
        before = catalog.aliases().get(name)
        _allow(request, name, settings.index, *([before] if before else []))
        replaced = await asyncio.to_thread(catalog.set_alias, name, settings.index)
        return ChangedAlias(alias=name, index=settings.index, before=replaced)

    @app.delete(
        "/aliases/{name}",
        responses=_NOT_FOUND | _COMMON,
        dependencies=[Depends(refuse_other_sites)],
        tags=["aliases"],
        summary="Delete an alias",
    )
    async def delete_alias(request: Request, name: _Alias) -> DeletedModel:
        """Delete an alias. The index that it names stays."""
        _allow(request, name)
        await asyncio.to_thread(catalog.delete_alias, name)
        return DeletedModel(deleted=name)


def _field_map(fields: list[FieldModel]) -> FieldMap:
    """Return the fields of settings. Raises InvalidValueError."""
    try:
        return FieldMap.from_specs(
            FieldSpec(each.name, FieldType(each.type or "keyword"), each.column) for each in fields
        )
    except FieldOptionError as error:
        raise InvalidValueError(str(error), parameter="fields") from None


def _describe(catalog: IndexCatalog, served: ServedIndexes, name: str) -> IndexModel:
    found = generation.read(catalog.directory(name))
    info = served.get_now(name).engine.info()
    return IndexModel.model_validate(
        {
            "name": name,
            "documents": info.documents,
            "bytes": info.bytes,
            "generation": info.generation,
            "created": info.created,
            "title_weight": info.title_weight,
            "fields": [
                {"name": spec.name, "type": spec.type.value, "column": spec.column}
                for spec in found.fields.extra
            ],
            "aliases": _aliases_of(catalog, name),
        }
    )


def _aliases_of(catalog: IndexCatalog, name: str) -> list[str]:
    return [alias for alias, named in catalog.aliases().items() if named == name]
