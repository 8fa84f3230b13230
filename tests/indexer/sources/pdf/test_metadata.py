"""Titles and authors that programs made up are no titles and authors."""

from __future__ import annotations

import pikepdf
import pytest

from indexer.sources.pdf.metadata import stated_values


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("Title", "نظام العمل", {"title": "نظام العمل"}, id="title"),
        pytest.param("Title", "Microsoft Word - x.doc", {}, id="word"),
        pytest.param("Title", "report_final.docx", {}, id="name of a file"),
        pytest.param("Title", "untitled", {}, id="untitled"),
        pytest.param("Title", "Document1", {}, id="document"),
        pytest.param("Title", "عرض تقديمي في PowerPoint", {}, id="presentation"),
        pytest.param("Title", "...", {}, id="dots"),
        pytest.param("Title", "Wordsworth's poems", {"title": "Wordsworth's poems"}, id="a name"),
        pytest.param("Author", "user1", {}, id="user"),
        pytest.param("Author", "Administrator", {}, id="administrator"),
        pytest.param("Author", "هدى شعراوي", {"author": "هدى شعراوي"}, id="author"),
        pytest.param("CreationDate", "D:20240131", {"date": "2024-01-31"}, id="date"),
        pytest.param("CreationDate", "D:20241399", {}, id="no date"),
        pytest.param("CreationDate", "yesterday", {}, id="words"),
    ],
)
def test_stated_values(key: str, value: str, expected: dict[str, str]) -> None:
    with pikepdf.new() as pdf:
        pdf.docinfo[f"/{key}"] = value
        assert stated_values(pdf) == expected
