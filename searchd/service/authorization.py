"""Authorization: what a request may do, which each route asks with `require`."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import Request

from searchd.service.request_errors import ForbiddenError


class Scope(StrEnum):
    """What a route does: change documents, or make, delete and rename indexes."""

    DOCUMENTS = "documents"
    INDEXES = "indexes"


class Authorization(Protocol):
    """Decides whether a request may do something."""

    def __call__(self, request: Request, scope: Scope) -> None:
        """Return where it may. Raises ForbiddenError where not."""
        ...


def require(scope: Scope) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of a route that needs `scope`.

    The `authorization` in the state of the application decides; without one, `loopback_only`. A
    request that a page of another site has sent is refused first.
    """

    async def check(request: Request) -> None:
        refuse_other_sites(request)
        authorization: Authorization = getattr(
            request.app.state, "authorization", None
        ) or loopback_only
        authorization(request, scope)

    return check


def loopback_only(request: Request, _scope: Scope) -> None:
    """Allow what programs of this machine ask for. Raises ForbiddenError for others."""
    client = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        address = None
    mapped = getattr(address, "ipv4_mapped", None)
    if address is None or not (mapped or address).is_loopback:
        raise ForbiddenError("only programs of the machine of the service may change its indexes")


def refuse_other_sites(request: Request) -> None:
    """Raise ForbiddenError for a request that a page of another site has sent.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; other programs send neither.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site and site not in {"same-origin", "none"}:
        raise ForbiddenError("a page of another site may not change an index")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise ForbiddenError("a page of another site may not change an index")
