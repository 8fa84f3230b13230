"""The same documents twice: in a searchd index, and in a stock Whoosh index that mirrors it.

The mirror has the same segments with the same documents and deletions, and what is indexed there
is made word by word from the analyzer, not from our arrays. Whoosh rounds the lengths of fields to
a byte; the mirror's codec does not.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from whoosh import columns, fields, formats
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import RamStorage

from analyzers import Analyzer, Token
from indexer.document import Document
from indexer.fields import DEFAULT_TITLE_WEIGHT as TITLE_WEIGHT
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.segment.columns import fold_keyword
from indexer.snapshot import Snapshot
from indexer.whoosh.text_terms import TITLE_GAP
from indexer.writer import IndexWriter

ARTICLES = Path(__file__).parents[3] / "corpus" / "articles"
FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("note", FieldType.TEXT),
    )
)
SECTIONS = ("الرِّياضة", "علوم", "صحة عامة", "أخبار محلية", "economy")
BATCHES = (170, 80, 38, 18, 8, 3, 1)
"""Each commit is less than half of the one before, so the merge policy leaves them alone."""

ANALYZER = Analyzer()


@cache
def words() -> tuple[str, ...]:
    """Return the running words of the sample articles."""
    paths = sorted(ARTICLES.rglob("*.md"))
    return tuple(word for path in paths for word in path.read_text("utf-8").split())


def make_documents(count: int, seed: int = 5) -> list[Document]:
    """Return documents of running text and of shuffled words, with some of every field left out."""
    chance = random.Random(seed)
    running = words()
    common = running[:60]

    def prose(longest: int) -> str:
        if chance.random() < 0.5:
            start = chance.randrange(len(running) - longest)
            return " ".join(running[start : start + chance.randint(1, longest)])
        size = chance.randint(1, longest)
        return " ".join(
            chance.choice((common, running)[chance.random() < 0.3]) for _ in range(size)
        )

    def document(number: int) -> Document:
        values: dict[str, object] = {}
        if chance.random() < 0.8:
            chosen = tuple(chance.sample(SECTIONS, chance.randint(1, 3)))
            values["section"] = chosen if len(chosen) > 1 else chosen[0]
        if chance.random() < 0.8:
            values["price"] = chance.choice((-1.5, 0.0, 7.0, 1e9, chance.uniform(-100, 100)))
        if chance.random() < 0.6:
            values["seen"] = datetime(1960, 1, 1, tzinfo=UTC) + timedelta(
                seconds=chance.randrange(2_600_000_000)
            )
        if chance.random() < 0.4:
            values["note"] = prose(12)
        return Document(
            id=f"وثيقة-{number}",
            title=prose(7) if chance.random() < 0.7 else "",
            text=prose(150),
            url=f"https://example.org/{number}" if number % 3 else "",
            date=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(20_000))
            if chance.random() < 0.8
            else None,
            fields=values,
        )

    return [document(number) for number in range(count)]


def write(directory: Path, *, segments: int, deletions: bool = True) -> None:
    """Write an index of one segment or seven; the last documents replace some of the first."""
    total = sum(BATCHES)
    documents = make_documents(total)
    for number in range(total - 12, total):
        one = documents[number]
        documents[number] = Document(
            f"وثيقة-{number - 200}", one.text, one.title, fields=one.fields
        )
    if segments == 1:
        # Twice in one batch leaves a deleted document in the very segment.
        batches = [documents] if deletions else [list({one.id: one for one in documents}.values())]
    else:
        todo = iter(documents)
        batches = [list(itertools.islice(todo, size)) for size in BATCHES]
    for batch in batches:
        with IndexWriter(directory, FIELDS) as writer:
            for document in batch:
                writer.upsert(document)
            writer.commit()
    if deletions:
        with IndexWriter(directory) as writer:
            for number in (*range(0, 17, 2), 175, 180, 190, 255, 290):
                assert writer.delete(f"وثيقة-{number}")
            writer.commit()


def optimize(directory: Path) -> None:
    """Merge all segments into one without deletions."""
    with IndexWriter(directory) as writer:
        writer.commit(optimize=True)


Postings = dict[str, tuple[float, list[int]]]


class MirrorWords(fields.FieldType):
    """A field that indexes what it is given: weights and positions by term."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), analyzer=None, scorable=True)

    def index(self, value: Postings, **_options: object):
        for term, (weight, positions) in value.items():
            # Whoosh adds up the second of these to the length of the field.
            yield term.encode(), weight, float(weight), self.format.encode(positions)


class MirrorValues(fields.FieldType):
    """A field that indexes whole values; the first of them is its column."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None, stored=True, sortable=True)

    def index(self, value: list[str], **_options: object):
        for term in dict.fromkeys(value):
            yield term.encode(), 1, 1.0, b""


class ExactCodec(whoosh3.W3Codec):
    """The stock codec with the lengths of fields as they are."""

    def per_document_writer(self, storage, segment):
        return ExactWriter(self, storage, segment)

    def per_document_reader(self, storage, segment):
        return ExactReader(super().per_document_reader(storage, segment))


EXACT_LENGTHS = columns.NumericColumn("I", default=0)


class ExactWriter(whoosh3.W3PerDocWriter):
    def add_field(self, fieldname, fieldobj, value, length):
        super().add_field(fieldname, fieldobj, value, length)
        if length:
            self.add_column_value(f"exact {fieldname}", EXACT_LENGTHS, int(length))


class ExactReader:
    def __init__(self, reader) -> None:
        self._reader = reader
        self._lengths: dict[str, object] = {}

    def __getattr__(self, name: str):
        return getattr(self._reader, name)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._column(fieldname)
        return (lengths[docnum] or default) if lengths is not None else default

    def doc_field_length_reader(self, fieldname: str, default: int = 0):
        return lambda docnum: self.doc_field_length(docnum, fieldname, default)

    def _column(self, fieldname: str):
        if fieldname not in self._lengths:
            name = f"exact {fieldname}"
            there = self._reader.has_column(name)
            self._lengths[fieldname] = (
                self._reader.column_reader(name, EXACT_LENGTHS) if there else None
            )
        return self._lengths[fieldname]


def mirror_schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        title=fields.STORED(),
        text=fields.STORED(),
        url=fields.STORED(),
        note=fields.STORED(),
        date=fields.DATETIME(stored=True, sortable=True),
        section=MirrorValues(),
        # Whoosh 2.7.4 cannot write its own default column of fractions.
        price=fields.NUMERIC(float, stored=True, sortable=columns.NumericColumn("Q", default=0)),
        seen=fields.DATETIME(stored=True, sortable=True),
        **{
            f"{name}{level}": MirrorWords()
            for name in ("", "title_", "text_", "note_")
            for level in ("stem", "surface")
        },
    )


@cache
def _tokens(text: str) -> list[Token]:
    return ANALYZER.analyze(text)


def _postings(*parts: tuple[str, int, int], level: str) -> Postings:
    found: dict[str, tuple[float, list[int]]] = defaultdict(lambda: (0, []))
    for text, weight, start in parts:
        for token in _tokens(text):
            before, positions = found[getattr(token, level)]
            positions.append(start + token.position)
            found[getattr(token, level)] = (before + weight, positions)
    return dict(found)


def _add(writer, head, text: str) -> None:
    title_size = len(_tokens(head.title))
    start = title_size + TITLE_GAP if title_size else 0
    values: dict[str, object] = {"id": head.id, "title": head.title, "text": text}
    for level in ("stem", "surface"):
        both = ((head.title, TITLE_WEIGHT, 0), (text, 1, start))
        values[level] = _postings(*both, level=level)
        values[f"title_{level}"] = _postings((head.title, 1, 0), level=level)
        values[f"text_{level}"] = _postings((text, 1, 0), level=level)
        values[f"note_{level}"] = _postings((head.fields.get("note", ""), 1, 0), level=level)
    for name in ("note", "price"):
        values[name] = head.fields.get(name)
    for name, date in (("date", head.date), ("seen", head.fields.get("seen"))):
        if date is not None:
            values[name] = date.replace(tzinfo=None)
            values[f"_stored_{name}"] = date.replace(tzinfo=None)
    section = head.fields.get("section")
    if section is not None:
        keywords = (section,) if isinstance(section, str) else section
        values["section"] = [fold_keyword(keyword) for keyword in keywords]
    if head.url:
        values["url"] = head.url
    writer.add_document(**{name: value for name, value in values.items() if value is not None})


def mirror(directory: Path):
    """Return a stock Whoosh index with the segments of a searchd index."""
    index = RamStorage().create_index(mirror_schema())
    base, deleted = 0, []
    for segment in Snapshot(directory).segments:
        writer = index.writer(codec=ExactCodec())
        for number in range(segment.document_count):
            _add(
                writer, segment.documents.stored_fields([number])[0], segment.documents.text(number)
            )
            if not segment.live[number]:
                deleted.append(base + number)
        writer.commit(merge=False)
        base += segment.document_count
    if deleted:
        writer = index.writer(codec=ExactCodec())
        for number in deleted:
            writer.delete_document(number)
        writer.commit(merge=False)
    return index
