"""A type checker finds the types of searchd also in an editable install."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

from tests.packaging.distributions import Distributions

PROGRAM = """\
import analyzers
import searchd
from indexer.document import Document

reveal_type(searchd.open)
reveal_type(analyzers.fold)
reveal_type(Document("1", "كتاب").title)
"""


def test_types_are_found(distributions: Distributions, tmp_path: Path) -> None:
    """`pip install -e` unpacks this wheel into the folder of packages."""
    place = {"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")}
    venv.create(place["base"], symlinks=os.name == "posix")
    with zipfile.ZipFile(distributions.editable_wheel) as archive:
        archive.extractall(sysconfig.get_path("purelib", "venv", place))
    python = Path(sysconfig.get_path("scripts", "venv", place)) / "python"

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "program.py").write_text(PROGRAM, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull,
         "--python-executable", python, "program.py"],
        cwd=elsewhere, capture_output=True, encoding="utf-8", check=False,
        env={name: value for name, value in os.environ.items() if "PYTHONPATH" not in name},
    )  # fmt: skip
    revealed = re.findall(r'Revealed type is "(.*)"', done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [re.split(r"[ .]", shown)[-1] for shown in revealed] == ["SearchEngine", "str", "str"]
