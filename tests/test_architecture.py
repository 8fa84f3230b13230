"""Imports go one way: analyzers <- indexer <- searchd, and heavy packages load where needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("analyzers", "indexer", "searchd")

MAY_NOT_IMPORT = {
    "analyzers": {"indexer", "searchd", "corpus", "benchmarks", "tests"},
    "indexer": {"searchd", "corpus", "benchmarks", "tests"},
    "searchd": {"corpus", "benchmarks", "tests"},
}
"""What the modules of a package may not import."""

ONLY_IN = {
    "click": ["searchd/cli/"],
    "tqdm": ["searchd/cli/"],
    "fastapi": ["searchd/service/", "searchd/cli/serve.py", "searchd/cli/http_server.py"],
    "starlette": ["searchd/service/"],
    "pydantic": ["searchd/service/"],
    "uvicorn": ["searchd/service/", "searchd/cli/serve.py", "searchd/cli/http_server.py"],
    "ir_measures": ["searchd/evaluation/"],
    "scipy": ["searchd/evaluation/"],
    "whoosh": ["analyzers/whoosh_adapters.py", "indexer/whoosh/"],
    "filelock": ["indexer/write_lock.py"],
    "markdown_it": ["indexer/sources/markdown.py"],
    "mdit_py_plugins": ["indexer/sources/markdown.py"],
    "yaml": ["indexer/sources/front_matter.py"],
}
"""The only modules that may import a package: files, or folders with a slash."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the path of each module of the program, from the root, with its syntax tree."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the top-level package of each import, also within functions."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from ((node.lineno, alias.name.split(".")[0]) for alias in names)
            case ast.ImportFrom(module, _, 0) if module:
                yield node.lineno, module.split(".")[0]
            case ast.Call(ast.Name("__import__") | ast.Attribute(_, "import_module"), [name, *_]):
                if isinstance(name, ast.Constant):
                    yield node.lineno, str(name.value).split(".")[0]


def violations(path: str, tree: ast.Module) -> list[str]:
    """Return `file:line: what is wrong` for each import that goes the wrong way."""
    found = []
    for line, name in imported(tree):
        if name in MAY_NOT_IMPORT[path.split("/")[0]]:
            found.append(f"{path}:{line}: imports {name}, which stands above it")
        elif not any(path.startswith(place) for place in ONLY_IN.get(name, [path])):
            found.append(f"{path}:{line}: imports {name}, which belongs in {ONLY_IN[name]}")
    return found


def test_imports_go_one_way():
    found = [each for path, tree in modules() for each in violations(path, tree)]
    assert not found, "\n" + "\n".join(found)


def test_no_import_is_relative():
    """Full names are what the check above understands, and they say where a thing is."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        pytest.param("analyzers/x.py", "import indexer.writer", ":1: imports indexer", id="up"),
        pytest.param(
            "indexer/x.py", "\nfrom searchd import open", ":2: imports searchd", id="from"
        ),
        pytest.param("indexer/x.py", "def f():\n import tqdm", ":2: imports tqdm", id="function"),
        pytest.param("analyzers/x.py", "import whoosh", ":1: imports whoosh", id="whoosh"),
        pytest.param("searchd/engine.py", "import fastapi", ":1: imports fastapi", id="service"),
        pytest.param("searchd/x.py", "__import__('click')", ":1: imports click", id="call"),
        pytest.param("searchd/cli/x.py", "import click, indexer, analyzers", "", id="allowed"),
        pytest.param("analyzers/whoosh_adapters.py", "import whoosh", "", id="adapter"),
    ],
)
def test_a_violation_is_named_by_file_and_line(path, code, expected):
    found = violations(path, ast.parse(code))
    assert [each.startswith(path + expected) for each in found] == [True] * bool(expected)


HEAVY = (
    "numpy", "whoosh", "click", "tqdm", "fastapi", "uvicorn", "rapidfuzz", "selectolax",
    "ir_measures", "scipy",
)  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        pytest.param("import searchd", set(), id="searchd"),
        pytest.param("import analyzers", set(), id="analyzers"),
        pytest.param("import searchd.results", set(), id="results"),
        pytest.param("import searchd.query", set(), id="query-language"),
        pytest.param("import indexer.writer", {"numpy"}, id="writer"),
        pytest.param("import searchd.cli.program", {"click"}, id="command-line"),
    ],
)
def test_light_imports_stay_light(statement, allowed):
    program = f"import sys; {statement}; print(*(set({HEAVY}) & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= allowed


UNUSED = {
    "whoosh", "filelock", "yaml", "rapidfuzz", "selectolax", "tqdm", "fastapi",
    "indexer.document", "indexer.writer", "indexer.sources", "indexer.whoosh",
    "searchd.analysis_report", "searchd.evaluation", "searchd.cli.index", "searchd.cli.evaluate",
    "html", "shutil", "tempfile", "multiprocessing",
}  # fmt: skip
"""What a search on the command line has no use for; each costs its start a millisecond or more."""


def test_a_query_loads_only_what_it_uses(tmp_path):
    (tmp_path / "one.txt").write_text("كتاب في المكتبة", "utf-8")
    program = f"""
import sys
from searchd.cli import main
main({["query", "--index", str(tmp_path / "index"), "الكتب"]}, standalone_mode=False)
print("loaded:", *({UNUSED} & sys.modules.keys()))
"""
    index = [
        "-m",
        "searchd",
        "index",
        str(tmp_path / "one.txt"),
        "--index",
        str(tmp_path / "index"),
    ]
    for arguments in (index, ["-c", program]):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert "one.txt" in done.stdout
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
