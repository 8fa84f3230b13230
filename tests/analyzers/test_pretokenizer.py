from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.analyzer import surface_forms
from analyzers.normalization.folding import CONTROLS, MARKS, PHRASE_LIGATURES
from analyzers.pretokenizer import MAX_KEY_UNITS, ChunkIdTable, split_at_separators
from analyzers.tokenizer import WORD
from indexer.segment.write.term_ids import TermIds
from tests.indexer.segment.texts import ANALYZER, texts

# Everything the tokenizer asks for, so that short strings hold the cases that matter.
TELLING = (
    "ابوةیπaZéß0159٣۹²Ⅷ_ʼ'’-‐‑.,٫٬،؛ \n\0/:«…\u0301\u05b0\u0905\u093e漢😀𞸀\U00010efa\uffff"
    f"{MARKS[:3]}{MARKS[-2:]}ـ{CONTROLS[:4]}{CONTROLS[-1]}{PHRASE_LIGATURES}"
)
telling_texts = st.text(st.sampled_from(TELLING), max_size=40)
any_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def chunks_of(texts):
    """Return the chunks of each text."""
    chunks = split_at_separators(texts)
    every = chunks.decode(np.arange(chunks.starts.size))
    bounds = chunks.text_starts.tolist()
    assert len(bounds) == len(texts) + 1
    return [every[bounds[n] : bounds[n + 1]] for n in range(len(texts))]


@settings(deadline=None, max_examples=400)
@given(st.lists(telling_texts | any_texts | texts, max_size=4))
def test_the_words_of_chunks_are_those_of_the_text(documents):
    for text, chunks in zip(documents, chunks_of(documents), strict=True):
        assert [word for chunk in chunks for word in WORD.findall(chunk)] == WORD.findall(text)


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("قال: «آب/أغسطس».", ["قال", "آب", "أغسطس"], id="words"),
        pytest.param("كتاب.وقلم", ["كتاب", "وقلم"], id="a-stop-before-a-letter"),
        pytest.param("3.14 5,800", ["3.14", "5,800"], id="numbers"),
        pytest.param("٢٠٠٣م", ["٢٠٠٣م"], id="two-words-are-one-chunk"),
        pytest.param("don't -5", ["don't", "-5"], id="joiners-before-others"),
        pytest.param("كتاب😀 😀", ["كتاب😀", "😀"], id="beyond-two-bytes"),
    ],
)
def test_chunks(text, chunks):
    assert chunks_of([text, text]) == [chunks, chunks]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(telling_texts | texts, max_size=4), max_size=4))
def test_the_words_of_texts_whether_they_are_known_or_not(batches):
    term_ids = TermIds(ANALYZER)
    for documents in [*batches, *batches]:
        ids, lengths = term_ids.encode(documents)
        expected = [
            [form for word in WORD.findall(text) for form in surface_forms(word)]
            for text in documents
        ]
        assert lengths.tolist() == list(map(len, expected))
        surfaces = term_ids.surfaces
        assert [surfaces[term_ids.form_surfaces[form_id]] for form_id in ids.tolist()] == [
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
            split_at_separators(["don't كتب"])
        finally:
            sys.setprofile(None)
        return begun

    cut_and_interrupt(0)  # the first time also loads and makes what stays
    calls = cut_and_interrupt(0)
    assert calls > 0
    for call in range(1, calls + 1):
        with pytest.raises(KeyboardInterrupt):
            cut_and_interrupt(call)


class TestChunkIdTable:
    def test_what_was_put_is_found(self):
        chunks = split_at_separators(["كتاب كتب a a0 " + "ب" * MAX_KEY_UNITS])
        ids = np.array([7, 0, -3, 2**31 - 1, 5], np.int32)
        table = ChunkIdTable()
        assert table.find(chunks.keys)[1].tolist() == [0, 1, 2, 3, 4]
        table.put(chunks.keys, ids)
        found, missing = table.find(chunks.keys)
        assert missing.tolist() == []
        assert found.tolist() == ids.tolist()

    def test_a_chunk_that_is_too_long_is_never_found(self):
        """Nor is a chunk that begins like it found in its place."""
        chunks = split_at_separators(
            ["ب" * (MAX_KEY_UNITS + 1) + " " + "ب" * MAX_KEY_UNITS + " " + "ب" * 50]
        )
        table = ChunkIdTable()
        table.put(chunks.keys, np.array([1, 2, 3], np.int32))
        found, missing = table.find(chunks.keys)
        assert missing.tolist() == [0, 2]
        assert found[1] == 2

    def test_what_was_put_before_it_grew_is_found(self):
        chunks = split_at_separators([" ".join(f"{number:x}" for number in range(50_000))])
        ids = np.arange(50_000, dtype=np.int32)
        table = ChunkIdTable()
        for start in range(0, 50_000, 500):
            part = slice(start, start + 500)
            table.put(chunks.keys[part], ids[part])
            found, missing = table.find(chunks.keys[: part.stop])
            assert missing.size < 0.2 * part.stop  # those that share a slot
            kept = np.delete(ids[: part.stop], missing)
            assert np.array_equal(np.delete(found, missing), kept)

    def test_one_of_those_that_share_a_slot_is_found(self):
        """With more chunks than slots some are forgotten; none gets the id of another."""
        chunks = split_at_separators([" ".join(f"{number:x}" for number in range(1 << 20))])
        ids = np.arange(1 << 20, dtype=np.int32)
        table = ChunkIdTable()
        table.put(chunks.keys, ids)
        found, missing = table.find(chunks.keys)
        assert 0 < missing.size < ids.size
        kept = np.delete(ids, missing)
        assert np.array_equal(found[kept], kept)
