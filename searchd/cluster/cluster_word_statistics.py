"""Word statistics of an index on a cluster: in how many documents words and pairs of words are.

In a directory the same are counted by occurrence. A correction compares counts with each other, which
are of the same kind here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.normalization.spelling import UNKNOWN, respell
from indexer.lookups import PhraseLookup, WordLookup
from indexer.snapshot import Snapshot
from searchd.cluster.requests import WrittenLookup
from searchd.cluster.statistics import Answers, WordsQuestion
from searchd.search.word_statistics import PairCount, WordStatistics


class ClusterWordStatistics(WordStatistics):
    """Counts documents with words, for one attempt to correct a query: what it lacks is asked then."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, answers: Answers) -> None:
        super().__init__(snapshot, analyzer)
        self._answers = answers

    def counts(self, field: str, surfaces: Sequence[str]) -> dict[str, int]:
        """Return in how many documents surface forms are, of those that are in some."""
        if not surfaces:
            return {}
        asked = " ".join(sorted(surfaces))  # which have no spaces
        known = self._answers.words(WordsQuestion(field, "surface", "any", asked))
        found = {
            surface: self.count(field, surface)
            for surface in dict.fromkeys(word.surface for word in known)
        }
        return {surface: count for surface, count in found.items() if count}

    def _total(self, field: str) -> int:  # noqa: ARG002 - the same for all: it is compared with itself
        return round(self._answers.totals.documents * self._answers.totals.mean_length)

    def _count(self, field: str, surface: str) -> int:
        return self._answers.count(WordLookup(field, (), (Terms(surface, ""),)))

    def _stem_count(self, field: str, stem: str) -> int:
        # Not 0 before it is known: no form is more frequent than its stem.
        return max(self._answers.count(WordLookup(field, (stem,))), 1)

    def _pair(self, field: str, first: Terms, second: Terms) -> PairCount:
        surfaces, stems = (
            self._answers.count(PhraseLookup(field, (first, second), exact=exact))
            for exact in (True, False)
        )
        return PairCount(surfaces, stems)

    def _spellings_after(self, field: str, before: str, surface: str) -> Counter[str]:  # noqa: ARG002
        return Counter()  # a word is written as it is most often, whatever comes before it

    def _written(self, field: str, surface: str) -> str | None:
        found = self._answers.words(WordsQuestion(field, "surface", "same", surface))
        counts = {
            word.spelling: self._answers.count(WrittenLookup(field, surface, word.spelling))
            for word in found
            if UNKNOWN not in word.spelling
        }
        if not any(counts.values()):
            return None
        return respell(surface, max(counts, key=lambda spelling: (counts[spelling], spelling)))
