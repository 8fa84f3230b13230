"""The entry point of the command `searchd` and of `python -m searchd`."""

from __future__ import annotations

import atexit
import gc

_GC_THRESHOLD = 100_000
"""Allocations before a garbage collection: most commands end before the first one."""


def main() -> None:
    """Run the command line with little cyclic garbage collection, and none at the exit."""
    gc.set_threshold(_GC_THRESHOLD)
    atexit.register(gc.freeze)  # a collection at exit takes a tenth of the time of a query
    from searchd.cli import main as run  # imported after the threshold is set

    run()


if __name__ == "__main__":
    main()
