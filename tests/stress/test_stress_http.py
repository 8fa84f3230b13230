"""Raw bytes on the sockets of a running service: others are answered, nothing fails, memory is flat.

`SEARCHD_STRESS_SECONDS` sets how long; `SEARCHD_STRESS_SEED` repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.searchd.cli.test_program import make_index
from tests.searchd.cli.test_serve_writing import serving
from tests.stress.http_bytes import conversation, send

pytestmark = pytest.mark.stress

SECONDS = float(os.environ.get("SEARCHD_STRESS_SECONDS", "120"))
SEED = int(os.environ.get("SEARCHD_STRESS_SEED", str(time.time_ns() % 1_000_000)))
CLIENTS = 4
GROWTH = 60_000
"""The most KB of memory by which the second half of a run may go beyond the first."""

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_OVERLOAD = (501, 503, 505)


def resident(pid: int) -> int:
    """Return the resident memory of a process in KB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_a_service_that_gets_any_bytes(tmp_path: Path) -> None:
    (tmp_path / "indexes").mkdir()
    index = make_index(tmp_path / "indexes")
    statuses: Counter[int] = Counter()
    failures: list[tuple[list[bytes], bytes]] = []
    ends = time.monotonic() + SECONDS
    sent = Counter[int]()
    lines: list[str] = []

    def client(number: int, port: int) -> None:
        chance = random.Random(SEED + number)
        while time.monotonic() < ends:
            pieces = conversation(chance)
            received: list[bytes] = []
            send(port, pieces, received.append)
            sent[number] += 1
            answer = b"".join(received)
            for status in map(int, _STATUS.findall(answer)):
                statuses[status] += 1
                if status >= 500 and status not in _OVERLOAD:
                    failures.append((pieces, answer))

    with serving("--index", str(index)) as (process, address):
        port = int(address.rpartition(":")[2])
        log = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
        log.start()  # a full pipe would stop the service
        clients = [threading.Thread(target=client, args=(n, port)) for n in range(CLIENTS)]
        for each in clients:
            each.start()
        memory = []
        while time.monotonic() < ends:
            with urlopen(f"{address}/search?q=%D9%83%D8%AA%D8%A7%D8%A8", timeout=20) as answer:
                assert "hits" in json.load(answer)
            if process.poll() is not None:
                break
            memory.append(resident(process.pid))
            time.sleep(0.1)
        for each in clients:
            each.join()
        assert process.poll() is None, f"the service ended; seed {SEED}: {lines[-9:]}"
        assert failures == [], f"seed {SEED}: {failures[0]}"
        half = len(memory) // 2
        assert max(memory[half:]) - max(memory[:half]) < GROWTH, f"seed {SEED}: {memory[::20]}"
    log.join(20)
    log_text = "".join(lines)
    first = log_text.find("Traceback")
    assert first < 0, f"seed {SEED}: {log_text[max(first - 500, 0) : first + 5000]}"
    assert statuses[200]
    assert statuses[400]
    print(f"{sum(sent.values())} connections, answers {dict(statuses)}, seed {SEED}")  # noqa: T201
