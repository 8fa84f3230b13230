"""`python -m searchd` and the installed command: a process of its own for the command line."""

from __future__ import annotations

import atexit
import gc

_RARELY = 100_000
"""New objects between two collections: most commands end before they have made as many."""


def main() -> None:
    """Run the command line. The collector of cycles hardly runs, and not at the end."""
    gc.set_threshold(_RARELY)
    atexit.register(gc.freeze)  # a last collection would take a tenth of a query's time
    from searchd.cli import main as run  # loading makes objects that stay

    run()


if __name__ == "__main__":
    main()
