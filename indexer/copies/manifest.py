"""The manifest of a backup: the generation it holds, and its files with their hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from indexer import generation as generations

_VERSION = 1
_DIGEST_BYTES = 32


def new_digest() -> hashlib.blake2b:
    """Return the hash that a manifest has of each file."""
    return hashlib.blake2b(digest_size=_DIGEST_BYTES)


@dataclass(frozen=True, slots=True)
class BackedUpFile:
    """A file of a backup: its name, its size in bytes and its hash in hexadecimal digits.

    `mode` are the permissions of a file that is no part of the index, 0 for a file of a segment.
    """

    name: str
    size: int
    digest: str
    mode: int = 0

    @property
    def stored_name(self) -> str:
        """The name of the file in the folder of backups."""
        return f"{self.digest}.saved" if self.mode else self.name


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup of an index.

    `number` counts the backups of a folder. `created` is when it was made, in ISO 8601; `content`
    what `searchd.json` held; `generation` and `documents` say what that describes. `files` are those of
    the index, `saved` those beside it.
    """

    number: int
    created: str
    generation: int
    documents: int
    content: str
    files: tuple[BackedUpFile, ...]
    saved: tuple[BackedUpFile, ...] = ()

    @property
    def size(self) -> int:
        """The bytes of all of its files."""
        return sum(file.size for file in (*self.files, *self.saved))

    def holds_the_same_as(self, other: Backup) -> bool:
        """Whether another backup has the same content."""
        return (self.content, self.files, self.saved) == (other.content, other.files, other.saved)

    def to_json(self) -> bytes:
        """Return the manifest as it is stored."""
        values: dict[str, Any] = {"version": _VERSION, **asdict(self)}
        values["checksum"] = _checksum(values)
        return json.dumps(values, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Return the backup of a manifest. Raises ValueError, TypeError or LookupError."""
        values = json.loads(data)
        checksum = values.pop("checksum")
        if values["version"] != _VERSION:
            raise ValueError(f"it has version {values['version']!r}, not {_VERSION}")
        if checksum != _checksum(values):
            raise ValueError("its checksum is wrong")
        del values["version"]
        for kind in ("files", "saved"):
            values[kind] = tuple(BackedUpFile(**file) for file in values[kind])
        backup = cls(**values)
        for file in (*backup.files, *backup.saved):
            if not (generations.is_segment_file(file.name) or file.mode) or "/" in file.name:
                raise ValueError(f"it names {file.name!r}")
        return backup


def _checksum(values: dict[str, Any]) -> str:
    data = json.dumps(values, ensure_ascii=True, sort_keys=True).encode()
    return hashlib.blake2b(data, digest_size=16).hexdigest()
