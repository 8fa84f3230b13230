from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers import Analyzer
from analyzers.errors import WordFileError
from analyzers.synonyms import read_synonyms
from analyzers.user_dictionaries import read_lexicon_entries, read_protected_words
from analyzers.word_files import read_word_file


@pytest.fixture
def words_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "words.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param("كتاب\nقلم\n", [(1, "كتاب"), (2, "قلم")], id="lines"),
        pytest.param("# تعليق\n\n  كتاب  \n", [(3, "كتاب")], id="comments-and-blanks"),
        pytest.param("كتاب # تعليق\n", [(1, "كتاب")], id="comment-behind"),
        pytest.param("C#, سي شارب\n", [(1, "C#, سي شارب")], id="not-a-comment"),
        pytest.param("\ufeffكتاب\r\nقلم", [(1, "كتاب"), (2, "قلم")], id="mark-and-crlf"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_lines(
    words_file: Callable[[str | bytes], Path], content: str, lines: list[tuple[int, str]]
) -> None:
    assert [(line.number, line.text) for line in read_word_file(words_file(content))] == lines


def test_protected_words_may_be_spelled_in_any_way(
    words_file: Callable[[str | bytes], Path],
) -> None:
    path = words_file("# أسماء\nوَلِيد\nبـلال\nإيران\n")
    assert read_protected_words(path) == {"وليد", "بلال", "ايران"}


def test_a_protected_word_keeps_its_stem_behind_clitics(
    words_file: Callable[[str | bytes], Path],
) -> None:
    assert Analyzer().terms("وبسنتر")[0].stem != "بسنتر"
    analyzer = Analyzer(read_protected_words(words_file("بسنتر\n")))
    assert [terms.stem for terms in analyzer.terms("بسنتر وبسنتر")] == ["بسنتر", "بسنتر"]


@pytest.mark.parametrize(
    ("content", "entries"),
    [
        pytest.param("صحائف\tصحيفة\n", {"صحايف": "صحيفه"}, id="tab"),
        pytest.param("صحائف = صحيفة\n", {"صحايف": "صحيفه"}, id="equals-sign"),
        pytest.param("مَسْؤُولِين = مسؤول", {"مسوولين": "مسوول"}, id="marks-and-hamza"),
        pytest.param("شغل = شغل\nشغل\tشغل", {"شغل": "شغل"}, id="twice-the-same"),
        pytest.param("# لا شيء", {}, id="nothing"),
    ],
)
def test_lexicon_entries(
    words_file: Callable[[str | bytes], Path], content: str, entries: dict[str, str]
) -> None:
    assert read_lexicon_entries(words_file(content)) == entries


@pytest.mark.parametrize(
    ("read", "content", "line", "reason"),
    [
        pytest.param(
            read_protected_words,
            "بلال\nبني وليد\n",
            2,
            "'بني وليد' is 2 words to searchd; write one word on a line",
            id="two-protected-words",
        ),
        pytest.param(read_protected_words, "\n!!\n", 2, "there is no word in '!!'", id="no-word"),
        pytest.param(read_protected_words, b"\xe5\xe4\n", 1, "not UTF-8", id="windows-1256"),
        pytest.param(read_protected_words, "ﷺ\n", 1, "write one word on a line", id="ligature"),
        pytest.param(read_lexicon_entries, "صحائف صحيفة\n", 1, "صحائف = صحيفة", id="no-separator"),
        pytest.param(read_lexicon_entries, "ا = ب = ت\n", 1, "is no entry", id="three-parts"),
        pytest.param(read_lexicon_entries, "صحائف = \n", 1, "there is no word", id="no-lemma"),
        pytest.param(read_lexicon_entries, "صحائف = !\n", 1, "there is no word", id="bad-lemma"),
        pytest.param(read_lexicon_entries, "أ ب = ت\n", 1, "single words", id="two-forms"),
        pytest.param(read_lexicon_entries, "BBCs = BBC\n", 1, "not an Arabic word", id="latin"),
        pytest.param(
            read_lexicon_entries,
            "صحائف = صحيفة\n\nصحائف = صحن\n",
            3,
            "has another lemma in line 1",
            id="two-lemmas",
        ),
        pytest.param(read_synonyms, "غوغل\n", 1, "two entries or more", id="one-entry"),
        pytest.param(read_synonyms, "غوغل, , جوجل\n", 1, "leave out its comma", id="empty-entry"),
        pytest.param(read_synonyms, "غوغل => \n", 1, "there is no word in ''", id="nothing-right"),
        pytest.param(read_synonyms, "a => b => c\n", 1, "more than once", id="two-arrows"),
        pytest.param(read_synonyms, "غوغل = جوجل, ق\n", 1, "there is = inside", id="equals-sign"),
    ],
)
def test_errors_say_where_and_what(
    words_file: Callable[[str | bytes], Path],
    read: Callable[[Path], object],
    content: str | bytes,
    line: int,
    reason: str,
) -> None:
    path = words_file(content)
    with pytest.raises(WordFileError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in caught.value.reason


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WordFileError, match="cannot be read .*; check the name of the file"):
        read_protected_words(tmp_path / "nowhere.txt")
