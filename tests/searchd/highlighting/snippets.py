"""The snippets of a text that is one window, as the engine makes them of a short text."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.tokenized_text import TokenizedText
from searchd.highlighting.highlights import Match
from searchd.highlighting.passages import SNIPPET_LENGTH, TextWindow, snippets_of_windows
from searchd.results import Snippet


def make_snippets(
    text: str,
    words: TokenizedText,
    matches: Sequence[Match],
    *,
    title: str = "",
    count: int = 1,
    length: int = SNIPPET_LENGTH,
) -> tuple[Snippet, ...]:
    """Return the `count` best passages in text order; where nothing matched, the beginning.

    `words` and `matches` are those of `text`, `title` is the document's title.
    """
    window = TextWindow(text, words, matches)
    return snippets_of_windows([window], title=title, count=count, length=length)
