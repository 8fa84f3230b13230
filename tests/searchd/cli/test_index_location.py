"""`--index`: a directory, or for some commands the address of an index on a cluster."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cluster.address import ClusterAddress
from searchd.cli.configuration import read_defaults
from searchd.cli.options import IndexLocation
from searchd.cli.program import main
from searchd.cli.serve import serve

CLUSTER = "https://me:s3cret@a:9200/news"


def test_an_address_is_no_path():
    found = IndexLocation(clusters=True).convert(CLUSTER, None, None)
    assert isinstance(found, ClusterAddress)
    assert (str(found), found.password) == ("https://a:9200/news", "s3cret")
    assert IndexLocation(clusters=True).convert("news", None, None) == Path("news")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("backup", "backups"), id="backup"),
        pytest.param(("watch", "."), id="watch"),
        pytest.param(("keys", "list"), id="keys"),
        pytest.param(("index", ".", "--sync"), id="sync"),
        pytest.param(("serve", "--writable"), id="writable"),
        pytest.param(("query", "كتاب"), id="wrong-address"),
    ],
)
def test_what_needs_a_directory_refuses_a_cluster(arguments):
    address = CLUSTER.replace("news", "News") if arguments[0] == "query" else CLUSTER
    result = CliRunner().invoke(main, [*arguments, "--index", address])
    assert result.exit_code == 2
    assert "cluster" in result.output
    assert "s3cret" not in result.output


@pytest.mark.parametrize("option", ["--shards", "--replicas"])
def test_shards_are_of_a_cluster(option, tmp_path):
    result = CliRunner().invoke(main, ["index", ".", "--index", str(tmp_path / "ix"), option, "1"])
    assert result.exit_code == 2
    assert "go with an index on a cluster" in result.output


def test_a_configuration_may_name_a_cluster(tmp_path):
    file = tmp_path / "searchd.toml"
    file.write_text(f'[serve]\nindex = "{CLUSTER}"\n', "utf-8")
    context = click.Context(serve, info_name="serve")
    assert read_defaults(context, file)["index_directory"] == CLUSTER
