from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.damage import UNFIT
from indexer.document import Document
from indexer.places import Place, PlaceKind, place_of
from indexer.segment.stored_places import pack_places, unpack_places
from tests.indexer.segment.test_document_store import segment_of

PLACES = st.lists(
    st.tuples(
        st.integers(0, 1 << 30), st.sampled_from(PlaceKind), st.text(st.characters(codec="utf-8"))
    ),
    max_size=9,
).map(lambda parts: tuple(Place(*part) for part in sorted(parts)))


@given(PLACES)
def test_places_are_read_back_as_they_were_packed(places):
    assert unpack_places(pack_places(places)) == places


@pytest.mark.parametrize(
    "packed", [b"", b"{}1", b"[1]", b'[0,"page"]', b'[0,"leaf","1"]', b'[2,"page","","x"]', b"[[]]"]
)
def test_what_are_no_places_is_damage(packed):
    with pytest.raises(UNFIT):
        unpack_places(packed)


def test_only_documents_with_places_are_stored(tmp_path):
    places = (Place(0, PlaceKind.PAGE, "1"), Place(3, PlaceKind.PAGE, "2"))
    documents = [Document("a", "نص"), Document("b", "نص ونص", places=places), Document("c", "نص")]
    segment = segment_of(tmp_path, documents)
    assert [segment.documents.places(number) for number in range(3)] == [(), places, ()]
    (tmp_path / "none").mkdir()
    without = segment_of(tmp_path / "none", [Document("a", "نص")])
    assert without.documents.stored_places is None
    assert without.documents.places(0) == ()


@pytest.mark.parametrize(("offset", "label"), [(0, None), (2, "1"), (8, "1"), (9, "2"), (99, "2")])
def test_the_place_of_an_offset(offset, label):
    found = place_of([Place(2, PlaceKind.PAGE, "1"), Place(9, PlaceKind.PAGE, "2")], offset)
    assert (found and found.label) == label
