"""Suggestions: how many typing errors are mended rightly, and how fast texts are completed.

    python -m benchmarks.suggestions --data FOLDER [--index DIRECTORY] [--seed N] [--queries N]

draws queries of two to four words that follow each other from `corpus.jsonl.gz`, makes one typing
error in each, and prints for each kind of error how many corrections are the query that was drawn;
how many queries without an error are corrected; the times of `Engine.correct` and of
`Engine.suggest`, which is called after each letter of a query; and what the index keeps for it all.
Without `--index` the documents are indexed in a temporary folder.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import searchd
from analyzers import Analyzer
from indexer.indexing import index_records
from indexer.segment.array_file import ArrayFile
from indexer.segment.word_pairs import PARTS
from indexer.sources import read_records

KINDS = ("missing", "doubled", "swapped", "neighbouring key", "lost space", "added space")
"""The kinds of typing errors, as likely as each other."""

_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ")
_WORD = re.compile("[\u0621-\u064a]{2,}")
_SHORTEST = 4
"""Letters of a word in which an error is made, at least."""

_STORED = ("form_counts", "large_form_counts", *PARTS)
"""The last parts of the names of the arrays that only corrections and suggestions read."""


class Case(NamedTuple):
    """A query as it was meant, and with one error of a kind."""

    meant: str
    typed: str
    kind: str


def draw_query(documents: Sequence[tuple[str, str]], rng: random.Random) -> list[str]:
    """Return two to four words in a row of the title or the text of a document, drawn at random."""
    while True:
        title, text = rng.choice(documents)
        words = (text if rng.random() < 0.8 else title).split()
        count = rng.choice((2, 3, 4))
        if len(words) < count:
            continue
        first = rng.randrange(len(words) - count + 1)
        chosen = words[first : first + count]
        if all(map(_WORD.fullmatch, chosen)) and any(len(word) >= _SHORTEST for word in chosen):
            return chosen


def misspell(words: Sequence[str], kind: str, rng: random.Random) -> str | None:
    """Return words with one error of a kind, None where the error cannot be made at the place drawn.

    >>> misspell(["كتاب"], "doubled", random.Random(1))
    'كتتاب'
    """
    typed = list(words)
    if kind == "lost space":
        at = rng.randrange(len(words) - 1)
        typed[at : at + 2] = [words[at] + words[at + 1]]
        return " ".join(typed)
    number = rng.choice([n for n, word in enumerate(words) if len(word) >= _SHORTEST])
    word = words[number]
    at = rng.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    made = {
        "missing": before + after,
        "doubled": before + letter + letter + after,
        "swapped": before + after[:1] + letter + after[1:],
        "neighbouring key": before + rng.choice(_beside(letter) or [letter]) + after,
        "added space": f"{before} {letter}{after}".strip(),
    }[kind]
    typed[number] = made
    return None if made == word else " ".join(typed)


def _beside(letter: str) -> list[str]:
    """Return the keys left, right, above and below that of a letter."""
    letter = letter if letter not in "أإآ" else "ا"
    places = {(r, c): key for r, row in enumerate(_ROWS) for c, key in enumerate(row)}
    for (row, column), key in places.items():
        if key == letter:
            near = ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column))
            return [places[place] for place in near if place in places]
    return []


def draw_cases(
    documents: Sequence[tuple[str, str]], count: int, seed: int, analyzer: Analyzer
) -> Iterator[Case]:
    """Yield queries with one error each, which changes the surface form of a word."""
    rng = random.Random(seed)
    for _query in range(count):
        words = draw_query(documents, rng)
        meant = " ".join(words)
        while True:
            kind = rng.choice(KINDS)
            typed = misspell(words, kind, rng)
            if typed and surfaces(typed, analyzer) != surfaces(meant, analyzer):
                break
        yield Case(meant, typed, kind)


def surfaces(text: str, analyzer: Analyzer) -> str:
    """Return the surface forms of a text: spellings that differ by hamzas alone are the same."""
    return " ".join(terms.surface for terms in analyzer.terms(text))


def main() -> None:
    """Print all figures."""
    options = _options()
    corpus = options.data / "corpus.jsonl.gz"
    if not corpus.is_file():
        corpus = options.data / "large" / "corpus.jsonl.gz"
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        values = [json.loads(line) for line in lines]
    documents = [(value["title"], value["text"]) for value in values]
    with tempfile.TemporaryDirectory() as folder:
        directory = options.index or Path(folder)
        if options.index is None:
            index_records(directory, read_records([corpus]))
        with searchd.open(directory) as engine:
            cases = list(draw_cases(documents, options.queries, options.seed, Analyzer()))
            print(f"{engine.info().documents:,} documents; seed {options.seed}")
            _print_corrections(engine, cases)
            _print_suggestions(engine, [case.meant for case in cases])
        _print_growth(directory)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure corrections and suggestions.")
    parser.add_argument("--data", type=Path, required=True, help="folder with corpus.jsonl.gz")
    parser.add_argument("--index", type=Path, help="an index of it, by default made anew")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--queries", type=int, default=500)
    return parser.parse_args()


def _print_corrections(engine: searchd.Engine, cases: Sequence[Case]) -> None:
    analyzer = Analyzer()
    right, made, offered = Counter[str](), Counter[str](), 0
    times = []
    for case in cases:
        offered += engine.correct(case.meant) is not None
        started = time.perf_counter()
        found = engine.correct(case.typed)
        times.append(time.perf_counter() - started)
        made[case.kind] += 1
        right[case.kind] += found is not None and surfaces(found.text, analyzer) == surfaces(
            case.meant, analyzer
        )
    for kind in KINDS:
        print(f"{kind:<17}{right[kind]:>5} of {made[kind]:<4} right")
    print(
        f"{'all':<17}{right.total():>5} of {made.total():<4} right ({right.total() / len(cases):.1%})"
    )
    print(
        f"clean queries that are corrected: {offered} of {len(cases)} ({offered / len(cases):.1%})"
    )
    _print_times("correct", times)


def _print_suggestions(engine: searchd.Engine, queries: Sequence[str]) -> None:
    """Type the queries letter by letter, each prefix once."""
    engine.suggest("ا")  # reads the vocabulary
    prefixes = dict.fromkeys(query[:end] for query in queries for end in range(1, len(query) + 1))
    chosen = list(prefixes)[:: max(1, len(prefixes) // 2000)]
    times, used, answered = [], [], 0
    for prefix in chosen:
        started, started_cpu = time.perf_counter(), time.thread_time()
        answered += bool(engine.suggest(prefix))
        times.append(time.perf_counter() - started)
        used.append(time.thread_time() - started_cpu)
    print(f"prefixes with a suggestion: {answered} of {len(chosen)}")
    _print_times("suggest", times)
    _print_times("suggest, processor time", used)


def _print_times(name: str, seconds: Sequence[float]) -> None:
    middle = statistics.median(seconds)
    high = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else middle
    print(f"{name}: p50 {middle * 1000:.1f} ms, p95 {high * 1000:.1f} ms")


def _print_growth(directory: Path) -> None:
    stored = total = 0
    for path in directory.glob("*.segment"):
        total += path.stat().st_size
        array_file = ArrayFile(path)
        stored += sum(
            array_file.array(name).array.nbytes
            for name in array_file
            if name.rpartition(".")[2] in _STORED
        )
    print(f"stored for it: {stored:,} of {total:,} bytes ({stored / max(total - stored, 1):.2%})")


if __name__ == "__main__":
    main()
