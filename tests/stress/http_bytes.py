"""Bytes that clients of HTTP send, rightly and wrongly: requests, drawn and spoiled at random."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from urllib.parse import quote

JSON = "application/json"
LINES = "application/x-ndjson"
PATHS = (
    "/", "/health", "/ready", "/indexes", "/indexes/a", "/aliases", "/aliases/a", "/tasks", "/tasks/1", "/metrics",
    "/search", "/indexes/a/search", "/analyze", "/suggest", "/documents", "/documents/law", "/documents/law/similar",
    "/documents/delete", "/multi-search", "/files", "/nothing", "/openapi.json", "//", "/../etc", "/%00", "/%ff%fe",
    "/documents/%D9", "*", "http://a/search", "search",
)  # fmt: skip
VALUES = (
    "كتاب", '"الحشد الشعبي"', "*", "a~9", "(" * 300, "-1", "0", "1e400", "9" * 400, "\0", "\ud800", "a" * 5000, "",
    "section = أ", "date >= 9999999", "[", "]", "\u202e", "AND AND", "true", "NaN", "😀" * 90,
)  # fmt: skip
PARAMETERS = (
    "q", "filter", "limit", "offset", "sort", "facets", "cursor", "group_by", "syntax", "snippets", "timeout", "text",
    "prefix", "fields", "highlight", "unknown", "format", "wait",
)  # fmt: skip
BODIES = (
    b'{"id": "1", "text": "\xd9\x86\xd8\xb5"}', b'[{"id": 1}]', b'{"queries": [{"q": "a"}, {"q": 5}]}', b"{", b"[" * 5000,
    b'{"id": "\\ud800", "text": 5}', b"\xff\xfe", b"null", b'{"ids": ["a"]}', b'{"filter": "section = a"}', b"\n" * 99,
    b'{"fields": [{"name": "a", "type": "x"}]}', b'{"index": "nothing"}', b'{"text": ' + b"9" * 5000 + b"}", b"",
)  # fmt: skip
HEADERS = (
    "Expect: 100-continue", "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close", "Connection: keep-alive",
    "Accept-Encoding: gzip, zstd, \0", "Range: bytes=0-", "If-None-Match: *", 'If-None-Match: "' + "a" * 999 + '"',
    "Cookie: lang=" + "x" * 3000, "Authorization: Bearer x", "Authorization: \xff", "Content-Type: \xff/;;;charset=zz",
    "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Content-Length: 5", "Content-Length: -1",
    "Content-Length: 99999999999999999999", "X: " + "a" * 70_000, "If-Modified-Since: yesterday", " folded", "no colon",
    "X-Forwarded-For: 1", "Accept-Language: " + ",".join(["ar;q=0.1"] * 200), "Content-Encoding: gzip",
)  # fmt: skip


def request(chance: random.Random) -> bytes:
    """Return a request, most often well-formed, of a route, parameters, headers and a body at random."""
    target = chance.choice(PATHS)
    if chance.random() < 0.7:
        pairs = [
            f"{chance.choice(PARAMETERS)}={quote(chance.choice(VALUES).encode('utf-8', 'replace'))}"
            for _ in range(chance.randrange(4))
        ]
        target = f"{target}?{'&'.join(pairs)}"
    method = chance.choice(
        ("GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "FOO", "get")
    )
    body = (
        chance.choice(BODIES)
        if method in ("POST", "PUT", "PATCH") or chance.random() < 0.1
        else b""
    )
    head = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    if body:
        head.append(f"Content-Type: {chance.choice((JSON, JSON, LINES, 'text/plain'))}")
        if chance.random() < 0.3:
            head.append("Transfer-Encoding: chunked")
            body = _chunked(chance, body)
        else:
            head.append(f"Content-Length: {len(body) + chance.choice((0, 0, 0, 0, -1, 7))}")
    while chance.random() < 0.4:
        head.append(chance.choice(HEADERS))
    return "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _chunked(chance: random.Random, body: bytes) -> bytes:
    parts = []
    while body:
        size = chance.randrange(1, len(body) + 1)
        length = chance.choice((b"%x" % size,) * 9 + (b"zz", b"-1", b"f" * 30, b"%x;a=b" % size))
        parts.append(length + b"\r\n" + body[:size] + b"\r\n")
        body = body[size:]
    return b"".join(parts) + (b"0\r\n\r\n" if chance.random() < 0.9 else b"0\r\nA: b\r\n")


def spoiled(chance: random.Random, data: bytes) -> bytes:
    """Return data with bytes that are changed, lost or doubled."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        end = min(len(changed), at + chance.choice((1, 1, 4, 40)))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end] * chance.choice((1, 1, 50))
            case 3:
                changed[at:at] = chance.choice(
                    (b"\r\n", b"\n", b"\0", b"\r", b" ", b"\r\n\r\n", b":")
                )
    return bytes(changed)


def conversation(chance: random.Random) -> list[bytes]:
    """Return the pieces that one client sends on a connection, with a pause after each."""
    match chance.randrange(8):
        case 0:
            return [chance.randbytes(chance.randrange(1, 3000))]
        case 1:
            return [request(chance)[: chance.randrange(1, 80)]]
        case 2:
            return [b"".join(request(chance) for _ in range(chance.randrange(2, 30)))]
        case 3:
            data = request(chance)
            step = max(len(data) // 6, 1)
            return [data[start : start + step] for start in range(0, len(data), step)]
        case 4 | 5:
            return [spoiled(chance, request(chance))]
        case _:
            return [request(chance)]


def send(
    port: int, pieces: list[bytes], answered: Callable[[bytes], None], seconds: float = 0.3
) -> None:
    """Send pieces on a new connection, and pass on what comes back until nothing does."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.settimeout(seconds)
        try:
            for piece in pieces:
                connection.sendall(piece)
                if len(pieces) > 1:
                    time.sleep(0.002)
            while data := connection.recv(1 << 16):
                answered(data)
        except OSError:
            return
