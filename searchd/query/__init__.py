"""The query language: the text of a query to its syntax tree.

`parser` takes a text to its tree: of words alone at once, of anything else by `grammar` from the tokens
(`tokens`) of `lexer`, which reads conditions on fields by `conditions`, numbers after `^` and `~` by
`suffixes` and the names of fields by `field_names`. `nodes` are the nodes of the tree.
`synonym_expansion` finds the synonyms of words when a query is resolved. Which terms the words are,
and what they score, is decided in `searchd.search`.
"""

from searchd.query.nodes import (
    And,
    Boost,
    Clause,
    Clauses,
    Comparison,
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
    Range,
    RangeEnd,
    Wildcard,
)
from searchd.query.parser import parse, parse_plain

__all__ = [
    "And",
    "Boost",
    "Clause",
    "Clauses",
    "Comparison",
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
    "Range",
    "RangeEnd",
    "Wildcard",
    "parse",
    "parse_plain",
]
