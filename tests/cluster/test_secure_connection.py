"""TLS and passwords: a proxy before a node asks for both, as a cluster with the security plugin does."""

from __future__ import annotations

import base64
import http.client
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

import searchd
from indexer.cluster.address import parse_location
from indexer.document import Document
from indexer.errors import ClusterError
from tests.cluster.conftest import write
from tests.cluster.nodes import LocalCluster

USER, PASSWORD = "باحث", "geheim:سر@/"
WRITTEN = f"{quote(USER)}:{quote(PASSWORD, safe='')}"
"""The two as an address has them."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost that signs itself; its key is in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate, and is not there")
    folder = tmp_path_factory.mktemp("certificate")
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem"))
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files],
        check=True,
        capture_output=True,
    )
    return folder / "ca.pem"


@pytest.fixture(scope="module")
def proxy(cluster: LocalCluster, certificate: Path) -> Iterator[str]:
    """Run a proxy with TLS before the node, which asks for a password; yield its address."""
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.headers.get("authorization") != expected:
                self.answer(401, b"Unauthorized", "text/plain")
                return
            node = http.client.HTTPConnection("127.0.0.1", cluster.ports[0], timeout=60)
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "authorization", "connection")
            }
            node.request(self.command, self.path, body, kept)
            answer = node.getresponse()
            self.answer(answer.status, answer.read(), answer.headers.get_content_type())
            node.close()

        def answer(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Write nothing."""

    for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
        setattr(Proxy, f"do_{method}", Proxy.forward)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("how", ["address", "variables", "file"])
def test_the_whole_way_over_tls_with_a_password(proxy, certificate, tmp_path, monkeypatch, how):
    index = f"tls-{how}"
    text = f"https://{WRITTEN}@{proxy}/{index}" if how == "address" else f"https://{proxy}/{index}"
    if how == "file":
        shutil.copy(certificate, tmp_path / "ca.pem")
        configuration = tmp_path / "cluster.toml"
        configuration.write_text(
            f'[cluster]\nuser = "{USER}"\npassword = "{PASSWORD}"\nca-file = "ca.pem"\n', "utf-8"
        )
        monkeypatch.setenv("SEARCHD_CLUSTER_CONFIG", str(configuration))
    else:
        monkeypatch.setenv("SEARCHD_CLUSTER_CA", str(certificate))
    if how == "variables":
        monkeypatch.setenv("SEARCHD_CLUSTER_USER", USER)
        monkeypatch.setenv("SEARCHD_CLUSTER_PASSWORD", PASSWORD)
    write(parse_location(text), [Document("1", "كتاب المدينة"), Document("2", "قلم")])
    with searchd.open(text) as engine:
        assert [hit.id for hit in engine.search("الكتب")] == ["1"]
        assert engine.info().path == f"https://{proxy}/{index}"


def test_an_authority_that_is_not_known(proxy, monkeypatch):
    monkeypatch.delenv("SEARCHD_CLUSTER_CA", raising=False)
    with pytest.raises(ClusterError, match=r"no secure connection.*SEARCHD_CLUSTER_CA") as caught:
        searchd.open(f"https://{WRITTEN}@{proxy}/news")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("user", ["searchd:falsch@", ""])
def test_a_wrong_password_is_named_and_not_shown(proxy, certificate, monkeypatch, user):
    monkeypatch.setenv("SEARCHD_CLUSTER_CA", str(certificate))
    with pytest.raises(ClusterError, match="does not know the name or the password") as caught:
        searchd.open(f"https://{user}{proxy}/news")
    assert "falsch" not in str(caught.value)
