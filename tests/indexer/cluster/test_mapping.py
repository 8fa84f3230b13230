"""The mapping of an index on a cluster: what shapes the index is read back, and changes are refused."""

from __future__ import annotations

import copy
import json

import pytest

from analyzers import Analyzer
from analyzers.normalization.spelling import UNKNOWN, spelling
from analyzers.normalization.turned_text import mend_turned_text
from analyzers.tokenizer import WORD
from indexer.cluster.address import parse_address
from indexer.cluster.encoding import (
    DocumentEncoder,
    EncodedDocument,
    decode,
    document_key,
    group_of,
)
from indexer.cluster.mapping import ALL, K1, B, index_body, read_mapping
from indexer.cluster.term_encoding import LONGEST_KEY, TermEncoder
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import Generation
from indexer.segment.columns import fold_keyword
from indexer.segment.trigram_index import trigrams_of
from searchd.ranking import DEFAULT_RANKING

ADDRESS = parse_address("https://a/news", {})
FIELDS = FieldMap.from_specs([FieldSpec("category"), FieldSpec("summary", FieldType.TEXT)])


@pytest.fixture
def generation():
    return Generation(number=1, analysis="abc", fields=FIELDS, created="2026-01-01", title_weight=2)


@pytest.fixture
def mappings(generation):
    return index_body(generation, shards=1, replicas=0, refresh_interval="1s")["mappings"]


def test_the_candidates_are_chosen_by_the_numbers_of_the_ranking():
    assert (DEFAULT_RANKING.k1, DEFAULT_RANKING.b) == (K1, B)


def test_what_shapes_the_index_is_read_back(generation, mappings):
    assert read_mapping(ADDRESS, mappings) == generation


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda m: m.pop("_meta"), "not made by searchd", id="no-meta"),
        pytest.param(lambda m: m["_meta"]["searchd"].update(format=9), "upgrade", id="newer"),
        pytest.param(lambda m: m["_meta"]["searchd"].update(format=1), "has format 1", id="older"),
        pytest.param(
            lambda m: m["_meta"]["searchd"].update(title_weight="x"), "was changed", id="weight"
        ),
        pytest.param(
            lambda m: m["properties"].update(x={"type": "keyword"}),
            "'x' is type keyword",
            id="added",
        ),
        pytest.param(lambda m: m["properties"].pop("hash"), "'hash' is missing", id="gone"),
        pytest.param(
            lambda m: m["properties"]["terms"]["properties"]["all"]["properties"]["stem"].update(
                analyzer="standard"
            ),
            "analyzer standard",
            id="analyzer",
        ),
    ],
)
def test_a_changed_mapping_is_refused(mappings, change, reason):
    changed = copy.deepcopy(mappings)
    change(changed)
    with pytest.raises(IndexMismatchError, match=reason) as caught:
        read_mapping(ADDRESS, changed)
    assert "--rebuild" in str(caught.value) or "another name" in str(caught.value)


def test_frequencies_and_lengths_are_those_of_an_index_in_a_directory():
    encoder = DocumentEncoder(Analyzer(), FIELDS, 3)
    document = Document("1", "جاء أحمد إلى المدرسة", title="أحمد", fields={"summary": "كتاب"})
    (body,) = encoder.encode([EncodedDocument(document, document.content_hash(), 7)])
    terms = body["terms"]
    assert terms["title"]["surface"] == ["احمد"] * 3
    assert terms["title"]["written"] == ["احمد/أ"] * 3
    assert terms["text"]["surface"].split() == ["جاء", "احمد", "الي", "المدرسه"]
    assert terms["summary"]["stem"] == "كتاب"
    assert body["length"] == 3 * 1 + 4
    assert decode(body) == (document, document.content_hash())


def test_each_word_is_sent_once():
    encoder = DocumentEncoder(Analyzer(), FIELDS, 3)
    document = Document("1", "كتاب والكتاب كتاب")
    encoder.encode([EncodedDocument(document, document.content_hash(), 1)])
    words = encoder.take_words()
    entries = [json.loads(word.entry) for word in words]
    assert sorted(entry.get("surface", "") for entry in entries) == ["", "كتاب", "والكتاب"]
    assert [entry["trigrams"] for entry in entries if "surface" not in entry] == [
        sorted(trigrams_of("كتاب"))
    ]
    assert len({word.key for word in words}) == 3
    encoder.encode([EncodedDocument(document, document.content_hash(), 2)])
    assert encoder.take_words() == []


@pytest.mark.parametrize("term_bytes", [1, 1_000_000])
def test_terms_are_those_of_each_word_alone(term_bytes):
    """Of words with several parts, of turned ligatures and unknown spelling, also in a full table."""
    analyzer = Analyzer()
    texts = [
        "قال أحْمَدُ: «والكتب/الكتاب» F-16 في ٢٠٠٣ ﻻ إله إلّا اللّه",
        "",
        "المؤتمر اإلسالمي في األردن واإلعالم",
        "أبوبكر ولابد أن يكون COVID-19 ...",
        "عِلْم عَلَم علم والكتاب",
    ]
    encoder = TermEncoder(analyzer, term_bytes)
    for _ in range(2):
        found = encoder.encode(texts, [ALL] * len(texts))
        for text, terms in zip(texts, found, strict=True):
            surfaces, written = [], []
            for word in WORD.findall(mend_turned_text(text)):
                forms = analyzer.surface_forms(word)
                surfaces += forms
                spelled = [spelling(word, forms[0])] if len(forms) == 1 else [UNKNOWN] * len(forms)
                written += [f"{form}/{each}" for form, each in zip(forms, spelled, strict=True)]
            assert terms.surface.split() == surfaces
            assert terms.written.split() == written
            assert terms.stem.split() == [analyzer.stem(surface) for surface in surfaces]
            assert terms.words == len(surfaces)


def test_each_vocabulary_has_its_own_words():
    encoder = TermEncoder(Analyzer())
    encoder.encode(["كتاب", "كتاب"], [ALL, "summary"])
    entries = [json.loads(word.entry) for word in encoder.take_words()]
    assert sorted(entry["field"] for entry in entries) == [ALL, ALL, "summary", "summary"]


def test_a_word_that_is_too_long_for_an_id_has_a_digest():
    encoder = TermEncoder(Analyzer())
    encoder.encode(["ك" * 600, "كتاب"], [ALL, ALL])
    keys = [word.key for word in encoder.take_words()]
    assert len(set(keys)) == 4
    assert max(len(key.encode()) for key in keys) <= LONGEST_KEY


@pytest.mark.parametrize(
    ("held", "group"),
    [
        ("السِّياسة", fold_keyword("السياسة")),
        (("أ", "ب"), fold_keyword("ا")),
        ((), " 7"),
        (None, " 7"),
    ],
)
def test_a_document_is_in_the_group_of_its_first_value(held, group):
    assert group_of("7", held) == group


def test_a_stored_document_that_was_changed_is_damage():
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        decode({"stored": "x", "text": "y", "hash": "zz"})


def test_ids_that_a_cluster_does_not_take_have_a_digest():
    long = "ك" * 400
    assert document_key("1") == "1"
    assert len(document_key(long)) == 65
    assert document_key("_x") != "_x"
