"""The sources of the lexicon: lists written by hand, and the forms of a dictionary.

`analyzers.compile.lexicon_entries` makes entries of them. The dictionary maps each form to a lemma,
but often to the wrong part of speech: verbal nouns and participles to their verbs, adjectives to
feminine nouns. So the lemma of a noun is taken from its paradigm: alone, with the article, with
tanween, and in the plural.

Entries that the authors of the dictionary took from the treebank UD Arabic PADT are not used: that
treebank may not be used commercially, so its data cannot be part of free software. They are function
words and verbs, which the lexicon does not take from here, regular forms, which it makes by rule, and
the plurals in `_FROM_A_TREEBANK`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import wordfreq

from analyzers.normalization.folding import fold

BROKEN_PLURAL_LIST = "broken_plurals.txt"
"""The list of broken plurals, written by hand, in `data/`."""

MIN_OWN_PLURAL_SHARE = 0.08
"""A feminine word is a noun (مدرسة) if it has a plural of its own (مدارس) with this share of its
frequency."""

MIN_MASCULINE_SHARE = 0.15
"""A feminine form is an adjective's if the masculine has this share of its frequency."""

MIN_SINGULAR_SHARE = 0.2
"""The share of a plural's frequency that its singular must have if the plural has another reading."""

MIN_ONLY_SINGULAR_SHARE = 0.01
"""The same if the plural has no other reading."""

LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]{2,30}")
"""The words that the lexicon can have."""

_VERBAL_NOUN = re.compile("م.ا..ة")
"""مشاهدة and محاولة: verbal nouns that look like feminine participles."""

# fmt: off
_FROM_A_TREEBANK = frozenset((
    "آفاق", "أسباب", "أسهم", "أقارب", "أنفس", "أنواع", "أوائل", "أيام", "اشهر", "أشهر",
    "أتراك", "أسر", "أمم", "اراضى", "بنات", "جنود", "جهود", "حلول", "خسائر", "خضر", "خمس",
    "دول", "رجال", "ركاب", "سكان", "سوداء", "شباب", "طرق", "طوارئ", "طوارىء", "عشر", "قبارصة",
    "قيم", "كتب", "مسائل", "مشاكل", "مصادر", "موانئ", "ناس", "وثائق", "بدائل", "بلايين",
    "تجار", "تراخيص", "تعازي", "ثوابت", "جراح", "حلفاء", "ردود", "سبع", "سفن", "سلع", "شئون",
    "صحف", "صور", "عروض", "فرص", "فرق", "كبار", "مطالب", "أخرى", "اخرى", "أولى", "اعلى",
    "ادنى", "مرة", "طائرات",
))
# fmt: on


def read_lemma_list(path: Path) -> dict[str, str]:
    """Return `{form: lemma}` of a list of lines `lemma<TAB>form[<TAB>form…]`, in their spelling.

    A lemma is a form of itself. A form in several lines has the lemma of the first.
    """
    lemmas: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lemma, *forms = line.split("\t")
            for form in (*forms, lemma):
                lemmas.setdefault(form, lemma)
    return lemmas


def read_other_lemmas(path: Path) -> dict[str, list[str]]:
    """Return the lemmas of the forms in several lines of such a list, except the first."""
    lemmas: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lemma, *forms = line.split("\t")
            for form in forms:
                lemmas.setdefault(form, []).append(lemma)
    return {form: others for form, (_first, *others) in lemmas.items() if others}


class Dictionary(dict[str, str]):
    """The forms of a dictionary and their lemmas, in their spelling.

    `forms_of` maps a lemma to its forms; `verbs` are the lemmas of verbs.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        super().__init__(
            (form, lemma)
            for form, lemma in forms.items()
            if LETTERS.fullmatch(form) and LETTERS.fullmatch(lemma)
        )
        self.forms_of: dict[str, list[str]] = defaultdict(list)
        for form, lemma in self.items():
            self.forms_of[lemma].append(form)
        self.verbs = frozenset(
            lemma for lemma, forms in self.forms_of.items() if any(map(_is_past_dual, forms))
        )

    def has_paradigm(self, word: str) -> bool:
        """Tell whether a word is the lemma of another form than itself with or without ال."""
        return any(form not in (word, "ال" + word) for form in self.forms_of.get(word, ()))

    def noun_lemma(self, form: str) -> str:
        """Return the lemma of a noun's form, or the form itself if the dictionary has no better one."""
        if form.endswith("ة"):
            return self._feminine_lemma(form)
        for ending in ("ات", "تان", "تين"):
            feminine = form.removesuffix(ending) + "ة"
            if form.endswith(ending) and feminine in self:
                if self._feminine_lemma(feminine) == feminine:
                    return feminine
                break
        if form not in _FROM_A_TREEBANK:
            has_other_reading = form in self.verbs or self.has_paradigm(form)
            for lemma, count in self._paradigm_lemmas(form).most_common():
                share = spelling_frequency(lemma) / (spelling_frequency(form) or 1)
                if share < (MIN_SINGULAR_SHARE if has_other_reading else MIN_ONLY_SINGULAR_SHARE):
                    continue
                if has_other_reading and (count < 2 or lemma == form + "ة"):
                    continue
                # The forms of a verb include its verbal noun and its participles.
                if lemma not in self.verbs or not _is_verbal_noun(form, lemma):
                    own = (self.get("ال" + form), self.get(form + "ا")).count(form)
                    if count >= own or form in self.verbs:
                        return lemma
        return form

    def _paradigm_lemmas(self, form: str) -> Counter[str]:
        """Count the lemmas of a form alone, with the article and with tanween, without itself."""
        definite = "ال" + form
        lemmas = [self.get(form), self.get(form + "ا")]
        if not fold(self.get(definite, "")).startswith("ال"):  # آلي is written الي as well
            lemmas.append(self.get(definite))
        return Counter(lemma for lemma in lemmas if lemma and lemma not in (form, form + "ا"))

    def _feminine_lemma(self, form: str) -> str:
        """Return the masculine of a form in ة that is an adjective's, or the form if it is a noun."""
        masculine = form[:-1]
        plurals = [
            other.removeprefix("ال")
            for other in self.forms_of[form]
            if not other.removeprefix("ال").startswith(masculine)
        ]
        if self.get(masculine + "ات") == form:
            plurals.append(masculine + "ات")
        own_plural = max(map(spelling_frequency, plurals), default=0.0)
        own_share = MIN_OWN_PLURAL_SHARE * spelling_frequency(form)
        if _VERBAL_NOUN.fullmatch(form) or own_plural > own_share:
            return form
        duals = [self.get(masculine + ending) for ending in ("تان", "تين")]
        lemma = self.get(form)
        if masculine in duals or lemma == masculine:
            least = MIN_MASCULINE_SHARE * spelling_frequency(form)
            frequent = spelling_frequency(masculine) > least
            return masculine if masculine in self and frequent else form
        if lemma is None or lemma in self.verbs or self.has_paradigm(form):
            return form
        return lemma


@cache
def spelling_frequency(form: str) -> float:
    """Return the share of a spelling in running text, alone and after ال, by wordfreq."""
    listed = wordfreq.get_frequency_dict("ar")
    # A look-up in the list first: most forms are not in it, and wordfreq tokenizes each one.
    spellings = (word for word in (form, "ال" + form) if word in listed)
    return float(sum(wordfreq.word_frequency(word, "ar") for word in spellings))


def _is_verbal_noun(form: str, verb: str) -> bool:
    """Tell whether a form may be a verbal noun of a verb and no plural: شعور, but not أفعال."""
    broken_plural = form.startswith("أ") and len(form) == len(verb) + 2 and form[-2] == "ا"
    return not broken_plural and not form.startswith(verb)


def _is_past_dual(form: str) -> bool:
    return len(form) >= 4 and form.endswith("تما")
