"""Conflation: which words each level joins, against what a reader expects.

    python -m benchmarks.conflation [--split dev|test] [--wrong LEVEL]

The pairs are those of `tests/analyzers/conflation`: `meet.tsv` holds words that one search should
find together, `apart.tsv` words that it should not. They are hard cases, not a sample of running
text: the figures compare levels, they are no share of what users search.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import searchd
from analyzers import Analyzer, fold
from analyzers.morphology.lexicon import shipped_lexicon
from analyzers.morphology.reading import MorphologicalAnalyzer
from benchmarks.light10 import light10

FOLDER = Path(__file__).parent.parent / "tests" / "analyzers" / "conflation"
COLUMNS = ("first", "second", "category", "split", "gloss")
SNOWBALL = "snowballstemmer"

Level = Callable[[str], str]
"""A word as written to its key: words with one key are found together."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words of one file, in columns as in `COLUMNS`."""

    first: str
    second: str
    category: str
    split: str
    gloss: str

    def meets(self, level: Level) -> bool:
        """Say whether a level joins the two."""
        return level(self.first) == level(self.second)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many pairs a level joins, of those that should meet and of those that should not."""

    joined: int
    meet: int
    wrongly_joined: int
    apart: int

    @property
    def precision(self) -> float:
        """The share of joined pairs that should meet; 1 where none is joined."""
        joined = self.joined + self.wrongly_joined
        return self.joined / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """The share of the pairs that should meet that are joined; 1 where there are none."""
        return self.joined / self.meet if self.meet else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class PairSet:
    """Pairs that should meet and pairs that should stay apart."""

    meet: Sequence[Pair]
    apart: Sequence[Pair]

    def only(self, *, category: str | None = None, split: str | None = None) -> PairSet:
        """Return the pairs of a category and of a split; of all where none is given."""

        def wanted(pairs: Sequence[Pair]) -> list[Pair]:
            return [
                pair
                for pair in pairs
                if category in (None, pair.category) and split in (None, pair.split)
            ]

        return PairSet(wanted(self.meet), wanted(self.apart))

    def categories(self) -> list[str]:
        """Return the categories in the order of the files."""
        return list(dict.fromkeys(pair.category for pair in (*self.meet, *self.apart)))

    def measure(self, level: Level) -> Figures:
        """Count the pairs that a level joins."""
        return Figures(
            joined=sum(pair.meets(level) for pair in self.meet),
            meet=len(self.meet),
            wrongly_joined=sum(pair.meets(level) for pair in self.apart),
            apart=len(self.apart),
        )


def read_pairs(path: Path) -> list[Pair]:
    """Read a file of pairs. Raises ValueError for a line with other columns."""
    pairs = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            raise ValueError(
                f"{path}:{number}: {len(cells)} columns; write {', '.join(COLUMNS)} between tabs"
            )
        pairs.append(Pair(*cells))
    return pairs


def read_pair_set() -> PairSet:
    """Read the pairs of the project."""
    return PairSet(read_pairs(FOLDER / "meet.tsv"), read_pairs(FOLDER / "apart.tsv"))


def levels() -> dict[str, Level]:
    """Return the levels by name; Snowball only where `snowballstemmer` is installed."""
    analyzer = Analyzer()
    morphology = MorphologicalAnalyzer(shipped_lexicon())
    named: dict[str, Level] = {
        "surface": lambda word: analyzer.terms(word)[0].surface,
        "stem": lambda word: analyzer.terms(word)[0].stem,
        "lemma": lambda word: morphology.analyze(fold(word)).lemma,
        "light10": lambda word: light10(fold(word)),
    }
    if find_spec(SNOWBALL):
        snowball = import_module(SNOWBALL).stemmer("arabic")
        named["Snowball"] = lambda word: str(snowball.stemWord(word))
    return named


def table(pairs: PairSet) -> Iterator[str]:
    """Yield the lines of a Markdown table of every level and category."""
    yield "| level | category | meet | apart | precision | recall | F1 |"
    yield "|---|---|" + "--:|" * 5
    for name, level in levels().items():
        rows = {category: pairs.only(category=category) for category in pairs.categories()}
        for category, those in {**rows, "all": pairs}.items():
            figures = those.measure(level)
            yield (
                f"| {name} | {category} "
                f"| {figures.joined} of {figures.meet} | {figures.wrongly_joined} of {figures.apart} "
                f"| {figures.precision:.3f} | {figures.recall:.3f} | {figures.f1:.3f} |"
            )
    if not find_spec(SNOWBALL):
        yield f"\nSnowball is left out: the package {SNOWBALL} is not installed."


def wrong(pairs: PairSet, level: Level) -> Iterator[str]:
    """Yield each pair that a level gets wrong, with the keys."""
    for what, those, expected in (("parted", pairs.meet, True), ("joined", pairs.apart, False)):
        for pair in those:
            if pair.meets(level) is not expected:
                keys = " / ".join(dict.fromkeys((level(pair.first), level(pair.second))))
                yield f"{what}\t{pair.first}\t{pair.second}\t{keys}\t{pair.category}\t{pair.gloss}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or the pairs of the split dev that one level gets wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), help="only this half of the pairs")
    parser.add_argument("--wrong", choices=levels(), help="list its wrong pairs of the split dev")
    options = parser.parse_args(arguments)
    pairs = read_pair_set()
    if options.wrong:
        print(*wrong(pairs.only(split="dev"), levels()[options.wrong]), sep="\n")
        return
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print(*table(pairs.only(split=options.split)), sep="\n")


if __name__ == "__main__":
    main()
