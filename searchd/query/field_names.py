"""Field names as they are written in a query: those of the index, and Arabic names for some."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from types import MappingProxyType

_NAMES = {
    "title": "عنوان",
    "text": "نص متن",
    "id": "معرف",
    "date": "تاريخ",
    "author": "مؤلف كاتب",
    "category": "تصنيف فئة",
    "section": "قسم",
    "tags": "وسوم",
}

ARABIC_NAMES: Mapping[str, str] = MappingProxyType(
    {
        article + word: name
        for name, words in _NAMES.items()
        for word in words.split()
        for article in ("", "ال")
    }
)
"""Arabic names of fields, each alone and with the article, and the names that they stand for."""

_MARKS = re.compile("[\u0640\u064b-\u0652]")


def resolve_field_name(written: str, fields: Container[str]) -> str | None:
    """Return the name of the field that is meant by a name, or None.

    An Arabic name counts only where the index has no field of that very name and has the field that
    it stands for.

    >>> resolve_field_name("العنوان", {"title"}), resolve_field_name("عنوان", {"title", "عنوان"})
    ('title', 'عنوان')
    """
    if written in fields:
        return written
    name = ARABIC_NAMES.get(_MARKS.sub("", written))
    return name if name in fields else None
