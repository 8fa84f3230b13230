"""Text in visual order is told from Arabic as it is written, and from other languages."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from analyzers.normalization.visual_order import looks_reversed
from benchmarks.corruptions import CORRUPTIONS, corrupt

DATA = os.environ.get("SEARCHD_TEST_DATA")
NEEDS_DATA = pytest.mark.skipif(
    not DATA, reason="set SEARCHD_TEST_DATA to a folder with collections/ and large/"
)

ARABIC = (
    "أعلن وزير النفط العراقي يوم الاثنين عن خطة جديدة لزيادة الإنتاج في حقول الجنوب،\n"
    "وقال إن الشركات التي فازت بالعقود ستبدأ العمل على مراحل خلال السنوات المقبلة."
)

LOGICAL = [
    pytest.param("", id="empty"),
    pytest.param("قصير", id="one-word"),
    pytest.param(ARABIC, id="arabic"),
    pytest.param(
        "لا إله إلا الله. لا أحد يعلم متى، ولا أحد يعلم أين، ولا كيف، ولا لماذا، إلا قليلا.",
        id="many-la",
    ),
    pytest.param(
        "أولا، ثانيا، مثلا، فضلا، قليلا، طويلا، أصلا، كاملا، مستقبلا، عاجلا أو آجلا، بدلا، رجلا، جميلا",
        id="adverbs",
    ),
    pytest.param(
        "بالا رفتن از کوه حالا برای او آسان بود. کالا را از بالا به پایین آورد و طلا را فروخت.",
        id="persian",
    ),
    pytest.param(
        "پاکستان جنوبی ایشیا میں واقع ہے۔ لاہور اور کراچی بڑے شہر ہیں۔ والا پیالا نکالا ڈالا بولا",
        id="urdu",
    ),
    pytest.param("The quick brown fox jumps over the lazy dog. " * 3, id="english"),
    pytest.param("Большая часть текста написана кириллицей, без арабских букв. " * 3, id="russian"),
    pytest.param("1 2 3 ١ ٢ ٣ " * 20, id="numbers"),
]


def reverse_lines(text: str) -> str:
    return "\n".join(line[::-1] for line in text.split("\n"))


@pytest.mark.parametrize("text", LOGICAL)
def test_text_as_it_is_written(text: str) -> None:
    assert not looks_reversed(text)


@pytest.mark.parametrize("name", [None, *(name for name in CORRUPTIONS if name != "visual order")])
def test_reversed_text_whatever_else_is_wrong_with_it(name: str | None) -> None:
    text = corrupt(name, ARABIC) if name else ARABIC
    assert not looks_reversed(text)
    assert looks_reversed(reverse_lines(text))


def test_text_of_other_scripts_is_never_taken_for_reversed() -> None:
    assert not looks_reversed(reverse_lines("The quick brown fox jumps over the lazy dog. " * 3))


def test_a_long_text_takes_no_more_memory_than_its_beginning() -> None:
    """Only the beginning is examined, not a copy of the text or its lines."""
    text = ARABIC.replace("ة", "ه") * 10_000
    looks_reversed(text)
    tracemalloc.start()
    looks_reversed(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(text) // 20


def texts(step: int) -> Iterator[str]:
    """Yield the text of the first document of each file, and of one in `step` after it."""
    folder = Path(DATA or "")
    with gzip.open(folder / "large" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in islice(lines, 0, None, step))
    for path in sorted(folder.glob("collections/*/corpus.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in islice(lines, 0, None, step))


@NEEDS_DATA
@pytest.mark.parametrize(
    "step",
    [
        pytest.param(100, id="every-100th"),
        pytest.param(1, id="all", marks=pytest.mark.stress),
    ],
)
def test_real_documents(step: int) -> None:
    total = found = 0
    for number, text in enumerate(texts(step)):
        assert not looks_reversed(text), f"document {number}"
        if len(text.split()) >= 20:
            total += 1
            found += looks_reversed(reverse_lines(text))
    assert found >= 0.99 * total > 0
