"""Lucene as an engine of `benchmarks.engines`: one thread, ArabicAnalyzer, stored text.

It runs in this process, in a Java machine that JPype starts. The environment variable LUCENE_JARS
names a folder with the jars of lucene-core, lucene-analysis-common and lucene-queryparser, and of what
they need. They are of one version, from 9.9 on, which the Java machine can run.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import jpype

from benchmarks.engines import LUCENE_JARS, read_bodies

_BUFFER_MB = 512.0
_HEAP = "-Xmx2g"

_WARM_UP_TERMS = 3000
"""Terms of the index that are searched before the first query, so that Lucene is compiled by then."""

_EVERY = 2**31 - 1
"""So many documents are counted exactly: all."""


class LuceneIndex:
    """A searcher over one index. Several words are a disjunction, which is Lucene's default."""

    def __init__(self, directory: Path) -> None:
        _start()
        index = jpype.JPackage("org.apache.lucene.index")
        search = jpype.JPackage("org.apache.lucene.search")
        parser = jpype.JClass("org.apache.lucene.queryparser.classic.QueryParser")
        self._reader = index.DirectoryReader.open(_opened(directory))
        self._searcher = search.IndexSearcher(self._reader)
        self._searcher.setQueryCache(None)  # a benchmark that asks again would measure the cache
        self._new_parser = lambda: parser("body", _analyzer())
        self._of_thread = threading.local()  # a parser serves one thread
        self._best_ten = search.TopScoreDocCollectorManager(10, _EVERY)
        self._warm_up(index)

    def search(self, text: str) -> Any:
        """Parse a query, count its documents and return the best ten."""
        own = self._of_thread
        if not hasattr(own, "parser"):
            own.parser = self._new_parser()
        return self._searcher.search(own.parser.parse(text), self._best_ten)

    def total(self, answer: Any) -> int:
        """Return the number of matching documents."""
        total = answer.totalHits
        return int(total.value() if callable(total.value) else total.value)

    def top(self, answer: Any) -> tuple[str, ...]:
        """Return the numbers of the best documents, in their order."""
        return tuple(str(hit.doc) for hit in answer.scoreDocs)

    def documents(self) -> int:
        """Return the number of documents in the index."""
        return int(self._reader.numDocs())

    def close(self) -> None:
        """Close the files of the index."""
        self._reader.close()

    def _warm_up(self, index: Any) -> None:
        terms = index.MultiTerms.getTerms(self._reader, "body")
        count = sum(leaf.reader().terms("body").size() for leaf in self._reader.leaves())
        step = max(1, count // _WARM_UP_TERMS)
        query = jpype.JClass("org.apache.lucene.search.TermQuery")
        found = terms.iterator()
        number = 0
        while (term := found.next()) is not None:
            if number % step == 0:
                word = str(term.utf8ToString())
                self._searcher.search(query(index.Term("body", word)), self._best_ten)
                if word.isalpha():
                    self.search(f'{word} {word} "{word} {word}"')
            number += 1


class LuceneEngine:
    """Builds an index with one thread, with positions and stored text."""

    def __init__(self, *, optimize: bool = False) -> None:
        self._optimize = optimize

    def index(self, corpus: Path, directory: Path) -> None:
        """Index a JSON Lines file into an empty directory, and commit."""
        _start()
        index = jpype.JPackage("org.apache.lucene.index")
        document = jpype.JPackage("org.apache.lucene.document")
        stored = document.Field.Store.YES
        config = index.IndexWriterConfig(_analyzer())
        config.setRAMBufferSizeMB(_BUFFER_MB)
        writer = index.IndexWriter(_opened(directory), config)
        for name, body in read_bodies(corpus):
            added = document.Document()
            added.add(document.StringField("id", name, stored))
            added.add(document.TextField("body", body, stored))
            writer.addDocument(added)
        if self._optimize:
            writer.forceMerge(1)
        writer.close()  # commits, and waits for merges

    def open(self, directory: Path) -> LuceneIndex:
        """Open an index made by `index`."""
        return LuceneIndex(directory)


def _start() -> None:
    """Start the Java machine of this process."""
    if not jpype.isJVMStarted():
        jars = os.environ[LUCENE_JARS]
        jpype.startJVM(_HEAP, "--enable-native-access=ALL-UNNAMED", classpath=[f"{jars}/*"])


def _analyzer() -> Any:
    return jpype.JClass("org.apache.lucene.analysis.ar.ArabicAnalyzer")()


def _opened(directory: Path) -> Any:
    path = jpype.JClass("java.nio.file.Path").of(str(directory))
    return jpype.JClass("org.apache.lucene.store.FSDirectory").open(path)
