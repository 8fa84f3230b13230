"""The errors of the analyzers.

AnalyzersError
├── DataFileError        a file that ships with the package is missing, damaged or of another version
│   └── LexiconError     the same of the lexicon; also raised by the lookup that meets the damage
└── WordFileError        a user's file of words, lexicon entries or synonyms cannot be used

A wrong argument, such as an unknown level or synonym pack, is a ValueError.
"""


class AnalyzersError(Exception):
    """The root of every error that the analyzers raise on purpose."""


class DataFileError(AnalyzersError):
    """A file that ships with the package is missing, damaged or of another version."""


class LexiconError(DataFileError):
    """The file of the lexicon is missing, damaged or of another version.

    The checksum of a bucket is compared when a form in it is first looked up, so this may be raised
    by a query long after the lexicon was opened.
    """


class WordFileError(AnalyzersError):
    """A user's word file cannot be read, or a line of it does not hold what it should.

    `origin` is the path, with `:line` where a line is to blame; `reason` says what is wrong and what
    to do.
    """

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(origin, reason)
        self.origin = origin
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"
