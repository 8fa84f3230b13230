"""Memory of processes, as Linux counts it in `/proc`; elsewhere only the peak is known."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path


def status(name: str) -> int | None:
    """Return a figure of this process in bytes: `VmHWM` (peak), `VmRSS`, `RssAnon`, `RssFile`."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return None


def peak() -> int:
    """Return the most memory that this process held, in bytes.

    Not `ru_maxrss` where `/proc` is there: a child begins with that of its parent.
    """
    found = status("VmHWM")
    if found is not None:
        return found
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def of_tree(process: int) -> int:
    """Return the memory of a process and all below it now, in bytes; 0 where it has none below.

    Pages that they share count once. The peak of a single process is known exactly from `peak`.
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
    """Return the CPU time, user and system, of this process and its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
