"""Addresses of indexes on clusters: what is understood, who asks, and that no text has a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.cluster.address import ClusterAddress, parse_address, parse_location
from indexer.errors import ClusterAddressError
from indexer.writer import IndexWriter


@pytest.mark.parametrize(
    ("text", "nodes", "index"),
    [
        pytest.param("https://a:9200/news", ("https://a:9200",), "news", id="one-node"),
        pytest.param("http://a,b:9201/news", ("http://a:9200", "http://b:9201"), "news", id="two"),
        pytest.param("HTTPS://a/news/", ("https://a:9200",), "news", id="scheme-and-slash"),
        pytest.param("http://[::1]:9200/n", ("http://[::1]:9200",), "n", id="ipv6"),
        pytest.param(
            "http://a/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1", ("http://a:9200",), "أخبار", id="arabic"
        ),
    ],
)
def test_what_is_understood(text, nodes, index):
    found = parse_address(text, {})
    assert (found.nodes, found.index) == (nodes, index)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://a:9200", id="no-index"),
        pytest.param("https://a:9200/", id="empty-index"),
        pytest.param("https://a:9200/News", id="capital"),
        pytest.param("https://a:9200/_all", id="underscore"),
        pytest.param("https://a:9200/news*", id="pattern"),
        pytest.param("https://a:9200/a,b", id="two-indexes"),
        pytest.param("https://a:port/news", id="port"),
        pytest.param("https:///news", id="no-host"),
    ],
)
def test_what_is_refused_never_shows_a_password(text):
    with pytest.raises(ClusterAddressError, match="write it as https://") as caught:
        parse_address(text.replace("://", "://me:s3cret@"), {})
    assert "s3cret" not in str(caught.value)


def test_who_asks_is_in_the_address_the_environment_or_a_file(tmp_path):
    file = tmp_path / "cluster.toml"
    file.write_text('[cluster]\nuser = "file"\npassword = "f"\nca-file = "ca.pem"\n', "utf-8")
    environment = {"SEARCHD_CLUSTER_CONFIG": str(file)}
    found = parse_address("https://a/news", environment)
    assert (found.user, found.password, found.ca_file) == ("file", "f", str(tmp_path / "ca.pem"))
    environment |= {"SEARCHD_CLUSTER_USER": "me", "SEARCHD_CLUSTER_PASSWORD": "p"}
    found = parse_address("https://a/news", environment)
    assert (found.user, found.password) == ("me", "p")
    found = parse_address("https://you:p%40ss@a/news", environment)
    assert (found.user, found.password) == ("you", "p@ss")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[cluster]\npasswort = 'x'", "passwort"),
        ("[cluster", "TOML"),
        ("[cluster]\nuser = 1", "user"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, content, reason):
    file = tmp_path / "cluster.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(ClusterAddressError, match=reason):
        parse_address("https://a/news", {"SEARCHD_CLUSTER_CONFIG": str(file)})
    with pytest.raises(ClusterAddressError, match="cannot be read"):
        parse_address("https://a/news", {"SEARCHD_CLUSTER_CONFIG": str(tmp_path / "none")})


def test_no_text_of_an_address_has_who_asks():
    found = parse_address("https://me:secret@a/news", {})
    for text in (str(found), repr(found)):
        assert "secret" not in text
        assert "me" not in text.replace("name", "")


def test_everything_else_is_a_directory():
    assert parse_location("news") == Path("news")
    assert parse_location(Path("x")) == Path("x")
    assert isinstance(parse_location("http://a/news", {}), ClusterAddress)


def test_the_writer_of_a_directory_makes_none_of_an_address():
    with pytest.raises(ClusterAddressError, match="open_writer"):
        IndexWriter("http://a/news")
    assert not Path("http:").exists()
