"""The mapping: what an index on a cluster has of each document, and whether it is one of searchd's.

The terms are made here and split there at spaces. `terms.all` has title and text together, the title
as often as its weight says, so that frequencies and lengths are those of an index in a directory;
`terms.title`, `terms.text` and one for each extra text field are for searches in one field. Each has:

    stem      the stems, with positions
    surface   the surface forms, with positions
    written   the surface forms with their spelling (`surface/spelling`), with positions

`columns` are the values to filter by and to count, `sort` the keys of texts to sort by, and `groups` has
for each keyword field the first value alone, or what no other document has. What shapes the index is in
`_meta`.

The distinct words are documents of a second index, `NAME-words`: each written form, and each stem with
its trigrams. Patterns, words with typing errors and similar words are looked for there. A word stays
when the last document with it is deleted: in how many documents it is, the first index says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from indexer.cluster.address import ClusterAddress
from indexer.errors import FieldOptionError, IndexMismatchError
from indexer.fields import FieldMap, FieldSpec, FieldType, check_title_weight
from indexer.generation import Generation

CLUSTER_FORMAT = 3
"""The version of the mapping; raised by every change that older code cannot search."""

K1, B = 1.2, 0.75
"""The parameters of BM25 of the default ranking, by which the cluster chooses candidates."""

POSITION_GAP = 10_000
"""Positions between the values of a field: no phrase goes over it."""

ALL = "all"
"""The name of title and text together among the fields of terms."""

MOST_RESULTS = 11_000
"""The largest window of results: the last hit of a page, and as many candidates after it as matter."""

_REMEDY = "build the index again with 'searchd index --rebuild'"


def terms_field(field: str, kind: str) -> str:
    """Return the name of the terms of a text field, "" for title and text together."""
    return f"terms.{field or ALL}.{kind}"


def vocabulary_of(field: str) -> str:
    """Return the name of the vocabulary of a text field; title and text have one together."""
    return ALL if field in ("", "title", "text") else field


def words_index(index: str) -> str:
    """Return the name of the index of the words of an index."""
    return f"{index}-words"


def words_body(*, replicas: int, refresh_interval: str) -> dict[str, Any]:
    """Return the settings and the mapping of a new index of words."""
    keyword = {"type": "keyword", "doc_values": False}
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": replicas,
            "refresh_interval": refresh_interval,
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "field": keyword,
                "surface": keyword,
                "spelling": {"type": "keyword", "index": False, "doc_values": False},
                "stem": keyword,
                "trigrams": {**keyword, "index_options": "docs", "norms": False},
            },
        },
    }


def index_body(
    generation: Generation, *, shards: int, replicas: int, refresh_interval: str
) -> dict[str, Any]:
    """Return the settings and the mapping of a new index."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": refresh_interval,
            "max_result_window": MOST_RESULTS,
            "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
            "analysis": {"analyzer": {"terms": {"type": "custom", "tokenizer": "whitespace"}}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"searchd": meta_of(generation)},
            "_source": {"excludes": ["terms", "columns", "sort", "groups"]},
            "properties": _properties(generation.fields),
        },
    }


def meta_of(generation: Generation) -> dict[str, Any]:
    """Return what the mapping says of the index."""
    return {
        "format": CLUSTER_FORMAT,
        "analysis": generation.analysis,
        "title_weight": generation.title_weight,
        "created": generation.created,
        "fields": asdict(generation.fields),
    }


def read_mapping(address: ClusterAddress, mappings: Mapping[str, Any]) -> Generation:
    """Return what shapes an index, as its mapping says.

    Raises IndexMismatchError for an index that searchd did not make, for one of another format, and
    for one whose mapping was changed.
    """
    meta = (mappings.get("_meta") or {}).get("searchd")
    if not isinstance(meta, Mapping):
        raise IndexMismatchError(
            f"the index at {address} was not made by searchd; choose another name, under which "
            f"'searchd index' makes one"
        )
    found = meta.get("format")
    if found != CLUSTER_FORMAT:
        newer = isinstance(found, int) and found > CLUSTER_FORMAT
        raise IndexMismatchError(
            f"the index at {address} has format {str(found)[:20]}, this is format {CLUSTER_FORMAT}; "
            f"{'upgrade searchd, or ' if newer else ''}{_REMEDY}"
        )
    try:
        generation = Generation(
            number=1,
            analysis=str(meta["analysis"]),
            fields=_parse_fields(meta["fields"]),
            created=str(meta["created"]),
            title_weight=check_title_weight(meta["title_weight"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, FieldOptionError) as error:
        raise IndexMismatchError(
            f"what the mapping of the index at {address} says of it was changed "
            f"({type(error).__name__}: {error}); {_REMEDY}"
        ) from error
    expected, actual = (
        _flat(_properties(generation.fields)),
        _flat(mappings.get("properties") or {}),
    )
    for name in sorted(expected.keys() | actual.keys()):
        if expected.get(name) != actual.get(name):
            raise IndexMismatchError(
                f"the mapping of the index at {address} was changed: the field {name!r} is "
                f"{_shown(actual.get(name))}, not {_shown(expected.get(name))}; {_REMEDY}"
            )
    return generation


def _properties(fields: FieldMap) -> dict[str, Any]:
    texts = [spec.name for spec in fields.extra if spec.type is FieldType.TEXT]
    columns: dict[str, Any] = {"date": {"type": "double"}}
    sort: dict[str, Any] = {"title": _SORT_KEY}
    groups: dict[str, Any] = {}
    for spec in fields.extra:
        if spec.type is FieldType.KEYWORD:
            columns[spec.name] = {"type": "keyword"}
            sort[spec.name] = _SORT_KEY
            groups[spec.name] = {"type": "keyword"}
        elif spec.type is not FieldType.TEXT:
            columns[spec.name] = {"type": "double"}
    terms = {
        ALL: {"properties": _terms()},
        **{name: {"properties": _terms(copy=True)} for name in ("title", "text")},
        **{name: {"properties": _terms()} for name in texts},
    }
    return {
        "id": {"type": "keyword"},
        "hash": {"type": "keyword"},
        "length": {"type": "integer"},
        "ordinal": {"type": "long"},
        "stored": {"type": "keyword", "index": False, "doc_values": False},
        "places": {"type": "object", "enabled": False},
        "title": {"type": "text", "index": False},
        "text": {"type": "text", "index": False},
        "columns": {"properties": columns},
        "sort": {"properties": sort},
        **({"groups": {"properties": groups}} if groups else {}),
        "terms": {"properties": terms},
    }


_SORT_KEY = {"type": "keyword", "index": False}


def _terms(*, copy: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("stem", "surface", "written"):
        found[kind] = {
            "type": "text",
            "analyzer": "terms",
            "position_increment_gap": POSITION_GAP,
            **({"copy_to": [terms_field("", kind)]} if copy else {}),
        }
    return found


def _flat(properties: Mapping[str, Any], prefix: str = "") -> dict[str, dict[str, Any]]:
    """Return the settings of each field that has some of its own, by its full name."""
    found: dict[str, dict[str, Any]] = {}
    for name, settings in properties.items():
        inner = settings.get("properties")
        if inner:
            found |= _flat(inner, f"{prefix}{name}.")
        else:
            found[prefix + name] = dict(settings)
    return found


def _shown(settings: Mapping[str, Any] | None) -> str:
    if settings is None:
        return "missing"
    return ", ".join(f"{name} {value}" for name, value in sorted(settings.items()))


def _parse_fields(values: Mapping[str, Any]) -> FieldMap:
    extra = tuple(
        FieldSpec(str(spec["name"]), FieldType(spec["type"]), str(spec["column"]))
        for spec in values["extra"]
    )
    columns = {name: str(values[name]) for name in ("id", "title", "text", "date", "url")}
    return FieldMap(**columns, extra=extra)
