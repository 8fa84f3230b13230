"""Reading columns: the numbers, dates and keywords of every document of a segment."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile
from indexer.segment.sorted_arrays import BoolArray, IdArray
from indexer.segment.term_dictionary import TermDictionary


class ColumnReader:
    """The columns of one segment. Every array has one value or range per document."""

    def __init__(self, array_file: ArrayFile, document_count: int) -> None:
        self._file = array_file
        self._document_count = document_count
        self._checked: set[str] = set()

    @property
    def number_names(self) -> list[str]:
        """The names of the number and date columns."""
        return self._names_after("numbers.")

    @property
    def keyword_names(self) -> list[str]:
        """The names of the keyword columns."""
        return [
            name.removesuffix(".codes")
            for name in self._names_after("keywords.")
            if name.endswith(".codes")
        ]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a number or date column: float64 [documents], NaN where a document has none.

        Dates are milliseconds since 1970 in UTC.
        """
        stored = self._file.array(f"numbers.{name}").all()
        # A column without any value is stored as an empty array.
        return stored if stored.size else np.full(self._document_count, np.nan)

    def keyword_values(self, name: str) -> TermDictionary:
        """Return the distinct values of a keyword column, folded and sorted."""
        return TermDictionary(self._file, f"keywords.{name}.values")

    def keyword_codes(self, name: str) -> tuple[IdArray, IdArray]:
        """Return where the keywords of each document start, and the code of each keyword.

        The first is int64 [documents + 1], the second int64 [keywords]: an index into the values.
        """
        starts = self._file.array(f"keywords.{name}.starts").all().astype(np.int64)
        codes = self._file.array(f"keywords.{name}.codes")
        if name not in self._checked:
            fits = starts.size == self._document_count + 1 and starts[-1] == codes.size
            if not fits or np.any(starts[1:] < starts[:-1]):
                raise damaged(self._file.path, f"keywords.{name}.starts: not ascending to the end")
            self._checked.add(name)
        return starts, codes.all().astype(np.int64)

    def keywords(self, name: str) -> list[tuple[str, ...]]:
        """Return the keywords of each document."""
        starts, codes = self.keyword_codes(name)
        values = [value.decode() for value in self.keyword_values(name).all()]
        words = [values[code] for code in codes.tolist()]
        return [tuple(words[start:stop]) for start, stop in pairwise(starts.tolist())]

    def with_keyword(self, name: str, keyword: str) -> BoolArray:
        """Return which documents have a folded keyword in a column; bool [documents]."""
        return self.with_any_keyword(name, (keyword,))

    def with_any_keyword(self, name: str, keywords: Iterable[str]) -> BoolArray:
        """Return which documents have any of some folded keywords in a column; bool [documents]."""
        found = np.zeros(self._document_count, np.bool_)
        values = self.keyword_values(name)
        # No index holds a lone surrogate; encoding it must not fail.
        wanted = [values.find(keyword.encode("utf-8", "surrogatepass")) for keyword in keywords]
        chosen = [code for code in wanted if code is not None]
        if chosen:
            starts, codes = self.keyword_codes(name)
            owners = np.repeat(np.arange(self._document_count), np.diff(starts))
            hits = codes == chosen[0] if len(chosen) == 1 else np.isin(codes, chosen)
            found[owners[hits]] = True
        return found

    def first_keywords(self, name: str) -> tuple[list[str], IdArray]:
        """Return the values of a keyword column, sorted, and the first one of each document.

        The second is int64 [documents]: an index into the first, or -1 where a document has none.
        """
        values = [value.decode() for value in self.keyword_values(name).all()]
        starts, codes = self.keyword_codes(name)
        firsts = np.full(self._document_count, -1, np.int64)
        some = np.diff(starts) > 0
        firsts[some] = codes[starts[:-1][some]]
        return values, firsts

    def _names_after(self, prefix: str) -> list[str]:
        return [name.removeprefix(prefix) for name in self._file if name.startswith(prefix)]
