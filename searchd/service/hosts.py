"""ASGI middleware that answers only requests for the hosts of the service.

A page of another site whose name points to this machine (DNS rebinding) could otherwise read what
a local service answers. Its requests carry the name of that site in the header Host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from searchd.service.errors import error_response

ANY_HOST = "*"
"""Allows every host."""

ANY_ADDRESS = "*address*"
"""Allows every IP address: a page of another site has a name, which is what must not pass."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def hosts_of(host: str, bound: str) -> list[str]:
    """Return the hosts of a service: `host` as the user wrote it, and the IP address it is `bound` to.

    A loopback address has all the names of one. A service on all addresses (0.0.0.0 and ::) has
    every address, and the names of the loopback.
    """
    address = ipaddress.ip_address(bound.partition("%")[0])
    hosts = [host, bound]
    if address.is_unspecified:
        hosts.append(ANY_ADDRESS)
    if address.is_unspecified or address.is_loopback:
        hosts += _LOOPBACK
    return list(dict.fromkeys(hosts))


def is_loopback_address(address: str) -> bool:
    """Whether an IP address is one of the loopback, also as IPv6 writes one of IPv4."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


class AllowedHosts:
    """Answers 421 to a request whose Host is not allowed, whatever its path.

    `hosts` are names and addresses without a port; `*.example.org` allows every name below
    `example.org`. A request without Host, which only HTTP/1.0 allows, passes: no browser sends it.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(map(_normalize, hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            for name, value in scope["headers"]:
                if name == b"host" and not self._allows(value.decode("latin-1")):
                    await _refusal(value)(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    def _allows(self, header: str) -> bool:
        host = _normalize(_without_port(header))
        if host in self._hosts or ANY_HOST in self._hosts:
            return True
        if ANY_ADDRESS in self._hosts and _is_address(host):
            return True
        parts = host.split(".")
        return any("*." + ".".join(parts[cut:]) in self._hosts for cut in range(1, len(parts)))


def _refusal(value: bytes) -> ASGIApp:
    quoted = value[:80].decode("latin-1")
    return error_response(
        421,
        "wrong_host",
        f"this service does not answer for the host '{quoted}'; "
        "start it with 'searchd serve --allowed-host NAME' to allow the name",
    )


def _without_port(header: str) -> str:
    """Return the host of a header: `name`, `name:port`, `[address]` or `[address]:port`."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def _normalize(host: str) -> str:
    """Return a host as it is compared: lower case, no final dot, IDNA, the short form of IPv6."""
    host = host.strip().strip("[]").rstrip(".").lower()
    if _is_address(host):
        return str(ipaddress.ip_address(host))
    if not host.isascii():
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
