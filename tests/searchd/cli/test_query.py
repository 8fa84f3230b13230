"""`searchd query`: the output as text and as JSON, and every option."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.searchd.cli.test_program import (
    DOCUMENTS,
    invoke,
    jsonl,
    make_index,
    run,
    terminal,
)

TEXTS = {document["id"]: document["text"] for document in DOCUMENTS}
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("query"))


@pytest.fixture
def query(index: Path) -> Any:
    def search(*args: object, **env: str) -> Result:
        return invoke("query", *args, SEARCHD_INDEX=str(index), **env)

    return search


@pytest.fixture
def found(query: Any) -> Any:
    """The ids that a query finds, best first."""

    def search(*args: object) -> list[str]:
        done = query(*args, "--json")
        assert done.exit_code == 0, done.stderr
        return [hit["id"] for hit in json.loads(done.stdout)["hits"]]

    return search


def test_piped_output_is_plain(index: Path) -> None:
    done = run("query", "الحشد الشعبي", "--index", index)
    assert done.returncode == 0
    law, floods, end = done.stdout.split("\n\n")
    title, about, passage = law.splitlines()
    assert title == "1. قانون الحشد الشعبي"
    assert re.fullmatch(r"   \d+\.\d\d  2024-03-05  law  https://example\.org/law", about)
    assert passage.startswith("   أرجأ مجلس النواب التصويت على قانون التقاعد للحشد الشعبي. ")
    assert passage.endswith(" …")
    title, about, passage = floods.splitlines()
    assert title == "2. مواجهة السيول"
    assert re.fullmatch(r"   \d+\.\d\d  2024-04-01  floods", about)
    assert passage == "   شارك الحشد في إخلاء القرى، ورُفع العلم 😀 بعدها في إيران."
    assert end == ""
    assert re.fullmatch(r"2 documents match \(\d+\.\d ms\)\n", done.stderr)


def test_a_document_without_a_title_shows_its_id(query: Any) -> None:
    first, second = query("=واشنطن").stdout.splitlines()[:2]
    assert first == "1. plain"
    assert re.fullmatch(r"   \d+\.\d\d", second)


PLAIN = " للحشد الشعبي"
COLORED = f" {ESCAPE}[33m{ESCAPE}[1mللحشد{ESCAPE}[0m الشعبي"


@pytest.mark.parametrize(
    ("options", "env", "expected"),
    [
        pytest.param([], {}, PLAIN, id="auto-piped"),
        pytest.param(["--color", "always"], {}, COLORED, id="always"),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, COLORED, id="always-beats-NO_COLOR"),
        pytest.param(["--color", "never"], {}, PLAIN, id="never"),
    ],
)
def test_color(query: Any, options: list[str], env: dict[str, str], expected: str) -> None:
    done = query("الحشد", *options, **env)
    assert expected in done.stdout
    assert (ESCAPE in done.stdout) == (ESCAPE in expected)
    assert ESCAPE not in done.stderr


@pytest.mark.parametrize(
    ("options", "env", "colored"),
    [
        pytest.param([], {}, True, id="auto"),
        pytest.param([], {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param([], {"TERM": "dumb"}, False, id="dumb"),
        pytest.param(["--color", "never"], {}, False, id="never"),
    ],
)
def test_color_on_a_terminal(
    index: Path, options: list[str], env: dict[str, str], colored: bool
) -> None:
    with terminal("query", "الحشد", "--index", index, *options, **env) as shown:
        assert shown.wait() == 0
    assert (f"{ESCAPE}[33m{ESCAPE}[1mالحشد{ESCAPE}[0m" in shown.output) == colored
    assert (ESCAPE in shown.output) == colored


def test_lines_fit_the_terminal(tmp_path: Path) -> None:
    text = "قال الوزير إِنَّ الكِتابَ في المكتبةِ القديمة " * 5
    options = ["--index", tmp_path / "index"]
    invoke("index", "-", *options, stdin=jsonl([{"id": "1", "title": text, "text": text}]))
    with terminal("query", "كتاب", *options, "--color", "never", columns=40) as shown:
        assert shown.wait() == 0
    title, passage = shown.output.split("\r\n   0.")
    for part, margin in ((title[3:], ""), (passage.partition("\r\n")[2], "   ")):
        lines = part.partition("\r\n\r\n")[0].split("\r\n")
        assert len(lines) > 3
        # Combining marks take no column.
        assert all(len(re.sub("[\u064b-\u0652]", "", line)) <= 40 for line in lines)
        assert all(line.startswith(margin) for line in lines)
    assert max(map(len, run("query", "كتاب", *options).stdout.splitlines())) > 100


def test_documents_cannot_drive_the_terminal(tmp_path: Path) -> None:
    nasty = f"كتاب {ESCAPE}]0;owned\x07 {ESCAPE}[2J\x9b2J\rسطر"
    document = {"id": f"a{ESCAPE}[2J", "title": nasty, "text": nasty, "url": nasty}
    invoke("index", "-", "--index", tmp_path / "index", stdin=jsonl([document]))
    printed = run("query", "كتاب", "--index", tmp_path / "index").stdout
    assert "كتاب" in printed
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", printed)


def test_json_offsets_slice_the_text(query: Any) -> None:
    done = query("الحشد إيران كتاب", "--json", "--snippets", "3")
    assert (done.exit_code, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert (answer["total"], answer["offset"]) == (3, 0)
    marked = set()
    for hit in answer["hits"]:
        for snippet in hit["snippets"]:
            assert TEXTS[hit["id"]][snippet["start"] : snippet["end"]] == snippet["text"]
            marked |= {
                (snippet["text"][found["start"] : found["end"]], found["level"])
                for found in snippet["highlights"]
            }
    assert marked == {
        ("للحشد", "stem"),
        ("الحشد", "surface"),
        ("إيران", "surface"),
        ("وإيران", "stem"),
        ("كتاب", "surface"),
        ("الكتاب", "stem"),
    }
    assert "الحشد" in done.stdout  # Arabic is not escaped


def test_json_on_a_terminal_has_no_color(index: Path) -> None:
    with terminal("query", "الحشد", "--json", "--index", index) as shown:
        assert shown.wait() == 0
    assert json.loads(shown.output)["total"] == 2


def test_filter(found: Any) -> None:
    assert found("*", "--filter", "section=محليات") == ["floods"]
    assert sorted(found("*", "--filter", "section!=مطبخ")) == ["floods", "law", "plain"]
    assert found("*", "--filter", "price>=2", "--filter", "price<5") == ["floods"]
    assert found("*", "--filter", "date>2024-03") == ["floods"]


@pytest.mark.parametrize("option", ["--filter", "--sort"])
def test_an_unknown_field(query: Any, option: str) -> None:
    done = query("*", option, "nosuch=1" if option == "--filter" else "nosuch")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nosuch" in done.stderr
    assert "price" in done.stderr
    assert done.stderr.count("\n") == 1


def test_sort(found: Any, query: Any) -> None:
    assert found("*", "--sort", "price")[:2] == ["floods", "law"]
    assert found("*", "--sort", "-price")[:2] == ["law", "floods"]
    assert found("*", "--sort=-date")[:2] == ["floods", "law"]
    assert query("*", "--sort", "-date").stdout.splitlines()[1] == "   2024-04-01  floods"


def test_pages(found: Any, query: Any) -> None:
    every = found("*", "--sort", "price")
    pages = [found("*", "--sort", "price", "-n", 3, "--page", page) for page in (1, 2, 3)]
    assert pages == [every[:3], every[3:], []]
    done = query("*", "--limit", 3, "--page", 2)
    assert done.stdout.startswith("4. ")
    assert done.stderr.endswith("; 4-4 shown\n")
    assert query("*", "--page", 9).stderr.endswith("; none of them on this page\n")
    assert query("*", "--limit", 0).stdout == ""


def test_snippets_are_aligned_with_ranks_of_two_digits(tmp_path: Path) -> None:
    documents = [{"id": str(number), "text": "كتاب"} for number in range(12)]
    invoke("index", "-", "--index", tmp_path / "index", stdin=jsonl(documents))
    done = invoke("query", "كتاب", "--index", tmp_path / "index", "--page", 2)
    assert re.fullmatch(r"11\. \d+\n {4}\d\.\d\d\n {4}كتاب", done.stdout.partition("\n\n")[0])


@pytest.mark.parametrize(
    "options", [["-n", "-1"], ["-n", "10001"], ["--page", "0"], ["--page", "9999"], ["-n", "many"]]
)
def test_an_invalid_page_is_wrong_usage(query: Any, options: list[str]) -> None:
    assert query("كتاب", *options).exit_code == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--page", "1000", "-n", "100"], "--page: with 100 documents on a page the last "
                     "one is page 100,", id="page-and-limit"),
        pytest.param(["--page", "1001"], "--page: with 10 documents on a page the last one is page "
                     "1,000,", id="page-alone"),
        pytest.param(["--page", "2", "-n", "9999"], "--page: with 9,999 documents on a page the last "
                     "one is page 1,", id="second-page"),
        pytest.param(["-n", "10001"], "--limit: a page may have 10,000", id="limit"),
    ],
)  # fmt: skip
def test_a_page_that_is_too_deep_is_named_as_it_was_typed(
    query: Any, options: list[str], said: str
) -> None:
    done = query("كتاب", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "offset" not in done.stderr


def test_the_deepest_page(query: Any) -> None:
    assert query("كتاب", "--page", "100", "-n", "100").exit_code == 0
    assert query("كتاب", "--page", "10000", "-n", "0").exit_code == 0


def test_snippets(query: Any) -> None:
    for wanted, expected in ((0, 0), (1, 1), (5, 2)):
        (hit,) = json.loads(query("+قانون +كتاب", "--json", "--snippets", wanted).stdout)["hits"]
        assert len(hit["snippets"]) == expected
    assert query("قانون", "--snippets", 0).stdout.count("\n") == 3


def test_plain_has_no_syntax(query: Any, found: Any) -> None:
    prose = 'ما هو "الحشد: الشعبي (واشنطن'
    assert query(prose).exit_code == 1
    assert set(found(prose, "--plain")) == {"law", "floods", "plain"}


@pytest.mark.parametrize(
    ("typed", "position"), [('كتاب "الحشد', 6), ("(كتاب", 1), ("كتاب)", 5), ("nosuch:كتاب", 1)]
)
def test_an_error_in_the_query_says_where(query: Any, typed: str, position: int) -> None:
    done = query(typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error at character {position}: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(["+ايران -واشنطن"], {"floods"}, id="plus-first"),
        pytest.param(["-واشنطن +ايران"], {"floods"}, id="minus-first"),
        pytest.param(["-واشنطن", "+ايران"], {"floods"}, id="minus-word"),
        pytest.param(["+ايران", "-واشنطن"], {"floods"}, id="minus-word-later"),
        pytest.param(["--", "-واشنطن +ايران"], {"floods"}, id="after-two-dashes"),
        pytest.param(["-n", "1", "-واشنطن +ايران"], {"floods"}, id="after-an-option"),
        pytest.param(["-واشنطن +ايران", "-n1", "--page", "1"], {"floods"}, id="before-options"),
        pytest.param(["+ايران", "--", "-n", "-واشنطن"], {"floods"}, id="options-as-text"),
        pytest.param(["+ايران", "-news"], {"floods", "plain"}, id="like-a-short-option"),
        pytest.param(["+ايران", "-hotel"], {"floods", "plain"}, id="like-help"),
        pytest.param(['-"واشنطن" +ايران'], {"floods"}, id="minus-quotation"),
        pytest.param(["ايران", "-"], {"floods", "plain"}, id="lone-minus"),
    ],
)
def test_a_query_may_begin_with_a_minus(found: Any, args: list[str], expected: set[str]) -> None:
    done = found(*args) if "--" not in args else found("--json", *args)
    assert set(done) == expected


def test_the_query_that_was_likely_meant(query: Any) -> None:
    done = query("الحشد السيولل")
    assert done.stderr.splitlines()[-1] == "did you mean: الحشد السيول"
    done = query("الحشد السيولل", "--correct", "never")
    assert "did you mean" not in done.stderr
    nothing = query("السيولل")
    assert nothing.stderr.splitlines()[-1] == "  did you mean: السيول"
    assert json.loads(query("السيولل", "--json").stdout)["correction"]["text"] == "السيول"


@pytest.mark.parametrize("option", ["--limt", "--limit2=3", "--jsno", "--كتاب"])
def test_a_mistyped_option_is_not_taken_as_a_query(query: Any, option: str) -> None:
    done = query(option, "كتاب")
    assert done.exit_code == 2
    assert "No such option" in done.stderr
    assert option.partition("=")[0] in done.stderr


@pytest.mark.parametrize(
    ("args", "note"),
    [
        pytest.param(["الحشد زززبا"], "زززبا is not in the index", id="nothing-instead"),
        pytest.param(
            ["الحشد السيولل"],
            "السيولل is not in the index; searched as similar words: سيول",
            id="similar",
        ),
        pytest.param(["الحشد عسكر"], "عسكر is not in the index; searched as: الحشد", id="synonyms"),
    ],
)
def test_a_note_names_words_that_are_not_in_the_index(
    query: Any, tmp_path: Path, args: list[str], note: str
) -> None:
    synonyms = tmp_path / "synonyms.txt"
    synonyms.write_text("عسكر => الحشد\n", "utf-8")
    done = query(*args, "--synonyms", synonyms)
    assert done.stderr.splitlines()[1] == note
    assert query("الحشد").stderr.count("\n") == 1


def test_a_search_ends_when_its_time_is_up(query: Any) -> None:
    done = query("الحشد", "--timeout", "0.000001")
    assert done.exit_code == 1
    assert "its 1e-06 s were over" in done.stderr
    assert query("الحشد", "--timeout", "60").exit_code == 0
    assert query("الحشد", "--timeout", "0").exit_code == 2


def test_explain(query: Any) -> None:
    done = query("الحشد والشعبي", "--explain", "-n", "1", "--snippets", "0")
    rows = [line.split(maxsplit=8) for line in done.stdout.splitlines()[2:] if line]
    assert {row[2] for row in rows} == {"lemma", "stem", "surface", "near", "phrase"}
    assert sum(float(row[0]) for row in rows) == pytest.approx(
        float(done.stdout.splitlines()[1].split()[0]), abs=0.01
    )
    assert 98 <= sum(int(row[1].rstrip("%")) for row in rows) <= 102
    assert all((row[3], row[5]) == ("frequency", "idf") for row in rows)
    (near,) = (row for row in rows if row[2] == "near")
    assert near[7:] == ["حشد", "+ شعبي"]


def test_no_hits_say_what_was_searched(query: Any) -> None:
    done = query("والسيولل من")
    assert (done.exit_code, done.stdout) == (0, "")
    first, *lines = done.stderr.splitlines()
    assert first == "no document matches والسيولل من"
    assert any(re.match(r"  والسيولل: searched as \S+.* \(0 documents\)$", line) for line in lines)
    assert any(re.match(r"  did you mean: .*السيول", line) for line in lines)


def test_no_hits_name_the_filters(query: Any) -> None:
    done = query("كتاب", "--filter", "section=مطبخ", "--filter", "price>3")
    assert "no document matches كتاب with section=مطبخ and price>3" in done.stderr
    assert "(2 documents)" in done.stderr


def test_no_hits_as_json(query: Any) -> None:
    done = query("زززز", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["hits"] == []


def test_a_query_without_a_word(query: Any) -> None:
    done = query("؟!")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "the query has no word to search for" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["section:رياظه"], "section:رياظه: 0 documents; values of section: ", id="query"),
        pytest.param(["*", "--filter", "section=xxx"], "section=xxx: 0 documents; values of section: ",
                     id="filter"),
        pytest.param(["price>1000"], "price>1000: 0 documents; price is from ", id="number"),
        pytest.param(["id:nosuch"], "id:nosuch: 0 documents\n", id="id"),
        pytest.param(["+كتاب +section:مطبخ"], "section:مطبخ: 1 document\n", id="met-by-another"),
    ],
)  # fmt: skip
def test_conditions_that_nothing_meets(query: Any, arguments: list[str], said: str) -> None:
    done = query(*arguments)
    assert done.exit_code == 0
    assert said in done.stderr
    assert "no word to search for" not in done.stderr
