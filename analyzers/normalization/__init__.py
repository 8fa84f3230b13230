"""Normalization: the many spellings of a word to one.

`folding` maps a word to its surface form, for which `quranic` writes Quranic orthography as modern
spelling; `visual_order` recognises text whose lines are stored backwards.
"""
