"""The commands that read an index, over one on a cluster: what they print is that of a directory."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from searchd.cli.program import main
from tests.cluster.conftest import new_address
from tests.cluster.nodes import ROOT
from tests.searchd.cli.test_serve import serving

CORPUS = ROOT / "corpus"


@pytest.fixture(scope="module")
def locations(cluster, tmp_path_factory) -> tuple[Path, str]:
    """Index the sample articles in a directory and on the cluster, there by two processes."""
    directory = tmp_path_factory.mktemp("commands") / "index"
    address = str(new_address(cluster))
    for location, options in (
        (str(directory), ()),
        (address, ("--shards", "2", "--replicas", "0", "--processes", "2")),
    ):
        arguments = ("--field", "category", "--index", location, *options)
        run("index", str(CORPUS / "articles"), *arguments)
    return directory, address


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("options", [(), ("--baseline", "surface", "--show-worst", "3")])
def test_evaluate(locations, options):
    judged = ("--queries", str(CORPUS / "queries.jsonl"), "--qrels", str(CORPUS / "qrels.tsv"))
    expected, found = (
        json.loads(run("evaluate", *judged, *options, "--json", "--index", str(each)))
        for each in locations
    )
    assert found == expected
    assert found["questions"] == 88


def test_similar(locations):
    expected, found = (
        json.loads(run("similar", "news/hashd-law.txt", "--json", "--index", str(each)))
        for each in locations
    )
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in expected["hits"]]
    assert (found["total"], found["terms"]) == (expected["total"], expected["terms"])
    assert [hit["snippets"] for hit in found["hits"]] == [
        hit["snippets"] for hit in expected["hits"]
    ]


def test_facets_and_groups_of_a_query(locations):
    refined = ("--facet", "category,order=value", "--group-by", "category", "--group-size", "2")
    expected, found = (
        json.loads(run("query", "المدينة", *refined, "--json", "--index", str(each)))
        for each in locations
    )
    for part in ("total", "facets", "groups", "group_count"):
        assert found[part] == expected[part], part
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in expected["hits"]]


def test_serve(locations):
    """The JSON API and the page answer as over a directory, but for what takes time and place."""
    searches = [
        "/search?" + urlencode({"q": "الحشد الشعبي", "facet": "category", "snippets": 2}),
        "/search?" + urlencode({"q": "المدينة", "group_by": "category"}),
        "/search?" + urlencode({"q": "كتاب", "filter": "category=culture", "sort": "-date,score"}),
        "/documents/" + quote("news/hashd-law.txt", safe="") + "?" + urlencode({"q": "الحشد"}),
        "/documents/" + quote("news/hashd-law.txt", safe="") + "/similar",
        "/documents?limit=5",
        "/analyze?" + urlencode({"text": "والكتب"}),
    ]
    with serving(locations[0]) as (_, first), serving(locations[1]) as (_, second):
        for path in searches:
            expected, found = (read(address + path) for address in (first, second))
            assert found == expected, path
        assert read(second + "/suggest?" + urlencode({"q": "الحشد الش"}))["suggestions"]
        for path in ("/ready", "/health", "/?" + urlencode({"q": "الحشد"})):
            with urlopen(second + path, timeout=60) as answer:
                assert answer.status == 200
        assert (
            "<mark"
            in urlopen(second + "/?" + urlencode({"q": "الحشد"}), timeout=60).read().decode()
        )


def read(url: str) -> object:
    """Return an answer without what differs from search to search: times, and cursors with them."""
    with urlopen(url, timeout=60) as answer:
        found = json.load(answer)
    return {name: value for name, value in found.items() if name not in ("took", "cursor")}
