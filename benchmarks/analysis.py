"""Speed of analysis alone: words a second with the memo and without, in one run.

    python -m benchmarks.analysis [--data FOLDER] [--documents N] [--json FILE]

Without a folder the sample corpus of this project is read. The number of words is checked to be
the same by every way before a time is printed.
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
from analyzers import Analyzer, fold, stem
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
    """Analyse every text with one analyzer, as the indexer does."""
    analyzer = Analyzer()
    return sum(len(analyzer.terms(text)) for text in texts)


def analyze_each_word(texts: Iterable[str]) -> int:
    """Fold and stem every running word anew."""
    count = 0
    for text in texts:
        for word in WORD.findall(text):
            for surface in fold(word).split():
                stem(surface)
                count += 1
    return count


def main() -> None:
    """Print a Markdown table; write the same as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--documents", type=int, help="only so many documents")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    texts = list(islice(read_texts(options.data), options.documents))
    fewer = texts[: max(1, len(texts) // 20)]
    stem("")  # the word lists load with the first word
    seconds, words = _timed(analyze_memoised, texts)
    few_seconds, few_words = _timed(analyze_each_word, fewer)
    if few_words != analyze_memoised(fewer):
        raise SystemExit("the two ways count different words")
    distinct = len({word for text in texts for word in WORD.findall(text)})
    figures = {
        "documents": len(texts),
        "words": words,
        "distinct words as written": distinct,
        "memoised, million words/s": words / seconds / 1e6,
        "without memo, million words/s": few_words / few_seconds / 1e6,
        "ratio": (words / seconds) / (few_words / few_seconds),
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
    started = time.process_time()
    count = run(texts)
    return time.process_time() - started, count


if __name__ == "__main__":
    main()
