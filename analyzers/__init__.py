"""Analysis: Arabic text to terms.

The steps of a text, in order:

- `tokenizer` splits it into words, with code point offsets into the original;
- `normalization` folds each word to its surface form: one spelling for many (`folding`, `quranic`),
  and mends text that was damaged before (`logical_order`, `mojibake`, `turned_ligatures`);
- `stemming` strips clitics and endings by rule (`light_stemmer`) and knows the stop words
  (`stopwords`);
- `analyzer` combines these: `Analyzer` caches every distinct word, returns `Token` values or a
  `tokenized_text`, and has the fingerprint that an index stores.

For queries alone:

- `morphology` finds the lemma of a word (`lexicon`, `reading`) and the other stems that forms of the
  lemma have (`lemma_expansion`);
- `synonyms` finds alternatives of words and names.

`user_dictionaries` and `word_files` read the files of users and those that ship in `data/`, which the
scripts of `compile` make. `whoosh_adapters` offers the analysis to any Whoosh schema. `levels` names
the levels of a match, `errors` what can go wrong.

The names below are loaded from their modules when they are first used, so that `analyzers.errors`
and `analyzers.levels` can be imported at no cost.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analyzers.analyzer import Analyzer, Token
    from analyzers.levels import Level
    from analyzers.normalization.folding import fold
    from analyzers.stemming.light_stemmer import stem
    from analyzers.stemming.stopwords import is_function_word, is_stopword
    from analyzers.tokenizer import tokenize

__all__ = [
    "Analyzer",
    "Level",
    "Token",
    "fold",
    "is_function_word",
    "is_stopword",
    "stem",
    "tokenize",
]

_MODULES = {
    "Analyzer": "analyzers.analyzer",
    "Level": "analyzers.levels",
    "Token": "analyzers.analyzer",
    "fold": "analyzers.normalization.folding",
    "is_function_word": "analyzers.stemming.stopwords",
    "is_stopword": "analyzers.stemming.stopwords",
    "stem": "analyzers.stemming.light_stemmer",
    "tokenize": "analyzers.tokenizer",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value
