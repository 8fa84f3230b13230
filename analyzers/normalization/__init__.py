"""Normalization: the spellings of a word to one form, and the order of its letters."""
