"""Morphology: the lexicon of word forms, the reading of words with clitics, lemma expansion."""
