"""Routes for replicas: the newest generation of an index, and the files that it names."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated, Any, BinaryIO

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from indexer import generation as generations
from indexer.copies.held_files import HeldFiles
from indexer.copies.http_source import content_tag
from indexer.errors import IndexAccessError
from searchd.service.admission import Admission
from searchd.service.authorization import GUARDED, require
from searchd.service.error_models import ErrorResponse

_HASH = "0f" * 16
_AT_ONCE = 1 << 18
"""Bytes that are read and sent at once."""


class ReplicatedFile(BaseModel):
    """A file of a generation."""

    name: str = Field(description="Its name.", examples=[f"{_HASH}.segment"])
    size: int = Field(description="Its size in bytes.", examples=[123_456])


class ReplicationResponse(BaseModel):
    """The newest generation of an index."""

    generation: int = Field(description="Its number.", examples=[12])
    content: str = Field(
        description="What `searchd.json` holds, to be stored as it is after all files.",
        examples=['{"number": 12}'],
    )
    files: list[ReplicatedFile] = Field(description="The files that it names.")


_UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    503: {"model": ErrorResponse, "description": "The index is missing, damaged or unreadable."}
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {
        "model": ErrorResponse,
        "description": "The newest generation has no such file (`not_found`); ask for it again.",
    },
    416: {"model": ErrorResponse, "description": "The file has no such part (`http`)."},
    422: {"model": ErrorResponse, "description": "The name cannot be read."},
}
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The replica has this generation already."}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file."},
    206: {"description": "A part of the file, for the header `Range: bytes=FIRST-[LAST]`."},
}
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})?", re.ASCII)
"""One part of a file, from its start. Other ranges are ignored, as a server may."""


def add_replication_routes(app: FastAPI, directory: FilePath, admission: Admission) -> None:
    """Add the routes by which `searchd replicate` follows the index in a directory."""

    @app.get(
        "/replication",
        response_model=ReplicationResponse,
        responses=_NOT_MODIFIED | GUARDED | _UNAVAILABLE,
        tags=["operation"],
        summary="The newest generation",
        dependencies=[Depends(require("replicate"))],
    )
    async def replication(request: Request) -> Response:
        """Return the newest generation and the sizes of its files, for `searchd replicate`."""
        known = request.headers.get("if-none-match")
        return await admission.run(lambda: _listing(directory, known))

    @app.get(
        "/replication/files/{name}",
        response_class=Response,
        responses=_FILE | GUARDED | _NOT_FOUND | _UNAVAILABLE,
        tags=["operation"],
        summary="A file of the newest generation",
        dependencies=[Depends(require("replicate"))],
    )
    async def replicated_file(
        request: Request,
        name: Annotated[
            str,
            Path(
                description="The name of a file of `/replication`.", examples=[f"{_HASH}.segment"]
            ),
        ],
    ) -> Response:
        """Return a file of the newest generation. It never changes, and may be read in parts."""
        return await admission.run(lambda: _file(directory, name, request.headers.get("range")))


def _listing(directory: FilePath, known: str | None) -> Response:
    with HeldFiles(directory) as held:
        tag = content_tag(held.content)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if known == tag:
            return Response(status_code=304, headers=headers)
        generation = held.generation
        model = ReplicationResponse(
            generation=generation.number,
            content=held.content.decode(),
            files=[
                ReplicatedFile(name=name, size=held.size(name)) for name in generation.file_names
            ],
        )
        return Response(model.model_dump_json(), headers=headers, media_type="application/json")


def _file(directory: FilePath, name: str, wanted: str | None) -> Response:
    # Only what the generation names is given, whatever else is in the directory.
    try:
        if name not in generations.read(directory).file_names:
            raise FileNotFoundError
        file = (directory / name).open("rb")
    except FileNotFoundError:
        raise HTTPException(
            404, f"the newest generation has no file {name[:80]!r}; ask /replication again"
        ) from None
    except OSError as error:
        raise IndexAccessError(f"{directory / name} cannot be read ({error})") from error
    size = os.fstat(file.fileno()).st_size
    first, last = 0, size - 1
    part = _RANGE.fullmatch(wanted or "")
    if part is not None:
        first = int(part[1])
        last = min(last, int(part[2] or last))
        if first > last:
            file.close()
            raise HTTPException(
                416, f"the file has {size} bytes", {"Content-Range": f"bytes */{size}"}
            )
        file.seek(first)
    headers = {
        "ETag": f'"{name}"',
        "Cache-Control": "no-cache",
        "Accept-Ranges": "bytes",
        "Content-Length": str(last + 1 - first),
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return StreamingResponse(
        _read(file, last + 1 - first),
        206 if part is not None else 200,
        headers,
        "application/octet-stream",
    )


async def _read(file: BinaryIO, size: int) -> AsyncIterator[bytes]:
    """Yield so many bytes of a file. It stays readable when a commit removes it."""
    with file:
        while size > 0 and (data := await run_in_threadpool(file.read, min(_AT_ONCE, size))):
            size -= len(data)
            yield data
