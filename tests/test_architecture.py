"""Imports go one way, without circles, and heavy packages load where needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = """
analyzers.errors analyzers.levels
analyzers.word_files
analyzers.normalization
analyzers.tokenizer
analyzers.pretokenizer
analyzers.stemming
analyzers.user_dictionaries analyzers.morphology
analyzers.normalization.turned_ligatures analyzers.normalization.turned_text
analyzers.ordinary_words
analyzers.tokenized_text
analyzers.analyzer
analyzers.synonyms analyzers.whoosh_adapters analyzers.collation
analyzers
analyzers.compile

indexer.errors indexer.scalars indexer.character_references indexer.file_lock
indexer.write_lock
indexer.cluster.address indexer.lookups
indexer.nested_columns indexer.run_origins
indexer.damage indexer.utc indexer.durable_directories indexer.temporary_folder
indexer.places
indexer.fields indexer.document
indexer.repair
indexer.generation indexer.replica_mark
indexer.segment
indexer.segment.form_counts indexer.segment.vocabulary indexer.segment.word_pairs
indexer.segment.postings_reader
indexer.segment.positions_reader
indexer.segment.segment
indexer.segment.write
indexer.snapshot indexer.check indexer.whoosh indexer.worker indexer.run_files indexer.sources indexer.file_table
indexer.batch indexer.pending_segment indexer.document_check indexer.compile indexer.access_errors
indexer.cluster
indexer.check.verification indexer.passages
indexer.writer indexer.mapping
indexer.background_merge indexer.indexing indexer.merging indexer.copies
indexer.sync
indexer

searchd.errors searchd.listing searchd.facets searchd.filter_tree searchd.groups
searchd.cursors searchd.index_info searchd.ranking searchd.results searchd.searched_condition searchd._version
searchd.api_keys searchd.search_arguments searchd.index_parts searchd.budget searchd.search_turns searchd.refinement searchd.similar_results
searchd.query
searchd.highlighting.matchers searchd.search.plan searchd.search.field_values
searchd.search.filter_check searchd.search.filter_parser searchd.search.facet_ranges
searchd.search.pattern_words
searchd.search.planner
searchd.search.bm25 searchd.search.fuzzy searchd.search.top_k searchd.search.trigram_similarity
searchd.search.wildcards
searchd.search.similar_words searchd.search.term_weights searchd.search.suggestions searchd.search.typing_errors
searchd.search.term_weigher
searchd.search.occurrence_samples
searchd.search.word_statistics
searchd.search.word_correction searchd.search.garbled_queries searchd.search.encoded_queries
searchd.search.query_correction
searchd.search.weight_tree searchd.search.term_lookup searchd.search.resolved_query
searchd.search.filters searchd.search.sort_columns searchd.search.filter_masks searchd.search.expansion_resolvers
searchd.search.facet_columns searchd.search.facet_values searchd.search.facet_counts
searchd.search.word_resolvers
searchd.search.query_resolver searchd.search.segment_scorer searchd.search.sorting
searchd.search.rescorer searchd.search.matching
searchd.search.collector
searchd.search.grouping searchd.search.refining
searchd.search.explanation searchd.search.condition_hints
searchd.search.frequent_pairs
searchd.search.adjacent_words
searchd.search.completion_source
searchd.search.completion
searchd.search.index_searcher searchd.search searchd.search.damaged_index
searchd.search.similar_documents
searchd.highlighting searchd.searcher_manager searchd.analysis_report searchd.query_log
searchd.document_highlights searchd.document_stream searchd.document_records
searchd.stored_documents
searchd.hits searchd.search_engine
searchd.engine
searchd.cluster
searchd
searchd.evaluation searchd.service
searchd.cli
searchd.__main__
"""
"""The modules of the program, a layer on each line, the lowest first.

A module imports from its own layer and from lower ones. An entry is a module, or a folder with
every module in it that has no entry of its own; the three packages are their `__init__` alone. An
import within a function counts like any other, and so does one for type checkers alone: to read
the module one has to know the other.
"""

LAYER_NUMBERS = {
    entry: number for number, line in enumerate(LAYERS.splitlines()) for entry in line.split()
}

CIRCLE_OF_WHOOSH = {
    ("indexer.whoosh.codec", "indexer.whoosh.segment"),
    ("indexer.whoosh.documents", "indexer.whoosh.segment"),
    ("indexer.whoosh.terms", "indexer.whoosh.segment"),
    ("indexer.whoosh.terms", "indexer.whoosh.codec"),
}
"""Imports for type checkers that close a circle which Whoosh's interface has: a segment returns
its codec, and a codec takes a segment."""

NEVER_IMPORTED = {"corpus", "benchmarks", "tests"}

ONLY_IN = {
    "click": ["searchd/cli/"],
    "tqdm": ["searchd/cli/"],
    "wcwidth": ["searchd/cli/"],
    "fastapi": [
        "searchd/service/",
        "searchd/cli/served_apps.py",
        "searchd/cli/service_setup.py",
        "searchd/cli/served_processes.py",
        "searchd/cli/worker_processes.py",
        "searchd/cli/http_server.py",
    ],
    "starlette": ["searchd/service/"],
    "pydantic": ["searchd/service/"],
    "jinja2": ["searchd/service/page/"],
    "markupsafe": ["searchd/service/page/"],
    "uvicorn": ["searchd/service/", "searchd/cli/serve.py", "searchd/cli/http_server.py"],
    "ir_measures": ["searchd/evaluation/"],
    "scipy": ["searchd/evaluation/"],
    "whoosh": ["analyzers/whoosh_adapters.py", "indexer/whoosh/"],
    "prometheus_client": ["searchd/service/metrics.py", "searchd/service/workers/peers.py"],
    "opentelemetry": ["searchd/service/telemetry.py"],
    "h11": ["searchd/service/"],
    "watchfiles": ["indexer/sync/changes.py"],
    "opensearchpy": ["indexer/cluster/client.py"],
    "filelock": [
        "indexer/file_lock.py",
        "searchd/api_keys.py",
    ],
    "markdown_it": ["indexer/sources/markdown.py"],
    "mdit_py_plugins": ["indexer/sources/markdown.py"],
    "yaml": ["indexer/sources/front_matter.py"],
    "pymarc": ["indexer/sources/marc.py"],
    "arro3": ["indexer/sources/parquet.py"],
    "python_calamine": ["indexer/sources/office/workbook.py"],
    "pikepdf": ["indexer/sources/pdf/"],
    "pypdfium2": ["indexer/sources/pdf/ocr.py"],
    "fontTools": ["indexer/sources/pdf/", "indexer/compile/"],
}
"""The only modules that may import a package: files, or folders with a slash."""

Imports = Mapping[str, Mapping[str, int]]
"""For each module those that it imports, each with the line."""


def module_paths() -> dict[str, str]:
    """Return the path of each module of the program, from the root, by its full name."""
    paths = {}
    for package in ("analyzers", "indexer", "searchd"):
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
            paths[name] = relative.as_posix()
    return paths


PATHS = module_paths()


@cache
def program_trees() -> dict[str, ast.Module]:
    """Return the syntax tree of each module, by its full name."""
    return {name: ast.parse((ROOT / path).read_text("utf-8")) for name, path in PATHS.items()}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of each thing that is imported, also within functions."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module, names, 0) if module:
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.Call(ast.Name("__import__") | ast.Attribute(_, "import_module"), [name, *_]):
                if isinstance(name, ast.Constant):
                    yield node.lineno, str(name.value)


def module_of(name: str) -> str | None:
    """Return the module of the program that a full name is in or is, None for other names."""
    while name and name not in PATHS:
        name = name.rpartition(".")[0]
    return name or None


def layer_of(module: str) -> int | None:
    """Return the number of the layer of a module, None where the table does not have it."""
    name = module
    while name not in LAYER_NUMBERS:
        name = name.rpartition(".")[0]
        if "." not in name:
            return None
    return LAYER_NUMBERS[name]


def violations(module: str, tree: ast.Module) -> list[str]:
    """Return `file:line: what is wrong` for each import that goes the wrong way."""
    path = PATHS[module]
    layer = layer_of(module)
    if layer is None:
        return [f"{path}:1: {module} has no layer; add it to LAYERS"]
    found = []
    for line, name in imported(tree):
        top, target = name.split(".")[0], module_of(name)
        above = target is not None and (layer_of(target) or 0) > layer
        if top in NEVER_IMPORTED:
            found.append(f"{path}:{line}: imports {top}, which is no part of the program")
        elif above:
            found.append(f"{path}:{line}: imports {target}, which is in a higher layer")
        elif not any(path.startswith(place) for place in ONLY_IN.get(top, [path])):
            found.append(f"{path}:{line}: imports {top}, which belongs in {ONLY_IN[top]}")
    return found


def imports_of(trees: Mapping[str, ast.AST]) -> Imports:
    return {
        module: {
            target: line
            for line, name in imported(tree)
            if (target := module_of(name)) is not None and target != module
        }
        for module, tree in trees.items()
    }


def circles(imports: Imports) -> list[str]:
    """Return `file:line -> file:line -> ...` for each circle that a walk of all imports closes."""
    done: set[str] = set()
    found: list[str] = []

    def walk(module: str, path: list[str]) -> None:
        if module in path:
            circle = [*path[path.index(module) :], module]
            steps = pairwise(circle)
            found.append(" -> ".join(f"{PATHS[a]}:{imports[a][b]}" for a, b in steps))
        elif module not in done:
            for target in imports[module]:
                walk(target, [*path, module])
            done.add(module)

    for module in imports:
        walk(module, [])
    return found


def test_imports_go_one_way():
    found = [each for module, tree in program_trees().items() for each in violations(module, tree)]
    assert not found, "\n" + "\n".join(found)


def test_no_imports_run_in_a_circle():
    imports = {
        module: {
            target: line
            for target, line in targets.items()
            if (module, target) not in CIRCLE_OF_WHOOSH
        }
        for module, targets in imports_of(program_trees()).items()
    }
    found = circles(imports)
    assert not found, "\n" + "\n".join(found)


def test_the_circle_of_whoosh_is_of_types_alone():
    """Each exception is needed still, and none of them is an import when the program runs."""
    imports = imports_of(program_trees())
    for module, target in CIRCLE_OF_WHOOSH:
        blocks = [
            node
            for node in ast.walk(program_trees()[module])
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        ]
        lines = {line for block in blocks for line, _name in imported(block)}
        assert imports[module][target] in lines, f"{PATHS[module]} imports {target}"


def test_every_entry_of_the_layers_is_a_module():
    entries = LAYERS.split()
    assert sorted(entries) == sorted(set(entries))
    assert not set(entries) - PATHS.keys()


def test_no_import_is_relative():
    """Full names are what the check above understands, and they say where a thing is."""
    found = [
        f"{PATHS[module]}:{node.lineno}"
        for module, tree in program_trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("module", "code", "expected"),
    [
        pytest.param(
            "analyzers.tokenizer", "import indexer.writer", ":1: imports indexer.writer", id="up"
        ),
        pytest.param("indexer.writer", "\nfrom searchd import open", ":2: imports searchd", id="from"),
        pytest.param(
            "indexer.segment.postings",
            "from indexer.segment.write import merger",
            ":1: imports indexer.segment.write.merger",
            id="up-within-a-package",
        ),
        pytest.param(
            "searchd.query.parser",
            "if TYPE_CHECKING:\n from searchd.engine import Engine",
            ":2: imports searchd.engine",
            id="type",
        ),
        pytest.param("indexer.writer", "def f():\n import tqdm", ":2: imports tqdm", id="function"),
        pytest.param("analyzers.analyzer", "import whoosh", ":1: imports whoosh", id="whoosh"),
        pytest.param("searchd.engine", "import fastapi", ":1: imports fastapi", id="service"),
        pytest.param("searchd.engine", "__import__('click')", ":1: imports click", id="call"),
        pytest.param("searchd.cli", "import tests.sample", ":1: imports tests", id="tests"),
        pytest.param("searchd.cli.query", "import click, indexer, analyzers", "", id="allowed"),
        pytest.param("indexer.writer", "from indexer.segment.write import merger", "", id="down"),
        pytest.param("searchd.query.lexer", "import searchd.query.parser", "", id="beside"),
        pytest.param("analyzers.whoosh_adapters", "import whoosh", "", id="adapter"),
    ],
)  # fmt: skip
def test_a_violation_is_named_by_file_and_line(module, code, expected):
    found = violations(module, ast.parse(code))
    assert [each.startswith(PATHS[module] + expected) for each in found] == [True] * bool(expected)


def test_a_module_without_a_layer_is_named(monkeypatch):
    monkeypatch.setitem(PATHS, "indexer.new", "indexer/new.py")
    assert violations("indexer.new", ast.parse("")) == [
        "indexer/new.py:1: indexer.new has no layer; add it to LAYERS"
    ]


def test_a_circle_is_named_by_files_and_lines():
    code = {
        "searchd.query.nodes": "",
        "searchd.query.lexer": "import searchd.query.nodes",
        "searchd.query.parser": "import searchd.query.lexer\nfrom searchd.query import nodes",
    }
    trees = {module: ast.parse(text) for module, text in code.items()}
    assert circles(imports_of(trees)) == []
    trees["searchd.query.nodes"] = ast.parse("def f():\n from searchd.query import parser")
    assert circles(imports_of(trees)) == [
        "searchd/query/nodes.py:2 -> searchd/query/parser.py:1 -> searchd/query/lexer.py:1",
        "searchd/query/nodes.py:2 -> searchd/query/parser.py:2",
    ]


ENVIRONMENT = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
"""In which processes load nothing for the coverage."""

HEAVY = (
    "numpy", "whoosh", "click", "tqdm", "fastapi", "uvicorn", "rapidfuzz", "selectolax",
    "ir_measures", "scipy", "wcwidth",
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
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) <= allowed


UNUSED = {
    "whoosh", "filelock", "yaml", "rapidfuzz", "selectolax", "tqdm", "fastapi",
    "indexer.document", "indexer.writer", "indexer.sources", "indexer.whoosh",
    "searchd.cursors", "searchd.stored_documents", "searchd.search.sorting", "indexer.segment.sort_keys",
    "searchd.facets", "searchd.filter_tree", "searchd.refinement", "searchd.groups",
    "searchd.search.filter_parser", "searchd.search.refining", "searchd.search.grouping",
    "searchd.analysis_report", "searchd.evaluation", "searchd.cli.index", "searchd.cli.evaluate",
    "html", "shutil", "tempfile", "multiprocessing", "wcwidth",
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
            env=ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert "one.txt" in done.stdout
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
