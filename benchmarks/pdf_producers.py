"""How many words are right in PDF files of one known text, by every producer that is installed.

    python -m benchmarks.pdf_producers [--keep FOLDER] [--font NAME]... [--producer NAME]...

Each producer of `benchmarks.pdf_makers` writes the text in each font, and each file is read again as
other programs rewrite it. Those that are missing are named. `--keep` stores the files, with the text in
`text.txt`. A page is right, or named: exit status 1 where a file has fewer than LEAST of its words, and
no page of it is said to be doubtful or unreadable.

The columns: the share of the words of the text that are read, the share of the words that are read that
the text has, and the share of the pairs of words that stay together. A table at the end has the first for
each producer and program, the mean of all fonts. Words that a producer cannot show in a font do not count.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.pdf_makers import CHANGES, FONTS, LOSSES, PRODUCERS, TEXT, FontChoice, shown_text
from indexer.repair import Damage
from indexer.sources.pdf.furniture import without_furniture
from indexer.sources.pdf.reader import PdfText, joined_lines, open_pdf

LEAST = 0.98
"""The share of words that must be right."""


class Reading(NamedTuple):
    """What was read of a file: see the columns of the table; `named` are the pages with a warning."""

    producer: str
    change: str
    found: float
    right: float
    together: float
    named: str
    missing: str

    @property
    def is_rubbish(self) -> bool:
        """Return whether words are wrong, and nobody is told."""
        return min(self.found, self.right) < LEAST and not self.named


def words(text: str) -> list[str]:
    """Return the words of a text without marks and punctuation."""
    plain = (
        character if character.isalnum() else "" if unicodedata.combining(character) else " "
        for character in unicodedata.normalize("NFC", text)
    )
    return "".join(plain).split()


def read(path: Path, producer: str, change: str, shown: str) -> Reading:
    """Read a PDF as it is indexed, and compare it with the text that it shows."""
    with open_pdf(path.read_bytes()) as pdf:
        document = PdfText(pdf)
    damage = document.damage()
    named = [
        damage[kind] for kind in (Damage.DOUBTFUL_PAGES, Damage.UNREADABLE_PAGES) if kind in damage
    ]
    text = "\n".join(map(joined_lines, without_furniture(document.lines)))
    expected, got = words(shown), words(text)
    missing = Counter(expected) - Counter(got)
    common = len(expected) - missing.total()
    got = _without_numbers_of_notes(got, expected)
    pairs = Counter(pairwise(expected))
    return Reading(
        producer,
        change,
        common / len(expected),
        common / len(got) if got else 1.0,
        (pairs & Counter(pairwise(got))).total() / pairs.total(),
        "; ".join(named),
        " ".join(missing),
    )


def _without_numbers_of_notes(got: list[str], expected: list[str]) -> list[str]:
    """Return words without numbers of pages and notes, which producers add to the text."""
    more = Counter(got) - Counter(expected)
    kept = []
    for word in got:
        if word in ("1", "١") and more[word]:
            more[word] -= 1
        else:
            kept.append(word)
    return kept


def readings(font: FontChoice, names: list[str], keep: Path | None) -> Iterator[Reading]:
    """Write and read the text by every producer in one font, and print a line for each file."""
    for produce in PRODUCERS:
        name = produce.__name__
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                path = produce(Path(folder), font)
            except (ImportError, FileNotFoundError) as error:
                print(f"{name:15} missing: {error}")
                continue
            except Exception as error:  # noqa: BLE001 - some producers fail at some fonts
                print(f"{name:15} fails: {str(error)[:90]!r}")
                continue
            files = {"": path}
            for rewrite in CHANGES:
                if (produce, rewrite) in LOSSES:
                    continue
                try:
                    files[rewrite.__name__] = rewrite(path)
                except (FileNotFoundError, subprocess.CalledProcessError) as error:
                    print(f"  {rewrite.__name__:13} missing: {error}")
            for change, file in files.items():
                reading = read(file, name, change, shown_text(produce, font))
                label = f"  {change}" if change else name
                shares = f"{reading.found:.3f} {reading.right:.3f} {reading.together:.3f}"
                print(f"{label:15} {shares} {reading.named} {reading.missing[:70]}", flush=True)
                yield reading
                if keep:
                    shutil.copy(file, keep / f"{font.path.stem}-{file.name}")


def table(all_readings: Sequence[Reading]) -> str:
    """Return the mean share of words that are read, by producers and by programs that rewrite."""
    producers = [*dict.fromkeys(reading.producer for reading in all_readings), None]
    changes = ["", *(change.__name__ for change in CHANGES), None]
    names = ["as written", *changes[1:-1], "all"]
    lines = ["", " " * 15 + "".join(f"{name:>15}" for name in names)]
    for producer in producers:
        line = f"{producer or 'all':15}"
        for change in changes:
            shares = [
                reading.found
                for reading in all_readings
                if producer in (reading.producer, None) and change in (reading.change, None)
            ]
            line += f"{sum(shares) / len(shares):15.3f}" if shares else " " * 15
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Print the shares of right words for every producer and font; fail at rubbish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--font", action="append", default=[])
    parser.add_argument("--producer", action="append", default=[])
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "text.txt").write_text(TEXT + "\n", "utf-8")
    all_readings = []
    for font in FONTS:
        if options.font and font.name not in options.font:
            continue
        if not font.path.exists():
            print(f"{font.name} is missing: {font.path}")
            continue
        print(f"== {font.name}")
        all_readings += readings(font, options.producer, options.keep)
    print(table(all_readings))
    good = sum(reading.found >= LEAST for reading in all_readings)
    rubbish = sum(reading.is_rubbish for reading in all_readings)
    print(
        f"{good} of {len(all_readings)} files have {LEAST:.0%} of the words; {rubbish} are rubbish"
    )
    sys.exit(rubbish > 0)


if __name__ == "__main__":
    main()
