"""Highlighting: which words of a text a query matched, and the passages that show them best."""
