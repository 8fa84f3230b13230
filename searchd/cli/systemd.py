"""What a service tells systemd: that it is ready, reloads, or stops (sd_notify(3)).

The protocol is a datagram of `NAME=value` lines to the socket that `NOTIFY_SOCKET` names. Without
the variable nothing is sent.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress


def notify(state: str) -> None:
    """Send a state such as `READY=1`. A socket that is not there is no error: nobody listens."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.connect(address)
        sending.sendall(state.encode())


def notify_reloading() -> None:
    """Send that the service reloads, and when it began, as Type=notify-reload wants it."""
    microseconds = time.monotonic_ns() // 1000
    notify(f"RELOADING=1\nMONOTONIC_USEC={microseconds}")
