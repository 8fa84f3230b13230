"""Normalization: the many spellings of a word to one.

`folding` maps a word to its surface form, for which `quranic` writes Quranic orthography as modern
spelling. Others mend text that was damaged before: `visual_order` recognises lines that are stored
backwards, and `logical_order` turns them; `mojibake` undoes wrong decoding; `turned_ligatures` puts
the letters of ligatures in order. `letter_pairs` tells how likely a string is to be Arabic.
"""
