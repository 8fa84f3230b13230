"""Every exception of the three packages can be pickled, so it can come from another process."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
from collections.abc import Iterator

import pytest

import analyzers
import indexer
import searchd
from analyzers.errors import AnalyzersError, DataFileError, LexiconError, WordFileError
from indexer.copies.http_source import TransferError
from indexer.copies.installing import FileGoneError
from indexer.errors import (
    BackupError,
    ClusterAddressError,
    ClusterBusyError,
    ClusterError,
    ClusterTimeoutError,
    DuplicateIdError,
    FieldOptionError,
    IndexAccessError,
    IndexBusyError,
    IndexDamagedError,
    IndexerError,
    IndexMismatchError,
    IndexMissingError,
    RecordError,
    ReplicaError,
    SourceError,
    SyncRefusedError,
    WorkerError,
)
from indexer.segment.write.temporary_files import TemporaryFileError
from indexer.sources.encodings import UndecodableError
from searchd.errors import (
    CollectionError,
    CursorError,
    CursorExpiredError,
    DocumentNotFoundError,
    EngineClosedError,
    FilterSyntaxError,
    KeyFileError,
    QuerySyntaxError,
    SearchArgumentError,
    SearchBudgetError,
    SearchError,
    SearchTimeoutError,
)
from searchd.service.errors import AccessDeniedError, OverloadedError, RateLimitedError
from searchd.service.page.problems import QueryTooLongError
from searchd.service.request_errors import (
    AliasNotFoundError,
    BadDocumentError,
    BodyTooLargeError,
    ConflictError,
    ForbiddenError,
    IndexNotFoundError,
    InvalidValueError,
    RequestError,
    TaskCancelledError,
    TaskNotFoundError,
    UnsupportedBodyError,
    WriterLostError,
    WritesOverloadedError,
)
from searchd.service.workers.unix_client import PeerError

PACKAGES = (analyzers, indexer, searchd)
NAMES = {package.__name__ for package in PACKAGES}

ERRORS = [
    AnalyzersError("a message"),
    DataFileError("stopwords.txt: damaged"),
    LexiconError("lexicon.bin: damaged"),
    WordFileError("words.txt:3", "this is no word"),
    IndexerError("a message"),
    SourceError("there is no file 'a.txt'"),
    UndecodableError("not UTF-8", 3),
    UndecodableError("not UTF-8"),
    RecordError("a.jsonl:3", "the record has no text"),
    DuplicateIdError("a.jsonl:4", "7", 2),
    FieldOptionError("there is no type 'x'"),
    SyncRefusedError("too much would be deleted"),
    IndexMissingError("there is no index"),
    IndexMismatchError("the index has format 0"),
    IndexDamagedError("a file is truncated"),
    IndexAccessError("the disk is full"),
    ClusterError("the cluster cannot be reached"),
    ClusterAddressError("the address names no index"),
    ClusterTimeoutError("no answer within 30 s"),
    ClusterBusyError("the cluster has too much to do"),
    TemporaryFileError(28, "No space left on device", "/tmp"),
    IndexBusyError("another writer is at work"),
    BackupError("a backup is damaged"),
    ReplicaError("the primary cannot be reached"),
    FileGoneError(),
    TransferError("the connection was reset"),
    WorkerError("a process was killed"),
    SearchError("a message"),
    QuerySyntaxError('كتاب "', 5, "the quotation mark has no partner"),
    FilterSyntaxError("there is no field 'x'"),
    SearchArgumentError("limit", "must be a whole number"),
    DocumentNotFoundError("مقال/١"),
    CursorError("the cursor cannot be read"),
    CursorExpiredError("the cursor has expired"),
    CollectionError("qrels.tsv:3", "the line has two columns"),
    SearchBudgetError("كت*", "it matches too much"),
    SearchTimeoutError("كت*", 2.5),
    KeyFileError("the file is damaged"),
    AccessDeniedError(403, "forbidden", "not allowed"),
    RateLimitedError(2.5),
    EngineClosedError("the engine was closed"),
    OverloadedError(),
    RequestError("a message"),
    AliasNotFoundError("there is no alias 'a'"),
    BadDocumentError("body:2: no id", position=1),
    BodyTooLargeError("too many bytes"),
    ConflictError("'a' is an alias"),
    ForbiddenError("another site"),
    IndexNotFoundError("there is no index 'a'"),
    InvalidValueError("'..' is no name", parameter="name"),
    TaskCancelledError("the task was cancelled"),
    TaskNotFoundError("there is no task 'a'"),
    UnsupportedBodyError("no JSON", parameter="Content-Type"),
    WriterLostError("the process that writes ended"),
    WritesOverloadedError("16 changes wait"),
    PeerError("the process ended"),
    QueryTooLongError(),
]


def exception_classes() -> Iterator[type[BaseException]]:
    """Yield every exception class that a module of the packages defines."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                for value in vars(module).values():
                    if isinstance(value, type) and issubclass(value, BaseException):
                        yield value


def test_every_exception_has_a_row() -> None:
    own = {each for each in exception_classes() if each.__module__.split(".")[0] in NAMES}
    assert own == set(map(type, ERRORS))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_exception_pickles(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_every_error_can_be_imported_from_one_module() -> None:
    for module in (analyzers.errors, indexer.errors):
        own = {
            name
            for name, value in vars(module).items()
            if isinstance(value, type) and value.__module__ == module.__name__
        }
        assert own <= set(searchd.errors.__all__)
