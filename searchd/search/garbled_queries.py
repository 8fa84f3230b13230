"""Garbled queries: what a query may have been before a program or a keyboard changed its letters.

A query is typed with the keyboard in another language (hgpvf for الحرب), or pasted from a PDF in
visual order. `searchd.search.query_correction` weighs by the words of the index what the letters may
have been; what a query is the code of, `searchd.search.encoded_queries` decodes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from analyzers.normalization.folding import MARKS
from analyzers.normalization.logical_order import from_visual_order

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
_CLUSTER = re.compile(rf".[{''.join(map(re.escape, MARKS))}]*", re.DOTALL)


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
