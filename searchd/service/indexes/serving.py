"""Serving: the routes of one index, mounted under the name of each index of a catalog."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from searchd.search_engine import SearchEngine
from searchd.service.admission import Admission
from searchd.service.app import index_app
from searchd.service.authorization import Authorization
from searchd.service.errors import AccessDeniedError
from searchd.service.headers import ResponseHeaders
from searchd.service.indexes.catalog import IndexCatalog
from searchd.service.limits import ServiceLimits
from searchd.service.page.routes import PAGE_PATHS, error_page
from searchd.service.request_errors import IndexNotFoundError
from searchd.service.writing.batches import WrittenIndex
from searchd.service.writing.routes import Writing
from searchd.service.writing.write_queue import WriteQueue

MOST_OPEN = 64
"""How many indexes are kept open; of others the one that was searched longest ago is closed."""

OpenEngine = Callable[[Path], SearchEngine]
_WordFiles = tuple[Analyzer | None, Synonyms | None]


@dataclass(frozen=True, slots=True)
class ServedIndex:
    """An open index: its name, its engine, and the application with its routes."""

    name: str
    engine: SearchEngine
    app: FastAPI


class ServedIndexes:
    """The indexes of a catalog that are open, each opened when it is first asked for."""

    def __init__(
        self,
        catalog: IndexCatalog,
        open_engine: OpenEngine,
        admission: Admission,
        limits: ServiceLimits,
        queue: WriteQueue | None,
        authorization: Authorization,
    ) -> None:
        """Serve the indexes of a catalog; without a `queue` they cannot be changed.

        `authorization` decides for each index by the keys that are bound to its name.
        """
        self._catalog = catalog
        self._open_engine = open_engine
        self.admission = admission
        self._limits = limits
        self._queue = queue
        self.authorization = authorization
        self._lock = threading.Lock()
        self._words: _WordFiles | None = None
        self._open: OrderedDict[str, ServedIndex] = OrderedDict()

    def resolve(self, name: str) -> str:
        """Return the name of the index that has a name or an alias.

        Raises InvalidValueError and IndexNotFoundError.
        """
        try:
            return self._catalog.resolve(name)
        except IndexNotFoundError:
            self.forget(name)  # another process may have deleted it
            raise

    async def get(self, name: str) -> ServedIndex:
        """Return the index that has a name or an alias.

        Raises like `resolve` and `Engine`.
        """
        return await self.open(self.resolve(name))

    async def open(self, index: str) -> ServedIndex:
        """Return the index of a name, which is there and no alias. Raises like `Engine`."""
        found = self._find(index)
        if found is None:
            found = await self.admission.run(lambda: self._add(index))
        return found

    def get_now(self, name: str) -> ServedIndex:
        """Return an index like `get`, in a thread that may wait for it to be opened."""
        index = self._catalog.resolve(name)
        return self._find(index) or self._add(index)

    def forget(self, name: str) -> None:
        """Close an index that was deleted; searches that run end as they began."""
        with self._lock:
            self._open.pop(name, None)

    def reload_words(self, analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
        """Search all indexes with other words from now on, like `Engine.reload_words`."""
        with self._lock:
            self._words = (analyzer, synonyms)
            opened = list(self._open.values())
        for each in opened:
            each.engine.reload_words(analyzer, synonyms)

    def close(self) -> None:
        """Close all indexes."""
        with self._lock:
            for each in self._open.values():
                each.engine.close()
            self._open.clear()

    def _find(self, name: str) -> ServedIndex | None:
        with self._lock:
            found = self._open.get(name)
            if found is not None:
                self._open.move_to_end(name)
            return found

    def _add(self, name: str) -> ServedIndex:
        while True:
            words = self._words
            served = self._serve(name, words)
            with self._lock:
                if words is not self._words:
                    continue  # they were reloaded meanwhile
                served = self._open.setdefault(name, served)
                # Those that are dropped close their files with the last search that uses them.
                while len(self._open) > MOST_OPEN:
                    self._open.popitem(last=False)
                return served

    def _serve(self, name: str, words: _WordFiles | None) -> ServedIndex:
        directory = self._catalog.directory(name)
        engine = self._open_engine(directory)
        if words is not None:
            engine.reload_words(*words)
        writing = None
        if self._queue is not None:
            memory_mb = self._queue.limits.memory_mb
            written = WrittenIndex(directory, engine, self._catalog.analyzer, memory_mb)
            writing = Writing(name, written, self._queue, self._limits)
        app = index_app(
            engine,
            self.admission,
            self._limits,
            self.authorization.for_index(name),
            writing=writing,
            directory=directory,
        )
        app.add_middleware(ResponseHeaders)
        return ServedIndex(name, engine, app)


class MountedIndexes:
    """The ASGI application of all indexes: each request goes to the index that its address names.

    Which indexes there are is told only to those who may know: a request is authenticated before the name
    in its path is looked up, and a key that is for other indexes is refused with and without one of that
    name. This holds for every route, also for those of an index that need no key at `/`.
    """

    def __init__(self, served: ServedIndexes, default: str | None = None) -> None:
        """Answer for the index named in the path, or always for the `default` one."""
        self._served = served
        self._default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Raises like `ServedIndexes.get` and `Authorization.check`, for the application around it.
        """
        try:
            served = await (self._served.get(self._default) if self._default else self._of(scope))
        except AccessDeniedError as error:
            if not _is_of_the_page(scope):
                raise
            await error_page(Request(scope), error)(scope, receive, send)
            return
        scope.setdefault("state", {})["index"] = served.name  # for the log
        app: ASGIApp = served.app
        await app(scope, receive, send)

    async def _of(self, scope: Scope) -> ServedIndex:
        """Return the index that the path of a request names."""
        authorization = self._served.authorization
        is_reading = scope["method"] in ("GET", "HEAD", "OPTIONS")
        key = authorization.authenticate(Request(scope), "search" if is_reading else "documents")
        name = scope["path_params"]["name"]
        try:
            index = self._served.resolve(name)
        except IndexNotFoundError:
            authorization.check_name(key, name)
            raise
        authorization.check_name(key, index)
        return await self._served.open(index)


def _is_of_the_page(scope: Scope) -> bool:
    path: str = scope["path"]
    return (
        scope["method"] in ("GET", "HEAD") and path.removeprefix(scope["root_path"]) in PAGE_PATHS
    )
