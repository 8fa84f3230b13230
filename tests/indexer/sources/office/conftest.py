from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record
from indexer.sources.discovery import scan
from indexer.sources.file_reading import read_file

Read = Callable[[str, bytes], list[Record | BadRecord]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Store bytes under a name and read the file in this process."""

    def read_bytes(name: str, data: bytes) -> list[Record | BadRecord]:
        path = tmp_path / name
        path.write_bytes(data)
        (file,) = scan([path]).files
        assert file.kind == name.rpartition(".")[2]
        items = list(read_file(file))
        assert sum(item.size for item in items) in (0, len(data))
        return items

    return read_bytes
