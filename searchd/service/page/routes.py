"""The routes of the page: search and reading, rendered by the server, and errors as pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from searchd.errors import SearchBudgetError
from searchd.results import Correction
from searchd.service.admission import Admission
from searchd.service.authorization import authorization_of
from searchd.service.limits import ServiceLimits
from searchd.service.models import MAX_QUERY_LENGTH
from searchd.service.page.addresses import (
    LAST_PAGE,
    PAGE_SIZE,
    DocumentAddress,
    SearchAddress,
    with_parameter,
)
from searchd.service.page.books import GROUP_SIZE, group_blocks, grouping_field, neighbours
from searchd.service.page.filters import (
    chosen_filters,
    facet_panels,
    field_names,
    fields_of,
    filter_chips,
    requested_facets,
)
from searchd.service.page.preferences import PARAMETERS, Preferences, read_preferences
from searchd.service.page.problems import Problem, QueryTooLongError, describe
from searchd.service.page.reading import read_part, reading_of
from searchd.service.page.rendering import Words, render, wrong_place
from searchd.service.page.start import start_of
from searchd.service.request_log import note_search
from searchd.similar_results import SimilarDocuments

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

STATIC = Path(__file__).parent / "static"

_SNIPPETS = 2
_SIMILAR = 6
_TELLING_WORDS = 8

_YEAR_SECONDS = 365 * 24 * 3600

_Page = Callable[[Request, Preferences], str]


PAGE_PATHS = ("/", "/read")
"""The paths of the page: an error there is a page too, whoever asks."""


def add_page(
    app: FastAPI, engine: SearchEngine, admission: Admission, limits: ServiceLimits
) -> None:
    """Add the page to the service: `/`, `/read`, its files, and a page for unknown addresses.

    Searches and rendering run in the threads of `admission`, as those of the JSON API do.
    """
    page = _SearchPage(engine, limits)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def search_page(request: Request) -> Response:
        return await respond(request, admission, page.search)

    @app.api_route("/read", methods=["GET", "HEAD"], include_in_schema=False)
    async def reading_page(request: Request) -> Response:
        return await respond(request, admission, page.read)

    add_page_files(app)


def add_page_files(app: FastAPI) -> None:
    """Add the files of the page, and the page for unknown addresses."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_not_found(app)


def _add_not_found(app: FastAPI) -> None:
    """Answer an unknown address with a page where a browser asks, and with JSON otherwise."""
    json_handler = app.exception_handlers[HTTPException]

    async def not_found(request: Request, error: Exception) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            preferences = _preferences(request)
            return _problem_page(request, preferences, Problem(404, "not_found"))
        response: Response = json_handler(request, error)  # type: ignore[assignment]
        return response

    app.add_exception_handler(404, not_found)


def _check_search(request: Request) -> object:
    return authorization_of(request.app).check(request, "search")


async def respond(
    request: Request,
    admission: Admission,
    page: _Page,
    check: Callable[[Request], object] = _check_search,
) -> Response:
    """Return a page, or the page of what is wrong; `check` raises for who may not see it."""
    changed = [name for name in PARAMETERS if name in request.query_params]
    if changed:
        return _remember(request, changed)
    preferences = _preferences(request)
    try:
        check(request)
        html = await admission.run(lambda: page(request, preferences))
    except Exception as error:  # noqa: BLE001 - `describe` logs what it does not know
        return error_page(request, error)
    return _html(html, preferences)


def error_page(request: Request, error: Exception) -> Response:
    """Return the page of what is wrong; with status 401 the browser asks for a key."""
    return _problem_page(request, _preferences(request), describe(request, error))


def _remember(request: Request, changed: list[str]) -> Response:
    """Keep preferences in cookies, and send the reader on to the address without them."""
    path, parameters = _here(request)
    response = RedirectResponse(with_parameter(path, parameters, dict.fromkeys(changed, "")), 303)
    for name in changed:
        value = request.query_params[name]
        if value in PARAMETERS[name]:
            # Without a path it holds for the folder of the page, also below the path of a proxy.
            response.set_cookie(
                name, value, _YEAR_SECONDS, path=None, httponly=True, samesite="lax"
            )
    return response


def _here(request: Request) -> tuple[str, list[tuple[str, str]]]:
    """Return the relative path of an address, and its parameters."""
    return request.url.path.rpartition("/")[2] or "./", request.query_params.multi_items()


def _preferences(request: Request) -> Preferences:
    return read_preferences(request.cookies, request.headers.get("accept-language", ""))


def _html(text: str, preferences: Preferences, status: int = 200) -> HTMLResponse:
    headers = {"Content-Language": preferences.language, "Vary": "Cookie, Accept-Language"}
    return HTMLResponse(text, status, headers)


def _problem_page(request: Request, preferences: Preferences, problem: Problem) -> Response:
    address = SearchAddress.read(request.query_params.multi_items())
    if problem.code == "not_found":
        address = SearchAddress()
    html = render(
        "problem.html",
        preferences,
        **frame(request, address),
        problem=problem,
        reason=problem.reason(preferences.language),
        wrong_place=wrong_place(address.query, problem.position),
        again=with_parameter(*_here(request), {}),
        most=MAX_QUERY_LENGTH,
    )
    response = _html(html, preferences, problem.status)
    response.headers.update(dict(problem.headers))
    if problem.status == 401:  # the browser asks for the key, as a password
        response.headers["WWW-Authenticate"] = 'Basic realm="searchd", charset="UTF-8"'
    return response


def frame(request: Request, address: SearchAddress | None = None) -> dict[str, object]:
    """Return what the frame of every page needs: the search of the box, and the links of the head."""
    address = address or SearchAddress()
    path, parameters = _here(request)
    # Links of a page below an unknown address must lead out of its folders.
    depth = request.url.path.count("/") - 1
    return {
        "address": address,
        "place_of": lambda document_id: DocumentAddress(document_id, address),
        "root": "../" * depth or "./",
        "setting": lambda name, value: with_parameter(path, parameters, {name: value}),
    }


class _SearchPage:
    """Makes the pages of one engine."""

    def __init__(self, engine: SearchEngine, limits: ServiceLimits) -> None:
        self._engine = engine
        self._limits = limits

    def search(self, request: Request, preferences: Preferences) -> str:
        """Return the results of the address, or the empty start where it asks for nothing."""
        address = SearchAddress.read(request.query_params.multi_items())
        own_frame = frame(request, address)
        if not address.query and not address.is_narrowed:
            start = start_of(self._engine, address, self._limits.search_seconds)
            names = field_names(self._engine.info())
            return render("start.html", preferences, **own_frame, start=start, field_names=names)
        if len(address.query) > MAX_QUERY_LENGTH:
            raise QueryTooLongError
        seconds = self._limits.search_seconds
        info, deadline = self._engine.info(), monotonic() + seconds
        results = self._engine.search(
            address.query or "*",
            limit=PAGE_SIZE,
            offset=address.offset,
            filters=address.filters,
            facets=requested_facets(info, address),
            facet_filters=chosen_filters(address),
            sort=address.sort or None,
            snippets=1 if address.group else _SNIPPETS,
            group_by=address.group or None,
            group_size=GROUP_SIZE,
            correct="never",
            timeout=seconds,
        )
        if address.query and address.page == 1:
            note_search(request, address.query, results.total)
        entries = results.total if results.group_count is None else results.group_count
        pages = min(-(-entries // PAGE_SIZE), LAST_PAGE)
        return render(
            "results.html",
            preferences,
            **own_frame,
            results=results,
            pages=pages,
            groups=group_blocks(results, address),
            group_field=grouping_field(info, address),
            panels=facet_panels(results, address),
            chips=filter_chips(address),
            correction=self._correction(address, deadline),
            field_names=field_names(info),
        )

    def _correction(self, address: SearchAddress, deadline: float) -> Correction | None:
        """Return the query that was likely meant, also where its words exist: on the first page.

        None where it takes more than a quarter of the time of a search, or no time is left.
        """
        left = min(deadline - monotonic(), self._limits.search_seconds / 4)
        if not address.query or address.page > 1 or left <= 0:
            return None
        with suppress(SearchBudgetError):
            return self._engine.correct(address.query, timeout=left)
        return None

    def _similar(self, place: DocumentAddress, deadline: float) -> SimilarDocuments | None:
        """Return documents like one, None where no time is left: the text is what matters."""
        left = deadline - monotonic()
        if left <= 0:
            return None
        with suppress(SearchBudgetError):
            return self._engine.similar(place.id, limit=_SIMILAR, snippets=0, timeout=left)
        return None

    def read(self, request: Request, preferences: Preferences) -> str:
        """Return a document, at the place of the address and with the matches of its query."""
        place = DocumentAddress.read(request.query_params.multi_items())
        if len(place.query) > MAX_QUERY_LENGTH:
            raise QueryTooLongError
        seconds = self._limits.search_seconds
        deadline = monotonic() + seconds
        part = read_part(self._engine, place, seconds)
        words, similar = Words(preferences), self._similar(place, deadline)
        return render(
            "read.html",
            preferences,
            **frame(request, place.search),
            place=place,
            neighbours=neighbours(self._engine, place),
            reading=reading_of(part, place, words),
            fields=fields_of(part.document, self._engine.info(), words),
            everything=SearchAddress(),
            similar=similar,
            similar_words=[term.text for term in similar.terms][:_TELLING_WORDS] if similar else [],
            numbering=words.formatting.numbering,
        )
