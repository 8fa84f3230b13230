"""Reading the word lists that ship with the package."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_words(name: str) -> frozenset[str]:
    """Return the words of a shipped list: one on each line, `#` starts a comment line."""
    # No word holds a `#`. Split there, thousands of words need no test each for a comment.
    text, *commented = (DATA / name).read_text("utf-8").split("#")
    words = text.split()
    for piece in commented:
        words += piece.partition("\n")[2].split()
    return frozenset(words)
