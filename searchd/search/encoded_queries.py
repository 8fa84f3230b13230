"""Encoded queries: those pasted as the code of a text, and the text.

They come from an address (%D9%85), from JSON (\\u0645), from HTML (&#1605;), or from a program that
read them in the wrong encoding.
"""

from __future__ import annotations

import re

from analyzers.normalization.mojibake_signs import may_be_mojibake

_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2}){2,}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")
_REFERENCE = re.compile("&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z]{2,8});")


def is_encoded(query: str) -> bool:
    """Return whether a query looks like the code of a text: of an address, HTML, JSON or mojibake.

    >>> is_encoded("%D9%85%D8%B5%D8%B1"), is_encoded("زيادة 100%")
    (True, False)
    """
    return any(each.search(query) for each in (_PERCENT, _ESCAPED, _REFERENCE)) or may_be_mojibake(
        query
    )


def decoded_query(query: str) -> str:
    """Return the text of which a query is the code; the same where it is none.

    >>> decoded_query("ÇáßÊÇÈ ÇáÚÑÈí")
    'الكتاب العربي'
    """
    if not is_encoded(query):
        return query
    from urllib.parse import unquote  # few queries need them

    from indexer.repair import repair_text

    text = _PERCENT.sub(lambda run: unquote(run[0], errors="replace"), query)
    text = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    return repair_text(text).text
