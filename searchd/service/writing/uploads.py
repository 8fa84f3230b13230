"""Uploads: the bodies of requests as temporary files, so that none is held in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request

from indexer.errors import IndexAccessError
from indexer.temporary_folder import TemporaryFolder
from searchd.service.writing.bodies import bounded

_STEP_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A body in a file, which is deleted by `delete`. `size` is in bytes."""

    path: Path
    size: int

    def delete(self) -> None:
        """Delete the file. It may be gone."""
        self.path.unlink(missing_ok=True)


class Uploads:
    """The uploads of one process, in a folder that is made with the first of them."""

    def __init__(self, most_bytes: int | None) -> None:
        self._most = most_bytes
        self._folder: TemporaryFolder | None = None
        self._making = asyncio.Lock()
        self._count = 0

    async def receive(self, request: Request) -> Upload:
        """Return the body of a request as a file.

        Raises BodyTooLargeError, starlette's ClientDisconnect where the client is gone before the
        end, and IndexAccessError where the file cannot be written.
        """
        body = Request(request.scope, bounded(request.receive, self._most))
        try:
            path = await self._new_path()
            size = await _spool(body, path)
        except OSError as error:
            folder = self._folder.path if self._folder else "the folder of temporary files"
            raise IndexAccessError(
                f"the body cannot be kept in {folder} until it is read ({error}); make room "
                f"there, or name another folder in the environment variable TMPDIR"
            ) from error
        return Upload(path, size)

    def close(self) -> None:
        """Delete all uploads."""
        if self._folder is not None:
            self._folder.close()

    async def _new_path(self) -> Path:
        async with self._making:
            folder = self._folder
            if folder is None or not folder.path.is_dir():
                self._folder = None
                # The first folder of a process deletes those of killed ones, which may be large.
                folder = self._folder = await asyncio.to_thread(TemporaryFolder)
        self._count += 1
        return folder.path / str(self._count)


async def _spool(request: Request, path: Path) -> int:
    """Write a body to a new file, in steps that do not hold the event loop up; return its size.

    Of a body that does not arrive whole nothing stays.
    """
    size = 0
    pending = bytearray()
    try:
        with path.open("xb") as file:
            async for chunk in request.stream():
                pending += chunk
                size += len(chunk)
                if len(pending) >= _STEP_BYTES:
                    await asyncio.to_thread(file.write, bytes(pending))
                    pending.clear()
            file.write(pending)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size
