"""Highlighting: `matchers` find the matches of a query in a text, `passages` chooses snippets."""
