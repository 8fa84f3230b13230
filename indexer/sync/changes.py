"""Changes in a folder: reported by the system, or found by looking at every file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from indexer.sources.discovery import displayed
from indexer.sync.folder_walk import FolderWalk

_TICK_SECONDS = 0.5
"""How often the folder itself is looked at: it may be replaced, of which nothing is reported."""

_POLL_SECONDS = 2.0
"""The time between two looks at every file."""

_STEP_MS, _DEBOUNCE_MS = 200, 2000
"""Changes are put together until none comes for the first time, and for the second at most."""


class Changes:
    """The changes in a folder, until `stop` is set.

    `excluded` is the directory of the index. `on_notice` takes a line for the user. Raises
    ImportError where watchfiles is missing and `poll` is not set.
    """

    def __init__(
        self,
        folder: Path,
        excluded: Path,
        stop: Event,
        on_notice: Callable[[str], None],
        *,
        poll: bool,
    ) -> None:
        if not poll:
            import watchfiles  # noqa: F401 - before the first run, which may be long
        self._folder = folder
        self._excluded = Path(os.path.realpath(excluded))
        self._stop = stop
        self._on_notice = on_notice
        self._polls = poll

    def ticks(self) -> Iterator[bool]:
        """Yield again and again whether something may have changed; the first time True.

        The folder may vanish and come back, which is a change.
        """
        while not self._stop.is_set():
            identity = _identity(self._folder)
            if identity is None:
                yield True
                while not self._stop.wait(_TICK_SECONDS) and _identity(self._folder) is None:
                    yield False
                continue
            is_first = True
            for changed in self._poll() if self._polls else self._notify():
                yield changed or is_first
                is_first = False
                if _identity(self._folder) != identity:
                    break

    def _notify(self) -> Iterator[bool]:
        """Yield whether the system has reported a change, twice a second or sooner.

        Ends where it cannot report any, after which every file is looked at instead.
        """
        import watchfiles

        try:
            for changes in watchfiles.watch(
                self._folder,
                watch_filter=None,
                step=_STEP_MS,
                debounce=_DEBOUNCE_MS,
                rust_timeout=int(_TICK_SECONDS * 1000),
                yield_on_timeout=True,
                stop_event=self._stop,
                force_polling=False,
                ignore_permission_denied=True,
            ):
                yield any(self._is_of_folder(path) for _change, path in changes)
        except FileNotFoundError:
            return  # the folder has just vanished
        except (OSError, RuntimeError) as error:
            self._polls = True
            self._on_notice(
                f"the system cannot report changes in {displayed(self._folder)} ({error}); every "
                f"file is looked at each {_POLL_SECONDS:g} seconds instead"
            )

    def _is_of_folder(self, path: str) -> bool:
        """Return whether a path may be that of a document: not hidden, and not of the index."""
        real = Path(os.path.realpath(self._folder))
        for base in (self._folder.absolute(), real):
            if Path(path).is_relative_to(base):
                name = Path(path).relative_to(base)
                is_hidden = any(part.startswith(".") for part in name.parts)
                return not is_hidden and not (real / name).is_relative_to(self._excluded)
        return True

    def _poll(self) -> Iterator[bool]:
        """Yield whether any file has another size, time or inode than at the last look."""
        last = self._signature()
        yield True
        while not self._stop.wait(_POLL_SECONDS):
            found = self._signature()
            yield found != last
            last = found

    def _signature(self) -> bytes:
        """Return what differs where the files of the folder do."""
        digest = hashlib.blake2b(digest_size=16)
        try:
            for found in FolderWalk(self._folder, self._excluded).files():
                digest.update(repr((found.name, *found[2:])).encode())
        except OSError:
            return b""  # the run that follows says why
        return digest.digest()


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from one in its place, None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if folder.is_dir() else None
