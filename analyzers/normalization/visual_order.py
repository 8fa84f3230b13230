"""Text in visual order: each line written from its last letter to its first.

Converters that take the glyphs of a PDF from left to right leave Arabic so, often in presentation
forms. It looks right where a viewer does no reordering, and no word in it can be found.

Arabic words tell their direction by their ends. The article and the hamza under an alef begin
words, teh marbuta and alef maksura end them; في, من and على are everywhere. Reversed, words end in
لا and إ, begin with ة and ى, and are يف, نم and ىلع.
"""

from __future__ import annotations

import re
import unicodedata

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import CONTROLS, MARKS

_SAMPLE = 1500
"""How many characters are looked at."""

_LEAST_EVIDENCE = 3
_LEAST_CERTAIN = 1
_TIMES_MORE = 3
"""So much more often must words be the wrong way round than the right one."""

_IGNORED = dict.fromkeys(map(ord, MARKS + TATWEEL + CONTROLS))
_LETTER = "[\u0620-\u063a\u0641-\u064a\u066e-\u06d3\u06d5]"
_START, _END = f"(?<!{_LETTER})", f"(?!{_LETTER})"
_FORWARD = re.compile(
    f"{_START}(?:(?:[وفبك]?ال|لل)(?={_LETTER}{{2}})|[إأ](?={_LETTER})"
    f"|(?:في|من|على|إلى|الى|عن|التي|الذي){_END})|(?<={_LETTER})[ةى]{_END}"
)
_BACKWARD = re.compile(
    f"(?<={_LETTER}{{2}})(?:لا[وفبك]?|لل|أ){_END}"  # Arabic مثلا and Persian بالا too
    f"|({_START}(?:(?:يف|نم|ىلع|ىلإ|ىلا|نع|يتلا|يذلا){_END}|[ةى](?={_LETTER}))|(?<={_LETTER})إ{_END})"
)


def looks_reversed(text: str) -> bool:
    """Tell whether a text is in visual order, by a sample of its beginning.

    It takes about twenty words to tell; fewer, and text that is hardly Arabic, are taken as they
    are. A text that changes its order further down is judged by how it begins.

    >>> line = "ذهب الطالب إلى المدرسة القديمة في المدينة مع صديقه الذي يسكن قرب الجامعة"
    >>> looks_reversed(line), looks_reversed(line[::-1])
    (False, True)
    """
    # Nearly every text shows two words in ة at a glance; the rest is for those that do not.
    first = text.find("ة ", 0, _SAMPLE)
    if first >= 0 and text.find("ة ", first + 1, _SAMPLE) >= 0:
        return False
    sample = text[:_SAMPLE]
    if sample.isascii():
        return False
    sample = unicodedata.normalize("NFKC", sample).translate(_IGNORED)
    evidence = _BACKWARD.findall(sample)
    if len(evidence) < _LEAST_EVIDENCE or sum(map(bool, evidence)) < _LEAST_CERTAIN:
        return False
    return len(evidence) > _TIMES_MORE * len(_FORWARD.findall(sample))
