"""Verification of an index on a cluster: every document is read back and compared with its hash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from analyzers import Analyzer
from indexer.cluster.address import ClusterAddress
from indexer.cluster.client import ClusterClient
from indexer.cluster.encoding import DocumentEncoder, EncodedDocument, decode, document_key
from indexer.cluster.mapping import words_index
from indexer.cluster.scan import PointInTime
from indexer.cluster.state import Changes, read_changes, read_index
from indexer.errors import IndexDamagedError

_REMEDY = "index its source again, or all with 'searchd index --rebuild'"


def verify_on_cluster(
    address: ClusterAddress, progress: Callable[[int, int], None] | None = None
) -> Changes:
    """Check every document: its content against its hash, its length, and that each is there once.

    `progress` is called with the documents that were checked, and with all. Raises IndexDamagedError,
    which names the document, and what `read_index` raises.
    """
    with closing(ClusterClient(address)) as client:
        generation = read_index(client)
        client.request("POST", f"/{address.index}/_refresh")
        changes = read_changes(client)
        client.request("GET", f"/{words_index(changes.name)}")  # raises where it is missing
        # With protected words of the user lengths may differ: those of another analysis are not made.
        encoder = DocumentEncoder(Analyzer(), generation.fields, generation.title_weight)
        same_analysis = Analyzer().fingerprint == generation.analysis
        checked = 0
        with PointInTime(client, address.index) as view:
            for page in view.pages(
                {"match_all": {}}, source=True, columns=["hash", "length", "id"]
            ):
                total = page["hits"]["total"]["value"]
                for hit in page["hits"]["hits"]:
                    _check(hit, encoder if same_analysis else None, address)
                checked += len(page["hits"]["hits"])
                if progress is not None:
                    progress(checked, total)
        if checked != total:
            raise IndexDamagedError(
                f"of {total} documents of the index at {address} {checked} could be read; {_REMEDY}"
            )
        return changes._replace(documents=checked)


def _check(hit: Any, encoder: DocumentEncoder | None, address: ClusterAddress) -> None:
    document, stored_hash = decode(hit["_source"])
    columns = {name: values[0] for name, values in hit["fields"].items()}
    problem = ""
    if document.content_hash() != stored_hash:
        problem = "is not what its hash says"
    elif columns.get("hash") != stored_hash.hex() or columns.get("id") != document.id:
        problem = "has other values to search by than it has stored"
    elif hit["_id"] != document_key(document.id):
        problem = "is stored under another name"
    elif encoder is not None:
        (encoded,) = encoder.encode([EncodedDocument(document, stored_hash, 0)])
        length = encoded["length"]
        if columns.get("length") != length:
            problem = f"has the length {columns.get('length')}, not {length}"
        encoder.take_words()
    if problem:
        raise IndexDamagedError(
            f"the document {document.id!r} of the index at {address} {problem}: it was changed by another "
            f"program, or is damaged; {_REMEDY}"
        )
