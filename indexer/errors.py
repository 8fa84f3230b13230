"""The errors of the indexer.

IndexerError
├── SourceError            an input that cannot be read at all
├── SyncRefusedError       a run that would delete more than anybody has agreed to
├── RecordError            one record of an input that cannot become a document
│   └── DuplicateIdError   another document of this run has its id
├── FieldOptionError       a field declaration that cannot be understood
├── IndexMissingError      no index in the directory
├── IndexMismatchError     an index of another format, analysis, set of fields or title weight
├── IndexDamagedError      files of the index that cannot be read back
├── IndexAccessError       the system does not let the files of the index be read or written
│   └── ClusterError           a cluster that cannot be reached, or refuses what is asked of it
│       ├── ClusterAddressError    an address of an index on a cluster that cannot be used
│       ├── ClusterTimeoutError    a cluster that does not answer in time
│       └── ClusterBusyError       a cluster that has too much to do, or lacks a part of the index
├── IndexBusyError         another writer holds the write lock, or has changed the index
├── BackupError            a folder of backups that cannot be used, or a backup that is damaged
├── ReplicaError           a primary that cannot be followed, or a replica that would be written to
└── WorkerError            a process that was writing a part of the index was killed

Each message says what is wrong, where, and what to do next.
"""

NO_MEMORY_REASON = (
    "it needs more memory than this process can have; split it into smaller ones, or free memory"
)
"""The reason of a RecordError for a record at which the memory ran out."""


class IndexerError(Exception):
    """The base class of every error that the indexer raises on purpose."""


class SourceError(IndexerError):
    """An input cannot be read: it is missing, unreadable, or of an unknown kind."""


class SyncRefusedError(IndexerError):
    """A run would delete so much that somebody has to agree, and nobody has; nothing was changed."""


class RecordError(IndexerError):
    """One record cannot become a document. `origin` says where (path:line), `reason` why."""

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(origin, reason)
        self.origin = origin
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


class DuplicateIdError(RecordError):
    """A document has the id of another one of this run, number `ordinal` of those that it has added."""

    def __init__(self, origin: str, document_id: str, ordinal: int) -> None:
        super().__init__(origin, f"another document of this run has the id {document_id!r} too")
        self.args = (origin, document_id, ordinal)
        self.document_id = document_id
        self.ordinal = ordinal


class FieldOptionError(IndexerError):
    """A field declaration such as `price:number` cannot be understood."""


class IndexMissingError(IndexerError):
    """There is no index in the directory."""


class IndexMismatchError(IndexerError):
    """The index has another format, analysis, set of fields or title weight than was asked for."""


class IndexDamagedError(IndexerError):
    """A file of the index is missing, truncated, or does not hold what the writer wrote."""


class IndexAccessError(IndexerError):
    """The system refuses to read or write: no permission, a full disk, no directory."""


class ClusterError(IndexAccessError):
    """A cluster cannot be reached, does not answer in time, or refuses what is asked of it."""


class ClusterAddressError(ClusterError):
    """An address of an index on a cluster cannot be used."""


class ClusterTimeoutError(ClusterError, TimeoutError):
    """A cluster did not answer in time."""


class ClusterBusyError(ClusterError):
    """A cluster has too much to do, or cannot serve a part of the index now; asking again may help."""


class IndexBusyError(IndexerError):
    """Another writer is at work on the index, or has changed it while this one was open."""


class BackupError(IndexerError):
    """A folder of backups cannot be read or written, or a backup in it is damaged."""


class ReplicaError(IndexerError):
    """A primary cannot be followed, or somebody else than `replicate` would write to a replica."""


class WorkerError(IndexerError):
    """A process that was writing a part of the index was killed, or could not start."""
