"""Facets, filters and groups: what they add to a search, over documents made from a seed.

    python -m benchmarks.facets --documents 200000 --index FOLDER

makes the index where FOLDER has none, checks the counts against plain ones, and prints the median
and 95th percentile of each kind of search, and the ratio of its median to that of the plain one. The
kinds take turns block by block within one run. The documents have keyword fields of 10, 1,000 and
100,000 values (`few`, `some`, `many`), tags of which each has up to four, and a date.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import searchd
import searchd.engine
from indexer.fields import FieldMap, FieldSpec
from searchd import Document, Engine, Results

SEED = 20260101
VOCABULARY = 20_000
WORDS = 40
RUNS = 4
PASSES = 5
QUERIES = 60
CHECKED_QUERIES = 5
FIELDS = ("few", "some", "many")
SIZES = {"few": 10, "some": 1_000, "many": 100_000}

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def make_words() -> list[str]:
    """Return the distinct words of the documents, the most frequent first."""
    rng = random.Random(SEED)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(rng.choices(_LETTERS, k=rng.randint(3, 7)))] = None
    return list(words)


def make_documents(count: int) -> Iterator[Document]:
    """Yield documents whose words and values are distributed as in language (Zipf)."""
    rng = random.Random(SEED + 1)
    words = make_words()
    weights = _cumulative(VOCABULARY)
    values = {name: _cumulative(size) for name, size in SIZES.items()}
    start = datetime(2000, 1, 1, tzinfo=UTC)
    for number in range(count):
        fields: dict[str, str | tuple[str, ...]] = {
            name: f"{name} {rng.choices(range(SIZES[name]), cum_weights=values[name])[0]}"
            for name in FIELDS
        }
        fields["tags"] = tuple(f"tag {rng.randrange(50)}" for _ in range(rng.randint(0, 4)))
        yield Document(
            str(number),
            " ".join(rng.choices(words, cum_weights=weights, k=WORDS)),
            date=start + timedelta(minutes=rng.randrange(60 * 24 * 365 * 20)),
            fields=fields,
        )


def _cumulative(size: int) -> list[float]:
    total, found = 0.0, []
    for rank in range(size):
        total += 1 / (rank + 10)
        found.append(total)
    return found


def make_index(folder: Path, documents: int) -> None:
    """Index the documents into a folder, in a few segments as after several runs."""
    fields = FieldMap(extra=tuple(map(FieldSpec, (*FIELDS, "tags"))))
    found = make_documents(documents)
    for _run in range(RUNS):
        with searchd.IndexWriter(folder, fields) as writer:
            for document in islice(found, -(-documents // RUNS)):
                writer.upsert(document)
            writer.commit()


def make_queries() -> list[str]:
    """Return queries of one to three words, from the most frequent to rare ones."""
    rng = random.Random(SEED + 2)
    words = make_words()
    return [
        " ".join(rng.choice(words[: rng.choice((50, 500, 5000))]) for _ in range(1 + number % 3))
        for number in range(QUERIES)
    ]


KINDS: dict[str, Callable[[Engine, str], Results]] = {
    "search": lambda engine, query: engine.search(query),
    "three facets": lambda engine, query: engine.search(query, facets=FIELDS),
    "tags and months": lambda engine, query: engine.search(query, facets=["tags", "date:month"]),
    "facets by value": lambda engine, query: engine.search(
        query, facets=["few,order=value", "some,order=value"]
    ),
    "facet filters": lambda engine, query: engine.search(
        query, facets=FIELDS, facet_filters=["few IN (few 1, few 2)", "some != some 3"]
    ),
    "filter": lambda engine, query: engine.search(
        query, filters=["few IN (few 1, few 2) AND date >= 2005 OR NOT EXISTS tags"]
    ),
    "groups": lambda engine, query: engine.search(query, group_by="some", limit=4),
    "no snippets": lambda engine, query: engine.search(query, snippets=0),
    "no snippets, three facets": lambda engine, query: engine.search(
        query, snippets=0, facets=FIELDS
    ),
}


def check_counts(engine: Engine, queries: list[str]) -> None:
    """Compare the facets of some queries with a plain count over the stored fields of all hits."""
    for query in queries[:CHECKED_QUERIES]:
        results = engine.search(query, facets=FIELDS, snippets=0, sort="date", limit=10_000)
        assert results.total == len(results), "choose rarer queries to check"
        for facet in results.facets:
            plain = Counter(str(hit.fields[facet.field]) for hit in results)
            assert facet.others == len(plain) - len(facet.values)
            for each in facet.values:
                assert plain[each.value] == each.count, (query, facet.field, each)


def measure(engine: Engine, queries: list[str]) -> dict[str, list[float]]:
    """Return the seconds of each query for each kind: the median over the passes."""
    times: dict[str, dict[str, list[float]]] = {kind: {} for kind in KINDS}
    order, kinds = random.Random(0), list(KINDS)
    gc.collect()
    gc.freeze()
    for number in range(PASSES + 1):
        order.shuffle(kinds)
        for kind in kinds:
            for query in queries:
                started = time.perf_counter()
                KINDS[kind](engine, query)
                if number:  # the first pass fills the caches
                    times[kind].setdefault(query, []).append(time.perf_counter() - started)
    return {
        kind: [statistics.median(seconds) for seconds in found.values()]
        for kind, found in times.items()
    }


def main() -> None:
    """Make the index if need be, check, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--index", type=Path, help="where the index is, or is made; else a new one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.index or Path(temporary) / "index"
        if not (folder / "searchd.json").exists():
            make_index(folder, arguments.documents)
        with searchd.open(folder) as engine:
            info = engine.info()
            print(f"{info.documents:,} documents in {info.segments} segments")
            queries = make_queries()
            rare = [query for query in queries if engine.count(query) <= searchd.engine.MOST_HITS]
            started = time.perf_counter()
            engine.search(queries[0], facets=FIELDS)
            print(
                f"first search with three facets: {(time.perf_counter() - started) * 1000:.0f} ms"
            )
            check_counts(engine, rare)
            found = measure(engine, queries)
    plain = {
        kind: statistics.median(found["no snippets" if "no snippets" in kind else "search"])
        for kind in found
    }
    print(f"{'kind':<28}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}")
    for kind, seconds in found.items():
        median, high = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        ratio = median / plain[kind]
        print(f"{kind:<28}{median * 1000:>9.2f}{high * 1000:>9.2f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
