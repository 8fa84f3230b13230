"""A plain model of an index: a dictionary of documents, and searches that read all of them.

It analyses with the analyzer of the index, and shares nothing else with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzers import Analyzer
from indexer.document import Document


@dataclass
class PlainModel:
    """The documents that were committed, and those of the batch that is being written."""

    analyzer: Analyzer
    committed: dict[str, Document] = field(default_factory=dict)
    pending: dict[str, Document] = field(default_factory=dict)

    def upsert(self, document: Document) -> None:
        """Write a document into the batch."""
        self.pending[document.id] = document

    def delete(self, document_id: str) -> None:
        """Delete a document in the batch."""
        self.pending.pop(document_id, None)

    def commit(self) -> None:
        """Make the batch what is searched."""
        self.committed = dict(self.pending)

    def cancel(self) -> None:
        """Forget the batch."""
        self.pending = dict(self.committed)

    def with_stem(self, word: str) -> set[str]:
        """Return the documents with the stem of a word in their title or text."""
        (stem,) = [terms.stem for terms in self.analyzer.terms(word)]
        return {
            document.id
            for document in self.committed.values()
            if any(
                terms.stem == stem
                for text in (document.title, document.text)
                for terms in self.analyzer.terms(text)
            )
        }

    def with_phrase(self, words: str) -> set[str]:
        """Return the documents with words that follow each other, by their stems."""
        wanted = [terms.stem for terms in self.analyzer.terms(words)]
        return {
            document.id
            for document in self.committed.values()
            for text in (document.title, document.text)
            if _contains([terms.stem for terms in self.analyzer.terms(text)], wanted)
        }

    def with_prefix(self, letters: str) -> set[str]:
        """Return the documents with a surface form that begins with some letters."""
        return {
            document.id
            for document in self.committed.values()
            for text in (document.title, document.text)
            if any(terms.surface.startswith(letters) for terms in self.analyzer.terms(text))
        }

    def with_value(self, name: str, value: object) -> set[str]:
        """Return the documents with a value in a field."""
        return {
            document.id
            for document in self.committed.values()
            if document.fields.get(name) == value
        }


def _contains(words: list[str], wanted: list[str]) -> bool:
    return any(
        words[start : start + len(wanted)] == wanted
        for start in range(len(words) - len(wanted) + 1)
    )
