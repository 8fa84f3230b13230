"""Packages: the parts of an office file or an e-book, which is a ZIP file, within limits."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO, NamedTuple
from urllib.parse import unquote

from indexer.errors import SourceError
from indexer.sources.limits import MAX_EXPANSION, MIN_EXPANDED, OFFICE_LIMIT
from indexer.sources.office.xml_events import Elements, XmlHandler, read_xml
from indexer.sources.opening import Input

_SAVE_AGAIN = "open it in its program and save it again"
_ENCRYPTED = 1


class Relation(NamedTuple):
    """A part that another one points to: its type, the last word of a URL, and its name."""

    type: str
    target: str


class Package:
    """An open package. Reading its parts may expand to a bounded number of bytes in all.

    Raises SourceError where `data` is no ZIP file.
    """

    def __init__(self, data: bytes, size: int = 0) -> None:
        self.size = size
        self._left = max(MIN_EXPANDED, MAX_EXPANSION * len(data))
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"not a sound file of its kind ({error}); {_SAVE_AGAIN}") from error
        self._names = {
            name.lstrip("/").replace("\\", "/").lower(): name for name in self._archive.namelist()
        }

    @classmethod
    def of(cls, source: Input) -> Package:
        """Open the package that an input is; `size` is how many bytes of the input it took.

        Raises SourceError where it is no ZIP file, or has more than OFFICE_LIMIT bytes.
        """
        data = source.read_all(OFFICE_LIMIT)
        return cls(data, source.measure(len(data)))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    @property
    def names(self) -> list[str]:
        """The names of all parts, in small letters, in the order of the file."""
        return list(self._names)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part; its name counts whatever the case of its letters.

        Raises SourceError where it is missing, encrypted, damaged, or expands to too much.
        """
        stored = self._names.get(name.lower())
        if stored is None:
            raise SourceError(f"it lacks its part {name}; {_SAVE_AGAIN}")
        try:
            info = self._archive.getinfo(stored)
            if info.flag_bits & _ENCRYPTED:
                raise SourceError(f"its part {name} is encrypted; save the file without a password")
            with self._archive.open(info) as stream:
                yield _Bounded(stream, self)  # type: ignore[misc]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise SourceError(f"its part {name} is damaged ({error}); {_SAVE_AGAIN}") from error

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Raises SourceError like `open`."""
        with self.open(name) as stream:
            return stream.read()

    def holds(self, name: str, wanted: bytes) -> bool:
        """Return whether a part contains some bytes. Raises SourceError like `open`."""
        if name not in self:
            return False
        end = b""
        with self.open(name) as stream:
            while data := stream.read(1 << 16):
                if wanted in end + data:
                    return True
                end = data[-len(wanted) :]
        return False

    def spend(self, count: int) -> None:
        """Count bytes that were uncompressed. Raises SourceError where they are too many."""
        self._left -= count
        if self._left < 0:
            raise SourceError(
                f"its parts take more than {MAX_EXPANSION} times the size of the file; where it is "
                f"sound, {_SAVE_AGAIN}"
            )

    def read_xml(self, name: str, handler: XmlHandler) -> None:
        """Tell a handler of the elements of a part. Raises SourceError."""
        with self.open(name) as stream:
            read_xml(stream, handler, name)

    def elements(self, name: str, *names: str) -> list[tuple[str, Mapping[str, str], str]]:
        """Return name, attributes and text of some elements of a part; none where it is missing."""
        if name not in self:
            return []
        found = Elements(*names)
        self.read_xml(name, found)
        return found.found

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the parts that a part of an Open XML file points to, by the id of each."""
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found = {}
        for _, attributes, _ in self.elements(rels, "Relationship"):
            if attributes.get("TargetMode") != "External":
                type_ = attributes.get("Type", "").rpartition("/")[2]
                target = resolved(part, attributes.get("Target", ""))
                found[attributes.get("Id", "")] = Relation(type_, target)
        return found

    def related(self, part: str, *types: str) -> list[str]:
        """Return the parts of some types that a part points to and that are there, in order."""
        targets = [each.target for each in self.relations(part).values() if each.type in types]
        return [target for target in dict.fromkeys(targets) if target in self]

    def main_part(self, default: str) -> str:
        """Return the name of the part with the content of an Open XML file."""
        found = self.related("", "officeDocument")
        return found[0] if found else default


class _Bounded:
    """A part that is read no further than its package may expand."""

    def __init__(self, stream: IO[bytes], package: Package) -> None:
        self._stream = stream
        self._package = package

    def read(self, size: int = -1) -> bytes:
        chunks = []
        while size != 0 and (data := self._stream.read(1 << 16 if size < 0 else size)):
            self._package.spend(len(data))
            chunks.append(data)
            if size > 0:
                break
        return b"".join(chunks)


def resolved(part: str, target: str) -> str:
    """Return the name of a part that another part points to, by its path or relative to it.

    >>> resolved("ppt/slides/slide1.xml", "../notesSlides/notesSlide1.xml")
    'ppt/notesSlides/notesSlide1.xml'
    """
    path = unquote(target.partition("#")[0])
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(part), path)
    return posixpath.normpath(joined).lstrip("/")
