"""Other stemmers in this engine: an analyzer that differs from the default in the stems alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from analyzers import Analyzer, Token
from analyzers.analyzer import Terms
from indexer.indexing import index_records
from indexer.sources import BadRecord, Record
from searchd.engine import Engine
from searchd.ranking import STEM_ONLY

Stemmer = Callable[[str], str]
"""Returns the stem of a surface form, in which ة is ه, ى is ي, and أ, إ and آ are ا."""


class StemmerAnalyzer(Analyzer):
    """An analyzer with another stemmer."""

    def __init__(self, stemmer: Stemmer) -> None:
        super().__init__()
        self._name = stemmer.__name__
        self._stem = cache(stemmer)

    def stem(self, surface: str) -> str:
        """Return the stem of a surface form."""
        return self._stem(surface)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text with the stems of this stemmer."""
        return [replace(token, stem=self.stem(token.surface)) for token in super().analyze(text)]

    def terms(self, text: str) -> list[Terms]:
        """Return the terms of a text with the stems of this stemmer."""
        return list(map(self._with_stem, super().terms(text)))

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint with the name of the stemmer, so that other analyzers refuse the index."""
        return f"{super().fingerprint} {self._name}"

    def index(self, directory: Path, records: Iterable[Record | BadRecord]) -> None:
        """Index documents with this analyzer."""
        index_records(directory, records, analyzer=self)

    def open(self, directory: Path) -> Engine:
        """Open an index made by `index`, ranked by stem alone."""
        return Engine(directory, analyzer=self, ranking=STEM_ONLY)

    def _with_stem(self, terms: Terms) -> Terms:
        return terms._replace(stem=self.stem(terms.surface))


_DEFINITE = re.compile("[وف]?(?:[بك]?ال|لل).+ه")


def snowball(surface: str) -> str:
    """Return the stem of Snowball's Arabic stemmer.

    Snowball distinguishes ة from ه, which folding merges. A word with the article cannot have a
    pronoun, so its final ه was ة, which is restored; of other words Snowball cuts both.
    """
    word = surface[:-1] + "ة" if _DEFINITE.fullmatch(surface) else surface
    stem: str = _snowball().stemWord(word)
    return stem


@cache
def _snowball() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("arabic")
