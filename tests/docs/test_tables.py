"""What the tables of the pages say is what the program does."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner

import searchd
from analyzers.errors import LexiconError
from searchd import Document, IndexWriter
from searchd.cli import main as command_line
from searchd.cli.program import ENVIRONMENT
from searchd.errors import (
    CursorExpiredError,
    EngineClosedError,
    IndexBusyError,
    QuerySyntaxError,
    WorkerError,
)
from searchd.query.field_names import ARABIC_NAMES
from tests.docs.examples import DOCS, tokens


def tables(name: str) -> Iterator[list[dict[str, str]]]:
    """Yield the tables of a page, each as its rows by the names of the columns."""
    cells: list[str] = []
    rows: list[list[str]] = []
    for token in tokens(DOCS / name):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            cells = []
        elif token.type == "inline" and token.level == 4:
            cells.append("".join(child.content for child in token.children or ()))
        elif token.type == "tr_close":
            rows.append(cells)
        elif token.type == "table_close":
            header, *body = rows
            yield [dict(zip(header, row, strict=True)) for row in body]


def table(name: str, *columns: str) -> list[dict[str, str]]:
    """Return the one table of a page that begins with these columns."""
    (found,) = [rows for rows in tables(name) if tuple(rows[0])[: len(columns)] == columns]
    return found


def analyze(text: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(command_line, ["analyze", text, "--json"])
    assert done.exit_code == 0, done.output
    tokens: list[dict[str, Any]] = json.loads(done.stdout)
    return tokens


SHOWN: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "surface form": lambda tokens: " ".join(token["surface"] for token in tokens),
    "stem": lambda tokens: " ".join(token["stem"] for token in tokens),
    "lemma": lambda tokens: " ".join(token["lemma"] for token in tokens),
    "stop word": lambda tokens: "yes" if all(token["stopword"] for token in tokens) else "no",
    "synonyms": lambda tokens: ", ".join(name for token in tokens for name in token["synonyms"]),
}
"""What the second column of a table of words shows, by its name."""

WORDS = [
    pytest.param(row["written"], column, row[column], id=f"{column}-{row['written']}")
    for rows in tables("analysis.md")
    if "written" in rows[0]
    for row in rows
    for column in row
    if column != "written"
]


@pytest.mark.parametrize(("written", "column", "shown"), WORDS)
def test_words_become_what_the_page_shows(written: str, column: str, shown: str) -> None:
    assert SHOWN[column](analyze(written)) == shown


def test_every_kind_of_table_of_words_is_there() -> None:
    assert {parameters.values[1] for parameters in WORDS} == set(SHOWN)


def spans(name: str, column: str) -> list[str]:
    """Return each piece of code in the first column of the tables that begin with this column."""
    found: list[str] = []
    header = ""
    is_first = False
    for token in tokens(DOCS / name):
        if token.type in ("table_open", "tr_open"):
            header = "" if token.type == "table_open" else header
            is_first = True
        elif token.type == "inline" and token.level == 4 and is_first:
            header = header or token.content
            if header == column:
                found += [
                    each.content for each in token.children or () if each.type == "code_inline"
                ]
            is_first = False
    return found


QUERIES = spans("query-language.md", "write")
REFUSED = spans("query-language.md", "refused")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searchd.Engine]:
    """An index with the fields that the page on queries speaks of."""
    from indexer.fields import FieldMap, FieldSpec, FieldType

    directory = tmp_path_factory.mktemp("tables") / "index"
    numbers = (FieldSpec("price", FieldType.NUMBER), FieldSpec("year", FieldType.NUMBER))
    fields = FieldMap(extra=(FieldSpec("category"), FieldSpec("section"), *numbers))
    with IndexWriter(directory, fields) as writer:
        writer.upsert(Document("1", "ذهب الحشد الشعبي", fields={"category": "رياضه", "price": 20}))
        writer.commit()
    with searchd.open(directory) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_queries_of_the_page_are_understood(engine: searchd.Engine, query: str) -> None:
    assert engine.count(query) in (0, 1)


@pytest.mark.parametrize("query", REFUSED)
def test_queries_that_the_page_says_are_refused(engine: searchd.Engine, query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        engine.count(query)


def test_there_are_examples_of_both() -> None:
    assert len(QUERIES) > 40
    assert len(REFUSED) > 30


def test_the_arabic_names_of_fields_are_all_in_the_table() -> None:
    rows = table("query-language.md", "field", "Arabic names")
    for row in rows:
        for name in row["Arabic names"].split(" "):
            assert ARABIC_NAMES[name] == ARABIC_NAMES[f"ال{name}"] == row["field"]
    assert {row["field"] for row in rows} == set(ARABIC_NAMES.values())
    assert sum(len(row["Arabic names"].split(" ")) for row in rows) * 2 == len(ARABIC_NAMES)


@pytest.mark.parametrize("row", table("query-language.md", "filter"), ids=lambda row: row["filter"])
def test_filters_of_the_page_are_understood(engine: searchd.Engine, row: dict[str, str]) -> None:
    expected = {
        "category=رياضة": 1,
        "price>=12.5": 1,
        "NOT (price<5 OR EXISTS section)": 1,
    }  # the document has no date
    assert engine.count("*", filters=[row["filter"]]) == expected.get(row["filter"], 0)


def test_every_file_of_an_index_is_in_the_table(tmp_path: Path) -> None:
    from indexer.sync.folder_sync import sync_folder

    folder, tmp_path = tmp_path / "folder", tmp_path / "index"
    folder.mkdir()
    sync_folder(tmp_path, folder)
    for change in ("upsert", "delete"):
        with IndexWriter(tmp_path) as writer:
            if change == "upsert":
                writer.upsert(Document("1", "نص"))
                writer.upsert(Document("2", "نص"))
            else:
                writer.delete("1")
            writer.commit()
    patterns = [row["file"] for row in table("operations.md", "file")]
    files = [path.name for path in tmp_path.iterdir()]
    assert all(any(fnmatch.fnmatch(file, each) for each in patterns) for file in files)
    assert all(fnmatch.filter(files, each) for each in patterns)


def test_what_the_page_quotes_is_said(tmp_path: Path) -> None:
    page = (DOCS / "operations.md").read_text("utf-8")
    with IndexWriter(tmp_path) as writer:
        with pytest.raises(IndexBusyError, match="^another writer is at work on the index"):
            IndexWriter(tmp_path)
        writer.commit()
    assert "`another writer is at work on the index`" in page
    with searchd.open(tmp_path) as engine:
        info = engine.info()
    assert f"the format ({info.format})" in page
    assert f"The title weight is {info.title_weight}," in page


def test_every_variable_is_in_the_table() -> None:
    assert isinstance(command_line, click.Group)
    context = click.Context(command_line)
    variables = {"NO_COLOR"}  # of the terminal, and of no option
    for name in command_line.list_commands(context):
        command = command_line.get_command(context, name)
        assert command is not None
        if name == "serve":  # whose variables are named like its options
            continue
        commands = [command, *getattr(command, "commands", {}).values()]
        options = [option for each in commands for option in each.params]
        variables |= {str(option.envvar) for option in options if option.envvar}
    variables |= {name for name in ENVIRONMENT if not name.endswith("...")}
    assert {row["variable"] for row in table("operations.md", "variable")} == variables


def test_every_exit_status_is_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("some.jsonl").write_text('{"id": "1", "text": "نص"}\n{\n', "utf-8")

    def status(*args: str) -> str:
        return str(CliRunner().invoke(command_line, args).exit_code)

    assert [row["status"] for row in table("operations.md", "status", "meaning")] == [
        "0",
        "1",
        "2",
        "3",
        "130",
    ]
    assert status("info") == "1"
    assert status("query") == "2"
    assert status("index", "some.jsonl") == "1"
    assert status("index", "some.jsonl", "--on-error", "skip") == "3"
    assert status("query", "nothing") == "0"
    monkeypatch.setattr(searchd, "open", _interrupted)
    assert status("query", "nothing") == "130"


def _interrupted(*_args: object, **_options: object) -> None:
    raise KeyboardInterrupt


def _no_change(_index: Path) -> None:
    """Leave the index as it is."""


def _no_index(index: Path) -> None:
    (index / "searchd.json").unlink()


def _no_access(index: Path) -> None:
    _no_index(index)
    (index / "searchd.json").symlink_to("searchd.json")  # a loop


def _other_format(index: Path) -> None:
    file = index / "searchd.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": 0}), "utf-8")


def _damage(index: Path) -> None:
    (index / "searchd.json").write_text("{", "utf-8")


ERRORS: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "query_syntax": ("GET", '/search?q="', _no_change),
    "query_too_costly": ("GET", "/search?q=" + "a*%20" * 40, _no_change),
    "filter_syntax": ("GET", "/search?q=a&sort=x", _no_change),
    "invalid_cursor": ("GET", "/search?q=a&after=a", _no_change),
    "document_not_found": ("GET", "/documents/none", _no_change),
    "not_found": ("GET", "/nothing", _no_change),
    "forbidden": ("GET", "/metrics", _no_change),
    "method_not_allowed": ("POST", "/search", _no_change),
    "wrong_host": ("GET", "http://evil.example/search?q=a", _no_change),
    "invalid_parameter": ("GET", "/search?q=a&limit=0", _no_change),
    "index_missing": ("GET", "/search?q=a", _no_index),
    "index_mismatch": ("GET", "/search?q=a", _other_format),
    "index_damaged": ("GET", "/search?q=a", _damage),
    "index_access": ("GET", "/search?q=a", _no_access),
}
"""A request that is answered with each code, and what happened to the index before."""

RAISED = {
    "key_missing",
    "key_invalid",
    "rate_limited",
    "cursor_expired",
    "internal",
    "analysis_unavailable",
    "closed",
    "overloaded",
    "search_timeout",
    "index_not_found",
    "alias_not_found",
    "task_not_found",
    "conflict",
    "too_large",
    "unsupported_media_type",
    "bad_document",
    "cancelled",
    "index_busy",
    "write_failed",
    "writer_lost",
    "http",
}
"""The codes of errors that a search raises, whatever the request and the index."""

OF_CONNECTIONS = {"request_timeout"}
"""The codes of errors that the server sends before there is a request for the application."""


def test_every_code_of_an_error_is_in_the_table() -> None:
    pytest.importorskip("pydantic", reason="the service needs 'serve'")
    from searchd.service.error_models import ErrorCode

    listed = [row["code"] for row in table("operations.md", "status", "code")]
    assert sorted(listed) == sorted(get_args(ErrorCode))
    assert set(listed) == set(ERRORS) | RAISED | OF_CONNECTIONS


@pytest.mark.parametrize(
    "row", table("operations.md", "status", "code"), ids=lambda row: row["code"]
)
def test_errors_have_the_status_and_code_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: dict[str, str]
) -> None:
    client = pytest.importorskip("starlette.testclient", reason="the service needs 'serve'")
    from searchd.service import create_app

    with IndexWriter(tmp_path) as writer:
        writer.upsert(Document("1", "نص"))
        writer.commit()
    code = row["code"]
    if code in OF_CONNECTIONS:
        pytest.skip("see tests/searchd/service/test_connections.py")
    method, address, change = ERRORS.get(code, ("GET", "/search?q=a", _no_change))
    with searchd.open(tmp_path) as engine:
        change(tmp_path)
        if code in RAISED:
            monkeypatch.setattr(engine, "search", _raising(code))
        app = create_app(engine, allowed_hosts=["testserver"])
        requests = client.TestClient(app, raise_server_exceptions=False)
        answer = requests.request(method, address)
    expected = str(UNLISTED) if row["status"] == "other" else row["status"]
    assert (str(answer.status_code), answer.json()["error"]["code"]) == (expected, code)


UNLISTED = 418
"""A status that the table does not list."""


def _raising(code: str) -> Callable[..., None]:
    """Return a function that raises what is answered with this code."""
    from starlette.exceptions import HTTPException

    from searchd.service import request_errors
    from searchd.service.errors import AccessDeniedError, OverloadedError, RateLimitedError

    errors = {
        "internal": RuntimeError("an unforeseen error"),
        "analysis_unavailable": LexiconError("the lexicon is damaged"),
        "cursor_expired": CursorExpiredError("the cursor has expired"),
        "key_missing": AccessDeniedError(401, "key_missing", "an API key is needed"),
        "key_invalid": AccessDeniedError(401, "key_invalid", "the API key is unknown"),
        "rate_limited": RateLimitedError(2.5),
        "closed": EngineClosedError("the engine was closed"),
        "overloaded": OverloadedError(),
        "search_timeout": TimeoutError("the search took too long"),
        "index_busy": IndexBusyError("another writer is at work"),
        "write_failed": WorkerError("a process was killed"),
        "http": HTTPException(UNLISTED),
    }
    # Those of requests that change something are shown by the tests of these requests.
    errors |= {
        kind.code: kind("a message")
        for kind in vars(request_errors).values()
        if isinstance(kind, type) and issubclass(kind, request_errors.RequestError)
        if kind.code not in errors
    }

    def search(*_args: object, **_options: object) -> None:
        raise errors[code]

    return search
