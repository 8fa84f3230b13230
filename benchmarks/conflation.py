"""Conflation: precision and recall of surface forms, stems and lemmas on pairs of words.

    python -m benchmarks.conflation [--split dev|test] [--wrong LEVEL]

The pairs are in `tests/analyzers/conflation`: `meet.tsv` has words that one search should find
together, `apart.tsv` words that it should not. They are hard cases, not a sample of running text:
the figures compare levels and do not estimate errors in use.
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
from analyzers.tokenizer import WORD
from benchmarks.light10 import light10

FOLDER = Path(__file__).parent.parent / "tests" / "analyzers" / "conflation"
COLUMNS = ("first", "second", "category", "split", "gloss")
SNOWBALL = "snowballstemmer"

Conflation = Callable[[str], str]
"""Returns the terms of a word as written, with spaces between: nearly always one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of a file of pairs, with the columns `COLUMNS`."""

    first: str
    second: str
    category: str
    split: str
    gloss: str

    def meets(self, level: Conflation) -> bool:
        """Return whether a level conflates the two words.

        All terms of one must be among those of the other: هنية finds أبوهنية.
        """
        first, second = (set(level(word).split()) for word in (self.first, self.second))
        return first <= second or second <= first


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of pairs that a level conflates, of those that should meet and should not."""

    joined: int
    meet: int
    wrongly_joined: int
    apart: int

    @property
    def precision(self) -> float:
        """The share of the conflated pairs that should meet; 1 if no pair is conflated."""
        joined = self.joined + self.wrongly_joined
        return self.joined / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """The share of the pairs that should meet that are conflated; 1 if there are no such pairs."""
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
        """Return the pairs of a category and a split; None selects all of them."""

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

    def measure(self, level: Conflation) -> Figures:
        """Count the pairs that a level conflates."""
        return Figures(
            joined=sum(pair.meets(level) for pair in self.meet),
            meet=len(self.meet),
            wrongly_joined=sum(pair.meets(level) for pair in self.apart),
            apart=len(self.apart),
        )


def read_pairs(path: Path) -> list[Pair]:
    """Read a file of pairs. Raises ValueError for a line with another number of columns."""
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


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are written, folded, which other stemmers get."""
    return [fold(word) for word in WORD.findall(text)]


def levels() -> dict[str, Conflation]:
    """Return the conflation of each level by name; Snowball only if `snowballstemmer` is installed."""
    analyzer = Analyzer()
    morphology = MorphologicalAnalyzer(shipped_lexicon())
    named: dict[str, Conflation] = {
        "surface": lambda word: " ".join(terms.surface for terms in analyzer.terms(word)),
        "stem": lambda word: " ".join(terms.stem for terms in analyzer.terms(word)),
        "lemma": lambda word: " ".join(
            morphology.analyze(terms.surface).lemma for terms in analyzer.terms(word)
        ),
        "light10": lambda word: " ".join(map(light10, folded_words(word))),
    }
    if find_spec(SNOWBALL):
        snowball = import_module(SNOWBALL).stemmer("arabic")
        named["Snowball"] = lambda word: " ".join(map(snowball.stemWord, WORD.findall(word)))
    return named


def table(pairs: PairSet) -> Iterator[str]:
    """Yield the lines of a Markdown table with every level and category."""
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


def wrong(pairs: PairSet, level: Conflation) -> Iterator[str]:
    """Yield a line for each pair that a level gets wrong, with the terms of its words."""
    for what, those, expected in (("parted", pairs.meet, True), ("joined", pairs.apart, False)):
        for pair in those:
            if pair.meets(level) is not expected:
                terms = " / ".join(dict.fromkeys((level(pair.first), level(pair.second))))
                yield f"{what}\t{pair.first}\t{pair.second}\t{terms}\t{pair.category}\t{pair.gloss}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or with --wrong the pairs of the split dev that one level gets wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), help="use only this half of the pairs")
    parser.add_argument(
        "--wrong", choices=levels(), help="list the wrong pairs of this level in the split dev"
    )
    options = parser.parse_args(arguments)
    pairs = read_pair_set()
    if options.wrong:
        print(*wrong(pairs.only(split="dev"), levels()[options.wrong]), sep="\n")
        return
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print(*table(pairs.only(split=options.split)), sep="\n")


if __name__ == "__main__":
    main()
