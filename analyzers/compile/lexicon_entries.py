"""The entries of the lexicon: decides from all sources which lemma each form has.

1. Nouns: the forms of the dictionary by their paradigms. The lists written by hand take precedence.
2. Verbs: the dictionary tells which words are verbs; their forms are made by rule
   (`analyzers.compile.conjugation`). A form of several verbs belongs to the most frequent one.
3. Regular inflections of nouns are made by rule (`analyzers.compile.declension`).
4. Function words (the stop words) are their own lemmas.

A form is left out if it does not occur in the frequencies, or if it is a shorter form with clitics.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import wordfreq

from analyzers.compile.conjugation import (
    conjugate,
    duals,
    hollow_short_forms,
    jussives,
    present_stems,
)
from analyzers.compile.declension import inflect
from analyzers.compile.lexicon_sources import (
    LETTERS,
    MIN_MASCULINE_SHARE,
    MIN_OWN_PLURAL_SHARE,
    Dictionary,
    spelling_frequency,
)
from analyzers.compile.protected_words import MIN_FREQUENCY, SurfaceFrequencies
from analyzers.morphology.lexicon import LexiconEntry, fold_for_lexicon
from analyzers.normalization.folding import fold
from analyzers.stemming.protected_words import shipped_protected_words
from analyzers.word_files import read_word_list

MAX_OTHER_SPELLING_RATIO = 3.0
"""A listed plural is left out if another word that folds to the same is this many times as frequent:
ذرى, ذري."""

MAX_VERB_FORM_RATIO = 20
"""A form is not a verb's if it is this many times as frequent as all other forms of the verb: تونس is
not a form of آنس."""

MIN_CLITIC_RATIO = 10
"""A form of the dictionary is a shorter one with a proclitic if that is this many times as frequent."""

MIN_OWN_RATIO = 20
"""A short form of a verb (قل, يقل of قال) is also a form of another verb (قلّ): it belongs to both if a form that
only the first can have is this many times as frequent as the one of the second."""

MAX_SHORT_ARTICLE_SHARE = 0.1
"""A plural without its last ي is the indefinite form of that plural if it has the article in no more than
this share, which the form cannot have: أراض of أراضي, but مقال is no form of مقالي."""

MAX_SHORT_RATIO = 0.5
"""Nor may it be more frequent than this share of the plural with ي."""

MAX_FUNCTION_WORD_WEIGHT = 40
"""The highest weight of a function word: with its own, every word that may contain من or في would."""

_FUNCTION_VERBS = frozenset(("كان", "صار", "اصبح", "زال", "ليس", "تم", "تكون", "اذكر", "ظل"))


class LexiconBuilder:
    """Builds the entries of the lexicon from its sources.

    `by_hand` and `plurals` map forms to lemmas, `others` forms to the other lemmas that they have.
    `frequencies` are those of forms as the lexicon spells them.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        by_hand: Mapping[str, str],
        plurals: Mapping[str, str],
        frequencies: SurfaceFrequencies,
        others: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.dictionary = dictionary
        self.plurals = plurals
        self.listed = {
            fold_for_lexicon(form): fold_for_lexicon(lemma) for form, lemma in by_hand.items()
        }
        self.frequencies = frequencies
        self.others = {
            fold_for_lexicon(form): tuple(map(fold_for_lexicon, lemmas))
            for form, lemmas in (others or {}).items()
        }
        self.protected = shipped_protected_words()
        self.with_heh, self.with_teh = _spellings_of_final_heh()
        self.stopwords = {fold_for_lexicon(word) for word in read_word_list("stopwords.txt")}
        self.nouns = self._find_nouns()
        self.verb_forms = self._find_verb_forms()

    def build(self) -> dict[str, LexiconEntry]:
        """Return the entry of every form."""
        lemmas: dict[str, str] = dict(self.nouns)
        for form, lemma in self.verb_forms.items():
            noun = self.nouns.get(form)
            if form in self.listed:
                continue
            if noun in (None, lemma) or (
                not self.frequencies.takes_article(form)
                # No noun ends in the ت of a verb: قمت is not قم, a town.
                and (noun == form or (form == noun + "ت" and self._outweighs_doubled(lemma, noun)))
            ):
                lemmas[form] = lemma
        verbs = {form for form, lemma in self.verb_forms.items() if lemmas.get(form) == lemma}
        for form, lemma in self._inflections(verbs):
            verb = lemmas.get(form)
            if verb is None or (
                form in verbs
                and form != verb
                and (
                    (form == lemma + "ا" and self.frequencies.takes_article(lemma))
                    or self._frequency(lemma) > self.verb_frequencies[verb]
                )
            ):
                lemmas[form] = lemma
                verbs.discard(form)
        self._conflate_nisbas(lemmas)
        for form in self.protected.ends:
            if self.frequencies[form] > MIN_FREQUENCY and self.frequencies.takes_article(form):
                lemmas.setdefault(form, form)
        for form in lemmas:
            if form not in verbs:
                lemmas[form] = _resolve(form, lemmas, verbs)
        lemmas.update((word, word) for word in self.stopwords if LETTERS.fullmatch(word))
        return {
            form: LexiconEntry(
                lemma,
                self._weight(form),
                self._is_verb_form(form, verbs),
                self.others.get(form, ())
                if form in self.listed
                else self.other_verbs.get(form, ()) * (form in verbs),
            )
            for form, lemma in lemmas.items()
            if form in self.stopwords
            or form in self.listed
            or (self._frequency(form) > 0 and not self._has_clitics(form, lemmas))
        }

    def _outweighs_doubled(self, verb: str, other: str) -> bool:
        """Tell whether a hollow verb is far more frequent than the doubled one with its letters.

        What only one of the two can have tells: يقولون of قال and يقلون of قلّ.
        """
        if len(verb) != 3 or verb[1] != "ا" or other != verb[0] + verb[-1]:
            return False
        stem = self._present_stems(verb, self.verbs)[0]
        if stem[1] == "ي" and "ا" + verb in self.verbs:
            return False  # يريدون is of أراد
        frequency = self.frequencies[f"ي{stem}ون"]
        doubled = self.frequencies[f"ي{other}ون"]
        return frequency >= max(MIN_FREQUENCY, MIN_OWN_RATIO * doubled)

    def _frequency(self, form: str) -> float:
        return self.frequencies.with_or_without_article(form)

    def _conflate_nisbas(self, lemmas: dict[str, str]) -> None:
        """Give the feminine adjectives in ية that have no lemma in the dictionary their masculine.

        A noun in ية is left alone; it has a plural: نظرية, نظريات.
        """
        plurals: defaultdict[str, float] = defaultdict(float)
        for form, lemma in self.nouns.items():
            if form != lemma and not form.startswith(lemma[:-1]):
                plurals[lemma] = max(plurals[lemma], self._frequency(form))
        for form in [form for form, lemma in lemmas.items() if lemma == form]:
            masculine, plural = form[:-1], form[:-1] + "ات"
            frequency = self._frequency(form)
            if (
                form.endswith("يه")
                and len(form) > 4
                and form not in self.listed
                and masculine in lemmas
                and self._frequency(masculine) > MIN_MASCULINE_SHARE * frequency
                and max(self._frequency(plural), plurals[form]) < MIN_OWN_PLURAL_SHARE * frequency
            ):
                lemmas[form] = lemmas[masculine]

    def _weight(self, form: str) -> int:
        weight = weight_of(self._frequency(form))
        return min(weight, MAX_FUNCTION_WORD_WEIGHT) if form in self.stopwords else weight

    def _is_verb_form(self, form: str, verbs: set[str]) -> bool:
        return form in verbs and not self.frequencies.takes_article(form)

    def _has_clitics(self, form: str, lemmas: Mapping[str, str]) -> bool:
        """Tell whether a form is a shorter one with proclitics: للغاية, والله, وقال."""
        if form.startswith("لل") and {"ال" + form[1:], "ال" + form[2:]} & {*self.stopwords, "الله"}:
            return True
        if form in self.protected.starts or form in self.listed:
            return False
        if form.startswith("ال") and form != "الله" and len(form) > 3:
            return True
        if self.frequencies.takes_article(form):
            return False
        frequency = self._frequency(form)
        lemma = lemmas[form]
        if lemma != form:
            frequency = max(frequency, self._frequency(lemma))
        rare_lemma = lemma != form and self._frequency(lemma) < 0.5 * self._frequency(form)
        for proclitic in ("وال", "فال", "بال", "كال", "لل", "و", "ف", "ب", "ك", "ل", "س"):
            rest = form[len(proclitic) :]
            if not form.startswith(proclitic) or len(rest) < 2 or rest not in lemmas:
                continue
            if proclitic == "س" and rest[0] not in "يتان":
                continue
            ratio = 1 if len(proclitic) > 1 else 2 if rare_lemma else MIN_CLITIC_RATIO
            if self._frequency(rest) > ratio * frequency and (len(proclitic) > 1 or len(rest) > 2):
                return True
        return False

    def _find_nouns(self) -> dict[str, str]:
        """Return the lemma of every noun form in the dictionary and the list of plurals.

        Of several spellings that fold to one form, the most frequent one decides.
        """
        spellings: defaultdict[str, set[str]] = defaultdict(set)
        for form in map(self._without_article, self.dictionary):
            folded = fold_for_lexicon(form)
            if LETTERS.fullmatch(folded) and not (form.endswith("ة") and self._is_pronoun(folded)):
                spellings[folded].add(form)
        nouns: dict[str, str] = {}
        for folded, forms in spellings.items():
            most_frequent = max(forms, key=lambda form: (spelling_frequency(form), form))
            lemma = fold_for_lexicon(self.dictionary.noun_lemma(most_frequent))
            nouns[folded] = folded if lemma in self.stopwords else lemma
        names = map(fold_for_lexicon, read_word_list("protected_words.txt"))
        nouns.update((word, word) for word in names if not self._is_pronoun(word))
        for plural, singular in self.plurals.items():
            if plural == singular:
                continue
            folded = fold_for_lexicon(plural)
            others = spellings[folded] - {plural, singular}
            most = max(map(spelling_frequency, others), default=0.0)
            if plural.endswith("ة") and self._is_pronoun(folded):
                continue
            if most <= MAX_OTHER_SPELLING_RATIO * spelling_frequency(plural):
                self.listed.setdefault(folded, fold_for_lexicon(singular))
                short = folded[:-1]
                if self._loses_yeh(plural) and nouns.get(short, short) == short:
                    self.listed.setdefault(short, fold_for_lexicon(singular))
        nouns |= self.listed
        for singular in map(fold_for_lexicon, self.plurals.values()):
            nouns.setdefault(singular, singular)
            self.listed.setdefault(singular, nouns[singular])
        for form, masculine in nouns.items():
            if form == masculine + "ه" and nouns.get(masculine) != masculine:
                nouns[form] = form  # القراءة is unrelated to القرّاء
        return nouns

    def _loses_yeh(self, plural: str) -> bool:
        """Tell whether a plural in ي is also written without it, and so is no other word: أراض."""
        short = fold_for_lexicon(plural)[:-1]
        return (
            plural.endswith(("ي", "اوى"))
            and len(short) >= 4
            and short[-2] == "ا"
            and self.frequencies.with_article(short)
            <= MAX_SHORT_ARTICLE_SHARE * self.frequencies[short]
            and self._frequency(short) <= MAX_SHORT_RATIO * self._frequency(short + "ي")
        )

    def _without_article(self, form: str) -> str:
        """Return a form of the dictionary without its article, if the rest is a word."""
        lemma = self.dictionary[form]
        if not form.startswith("ال") or len(form) < 5 or form == "الله":
            return form
        if fold(lemma).startswith("ال") and (
            lemma != form or fold_for_lexicon(form) in self.protected.starts
        ):
            return form  # الألماني is written الالماني as well, الألماس is one word
        rest = form[2:]
        if rest in self.dictionary or lemma == rest:
            return rest
        frequency = self.frequencies[fold_for_lexicon(form)]
        if self.frequencies[fold_for_lexicon(rest)] > 0.01 * frequency:
            return rest
        return form

    def _is_pronoun(self, form: str) -> bool:
        """Tell whether the final ه of a folded form is more often a pronoun than a ة: والده."""
        return self.with_heh[form] > self.with_teh[form]

    def _find_verb_forms(self) -> dict[str, str]:
        """Return the verb of every verb form that occurs.

        A form of several verbs (يعلم is of علم or أعلم) belongs to the one whose other forms are the
        most frequent.
        """
        verbs = {fold_for_lexicon(verb) for verb in self.dictionary.verbs}
        verbs = {
            verb
            for verb in verbs
            if LETTERS.fullmatch(verb) and (verb not in self.stopwords or verb in _FUNCTION_VERBS)
        }
        self.verbs = verbs
        paradigms: dict[str, set[str]] = {}
        rare: defaultdict[str, list[str]] = defaultdict(list)
        for verb in sorted(verbs):
            for form in (*duals(verb), *jussives(verb)):
                if self.frequencies[form] > 0:
                    rare[form].append(verb)
        verbs_of: defaultdict[str, list[str]] = defaultdict(list)
        for verb in sorted(verbs):
            paradigms[verb] = {
                form
                for form in conjugate(verb, self._present_stems(verb, verbs))
                if self.frequencies[form] > 0
            }
            for form in paradigms[verb]:
                verbs_of[form].append(verb)
        totals = {
            verb: sum(
                self.frequencies[form] / len(verbs_of[form])
                for form in forms
                if form != verb and not self.frequencies.takes_article(form)
            )
            for verb, forms in paradigms.items()
        }
        for form in rare:
            if form not in verbs_of and form not in self.nouns:
                verbs_of[form] = rare[form]
        self.verb_frequencies = totals
        self.other_verbs = self._find_other_verbs(verbs_of)
        found: dict[str, str] = {}
        for form, several in verbs_of.items():
            verb = max(several, key=lambda verb: (totals[verb] * (1 + (verb == form)), verb))
            likely = self.frequencies[form] <= MAX_VERB_FORM_RATIO * totals[verb] or form == verb
            likely = likely or verb in _FUNCTION_VERBS
            if likely and form not in self.stopwords:
                found[form] = verb
        return found

    def _find_other_verbs(self, verbs_of: Mapping[str, list[str]]) -> dict[str, tuple[str]]:
        """Return the hollow verb that each form of another verb may belong to as well: قل.

        The other verb has the letters of its short form or of its present stem: قلّ, قوّل.
        """
        found: dict[str, tuple[str]] = {}
        for verb in sorted(self.verbs - self.stopwords):
            stem = self._present_stems(verb, self.verbs)[0]
            for form in hollow_short_forms(verb, stem):
                others = verbs_of.get(form)
                if self.frequencies.takes_article(form) or (
                    self.frequencies[form] > self.frequencies[verb]
                ):
                    continue
                if form.endswith("وا"):
                    frequency = self.frequencies[verb + "ت"]
                    second = MIN_OWN_RATIO * self.frequencies[stem + "ت"]
                    if others == [stem] and frequency >= max(MIN_FREQUENCY, second):
                        found[form] = (verb,)
                elif others == [verb[0] + verb[-1]] and self._outweighs_doubled(verb, others[0]):
                    found[form] = (verb,)
        return found

    def _present_stems(self, verb: str, verbs: set[str]) -> list[str]:
        """Return the present stems of a verb that occur, of those that its letters allow.

        A hollow verb has the stem that occurs, and its form IV the one in ي: يقيم is of أقام.
        """
        stems = present_stems(verb)
        if len(verb) == 3 and verb[1] == "ا" and len(stems) == 3:
            with_waw, with_yeh = (self.frequencies["ي" + present] for present in stems[:2])
            waw = with_waw >= 0.3 * with_yeh or ("ا" + verb in verbs and with_waw > 0.02 * with_yeh)
            return [stems[0] if waw else stems[1], stems[2]]
        if len(verb) == 3 and verb[0] == "ا":
            # أمر has يأمر, أحب has يحب; both أثّر and آمن have the third.
            with_hamza, doubled = (self.frequencies["ي" + present] for present in stems[:2])
            return [stems[0] if with_hamza > 0.02 * doubled else stems[1], stems[2]]
        return stems

    def _inflections(self, verbs: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the regular inflections of nouns that occur, each with the form it is made from."""
        made: dict[str, tuple[tuple[bool, float], str]] = {}
        for noun in self.nouns:
            is_noun = self.frequencies.takes_article(noun)
            if noun in self.stopwords or (noun in verbs and not is_noun):
                continue
            frequency = self._frequency(noun)
            # Forms in ات go to a noun in ه before others; a broken plural has no endings but tanween.
            priority = (noun.endswith("ه"), frequency)
            for form in inflect(noun) if self.nouns[noun] == noun else (noun + "ا",):
                if form in self.nouns or form in self.stopwords:
                    continue
                form_frequency = self._frequency(form)
                if form in self.protected.ends and frequency < form_frequency:
                    continue
                if form.endswith("ه") and self._is_pronoun(form):
                    continue
                if form_frequency > 0 and (form not in made or made[form][0] < priority):
                    made[form] = priority, noun
        for form, (_priority, noun) in made.items():
            yield form, noun


def _spellings_of_final_heh() -> tuple[Counter[str], Counter[str]]:
    """Return the frequencies of folded words in ه that are written with ه, and with ة.

    They are occurrences in a thousand million words.
    """
    spellings: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        if word.endswith(("ه", "ة")):
            spellings[word.endswith("ة")][fold_for_lexicon(word)] += round(frequency * 1e9)
    return spellings


def _resolve(form: str, lemmas: Mapping[str, str], verbs: set[str]) -> str:
    """Follow the lemmas of forms to one that is its own lemma, or a verb form."""
    seen = [form]
    while (lemma := lemmas.get(seen[-1], seen[-1])) not in seen and seen[-1] not in verbs:
        seen.append(lemma)
    return seen[-1]


def weight_of(frequency: float) -> int:
    """Return the weight of an entry: 10 log10 of its occurrences in a thousand million words.

    >>> weight_of(1e-6), weight_of(0)
    (30, 0)
    """
    return max(0, round(10 * math.log10(max(frequency, 1e-9) * 1e9)))
