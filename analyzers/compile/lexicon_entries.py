"""The entries of the lexicon: what it says of every form, decided from all sources.

1. Nouns: the dictionary's forms by their paradigms. Lists written by hand come before it.
2. Verbs: the dictionary says which words are verbs; their forms are made by rule
   (`analyzers.compile.conjugation`), and of several verbs that share one the most frequent has it.
3. Regular inflections of nouns are made by rule (`analyzers.compile.declension`).
4. Function words (the stop words) are their own lemmas.

Only forms that occur in the frequencies become entries, and none that is a shorter one with clitics.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import wordfreq

from analyzers.compile.conjugation import conjugate, duals, jussives, present_stems
from analyzers.compile.declension import inflect
from analyzers.compile.lexicon_sources import LETTERS, MASCULINE, OWN_PLURAL, Dictionary, written
from analyzers.compile.protected_words import LEAST_FREQUENCY, Frequencies
from analyzers.morphology.lexicon import Entry, lexical
from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import shipped_protection
from analyzers.word_files import read_words

OTHER_SPELLING = 3.0
"""A plural is left out where a word that folds to the same is so much more frequent: ذرى, ذري."""

PRESENT = 20
"""A form is not so many times as frequent as all other forms of its verb: تونس is not of آنس."""

CLITICS_SHARE = 10
"""How much more frequent the rest must be where the dictionary has a word with its proclitic."""

FUNCTION_WORD_WEIGHT = 40
"""The most that a function word weighs: else every word that could hold من or في would."""

_FUNCTION_VERBS = frozenset(("كان", "صار", "اصبح", "زال", "ليس", "تم", "تكون", "اذكر", "ظل"))


class Entries:
    """Builds the entries: forms and their lemmas."""

    def __init__(
        self,
        dictionary: Dictionary,
        by_hand: Mapping[str, str],
        plurals: Mapping[str, str],
        frequencies: Frequencies,
    ) -> None:
        self.dictionary = dictionary
        self.plurals = plurals
        self.listed = {lexical(form): lexical(lemma) for form, lemma in by_hand.items()}
        self.frequencies = frequencies
        self.protection = shipped_protection()
        self.with_heh, self.with_teh = _spellings_of_final_heh()
        self.stopwords = {lexical(word) for word in read_words("stopwords.txt")}
        self.nouns = self._nouns()
        self.verb_forms = self._verb_forms()

    def compile(self) -> dict[str, Entry]:
        """Return what the lexicon says of every form."""
        entries: dict[str, str] = dict(self.nouns)
        for form, lemma in self.verb_forms.items():
            noun = self.nouns.get(form)
            if form in self.listed:
                continue
            if noun in (None, lemma) or (noun == form and not self.frequencies.takes_article(form)):
                entries[form] = lemma
        verbs = {form for form, lemma in self.verb_forms.items() if entries.get(form) == lemma}
        for form, lemma in self._inflections(verbs):
            verb = entries.get(form)
            if verb is None or (
                form in verbs
                and form != verb
                and (
                    (form == lemma + "ا" and self._is_noun(lemma))
                    or self.frequencies.family(lemma) > self.verb_weights[verb]
                )
            ):
                entries[form] = lemma
                verbs.discard(form)
        self._conflate_nisbas(entries)
        for form in self.protection.ends:
            if self.frequencies[form] > LEAST_FREQUENCY and self.frequencies.takes_article(form):
                entries.setdefault(form, form)
        for form in entries:
            if form not in verbs:
                entries[form] = _resolve(form, entries, verbs)
        entries.update((word, word) for word in self.stopwords if LETTERS.fullmatch(word))
        return {
            form: Entry(lemma, self._weight(form), self._is_verb_form(form, verbs))
            for form, lemma in entries.items()
            if form in self.stopwords
            or (self.frequencies.family(form) > 0 and not self._has_clitics(form, entries))
        }

    def _conflate_nisbas(self, entries: dict[str, str]) -> None:
        """Give feminine adjectives in ية that the dictionary does not explain their masculine.

        Nouns in ية have a plural: نظرية, نظريات.
        """
        frequent = self.frequencies.family
        plurals: defaultdict[str, float] = defaultdict(float)
        for form, lemma in self.nouns.items():
            if form != lemma and not form.startswith(lemma[:-1]):
                plurals[lemma] = max(plurals[lemma], frequent(form))
        for form in [form for form, lemma in entries.items() if lemma == form]:
            masculine, plural = form[:-1], form[:-1] + "ات"
            if (
                form.endswith("يه")
                and len(form) > 4
                and form not in self.listed
                and masculine in entries
                and frequent(masculine) > MASCULINE * frequent(form)
                and max(frequent(plural), plurals[form]) < OWN_PLURAL * frequent(form)
            ):
                entries[form] = entries[masculine]

    def _weight(self, form: str) -> int:
        weight = weight_of(self.frequencies.family(form))
        return min(weight, FUNCTION_WORD_WEIGHT) if form in self.stopwords else weight

    def _is_verb_form(self, form: str, verbs: set[str]) -> bool:
        return form in verbs and not self.frequencies.takes_article(form)

    def _has_clitics(self, form: str, entries: Mapping[str, str]) -> bool:
        """Tell whether a form is a shorter one with proclitics: للغاية, والله, وقال."""
        if form.startswith("لل") and {"ال" + form[1:], "ال" + form[2:]} & {*self.stopwords, "الله"}:
            return True
        if form in self.protection.starts or form in self.listed:
            return False
        if form.startswith("ال") and form != "الله" and len(form) > 3:
            return True
        if self.frequencies.takes_article(form):
            return False
        frequency = self.frequencies.family(form)
        lemma = entries[form]
        if lemma != form:
            frequency = max(frequency, self.frequencies.family(lemma))
        rare = lemma != form and self.frequencies.family(lemma) < 0.5 * self.frequencies.family(
            form
        )
        for proclitic in ("وال", "فال", "بال", "كال", "لل", "و", "ف", "ب", "ك", "ل", "س"):
            rest = form[len(proclitic) :]
            if not form.startswith(proclitic) or len(rest) < 2 or rest not in entries:
                continue
            if proclitic == "س" and rest[0] not in "يتان":
                continue
            share = 1 if len(proclitic) > 1 else 2 if rare else CLITICS_SHARE
            if self.frequencies.family(rest) > share * frequency and (
                len(proclitic) > 1 or len(rest) > 2
            ):
                return True
        return False

    def _nouns(self) -> dict[str, str]:
        """Return the lemma of every noun form of the dictionary and the list of plurals.

        Where several spellings fold to one form, the most frequent one counts.
        """
        spellings: defaultdict[str, set[str]] = defaultdict(set)
        for form in map(self._without_article, self.dictionary):
            folded = lexical(form)
            if LETTERS.fullmatch(folded) and not (form.endswith("ة") and self._is_pronoun(folded)):
                spellings[folded].add(form)
        nouns: dict[str, str] = {}
        for folded, forms in spellings.items():
            lemma = lexical(
                self.dictionary.noun_lemma(max(forms, key=lambda form: (written(form), form)))
            )
            nouns[folded] = folded if lemma in self.stopwords else lemma
        names = map(lexical, read_words("protected_words.txt"))
        nouns.update((word, word) for word in names if not self._is_pronoun(word))
        for plural, singular in self.plurals.items():
            if plural == singular:
                continue
            others = spellings[lexical(plural)] - {plural, singular}
            most = max(map(written, others), default=0.0)
            if plural.endswith("ة") and self._is_pronoun(lexical(plural)):
                continue
            if most <= OTHER_SPELLING * written(plural):
                self.listed.setdefault(lexical(plural), lexical(singular))
        nouns |= self.listed
        for form, masculine in nouns.items():
            if form == masculine + "ه" and nouns.get(masculine) != masculine:
                nouns[form] = form  # القراءة has nothing to do with القرّاء
        return nouns

    def _without_article(self, form: str) -> str:
        """Return a form without its article, where what follows is a word."""
        lemma = self.dictionary[form]
        if not form.startswith("ال") or len(form) < 5 or form == "الله":
            return form
        if fold(lemma).startswith("ال") and (
            lemma != form or lexical(form) in self.protection.starts
        ):
            return form  # الألماني is written الالماني as well, الألماس is one word
        rest = form[2:]
        if rest in self.dictionary or lemma == rest:
            return rest
        if self.frequencies[lexical(rest)] > 0.01 * self.frequencies[lexical(form)]:
            return rest
        return form

    def _is_pronoun(self, form: str) -> bool:
        """Tell whether the final ه of a folded form is a pronoun more often than a ة: والده."""
        return self.with_heh[form] > self.with_teh[form]

    def _verb_forms(self) -> dict[str, str]:
        """Return the verb of every form that occurs and that some verb has.

        Of several verbs that share a form (يعلم is of علم or أعلم) the one whose other forms are
        more frequent has it.
        """
        verbs = {lexical(verb) for verb in self.dictionary.verbs}
        verbs = {
            verb
            for verb in verbs
            if LETTERS.fullmatch(verb) and (verb not in self.stopwords or verb in _FUNCTION_VERBS)
        }
        paradigms: dict[str, set[str]] = {}
        rare: defaultdict[str, list[str]] = defaultdict(list)
        for verb in sorted(verbs):
            for form in (*duals(verb), *jussives(verb)):
                if self.frequencies[form] > 0:
                    rare[form].append(verb)
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for verb in sorted(verbs):
            paradigms[verb] = {
                form
                for form in conjugate(verb, self._present_stems(verb, verbs))
                if self.frequencies[form] > 0
            }
            for form in paradigms[verb]:
                owners[form].append(verb)
        weights = {
            verb: sum(
                self.frequencies[form] / len(owners[form])
                for form in forms
                if form != verb and not self.frequencies.takes_article(form)
            )
            for verb, forms in paradigms.items()
        }
        for form in rare:
            if form not in owners and form not in self.nouns:
                owners[form] = rare[form]
        self.verb_weights = weights
        found: dict[str, str] = {}
        for form, several in owners.items():
            verb = max(several, key=lambda verb: (weights[verb] * (1 + (verb == form)), verb))
            likely = self.frequencies[form] <= PRESENT * weights[verb] or form == verb
            likely = likely or verb in _FUNCTION_VERBS
            if likely and form not in self.stopwords:
                found[form] = verb
        return found

    def _present_stems(self, verb: str, verbs: set[str]) -> list[str]:
        """Return the stems of the present that a verb has, of those that its letters allow.

        A hollow verb has the stem that occurs, and its fourth form the one in ي: يقيم is of أقام.
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
        """Yield the regular inflections of nouns that occur, and the form they are made of."""
        made: dict[str, tuple[tuple[bool, float], str]] = {}
        for noun in self.nouns:
            if noun in self.stopwords or (noun in verbs and not self._is_noun(noun)):
                continue
            weight = self.frequencies.family(noun)
            # A noun in ه has the better claim to a form in ات; a broken plural has no endings.
            claim = (noun.endswith("ه"), weight)
            for form in inflect(noun) if self.nouns[noun] == noun else (noun + "ا",):
                if form in self.nouns or form in self.stopwords:
                    continue
                if form in self.protection.ends and weight < self.frequencies.family(form):
                    continue
                if form.endswith("ه") and self._is_pronoun(form):
                    continue
                if self.frequencies.family(form) > 0 and (
                    form not in made or made[form][0] < claim
                ):
                    made[form] = claim, noun
        for form, (_claim, noun) in made.items():
            yield form, noun

    def _is_noun(self, form: str) -> bool:
        return self.frequencies.takes_article(form)


def _spellings_of_final_heh() -> tuple[Counter[str], Counter[str]]:
    """Return how frequent folded words in ه are in texts that write ه, and in those that write ة.

    Frequencies are in words of a thousand million.
    """
    spellings: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        if word.endswith(("ه", "ة")):
            spellings[word.endswith("ة")][lexical(word)] += round(frequency * 1e9)
    return spellings


def _resolve(form: str, entries: Mapping[str, str], verbs: set[str]) -> str:
    """Follow forms to a lemma that is its own, or that only a verb's form leads on from."""
    seen = [form]
    while (lemma := entries.get(seen[-1], seen[-1])) not in seen and seen[-1] not in verbs:
        seen.append(lemma)
    return seen[-1]


def weight_of(frequency: float) -> int:
    """Return a frequency as the weight of an entry."""
    return max(0, round(10 * math.log10(max(frequency, 1e-9) * 1e9)))
