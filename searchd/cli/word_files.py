"""Options for the user's dictionaries: protected words, lexicon entries and synonyms.

A file that cannot be used raises WordFileError, a damaged lexicon LexiconError; the program prints
either in one line and exits with status 1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from searchd.cli.options import utf8_text

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms

_Command = TypeVar("_Command", bound=Callable[..., Any])

_WORD_FILE = click.Path(dir_okay=False, path_type=Path)


_PROTECTED_WORDS = click.option(
    "--protected-words",
    "protected_words_file",
    type=_WORD_FILE,
    envvar="SEARCHD_PROTECTED_WORDS",
    show_envvar=True,
    metavar="FILE",
    help="Words that the stemmer must not cut, one on a line. An index must be built and searched "
    "with the same words.",
)
_LEXICON_ENTRIES = click.option(
    "--lexicon-entries",
    "lexicon_entries_file",
    type=_WORD_FILE,
    envvar="SEARCHD_LEXICON_ENTRIES",
    show_envvar=True,
    metavar="FILE",
    help="Word forms that the lexicon does not have, one on a line: FORM = LEMMA. They change "
    "queries alone; the index need not be rebuilt.",
)


def protected_words_option(command: _Command) -> _Command:
    """Add `--protected-words`; the command receives an `analyzer`, None for the default one.

    Every command that opens an index needs the option, because protected words change the terms
    of the index.
    """

    @_PROTECTED_WORDS
    @functools.wraps(command)
    def with_analyzer(*args: Any, protected_words_file: Path | None, **kwargs: Any) -> Any:
        return command(*args, analyzer=chosen_analyzer(protected_words_file, None), **kwargs)

    return with_analyzer  # type: ignore[return-value]


def analyzer_options(command: _Command) -> _Command:
    """Add `--protected-words` and `--lexicon-entries`, for commands that search.

    The command receives an `analyzer`, None for the default one.
    """

    @_PROTECTED_WORDS
    @_LEXICON_ENTRIES
    @functools.wraps(command)
    def with_analyzer(
        *args: Any,
        protected_words_file: Path | None,
        lexicon_entries_file: Path | None,
        **kwargs: Any,
    ) -> Any:
        analyzer = chosen_analyzer(protected_words_file, lexicon_entries_file)
        return command(*args, analyzer=analyzer, **kwargs)

    return with_analyzer  # type: ignore[return-value]


def chosen_analyzer(protected_words: Path | None, lexicon_entries: Path | None) -> Analyzer | None:
    """Return the analyzer with the words of these files, None for the default one.

    Raises WordFileError and LexiconError.
    """
    if protected_words is None and lexicon_entries is None:
        return None
    from analyzers import Analyzer
    from analyzers.morphology.lexicon import shipped_lexicon
    from analyzers.user_dictionaries import read_lexicon_entries, read_protected_words

    words: frozenset[str] = frozenset()
    lexicon = None
    if protected_words is not None:
        words = read_protected_words(protected_words)
    if lexicon_entries is not None:
        entries = read_lexicon_entries(lexicon_entries)
        lexicon = shipped_lexicon().with_entries(entries)
    return Analyzer(words, lexicon)


def synonyms_options(command: _Command) -> _Command:
    """Add `--synonyms`, `--synonym-packs` and `--no-synonyms`; the command receives `synonyms`.

    They are None for the default: all packs that ship, and no file.
    """

    @click.option(
        "--synonyms",
        "synonyms_file",
        type=_WORD_FILE,
        envvar="SEARCHD_SYNONYMS",
        show_envvar=True,
        metavar="FILE",
        help="Synonyms, a group of equivalent words or phrases on each line with commas between; "
        "ONE => OTHER for one direction. Added to the packs.",
    )
    @click.option(
        "--synonym-packs",
        "packs",
        type=utf8_text,
        metavar="NAMES",
        help="Packs of synonyms to use, with commas between: months, names, numbers, "
        "transliterations; or none (default: all of them).",
    )
    @click.option("--no-synonyms", is_flag=True, help="Do not search for synonyms at all.")
    @functools.wraps(command)
    def with_synonyms(
        *args: Any, synonyms_file: Path | None, packs: str | None, no_synonyms: bool, **kwargs: Any
    ) -> Any:
        synonyms = chosen_synonyms(synonyms_file, packs, no_synonyms)
        return command(*args, synonyms=synonyms, **kwargs)

    return with_synonyms  # type: ignore[return-value]


def chosen_synonyms(file: Path | None, packs: str | None, no_synonyms: bool) -> Synonyms | None:
    """Return the synonyms of a file and of packs, None for the default.

    Raises WordFileError, and UsageError or BadParameter for packs that are not right.
    """
    if file is None and packs is None and not no_synonyms:
        return None
    from analyzers.synonyms import PACKS, Synonyms, read_synonyms, shipped_synonyms

    if no_synonyms:
        if packs is not None:
            raise click.UsageError("--no-synonyms leaves no pack to choose; drop --synonym-packs")
        return Synonyms()
    names = PACKS
    if packs is not None:
        names = () if packs == "none" else tuple(map(str.strip, packs.split(",")))
    try:
        shipped = shipped_synonyms(names)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--synonym-packs") from error
    return shipped | read_synonyms(file) if file else shipped
