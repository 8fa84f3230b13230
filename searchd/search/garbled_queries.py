"""Garbled queries: what a query may have been before a program or a keyboard changed its letters.

A query is typed with the keyboard in another language (hgpvf for الحرب), or pasted: from a PDF in
visual order, from text in the wrong encoding, from an address (%D9%85), JSON (\\u0645) or HTML
(&#1605;). `searchd.search.query_correction` weighs what these functions return by the words of the
index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from analyzers.normalization.folding import MARKS
from analyzers.normalization.logical_order import from_visual_order
from analyzers.normalization.mojibake import may_be_mojibake

_KEYS = r"qwertyuiop[]asdfghjkl;'zxcvnm,./" + "`"
_ON_KEYS = "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ" + "ذ"
_SHIFTED_KEYS = "YHNTGBJ"
_ON_SHIFTED_KEYS = ("إ", "أ", "آ", "لإ", "لأ", "لآ", "")
"""What the keys of an English keyboard type on the Arabic keyboard of Windows and Linux."""

_TO_ARABIC = str.maketrans(
    {
        **{key.upper(): letter for key, letter in zip(_KEYS, _ON_KEYS, strict=True)},
        **dict(zip(_KEYS, _ON_KEYS, strict=True)),
        "b": "لا",
        **dict(zip(_SHIFTED_KEYS, _ON_SHIFTED_KEYS, strict=True)),
    }
)
_TO_LATIN = str.maketrans(
    {letter: key for key, letter in zip(_KEYS, _ON_KEYS, strict=True) if key.isalpha()}
)

_LATIN = re.compile("[A-Za-z]")
_ARABIC = re.compile("[\u0620-\u064a\ufb50-\ufdff\ufe70-\ufefc]")
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdcf\ufdf0-\ufdfc\ufe70-\ufefc]+")
_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2}){2,}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")
_REFERENCE = re.compile("&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z]{2,8});")
_CLUSTER = re.compile(rf".[{''.join(map(re.escape, MARKS))}]*", re.DOTALL)


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
    from indexer.repair import repair_text  # few queries need it

    text = _PERCENT.sub(lambda run: unquote(run[0], errors="replace"), query)
    text = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    return repair_text(text).text


def other_readings(query: str) -> Iterator[str]:
    """Yield what else the letters of a query may be: in the other direction, on another keyboard.

    >>> list(other_readings("hgpvf"))
    ['الحرب']
    >>> list(other_readings("رصم"))
    ['مصر', 'vwl']
    """
    has_arabic, has_latin = _ARABIC.search(query), _LATIN.search(query)
    if has_arabic:
        turned = "".join(from_visual_order(_CLUSTER.findall(query)))
        yield _PRESENTATION_FORMS.sub(lambda run: unicodedata.normalize("NFKC", run[0]), turned)
    if has_latin and not has_arabic:
        yield query.translate(_TO_ARABIC)
    if has_arabic and not has_latin:
        yield query.replace("لا", "b").translate(_TO_LATIN)
