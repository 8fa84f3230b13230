"""Coverage-guided fuzzing of what reads the input of strangers, each target for some time."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stress import fuzz_files, fuzz_requests
from tests.stress.sample import QUERIES

pytestmark = pytest.mark.stress

SECONDS = int(os.environ.get("SEARCHD_STRESS_SECONDS", "120"))
OTHERS_SECONDS = max(SECONDS // 4, 1)
"""For each of the many targets that take one kind of file or of request."""

ROOT = Path(__file__).parents[2]

SEEDS: dict[str, list[bytes]] = {
    "parser": [
        *(query.encode() for query, _options in QUERIES),
        'date:[2020 TO 2021] "في البيت"~~5 (+a^2 -b) OR عنوان:كتا*'.encode(),
    ],
    "analysis": [
        "وَبِالكِتَابِ ٱلصَّلَوٰةَ F-16 املدرسة ﷺ ٣٫٥ أبوبكر".encode(),
        "اإلسالمية هللا عىل".encode(),
    ],
    "readers": [
        b"\x00plain text \xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8",
        b"\x01---\ntitle: a\ntags: [a, b]\n---\ntext",
        b"\x02<html><head><meta charset='windows-1256'><title>a</title></head><p>b&nbsp;c",
        b'\x03{"id": 1, "title": "a", "text": "b", "price": 2}\n',
        b'\x04id;title;text\n1;a;"b\nc"\n',
        b"\x06<DOC><DOCNO>1</DOCNO><TEXT>a</TEXT></DOC>",
    ],
    **fuzz_files.SEEDS,
    **fuzz_requests.SEEDS,
}


@pytest.mark.parametrize("target", SEEDS)
def test_nothing_undocumented_is_raised(target: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("Atheris is not installed: pip install -e '.[fuzz]'")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[target]):
        (corpus / str(number)).write_bytes(seed)
    is_other = target in fuzz_files.TARGETS or target in fuzz_requests.TARGETS
    seconds = OTHERS_SECONDS if is_other else SECONDS
    options = [f"-max_total_time={seconds}", "-max_len=600", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.stress.fuzz", target, *options, str(corpus)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    print(done.stderr.splitlines()[-1])  # noqa: T201
