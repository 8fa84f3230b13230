"""Conjugation: the forms of a verb, made from its lemma by rule, without vowels.

The lemma of a verb is its third person masculine singular past. Forms and lemma are spelled like
stems: folded by `analyzers.normalization.folding.fold`, with the seats of hamza folded as well. Unvowelled
spelling hides most of what grammars tell apart, so a lemma is read by its letters alone: a hollow
verb has an alef before its last letter, a defective one ends in a weak letter. Where the letters
leave several stems open (قال, باع and نام look alike) all of them are made; whoever uses the forms
keeps those that occur. Pronouns are not added, and passives have no rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_PERSONS = "يتان"
_WEAK = "اوي"


def conjugate(lemma: str, stems: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the forms of a verb but duals, the lemma first; a form may come more than once.

    `stems` are those of the present; without them they are `present_stems`.

    >>> forms = set(conjugate("قال"))
    >>> forms >= {"قال", "قالت", "قلت", "قالوا", "يقول", "تقولون"}
    True
    """
    yield from _past(lemma)
    for stem in present_stems(lemma) if stems is None else stems:
        yield from _present(stem)


def duals(lemma: str) -> Iterator[str]:
    """Yield the duals of a verb. They are rare, and look like a form of another verb or a noun."""
    past = lemma[:-1] + "ي" if lemma[-1] in _WEAK else lemma
    yield from (past + "ا", lemma + "تا", lemma + "تما")
    for stem in present_stems(lemma):
        yield from (person + stem + ending for person in "يت" for ending in ("ان", "ا"))


def jussives(lemma: str) -> Iterator[str]:
    """Yield the forms of a verb that have lost a long vowel: لم يقل of قال, لم يدع of دعا.

    They often look like a form of another verb (يقل of قل), which is then more likely.
    """
    for stem in present_stems(lemma):
        if _is_hollow(lemma) and len(stem) >= 3:
            yield from (person + _shortened(stem) for person in _PERSONS)
        elif len(stem) >= 3 and stem[-1] in _WEAK:
            yield from (person + stem[:-1] for person in _PERSONS)


def _is_hollow(lemma: str) -> bool:
    """Tell whether the middle root letter is a long vowel: قال, أراد, احتاج, استطاع."""
    if len(lemma) < 3 or lemma[-2] != "ا" or lemma[-1] in _WEAK:
        return False
    return (
        len(lemma) == 3
        or (len(lemma) in (4, 5) and lemma[0] == "ا")
        or (len(lemma) == 6 and lemma.startswith("است"))
    )


def _shortened(stem: str) -> str:
    return stem[:-2] + stem[-1]


def _past(lemma: str) -> Iterator[str]:
    """Yield the past, and the imperatives that look like it."""
    yield lemma
    before_consonant = [lemma]
    if len(lemma) >= 3 and lemma[-1] in _WEAK:
        root = lemma[:-1]
        yield from (root + "ت", root + "وا")
        before_consonant = [root + "ي"]
        if lemma[-1] == "ا":  # دعا is دعوت, قرأ is قرأت
            before_consonant += [root + "و", lemma]
            yield from (lemma + "ت", lemma + "وا", root + "ووا")
    else:
        yield from (lemma + "ت", lemma + "وا")
        if _is_hollow(lemma):
            before_consonant = [_shortened(lemma)]
        elif len(lemma) == 2 or lemma[0] == "ا":
            before_consonant.append(lemma + lemma[-1])  # تم is تممت
    for stem in before_consonant:
        for ending in ("ت", "نا", "تم", "ن"):
            yield stem + ending
    if len(lemma) == 3 and lemma[0] not in _WEAK and lemma[1] != "ا":
        yield from ("ا" + lemma, "ا" + lemma + "وا")


def present_stems(lemma: str) -> list[str]:
    """Return what may stand behind the person of the present: يقول has قول.

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
    """Yield the present of a stem in every person and mood that spelling tells apart."""
    before_vowel = stem[:-1] if len(stem) >= 2 and stem[-1] in _WEAK else stem
    for person in _PERSONS:
        yield person + stem
    for person in "يت":
        yield person + stem + "ن"
        for ending in ("ون", "وا"):
            yield person + before_vowel + ending
            if stem[-1] == "ا":  # يقرأون is written يقرؤون as well
                yield from (person + stem + ending, person + before_vowel + "و" + ending)
    yield "ت" + before_vowel + "ين"
