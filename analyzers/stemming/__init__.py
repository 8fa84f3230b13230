"""Stemming by rule: the light stemmer, its protected words, and the stop words."""
