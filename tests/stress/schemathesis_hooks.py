"""What schemathesis cannot know of the service: how JSON Lines are written. See `make schemathesis`."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/octet-stream")
def as_bytes(_context: Any, value: Any) -> bytes:
    """Return a body as it is given."""
    return value if isinstance(value, bytes) else str(value).encode()
