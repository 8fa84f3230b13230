"""The levels on which a word of a document can match a word of a query."""

from enum import StrEnum


class Level(StrEnum):
    """How closely a word of a document matches a word of a query.

    Members are defined from the closest match to the furthest. Each is a string that equals its
    value and hashes like it, so it can be used in JSON and as a key wherever the name can.

    >>> Level.STEM == "stem", [level.value for level in Level]
    (True, ['surface', 'stem', 'lemma', 'synonym', 'similar', 'near', 'phrase'])
    """

    SURFACE = "surface"
    """The same surface form: the spelling after folding, with its clitics. No hamza or mark that is
    typed is missing or contradicted."""

    STEM = "stem"
    """The same light stem: other clitics, or another regular ending."""

    LEMMA = "lemma"
    """A stem of another form of the same lemma: كتب for كتاب."""

    SYNONYM = "synonym"
    """An alternative from the synonyms: جوجل for غوغل."""

    SIMILAR = "similar"
    """A stem that is spelled alike, searched where no document has the word itself."""

    NEAR = "near"
    """Two words of the query close to each other: a part of a score, never a highlight."""

    PHRASE = "phrase"
    """The whole query as a phrase of the text or as the title: a part of a score, never a highlight."""


INDEXED_LEVELS = (Level.STEM, Level.SURFACE)
"""The levels whose terms an index holds. The others are made of these when a query is planned."""
