"""Writing an index on a cluster: documents are added, replaced and deleted by id, and sent in bulk.

The index is behind an alias of its name. A rebuild writes a new one beside it and swaps the alias in one
step, so that searches see all of it or nothing. Other runs have no such moment: what was sent is seen
while they go on, and what a run that failed has sent stays; the next run sends only what is missing.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from analyzers import Analyzer
from indexer.cluster.address import ClusterAddress
from indexer.cluster.bulk import DEFAULT_PATIENCE, BulkSender, Operation, Refusal
from indexer.cluster.client import ClusterClient
from indexer.cluster.encoding import EncodedDocument, document_key
from indexer.cluster.mapping import index_body, words_body, words_index
from indexer.cluster.pipeline import Addition, Pipeline, as_line
from indexer.cluster.scan import PointInTime
from indexer.cluster.state import find_index, read_index
from indexer.document import Document
from indexer.document_check import check_document, check_id_type
from indexer.errors import ClusterError, DuplicateIdError, IndexerError, IndexMissingError
from indexer.fields import DEFAULT_TITLE_WEIGHT, FieldMap
from indexer.generation import Generation
from indexer.segment.columns import column_values

DEFAULT_SHARDS, DEFAULT_REPLICAS = 3, 1

_CHARACTERS, _DOCUMENTS = 300_000, 5000
"""So many characters or documents are encoded together: about two megabytes to send."""

_PATIENCE = 60.0
_VISIBLE = "1s"
"""How often the cluster makes changes visible by itself."""


class ClusterWriter:
    """Adds, replaces and deletes documents of one index on a cluster, like `indexer.writer.IndexWriter`.

    `shards` and `replicas` shape a new index. With several `processes` this one only reads and sends; a
    program that uses them must guard its start with `if __name__ == "__main__"`. `patience` is for how many seconds a cluster that takes
    nothing is asked again. The ids and content hashes of the index are in memory, about 200 bytes for
    each document, so that unchanged documents are not sent.

    Raises IndexMismatchError for an index of another analysis, format, set of fields, title weight or
    mapping, and ClusterError.
    """

    def __init__(
        self,
        address: ClusterAddress,
        fields: FieldMap | None = None,
        *,
        analyzer: Analyzer | None = None,
        title_weight: int | None = None,
        rebuild: bool = False,
        shards: int = DEFAULT_SHARDS,
        replicas: int = DEFAULT_REPLICAS,
        processes: int = 1,
        patience: float = DEFAULT_PATIENCE,
    ) -> None:
        self._address = address
        analyzer = analyzer or Analyzer()
        self._client = ClusterClient(address)
        self._changes = 0
        self._open = True
        self._refused: list[Refusal] = []
        self._batch: list[Addition] = []
        self._characters = 0
        self._deletions: list[Operation] = []
        self._pipeline: Pipeline | None = None
        self._created = ""
        try:
            self._old = find_index(self._client)
            old = self._read_old(rebuild=rebuild)
            if self._old and not rebuild:
                assert old is not None
                self._check(old, analyzer, fields, title_weight)
                self._generation, self._index = old, self._old
            else:
                self._generation = Generation(
                    number=0,
                    analysis=analyzer.fingerprint,
                    fields=fields or (old.fields if old else FieldMap()),
                    created=datetime.now(UTC).isoformat(timespec="milliseconds"),
                    title_weight=title_weight or DEFAULT_TITLE_WEIGHT,
                )
                self._index = self._create(shards, replicas)
            self._hashes = {} if self._created else self._read_hashes()
            self._added: dict[str, int] = {}
            self._deleted: set[str] = set()
            self._ordinal = time.time_ns() // 1000
            self._sender = BulkSender(
                self._client, patience=patience, on_refusal=self._refused.append
            )
            self._pipeline = Pipeline(
                self._sender,
                analyzer,
                self._generation.fields,
                self._generation.title_weight,
                self._index,
                processes,
            )
        except BaseException:
            self._release()
            raise

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        return self._generation.fields

    @property
    def changes(self) -> int:
        """How many documents were added, replaced or deleted so far."""
        return self._changes

    def upsert(self, document: Document, *, once: bool = False) -> str:
        """Add a document, or replace the one with its id, like `IndexWriter.upsert`.

        The document is sent with others; `take_refused` has what the cluster does not take. Raises
        RecordError, DuplicateIdError and ClusterError.
        """
        self._check_open()
        check_document(document, self.fields.extra)
        content_hash = document.content_hash()
        known = self._hashes.get(document.id)
        if known == content_hash:
            return "unchanged"
        if once and document.id in self._added:
            raise DuplicateIdError(document.where, document.id, self._added[document.id])
        column_values(document, self.fields.extra)  # raises RecordError here, not in a process
        self._keep_order(document.id)
        self._ordinal += 1
        outcome = "added" if known is None else "replaced"
        encoded = EncodedDocument(document, content_hash, self._ordinal)
        self._batch.append(Addition(encoded, outcome))
        self._characters += len(document.text)
        self._changes += 1
        self._hashes[document.id] = content_hash
        self._added[document.id] = len(self._added)
        if self._characters >= _CHARACTERS or len(self._batch) >= _DOCUMENTS:
            self._flush()
        return outcome

    def delete(self, document_id: str) -> bool:
        """Delete the document with this id. Returns whether there was one."""
        self._check_open()
        check_id_type(document_id)
        if self._hashes.pop(document_id, None) is None:
            return False
        self._keep_order(document_id)
        action = {"delete": {"_index": self._index, "_id": document_key(document_id)}}
        self._deletions.append(Operation(as_line(action), f"the document {document_id!r}"))
        self._deleted.add(document_id)
        self._changes += 1
        if len(self._deletions) >= _DOCUMENTS:
            self._flush()
        return True

    def delete_older(self, document_id: str, book_id: str = "") -> bool:
        """Delete a document with this id that this writer has not added itself, like `IndexWriter`."""
        if document_id in self._added or document_id not in self._hashes:
            return False
        if book_id:
            path = f"/{self._index}/_search"
            query = {"query": {"term": {"id": document_id}}, "_source": ["stored"]}
            hits = self._client.request("POST", path, query)["hits"]["hits"]
            if not any(
                json.dumps(book_id, ensure_ascii=False) in hit["_source"]["stored"] for hit in hits
            ):
                return False
        return self.delete(document_id)

    def take_refused(self) -> list[Refusal]:
        """Return the documents that the cluster has refused since the last call."""
        taken = self._refused[:]
        del self._refused[: len(taken)]
        return taken

    def commit(self, *, optimize: bool = False) -> None:
        """Send what is left, make all of it visible, and close the writer.

        A new index takes the place of the old one here. With `optimize` each shard becomes one segment.
        """
        self._check_open()
        try:
            self._flush()
            self._wait()
            if self._created:
                self._set_refresh(_VISIBLE)
            if optimize:
                self._client.request(
                    "POST", f"/{self._both}/_forcemerge", seconds=3600.0, max_num_segments=1
                )
            self._ask("POST", f"/{self._both}/_refresh")
            if self._created:
                self._wait_until_served()
                self._swap()
        finally:
            self._release()

    def cancel(self) -> None:
        """Close the writer. A new index is deleted; what was sent to an old one stays."""
        if self._open:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def _keep_order(self, document_id: str) -> None:
        """Wait for what was sent where it had this id: requests may overtake each other."""
        if document_id in self._added or document_id in self._deleted:
            self._flush()
            self._wait()

    def _flush(self) -> None:
        """Send the documents at hand while the next are prepared."""
        assert self._pipeline is not None
        batch, self._batch, self._characters = self._batch, [], 0
        deletions, self._deletions = self._deletions, []
        self._pipeline.add(batch, deletions)

    def _wait(self) -> None:
        """Wait until everything sent has arrived. Raises ClusterError."""
        assert self._pipeline is not None
        self._pipeline.wait()

    def _read_old(self, *, rebuild: bool) -> Generation | None:
        if not self._old:
            return None
        try:
            return read_index(self._client)
        except IndexerError:
            if not rebuild:
                raise
            return None  # a rebuild is the way out of this very error

    def _check(
        self,
        old: Generation,
        analyzer: Analyzer,
        fields: FieldMap | None,
        title_weight: int | None,
    ) -> None:
        old.check_analysis(analyzer.fingerprint, self._address)
        old.check_fields(fields, self._address)
        if title_weight is not None:
            old.check_title_weight(title_weight, self._address)

    def _create(self, shards: int, replicas: int) -> str:
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
        name = f"{self._address.index}-{stamp}"
        generation = replace(self._generation, number=1)
        body = index_body(generation, shards=shards, replicas=replicas, refresh_interval="-1")
        self._created = self._index = name
        self._client.request("PUT", f"/{name}", body)
        words = words_body(replicas=replicas, refresh_interval="-1")
        self._client.request("PUT", f"/{words_index(name)}", words)
        return name

    def _read_hashes(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        self._ask("POST", f"/{self._index}/_refresh")
        with PointInTime(self._client, self._index) as view:
            for page in view.pages({"match_all": {}}, columns=["id", "hash"]):
                for hit in page["hits"]["hits"]:
                    values = hit["fields"]
                    found[values["id"][0]] = bytes.fromhex(values["hash"][0])
        return found

    def _set_refresh(self, interval: str) -> None:
        settings = {"index": {"refresh_interval": interval}}
        self._ask("PUT", f"/{self._both}/_settings", settings)

    def _wait_until_served(self) -> None:
        """Wait until every shard of a new index can be searched."""
        self._ask("GET", f"/_cluster/health/{self._both}", wait_for_status="yellow", timeout="20s")

    def _swap(self) -> None:
        alias = {"add": {"index": self._index, "alias": self._address.index}}
        old: list[dict[str, object]] = []
        if self._old:
            gone = (self._old, words_index(self._old))
            old = [
                {"remove_index": {"index": name}}
                for name in gone
                if name == self._old or self._exists(name)
            ]
        self._ask("POST", "/_aliases", {"actions": [*old, alias]})
        self._created = ""

    @property
    def _both(self) -> str:
        """The names of the index and of that of its words."""
        return f"{self._index},{words_index(self._index)}"

    def _exists(self, name: str) -> bool:
        try:
            self._client.request("GET", f"/{name}")
        except IndexMissingError:
            return False
        return True

    def _ask(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        deadline = time.monotonic() + _PATIENCE
        return self._client.ask_until(deadline, method, path, body, **parameters)

    def _check_open(self) -> None:
        if not self._open:
            raise ValueError("this writer is closed; make another")

    def _release(self) -> None:
        self._open = False
        if self._pipeline is not None:
            self._pipeline.close()
        if self._created:
            with suppress(ClusterError):
                self._client.request("DELETE", f"/{self._both}", ignore_unavailable="true")
        self._client.close()
