"""Encoding: a document as the cluster stores and indexes it, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from analyzers import Analyzer
from analyzers.normalization.spelling import UNKNOWN, spelling
from analyzers.normalization.turned_text import mend_turned_text
from analyzers.tokenizer import WORD
from indexer.cluster.mapping import ALL
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap, FieldType
from indexer.places import Place, PlaceKind
from indexer.segment.columns import column_values, fold_keyword
from indexer.segment.sort_keys import title_sort_key
from indexer.segment.stored_fields import pack_stored_fields, unpack_stored_fields
from indexer.segment.trigram_index import trigrams_of

LONGEST_KEY = 512
"""Bytes of the longest `_id` that a cluster takes."""

SEPARATOR = "/"
"""Between the surface form, the spelling and the stem of a word: none of them has it."""

_MOST_CACHED = 1_000_000


class WordTerms(NamedTuple):
    """The terms of a word as written, each text with spaces between those of several words.

    `words` are the surface form, the spelling and the stem of each of them.
    """

    stems: str
    surfaces: str
    written: str
    words: tuple[tuple[str, str, str], ...]


class _WordCache(dict[str, WordTerms]):
    """Maps a word as written to its terms, computed on the first lookup."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer

    def __missing__(self, word: str) -> WordTerms:
        surfaces = self._analyzer.surface_forms(word)
        if len(surfaces) == 1:
            spellings = [spelling(word, surfaces[0])]
        else:
            spellings = [UNKNOWN] * len(surfaces)
        stems = [self._analyzer.stem(surface) for surface in surfaces]
        written = [SEPARATOR.join(pair) for pair in zip(surfaces, spellings, strict=True)]
        words = tuple(zip(surfaces, spellings, stems, strict=True))
        found = WordTerms(" ".join(stems), " ".join(surfaces), " ".join(written), words)
        if len(self) >= _MOST_CACHED:
            self.clear()
        self[word] = found
        return found


class DocumentEncoder:
    """Makes what the cluster is sent of documents."""

    def __init__(self, analyzer: Analyzer, fields: FieldMap, title_weight: int) -> None:
        self._words = _WordCache(analyzer)
        self._fields = fields
        self._title_weight = title_weight
        self._noted: dict[str, set[WordTerms]] = {}
        self._noted_stems: dict[str, set[str]] = {}
        self._new: list[dict[str, Any]] = []

    def take_words(self) -> list[dict[str, Any]]:
        """Return the words that were not met before, as the index of words has them, with their ids."""
        taken, self._new = self._new, []
        return taken

    def _note(self, vocabulary: str, terms: Iterable[WordTerms]) -> None:
        known = self._noted.setdefault(vocabulary, set())
        stems = self._noted_stems.setdefault(vocabulary, set())
        if len(known) >= _MOST_CACHED:
            known.clear()
            stems.clear()
        new = set(terms) - known
        known |= new
        for each in new:
            for surface, spelled, stem in each.words:
                self._new.append(_entry(vocabulary, surface=surface, spelling=spelled, stem=stem))
                if stem not in stems:
                    stems.add(stem)
                    trigrams = sorted(trigrams_of(stem))
                    self._new.append(_entry(vocabulary, stem=stem, trigrams=trigrams))

    def encode(self, document: Document, content_hash: bytes, ordinal: int) -> dict[str, Any]:
        """Return a document as the cluster is sent it.

        Raises RecordError where a field is not one of the index or its value not of its type.
        """
        values = column_values(document, self._fields.extra)
        title, text = self._terms_of(document.title), self._terms_of(document.text)
        weight = self._title_weight
        self._note(ALL, (*title, *text))
        terms: dict[str, Any] = {
            "title": {kind: [each] * weight for kind, each in _joined(title).items()},
            "text": _joined(text),
        }
        for name, written in values.texts.items():
            found = self._terms_of(written)
            self._note(name, found)
            terms[name] = _joined(found)
        groups = {
            spec.name: group_of(document.id, document.fields.get(spec.name))
            for spec in self._fields.extra
            if spec.type is FieldType.KEYWORD
        }
        return {
            "id": document.id,
            "hash": content_hash.hex(),
            "length": weight * _count(title) + _count(text),
            "ordinal": ordinal,
            "stored": pack_stored_fields(document).decode(),
            "title": document.title,
            "text": document.text,
            "places": [
                {"start": each.start, "kind": str(each.kind), "label": each.label}
                for each in document.places
            ],
            "columns": {**values.numbers, **{k: list(v) for k, v in values.keywords.items()}},
            "sort": dict(self._sort_keys(document)),
            **({"groups": groups} if groups else {}),
            "terms": terms,
        }

    def _terms_of(self, text: str) -> list[WordTerms]:
        return list(map(self._words.__getitem__, WORD.findall(mend_turned_text(text))))

    def _sort_keys(self, document: Document) -> Iterable[tuple[str, str]]:
        if key := title_sort_key(document.title).decode():
            yield "title", key
        for spec in self._fields.extra:
            value = document.fields.get(spec.name)
            if spec.type is FieldType.KEYWORD and value:
                first = value if isinstance(value, str) else value[0]  # type: ignore[index]
                if key := title_sort_key(fold_keyword(first)).decode():
                    yield spec.name, key


def _joined(terms: Sequence[WordTerms]) -> dict[str, str]:
    """Return the terms of a text by their kind, none of one without words: it has no value then."""
    if not terms:
        return {}
    return {
        "stem": " ".join([each.stems for each in terms]),
        "surface": " ".join([each.surfaces for each in terms]),
        "written": " ".join([each.written for each in terms]),
    }


def _count(terms: Sequence[WordTerms]) -> int:
    return sum([len(each.words) for each in terms])


def _entry(vocabulary: str, **values: Any) -> dict[str, Any]:
    """Return an entry of the index of words, with its id: two of one id are the same."""
    name = [vocabulary, *(value for value in values.values() if isinstance(value, str))]
    key = hashlib.blake2b("/".join(name).encode(), digest_size=12).hexdigest()
    return {"_id": key, "field": vocabulary, **values}


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
        stored = unpack_stored_fields(source["stored"].encode())
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
