from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.trigram_index import TRIGRAM_PARTS, TrigramIndex, build_trigrams
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter


def trigram_index_of(stems: list[str], path: Path) -> TrigramIndex:
    with ArrayFileWriter(path) as writer:
        build_trigrams([stem.encode() for stem in stems]).write(writer, "text")
        writer.finish({})
    return TrigramIndex(ArrayFile(path), "text")


@pytest.fixture
def make_trigram_index(tmp_path):
    return lambda *stems: trigram_index_of(sorted(stems), tmp_path / "trigrams")


def trigrams(stem: str) -> set[str]:
    padded = f"\n{stem}\n"
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def similar_plainly(stems: list[str], stem: str, least: float) -> dict[int, float]:
    """Return the likeness of each stem that shares a trigram, by Dice's coefficient of sets."""
    own = trigrams(stem)
    found = {}
    for number, other in enumerate(stems):
        shared = len(own & trigrams(other))
        if shared:
            found[number] = 2 * shared / (len(own) + len(trigrams(other)))
    return {number: likeness for number, likeness in found.items() if likeness >= least}


def similar(trigrams: TrigramIndex, stem: str, least: float) -> dict[int, float]:
    owners, numbers, likeness = trigrams.similar([stem], least)
    assert not owners.any()
    assert numbers.tolist() == sorted(set(numbers.tolist()))
    return dict(zip(numbers.tolist(), likeness, strict=True))


STEMS = st.text(
    st.sampled_from("ابتثجab19\U00010330\U0001f600é٣\u0301"), min_size=1, max_size=9
) | st.text(
    st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=5
)
"""Few letters, so that stems share trigrams: Arabic, Latin, digits, marks and astral ones."""


@settings(deadline=None, max_examples=150)
@given(
    st.sets(STEMS, max_size=25).map(sorted),
    st.lists(STEMS, min_size=1, max_size=5),
    st.sampled_from([0.0, 0.25, 0.4, 0.5, 1.0]),
)
def test_like_sets_of_trigrams(stems, others, least):
    with tempfile.TemporaryDirectory() as directory:
        trigrams = trigram_index_of(stems, Path(directory) / "trigrams")
        asked = [*stems, *others]
        together = trigrams.similar(asked, least)
        assert together.owners.tolist() == sorted(together.owners.tolist())
        for owner, stem in enumerate(asked):
            expected = similar_plainly(stems, stem, least)
            assert similar(trigrams, stem, least) == pytest.approx(expected)
            own = together.owners == owner
            found = zip(together.numbers[own].tolist(), together.likeness[own], strict=True)
            assert dict(found) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        pytest.param("كتاب", {"كتاب": 1.0, "كتابه": 2 * 3 / 9}, id="itself-and-a-longer-one"),
        pytest.param("كتابي", {"كتاب": 2 * 3 / 9, "كتابه": 2 * 3 / 10}, id="unknown-word"),
        pytest.param("غورباتشيف", {"غورباتشوف": 2 * 6 / 18, "جورباتشوف": 2 * 4 / 18}, id="name"),
        pytest.param("و", {"و": 1.0}, id="one-letter"),
        pytest.param("من", {"من": 1.0}, id="two-letters"),
        pytest.param("covid", {"covid": 1.0, "covid19": 2 * 4 / 12}, id="latin"),
        pytest.param("2023", {"2024": 2 * 2 / 8}, id="digits"),
        pytest.param("😀😀", {"😀😀": 1.0}, id="astral"),
        pytest.param("كتيب", {}, id="too-little"),
        pytest.param("ظظظ", {}, id="unknown-letters"),
        pytest.param("\ud800", {}, id="a-lone-surrogate"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_what_is_similar(make_trigram_index, stem, expected):
    arabic = ["كتاب", "كتابه", "مدرسه", "غورباتشوف", "جورباتشوف", "و", "من"]
    stems = [*arabic, "covid", "covid19", "2024", "😀😀"]
    found = similar(make_trigram_index(*stems), stem, 0.4)
    assert {sorted(stems)[number]: value for number, value in found.items()} == pytest.approx(
        expected
    )


def test_a_trigram_that_a_stem_repeats_counts_once(make_trigram_index):
    assert similar(make_trigram_index("ابابابا"), "ابابا", 0.0) == {
        0: pytest.approx(2 * 4 / (4 + 4))
    }


def test_without_stems(make_trigram_index):
    assert similar(make_trigram_index(), "كتاب", 0.0) == {}


@pytest.mark.parametrize("count", [255, 256, 257, 65_537])
def test_numbers_at_the_bounds_of_their_types(make_trigram_index, count):
    stems = [f"{number:05d}" for number in range(count - 1)]
    trigrams = make_trigram_index(*stems, "كلمه")
    assert similar(trigrams, "كلمه", 0.4) == {count - 1: 1.0}
    assert similar(trigrams, stems[-1], 1.0) == {count - 2: 1.0}


def test_stems_of_the_greatest_length(make_trigram_index):
    """The numbers of their trigrams are too large together for the type of each."""
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 127)))
    assert similar(make_trigram_index(letters + "a"), letters + "b", 0.4) == {0: 2 * 126 / 256}


def stems_and_trigrams(directory: Path) -> list[tuple[list[bytes], list[list[int]]]]:
    return [
        (
            segment.postings.text_field(name).stems.all(),
            [
                segment.array_file.array(f"{name}.trigrams.{part}").all().tolist()
                for part in TRIGRAM_PARTS
            ],
        )
        for segment in Snapshot(directory).segments
        for name in ("text", "title")
    ]


def test_merging_keeps_the_trigrams_of_the_remaining_stems(tmp_path):
    runs = [
        [Document(f"a{number}", f"كتاب كتابه كلمه{number}") for number in range(9)],
        [Document("b", "غورباتشوف", title="مدرسه")],
        [Document("c", "😀 covid نادره")],
    ]
    for run in runs:
        with IndexWriter(tmp_path / "merged") as writer:
            for document in run:
                writer.upsert(document)
            writer.commit()
    with IndexWriter(tmp_path / "merged") as writer:
        assert writer.delete("a3")
        writer.commit(optimize=True)
    with IndexWriter(tmp_path / "at once") as writer:
        for document in (document for run in runs for document in run if document.id != "a3"):
            writer.upsert(document)
        writer.commit()
    found = stems_and_trigrams(tmp_path / "merged")
    assert found == stems_and_trigrams(tmp_path / "at once")
    assert "كلمه3".encode() not in found[0][0]
    for stems, arrays in found:
        expected = build_trigrams(stems)
        assert arrays == [getattr(expected, part).tolist() for part in TRIGRAM_PARTS]
