"""Numbers, counts and dates as each language writes them.

Plural forms are those of CLDR; month names and digits of Arabic depend on the country.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from searchd.service.page.texts import COUNTED, CountForms, Language

_ARABIC_DIGITS = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")

_WESTERN_DIGITS = frozenset({"DZ", "EH", "LY", "MA", "TN"})
"""Countries whose Arabic is written with 0123456789."""

_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_GULF_AND_NILE = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
_LEVANT = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]
_ALGERIA = [
    "جانفي",
    "فيفري",
    "مارس",
    "أفريل",
    "ماي",
    "جوان",
    "جويلية",
    "أوت",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
_MOROCCO = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
]

_MONTHS: Mapping[str, list[str]] = {
    **dict.fromkeys(("IQ", "JO", "LB", "PS", "SY"), _LEVANT),
    **dict.fromkeys(("DZ", "TN"), _ALGERIA),
    "MA": _MOROCCO,
}


class Formatting:
    """Writes numbers, counts and dates in a language, for a country (ISO 3166 code, or "")."""

    def __init__(self, language: Language, country: str = "") -> None:
        self._language = language
        self._western = language == "en" or country in _WESTERN_DIGITS
        arabic = _MONTHS.get(country, _GULF_AND_NILE)
        self._months = _ENGLISH_MONTHS if language == "en" else arabic

    @property
    def numbering(self) -> str:
        """The name of its digits in Unicode CLDR."""
        return "latn" if self._western else "arab"

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with separators, rounded to at most `digits` after the point.

        >>> Formatting("ar").number(12345.5, 1), Formatting("en").number(12345)
        ('١٢٬٣٤٥٫٥', '12,345')
        """
        written = f"{value:,.{digits}f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
        return written if self._western else written.translate(_ARABIC_DIGITS)

    def count(self, number: int, noun: str) -> str:
        """Return a count with its noun in the form that the number asks for.

        >>> [Formatting("ar").count(n, "result") for n in (1, 2, 3, 11, 100)]
        ['نتيجة واحدة', 'نتيجتان', '٣ نتائج', '١١ نتيجة', '١٠٠ نتيجة']
        """
        forms = COUNTED[noun][self._language]
        return plural_form(forms, number).format(n=self.number(number))

    def date(self, day: date) -> str:
        """Return a day with the name of its month.

        >>> Formatting("ar", "IQ").date(date(2021, 7, 11))
        '١١ تموز ٢٠٢١'
        """
        year, number = str(day.year), str(day.day)
        if not self._western:
            year, number = year.translate(_ARABIC_DIGITS), number.translate(_ARABIC_DIGITS)
        return f"{number} {self._months[day.month - 1]} {year}"

    def digits(self, text: str) -> str:
        """Return a text with its digits as the language writes them, such as a year."""
        return text if self._western else text.translate(_ARABIC_DIGITS)


def plural_form(forms: CountForms, number: int) -> str:
    """Return the form for a number by the plural rules of Arabic (CLDR).

    English has the same text in the forms that it does not know. "One" and "two" are for 1 and 2
    alone: 101 is no one.
    """
    if number < 3:
        return forms[number]
    rest = number % 100
    if 3 <= rest <= 10:
        return forms.few
    return forms.many if rest >= 11 else forms.other
