"""Bodies that are kept in files until they are read."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Message

from indexer.temporary_folder import TemporaryFolder
from searchd.service.writing import uploads
from searchd.service.writing.uploads import Uploads


async def _body() -> Message:
    return {"type": "http.request", "body": b"text", "more_body": False}


def test_requests_go_on_while_old_folders_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    made: list[TemporaryFolder] = []

    def slow() -> TemporaryFolder:
        begun.set()
        assert may_end.wait(20), "nothing else runs meanwhile"
        made.append(TemporaryFolder(tmp_path))
        return made[-1]

    async def receive_two() -> None:
        kept = Uploads(None)
        requests = [Request({"type": "http", "headers": []}, _body) for _ in range(2)]
        receiving = [asyncio.create_task(kept.receive(request)) for request in requests]
        while not begun.is_set():
            await asyncio.sleep(0.001)
        may_end.set()
        for upload in await asyncio.gather(*receiving):
            assert upload.path.read_bytes() == b"text"
        kept.close()

    monkeypatch.setattr(uploads, "TemporaryFolder", slow)
    asyncio.run(receive_two())
    assert len(made) == 1
    assert not made[0].path.exists()
