"""The mapping of an index on a cluster: what shapes the index is read back, and changes are refused."""

from __future__ import annotations

import copy

import pytest

from analyzers import Analyzer
from indexer.cluster.address import parse_address
from indexer.cluster.encoding import DocumentEncoder, decode, document_key
from indexer.cluster.mapping import K1, B, index_body, read_mapping
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import Generation
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
        pytest.param(lambda m: m["_meta"]["searchd"].update(format=2), "upgrade", id="newer"),
        pytest.param(lambda m: m["_meta"]["searchd"].update(format=0), "has format 0", id="older"),
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
    body = encoder.encode(document, document.content_hash(), 7)
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
    encoder.encode(document, document.content_hash(), 1)
    words = encoder.take_words()
    assert sorted(word.get("surface", "") for word in words) == ["", "كتاب", "والكتاب"]
    assert len({word["_id"] for word in words}) == 3
    encoder.encode(document, document.content_hash(), 2)
    assert encoder.take_words() == []


def test_a_stored_document_that_was_changed_is_damage():
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        decode({"stored": "x", "text": "y", "hash": "zz"})


def test_ids_that_a_cluster_does_not_take_have_a_digest():
    long = "ك" * 400
    assert document_key("1") == "1"
    assert len(document_key(long)) == 65
    assert document_key("_x") != "_x"
