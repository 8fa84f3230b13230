"""API keys of the HTTP service: who may search, change documents or look into the service.

A key is `searchd_ID_SECRET`. The secret has 256 random bits and is shown once; the key file has its
SHA-256. A slow hash (scrypt, Argon2) protects passwords, which can be guessed; nobody guesses 2^256
secrets, so it would only make every request slow.

The file is JSON, readable by its owner alone, and replaced atomically:
`{"version": 1, "keys": [{"id", "sha256", "scopes", "indexes", "description", "created", "expires"}]}`.
"""

from __future__ import annotations

import fnmatch
import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self, get_args

from indexer.durable_directories import sync_directory
from searchd.errors import KeyFileError

Scope = Literal["search", "documents", "replicate", "admin"]
"""What a key allows: `search` reads, `documents` changes documents, `replicate` copies the files of
an index, `admin` allows everything."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

KEY_FILE = "searchd-keys.json"
"""The usual name of the key file, beside the directory of the index."""

ANY_INDEX = "*"

_VERSION = 1
_PREFIX = "searchd"
_NO_DIGEST = "0" * 64


def key_file_of(index: Path) -> Path:
    """Return the usual key file of an index: beside its directory."""
    return index.resolve().parent / KEY_FILE


def now() -> datetime:
    """Return the time in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the file has it, without its secret.

    `sha256` is the hash of the secret in hexadecimal digits. `indexes` are names of indexes, or
    patterns such as `news-*`. `created` and `expires` are times in ISO 8601 with a time zone;
    `expires` is None for a key that does not expire.
    """

    id: str
    sha256: str
    scopes: tuple[Scope, ...]
    indexes: tuple[str, ...] = (ANY_INDEX,)
    description: str = ""
    created: str = ""
    expires: str | None = None

    @classmethod
    def read(cls, values: dict[str, Any]) -> Self:
        """Return the key of an entry of the file. Raises ValueError, TypeError or KeyError."""
        scopes, indexes = tuple(values["scopes"]), tuple(values["indexes"])
        if not scopes or not set(scopes) <= set(SCOPES):
            raise ValueError(f"the scopes of a key are of {', '.join(SCOPES)}")
        key = cls(**{**values, "scopes": scopes, "indexes": indexes})
        texts = (key.id, key.sha256, key.description, key.created, *indexes)
        if not all(isinstance(text, str) for text in texts) or len(key.sha256) != len(_NO_DIGEST):
            raise ValueError("an entry has a value of a wrong type")
        if key.expires is not None and datetime.fromisoformat(key.expires).tzinfo is None:
            raise ValueError(f"the time {key.expires!r} has no time zone")
        return key

    def is_expired(self, time: datetime) -> bool:
        """Whether the key no longer holds at a time, which has a time zone."""
        return self.expires is not None and datetime.fromisoformat(self.expires) <= time

    def allows(self, scope: Scope, index: str) -> bool:
        """Whether the key allows a scope on an index of a name."""
        return (scope in self.scopes or "admin" in self.scopes) and self.is_for(index)

    def is_for(self, index: str) -> bool:
        """Whether the key is bound to an index of a name, or to all."""
        return any(fnmatch.fnmatchcase(index, pattern) for pattern in self.indexes)


def new_key(
    scopes: Sequence[Scope],
    indexes: Sequence[str] = (ANY_INDEX,),
    description: str = "",
    expires: datetime | None = None,
) -> tuple[str, ApiKey]:
    """Return a new key as its user gives it, and as the file has it."""
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = ApiKey(
        key_id,
        _digest(secret),
        tuple(dict.fromkeys(scopes)),
        tuple(dict.fromkeys(indexes)),
        description,
        now().isoformat(),
        None if expires is None else expires.astimezone(UTC).isoformat(),
    )
    return f"{_PREFIX}_{key_id}_{secret}", key


def find_key(presented: str, keys: Sequence[ApiKey]) -> ApiKey | None:
    """Return the key that somebody presents, None where it is none of `keys`.

    The time that it takes does not tell how much of a secret was right.
    """
    prefix, _, rest = presented.partition("_")
    key_id, _, secret = rest.partition("_")
    found = next((key for key in keys if key.id == key_id), None)
    digest = _NO_DIGEST if found is None else found.sha256
    is_right = hmac.compare_digest(digest, _digest(secret))
    return found if is_right and prefix == _PREFIX else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class KeyFile:
    """The keys of one file, which other processes may change at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, ...] | None = None
        self._keys: tuple[ApiKey, ...] = ()
        self._error: KeyFileError | None = None

    def keys(self) -> tuple[ApiKey, ...]:
        """Return the keys as the file has them now, none where there is no file.

        Raises KeyFileError for a file that cannot be read or is no key file, and where others than
        its owner may write it. The file is read again only after it was changed.
        """
        stamp = self._current_stamp()
        if stamp is None:
            return ()
        if stamp != self._stamp:
            self._keys, self._error = (), None
            try:
                self._keys = self._read()
            except KeyFileError as error:
                self._error = error
            self._stamp = stamp
        if self._error is not None:
            raise self._error
        return self._keys

    def add(self, key: ApiKey) -> None:
        """Add a key. Raises KeyFileError."""
        self._change(lambda keys: (*keys, key))

    def remove(self, key_id: str) -> ApiKey:
        """Remove the key of an id, and return it. Raises KeyFileError, also for an unknown id."""
        removed: list[ApiKey] = []

        def without(keys: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
            removed.extend(key for key in keys if key.id == key_id)
            if not removed:
                raise KeyFileError(
                    f"{self.path} has no key with the id {key_id!r}; 'searchd keys list' shows all"
                )
            return tuple(key for key in keys if key.id != key_id)

        self._change(without)
        return removed[0]

    def _current_stamp(self) -> tuple[int, ...] | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        return status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode

    def _read(self) -> tuple[ApiKey, ...]:
        try:
            if os.name == "posix" and self.path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise KeyFileError(
                    f"{self.path} may be written by others than its owner, who could make keys; "
                    f"run 'chmod 600 {self.path}'"
                )
            values = json.loads(self.path.read_bytes())
            if values["version"] != _VERSION:
                raise ValueError(f"it has version {values['version']!r}, not {_VERSION}")
            return tuple(map(ApiKey.read, values["keys"]))
        except OSError as error:
            raise self._unreadable(error) from error
        except (ValueError, TypeError, KeyError) as error:
            raise KeyFileError(
                f"{self.path} is damaged or no key file ({error}); restore it from a backup, or "
                "remove it and make new keys with 'searchd keys create'"
            ) from error

    def _change(self, change: Callable[[tuple[ApiKey, ...]], tuple[ApiKey, ...]]) -> None:
        """Replace the file by one with other keys, while no other process does."""
        from filelock import FileLock

        try:
            self.path.parent.stat()  # a lock would make the folder
            with FileLock(f"{self.path}.lock", preserve_lock_file=True, mode=0o600):
                self._write(change(self.keys()))
        except OSError as error:
            raise KeyFileError(
                f"cannot write {self.path}: {error.strerror or error}; choose another with --keys-file"
            ) from error

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        values = {"version": _VERSION, "keys": [asdict(key) for key in keys]}
        # A file of `mkstemp` is readable by its owner alone from the start.
        descriptor, draft = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            self._keep_owner(descriptor)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(values, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self.path)
            sync_directory(self.path.parent)
        finally:
            with suppress(FileNotFoundError):
                Path(draft).unlink()

    def _keep_owner(self, descriptor: int) -> None:
        """Give a new file the owner of the old one, or of the folder, where root writes it.

        A service that is another user could not read it otherwise.
        """
        if os.name == "posix" and os.geteuid() == 0:
            old = self.path if self.path.exists() else self.path.parent
            status = old.stat()
            os.fchown(descriptor, status.st_uid, status.st_gid)

    def _unreadable(self, error: OSError) -> KeyFileError:
        return KeyFileError(
            f"cannot read the key file {self.path}: {error.strerror or error}; "
            "make it readable, or choose another with --keys-file"
        )
