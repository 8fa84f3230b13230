r"""LaTeX escapes in bibliographies: accents, letters and commands as plain text.

Read are the accents and letters of the Latin script, as in `\'{e}`, `{\=a}`, `\d h`, `\aa`,
and the commands that only style their argument. Unknown commands are left out, their argument stays.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTERS = {
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "ss": "ß", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "guillemotleft": "«", "guillemotright": "»",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "S": "§", "P": "¶",
    "copyright": "©", "pounds": "£", "euro": "€", "textasciitilde": "~", "textbackslash": "\\",
    "ayn": "ʿ", "hamza": "ʾ", "textsubring": "", "space": " ", "quad": " ", "qquad": " ",
}  # fmt: skip
_ACCENTED = re.compile(
    r"\\(?:([`'^~=.\"])\s*|([urHvdckbt])(?:\s+|(?=\{)))"
    r"(?:\{\s*(\\?[^\W\d_]|)\s*\}|(\\[ij](?![a-zA-Z])|[^\W\d_]))"
)
_COMMAND = re.compile(r"\\([a-zA-Z]+)\*?(?:\{\}|\s*)")
_ESCAPED = re.compile(r"\\([^a-zA-Z\s])")
_DASHES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_MOST_NESTED = 5


def plain_text(written: str) -> str:
    r"""Return the text that LaTeX makes of a value.

    >>> plain_text(r"Mu{\d h}ammad: {\=A}th{\=a}r \emph{M\"uller} \& S{\o}n --- 5~\%")
    'Muḥammad: Āthār Müller & Søn — 5 %'
    """
    if "\\" in written:
        for _ in range(_MOST_NESTED):
            written, count = _ACCENTED.subn(_accent, written)
            if not count:
                break
        written = _COMMAND.sub(lambda command: _LETTERS.get(command[1], ""), written)
        written = _ESCAPED.sub(_literal, written)
    for dash, character in _DASHES:
        written = written.replace(dash, character)
    written = written.replace("~", " ").replace("{", "").replace("}", "").replace("$", "")
    written = written.translate({0xE000 + ord(each): each for each in "~{}$"})
    return unicodedata.normalize("NFC", " ".join(written.split()))


def _accent(found: re.Match[str]) -> str:
    letter = (found[3] if found[3] is not None else found[4]).lstrip("\\")
    return letter + _ACCENTS[found[1] or found[2]]


def _literal(found: re.Match[str]) -> str:
    """Return an escaped character; those that mean something are kept apart until the end."""
    character = found[1]
    if character in "~{}$":
        return chr(0xE000 + ord(character))
    return " " if character in ",;:!/" else character
