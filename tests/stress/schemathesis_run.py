"""Requests that schemathesis makes of the OpenAPI document, against real services.

    python -m tests.stress.schemathesis_run [--examples N] [--seed N]

One service is of a single index and read only, the other of a folder of indexes that may be written.
A status 500, a status that is not documented, and an answer of another shape than is documented
fail the run. `--examples` are those of each operation, beside what the phases of coverage and examples try.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
PHASES = "examples,coverage,fuzzing"

DOCUMENTS = [
    {"id": f"wire-{number:03}", "title": "لجنة الأمن", "text": "اجتمعت اللجنة في البرلمان"}
    for number in range(3)
]


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """Run `searchd serve` on a free port, and yield its address."""
    command = [sys.executable, "-m", "searchd", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        if " at http" not in line:
            raise RuntimeError(line + process.stderr.read())
        yield line.partition(" at ")[2].split()[0]
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def send(address: str, method: str, value: object) -> None:
    """Send a value as JSON."""
    data = json.dumps(value).encode()
    request = Request(address, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request) as answer:
        answer.read()


def fuzz(address: str, options: argparse.Namespace) -> int:
    """Run schemathesis over the document of a service, and return its exit status."""
    program = Path(sys.executable).parent / "schemathesis"
    arguments: Sequence[str] = (
        *("run", f"{address}/openapi.json", "--checks", ",".join(CHECKS), "--phases", PHASES),
        *("--max-examples", str(options.examples), "--seed", str(options.seed)),
        *("--generation-database", "none", "--continue-on-failure", "--request-timeout", "30"),
        *("--suppress-health-check", "all"),
    )
    hooks = {"SCHEMATHESIS_HOOKS": "tests.stress.schemathesis_hooks", "PYTHONPATH": str(ROOT)}
    command = [str(program), *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | hooks, check=False).returncode


def main() -> None:
    """Run schemathesis over both services; exit with status 1 where it found something."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=250, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=14, help="(default: %(default)s)")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        build = [sys.executable, "-m", "searchd", "index", "corpus/articles", "--index", index]
        subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with serving("--index", index) as address:
            failed += fuzz(address, options)
        with serving("--indexes", str(Path(folder) / "all"), "--writable") as address:
            for name in ("news", "daily"):  # the examples of the document name them
                send(f"{address}/indexes/{name}", "PUT", {"fields": []})
            send(f"{address}/indexes/news/documents", "POST", DOCUMENTS)
            failed += fuzz(address, options)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
