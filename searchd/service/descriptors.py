"""The limit of open files, of which every connection takes one."""

from __future__ import annotations

import sys
from contextlib import suppress

MOST_DESCRIPTORS = 65_536
"""The limit is not raised above this: some systems allow a thousand million."""

RESERVED_DESCRIPTORS = 128
"""Descriptors that connections leave free: for new segments of the index, the files of the page, and
connections that the event loop accepts together (`CONNECTIONS_AT_ONCE`)."""

CONNECTIONS_AT_ONCE = 32
"""How many connections the event loop accepts before any of them is looked at."""


def raise_descriptor_limit() -> int | None:
    """Raise the soft limit of open files to the hard one, within reason, and return it.

    None where the system has no such limit.
    """
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if wanted > soft:
        # macOS refuses more than kern.maxfilesperproc, whatever the hard limit says.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
