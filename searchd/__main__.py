"""`python -m searchd`: the command line."""

from __future__ import annotations

from searchd.cli import main

if __name__ == "__main__":
    main()
