"""Language and theme of the reader, from cookies and from what the browser asks for.

A page whose address has `lang` or `theme` sets a cookie and sends the reader on to the address
without it, so that addresses that are passed on carry nobody's preferences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from searchd.service.page.texts import Language

Theme = Literal["auto", "light", "dark"]

LANGUAGES: Mapping[str, Language] = {"ar": "ar", "en": "en"}
THEMES: Mapping[str, Theme] = {"auto": "auto", "light": "light", "dark": "dark"}

PARAMETERS: Mapping[str, Mapping[str, str]] = {"lang": LANGUAGES, "theme": THEMES}
"""The parameters of an address that set a preference, with their values."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a reader prefers; `country` is an ISO 3166 code of the browser's Arabic, or ""."""

    language: Language = "ar"
    theme: Theme = "auto"
    country: str = ""

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The direction of the interface."""
        return "rtl" if self.language == "ar" else "ltr"


def read_preferences(cookies: Mapping[str, str], accept_language: str) -> Preferences:
    """Return the preferences of a request. A cookie with an unknown value counts as none.

    Without a cookie the first of Arabic and English that the browser asks for is taken, and Arabic
    where it asks for neither.
    """
    tags = _accepted(accept_language)
    spoken = [LANGUAGES[tag[:2]] for tag in tags if tag[:2] in LANGUAGES and tag[2:3] in ("", "-")]
    arabic = (tag.split("-") for tag in tags if tag.startswith("ar-"))
    countries = (parts[-1].upper() for parts in arabic if len(parts[-1]) == 2)
    return Preferences(
        language=LANGUAGES.get(cookies.get("lang", ""), spoken[0] if spoken else "ar"),
        theme=THEMES.get(cookies.get("theme", ""), "auto"),
        country=next(countries, ""),
    )


def _accepted(header: str) -> list[str]:
    """Return the language tags of the header Accept-Language in lower case, the best first."""
    weighted = []
    for part in header.lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name == "q" else 1.0
        except ValueError:
            weight = 0.0
        if tag and weight > 0:
            weighted.append((weight, tag.strip()))
    return [tag for _weight, tag in sorted(weighted, key=lambda each: -each[0])]
