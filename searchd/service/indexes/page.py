"""The page of a service of several indexes: a list of those that the reader may search."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from indexer import generation
from indexer.errors import IndexerError
from searchd.service.admission import Admission
from searchd.service.authorization import authorization_of
from searchd.service.indexes.catalog import IndexCatalog
from searchd.service.page.preferences import Preferences
from searchd.service.page.rendering import render
from searchd.service.page.routes import add_page_files, frame, respond


@dataclass(frozen=True, slots=True)
class IndexLink:
    """An index of the list, with the address of its page; `documents` is None where it cannot be read."""

    name: str
    url: str
    documents: int | None
    aliases: tuple[str, ...]


def add_index_list(app: FastAPI, catalog: IndexCatalog, admission: Admission) -> None:
    """Add the list at `/` for browsers; programs are told, as before, that there is nothing."""

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index_list(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            raise HTTPException(404)
        authorization = authorization_of(request.app)

        def page(request: Request, preferences: Preferences) -> str:
            links = [
                link_to(catalog, name) for name in authorization.visible(request, catalog.names())
            ]
            return render("indexes.html", preferences, **frame(request), indexes=links)

        return await respond(request, admission, page, authorization.identify)

    add_page_files(app)


def link_to(catalog: IndexCatalog, name: str) -> IndexLink:
    """Return the link to an index; its documents are counted without opening it."""
    try:
        segments = generation.read(catalog.directory(name)).segments
        documents = sum(each.documents - each.deleted for each in segments)
    except IndexerError:
        documents = None
    aliases = tuple(alias for alias, named in catalog.aliases().items() if named == name)
    return IndexLink(name, f"indexes/{name}/", documents, aliases)
