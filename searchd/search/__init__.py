"""Answering a parsed query: from its tree to ranked document numbers.

`planner` turns words into terms and looks them up, which gives the tree of `plan`; `phrases` finds
words in a row; `matching` runs a plan on a segment and scores with `bm25`; `filters` and `sorting`
work on columns; `collecting` puts the segments together and takes the best.
"""
