"""Exit status of the program: what each number means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BAD_RECORDS_SKIPPED = 3
INTERRUPTED = 130

EXIT_STATUS: Mapping[int, str] = MappingProxyType(
    {
        0: "success",
        1: "an error, explained in one line on standard error",
        2: "wrong usage: an unknown option or a value out of range",
        BAD_RECORDS_SKIPPED: "indexed, but bad records were skipped (--on-error skip)",
        INTERRUPTED: "interrupted with Ctrl-C; the message says whether anything was changed",
    }
)
"""The meaning of each exit status, for the help text and the reference of the command line."""
