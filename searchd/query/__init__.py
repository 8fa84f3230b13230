"""The query language: from what a person typed to a tree of what must be found.

`nodes` are the tree, `lexer` cuts the query into marks and words, `parser` builds the tree.
What the words mean for an index (terms, levels, weights) is decided in `searchd.execution`.
"""

from searchd.query.nodes import (
    All,
    And,
    Clause,
    Clauses,
    Exact,
    Field,
    Fuzzy,
    Node,
    Not,
    Occur,
    Or,
    Pattern,
    Phrase,
    Words,
)
from searchd.query.parser import parse, parse_plain

__all__ = [
    "All",
    "And",
    "Clause",
    "Clauses",
    "Exact",
    "Field",
    "Fuzzy",
    "Node",
    "Not",
    "Occur",
    "Or",
    "Pattern",
    "Phrase",
    "Words",
    "parse",
    "parse_plain",
]
