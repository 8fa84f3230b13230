"""Corrupted documents are found like clean ones, and each corruption does what its name says."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import collections, noise
from benchmarks.corruptions import CORRUPTIONS, corrupt

TEXT = "قرأ المسؤول رسالة من رئيس الجامعة إلى أعضاء المجلس في ٥ مايو 2024، وفي القاعة على ما يبدو 1,250 شخصًا"
LEAST_RATIO = 0.99
"""A sample of 70 documents varies more than the collections of `make noise`."""
SAMPLE = next(collections.find(None))
SOME = replace(SAMPLE, queries=dict(list(SAMPLE.queries.items())[::2]))


@pytest.fixture(scope="module")
def clean() -> float:
    return noise.measure(SOME, None)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corrupted_documents_are_found(name: str, clean: float) -> None:
    assert noise.measure(SOME, name) >= LEAST_RATIO * clean


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_is_the_same_each_time(name: str) -> None:
    text = f"{TEXT} للإسلام الأحمد المملكة\n" * 3
    assert text != corrupt(name, text) == corrupt(name, text)
    assert (
        name == "decomposition"
        or corrupt(name, text) != corrupt(name, text, seed=1)
        or name in ("presentation forms", "visual order", "turned ligatures")
    )


@pytest.mark.parametrize(
    ("name", "text", "corrupted"),
    [
        pytest.param("presentation forms", "سلام", "ﺳﻼﻡ", id="lam-alef"),
        pytest.param("presentation forms", "والله", "ﻭ\ufe8d\ufdf2", id="allah"),
        pytest.param("decomposition", "أحمد", "ا\u0654حمد", id="decomposition"),
        pytest.param("persian letters", "كي", "کی", id="persian"),
        pytest.param("missing hamzas", "أإآ", "ااا", id="alefs"),
        pytest.param(
            "turned ligatures", "السلام للأمة والإسلام", "السالم لألمة واإلسالم", id="turned"
        ),
        pytest.param(
            "visual order",
            "عام 2024 (في IBM Cloud)\nسطر",
            "(IBM Cloud يف) 2024 ماع\nرطس",
            id="visual",
        ),
        pytest.param("missing hamzas", "سماء بؤس قائد شاطئ", "سما بوس قايد شاطى", id="hamzas"),
    ],
)
def test_what_a_corruption_does(name: str, text: str, corrupted: str) -> None:
    assert corrupt(name, text) == corrupted


def test_presentation_forms_are_the_letters_again() -> None:
    forms = corrupt("presentation forms", TEXT)
    assert unicodedata.normalize("NFKC", forms) == unicodedata.normalize("NFKC", TEXT)


def test_the_table_and_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SEARCHD_TEST_DATA", raising=False)
    monkeypatch.setattr(noise, "CORRUPTIONS", {"tatweel": CORRUPTIONS["tatweel"]})
    monkeypatch.setattr(sys, "argv", ["noise", "--json", str(tmp_path / "noise.json")])
    noise.main()
    assert capsys.readouterr().out.splitlines()[-1].startswith("| tatweel | ")
    figures = json.loads((tmp_path / "noise.json").read_text("utf-8"))
    assert figures["none"].keys() == figures["tatweel"].keys() == {"corpus"}


def test_a_miss_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEARCHD_TEST_DATA", raising=False)
    monkeypatch.setattr(noise, "CORRUPTIONS", {"none of it": lambda _text, _random: "x"})
    monkeypatch.setattr(noise, "corrupt", lambda _name, _text, _seed: "x")
    monkeypatch.setattr(sys, "argv", ["noise"])
    with pytest.raises(SystemExit, match="than there must be: none of it on corpus"):
        noise.main()
