"""Reading the word lists that ship with the package."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_words(name: str) -> frozenset[str]:
    """Return the words of a shipped list: one on each line, `#` starts a comment line."""
    lines = (DATA / name).read_text("utf-8").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))
