"""Other stemmers in this engine: everything is as ever but the function that makes the stem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from analyzers import Analyzer, Token
from analyzers.analyzer import Terms
from analyzers.tokenized_text import TokenizedText
from indexer.indexing import index_records
from indexer.sources import BadRecord, Record
from searchd.engine import Engine
from searchd.ranking import STEM_ONLY

Stem = Callable[[str], str]
"""Makes the stem of a surface form, in which ة is ه, ى is ي, and أ, إ and آ are ا."""


class OtherStems(Analyzer):
    """An analyzer whose stems are made by another function."""

    def __init__(self, stem: Stem) -> None:
        super().__init__()
        self._name = stem.__name__
        self._stem = cache(stem)

    def stem(self, surface: str) -> str:
        """Return the other stem of a surface form."""
        return self._stem(surface)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text with the other stems."""
        return [replace(token, stem=self.stem(token.surface)) for token in super().analyze(text)]

    def tokenize(self, text: str) -> TokenizedText:
        """Return the words of a text with the other stems."""
        words = super().tokenize(text)
        return TokenizedText(
            words.matches, list(map(self.stem, words.surfaces)), words.surface_forms
        )

    def terms(self, text: str) -> list[Terms]:
        """Return the terms of a text with the other stems."""
        return list(map(self._other, super().terms(text)))

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint with the name of the stemmer, so that no other analyzer opens the index."""
        return f"{super().fingerprint} {self._name}"

    def index(self, directory: Path, records: Iterable[Record | BadRecord]) -> None:
        """Index documents by the other stems."""
        index_records(directory, records, analyzer=self)

    def open(self, directory: Path) -> Engine:
        """Open an index of `index`, to be searched by stem alone."""
        return Engine(directory, analyzer=self, ranking=STEM_ONLY)

    def _other(self, terms: Terms) -> Terms:
        return terms._replace(stem=self.stem(terms.surface))


_DEFINITE = re.compile("[وف]?(?:[بك]?ال|لل).+ه")


def snowball(surface: str) -> str:
    """Return the stem of Snowball's Arabic stemmer.

    It tells ة from ه, which folding does not. A word with the article takes no pronoun, so its
    final ه was ة and is written so again; of other words the stemmer cuts both alike.
    """
    word = surface[:-1] + "ة" if _DEFINITE.fullmatch(surface) else surface
    stem: str = _snowball().stemWord(word)
    return stem


@cache
def _snowball() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("arabic")
