"""What a release publishes, and the files that it is made from."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Distributions:
    """What a release would publish, and what an editable install gets."""

    sources: frozenset[str]
    """The files of the repository, as paths from its root with slashes."""
    sdist: Path
    wheel: Path
    editable_wheel: Path

    def sdist_files(self) -> set[str]:
        """Return the files of the source distribution, from its own root."""
        with tarfile.open(self.sdist) as archive:
            return {each.name.partition("/")[2] for each in archive.getmembers() if each.isfile()}

    def wheel_files(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())

    def metadata(self) -> Message:
        with zipfile.ZipFile(self.wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith("dist-info/METADATA"))
            return BytesParser().parsebytes(archive.read(name))


def files_of_the_repository() -> list[str]:
    """Return the files that git knows, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    return [name for name in listed.rstrip("\0").split("\0") if (ROOT / name).is_file()]
