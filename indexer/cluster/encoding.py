"""Encoding: a document as the cluster stores and indexes it, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from analyzers import Analyzer
from indexer.cluster.mapping import ALL
from indexer.cluster.term_encoding import LONGEST_KEY, NewWord, TermEncoder, TextTerms
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap, FieldType
from indexer.places import Place, PlaceKind
from indexer.segment.columns import ColumnValues, column_values, fold_keyword
from indexer.segment.sort_keys import title_sort_key
from indexer.segment.stored_fields import pack_stored_fields, unpack_stored_fields


class EncodedDocument(NamedTuple):
    """A document with its content hash and its place in the order of the index."""

    document: Document
    content_hash: bytes
    ordinal: int


class DocumentEncoder:
    """Makes what the cluster is sent of documents. Not for several threads at once."""

    def __init__(self, analyzer: Analyzer, fields: FieldMap, title_weight: int) -> None:
        self._terms = TermEncoder(analyzer)
        self._fields = fields
        self._title_weight = title_weight

    def take_words(self) -> list[NewWord]:
        """Return the words that were not met before."""
        return self._terms.take_words()

    def encode(self, documents: Sequence[EncodedDocument]) -> list[dict[str, Any]]:
        """Return documents as the cluster is sent them; their words are analysed together.

        Raises RecordError where a field is not one of the index or its value not of its type.
        """
        columns = [column_values(each.document, self._fields.extra) for each in documents]
        texts: list[str] = []
        vocabularies: list[str] = []
        for each, values in zip(documents, columns, strict=True):
            texts += (each.document.title, each.document.text, *values.texts.values())
            vocabularies += (ALL, ALL, *values.texts)
        terms = iter(self._terms.encode(texts, vocabularies))
        return [
            self._body(
                each, values, next(terms), next(terms), {n: next(terms) for n in values.texts}
            )
            for each, values in zip(documents, columns, strict=True)
        ]

    def _body(
        self,
        encoded: EncodedDocument,
        values: ColumnValues,
        title: TextTerms,
        text: TextTerms,
        others: Mapping[str, TextTerms],
    ) -> dict[str, Any]:
        document, weight = encoded.document, self._title_weight
        groups = {
            spec.name: group_of(document.id, document.fields.get(spec.name))
            for spec in self._fields.extra
            if spec.type is FieldType.KEYWORD
        }
        return {
            "id": document.id,
            "hash": encoded.content_hash.hex(),
            "length": weight * title.words + text.words,
            "ordinal": encoded.ordinal,
            "stored": pack_stored_fields(document),
            "title": document.title,
            "text": document.text,
            "places": [
                {"start": each.start, "kind": str(each.kind), "label": each.label}
                for each in document.places
            ],
            "columns": {**values.numbers, **{k: list(v) for k, v in values.keywords.items()}},
            "sort": dict(self._sort_keys(document)),
            **({"groups": groups} if groups else {}),
            "terms": {
                "title": {kind: [each] * weight for kind, each in _by_kind(title).items()},
                "text": _by_kind(text),
                **{name: _by_kind(each) for name, each in others.items()},
            },
        }

    def _sort_keys(self, document: Document) -> Iterable[tuple[str, str]]:
        if key := title_sort_key(document.title).decode():
            yield "title", key
        for spec in self._fields.extra:
            value = document.fields.get(spec.name)
            if spec.type is FieldType.KEYWORD and value:
                first = value if isinstance(value, str) else value[0]  # type: ignore[index]
                if key := title_sort_key(fold_keyword(first)).decode():
                    yield spec.name, key


def _by_kind(terms: TextTerms) -> dict[str, str]:
    """Return the terms of a text by their kind, none of one without words: it has no value then."""
    if not terms.words:
        return {}
    return {"stem": terms.stem, "surface": terms.surface, "written": terms.written}


def group_of(document_id: str, held: object) -> str:
    """Return what a document is grouped by: its first keyword, folded, or itself without any.

    No folded keyword begins with a space.
    """
    first = held[0] if isinstance(held, tuple | list) and held else held
    return fold_keyword(first) if isinstance(first, str) else f" {document_id}"


def document_key(document_id: str) -> str:
    """Return the `_id` of a document: its id, or a digest of one that is too long for it."""
    data = document_id.encode("utf-8", "surrogatepass")
    if len(data) <= LONGEST_KEY and not document_id.startswith("_"):
        return document_id
    return f"_{hashlib.blake2b(data, digest_size=32).hexdigest()}"


def decode(source: Mapping[str, Any]) -> tuple[Document, bytes]:
    """Return a stored document and its content hash. Raises IndexDamagedError."""
    try:
        stored = unpack_stored_fields(source["stored"])
        places = tuple(
            Place(int(each["start"]), PlaceKind(each["kind"]), str(each["label"]))
            for each in source.get("places") or ()
        )
        document = Document(text=str(source["text"]), places=places, **stored._asdict())
        return document, bytes.fromhex(source["hash"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamagedError(
            f"a document on the cluster is not as searchd wrote it ({type(error).__name__}: {error}); "
            f"build the index again with 'searchd index --rebuild'"
        ) from error
