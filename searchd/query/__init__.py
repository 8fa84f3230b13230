"""The query language: the text of a query to its syntax tree.

`parser` takes a text to its tree: of words alone at once, of anything else by `grammar` from the tokens
of `lexer`. `nodes` are the nodes of the tree.
`synonym_expansion` finds the synonyms of words when a query is resolved. Which terms the words are,
and what they score, is decided in `searchd.search`.
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
