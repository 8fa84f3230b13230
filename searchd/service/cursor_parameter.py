"""The parameter `after` of the requests that have pages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MAX_CURSOR_LENGTH = 10_000
"""Characters of a cursor: it has the values and the id of a document, of which few are long."""

CursorText = Annotated[str, Field(min_length=1, max_length=MAX_CURSOR_LENGTH)]

AFTER = (
    "The `cursor` of a page, to get the one after it, at any depth. Send the same `q`, `filter` and "
    "`sort` with it."
)
"""What the parameter is, for OpenAPI."""
