"""Conjugation: makes the forms of a verb from its lemma by rule, without vowels.

The lemma of a verb is its third person masculine singular past. Forms and lemma are spelled as the
lexicon spells words: folded by `analyzers.normalization.folding.fold`, with folded hamza seats.

Unvowelled spelling hides most verb classes, so the class is read off the letters: a hollow verb has
an alef before its last letter, a defective verb ends in a weak letter. Where the letters allow several
stems (قال, باع and نام look alike), all of them are used; the caller keeps the forms that occur in
texts. Forms with object pronouns are not made, and passives have no rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_PERSON_PREFIXES = "يتان"
_WEAK_LETTERS = "اوي"


def conjugate(lemma: str, stems: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the forms of a verb except duals, the lemma first; a form may come more than once.

    `stems` are its present stems, by default those of `present_stems`.

    >>> forms = set(conjugate("قال"))
    >>> forms >= {"قال", "قالت", "قلت", "قالوا", "يقول", "تقولون"}
    True
    """
    yield from _past(lemma)
    for stem in present_stems(lemma) if stems is None else stems:
        yield from _present(stem)


def duals(lemma: str) -> Iterator[str]:
    """Yield the duals of a verb. They are rare, and often equal a form of another verb or a noun.

    >>> list(duals("كتب"))
    ['كتبا', 'كتبتا', 'كتبتما', 'يكتبان', 'يكتبا', 'تكتبان', 'تكتبا']
    """
    past = lemma[:-1] + "ي" if lemma[-1] in _WEAK_LETTERS else lemma
    yield from (past + "ا", lemma + "تا", lemma + "تما")
    for stem in present_stems(lemma):
        yield from (person + stem + ending for person in "يت" for ending in ("ان", "ا"))


def jussives(lemma: str) -> Iterator[str]:
    """Yield the jussives of a verb that lose a long vowel: لم يقل of قال, لم يدع of دعا.

    They often equal a form of another verb (يقل of قل), which is then the likelier reading.
    """
    for stem in present_stems(lemma):
        if _is_hollow(lemma) and len(stem) >= 3:
            yield from (person + _drop_long_vowel(stem) for person in _PERSON_PREFIXES)
        elif len(stem) >= 3 and stem[-1] in _WEAK_LETTERS:
            yield from (person + stem[:-1] for person in _PERSON_PREFIXES)


def hollow_short_forms(lemma: str, stem: str) -> Iterator[str]:
    """Yield the imperatives and jussives of a hollow verb of three letters with a present stem.

    They are also forms of the verbs that have these letters for a root (قلّ, قوّل).

    >>> list(hollow_short_forms("قال", "قول"))
    ['قل', 'قولوا', 'يقل', 'تقل', 'اقل', 'نقل']
    """
    if len(lemma) == 3 and _is_hollow(lemma) and stem != lemma:
        short = _drop_long_vowel(stem)
        yield from (short, stem + "وا", *(person + short for person in "يتان"))


def _is_hollow(lemma: str) -> bool:
    """Tell whether the middle root letter is a long vowel: قال, أراد, احتاج, استطاع."""
    if len(lemma) < 3 or lemma[-2] != "ا" or lemma[-1] in _WEAK_LETTERS:
        return False
    return (
        len(lemma) == 3
        or (len(lemma) in (4, 5) and lemma[0] == "ا")
        or (len(lemma) == 6 and lemma.startswith("است"))
    )


def _drop_long_vowel(stem: str) -> str:
    return stem[:-2] + stem[-1]


def _past(lemma: str) -> Iterator[str]:
    """Yield the past forms, and the imperatives that begin with an alef."""
    yield lemma
    before_consonant = [lemma]
    if len(lemma) >= 3 and lemma[-1] in _WEAK_LETTERS:
        root = lemma[:-1]
        yield from (root + "ت", root + "وا")
        before_consonant = [root + "ي"]
        if lemma[-1] == "ا":  # دعا has دعوت, قرأ has قرأت
            before_consonant += [root + "و", lemma]
            yield from (lemma + "ت", lemma + "وا", root + "ووا")
    else:
        yield from (lemma + "ت", lemma + "وا")
        if _is_hollow(lemma):
            before_consonant = [_drop_long_vowel(lemma)]
        elif len(lemma) == 2 or lemma[0] == "ا":
            before_consonant.append(lemma + lemma[-1])  # تم has تممت
    for stem in before_consonant:
        for ending in ("ت", "نا", "تم", "ن"):
            yield stem + ending
    if len(lemma) == 3 and lemma[0] not in _WEAK_LETTERS and lemma[1] != "ا":
        yield from ("ا" + lemma, "ا" + lemma + "وا")


def present_stems(lemma: str) -> list[str]:
    """Return the stems that can follow the person prefix of the present: قول of يقول.

    >>> present_stems("وصل"), present_stems("ارسل"), present_stems("دعا")
    (['صل', 'وصل'], ['رسل'], ['دعو', 'دعا'])
    """
    rest = lemma[1:]
    if len(lemma) <= 2:
        return [lemma]
    if lemma[0] == "ا":
        if len(lemma) == 3:  # أخذ, أحب, أثّر and آمن look alike
            return [lemma, rest, "و" + rest]
        if _is_hollow(lemma) and (len(lemma) == 4 or lemma.startswith("است")):
            return [rest[:-2] + "ي" + rest[-1], rest]
        return [rest]
    if len(lemma) == 3:
        if lemma[0] == "و":
            return [rest, lemma]
        if lemma == "راي":
            return ["ري"]
        if lemma[2] == "ا":  # دعا, قرأ
            return [lemma[:2] + "و", lemma]
        if lemma[1] == "ا":
            return [lemma[0] + "و" + lemma[2], lemma[0] + "ي" + lemma[2], lemma]
    return [lemma]


def _present(stem: str) -> Iterator[str]:
    """Yield the present forms of a stem in every person and mood that spelling distinguishes."""
    before_vowel = stem[:-1] if len(stem) >= 2 and stem[-1] in _WEAK_LETTERS else stem
    for person in _PERSON_PREFIXES:
        yield person + stem
    for person in "يت":
        yield person + stem + "ن"
        for ending in ("ون", "وا"):
            yield person + before_vowel + ending
            if stem[-1] == "ا":  # يقرأون is written يقرؤون as well
                yield from (person + stem + ending, person + before_vowel + "و" + ending)
    yield "ت" + before_vowel + "ين"
