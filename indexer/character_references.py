"""Character references: &quot;, &nbsp; and &#1604; in text that was cut out of a page."""

from __future__ import annotations

import html
import re

_REFERENCE = re.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSAND = "&amp;"


def decode_references(text: str) -> str:
    """Replace the character references of a text by their characters, once.

    References are those of HTML that end in a semicolon. Unknown names and numbers of no character
    stay as they are.

    >>> decode_references("&quot;كتاب&quot; &amp;lt; AT&T; &#1604;")
    '"كتاب" &lt; AT&T; ل'
    """
    if "&" not in text or ";" not in text:
        return text
    return _REFERENCE.sub(_decode, text)


def decode_ampersands(url: str) -> str:
    """Replace &amp; in a URL, the one reference that a URL may hold by mistake only."""
    return url.replace(_AMPERSAND, "&") if _AMPERSAND in url else url


def _decode(reference: re.Match[str]) -> str:
    character = html.unescape(reference[0])
    is_text = character.isprintable() or character.isspace() or character in _INVISIBLE
    return character if is_text and character != "\ufffd" else reference[0]


_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064"
"""Characters that references may name though they are not printable."""
