"""Coverage-guided fuzzing with Atheris: `python -m tests.stress.fuzz TARGET [libFuzzer options]`.

Each target takes bytes, and fails on an exception that its documentation does not name, or on a
broken promise.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["analyzers", "indexer", "searchd"]):
    from analyzers import Analyzer
    from indexer.errors import IndexerError, RecordError
    from indexer.fields import FieldMap, FieldSpec, FieldType
    from indexer.mapping import to_document
    from indexer.repair import repair_document
    from indexer.sources import BadRecord, read_records, scan
    from searchd.budget import SearchBudget, limited
    from searchd.errors import FilterSyntaxError, QuerySyntaxError, SearchBudgetError
    from searchd.query import parse, parse_plain
    from searchd.search.planner import plan_query
    from tests.stress import fuzz_files, fuzz_requests

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("author", FieldType.TEXT),
    )
)
FIELD_TYPES = {spec.name: spec.type for spec in FIELDS.extra} | {
    "title": FieldType.TEXT,
    "text": FieldType.TEXT,
    "date": FieldType.DATE,
    "id": FieldType.KEYWORD,
}
ENDINGS = (
    ".txt", ".md", ".html", ".jsonl", ".csv", ".tsv", ".xml", ".txt.gz", ".jsonl.gz", ".txt.zst", "",
)  # fmt: skip

ANALYZER = Analyzer()


def parser(data: bytes) -> None:
    """Every text is parsed and planned, or refused at a place in it."""
    query = atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data))
    query = query.encode("utf-8", "replace").decode()
    plan_query(query, parse_plain(query), ANALYZER, FIELD_TYPES.get)
    try:
        with limited(SearchBudget()):
            plan_query(query, parse(query, FIELD_TYPES), ANALYZER, FIELD_TYPES.get)
    except QuerySyntaxError as error:
        assert 0 <= error.position <= len(query)
        assert error.reason
    except (FilterSyntaxError, SearchBudgetError) as error:
        assert str(error)


def analysis(data: bytes) -> None:
    """The tokens of a text ascend, lie within it, and are found again by themselves."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data))
    text = text.encode("utf-8", "replace").decode()
    tokens = ANALYZER.analyze(text)
    last = (0, 0)
    for position, token in enumerate(tokens):
        assert token.position == position
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= last[1] or (token.start, token.end) == last
        last = (token.start, token.end)
        assert token.surface
        assert token.stem
    words = ANALYZER.tokenize(text)
    assert list(words.stems) == [each.stem for each in tokens]


def readers(data: bytes) -> None:
    """Every file is read, record by record, or refused with a reason."""
    ending = ENDINGS[data[0] % len(ENDINGS)] if data else ""
    path = FOLDER / f"file{ending}"
    path.write_bytes(data[1:])
    try:
        for record in read_records(scan([path])):
            if isinstance(record, BadRecord):
                assert str(record)
                continue
            try:
                document = repair_document(to_document(record, FIELDS)).document
            except RecordError as error:
                assert str(error)
                continue
            document.text.encode()
            document.id.encode()
    except IndexerError as error:
        assert str(error)
    finally:
        path.unlink()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parser": parser,
    "analysis": analysis,
    "readers": readers,
    **fuzz_files.TARGETS,
    **fuzz_requests.TARGETS,
}
"""The targets by name."""

FOLDER = Path(tempfile.mkdtemp())


def main() -> None:
    """Fuzz one target until libFuzzer's own options end it."""
    name, *options = sys.argv[1:]
    try:
        atheris.Setup([name, *options], TARGETS[name])
        atheris.Fuzz()
    finally:
        os.removedirs(FOLDER)


if __name__ == "__main__":
    main()
