from __future__ import annotations

from itertools import product
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.normalization.spelling import respell
from indexer.segment.text_field import spellings_of
from indexer.segment.write.inverter import codes_within_stems, invert, stable_order
from indexer.segment.write.term_ids import TermIds
from tests.indexer.segment.texts import ANALYZER, WORDS, invert_plainly, texts


def invert_texts(documents):
    """Invert texts as a segment does; return the arrays."""
    term_ids = TermIds(ANALYZER)
    ids, lengths = term_ids.encode(documents)
    return invert(
        term_ids,
        ids,
        lengths,
    )


def positions_of(arrays):
    """Return the positions of each stem, surface form and word as written, from the arrays alone."""
    written: dict[str, dict[int, list[int]]] = {}
    stems: dict[str, dict[int, list[int]]] = {}
    surfaces: dict[str, dict[int, list[int]]] = {}
    by_code = {
        (stem, code + offset): (name.decode(), spelling)
        for name, stem, code, spellings in zip(
            arrays.surfaces,
            arrays.surface_stems.tolist(),
            arrays.surface_codes.tolist(),
            arrays.surface_spellings.tolist(),
            strict=True,
        )
        for offset, spelling in enumerate(spellings_of(arrays.spellings[spellings]))
    }
    for number, name in enumerate(arrays.stems):
        occurrence = int(arrays.occurrence_starts[number])
        for posting in range(*arrays.posting_starts[number : number + 2].tolist()):
            document = int(arrays.ids[posting])
            for _ in range(int(arrays.counts[posting])):
                position, code = int(arrays.positions[occurrence]), int(arrays.codes[occurrence])
                stems.setdefault(name.decode(), {}).setdefault(document, []).append(position)
                surface, spelling = by_code[number, code]
                surfaces.setdefault(surface, {}).setdefault(document, []).append(position)
                word = written.setdefault(respell(surface, spelling), {})
                word.setdefault(document, []).append(position)
                occurrence += 1
        assert occurrence == arrays.occurrence_starts[number + 1]
    return stems, surfaces, written


def spelled_plainly(documents):
    """Return the positions of each surface form with the hamzas and marks of its words."""
    found: dict[str, dict[int, list[int]]] = {}
    for number, text in enumerate(documents):
        for token, terms in ANALYZER.query_terms(text, exact=True):
            word = found.setdefault(terms.written, {})
            word.setdefault(number, []).append(token.position)
    return found


@settings(deadline=None, max_examples=150)
@given(st.lists(texts, max_size=12))
def test_like_a_plain_inverted_index(documents):
    arrays = invert_texts(documents)
    stems, surfaces, written = positions_of(arrays)
    assert stems == invert_plainly(documents, "stem")
    assert surfaces == invert_plainly(documents, "surface")
    assert written == spelled_plainly(documents)
    for terms in (arrays.stems, arrays.surfaces, arrays.spellings):
        assert terms == sorted(set(terms))


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([], id="no-documents"),
        pytest.param([""], id="an-empty-one"),
        pytest.param(["", "؟ ، ـ َ", "   "], id="without-words"),
        pytest.param(["", "كتاب", "", "كتاب", ""], id="empty-between"),
        pytest.param(["ﷺ"], id="a-ligature-alone"),
        pytest.param(["محمد ﷺ نبي", "صلى الله عليه وسلم"], id="a-ligature-and-its-words"),
        pytest.param(["ﷺ ﷺ ﷲ ﷽"], id="ligatures"),
        pytest.param(["كتاب " * 300], id="more-than-a-byte-of-one-word"),
        pytest.param(
            [" ".join(WORDS * 5000)],
            id="more-than-two-bytes-of-positions",
            marks=pytest.mark.stress,
        ),
        pytest.param(["كتاب"] * 300, id="more-than-a-byte-of-documents"),
    ],
)
def test_particular_texts(documents):
    stems, surfaces, written = positions_of(invert_texts(documents))
    assert stems == invert_plainly(documents, "stem")
    assert surfaces == invert_plainly(documents, "surface")
    assert written == spelled_plainly(documents)


def test_arrays_are_as_narrow_as_their_values():
    arrays = invert_texts(["كتاب " * 255, *["مدرسة"] * 255])
    assert (arrays.ids.dtype, arrays.counts.dtype, arrays.positions.dtype, arrays.codes.dtype) == (
        ("u1",) * 4
    )
    arrays = invert_texts(["كتاب " * 257, *["مدرسة"] * 256])
    assert (arrays.ids.dtype, arrays.counts.dtype, arrays.positions.dtype, arrays.codes.dtype) == (
        ("u2", "u2", "u2", "u1")
    )


@pytest.mark.stress  # test_merger.py has as many, compared in fewer steps
def test_more_stems_than_two_bytes_tell_apart():
    count = 70_000
    names = ["".join(letters) for letters in product(ascii_lowercase, repeat=4)]
    words = [names[number * 7919 % count] for number in range(count)]
    documents = [" ".join(words[start : start + 1000]) for start in range(0, count, 1000)]
    documents += [" ".join(reversed(words[::700])), documents[3]]
    arrays = invert_texts(documents)
    assert len(arrays.stems) == count
    stems, surfaces, _written = positions_of(arrays)
    assert stems == invert_plainly(documents, "stem")
    assert surfaces == invert_plainly(documents, "surface")


def test_terms_that_a_batch_lacks_are_left_out():
    """Title and text share their term ids, and each has its own terms."""
    term_ids = TermIds(ANALYZER)
    term_ids.encode(["مدرسة كبيرة"])
    arrays = invert(term_ids, *term_ids.encode(["كتاب والكتاب"]))
    assert [term.decode() for term in arrays.stems] == ["كتاب"]
    assert [term.decode() for term in arrays.surfaces] == sorted(["كتاب", "والكتاب"])


@pytest.mark.parametrize("bound", [1, 2, 255, 1 << 16, (1 << 16) + 1, 1 << 20, 1 << 31])
def test_stable_order(bound):
    keys = np.random.default_rng(bound).integers(0, bound, 5000)
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=40))
def test_codes_count_the_forms_of_each_stem(forms):
    """From the most frequent on; of several as frequent the first comes first."""
    stems, counts = (
        (np.array(values, np.int64) for values in zip(*forms, strict=True))
        if forms
        else (np.empty(0, np.int64),) * 2
    )
    order = sorted(range(len(forms)), key=lambda number: -forms[number][1])
    wanted = [0] * len(forms)
    for stem in set(stems.tolist()):
        for code, number in enumerate(each for each in order if forms[each][0] == stem):
            wanted[number] = code
    assert codes_within_stems(stems, counts).tolist() == wanted
