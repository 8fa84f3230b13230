from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record, read_records

Items = list[Record | BadRecord]
ReadStored = Callable[[str, bytes], Items]


@pytest.fixture(params=["stored as is", "gz"])
def read_stored(request: pytest.FixtureRequest, tmp_path: Path) -> ReadStored:
    """Store bytes under a name, plain and compressed in turn, and read them back.

    The sizes must sum to the bytes on disk, except where there is no record to carry them.
    """

    def read(name: str, data: bytes) -> Items:
        if request.param == "gz":
            name, data = f"{name}.gz", gzip.compress(data)
        path = tmp_path / name
        path.write_bytes(data)
        items = list(read_records([path]))
        if items:
            assert sum(item.size for item in items) == len(data)
        for item in items:
            assert item.origin.startswith(str(path))
        return items

    return read


def values_of(item: Record) -> dict[str, object]:
    """Return the values of a record, whose id does not say whether its file was compressed."""
    return {**item.values, "id": str(item.values["id"]).replace(".gz", "")}
