"""Suggestions on a cluster beside those of an index in a directory with the same documents.

    python -m benchmarks.cluster --data FOLDER --suggestions [--queries N] [--documents N]

Rows of two to four words are drawn from the documents, and are typed letter by letter from the beginning
of the last word, with the space before it. For each collection, and for the first N documents of
FOLDER/large, it prints how many of the first suggestions are those of the directory, how many of the
first three, the milliseconds of the space and of each letter after it on the cluster, and requests,
processor time and bytes of a keystroke.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import searchd
from benchmarks.checks import WrongAnswerError
from benchmarks.cluster_costs import CostMeter, counted_traffic
from benchmarks.suggestions import draw_query
from indexer.cluster.address import parse_address
from indexer.cluster.client import ClusterClient
from indexer.document import Document
from indexer.indexing import open_writer

_SHOWN = 3


def keystrokes(documents: Sequence[Document], count: int, seed: int) -> Iterator[list[str]]:
    """Yield for some rows of words what is typed of each: from the space before the last word on."""
    rng = random.Random(seed)
    texts = [(each.title, each.text) for each in documents]
    for _ in range(count):
        words = draw_query(texts, rng)
        before = " ".join(words[:-1]) + " "
        yield [before + words[-1][:length] for length in range(len(words[-1]))]


def compare_suggestions(
    name: str, documents: Sequence[Document], address: str, shards: int, count: int
) -> None:
    """Print how far suggestions on a cluster are those of a directory, and what they cost.

    Raises WrongAnswerError where the directory suggests nothing at all.
    """
    where = parse_address(f"{address}/bench-suggestions", {})
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        here = Path(temporary) / "index"
        for location in (here, where):
            with open_writer(location, rebuild=True, shards=shards, replicas=1) as writer:
                for document in documents:
                    writer.upsert(document)
                writer.commit()
        traffic = stack.enter_context(counted_traffic())
        client = stack.enter_context(closing(ClusterClient(where)))
        first, second = (stack.enter_context(searchd.open(each)) for each in (here, where))
        meter = CostMeter(client, traffic)
        drawn = [typed for row in keystrokes(documents, count, 1) for typed in row]
        expected = [[each.text for each in first.suggest(typed)] for typed in drawn]
        before, found = meter.read(), []
        spaces: list[float] = []
        letters: list[float] = []
        for typed in drawn:
            started = time.perf_counter()
            found.append([each.text for each in second.suggest(typed)])
            times = spaces if typed.endswith(" ") else letters
            times.append(1000 * (time.perf_counter() - started))
        spent = meter.read().since(before)
    pairs = [pair for pair in zip(expected, found, strict=True) if pair[0]]
    if not pairs:
        raise WrongAnswerError(f"{name}: no suggestions")
    best = sum(left[:1] == right[:1] for left, right in pairs) / len(pairs)
    shown = [set(left[:_SHOWN]) for left, _right in pairs]
    same = sum(
        len(left & set(right[:_SHOWN])) for left, (_, right) in zip(shown, pairs, strict=True)
    )
    sys.stdout.write(
        f"{name:22} {len(drawn):5} keystrokes  first {best:.1%}  of three "
        f"{same / sum(map(len, shown)):.1%}  space {_shown(spaces)}  letter {_shown(letters)}  "
        f"{spent.requests / len(drawn):.1f} requests  "
        f"nodes {1000 * spent.nodes / len(drawn):.1f} + client "
        f"{1000 * spent.client / len(drawn):.1f} ms  "
        f"{spent.received / len(drawn) / 1000:.0f} KB\n"
    )
    sys.stdout.flush()


def _shown(times: Sequence[float]) -> str:
    """Return the median and the 95th percentile of some milliseconds."""
    ordered = sorted(times)
    return f"p50 {ordered[len(ordered) // 2]:.1f} p95 {ordered[int(len(ordered) * 0.95)]:.1f} ms"
