"""Facets and groups by plain counting over the stored fields of every hit."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from searchd.engine import Engine
from searchd.facets import Facet, FacetCounts
from searchd.results import Hit
from tests.searchd.search.random_queries import random_documents, random_filter, random_query
from tests.searchd.search.reference_columns import Columns, fold_keyword

KEYWORDS = ("section",)


def random_expression(rng: random.Random, depth: int = 2) -> tuple[str, object]:
    """Return a filter as text and as a nested tuple of operators and simple conditions."""
    kind = rng.random()
    if not depth or kind < 0.4:
        text = random_filter(rng)
        return text, text
    if kind < 0.55:
        text, tree = random_expression(rng, depth - 1)
        return f"NOT ({text})", ("NOT", tree)
    operator = rng.choice(["AND", "OR"])
    parts = [random_expression(rng, depth - 1) for _ in range(rng.randint(2, 3))]
    text = f" {operator} ".join(f"({each})" for each, _tree in parts)
    return text, (operator, *(tree for _text, tree in parts))


def passes(columns: Columns, i: str, tree: object) -> bool:
    """Tell whether a document passes a filter of `random_expression`."""
    match tree:
        case ("NOT", member):
            return not passes(columns, i, member)
        case ("AND", *members):
            return all(passes(columns, i, member) for member in members)
        case ("OR", *members):
            return any(passes(columns, i, member) for member in members)
        case str():
            return columns.passes(i, tree)
    raise AssertionError(tree)


def hits_that_match(engine: Engine, query: str) -> list[Hit]:
    """Return all hits of a query."""
    return list(engine.search(query, limit=10_000, snippets=0).hits)


def values_of(hit: Hit, facet: Facet) -> set[str]:
    """Return the values of a document, as a facet without ranges names them; keywords folded."""
    held = hit.date if facet.field == "date" else hit.fields.get(facet.field)
    match held:
        case None:
            return set()
        case str():
            return {fold_keyword(held)}
        case tuple():
            return set(map(fold_keyword, held))
        case datetime():
            return {str(held)[: {"year": 4, "month": 7, "day": 10}[str(facet.interval)]]}
        case number if facet.interval is None:
            return {repr(float(number)).removesuffix(".0")}
        case number:
            width = float(facet.interval)  # type: ignore[arg-type]
            return {repr(float(number // width * width)).removesuffix(".0")}


def check_facet(found: FacetCounts, facet: Facet, hits: Sequence[Hit]) -> None:
    """Compare counts with those of plain counting."""
    counts = Counter(value for hit in hits for value in values_of(hit, facet))
    folded = fold_keyword if facet.field in KEYWORDS else str
    assert {folded(each.value): each.count for each in found.values} == dict(counts), facet
    assert found.documents == len(hits)
    assert found.missing == sum(not values_of(hit, facet) for hit in hits)
    assert found.others == 0
    order = [each.count for each in found.values]
    assert facet.interval is not None or order == sorted(order, reverse=True)


def check_groups(engine: Engine, query: str, field: str, size: int, hits: Iterable[Hit]) -> None:
    """Compare groups, page by page, with plain groups of the hits in their order."""
    plain: dict[object, list[Hit]] = {}
    for hit in hits:
        held = hit.fields.get(field)
        first = held if isinstance(held, str) else held[0] if held else None  # type: ignore[index]
        plain.setdefault(("id", hit.id) if first is None else fold_keyword(str(first)), []).append(
            hit
        )
    expected = [(len(group), [hit.id for hit in group[:size]]) for group in plain.values()]
    found, ranks = [], []
    limit = 2 + len(plain) // 5
    for offset in range(0, len(plain) + limit, limit):
        page = engine.search(
            query, group_by=field, group_size=size, limit=limit, offset=offset, snippets=0
        )
        assert page.group_count == len(plain)
        ranks += [hit.rank for hit in page]
        found += [
            (group.documents, [hit.id for hit in page[group.start : group.end]])
            for group in page.groups
        ]
    assert found == expected
    assert ranks == list(range(1, len(ranks) + 1))


def random_engine_checks(engine: Engine, columns: Columns, rng: random.Random) -> int:
    """Compare one random search with plain counting; return the number of documents it counted."""
    query = random_query(rng) if rng.random() < 0.7 else "*"
    text, tree = random_expression(rng)
    chosen, chosen_tree = rng.choice(
        [
            ("section IN (رياضة, سياسة)", ("OR", "section=رياضة", "section=سياسة")),
            ("price>0", "price>0"),
        ]
    )
    field = chosen.split()[0].split(">")[0]
    facets = [
        Facet("section"),
        Facet("price", limit=1000),
        Facet("price", interval=5, limit=10_000),
        Facet("date", interval=rng.choice(["year", "month", "day"])),  # type: ignore[arg-type]
        Facet("seen", interval="day"),
    ]
    found = engine.search(
        query, filters=[text], facet_filters=[chosen], facets=facets, snippets=0, limit=0
    )
    all_hits = hits_that_match(engine, query)
    hits = [hit for hit in all_hits if passes(columns, hit.id, tree)]
    both = [hit for hit in hits if passes(columns, hit.id, chosen_tree)]
    assert found.total == len(both)
    for counts, facet in zip(found.facets, facets, strict=True):
        check_facet(counts, facet, hits if facet.field == field else both)
        for each in counts.values[:2]:
            others = [] if facet.field == field else [chosen]
            assert engine.count(query, filters=[text, each.filter, *others]) == each.count
    check_groups(engine, query, "section", rng.randint(1, 3), all_hits)
    return len(hits)


__all__ = ["random_documents", "random_engine_checks"]
