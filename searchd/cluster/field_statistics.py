"""The values of the fields of an index on a cluster, for what is said of conditions that nothing meets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from indexer.fields import FieldType
from searchd.cluster.aggregations import answer_all, counts_of, counts_of_queries, ends_of
from searchd.cluster.cluster_snapshot import ClusterSnapshot
from searchd.cluster.facet_counting import written_keywords
from searchd.cluster.filter_translation import condition_query
from searchd.cluster.requests import EVERYTHING
from searchd.cluster.searched_index import SearchedIndex
from searchd.filter_tree import Condition


class ClusterFieldStatistics:
    """Asks a cluster for the values of fields: `searchd.search.condition_hints.FieldStatistics`."""

    def __init__(self, index: SearchedIndex, snapshot: ClusterSnapshot) -> None:
        self._index = index
        self._snapshot = snapshot

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field."""
        return self._snapshot.fields.get(name)

    def documents_with(self, condition: Condition) -> int:
        """Return the number of documents that meet a condition."""
        wanted = condition_query(condition, self._snapshot.fields)
        ((count,),) = answer_all(self._index, [counts_of_queries(EVERYTHING, [wanted])])
        return count

    def keyword_counts(self, name: str) -> Mapping[str, int]:
        """Return the number of documents with each value, folded."""
        (counts,) = answer_all(self._index, [counts_of(f"columns.{name}", EVERYTHING)])
        return counts.values

    def written(self, name: str, folded: Sequence[str]) -> list[str]:
        """Return values as the first document that has each writes it."""
        (found,) = answer_all(self._index, [written_keywords(name, folded, self._snapshot)])
        return [found[value] for value in folded]

    def ends(self, name: str) -> tuple[float, float] | None:
        """Return the least and the greatest number of all documents."""
        (ends,) = answer_all(self._index, [ends_of(f"columns.{name}", EVERYTHING)])
        return None if math.isnan(ends.least) else (ends.least, ends.greatest)
