"""The counts of written forms are those of the documents, stored or merged."""

from __future__ import annotations

from collections import Counter

import pytest

from analyzers import Analyzer
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.indexing import delete_documents
from indexer.segment.form_counts import read_form_counts
from indexer.snapshot import Snapshot
from tests.searchd.conftest import write_index

TEXTS = ["أحمد احمد أحمد كتاب", "الكتاب " * 300 + "أحمد", "مدرسة مدرسه المدرسة"]


def surfaces(snapshot: Snapshot) -> Counter[str]:
    """Return the occurrences of each surface form, by the stored counts."""
    found = Counter[str]()
    for segment in snapshot.segments:
        terms = segment.postings.text_field("text").surfaces.all()
        counts = read_form_counts(segment.array_file, "text")
        assert counts.starts[-1] == counts.forms.size
        found.update(dict(zip((t.decode() for t in terms), counts.surfaces.tolist(), strict=True)))
    return found


def expected(texts: list[str]) -> Counter[str]:
    analyzer = Analyzer()
    return Counter(terms.surface for text in texts for terms in analyzer.terms(text))


@pytest.mark.parametrize("optimize", [False, True], ids=["two-segments", "merged"])
def test_they_are_those_of_the_texts(tmp_path, optimize):
    for number, text in enumerate(TEXTS):
        write_index(tmp_path, [Document(str(number), text)], optimize=optimize)
    snapshot = Snapshot(tmp_path)
    assert surfaces(snapshot) == expected(TEXTS)
    verify_index(tmp_path)  # counts each written form anew


def test_a_merge_counts_without_deleted_documents(tmp_path):
    for number, text in enumerate(TEXTS):
        write_index(tmp_path, [Document(str(number), text)])
    delete_documents(tmp_path, ["1"])
    write_index(tmp_path, [Document("3", "نص")], optimize=True)
    assert surfaces(Snapshot(tmp_path)) == expected([TEXTS[0], TEXTS[2], "نص"])


def test_spellings_are_told_apart(tmp_path):
    write_index(tmp_path, [Document("1", TEXTS[0])])
    (segment,) = Snapshot(tmp_path).segments
    field = segment.postings.text_field("text")
    counts = read_form_counts(segment.array_file, "text")
    number = field.surfaces.find("احمد".encode())
    form = field.surface("احمد")
    first = int(counts.starts[number])
    of_forms = dict(zip(form.spellings, counts.forms[first:].tolist(), strict=False))
    assert of_forms == {"": 1, "أ": 2}


def test_counts_of_other_forms_are_damage(tmp_path, monkeypatch):
    write_index(tmp_path, [Document("1", TEXTS[1])])
    (segment,) = Snapshot(tmp_path).segments
    monkeypatch.setattr("indexer.segment.form_counts.MANY", 254)
    with pytest.raises(ValueError, match="form counts of text"):
        read_form_counts(segment.array_file, "text")
