"""The windows of a document's text from which its snippets are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers import Analyzer
from searchd.highlighting.highlights import find_matches
from searchd.highlighting.matchers import Matcher
from searchd.highlighting.passages import TextWindow
from searchd.search.collector import ScoredDoc


def text_windows(
    document: ScoredDoc,
    matchers: Sequence[Matcher],
    analyzer: Analyzer,
    snippets: int,
    length: int,
    breaks: Sequence[int] = (),
) -> list[TextWindow]:
    """Return the text of a document, or the parts of a long one in which passages may be best.

    `breaks` are the offsets in the text over which no passage goes on, in order.
    """
    documents = document.segment.documents
    parts = documents.text_parts(document.number)
    if parts is None:
        text = documents.text(document.number)
        words = analyzer.tokenize(text)
        matches = find_matches(words, matchers, ("", "text"))
        return [TextWindow(text, words, matches, breaks=breaks)]
    from searchd.highlighting.long_texts import read_windows

    return read_windows(document, parts, matchers, analyzer, snippets, length, breaks)
