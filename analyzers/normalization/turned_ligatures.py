"""Turned ligatures: repairs words whose ligatures with lam were read from the wrong end.

Fonts draw لا, لم or لله as one glyph. Converters that know the letters of a glyph but not their
direction write the last one first: الإسلامي becomes اإلسالمي, المدرسة becomes املدرسة, الله becomes هللا
or اهلل. Text of this kind looks nearly right, but its words cannot be found.

Some sequences are certain, because correct spelling never has them: األ at the start of a word, هللا
as a word, ى before a final ل. All others are asked of the shipped lexicon: a word is repaired if it is
unknown as it is written, or very rare, and known with the letters in order. A turned word that is
another word (ثلاث as ثالث) is left alone.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import CONTROLS, MARKS, fold
from analyzers.stemming.stopwords import is_function_word

if TYPE_CHECKING:
    from analyzers.morphology.reading import MorphologicalAnalyzer

MAX_LIGATURES = 4
"""How many ligatures of one word are turned back; a word with more is left alone."""

_CLITICS = "[وف]?[بك]?"
_JOINS_WITH_LAM = "[مجحخه]"  # where no letter joins the lam from before

_SHORT_END = "(?:[ىيةهك]|ها|هم|هما|هن|كم|نا|ني)"  # لا before these is a dual, and rare
CANDIDATE_LINE = re.compile(
    "[امجحخه]ل(?:"
    f"(?<=ال)(?<!^ال)(?<!^[وفب]ال)(?<!^[وف][بكل]ال)(?!{_SHORT_END}$)"
    "|(?<=^[مجحخه]ل)(?=..)|(?<=^[وا][مجحخه]ل)|(?<=^[وفب]ا[مجحخه]ل)|(?<=^[وف]با[مجحخه]ل)"
    "|(?<=[ار]مل)(?=ا)|(?<=هل)(?=لا?م?$)|(?<=ا[جحخ]مل))",
    re.MULTILINE,
)
"""Matches in surface forms on a line each, where a ligature may be turned."""

_CANDIDATE_STARTS = ("إل", "وإل", "فإل", "ألن", "وألن", "فألن")
_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]{3,}")
_INVISIBLE = dict.fromkeys(map(ord, MARKS + TATWEEL + CONTROLS))

_ALLAH = re.compile("([وف]?[بك]?(?:عبد)?)(?:هللا|اهللا?)(م?)$|(ت)اهلل$")
_CERTAIN = (
    (re.compile(f"^({_CLITICS}ا)ا(?=ل[أإآ])"), r"\1"),  # االأخضر
    (re.compile(f"^({_CLITICS}ا)([أإآ])ل"), r"\1ل\2"),  # األخضر
    (re.compile("(?<=.)ىل$"), "لى"),  # عىل
    (re.compile("^([وف]?)ألن(?=(?:ه|ها|هم|هما|هن|ك|كم|نا|ني)$)"), r"\1لأن"),  # ألنه
)


_NOT_ARTICLE = "(?<!^ا)(?<!^[وفبك]ا)(?<!^[وف][بك]ا)"


class _Kind(NamedTuple):
    """A kind of ligature.

    `start` is the pattern of what is before a turned one of `length` letters. The repaired form must
    have the weight `least` in the lexicon, and `gap` more than the word as it is written, if that is
    known. Both were measured on running text, so that words that are right as they are stay.
    """

    start: str
    least: int
    gap: int
    length: int = 2

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled on the first use: few words come this far."""
        return _compiled(self.start)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# The other letters of verbs that begin with lam: لألعب is right as it is.
_LAM_ROOT = (
    "(?:ب[سث]|ت[قه]|ثم|ج[أم]|ح[حدظقن]|خص|د|ذ|ز[مق]|س[عن]|ص|ط[فم]|ع[بقن]|غ|ف[تظقى]|ق[ىيطفمنه]|"
    "م[حسع]|ه[ثو]|و[حذمى]|ين|ا)"
)
_AT_THE_START = (
    _Kind("[وف]?ب?ا(?=[جحخ]مل..)", 30, 30, 3),  # اجملتمع
    _Kind(f"ا(?={_JOINS_WITH_LAM}ل..)", 30, 18),  # املدرسة
    _Kind(f"با(?={_JOINS_WITH_LAM}ل..)", 30, 10),  # باملئة
    _Kind(f"ب?ا(?={_JOINS_WITH_LAM}ل.$)", 45, 24),  # احلق
    _Kind(f"[وف]ب?ا(?={_JOINS_WITH_LAM}ل.+[^هي]$)", 30, 18),  # واملدرسة, not واجلده
    _Kind(f"[وف]ب?ا(?={_JOINS_WITH_LAM}ل.+ي$)", 46, 45),  # واملالي, not واحلمي
    _Kind(f"[وف]?ل(?=[أإآ]ل(?!{_LAM_ROOT}).{{3}})", 37, 45),  # لألراضي
    _Kind(f"[وف]?ل(?=أل(?!{_LAM_ROOT})..$)", 45, 45),  # لألسف
    _Kind("[وف]?(?=إل(?!مام).{4})", 45, 45),  # إلنشاء
    _Kind(f"و?(?={_JOINS_WITH_LAM}ل..)", 45, 38),  # ملدة
)
_INSIDE = (
    _Kind("(?<=.ا)(?=ال.)", 20, 18),  # انتقاالت
    _Kind(f"(?<=.)(?=ال.)(?!ال{_SHORT_END}$)", 37, 36),  # االحتالل
    _Kind("(?<=..)(?<!^آ.)(?=ال$)", 43, 28),  # أوال
)
_START = re.compile(f"[وف]?(?:ب?ا?{_JOINS_WITH_LAM}ل|ل?[أإآ]ل|ب?ا[جحخ]مل)")
"""Matches the start of every word that one of `_AT_THE_START` matches."""

_AFTER_REH_OR_ALEF = _Kind(f"{_NOT_ARTICLE}(?<=[اأإر])(?=ملا)", 45, 38)  # برملان
_AFTER_ARTICLE = _Kind("[وفب]?ال.+(?=الك$)", 37, 36)  # األسالك has no pronoun
_RARE_WEIGHT = 15
"""The weight of a word of which only the stem is known."""

_FUNCTION_WORD_WEIGHT = 65
"""The lexicon has no frequencies of function words."""

_CLITIC_PENALTY = 10
"""How much a clitic other than the article takes from the weight of its word."""

_VERY_RARE_WEIGHT = 14
"""Words of less weight count as unknown."""

_COMMON_WEIGHT = 34
"""No word of more weight is repaired, because no other has so much more; except after an article."""

NEXT_TO_LAM_ALEF = {
    "ا": "ءتعفنهو", "ب": "ءتدزسطغكلني", "ت": "ءتحزسشطعفقكلمنوي", "ث": "تثجن", "ج": "ءتدلن", "ح": "تقلمو",
    "خ": "ءبتصطفقلي", "د": "ءتعفلني", "ذ": "لن", "ز": "ءتزقن", "س": "تحسطفكلمن", "ش": "ءل", "ص": "بتحلنه",
    "ض": "ءتعل", "ط": "ءبتحسعقلني", "ظ": "تلم", "ع": "ءتجفقلمنو", "غ": "ءبتدفقلمهي", "ف": "تحدسشطفمن",
    "ق": "ءبتدعقلمنهي", "ك": "ءبتسشمنه", "ل": "ءابتجحخدذرزسشصعفقكلمنهوي", "م": "ءابتجحذرزعقكلمنهي",
    "ن": "ح", "ه": "ءتكل", "و": "ءبتجدذرقنهي", "ي": "ءتحدرطقكمني",
}  # fmt: skip
"""The letters after لا in the lexicon by the letter before: of forms with a weight of at least 30.

That of ل has those that begin a form too, as in اللاعب. A test compares this with the lexicon.
"""

_CONTEXT = (
    f"^{_CLITICS}اال|^[وف]?لال|^(?:[وف]?ب?ا|و?){_JOINS_WITH_LAM}ل|[ار]ملا|ا[جحخ]مل|ال$|"
    + "|".join(f"{before}ال[{after}]" for before, after in NEXT_TO_LAM_ALEF.items())
)

_TURNED_ARTICLE = re.compile(f"[وف]?ب?ا{_JOINS_WITH_LAM}ل")
_CERTAIN_START_OR_END = re.compile(f"{_CLITICS}ا[اأإآ]|[وف]?ألن|.+ىل$")

_USUAL_CLITICS = re.compile("(?:[وف]?ب?ال|[وف])(?=...)")
_NO_ARTICLE = re.compile("[وفبكل]{0,3}[أإآ]ل")
_ARTICLE = re.compile("[وف]{0,2}[بتكل]?ال")


def may_be_turned(word: str, surface: str) -> bool:
    """Tell whether `repair_turned_word` could change a word, by its letters alone.

    `surface` is the surface form of the word as written. True for one distinct word in twenty.
    """
    return CANDIDATE_LINE.search(surface) is not None or (
        word != surface and (word.startswith(_CANDIDATE_STARTS) or word.endswith("ىل"))
    )


def repair_turned_word(word: str) -> str:
    """Return a word with the letters of its turned ligatures in order, or the word itself.

    `word` is a match of the tokenizer or a surface form; a repaired word has no marks. Raises LexiconError
    where the shipped lexicon cannot be read.

    >>> [repair_turned_word(word) for word in ("اإلسالمي", "املدرسة", "اهلل", "العالم")]
    ['الإسلامي', 'المدرسة', 'الله', 'العالم']
    """
    surface = fold(word)
    return repair_candidate(word, surface) if may_be_turned(word, surface) else word


def repair_candidate(word: str, surface: str) -> str:
    """Return what `repair_turned_word` does for a word that `may_be_turned`."""
    letters = word.translate(_INVISIBLE)
    if not _LETTERS.fullmatch(letters) or (letters != word and fold(letters) != surface):
        return word  # of another script, or with the signs of the Quran
    repaired = _repair(letters, surface)
    return word if repaired == letters else repaired


def _repair(letters: str, surface: str) -> str:
    """Return the letters of a candidate in order."""
    allah = _ALLAH.match(letters)
    if allah:
        return f"{allah[1] or allah[3] or ''}الله{allah[2] or ''}"
    if _CERTAIN_START_OR_END.match(letters):
        repaired = letters
        for pattern, replacement in _CERTAIN:
            repaired = pattern.sub(replacement, repaired)
        if repaired != letters:
            return _turn_ligatures(repaired, certain=True)
    if not _compiled(_CONTEXT).search(surface) and not letters.startswith(_CANDIDATE_STARTS):
        return letters  # most candidates end here
    if not _TURNED_ARTICLE.match(letters) and _is_common(surface):
        return letters
    return _turn_ligatures(letters)


def _is_common(surface: str) -> bool:
    """Tell whether a surface form is a frequent word after its first clitics: a quick test."""
    lexicon = _morphology().lexicon
    clitics = _USUAL_CLITICS.match(surface)
    entry = lexicon.find(surface[clitics.end() :]) if clitics else lexicon.find(surface)
    return entry is not None and entry.weight > _COMMON_WEIGHT


def _turn_ligatures(letters: str, *, certain: bool = False) -> str:
    """Return a word with those ligatures turned that make it the most frequent word.

    With `certain` another ligature of it was found turned already, so any gain counts.
    """
    kinds = _turned_places(letters)
    if len(kinds) > MAX_LIGATURES:
        return letters
    options = []
    for size in range(1, len(kinds) + 1):
        for places in combinations(kinds, size):
            word = list(letters)
            for place in places:
                end = place + kinds[place].length
                word[place:end] = reversed(word[place:end])
            turned = "".join(word)
            weight = _weight(turned)
            if weight >= max(kinds[place].least for place in places) or (certain and weight > 0):
                options.append((weight, turned, max(kinds[place].gap for place in places)))
    best, found = -1, letters
    if options:
        best = written = _weight(letters, by_stem=True)
        for weight, turned, gap in options:
            enough = written < _VERY_RARE_WEIGHT or weight >= written + gap
            if weight > best and (certain or enough):
                best, found = weight, turned
    return found


def _turned_places(letters: str) -> dict[int, _Kind]:
    """Return the places where a turned ligature may start, in order, each with its kind."""
    places: dict[int, _Kind] = {}
    article = _ARTICLE.match(letters)
    start = article.end() if article else 0
    if not start and _START.match(letters):
        for kind in _AT_THE_START:
            found = kind.pattern.match(letters)
            if found:
                places[found.end()] = kind
                break
    elif found := _AFTER_ARTICLE.pattern.match(letters):
        places[found.end()] = _AFTER_ARTICLE
    for kind in _INSIDE if letters.find("ال", max(start, 1)) > 0 else ():
        for found in kind.pattern.finditer(letters):
            # The article is no ligature, and no word with it ends in لا.
            if found.end() + 2 != start and not (start and letters[found.end() :] == "ال"):
                places.setdefault(found.end(), kind)
    if "ملا" in letters and (found := _AFTER_REH_OR_ALEF.pattern.search(letters)):
        places.setdefault(found.end(), _AFTER_REH_OR_ALEF)
    return dict(sorted(places.items()))


@cache
def _morphology() -> MorphologicalAnalyzer:
    from analyzers.morphology.reading import shipped_morphology  # few texts need the lexicon

    return shipped_morphology()


def _weight(word: str, *, by_stem: bool = False) -> int:
    """Return the weight of the form that the lexicon has in a word, or -1.

    With `by_stem` a word of which only the stem is known has `_RARE_WEIGHT`.
    """
    morphology = _morphology()
    surface = fold(word)
    reading = morphology.analyze(surface) if by_stem else morphology.find_form(surface)
    if reading is None or ("ال" in reading.proclitics and _NO_ARTICLE.match(word)):
        return -1
    if reading.rule == "stem":
        return _RARE_WEIGHT
    entry = morphology.lexicon.find(reading.base)
    return -1 if entry is None else entry.weight


def word_likelihood(word: str) -> int:
    """Return about ten times the decimal logarithm of how often a word is written.

    Raises LexiconError where the shipped lexicon cannot be read.
    """
    if is_function_word(word):
        return _FUNCTION_WORD_WEIGHT
    reading = _morphology().analyze(fold(word))
    clitics = sum(clitic != "ال" for clitic in reading.proclitics) + bool(reading.enclitic)
    return _weight(word, by_stem=True) - _CLITIC_PENALTY * clitics
