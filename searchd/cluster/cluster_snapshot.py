"""Snapshots of an index on a cluster: some of its documents as a segment, and the numbers of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzers.analyzer import Terms
from indexer.cluster.address import ClusterAddress
from indexer.generation import Generation
from indexer.lookups import Lookup, WordLookup
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import Segment
from indexer.segment.term_scan import Pause, TermShape, no_pause
from indexer.segment.trigram_index import fewest_shared, trigrams_of
from indexer.snapshot import Snapshot
from searchd.cluster.requests import escaped
from searchd.cluster.statistics import Answers, WordsQuestion

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

    def stems_like(self, field: str, stem: str, least: float) -> Mapping[str, float]:
        """Return the other stems of a field with a likeness of `least` or more."""
        trigrams = trigrams_of(stem)
        fewest = fewest_shared(len(trigrams), least)
        likeness: dict[str, float] = {}
        for word in self.answers.words(WordsQuestion(field, "stem", "similar", stem, fewest)):
            others = trigrams_of(word.stem)
            found = 2 * len(trigrams & others) / (len(trigrams) + len(others))
            if found >= least and word.stem != stem:
                likeness[word.stem] = found
        self.answers.wanted.stems.update(likeness)
        return likeness

    def terms_of_shape(
        self, field: str, level: str, shape: TermShape, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may have a shape."""
        pause()
        inner = "".join(f"{escaped(part)}.*" for part in shape.literals)
        pattern = f"{escaped(shape.prefix)}.*{inner}"
        yield from self._terms(WordsQuestion(field, level, "like", pattern))

    def terms_near(
        self, field: str, level: str, word: str, distance: int, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may be within an edit distance of a word, of 1 or 2."""
        pause()
        yield from self._terms(WordsQuestion(field, level, "near", word, distance))

    def is_current(self) -> bool:
        """Return whether the index has not changed since, as far as was seen within a second."""
        return self.answers.is_current()

    def find_damage(self) -> None:
        """Return None: the cluster checks its files itself."""

    def _terms(self, question: WordsQuestion) -> Iterator[str]:
        """Yield the terms of the words that a question asks for, those of deleted documents too."""
        found = self.answers.words(question)
        yield from dict.fromkeys(getattr(word, question.level) for word in found)
