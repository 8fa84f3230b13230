"""Signs of mojibake: whether a text is worth examining by `analyzers.normalization.mojibake`."""

from __future__ import annotations

import re

_SHORT = 200
"""A text of fewer characters is examined for every sign of mojibake, a longer one for the usual."""

_SIGNS_OF_LENGTH = "Ø§ÇÃ┘ŸЩŮ"
"""Characters of which one is in every longer text that was read wrongly in one of the ways here."""

_SHORT_SIGN = re.compile("[ØÙÇÃÌÍÏÑÓÔ╪┘ÿŸШЩŘŮ]|[طظ][^\u0621-\u064a\\s]")


def may_be_mojibake(text: str) -> bool:
    """Return whether a text has a sign of a wrong reading, so that it is worth examining."""
    if len(text) < _SHORT:
        return not text.isascii() and _SHORT_SIGN.search(text) is not None
    return any(sign in text for sign in _SIGNS_OF_LENGTH)
