"""Front matter: which columns YAML at the top of a page gives, and what is none."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.front_matter import FRONT_MATTER_LIMIT, parse_front_matter
from indexer.sources.markdown import parse_page


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("title: كتاب التاريخ", {"title": "كتاب التاريخ"}, id="text"),
        pytest.param('title: "عنوان"', {"title": "عنوان"}, id="double-quotes"),
        pytest.param("title: 'قال: ''نعم'''", {"title": "قال: 'نعم'"}, id="single-quotes"),
        pytest.param("date: 2024-05-01", {"date": "2024-05-01"}, id="date-as-written"),
        pytest.param("price: 007", {"price": "007"}, id="number-as-written"),
        pytest.param(
            "n: ٥\nno: no\nnull: null", {"n": "٥", "no": "no", "null": "null"}, id="words"
        ),
        pytest.param("url: https://a.b/c?d=e#f", {"url": "https://a.b/c?d=e#f"}, id="address"),
        pytest.param("a:\nb: x", {"a": "", "b": "x"}, id="no-value"),
        pytest.param("tags: [أ, ب]", {"tags": ["أ", "ب"]}, id="list"),
        pytest.param("tags: [أ، ب]", {"tags": ["أ", "ب"]}, id="list-with-arabic-comma"),
        pytest.param("tags: []", {"tags": []}, id="empty-list"),
        pytest.param('tags: ["أ, ب", ج]', {"tags": ["أ, ب", "ج"]}, id="quoted-item"),
        pytest.param("قسم:\n  - أ\n  - ب، ج", {"قسم": ["أ", "ب، ج"]}, id="items-on-lines"),
        pytest.param("قسم:\n- أ\n- ب", {"قسم": ["أ", "ب"]}, id="items-not-indented"),
        pytest.param("a: >\n  سطر\n  ملفوف", {"a": "سطر ملفوف"}, id="folded-text"),
        pytest.param("a: |\n  سطر\n  ثان\n", {"a": "سطر\nثان\n"}, id="lines-of-text"),
        pytest.param("a: x\na: y", {"a": "y"}, id="twice-last-wins"),
        pytest.param("# x\n\na: b", {"a": "b"}, id="comment"),
        pytest.param("# x\n", {}, id="comment-alone"),
        pytest.param("", {}, id="empty"),
        pytest.param("author: {name: x}\ntitle: y", {"author": {}, "title": "y"}, id="object"),
        pytest.param("a: [[x], {b: c}, d]", {"a": [{}, {}, "d"]}, id="nested-items"),
        pytest.param("a: &x نص\nb: *x", {"a": "نص", "b": "نص"}, id="alias"),
        pytest.param("a: !!python/name:os.system x", {"a": "x"}, id="tag-builds-nothing"),
        pytest.param("a: !!binary eA==", {"a": "eA=="}, id="binary-as-written"),
    ],
)
def test_columns(text: str, columns: dict[str, object]) -> None:
    assert parse_front_matter(text) == columns


@pytest.mark.parametrize(
    "value",
    [
        "كتاب: التاريخ",
        "*مهم* جدا",
        "@كاتب",
        "%نسبة",
        "`كود`",
        "100: النتيجة: 3",
        "- نعم",
        "? لماذا",
    ],
)
def test_a_value_that_should_have_been_quoted_is_taken_literally(value: str) -> None:
    text = f"title: {value}  \ntags: [أ]\ndate: 2024-05-01"
    assert parse_front_matter(text) == {"title": value, "tags": ["أ"], "date": "2024-05-01"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("قال لي", id="prose"),
        pytest.param("قال لي: نعم", id="key-with-a-space"),
        pytest.param("- أ\n- ب", id="list"),
        pytest.param("1: x", id="number-as-a-key"),
        pytest.param("[a]: x", id="list-as-a-key"),
        pytest.param("a: b\nنص بعده", id="prose-after-a-pair"),
        pytest.param("a: [b", id="list-that-is-not-closed"),
        pytest.param("a: b\n---\nc: d", id="two-documents"),
        pytest.param("a: [\x1b]", id="control-character"),
        pytest.param("a: \ud800", id="lone-surrogate"),
        pytest.param("a: [*x]", id="alias-without-an-anchor"),
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert parse_front_matter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: " + "[" * 100_000, id="deep-flow"),
        pytest.param("- " * 100_000, id="deep-list"),
        pytest.param("".join(f"{' ' * depth}a:\n" for depth in range(1_200)), id="deep-mapping"),
        pytest.param("x" * (FRONT_MATTER_LIMIT + 1), id="long"),
        pytest.param(f"a: &x {'نص' * 50_000}\nb: [{'*x,' * 5_000}]", id="large-alias-in-a-list"),
        pytest.param(
            f"a: &x {'نص' * 50_000}\n" + "".join(f"b{n}: *x\n" for n in range(2_000)),
            id="large-alias-in-many-columns",
        ),
        pytest.param(
            "a0: &a0 [x, x]\n"
            + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 30))
            + "- x",
            id="a-thousand-million-laughs-and-an-error",
        ),
        pytest.param("a:\n" + "- x\n" * 10_000 + "b", id="long-list-and-an-error"),
    ],
)
def test_hostile_front_matter_is_none_and_ends_soon(text: str) -> None:
    started = time.process_time()
    assert parse_front_matter(text) is None
    assert time.process_time() - started < 5


def test_nested_aliases_are_not_expanded() -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 30)
    )
    columns = parse_front_matter(laughs)
    assert columns is not None
    assert columns["a0"] == ["x", "x"]
    assert columns["a29"] == [{}] * 9


def test_a_long_list_is_read_within_reason() -> None:
    started = time.process_time()
    columns = parse_front_matter("a:\n" + "- نص\n" * 10_000)
    assert time.process_time() - started < 5
    assert columns == {"a": ["نص"] * 10_000}


@pytest.mark.parametrize(
    ("markup", "columns", "text"),
    [
        pytest.param("---\na: b\n---\nنص", {"a": "b"}, ["نص"], id="page"),
        pytest.param("---  \na: b\n---  \nنص", {"a": "b"}, ["نص"], id="spaces-after-the-rules"),
        pytest.param("---\n---\nنص", {}, ["نص"], id="empty"),
        pytest.param("---\nقال لي\n---\nنص", {}, ["قال لي", "نص"], id="rules"),
        pytest.param("---\na: b\n", {}, ["a: b"], id="not-closed"),
        pytest.param("\n---\na: b\n---\nنص", {}, ["a: b", "نص"], id="not-at-the-top"),
        pytest.param("-- -\na: b\n---\nنص", {}, ["a: b", "نص"], id="another-rule"),
        pytest.param("---\na: b\n---\n    نص", {"a": "b"}, ["نص"], id="code-after-it"),
        pytest.param("نص\n\n---\na: b\n---\n", {}, ["نص", "a: b"], id="in-the-middle"),
    ],
)
def test_pages(markup: str, columns: dict[str, object], text: list[str]) -> None:
    found, page = parse_page(markup)
    assert (found, [block.text for block in page]) == (columns, text)


@settings(deadline=None)
@given(text=st.text("ab: -[]{},&*!|>'\"%@`#?\n\t\\،\x1e", max_size=60))
def test_arbitrary_front_matter_never_raises(text: str) -> None:
    columns = parse_front_matter(text)
    assert columns is None or all(map(str.strip, columns))


def test_yaml_is_loaded_for_front_matter_alone(tmp_path) -> None:
    program = (
        "import sys\n"
        "from indexer.sources import read_records\n"
        "assert len(list(read_records([sys.argv[1]]))) == 1\n"
        "print('yaml' in sys.modules)\n"
    )
    for content, loaded in [("# عنوان\nنص", "False\n"), ("---\na: b\n---\nنص", "True\n")]:
        (tmp_path / "a.md").write_text(content, "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "a.md")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == loaded


def test_long_values_are_read_in_linear_time() -> None:
    started = time.process_time()
    spaces = " " * 500_000
    assert parse_front_matter(f"a: b{spaces}x: y: z \t") == {"a": f"b{spaces}x: y: z"}
    assert parse_front_matter(f"a: [{'أ, ' * 100_000}ب]") == {"a": ["أ"] * 100_000 + ["ب"]}
    assert time.process_time() - started < 10
