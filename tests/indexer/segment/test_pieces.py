from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import ANALYZER, texts

from analyzers.analysis import surface_forms
from analyzers.characters import CONTROLS, MARKS, PHRASE_LIGATURES
from analyzers.tokenizer import WORD
from indexer.segment.pieces import LONGEST_KEY, PieceNumbers, cut
from indexer.segment.vocabulary import Vocabulary

# Everything the tokenizer asks for, so that short strings hold the cases that matter.
TELLING = (
    "ابوةیπaZéß0159٣۹²Ⅷ_ʼ'’-‐‑.,٫٬،؛ \n\0/:«…\u0301\u05b0\u0905\u093e漢😀𞸀\U00010efa\uffff"
    f"{MARKS[:3]}{MARKS[-2:]}ـ{CONTROLS[:4]}{CONTROLS[-1]}{PHRASE_LIGATURES}"
)
telling_texts = st.text(st.sampled_from(TELLING), max_size=40)
any_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def written(texts):
    """Return the pieces of each text as written."""
    pieces = cut(texts)
    every = pieces.written(np.arange(pieces.starts.size))
    bounds = pieces.text_starts.tolist()
    assert len(bounds) == len(texts) + 1
    return [every[bounds[n] : bounds[n + 1]] for n in range(len(texts))]


@settings(deadline=None, max_examples=400)
@given(st.lists(telling_texts | any_texts | texts, max_size=4))
def test_the_words_of_pieces_are_those_of_the_text(documents):
    for text, pieces in zip(documents, written(documents), strict=True):
        assert [word for piece in pieces for word in WORD.findall(piece)] == WORD.findall(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("قال: «آب/أغسطس».", ["قال", "آب", "أغسطس"], id="words"),
        pytest.param("كتاب.وقلم", ["كتاب", "وقلم"], id="a-stop-before-a-letter"),
        pytest.param("3.14 5,800", ["3.14", "5,800"], id="numbers"),
        pytest.param("٢٠٠٣م", ["٢٠٠٣م"], id="two-words-are-one-piece"),
        pytest.param("don't -5", ["don't", "-5"], id="joiners-before-others"),
        pytest.param("كتاب😀 😀", ["كتاب😀", "😀"], id="beyond-two-bytes"),
    ],
)
def test_pieces(text, pieces):
    assert written([text, text]) == [pieces, pieces]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(telling_texts | texts, max_size=4), max_size=4))
def test_the_words_of_texts_whether_they_are_known_or_not(batches):
    vocabulary = Vocabulary(ANALYZER)
    for documents in [*batches, *batches]:
        numbers, sizes = vocabulary.encode_all(documents)
        expected = [
            [form for word in WORD.findall(text) for form in surface_forms(word)]
            for text in documents
        ]
        assert sizes.tolist() == list(map(len, expected))
        surfaces = vocabulary.surfaces
        assert [surfaces[number] for number in numbers.tolist()] == [
            form for forms in expected for form in forms
        ]


def test_an_interruption_at_any_call_is_raised():
    """Ctrl-C is raised where a call begins, also in what C calls and whose errors it may drop."""

    def cut_and_interrupt(at):
        begun = 0

        def count(frame, event, argument):
            nonlocal begun
            begun += event == "call"
            if begun == at:
                raise KeyboardInterrupt

        sys.setprofile(count)
        try:
            cut(["don't كتب"])
        finally:
            sys.setprofile(None)
        return begun

    cut_and_interrupt(0)  # the first time also loads and makes what stays
    calls = cut_and_interrupt(0)
    assert calls > 0
    for call in range(1, calls + 1):
        with pytest.raises(KeyboardInterrupt):
            cut_and_interrupt(call)


class TestNumbers:
    def test_what_was_put_is_found(self):
        pieces = cut(["كتاب كتب a a0 " + "ب" * LONGEST_KEY])
        numbers = np.array([7, 0, -3, 2**31 - 1, 5], np.int32)
        known = PieceNumbers()
        assert known.find(pieces.keys)[1].tolist() == [0, 1, 2, 3, 4]
        known.put(pieces.keys, numbers)
        found, missing = known.find(pieces.keys)
        assert missing.tolist() == []
        assert found.tolist() == numbers.tolist()

    def test_a_piece_that_is_too_long_is_never_found(self):
        """Nor is its beginning taken for it."""
        pieces = cut(["ب" * (LONGEST_KEY + 1) + " " + "ب" * LONGEST_KEY + " " + "ب" * 50])
        known = PieceNumbers()
        known.put(pieces.keys, np.array([1, 2, 3], np.int32))
        found, missing = known.find(pieces.keys)
        assert missing.tolist() == [0, 2]
        assert found[1] == 2

    def test_one_of_those_that_share_a_place_is_found(self):
        """With more pieces than places some are forgotten; none gets the number of another."""
        pieces = cut([" ".join(f"{number:x}" for number in range(1 << 20))])
        numbers = np.arange(1 << 20, dtype=np.int32)
        known = PieceNumbers()
        known.put(pieces.keys, numbers)
        found, missing = known.find(pieces.keys)
        assert 0 < missing.size < numbers.size
        kept = np.delete(numbers, missing)
        assert np.array_equal(found[kept], kept)
