"""Who may do what: API keys, the loopback without keys, and rate limits.

`require(scope)` is the dependency of a route:

    @app.post("/documents", dependencies=[Depends(require("documents"))])

Where there are keys, every caller needs one with the scope; `public_search` lets searches pass
without. Where there is no key, only this machine is answered: a client on the loopback. What comes
through a proxy, or from a page of another site, which headers tell, may search and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable, Iterable
from copy import copy
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from searchd.api_keys import ApiKey, KeyFile, Scope, find_key, now
from searchd.errors import KeyFileError
from searchd.service.error_models import ErrorResponse
from searchd.service.errors import AccessDeniedError, RateLimitedError
from searchd.service.hosts import is_loopback_address
from searchd.service.rate_limits import Limiter, caller_of

_LOG = logging.getLogger("searchd.service")

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers that proxies add."""

GUARDED: dict[int | str, dict[str, Any]] = {
    401: {
        "model": ErrorResponse,
        "description": "An API key is needed (`key_missing`), or the one that was sent is unknown, "
        "revoked or expired (`key_invalid`).",
    },
    403: {
        "model": ErrorResponse,
        "description": "The API key does not allow this, or there are no keys and the client is "
        "on another machine (`forbidden`).",
    },
    429: {
        "model": ErrorResponse,
        "description": "Too many requests (`rate_limited`); `Retry-After` says when to try again.",
    },
}
"""What a route with `require` may answer, for its `responses`."""

_HOW_TO_SEND = "send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'"

# For the OpenAPI document, and for what `Authorization: Bearer` and X-Api-Key are called there.
_BEARER = HTTPBearer(auto_error=False, description="An API key of 'searchd keys create'.")
_HEADER = APIKeyHeader(
    name="X-Api-Key", auto_error=False, description="The same in another header."
)


@dataclass(slots=True)
class AccessRules:
    """What may be changed of an authorization while it is used, for all indexes of its service.

    With `public_search` the scope search needs no key. `address_limit` counts requests without a right
    key, by address; `key_limit` the others, by key.
    """

    public_search: bool
    address_limit: Limiter | None
    key_limit: Limiter | None


class _LastKeys:
    """The keys of a key file, and while it cannot be read those that it had last."""

    def __init__(self, file: KeyFile | None) -> None:
        """Read the keys, none where there is no file. Raises KeyFileError."""
        self._file = file
        self._error = ""
        self.last: tuple[ApiKey, ...] = () if file is None else file.keys()

    def now(self) -> tuple[ApiKey, ...]:
        """Return the keys as they are now."""
        if self._file is not None:
            try:
                self.last, self._error = self._file.keys(), ""
            except KeyFileError as error:
                if str(error) != self._error:
                    _LOG.error("the keys stay as they were: %s", error)
                    self._error = str(error)
        return self.last


class Authorization:
    """Decides whether a request may do what it asks for.

    `keys` is the key file, None where there are no keys; `index` the name of the index, which keys
    may be bound to. `local_only` refuses, where there are no keys, clients that are not on the loopback; a
    program that makes an application of its own guards its searches itself and leaves it False. The
    others are those of `AccessRules`.

    Raises KeyFileError for a key file that cannot be used. One that is damaged later leaves the keys as
    they were.
    """

    def __init__(
        self,
        keys: KeyFile | None = None,
        *,
        index: str = "",
        public_search: bool = False,
        local_only: bool = False,
        address_limit: Limiter | None = None,
        key_limit: Limiter | None = None,
    ) -> None:
        self._keys = _LastKeys(keys)
        self.index = index
        self.rules = AccessRules(public_search, address_limit, key_limit)
        self.local_only = local_only

    def for_index(self, index: str) -> Authorization:
        """Return the same for another index of the service: it has the same keys and rules."""
        other = copy(self)
        other.index = index
        return other

    def check(self, request: Request, scope: Scope, *indexes: str) -> ApiKey | None:
        """Return the key of a request that may do what it asks for, None where it needs no key.

        `indexes` are the names of other indexes than that of the service; for several the request
        counts once. Raises AccessDeniedError (401 for a key that is missing, unknown or expired, 403
        for one that does not allow it) and RateLimitedError. The id of the key is in
        `request.state.api_key_id` for logs.
        """
        key = self.identify(request, scope)
        self.check_indexes(key, scope, indexes or (self.index,))
        return key

    def check_indexes(self, key: ApiKey | None, scope: Scope, indexes: Iterable[str]) -> None:
        """Raise AccessDeniedError where the key of an identified request does not allow all indexes."""
        if key is not None and not all(key.allows(scope, index) for index in indexes):
            raise _forbidden(scope, key)

    def visible(self, request: Request, names: Iterable[str]) -> list[str]:
        """Return those of the indexes that an identified request may search.

        `identify` was called for it. Of a key these are the indexes that it is bound to.
        """
        key_id = request.state.api_key_id
        if key_id is None:
            return list(names)
        key = next((each for each in self._keys.last if each.id == key_id), None)
        return [name for name in names if key is not None and key.allows("search", name)]

    def identify(self, request: Request, scope: Scope = "search") -> ApiKey | None:
        """Return the key of a request, None where it needs none for this scope on some index.

        Whether the key allows it on an index is left to `visible` and `check_indexes`. Raises like
        `check`.
        """
        key = self.authenticate(request, scope)
        if key is not None and scope not in key.scopes and "admin" not in key.scopes:
            raise _forbidden(scope, key)
        return key

    def check_name(self, key: ApiKey | None, name: str) -> None:
        """Raise AccessDeniedError where the key of an authenticated request is for other indexes."""
        if key is not None and not key.is_for(name):
            raise AccessDeniedError(403, "forbidden", f"the API key {key.id} is for other indexes")

    def authenticate(self, request: Request, scope: Scope) -> ApiKey | None:
        """Return the key of a request, whatever it allows, None where it needs none for this scope.

        A request counts once for the rate limits, however often it is authenticated. Raises like
        `check`, but not for a key without the scope.
        """
        keys = self._keys.now()
        presented = _presented(request, scope)
        key = find_key(presented, keys) if presented else None
        if key is not None and key.is_expired(now()):
            key = None
        self._count(request, key)
        request.state.api_key_id = key.id if key else None
        if key is not None:
            return key
        if presented and keys:
            raise AccessDeniedError(
                401, "key_invalid", f"the API key is unknown, revoked or expired; {_HOW_TO_SEND}"
            )
        if scope == "search" and self.rules.public_search:
            return None
        if keys:
            raise AccessDeniedError(
                401, "key_missing", f"an API key with the scope {scope} is needed; {_HOW_TO_SEND}"
            )
        self._check_local(request, scope)
        return None

    def _count(self, request: Request, key: ApiKey | None) -> None:
        if getattr(request.state, "is_counted", False):
            return
        request.state.is_counted = True
        address = request.client.host if request.client else ""
        caller = caller_of(address) if key is None else key.id
        limiter = self.rules.address_limit if key is None else self.rules.key_limit
        wait = 0.0 if limiter is None else limiter.wait_of(caller)
        if wait:
            raise RateLimitedError(wait)

    def _check_local(self, request: Request, scope: Scope) -> None:
        if scope == "search" and not self.local_only:
            return
        is_direct = not any(name in request.headers for name in _FORWARDED)
        if is_loopback(request) and (
            scope == "search" or (is_direct and not _is_of_another_site(request))
        ):
            return
        raise AccessDeniedError(
            403,
            "forbidden",
            "this service has no API keys, so it answers only its own machine; make a key with "
            "'searchd keys create'" + (", or allow --public-search" if scope == "search" else ""),
        )


def require(
    scope: Scope,
) -> Callable[..., Awaitable[ApiKey | None]]:
    """Return the dependency of a route that needs a scope; it gives the key, None for no key."""

    async def required(
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)] = None,
        _header: Annotated[object, Security(_HEADER)] = None,
    ) -> ApiKey | None:
        return authorization_of(request.app).check(request, scope)

    return required


async def identified(
    request: Request,
    _bearer: Annotated[object, Security(_BEARER)] = None,
    _header: Annotated[object, Security(_HEADER)] = None,
) -> ApiKey | None:
    """Return the key of a request that may search some index: the dependency of a list of them."""
    return authorization_of(request.app).identify(request)


def authorization_of(app: FastAPI) -> Authorization:
    """Return the authorization of an application that `create_app` made."""
    authorization: Authorization = app.state.authorization
    return authorization


def is_loopback(request: Request) -> bool:
    """Whether the client is on this machine, by its address; a Unix socket is."""
    if request.client is None:
        return True
    return is_loopback_address(request.client.host)


def _is_of_another_site(request: Request) -> bool:
    """Whether a page of another site made a browser on this machine send the request.

    Such pages cannot read the answer, but could change documents without a key.
    """
    if request.headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _presented(request: Request, scope: Scope) -> str:
    """Return the key that a request has, "" for none.

    For searches it may be the password of HTTP Basic, which browsers ask for. They send it with
    requests that other sites make, so it allows nothing else.
    """
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic" and scope == "search":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return request.headers.get("x-api-key", "").strip()


def _forbidden(scope: Scope, key: ApiKey) -> AccessDeniedError:
    return AccessDeniedError(
        403,
        "forbidden",
        f"the API key {key.id} does not allow the scope {scope} on this index; "
        "make another with 'searchd keys create'",
    )
