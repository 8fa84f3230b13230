"""The names of indexes and aliases, which are parts of addresses and names of folders."""

from __future__ import annotations

import re

from searchd.service.request_errors import InvalidValueError

MAX_NAME = 64
NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_NAME - 1}}}", re.ASCII)

_OF_WINDOWS = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that Windows gives to devices in every folder."""


def is_name(text: str) -> bool:
    """Tell whether an index can have a name.

    >>> [is_name(each) for each in ("news-2024", "../news", ".news", "أخبار", "con")]
    [True, False, False, False, False]
    """
    return NAME.fullmatch(text) is not None and _OF_WINDOWS.fullmatch(text) is None


def check_name(text: str) -> str:
    """Return a name that an index can have. Raises InvalidValueError for any other."""
    if not is_name(text):
        raise InvalidValueError(
            f"{text[:80]!r} cannot be the name of an index; use 1 to {MAX_NAME} letters from a to z, "
            f"digits, - and _, a letter or digit first",
            parameter="name",
        )
    return text
