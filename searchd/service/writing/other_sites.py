"""Requests that pages of other sites send, which may change nothing here."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from searchd.service.request_errors import ForbiddenError


async def refuse_other_sites(request: Request) -> None:
    """Raise ForbiddenError for a request that a page of another site has sent.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin` alone; other programs send neither.
    A request with an API key passes: a browser asks before it sends one, and CORS decides that.
    It is a dependency of every route that changes something.
    """
    kind = request.headers.get("authorization", "").partition(" ")[0].lower()
    if kind == "bearer" or "x-api-key" in request.headers:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_own = site in {"same-origin", "none"}
    else:
        is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    if not is_own:
        raise ForbiddenError("a page of another site may not change an index")
