"""Affixes that few words have: the interrogative أ, and what dialects write together.

- أتدرون, أفلا, أوكلما: أ, alone or before ف or و, asks a question;
- هالكتاب, عالبيت, بهالبيت: هذا and على before the article, the first also after a preposition;
- بيكتب, هيكتبها, حتكتبلي: the present and the future of dialects, before verbs with ي, ت or ن;
- ماكتبش, معرفش, مابيكتبوش: ما … ش, which negates a verb;
- قلتلك, كتبتلها, بيقولها: a verb with ل and a pronoun, or an object.

All of them look like other words: أكرم, هالة, عالم, مفتش, قتلهم. So what remains has to be the stem of a
verb in `particle_verbs.txt`, or a listed word. Surface forms have lost the hamza of أ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from typing import NamedTuple

from analyzers.stemming.protected_words import ProtectedWords


class RareAffixes(NamedTuple):
    """A word without its rare affixes, and those, each with the name of its rule."""

    word: str
    proclitics: tuple[tuple[str, str], ...] = ()
    endings: tuple[tuple[str, str], ...] = ()


Stem = Callable[[str, ProtectedWords], str]

_INTERROGATIVE = "interrogative"
_NEGATION = "negation"
_DATIVE = "ل and a pronoun"

# fmt: off
_ASKED = frozenset((
    "ليس", "ليست", "لستم", "ليسوا", "هذا", "هذه", "هؤلاء", "كان", "كانت", "كنت", "كنتم", "كانوا", "رايت",
    "رايتم", "رايتك", "رايتكم", "انت", "انتم", "عندك", "عندكم", "كلما", "في", "فيكم",
))
_ASKED_AFTER_FA = _ASKED | frozenset((
    "لا", "لم", "لن", "ما", "من", "ان", "غير", "كلما", "اذا", "انا", "عجبتم",
))
_ASKED_AFTER_WAW = frozenset(("لم", "ليس", "ليست", "ليسوا", "كلما", "عجبتم", "لما", "انتم"))
# fmt: on
"""Words after أ, after أف and after أو. (أولا is first, أولو are owners, ألست may be the lady.)"""

_AFTER_ALEF = frozenset("يتنافو")
_PAST_PLURAL = re.compile("[^اتي][^اي]{2}تم")

_DIALECT_ARTICLE = re.compile("(?:([وف]?)([بلك]?)(ه)|(و?)()(ع))ال(...+|شي)")
_NOT_AFTER_ON = re.compile("[ميهقجكتن][اتويهمنك]*")
"""Inflections of عالم, عالي, عالج, عالق and the like, after عال."""

_NOT_AFTER_THIS = re.compile(
    "ي[فبكن].*|يل(?:وي|ي).*|يو|يد(?:ي|اي|ات)|يت|يس|و[نيوب].*|وجين.*|وران|ول[وي].*|وا.?|وك|ك(?:[هايو]|ات|ون|ين|تين|تان|ي.+)|ست.+|سي|سيون|"
    "بر[تنشيو].*|بير.*|بن|بي|دن|دم.+|دان|فور.*|فر.*|في.+|تون|تر|ته?[ماك]?|تها|تهما|ه[امن]?|هما|ت?ني|نا|ات|اته|"
    "ان.?|مار.+|مان|عه.*|عا.?|عات|ل[ور].*|ينا|كا|تك|ير"
)
"""Inflections of هالة and هالك, and foreign names, after هال."""

_NOT_NEGATED = frozenset(("توح", "تعط", "يلي", "تلا", "فتر", "طرب", "كرم"))
"""What words that are no negation have between م and ش: متوحش, ميليش, مفترش."""

_DATIVE_ENDINGS = ("لي", "لك", "له", "لها", "لهم", "لنا", "لكم", "لكو")
_OBJECTS = ("ها", "ه", "هم", "ني", "نا", "ك", "كم")
_DIALECT_TENSES = {"ب": "present", "ه": "future of a dialect", "ح": "future of a dialect"}
_NO_TENSE = re.compile(
    "هي(?:ا[كم]|ول|دل|در|رب|رم|رس|را|نك|ني|جل|دون|مي|ملي|لو|لم|لب|بوس|ست|غيرا|كيل)|هن(?:وفر|شير)|"
    "حي(?:ات|ار|او|امن|ل(?!ا)|در|دار)|بي(?:ن|جل|ون|ور|هان|در|رن|غل)"
)
"""The beginnings of nouns and names that look like a verb after a letter of a dialect's tense: هياكل."""

_MIN_TENSE_BASE = 4
"""The least length of the stem of a verb after a letter of a dialect's tense, with ي, ت or ن."""

_ROOT = re.compile("[^اويء]{3}")
_HOLLOW_ROOTS = frozenset(("قل", "جب", "شف", "رح", "كن", "بع", "زد"))
"""The verbs with a weak second letter that dialects use so: قلت, جاب, شافت. Others look like nouns."""


_LETTERS = [chr(code) for code in range(ord("ء"), ord("ي") + 1)]
_STARTS = frozenset((
    *("ا" + second + third for second in _AFTER_ALEF for third in _LETTERS),
    *("ا" + word[:2] for word in _ASKED),
    *("هال", "عال", "وها", "وعا", "فها", "بها", "لها", "كها", "وبه", "وله", "وكه", "فبه", "فله"),
    *("بي" + letter for letter in _LETTERS),
    *(tense + person + letter for tense in "هح" for person in "يتن" for letter in _LETTERS),
))  # fmt: skip
_ENDS = frozenset(verb + ending for verb in "توا" for ending in _DATIVE_ENDINGS)
_RARE, _NEGATED_START, _NEGATED_END = 1, 2, 4
_NEGATED = _NEGATED_START | _NEGATED_END
RARE_SIGNS = _RARE | _NEGATED_END
"""Without one of these signs a word has no rare affixes."""


def signs_of_start(letters: str) -> int:
    """Return what the first three letters of a word say of rare affixes: `may_have_rare_affixes`."""
    return (_RARE if letters in _STARTS else 0) | (_NEGATED_START if letters[0] == "م" else 0)


def signs_of_end(letters: str) -> int:
    """Return what the last three letters of a word say of rare affixes: `may_have_rare_affixes`."""
    dative = letters in _ENDS or letters in _DATIVE_ENDINGS
    return (_RARE if dative else 0) | (_NEGATED_END if letters[-1] == "ش" else 0)


def may_have_rare_affixes(signs: int) -> bool:
    """Tell whether a surface form may have rare affixes, by the signs of its start and of its end.

    True for one distinct word in twenty.

    >>> [may_have_rare_affixes(signs_of_start(word[:3]) | signs_of_end(word[-3:]))
    ...  for word in ("اتدرون", "قلتلك", "الكتاب")]
    [True, True, False]
    """
    return signs & _RARE > 0 or signs & _NEGATED == _NEGATED


def strip_rare_affixes(word: str, protected: ProtectedWords, stem: Stem) -> RareAffixes | None:
    """Return what remains of a surface form without rare affixes, or None where it has none.

    `protected` has the verbs; `stem` is the stemmer without these rules.
    """
    first = word[0]
    if first == "ا":
        if word[1] in _AFTER_ALEF or word[1:] in _ASKED:
            return _strip_interrogative(word, protected, stem)
        return None
    if first == "م":
        if word[-1] == "ش":
            return _strip_negation(word, protected, stem)
    elif word.find("ال", 1, 5) > 0:
        found = _DIALECT_ARTICLE.fullmatch(word)
        if found:
            return _strip_dialect_article(found)
    if first in _DIALECT_TENSES and word[1] in ("ي" if first == "ب" else "يتن"):
        return _strip_tense(word, protected, stem)
    if word[-2] == "ل" or word[-3] == "ل":
        return _strip_dative(word, protected.verbs)
    return None


def _strip_interrogative(word: str, protected: ProtectedWords, stem: Stem) -> RareAffixes | None:
    rest = word[1:]
    if rest in _ASKED or (rest[0] == "ا" and len(rest) >= 3):  # أأنتم
        return RareAffixes(rest, (("ا", _INTERROGATIVE),))
    if rest[0] in "يتن":
        if len(rest) >= 3 and _is_asked(rest, protected, stem):
            return RareAffixes(rest, (("ا", _INTERROGATIVE),))
    elif rest[0] in "فو":
        inner = rest[1:]
        if inner in (_ASKED_AFTER_FA if rest[0] == "ف" else _ASKED_AFTER_WAW) or (
            len(inner) >= 4
            and (
                (
                    inner[0] in "يتن"
                    and _is_asked_after(inner, protected, stem)
                    and inner[:3] != "يون"
                )
                or (rest[0] == "ف" and _PAST_PLURAL.fullmatch(inner))
            )
        ):
            return RareAffixes(inner, (("ا", _INTERROGATIVE), (rest[0], "conjunction")))
    return None


def _is_asked(verb: str, protected: ProtectedWords, stem: Stem) -> bool:
    base, verbs = stem(verb, protected), protected.verbs
    if base[0] != verb[0] or _is_no_present(verb, base):
        return False
    return "ا" + base in verbs or _is_plural_verb(verb, base, verbs)


def _is_no_present(verb: str, base: str) -> bool:
    """Tell whether a word has an ending that a present form cannot have: أينعت, أينما."""
    last = verb[-1]
    return (
        last in "تا" and base[-1] != last and not verb.endswith(("ها", "نا", "ما", "وا"), len(base))
    )


def _is_plural_verb(verb: str, base: str, verbs: Set[str]) -> bool:
    """Tell whether a word in ون is a present form, by its singular.

    With its ending it is no noun and no first person: أتعلم is also "I learn", أتعلمون is not.
    """
    if not verb.endswith("ون") or len(verb) < 5 or len(base) < 3 or verb[0] == "ن":
        return False
    singular = "ماي" + base[1:]
    return "ما" + base in verbs or any(singular + weak in verbs for weak in ("", "ي", "و"))


def _is_asked_after(verb: str, protected: ProtectedWords, stem: Stem) -> bool:
    """Tell whether a verb after أف or أو is one: افتتح and افتقد are not ف and a present."""
    base, verbs = stem(verb, protected), protected.verbs
    if base[0] != verb[0]:
        return False
    known = len(base) >= (4 if verb[0] == "ي" else 5) and "ما" + base in verbs
    return known or _is_plural_verb(verb, base, verbs)


def _strip_dialect_article(found: re.Match[str]) -> RareAffixes | None:
    conjunction, preposition, letter = found.groups()[:3] if found[3] else found.groups()[3:6]
    rest = found[7]
    other = _NOT_AFTER_ON if letter == "ع" else _NOT_AFTER_THIS
    if other.fullmatch(rest):
        return None
    proclitics = (
        (conjunction, "conjunction"),
        (preposition, "preposition"),
        (letter, "على" if letter == "ع" else "هذا"),
    )
    return RareAffixes("ال" + rest, tuple(each for each in proclitics if each[0]))


def _strip_tense(word: str, protected: ProtectedWords, stem: Stem) -> RareAffixes | None:
    """Strip the letter of a dialect's tense, and what follows the verb if that is a dative."""
    base = stem(word, protected)
    if base in protected.starts or base in protected.ends or _NO_TENSE.match(word):
        return None
    tense = ((word[0], _DIALECT_TENSES[word[0]]),)
    found = _present(word[1:], protected, stem, _MIN_TENSE_BASE)
    return found and found._replace(proclitics=tense)


def _present(word: str, protected: ProtectedWords, stem: Stem, least: int) -> RareAffixes | None:
    """Return a present form without its dative, or None for a word that is none.

    An object stays, which the stemmer knows; `least` is the least length of the stem.
    """
    dative = next((ending for ending in _DATIVE_ENDINGS if word.endswith(ending)), "")
    endings = ((dative, _DATIVE),) if dative else ()
    for verb, after in ((word, ()), (word[: -len(dative)] if dative else "", endings)):
        if len(verb) < 3:
            continue
        base = stem(verb, protected)
        if verb[0] == "ت" and verb[-1] == "ي" and "ما" + base not in protected.verbs:
            verb = verb[:-1]  # تكتبي
            base = stem(verb, protected)
        if base[0] == verb[0] and len(base) >= least and "ما" + base in protected.verbs:
            return RareAffixes(verb, (), after)
    return None


def _strip_negation(word: str, protected: ProtectedWords, stem: Stem) -> RareAffixes | None:
    particle = "ما" if word[1] == "ا" else "م"
    verb = word[len(particle) : -1]
    proclitics: tuple[tuple[str, str], ...] = ((particle, _NEGATION),)
    if verb[:1] == "ب" and verb[1:2] in ("ي", "ت", "ن", "ا"):
        proclitics += (("ب", _DIALECT_TENSES["ب"]),)
        verb = verb[1:]  # مابيكتبش
    if len(verb) < 3 or verb in _NOT_NEGATED:
        return None
    negated = ((("ش", _NEGATION)),)
    if verb[0] in "يتن":
        for present in (verb + "ا", verb) if verb[-1] == "و" else (verb,):
            if (found := _present(present, protected, stem, 3)) is not None:
                word = found.word + "ا" if found.word[-1] == "و" else found.word
                return RareAffixes(word, proclitics, found.endings + negated)
    if (found := _strip_dative(verb, protected.verbs)) is not None:
        return RareAffixes(found.word, proclitics, found.endings + negated)
    if verb.startswith("عند"):
        return RareAffixes(verb + "ا" if verb[-1] == "و" else verb, proclitics, negated)
    past = _negated_past(verb, protected.verbs)
    return RareAffixes(past, proclitics, negated) if past else None


def _negated_past(verb: str, verbs: Set[str]) -> str:
    """Return a past form before ش as it is written alone, with its object; "" for another word."""
    bases = [verb, *(verb.removesuffix(each) for each in _OBJECTS if verb.endswith(each))]
    for base in bases:
        short = base[:-1] if base.endswith(("تو", "تي")) else base  # كتبتوا, كتبتي
        if len(short) < 3:
            continue
        if short[-1] == "و" and len(short) > 3 and _is_past(short[:-1], verbs):
            return verb + "ا" if base == verb else verb
        if short[-1] != "و" and _is_past(short, verbs):
            return short if base == verb else verb
    return ""


def _strip_dative(word: str, verbs: Set[str]) -> RareAffixes | None:
    ending = next((ending for ending in _DATIVE_ENDINGS if word.endswith(ending)), "")
    verb = word[: -len(ending)] if ending else ""
    if len(verb) < 3 or verb[-1] not in "توا" or not _is_past(verb, verbs):
        return None
    if verb[-1] == "و":
        verb += "ا"
    return RareAffixes(verb, (), ((ending, _DATIVE),))


def _is_past(verb: str, verbs: Set[str]) -> bool:
    """Tell whether a word is a past form, by the present of its root: كتبت by يكتب."""
    root = verb
    for ending in ("نا", "ت", "و"):
        if verb.endswith(ending):
            root = verb[: -len(ending)]
            break
    if len(root) == 3 and root[1] == "ا":  # قال, قالت, قالو
        return root[0] + root[2] in _HOLLOW_ROOTS
    if verb[-1] == "و":  # فتحولها is ف and تحول
        return False
    if len(root) == 2:
        return root != verb and root in _HOLLOW_ROOTS
    return _ROOT.fullmatch(root) is not None and "ماي" + root in verbs
