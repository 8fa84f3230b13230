from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pytest

from indexer.segment.container import Container, ContainerWriter

Arrays = Mapping[str, npt.NDArray[Any]]
MakeContainer = Callable[..., Container]


@pytest.fixture
def make_container(tmp_path: Path) -> MakeContainer:
    """Write arrays as a container and open it."""
    made = 0

    def make(arrays: Arrays, values: Mapping[str, Any] | None = None) -> Container:
        nonlocal made
        made += 1
        path = tmp_path / f"{made}.segment"
        write_container(path, arrays, values)
        return Container(path)

    return make


def write_container(path: Path, arrays: Arrays, values: Mapping[str, Any] | None = None) -> int:
    """Write arrays as a container; return the size of its file that the writer reports."""
    with ContainerWriter(path) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        return writer.finish(dict(values or {}))
