"""Highlighting: which words of a document a query matched, and its snippets.

`matchers` recognise the terms of a query among the words of a text, `highlights` are the ranges of
their matches, and `passages` chooses the snippets that show them best.
"""
