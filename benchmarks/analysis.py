"""Speed of analysis: tokens per second of CPU time, with the memo of distinct words and without.

    python -m benchmarks.analysis [--data FOLDER] [--documents N] [--json FILE]

Without a folder the sample corpus of this project is read. Times are printed only if both ways
count the same tokens.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import searchd
from analyzers import Analyzer, stem
from analyzers.analyzer import surface_forms
from analyzers.tokenizer import WORD
from indexer.sources import Record, read_records

SAMPLE = Path(__file__).parent.parent / "corpus" / "articles"


def read_texts(data: Path | None) -> Iterator[str]:
    """Yield the texts of `large/corpus.jsonl.gz` or `corpus.jsonl.gz` below `data`."""
    if data is None:
        records = (record for record in read_records([SAMPLE]) if isinstance(record, Record))
        yield from (str(record.values["text"]) for record in records)
        return
    path = next(
        path
        for path in (data / "corpus.jsonl.gz", data / "large" / "corpus.jsonl.gz")
        if path.exists()
    )
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)


def analyze_memoised(texts: Iterable[str]) -> int:
    """Analyze texts with one analyzer, as the indexer does; return the number of tokens."""
    analyzer = Analyzer()
    return sum(len(analyzer.terms(text)) for text in texts)


def analyze_each_word(texts: Iterable[str]) -> int:
    """Fold and stem every token anew; return the number of tokens."""
    stem = Analyzer().stem
    count = 0
    for text in texts:
        for word in WORD.findall(text):
            for surface in surface_forms(word):
                stem(surface)
                count += 1
    return count


def main() -> None:
    """Print a Markdown table of the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with corpus.jsonl.gz or large/")
    parser.add_argument("--documents", type=int, help="read the first N documents only")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    texts = list(islice(read_texts(options.data), options.documents))
    sample = texts[: max(1, len(texts) // 20)]
    stem("")  # the protected lists are loaded by the first call
    seconds, words = _timed(analyze_memoised, texts)
    sample_seconds, sample_words = _timed(analyze_each_word, sample)
    if sample_words != analyze_memoised(sample):
        raise SystemExit("the two ways count different numbers of tokens")
    distinct = len({word for text in texts for word in WORD.findall(text)})
    figures = {
        "documents": len(texts),
        "words": words,
        "distinct words as written": distinct,
        "memoised, million words/s": words / seconds / 1e6,
        "without memo, million words/s": sample_words / sample_seconds / 1e6,
        "ratio": (words / seconds) / (sample_words / sample_seconds),
    }
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print("| analysis | |\n|---|---|")
    for name, value in figures.items():
        print(
            f"| {name} | {value:,.3f} |" if isinstance(value, float) else f"| {name} | {value:,} |"
        )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _timed(run: Callable[[list[str]], int], texts: list[str]) -> tuple[float, int]:
    """Return the seconds of CPU time of a function and its result."""
    started = time.process_time()
    count = run(texts)
    return time.process_time() - started, count


if __name__ == "__main__":
    main()
