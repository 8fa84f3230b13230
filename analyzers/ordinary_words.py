"""Ordinary words: the surface forms of many words at once, of those that few rules apply to.

Nine of ten distinct words of a text are Arabic letters alone, and their surface form differs from
them by letter variants at most. Folded together in one string they take a fifth of the time that
`analyzers.analyzer.surface_forms` takes one by one. Those that may have a turned ligature or be two
words are asked about one by one, and most are ordinary after all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analyzers.normalization.folding import RESPELLED_WORDS
from analyzers.normalization.turned_ligatures import CANDIDATE_LINE as TURNED_LINE
from analyzers.normalization.turned_ligatures import repair_candidate
from analyzers.stemming.joined_words import CANDIDATE_LINE as JOINED_LINE
from analyzers.stemming.joined_words import split_joined_word
from analyzers.stemming.protected_words import ProtectedWords

LONGEST = 128
"""Longer words are no ordinary ones."""

_VARIANTS = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ة", "ه"))
_VARIANT = re.compile("([أإآىة])")

_WRITTEN = (
    re.compile("[^\n\u0621-\u063a\u0641-\u064a]+"),  # no letter
    re.compile("ة(?=[^\n])"),  # a space is missing
    re.compile("\n[وف]?(?:إل|ألن)"),  # a turned ligature, perhaps
    re.compile("ىل(?=\n)"),
)
_FOLDED = (
    re.compile(r"([\u0621-\u064a])\1\1"),  # lengthened
    re.compile("ءا|ماء"),
    re.compile("\n[وف]?ا[اءئ]"),
)
"""What in words as written, and in their surface forms, some other rule may apply to."""


_ALEFS = "اأإآ"
_LETTERS = [*map(chr, range(0x621, 0x63B)), *map(chr, range(0x641, 0x64B))]
_LINE_BREAK, _FIRST_LETTER = 1, 2
_CLASSES = np.zeros(0x700, np.uint8)
_CLASSES[ord("\n")] = _LINE_BREAK
_CLASSES[[*map(ord, _LETTERS)]] = range(_FIRST_LETTER, _FIRST_LETTER + len(_LETTERS))
"""The number of each letter, 1 of a line break, 0 of all other characters."""

_USUAL_CLASSES = np.arange(_FIRST_LETTER + len(_LETTERS), dtype=np.uint8)
for _variant, _letter in _VARIANTS:
    _USUAL_CLASSES[_CLASSES[ord(_variant)]] = _CLASSES[ord(_letter)]
"""The number of each letter with that of its surface form."""

_PAIRS = 64
_ANYWHERE, _FIRST, _ARTICLE, _LAM = 1, 2, 4, 8
"""Where in a word a pair of letters makes it worth a look: see `_needs_a_look`."""


def _classes(letters: str) -> npt.NDArray[np.uint8]:
    return _CLASSES[[*map(ord, letters)]]


def _pair_flags() -> npt.NDArray[np.uint8]:
    """Return the flags of each pair of classes; uint8 [_PAIRS * _PAIRS]."""
    flags = np.zeros((_PAIRS, _PAIRS), np.uint8)

    def add(flag: int, firsts: str, seconds: str) -> None:
        flags[np.ix_(_classes(firsts), _classes(seconds))] |= flag

    letters = "".join(_LETTERS)
    flags[0] = flags[:, 0] = _ANYWHERE  # no letter
    add(_ANYWHERE, "ة", letters)
    add(_ANYWHERE, "ى", "ل")
    add(_ANYWHERE, "ء", _ALEFS)
    add(_ANYWHERE, _ALEFS, "ء")
    add(_FIRST, _ALEFS, _ALEFS + "ئبخن")
    add(_FIRST, "إأ", "ل")
    add(_FIRST, "لمذ", _ALEFS)
    add(_FIRST, "يى", _ALEFS)
    add(_FIRST, "بكعم", "م")
    add(_FIRST, "ب", "ون")
    add(_FIRST, "ف", "يى")
    add(_FIRST, "ع", "ب")
    add(_FIRST, "ذ", "و")
    add(_ARTICLE, _ALEFS, "ل")
    add(_LAM, "مجحخه", "ل")
    return flags.ravel()


_PAIR_FLAGS = _pair_flags()
_LAST_OF_CLITICS = 3
"""How many letters of clitics may come before a pair of `_LAM`."""


def _letter_table(letters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(_PAIRS, np.bool_)
    table[_classes(letters)] = True
    return table


_IN_LETTERS = {
    letters: _letter_table(letters) for letters in ("وفبل", "وفب", "وف", "بكل", _ALEFS + "رجحخ")
}


def ordinary_surface_forms(
    words: Sequence[str], protected_words: ProtectedWords | None = None
) -> list[str]:
    """Return the surface form of each ordinary word, and "" for each other one.

    No word has a line break in it. Without `protected_words` the shipped lists apply. Raises
    LexiconError where the shipped lexicon cannot be read.

    >>> ordinary_surface_forms(["المدرسة", "على", "٢٠٠٣م"])
    ['المدرسه', 'علي', '']
    """
    written = "\n".join(("", *words, ""))
    forms = _with_usual_letters(written).split("\n")[1:-1]
    if not RESPELLED_WORDS.isdisjoint(forms) or max(map(len, words), default=0) > LONGEST:
        forms = ["" if form in RESPELLED_WORDS or len(form) > LONGEST else form for form in forms]
    starts = _starts(words)
    suspects = _needs_a_look(written, starts)
    if suspects:
        found = _forms_of_suspects([words[number] for number in suspects], protected_words)
        for number, form in zip(suspects, found, strict=True):
            if not form:
                forms[number] = ""
    return forms


def _starts(words: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return where the line break before each word is, and the one after the last."""
    starts = np.zeros(len(words) + 1, np.intp)
    np.cumsum(np.fromiter(map(len, words), np.intp, len(words)) + 1, out=starts[1:])
    return starts


def _with_usual_letters(written: str) -> str:
    for variant, letter in _VARIANTS:
        written = written.replace(variant, letter)
    return written


def _needs_a_look(written: str, starts: npt.NDArray[np.intp]) -> list[int]:
    """Return the numbers of the words in which a pattern of some rule may match, by their letters.

    `written` has a line break before each word and after the last, `starts` their places. One word
    in five has a pair of letters where it counts.
    """
    units = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), "<u4")
    classes = _CLASSES.take(units, mode="clip")
    pairs = classes[:-1].astype(np.intp)
    pairs *= _PAIRS
    pairs += classes[1:]
    flags = _PAIR_FLAGS.take(pairs)
    letters = _USUAL_CLASSES.take(classes)
    lengthened = (letters[2:] == letters[1:-1]) & (letters[1:-1] == letters[:-2])
    flags[:-1][lengthened] |= _ANYWHERE
    places = flags.nonzero()[0]
    flags = flags[places]
    words = starts.searchsorted(places, "right") - 1
    firsts = starts[words] + 1
    offsets = places - firsts
    is_first = offsets == 0
    is_second = offsets == 1
    is_third = offsets == 2
    looks = (flags & _ANYWHERE) > 0
    looks |= (flags & _FIRST > 0) & (is_first | (is_second & _is_any(classes[firsts], "وفبل")))
    usual = is_first | (is_second & _is_any(classes[firsts], "وفب"))
    usual |= is_third & _is_any(classes[firsts], "وف") & _is_any(classes[places - 1], "بكل")
    looks |= (flags & _ARTICLE > 0) & ~usual
    before = _is_any(classes[places - 1], _ALEFS + "رجحخ")
    doubled = classes.take(places + 2, mode="clip") == _CLASSES[ord("ل")]
    looks |= (flags & _LAM > 0) & ((offsets <= _LAST_OF_CLITICS) | before | doubled)
    return list(dict.fromkeys(words[looks].tolist()))


def _is_any(classes: npt.NDArray[np.uint8], letters: str) -> npt.NDArray[np.bool_]:
    return _IN_LETTERS[letters].take(classes)


def _forms_of_suspects(words: Sequence[str], protected_words: ProtectedWords | None) -> list[str]:
    """Return the surface form of each word, and "" where another rule applies to it."""
    written = "\n".join(("", *words, ""))
    folded = _with_usual_letters(written)
    forms = folded.split("\n")[1:-1]
    starts = _starts(words)

    def lines(text: str, *patterns: re.Pattern[str]) -> dict[int, None]:
        places = list(_places(text, patterns))
        numbers: list[int] = (starts.searchsorted(places, "right") - 1).tolist()
        return dict.fromkeys(numbers)

    for line in (*lines(written, *_WRITTEN), *lines(folded, *_FOLDED)):
        forms[line] = ""
    for line in lines(folded, TURNED_LINE):
        if forms[line] and repair_candidate(words[line], forms[line]) != words[line]:
            forms[line] = ""
    for line in lines(folded, JOINED_LINE):
        if forms[line] and len(split_joined_word(forms[line], protected_words)) > 1:
            forms[line] = ""
    return forms


def ordinary_spelling(word: str) -> str:
    """Return the spelling of an ordinary word, as `analyzers.normalization.spelling` makes it.

    >>> ordinary_spelling("الأولى"), ordinary_spelling("كتاب")
    ('2أ2ى', '')
    """
    first, *parts = _VARIANT.split(word)
    if not parts:
        return ""
    if len(parts) == 2:  # nearly always
        return f"{len(first) or ''}{parts[0]}"
    gaps = (first, *parts[1::2])
    return "".join(
        [f"{len(gap) or ''}{found}" for gap, found in zip(gaps, parts[::2], strict=False)]
    )


def _places(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[int]:
    """Yield a place in each word that a pattern matches in, counted from the first letter of all."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found.end() - 1 if found[0].startswith("\n") else found.start()
