"""The sources of the lexicon as they are written: lists by hand, and a dictionary's forms.

`analyzers.compile.lexicon_entries` makes entries of them. The dictionary knows which lemma a form has; it
takes verbal nouns and participles for forms of their verbs, and adjectives for feminine nouns, so
a form is believed by its paradigm: with the article, with tanween, alone, and by its plural.

Entries that the authors of the dictionary took from the treebank UD Arabic PADT are not used: that
treebank may not be used commercially, so its data cannot be a part of free software. They are
function words and verbs, which the lexicon does not take from here, regular forms, which it makes
by rule, and the plurals in `_FROM_A_TREEBANK`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import wordfreq

from analyzers.normalization.folding import fold

OWN_PLURAL = 0.08
"""A feminine word with a plural of its own is a noun (مدرسة, مدارس), if that is not too rare."""

MASCULINE = 0.15
"""A feminine form of an adjective is not much more frequent than the masculine one."""

SINGULAR = 0.2
RARE_SINGULAR = 0.01
"""How frequent a singular is beside its plural, at least; more so if that has another reading."""

LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]{2,30}")
"""The words that the lexicon may hold."""

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


def read_forms(path: Path) -> dict[str, str]:
    """Return the lemma of every form in a list of lines `lemma<TAB>form[<TAB>form…]`, as written.

    A lemma is a form of itself. What is listed first counts.
    """
    lemmas: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lemma, *forms = line.split("\t")
            for form in (*forms, lemma):
                lemmas.setdefault(form, lemma)
    return lemmas


class Dictionary(dict[str, str]):
    """The forms of a dictionary and their lemmas, as they are written."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        super().__init__(
            (form, lemma)
            for form, lemma in forms.items()
            if LETTERS.fullmatch(form) and LETTERS.fullmatch(lemma)
        )
        self.forms: dict[str, list[str]] = defaultdict(list)
        for form, lemma in self.items():
            self.forms[lemma].append(form)
        self.verbs = frozenset(
            lemma for lemma, forms in self.forms.items() if any(map(_is_dual_past, forms))
        )

    def has_paradigm(self, word: str) -> bool:
        """Tell whether a word is the lemma of a form that is neither itself nor made by ال."""
        return any(form not in (word, "ال" + word) for form in self.forms.get(word, ()))

    def noun_lemma(self, form: str) -> str:
        """Return the lemma of a noun's form, itself where the dictionary says nothing better."""
        if form.endswith("ة"):
            return self._feminine_lemma(form)
        for ending in ("ات", "تان", "تين"):
            feminine = form.removesuffix(ending) + "ة"
            if form.endswith(ending) and feminine in self:
                if self._feminine_lemma(feminine) == feminine:
                    return feminine
                break
        if form not in _FROM_A_TREEBANK:
            own_word = form in self.verbs or self.has_paradigm(form)
            for lemma, count in self._cells(form).most_common():
                share = written(lemma) / (written(form) or 1)
                if share < (SINGULAR if own_word else RARE_SINGULAR):
                    continue
                if own_word and (count < 2 or lemma == form + "ة"):
                    continue
                # Among the forms of a verb are its verbal noun and its participles.
                if lemma not in self.verbs or not _is_verbal_noun(form, lemma):
                    own = (self.get("ال" + form), self.get(form + "ا")).count(form)
                    if count >= own or form in self.verbs:
                        return lemma
        return form

    def _cells(self, form: str) -> Counter[str]:
        """Return the lemmas of a form alone, with the article and with tanween; not itself."""
        definite = "ال" + form
        lemmas = [self.get(form), self.get(form + "ا")]
        if not fold(self.get(definite, "")).startswith("ال"):  # آلي is written الي as well
            lemmas.append(self.get(definite))
        return Counter(lemma for lemma in lemmas if lemma and lemma not in (form, form + "ا"))

    def _feminine_lemma(self, form: str) -> str:
        masculine = form[:-1]
        plurals = [
            other.removeprefix("ال")
            for other in self.forms[form]
            if not other.removeprefix("ال").startswith(masculine)
        ]
        if self.get(masculine + "ات") == form:
            plurals.append(masculine + "ات")
        own_plural = max(map(written, plurals), default=0.0)
        if _VERBAL_NOUN.fullmatch(form) or own_plural > OWN_PLURAL * written(form):
            return form
        duals = [self.get(masculine + ending) for ending in ("تان", "تين")]
        lemma = self.get(form)
        if masculine in duals or lemma == masculine:
            frequent = written(masculine) > MASCULINE * written(form)
            return masculine if masculine in self and frequent else form
        if lemma is None or lemma in self.verbs or self.has_paradigm(form):
            return form
        return lemma


def written(form: str) -> float:
    """Return how frequent a spelling is, with and without the article."""
    return float(sum(wordfreq.word_frequency(word, "ar") for word in (form, "ال" + form)))


def _is_verbal_noun(form: str, verb: str) -> bool:
    """Tell whether a form may be a verbal noun of a verb and no plural: شعور, but not أفعال."""
    broken_plural = form.startswith("أ") and len(form) == len(verb) + 2 and form[-2] == "ا"
    return not broken_plural and not form.startswith(verb)


def _is_dual_past(form: str) -> bool:
    return len(form) >= 4 and form.endswith("تما")
