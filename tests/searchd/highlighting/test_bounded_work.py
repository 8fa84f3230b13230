"""Highlighting does work in proportion to the text and its matches, whatever repeats itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from analyzers import Analyzer
from analyzers import analyzer as analyzer_module
from analyzers.levels import Level
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd import Engine
from searchd.highlighting import highlights
from searchd.highlighting.matchers import PhraseMatcher, SurfaceMatcher, distinct_matchers
from tests.searchd.highlighting.snippets import make_snippets

ANALYZER = Analyzer()


def engine_of(directory: Path, *texts: str) -> Engine:
    with IndexWriter(directory) as writer:
        for number, text in enumerate(texts):
            writer.upsert(Document(str(number), text))
        writer.commit()
    return Engine(directory)


@pytest.fixture
def found_matches(monkeypatch):
    """The number of matches of each text that is highlighted."""
    found: list[int] = []
    original = highlights.FieldMatchers.find

    def counted(self, words):
        matches = original(self, words)
        found.append(len(matches))
        return matches

    monkeypatch.setattr(highlights.FieldMatchers, "find", counted)
    return found


@pytest.mark.parametrize(
    "repeated",
    [
        pytest.param("كتاب", id="word"),
        pytest.param('"كتاب جديد"', id="phrase"),
        pytest.param("=كتاب", id="exact"),
        pytest.param('"كتاب جديد"~~3', id="near"),
    ],
)
def test_a_word_that_a_query_repeats_is_looked_for_once(tmp_path, found_matches, repeated):
    with engine_of(tmp_path, "كتاب جديد عن الفن. " * 20) as engine:
        once = engine.search(repeated)
        work = sum(found_matches)
        found_matches.clear()
        often = engine.search(" ".join([repeated] * 60))
    assert work
    assert sum(found_matches) == work
    assert often[0].snippets == once[0].snippets


def test_repeated_words_count_for_their_passage_like_for_the_score(tmp_path):
    other = "وهذا كلام طويل لا صلة له بما نبحث عنه هنا اليوم. "
    with engine_of(
        tmp_path, "الوفد في طريقه إلى بغداد. " + other * 9 + "عاد المجلس مساء."
    ) as engine:
        (hit,) = engine.search("مجلس مجلس مجلس بغداد", snippet_length=40)
    assert "المجلس" in hit.snippets[0].text


def test_matchers_of_other_levels_or_spellings_stay_apart():
    one = SurfaceMatcher({"كتاب": Level.SURFACE}, "", 1.5)
    others = [one.at_level(Level.SYNONYM), one._replace(spelling="0"), one._replace(field="title")]
    merged = distinct_matchers([one, *others, one])
    assert [matcher.weight for matcher in merged] == [3.0, 1.5, 1.5, 1.5]


def test_a_text_of_one_word_has_few_steps_for_each_match(monkeypatch):
    words = ANALYZER.tokenize("كتاب " * 3000)
    matcher = SurfaceMatcher({"كتاب": Level.SURFACE}, "", 1.0)
    matches = highlights.find_matches(words, [matcher], ("",))
    steps = 0
    original = type(words).start

    def counted(self, position):
        nonlocal steps
        steps += 1
        return original(self, position)

    monkeypatch.setattr(type(words), "start", counted)
    make_snippets("كتاب " * 3000, words, matches, count=3)
    assert steps < 40 * len(matches)


def test_a_phrase_of_one_word_compares_each_place_once(monkeypatch):
    text = "كتاب " * 300
    words = ANALYZER.tokenize(text)
    (terms,) = ANALYZER.terms("كتاب")
    compared = 0
    original = type(words).surface

    def counted(self, position):
        nonlocal compared
        compared += 1
        return original(self, position)

    monkeypatch.setattr(type(words), "surface", counted)
    matcher = PhraseMatcher((terms,) * 50, False, 0, "", 1.0)
    assert len(highlights.find_matches(words, [matcher], ("",))) == 251
    assert compared == 300


def test_the_words_of_one_long_match_are_split_once(monkeypatch):
    """ة in the middle parts it into thousands of words."""
    word = "كتبةبب" * 500
    split = 0
    original = analyzer_module.surface_forms

    def counted(word, protected_words=None):
        nonlocal split
        split += len(word)
        return original(word, protected_words)

    monkeypatch.setattr(analyzer_module, "surface_forms", counted)
    words = Analyzer().tokenize(word)
    matcher = SurfaceMatcher({words.surfaces[1]: Level.SURFACE}, "", 1.0)
    assert len(highlights.find_matches(words, [matcher], ("",))) > 400
    assert split <= 6 * len(word)


@pytest.mark.parametrize("run", [".", "؟", "…", ".)", "!»", ". ", "\n", ".\n", "?\u200f"])
def test_a_run_of_stops_is_passed_over_once(run):
    """100,000 full stops took 6 seconds and more."""
    text = "قرأ كتابا" + run * (100_000 // len(run)) + "x ثم نام"
    words = ANALYZER.tokenize(text)
    started = time.process_time()
    (found,) = make_snippets(text, words, ())
    assert time.process_time() - started < 1.5
    assert found.text
