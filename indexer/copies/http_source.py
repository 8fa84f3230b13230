"""A primary over HTTP: the service of an index lists its newest generation and gives its files.

Only the standard library is used, so that a replica needs no packages of the service. Redirections
are not followed: they would take the key to another host.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from indexer import generation as generations
from indexer.copies.held_files import COPIED_AT_ONCE, Written, check_names
from indexer.copies.installing import FileGoneError
from indexer.copies.replica import Primary, PrimarySource, is_copy_of_size
from indexer.errors import ReplicaError

SECONDS = 30
"""How long a primary may be silent."""

_TRIES = 5
"""How often a file is asked for on from where its transfer was cut off, without any progress."""

PAUSE = 0.5
"""Seconds before a file is asked for again, for each time without progress."""

_PASSING = (429, 502, 503, 504)
"""What a primary answers that is busy, or starts again behind a proxy."""

_REFRESHES = 20
"""How often the newest generation may be replaced while it is copied."""

_MOST_LISTED = 2 * generations.MAX_GENERATION_BYTES
_HINTS = {
    401: "give a key with --key",
    403: "give a key with the scope replicate or admin for this index with --key",
    404: "name the address of an index, such as http://HOST:8000 or http://HOST:8000/indexes/NAME",
    429: "allow more with the rate limits of the primary, or ask less often with --every",
}


def content_tag(content: bytes) -> str:
    """Return the ETag of a generation, by what its `searchd.json` holds."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def http_primary(address: str, key: str | None = None) -> Primary:
    """Return the primary that is served at an address, of http or https.

    Raises ReplicaError for what is no such address.
    """
    address = address.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise ReplicaError(
            f"{address} is no address of an index; write http://HOST:PORT or https://HOST/PATH, and "
            f"give a key with --key"
        )
    client = _Client(address, key)

    def open_source(known: bytes | None) -> PrimarySource | None:
        listed = client.listed(known)
        return None if listed is None else HttpSource(client, *listed)

    return Primary(address, open_source)


class TransferError(Exception):
    """A transfer was cut off; it may be begun again where it ended."""


class _NoRedirections(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


class _Client:
    def __init__(self, address: str, key: str | None) -> None:
        self.address = address
        self._headers = {"User-Agent": "searchd"} | ({"X-Api-Key": key} if key else {})
        self._opener = build_opener(_NoRedirections)

    def listed(self, known: bytes | None) -> tuple[bytes, dict[str, int]] | None:
        """Return the content of the newest generation and the sizes of its files, None if known."""
        headers = {} if known is None else {"If-None-Match": content_tag(known)}
        with self._reporting():
            try:
                with self.get("/replication", headers) as answer:
                    data = answer.read(_MOST_LISTED)
            except HTTPError as error:
                if error.code == http.HTTPStatus.NOT_MODIFIED:
                    return None
                raise
        try:
            values = json.loads(data)
            content = str(values["content"]).encode()
            sizes = {str(file["name"]): int(file["size"]) for file in values["files"]}
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ReplicaError(
                f"{self.address}/replication does not answer as searchd does ({error}); {_HINTS[404]}"
            ) from error
        return content, sizes

    def part(self, name: str, start: int, size: int, write: Written) -> None:
        """Give a file from `start` on to `write`.

        Raises FileGoneError, ReplicaError where the primary refuses, and TransferError where the
        transfer was cut off. What `write` raises passes through.
        """
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._transferring():
            answer = self.get(f"/replication/files/{name}", headers)
        with answer:
            if start and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
                raise ReplicaError(
                    f"{self.address} answers parts of files with the whole; let no proxy "
                    f"remove the header Range"
                )
            while start < size:
                with self._transferring():
                    data = answer.read(min(COPIED_AT_ONCE, size - start))
                if not data:
                    return
                write(data)
                start += len(data)

    def get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Ask for a path. Raises HTTPError, which is closed but for the start of its body."""
        request = Request(self.address + path, headers=self._headers | headers)
        try:
            opened: http.client.HTTPResponse = self._opener.open(request, timeout=SECONDS)
        except HTTPError as error:
            with error:
                body = io.BytesIO(error.read(100_000))
            raise HTTPError(error.url, error.code, error.reason, error.headers, body) from None
        return opened

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except HTTPError as error:
            hint = _HINTS.get(error.code, "see the log of the primary")
            raise ReplicaError(
                f"{self.address} answers {error.code} {_message_of(error)}; {hint}"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(getattr(error, "reason", None) or error) from error

    @contextmanager
    def _transferring(self) -> Iterator[None]:
        try:
            yield
        except HTTPError as error:
            if error.code == http.HTTPStatus.NOT_FOUND:
                raise FileGoneError from error
            if error.code in _PASSING:
                raise TransferError(error) from error
            with self._reporting():
                raise
        except (OSError, http.client.HTTPException) as error:
            raise TransferError(error) from error

    def _unreachable(self, reason: object) -> ReplicaError:
        return ReplicaError(
            f"{self.address} cannot be reached ({reason}); check the address, and that the primary runs"
        )

    def cut_off(self, name: str, reason: object) -> ReplicaError:
        """Return the error for a file whose transfer does not get on."""
        return ReplicaError(
            f"the transfer of {name} from {self.address} was cut off {_TRIES} times ({reason}); try "
            f"again, or check the network and the time-outs of proxies"
        )


class HttpSource:
    """The newest generation of a primary over HTTP."""

    def __init__(self, client: _Client, content: bytes, sizes: dict[str, int]) -> None:
        """Take what the primary has listed. Raises IndexDamagedError, IndexMismatchError."""
        self._client = client
        self._refreshes = 0
        self._set(content, sizes)

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return self._sizes[name]

    def copy(self, name: str, write: Written) -> None:
        """Give a file to `write`; go on where a transfer was cut off. Raises FileGoneError."""
        done, tries, size = 0, 0, self.size(name)
        reason: object = "the connection was closed"

        def count(data: bytes) -> None:
            nonlocal done
            write(data)
            done += len(data)

        while done < size:
            before = done
            try:
                self._client.part(name, done, size, count)
            except TransferError as error:
                reason = error
            tries = 0 if done > before else tries + 1
            if tries == _TRIES:
                raise self._client.cut_off(name, reason)
            time.sleep(PAUSE * tries)

    def refresh(self) -> None:
        """Ask for the newest generation. Raises ReplicaError where it changes all the time."""
        self._refreshes += 1
        listed = self._client.listed(None)
        if listed is None or self._refreshes > _REFRESHES:
            raise ReplicaError(
                f"{self._client.address} was changed {_REFRESHES} times while it was copied; try again "
                f"when it is written to less often"
            )
        self._set(*listed)

    def is_copy(self, name: str, path: Path, *, is_named: bool) -> bool:
        """Whether a path has a file already."""
        return is_copy_of_size(path, self.size(name), is_named=is_named)

    def _set(self, content: bytes, sizes: dict[str, int]) -> None:
        where = Path(f"{self._client.address}/replication")
        generation = generations.parse(where, content)
        check_names(generation, where)
        missing = set(generation.file_names) - sizes.keys()
        if missing:
            raise ReplicaError(
                f"{where} lists no size of {min(missing)}; upgrade the primary and the replica to the "
                f"same version"
            )
        self.content, self._sizes = content, sizes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """There is nothing to close."""


def _message_of(error: IO[bytes] | HTTPError) -> str:
    """Return the message of an error of searchd, or what the status says."""
    try:
        return str(json.loads(error.read(100_000))["error"]["message"])
    except (ValueError, LookupError, TypeError, OSError):
        return str(getattr(error, "reason", ""))
