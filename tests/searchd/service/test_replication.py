"""Replicas over HTTP: the routes of a primary, and the client that follows them."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.client import BadStatusLine
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.error import HTTPError

import pytest

import searchd
from indexer import generation as generations
from indexer.copies import http_source
from indexer.copies.http_source import http_primary
from indexer.copies.replica import Primary, replicate
from indexer.document import Document
from indexer.errors import IndexDamagedError, ReplicaError
from searchd.api_keys import KeyFile, new_key
from searchd.service import create_app
from searchd.service.authorization import Authorization
from tests.indexer.copies.conftest import files_of, ids_of
from tests.searchd.conftest import MadeIndexes, write_index
from tests.searchd.service.conftest import DOCUMENTS, FIELDS, TestClient

LOCAL = ("127.0.0.1", 50_000)
"""The address of a client on this machine."""


@pytest.fixture
def directory(tmp_path: Path, made_indexes: MadeIndexes) -> Path:
    made_indexes.copy(tmp_path / "primary", DOCUMENTS, fields=FIELDS)
    return tmp_path / "primary"


@pytest.fixture
def client(directory: Path) -> Iterator[TestClient]:
    with (
        searchd.open(directory) as engine,
        TestClient(create_app(engine, directory=directory), client=LOCAL) as opened,
    ):
        yield opened


def address_of(directory: Path) -> str:
    (name,) = generations.read(directory).file_names
    return f"/replication/files/{name}"


class TestRoutes:
    def test_the_listing(self, client: TestClient, directory: Path) -> None:
        answer = client.get("/replication")
        listed = answer.json()
        (name,) = generations.read(directory).file_names
        assert listed["content"].encode() == (directory / "searchd.json").read_bytes()
        assert listed["files"] == [{"name": name, "size": (directory / name).stat().st_size}]
        again = client.get("/replication", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        write_index(directory, [Document("new", "نص")])
        assert client.get("/replication").headers["etag"] != answer.headers["etag"]

    @pytest.mark.parametrize(
        ("wanted", "status", "part"),
        [
            (None, 200, slice(None)),
            ("bytes=100-", 206, slice(100, None)),
            ("bytes=100-199", 206, slice(100, 200)),
            ("bytes=0-99999999", 206, slice(None)),
            ("bytes=-5", 200, slice(None)),
            ("bytes=0-1,5-6", 200, slice(None)),
            ("lines=1-2", 200, slice(None)),
        ],
    )
    def test_parts(
        self, client: TestClient, directory: Path, wanted: str | None, status: int, part: slice
    ) -> None:
        answer = client.get(address_of(directory), headers={"Range": wanted} if wanted else {})
        (name,) = generations.read(directory).file_names
        data = (directory / name).read_bytes()
        assert (answer.status_code, answer.content) == (status, data[part])
        assert answer.headers["content-length"] == str(len(data[part]))
        if status == 206:
            start, stop, _ = part.indices(len(data))
            assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(data)}"

    @pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=5-4"])
    def test_no_such_part(self, client: TestClient, directory: Path, wanted: str) -> None:
        answer = client.get(address_of(directory), headers={"Range": wanted})
        assert (answer.status_code, answer.json()["error"]["code"]) == (416, "http")

    @pytest.mark.parametrize(
        "name",
        ["searchd.json", "searchd.lock", "..%2Fsecret", "%2Fetc%2Fpasswd", "0" * 32 + ".segment"],
    )
    def test_nothing_else_is_given(self, client: TestClient, directory: Path, name: str) -> None:
        (directory.parent / "secret").write_text("secret")
        answer = client.get(f"/replication/files/{name}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")

    def test_a_file_that_a_commit_removed(self, client: TestClient, directory: Path) -> None:
        address = address_of(directory)
        write_index(directory, [Document("new", "نص")], optimize=True)
        answer = client.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert answer.json()["error"]["message"].endswith("; ask /replication again")

    @pytest.mark.parametrize(
        ("scopes", "status"),
        [(["search"], 403), (["documents"], 403), (["replicate"], 200), (["admin"], 200)],
        ids=lambda value: "-".join(value) if isinstance(value, list) else "",
    )
    def test_keys(self, directory: Path, tmp_path: Path, scopes: list[Any], status: int) -> None:
        presented, key = new_key(scopes)
        file = KeyFile(tmp_path / "keys.json")
        file.add(key)
        guarded = Authorization(file, public_search=True)
        with searchd.open(directory) as engine:
            client = TestClient(create_app(engine, directory=directory, authorization=guarded))
            for address in ("/replication", address_of(directory)):
                assert client.get(address).status_code == 401
                assert client.get(address, headers={"X-Api-Key": presented}).status_code == status

    def test_they_need_the_directory(self, directory: Path) -> None:
        with searchd.open(directory) as engine:
            assert TestClient(create_app(engine)).get("/replication").status_code == 404


class _Answer(io.BytesIO):
    def __init__(self, answer: Any, most: int | None) -> None:
        super().__init__(answer.content[:most])
        self.status = answer.status_code


class _Opener:
    """Sends the requests of a primary's client to an application; cuts off some of the answers."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.asked: list[tuple[str, str]] = []
        self.cut: int | None = None

    def open(self, request: Any, timeout: float) -> Any:
        assert timeout == http_source.SECONDS
        path = request.full_url.removeprefix("http://primary")
        wanted = request.get_header("Range", "")
        self.asked.append((path, wanted))
        answer = self.client.get(path, headers=dict(request.header_items()))
        if answer.status_code >= 300:
            body = io.BytesIO(answer.content)
            raise HTTPError(request.full_url, answer.status_code, "", answer.headers, body)  # type: ignore[arg-type]
        return _Answer(answer, self.cut if "/files/" in path else None)


@pytest.fixture
def opener(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> _Opener:
    made = _Opener(client)
    monkeypatch.setattr(http_source, "build_opener", lambda *_: made)
    monkeypatch.setattr(http_source, "PAUSE", 0)
    return made


@pytest.fixture
def source(opener: _Opener) -> Primary:
    assert opener.cut is None
    return http_primary("http://primary/")


class TestReplica:
    def test_it_follows(
        self, source: Primary, opener: _Opener, directory: Path, tmp_path: Path
    ) -> None:
        replica = tmp_path / "replica"
        replicate(source, replica)
        assert replicate(source, replica) is None
        write_index(directory, [Document("new", "نص")])
        done = replicate(source, replica)
        assert done is not None
        assert done.kept == 1, "only the new file is asked for"
        assert len([path for path, _ in opener.asked if "/files/" in path]) == 2
        assert files_of(directory).items() <= files_of(replica).items()

    def test_it_goes_on_where_a_transfer_was_cut_off(
        self, source: Primary, opener: _Opener, directory: Path, tmp_path: Path
    ) -> None:
        opener.cut = 3000
        replicate(source, tmp_path / "replica")
        assert [wanted for path, wanted in opener.asked if "/files/" in path][:3] == [
            "",
            "bytes=3000-",
            "bytes=6000-",
        ]
        assert ids_of(tmp_path / "replica") == {document.id for document in DOCUMENTS}

    def test_it_gives_up_without_progress(
        self, source: Primary, opener: _Opener, tmp_path: Path
    ) -> None:
        opener.cut = 0
        with pytest.raises(ReplicaError, match="was cut off 5 times"):
            replicate(source, tmp_path / "replica")
        assert not generations.exists(tmp_path / "replica")

    @pytest.mark.parametrize("error", [ConnectionResetError(), BadStatusLine("")])
    def test_a_primary_that_is_killed(
        self, source: Primary, opener: _Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:  # fmt: skip
        """Before its answer it cannot be reached; while a file is copied it is asked again."""
        real = opener.open
        fails = ["/replication", ".segment"]

        def open_or_fail(request: Any, timeout: float) -> Any:
            if fails and request.full_url.endswith(fails[0]):
                fails.pop(0)
                raise error
            return real(request, timeout)

        monkeypatch.setattr(opener, "open", open_or_fail)
        with pytest.raises(ReplicaError, match="http://primary cannot be reached"):
            replicate(source, tmp_path / "replica")
        replicate(source, tmp_path / "replica")
        assert not fails

    def test_a_commit_in_the_middle(
        self,
        source: Primary,
        opener: _Opener,
        directory: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A file of the listed generation is gone: the newest one is asked for."""
        real, changed = opener.open, []

        def open_after_a_commit(request: Any, timeout: float) -> Any:
            if "/files/" in request.full_url and not changed:
                changed.append(1)
                write_index(directory, [Document("new", "نص")], optimize=True)
            return real(request, timeout)

        monkeypatch.setattr(opener, "open", open_after_a_commit)
        replicate(source, tmp_path / "replica")
        assert ids_of(tmp_path / "replica") == {"new"} | {document.id for document in DOCUMENTS}
        assert changed

    @pytest.mark.parametrize(
        ("status", "hint"),
        [
            (401, "with --key"),
            (403, "scope replicate"),
            (404, "the address of an index"),
            (500, "see the log"),
        ],
    )
    def test_a_refusal_says_what_to_do(
        self, source: Primary, opener: _Opener, tmp_path: Path, status: int, hint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        def refuse(request: Any, timeout: float) -> Any:
            body = io.BytesIO(b'{"error": {"message": "because"}}')
            raise HTTPError(request.full_url, status, f"{timeout}", {}, body)  # type: ignore[arg-type]

        monkeypatch.setattr(opener, "open", refuse)
        with pytest.raises(
            ReplicaError, match=f"http://primary answers {status} because; .*{hint}"
        ):
            replicate(source, tmp_path / "replica")
        assert not (tmp_path / "replica").exists()

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"content": 1, "files": {}}', b'{"content": "{}", "files": []}']
    )
    def test_another_service(
        self, source: Primary, opener: _Opener, tmp_path: Path, body: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        answer = type("Answer", (io.BytesIO,), {"status": 200})
        monkeypatch.setattr(opener, "open", lambda *_args, **_options: answer(body))
        with pytest.raises((ReplicaError, IndexDamagedError)):
            replicate(source, tmp_path / "replica")
        assert not (tmp_path / "replica").exists()


@pytest.mark.parametrize(
    "address",
    ["ftp://host", "http://", "file:///etc/passwd", "http://name:word@host", "http://host/?q=1"],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ReplicaError, match="is no address of an index"):
        http_primary(address)


class _Redirecting(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Keep the output of the tests clean."""


def test_redirections_do_not_take_the_key_elsewhere(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(ReplicaError, match="answers 302"):
            replicate(http_primary(address, "key"), tmp_path / "replica")
        server.shutdown()
    assert _Redirecting.asked == ["/replication"]
    with pytest.raises(ReplicaError, match="cannot be reached"):
        replicate(http_primary(address), tmp_path / "replica")
