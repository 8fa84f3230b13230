"""The query language: from what a person typed to a tree of what must be found.

`nodes` are the tree, `lexer` cuts the query into marks and words, `parser` builds the tree.
What the words mean for an index (terms, levels, weights) is decided in `searchd.execution`.
"""

from searchd.query.nodes import (
    And,
    Clause,
    Clauses,
    Exact,
    Field,
    FreeText,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Wildcard,
)
from searchd.query.parser import parse, parse_plain

__all__ = [
    "And",
    "Clause",
    "Clauses",
    "Exact",
    "Field",
    "FreeText",
    "Fuzzy",
    "MatchAll",
    "Node",
    "Not",
    "Occur",
    "Or",
    "Phrase",
    "Wildcard",
    "parse",
    "parse_plain",
]
