"""Snapshots of an index on a cluster: some of its documents as a segment, and the numbers of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzers.analyzer import Terms
from indexer.cluster.address import ClusterAddress
from indexer.cluster.encoding import SEPARATOR
from indexer.generation import Generation
from indexer.lookups import Lookup, WordLookup
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import Segment
from indexer.segment.term_scan import Pause, TermShape, no_pause
from indexer.snapshot import Snapshot
from searchd.cluster.requests import escaped
from searchd.cluster.statistics import MOST_WORDS, Answers, WordsLike

_ANY = "[^/]*"
_CACHE_BYTES = 8_000_000


class ClusterSnapshot(Snapshot):
    """Some documents of an index on a cluster, with the frequencies and lengths of the whole index.

    `segments` has one segment of these documents, or none. What the cluster was not asked yet is noted
    in `answers`.
    """

    def __init__(
        self,
        address: ClusterAddress,
        generation: Generation,
        answers: Answers,
        segments: Sequence[Segment] = (),
        memory: ReaderMemory | None = None,
    ) -> None:
        self.address = address
        self.memory = memory or ReaderMemory(_CACHE_BYTES)
        self.generation = generation
        self.segments = list(segments)
        self.answers = answers
        counts = [0]
        for segment in segments:
            counts.append(counts[-1] + segment.document_count)
        self.bases = counts[:-1]

    @property
    def document_count(self) -> int:
        """The number of documents of the index."""
        return self.answers.totals.documents

    @property
    def mean_length(self) -> float:
        """The mean length of the documents of the index in words."""
        return self.answers.totals.mean_length

    def document_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of documents of the index that contain a term."""
        if level == "stem":
            return self.answers.count(WordLookup(field, (term,)))
        return self.answers.count(WordLookup(field, (), (Terms(term, ""),)))

    def documents_with(self, lookup: Lookup, counted: int) -> int:  # noqa: ARG002
        """Return the number of documents of the index that a lookup finds."""
        if isinstance(lookup, WordLookup) and not lookup.stems and not lookup.forms:
            return 0
        return self.answers.count(lookup)

    def terms_of_shape(
        self, field: str, level: str, shape: TermShape, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may have a shape."""
        pause()
        inner = "".join(f"{escaped(part)}{_ANY}" for part in shape.literals)
        pattern = f"{escaped(shape.prefix)}{_ANY}{inner}"
        yield from self._terms(field, level, pattern)

    def terms_near(
        self, field: str, level: str, word: str, distance: int, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may be within an edit distance of a word."""
        pause()
        yield from self._terms(field, level, "|".join(_near(word, distance)))

    def is_current(self) -> bool:
        """Return whether the index has not changed since, as far as was seen within a second."""
        return self.answers.is_current()

    def find_damage(self) -> None:
        """Return None: the cluster checks its files itself."""

    def _terms(self, field: str, level: str, pattern: str) -> Iterator[str]:
        pattern = (
            f"({pattern})/{_ANY}/{_ANY}" if level == "surface" else f"{_ANY}/{_ANY}/({pattern})"
        )
        seen: set[str] = set()
        for entry, _documents in self.answers.words(WordsLike(field, pattern, MOST_WORDS)):
            surface, _spelling, stem = entry.split(SEPARATOR)
            term = surface if level == "surface" else stem
            if term not in seen:
                seen.add(term)
                yield term


def _near(word: str, distance: int) -> list[str]:
    """Return regular expressions of all words within an edit distance of a word, of 1 or 2.

    >>> bool(re.fullmatch("|".join(_near("كتاب", 1)), "كتب")), len(_near("كتاب", 1))
    (True, 9)
    """
    patterns = _edited([word])
    for _ in range(distance - 1):
        patterns = _edited(patterns)
    found = dict.fromkeys("".join(_pattern(each)) for each in patterns)
    return list(found)


_GAP = "\0"


def _edited(words: Sequence[str]) -> list[str]:
    """Return words with one letter of each replaced or missing, or one put between two."""
    edits: dict[str, None] = {}
    for word in words:
        for at in range(len(word) + 1):
            edits[word[:at] + _GAP + word[at:]] = None
            if at < len(word):
                edits[word[:at] + _GAP + word[at + 1 :]] = None
    return list(edits)


def _pattern(word: str) -> Iterator[str]:
    for letter in word:
        yield "[^/]?" if letter == _GAP else escaped(letter)
