from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pytest

from indexer.segment.array_file import ArrayFile, ArrayFileWriter

Arrays = Mapping[str, npt.NDArray[Any]]
MakeArrayFile = Callable[..., ArrayFile]


@pytest.fixture
def make_array_file(tmp_path: Path) -> MakeArrayFile:
    """Write arrays as an array file and open it."""
    made = 0

    def make(arrays: Arrays, values: Mapping[str, Any] | None = None) -> ArrayFile:
        nonlocal made
        made += 1
        path = tmp_path / f"{made}.segment"
        write_array_file(path, arrays, values)
        return ArrayFile(path)

    return make


def write_array_file(path: Path, arrays: Arrays, values: Mapping[str, Any] | None = None) -> int:
    """Write arrays as an array file; return the size that the writer reports."""
    with ArrayFileWriter(path) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        return writer.finish(dict(values or {}))
