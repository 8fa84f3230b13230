"""The page, sheet or other place of a snippet."""

from __future__ import annotations

import json

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import RecordError
from indexer.places import Place, PlaceKind, joined
from indexer.writer import IndexWriter
from searchd.engine import Engine
from tests.searchd.conftest import write_index

PAGES = [
    (PlaceKind.PAGE, "١", "أعلنت الوزارة خطة جديدة"),
    (PlaceKind.PAGE, "٢", "وزار الوفد المدرسة في القرية"),
    (PlaceKind.PAGE, "٣", "ثم عاد الطلاب إلى المكتبة"),
]


def book(name: str = "book", parts=PAGES, separator: str = "\n") -> Document:
    text, places = joined(parts, separator)
    return Document(name, text, places=places)


@pytest.mark.parametrize(
    ("query", "label"),
    [("الوزارة", "١"), ("القرية", "٢"), ("ثم", "٣"), ("مكتبة", "٣"), ('"القرية ثم عاد"', "٢")],
)
@pytest.mark.parametrize("long", [False, True], ids=["short", "in-parts"])
def test_a_snippet_has_the_place_of_its_first_highlight(make_engine, query, label, long):
    filler = [(PlaceKind.PAGE, "0", "كلام آخر لا صلة له بها. " * 4000)] if long else []
    engine = make_engine([book(parts=[*filler, *PAGES])])
    (hit,) = engine.search(query, snippet_length=30).hits
    assert hit.snippets[0].place.label == label
    assert engine.search(query, snippet_length=30).to_dict()["hits"][0]["snippets"][0]["place"] == {
        "kind": "page",
        "label": label,
        "start": hit.snippets[0].place.start,
    }


def test_a_document_without_places_has_none(make_engine):
    engine = make_engine([Document("a", "نص الكتاب"), book()])
    (hit,) = engine.search("كتاب").hits
    assert hit.snippets[0].place is None
    assert json.loads(json.dumps(engine.search("كتاب").to_dict()))["hits"][0]["snippets"][0][
        "place"
    ] is None  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        pytest.param(PlaceKind.PAGE, "الأول قصير\nوالثاني قصير", id="running-text"),
        pytest.param(PlaceKind.SHEET, "الأول قصير", id="sheet"),
        pytest.param(PlaceKind.MESSAGE, "الأول قصير", id="message"),
    ],
)
def test_a_snippet_goes_on_over_the_end_of_a_page_alone(make_engine, kind, shown):
    engine = make_engine([book(parts=[(kind, "1", "الأول قصير"), (kind, "2", "والثاني قصير")])])
    (hit,) = engine.search("الأول").hits
    assert hit.snippets[0].text == shown


def test_places_survive_merging_and_verify(tmp_path):
    write_index(tmp_path, [Document("a", "نص الكتاب"), book("b"), Document("c", "آخر")])
    write_index(tmp_path, [book("d"), Document("a", "غيره")])
    with IndexWriter(tmp_path) as writer:
        writer.delete("c")
        writer.commit(optimize=True)
    verify_index(tmp_path)
    with Engine(tmp_path) as engine:
        found = {hit.id: hit.snippets[0].place.label for hit in engine.search("القرية").hits}
    assert found == {"b": "٢", "d": "٢"}


def test_changed_places_change_the_document(tmp_path):
    write_index(tmp_path, [book()])
    renamed = [(kind, f"{label}أ", text) for kind, label, text in PAGES]
    with IndexWriter(tmp_path) as writer:
        assert writer.upsert(book()) == "unchanged"
        assert writer.upsert(book(parts=renamed)) == "replaced"


def test_the_content_hash_of_a_document_without_places_is_as_before():
    document = Document("1", "نص", title="عنوان", url="http://x")
    assert document.content_hash().hex() == "da10acce821aca342a1cdaf26d69c937"


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        pytest.param([Place(9, PlaceKind.PAGE, "1")], "behind the end of the text", id="behind"),
        pytest.param(
            [Place(2, PlaceKind.PAGE, "1"), Place(1, PlaceKind.PAGE, "2")],
            "starts at 1; give code points that do not decrease",
            id="descending",
        ),
        pytest.param([Place(-1, PlaceKind.PAGE, "1")], "starts at -1", id="negative"),
        pytest.param(["page 1"], "of type str; give a Place", id="str"),
        pytest.param([Place(0, "page", "1")], "kind or a label of a wrong type", id="kind"),
        pytest.param(7, "not iterable", id="number"),
    ],
)
def test_wrong_places_are_refused(tmp_path, places, reason):
    with IndexWriter(tmp_path) as writer, pytest.raises(RecordError, match=reason):
        writer.upsert(Document("a", "نص", places=places))
