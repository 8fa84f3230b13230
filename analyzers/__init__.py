"""Arabic text to terms: characters, tokens, stems, stop words, and adapters for Whoosh.

The path of a text: `tokenizer` cuts it into words with exact code point offsets into the
original; `characters` folds each word to its surface form; `stemmer` cuts clitics and common
endings by rule; `analysis` ties them together and remembers every distinct word it has seen.
`whoosh_adapters` offers all of it to any Whoosh schema and is the only module that knows Whoosh.
"""

from analyzers.analyzer import Analyzer, Token
from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import stem
from analyzers.stemming.stopwords import is_stopword
from analyzers.tokenizer import tokenize

__all__ = ["Analyzer", "Token", "fold", "is_stopword", "stem", "tokenize"]
