"""The light stemmer: strips clitics and regular endings by rule, except from protected words.

A surface form is read as `(و|ف) + (ب|ك|ل|س) + ال + word + ending + pronoun`, each part optional.
Rules alone would strip the و of وزارة and the ان of لبنان, so two lists protect words:
`protected_starts` (no proclitic is stripped from these) and `protected_ends` (no ending is). Both also
apply inside clitics: وبوزارتهم is stemmed to وزارة. A third list, `prefixed`, has the words that do
begin with a proclitic where the rules would not strip it: بسبب is too short, بلغة looks like بلغ + ه.

The stem is not a dictionary form: a sound plural shares the stem of its singular, a broken plural
does not. Hamza seats are folded here (مسؤول, مسئول and مسوول share a stem), because surface forms
keep them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analyzers.stemming.affixes import (
    AFTER_CONJUNCTION,
    AFTER_PROTECTED_START,
    CONJUNCTIONS,
    DEFINITE,
    ENDING,
    FINAL_HAMZA,
    INDEFINITE,
    MIN_BASE_LENGTHS,
    PREPOSITIONS,
    PROCLITIC,
    PRONOUN_SET,
    SIGNS_OF_END,
    SIGNS_OF_START,
    VERB_ENDING,
)
from analyzers.stemming.hamza import final_hamza, fold_hamza
from analyzers.stemming.protected_words import ProtectedWords, shipped_protected_words
from analyzers.stemming.rare_affixes import (
    RARE_SIGNS,
    RareAffixes,
    may_have_rare_affixes,
    strip_rare_affixes,
)

ARABIC_WORD = re.compile("[\u0621-\u064a]{3,}|[سشن]ئ")
"""A surface form that the rules apply to: three letters or more, and شئ for شيء."""

_ARABIC_LINES = re.compile("[\n\u0621-\u064a]*+")

_PROCLITIC_RULES = {
    "و": "conjunction",
    "ف": "conjunction",
    "ب": "preposition",
    "ل": "preposition",
    "ك": "preposition",
    "لل": "preposition and article",
    "ال": "article",
    "س": "future",
}
_HOLLOW_ROOTS = frozenset(("كن", "قل", "زر", "قم", "نم", "بع", "رح", "خف", "عش", "مت", "طر"))
_PAST_PLURAL = re.compile("([^اءؤئ]{3})ت(?:ما?|ن|مو(?:ه|ها|هم|نا|ني))")


class Affix(NamedTuple):
    """A clitic or ending that was stripped from a word, and the name of its rule."""

    text: str
    rule: str


class StemExplanation(NamedTuple):
    """A stem and how it was found.

    `proclitics` and `endings` were stripped, from the outside in; `protected` is the listed word
    whose ending was kept, or "".
    """

    stem: str
    proclitics: tuple[Affix, ...] = ()
    endings: tuple[Affix, ...] = ()
    protected: str = ""

    def describe(self) -> str:
        """Return the steps in words: `و- conjunction, ال- article, -ون ending`."""
        steps = [f"{affix.text}- {affix.rule}" for affix in self.proclitics]
        steps += [f"-{affix.text} {affix.rule}" for affix in self.endings]
        if self.protected:
            steps.append(f"{self.protected} is kept whole")
        return ", ".join(steps)


def stem(surface: str, protected: ProtectedWords | None = None) -> str:
    """Return the light stem of a surface form, which `analyzers.normalization.folding.fold` makes.

    Without `protected` the shipped lists apply. Words of other scripts, numbers and words of fewer
    than three letters are their own stem.

    >>> [stem(word) for word in ("وبالكتاب", "كتابهم", "سيكتبون", "وزاره", "لبنان")]
    ['كتاب', 'كتاب', 'يكتب', 'وزاره', 'لبنان']
    """
    if not ARABIC_WORD.fullmatch(surface):
        return surface
    return stem_arabic(surface, shipped_protected_words() if protected is None else protected)


def are_arabic(surfaces: Sequence[str]) -> bool:
    """Return whether all of some surface forms match `ARABIC_WORD`, but for their length."""
    return _ARABIC_LINES.fullmatch("\n".join(surfaces)) is not None


def stem_all(surfaces: Sequence[str], protected: ProtectedWords) -> list[str]:
    """Return the light stem of each of many surface forms of which `are_arabic` is true."""
    return [
        stem_arabic(surface, protected) if len(surface) > 2 else stem(surface, protected)
        for surface in surfaces
    ]


def stem_arabic(surface: str, words: ProtectedWords, *, rare: bool = True) -> str:
    """Return the light stem of a surface form that `ARABIC_WORD` matches.

    Without `rare` its rare affixes are kept.
    """
    # The letters tell of half of the words that there is nothing to strip at one side.
    signs = SIGNS_OF_START[surface[:3]] | SIGNS_OF_END[surface[-3:]]
    if signs & RARE_SIGNS and rare and may_have_rare_affixes(signs):
        stripped = strip_rare_affixes(surface, words, _stem)
        if stripped is not None and surface not in words.whole:
            return _stem(stripped.word, words)
    if signs & FINAL_HAMZA:
        surface = final_hamza(surface)
    definite = False
    if signs & PROCLITIC:
        surface, _, proclitic = _strip_proclitics(surface, words)
        definite = len(proclitic) > 1
    if signs & ENDING or (signs & VERB_ENDING and surface[3:4] == "ت"):
        surface, _, _, _ = _strip_endings(surface, words, definite)
    if "ء" in surface or "ئ" in surface or "ؤ" in surface:
        return fold_hamza(surface)
    return surface


def _stem(surface: str, words: ProtectedWords) -> str:
    """Return the stem of a word without rare affixes."""
    return surface if len(surface) < 3 else stem_arabic(surface, words, rare=False)


def rare_affixes(surface: str, words: ProtectedWords) -> RareAffixes | None:
    """Return the rare affixes of a surface form (أتدرون, هالكتاب), or None where it has none."""
    if surface in words.whole or len(surface) < 3:
        return None
    return strip_rare_affixes(surface, words, _stem)


def explain(surface: str, protected: ProtectedWords | None = None) -> StemExplanation:
    """Return the stem of a surface form with every affix that was stripped."""
    if not ARABIC_WORD.fullmatch(surface):
        return StemExplanation(surface)
    words = shipped_protected_words() if protected is None else protected
    rare = rare_affixes(surface, words) or RareAffixes(surface)
    outer = tuple(Affix(text, rule) for text, rule in rare.proclitics)
    last = tuple(Affix(text, rule) for text, rule in rare.endings)
    word = final_hamza(rare.word)
    if len(word) < 3:
        return StemExplanation(word, outer, last)
    base, conjunction, proclitic = _strip_proclitics(word, words)
    base, pronoun, ending, kept = _strip_endings(base, words, len(proclitic) > 1)
    proclitics = (conjunction, *_split_article(proclitic))
    endings = ((pronoun, "pronoun"), (ending, "ending"))
    return StemExplanation(
        fold_hamza(base),
        (*outer, *(Affix(text, _PROCLITIC_RULES[text]) for text in proclitics if text)),
        (*last, *(Affix(text, rule) for text, rule in endings if text)),
        kept,
    )


def _strip_proclitics(word: str, words: ProtectedWords) -> tuple[str, str, str]:
    """Strip the proclitics of a word. Return the rest, the conjunction, and the inner proclitic.

    The inner proclitic is a preposition, the future س, or two or three letters that include the
    article; "" stands for none.
    """
    # The rules come before the lists: in half of the words they find nothing to strip.
    conjunction = ""
    if word[0] in CONJUNCTIONS and len(word) >= 4:
        if _has_protected_start(word, words):
            return word, "", ""
        conjunction, word = word[0], word[1:]
    if word[0] not in AFTER_CONJUNCTION:
        return word, conjunction, ""
    prefixed = word in words.prefixed
    proclitic = _inner_proclitic(word, prefixed)
    lam = word.startswith("لل")
    if (proclitic or lam) and not prefixed:
        if protected_start_of(word, words):
            return word, conjunction, ""
        if lam and (whole := _protected_after_lam(word, words)):
            return whole, conjunction, "ل"
    if len(proclitic) == 3 and _has_protected_start(word[1:], words):
        proclitic = word[0]  # بالمانيا is ب + المانيا
    return word[len(proclitic) :], conjunction, proclitic


def outermost_proclitic(word: str, *, after_conjunction: bool = False, short: bool = False) -> str:
    """Return the first proclitic that the rules find in a surface form, or "".

    With `short` three letters may remain after a preposition, else four must.

    >>> [outermost_proclitic(word) for word in ("وبالكتاب", "بالكتاب", "بكتاب", "كتاب")]
    ['و', 'بال', 'ب', '']
    """
    conjunction = "" if after_conjunction else _conjunction(word)
    return conjunction or _inner_proclitic(word, short)


def _conjunction(word: str) -> str:
    return word[0] if word[0] in CONJUNCTIONS and len(word) >= 4 else ""


def _inner_proclitic(word: str, short: bool) -> str:
    """Return the preposition, article or future at the start of a word, or ""."""
    letter = word[0]
    length = len(word)
    if length >= 5 and word.startswith(("بال", "كال")):
        return word[:3]
    if length >= 4 and word.startswith(("ال", "لل")):
        return word[:2]
    if letter in PREPOSITIONS and length >= (4 if short else 5):
        return letter
    if letter == "س" and length >= 5 and word[1] in "يتنا":
        return letter
    return ""


def _split_article(proclitic: str) -> tuple[str, ...]:
    return (proclitic[0], "ال") if len(proclitic) == 3 else (proclitic,)


def _protected_after_lam(word: str, words: ProtectedWords) -> str:
    """Return the protected word inside one that begins with لل, or "".

    Spelling writes two lams where ل comes before a word in ال or اللـ.
    """
    if _has_protected_start(word[1:], words):
        return word[1:]  # للغة is ل + اللغة
    whole = "ا" + word
    return whole if whole in words.starts else ""  # لله is ل + الله


def _has_protected_start(word: str, words: ProtectedWords) -> bool:
    return word not in words.prefixed and bool(protected_start_of(word, words))


def protected_start_of(word: str, words: ProtectedWords) -> str:
    """Return the word of `starts` that a surface form is, or is with an ending; "" if there is none.

    >>> protected_start_of("لجنتها", shipped_protected_words())
    'لجنه'
    """
    if word in words.starts:
        return word
    for ending in AFTER_PROTECTED_START[word[-3:]]:
        base = word[: -len(ending)]
        if base in words.starts:
            return base
        if base.endswith("ت") and base[:-1] + "ه" in words.starts:
            return base[:-1] + "ه"
    return _root_of_past_plural(word, words.verbs) if word[3:4] == "ت" else ""


def _root_of_past_plural(word: str, verbs: frozenset[str]) -> str:
    """Return the root of a verb in the second person plural, or "": كتبتم is no ك with تبتم.

    The list of verbs tells by the present of the root: يكتب, يجد.
    """
    past = _PAST_PLURAL.fullmatch(word)
    if past is None:
        return ""
    root = past[1]
    if root[0] == "و" and root[1:] in _HOLLOW_ROOTS:
        return ""  # وكنتم
    present = "ماي" + (root[1:] if root[0] == "و" else root)
    return root if present in verbs or "ماي" + root in verbs else ""


def _strip_endings(word: str, words: ProtectedWords, definite: bool) -> tuple[str, str, str, str]:
    """Strip a pronoun, then an ending of gender, number or case.

    `definite` tells whether the article was stripped. Return the rest, the pronoun, the ending, and
    the protected word that ended the search; "" stands for none.
    """
    ends = words.ends
    if word[-1] == "ا" and _has_dropped_hamza(word, words, definite):
        word = word.removeprefix("ال") + "ء"
        return word, "", "", word
    if word in ends:
        return word, "", "", word
    if word[3:4] == "ت" and (root := _root_of_past_plural(word, words.verbs)):
        return root, "", word[3:], ""
    endings = (DEFINITE if definite else INDEFINITE)[word[-3:]]
    if not endings:
        return word, "", "", ""
    if not definite and word[-1] == "ا" and word[-2:] != "ها" and word[:-1] in ends:
        return word[:-1], "", "ا", word[:-1]  # قانونا is not قانو + نا
    pronoun = ""
    base, ending = _strip_first(endings, word)
    if ending in PRONOUN_SET and (ending != "ه" or (not definite and _takes_pronoun_heh(base))):
        pronoun = ending
        word = _restore_before_pronoun(base, words)
        if word in ends:
            return word, pronoun, "", word
        base, ending = outermost_ending(word, definite=True)
    singular = _feminine_singular(word, words)
    if not singular:
        return base, pronoun, ending, ""
    ending = word[len(singular) - 1 :]
    if singular in ends:
        return singular, pronoun, ending, singular
    return singular if len(singular) == 3 else singular[:-1], pronoun, ending, ""


def _has_dropped_hamza(word: str, words: ProtectedWords, definite: bool) -> bool:
    """Tell whether a word in ا is one in اء: الكهربا. غدا is tomorrow, الغدا is lunch."""
    return word in words.dropped_hamza or (definite and "ال" + word in words.dropped_hamza)


def outermost_ending(word: str, definite: bool = False) -> tuple[str, str]:
    """Return a word without its last ending or pronoun, and that ending; "" if there is none.

    A word with the article, or before a pronoun that was stripped, takes fewer endings.

    >>> outermost_ending("كتابهم"), outermost_ending("مسلمون"), outermost_ending("فيلم")
    (('كتاب', 'هم'), ('مسلم', 'ون'), ('فيلم', ''))
    """
    return _strip_first((DEFINITE if definite else INDEFINITE)[word[-3:]], word)


def _strip_first(endings: tuple[str, ...], word: str) -> tuple[str, str]:
    """Strip the first of some endings of a word that leaves enough of it."""
    for ending in endings:
        if len(word) - len(ending) >= MIN_BASE_LENGTHS.get(ending, 3):
            return word[: -len(ending)], ending
    return word, ""


def _takes_pronoun_heh(base: str) -> bool:
    """Tell whether a final ه after `base` is a pronoun (كتبوه) and not a teh marbuta (علاوه)."""
    if base.endswith("و"):
        return len(base) >= 4 and base[-2] != "ا"
    return base.endswith(("ت", "ؤ", "ئ", "ون"))


def _restore_before_pronoun(base: str, words: ProtectedWords) -> str:
    """Undo the change of spelling before a pronoun.

    مدرست(هم) is مدرسه, ابناؤ(هم) is ابناء, مستوا(هم) is مستوي, كتبو(ها) is كتب.
    """
    if base in words.dropped_hamza:
        return base + "ء"
    if base in words.ends:
        return base
    if base.endswith("ت"):
        singular = base[:-1] + "ه"
        return base if base.endswith("ات") and singular not in words.ends else singular
    if base.endswith(("اؤ", "ائ")):
        noun = base[:-1] + "ء"
        return noun + "ه" if noun + "ه" in words.ends else noun  # كفائة is كفاءة
    if base.endswith("ا") and not base.endswith("يا"):
        return base[:-1] + "ي"
    if base.endswith("و") and len(base) >= 4:
        return base[:-1]
    return base


def _feminine_singular(word: str, words: ProtectedWords) -> str:
    """Return the singular in ه of a dual in تان or تين, or of a plural in ات if it is listed; else ""."""
    if word.endswith("ات") and word[:-2] + "ه" in words.ends:
        return word[:-2] + "ه"  # وزارات is the plural of وزارة
    if word.endswith(("تان", "تين")) and len(word) >= 5 and word[:-2] not in words.ends:
        return word[:-3] + "ه"
    return ""
