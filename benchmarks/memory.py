"""Memory and CPU time of processes, from `/proc` on Linux; elsewhere only the peak is known."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path


def status(name: str) -> int | None:
    """Return a line of `/proc/self/status` in bytes: `VmHWM` (peak), `VmRSS`, `RssAnon`, `RssFile`.

    None where there is no `/proc`.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return None


def peak() -> int:
    """Return the peak resident memory of this process, in bytes.

    `ru_maxrss` is used only without `/proc`, because a child inherits it from its parent.
    """
    found = status("VmHWM")
    if found is not None:
        return found
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def of_tree(process: int) -> int:
    """Return the memory of a process and its descendants now, in bytes (proportional set size).

    Shared pages count once. Returns 0 for a process without children, whose peak `peak` gives.
    """
    processes = [process]
    for parent in processes:
        with suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                processes += map(int, (task / "children").read_text().split())
    if len(processes) == 1:
        return 0
    total = 0
    for found in processes:
        with suppress(OSError):
            for line in Path(f"/proc/{found}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def cpu_seconds() -> float:
    """Return the CPU time, user and system, of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
