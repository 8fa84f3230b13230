"""Morphology, for queries: from a word to its lemma, and from the lemma to the stems of its forms.

`lexicon` reads the compiled file of forms and lemmas, `reading` finds a form of it inside a word with
clitics, `lemma_expansion` returns the related stems that a query searches as well.
"""
