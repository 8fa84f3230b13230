"""The arguments of a search: checked before anything is searched, with errors that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import index
from typing import TYPE_CHECKING, NamedTuple, overload

from indexer.fields import FieldType
from searchd.errors import SearchArgumentError

if TYPE_CHECKING:
    from indexer.snapshot import Snapshot
    from searchd.filter_tree import Filter

MOST_HITS = 10_000
"""The greatest `offset + limit` of a page."""

MOST_SUGGESTIONS = 20
"""The greatest `limit` of suggestions."""

SYNTAXES = ("full", "plain")
CORRECTING = ("auto", "always", "never")


class Paging(NamedTuple):
    """Which hits a page has, and how many snippets of which length each of them."""

    limit: int
    offset: int
    snippets: int
    snippet_length: int


def check_text(argument: str, value: object) -> str:
    """Return a text. Raises SearchArgumentError for a value of another type."""
    if not isinstance(value, str):
        raise SearchArgumentError(argument, f"must be a text, not {_shown(value)}")
    return value


def check_filters(filters: object, argument: str = "filters") -> tuple[str | Filter, ...]:
    """Return the filters of a search: texts and trees. Raises SearchArgumentError for others."""
    if filters is None or filters == ():
        return ()
    if isinstance(filters, str):
        raise SearchArgumentError(argument, f"filters are a list of conditions: [{filters!r}]")
    if not isinstance(filters, Iterable) or isinstance(filters, bytes | Mapping):
        raise SearchArgumentError(
            argument, f"must be a list of conditions such as 'date>=2024', not {_shown(filters)}"
        )
    conditions = tuple(filters)
    for condition in conditions:
        if not isinstance(condition, str):
            from searchd.filter_tree import check_tree

            if problem := check_tree(condition):
                raise SearchArgumentError(
                    argument,
                    f"must be conditions in one text each, such as 'date>=2024', or trees of "
                    f"searchd.filter_tree, not {_shown(problem)}",
                )
    return conditions


def check_sort(sort: object) -> str | None:
    """Return the sort keys of a search, None for none. Raises SearchArgumentError for no text."""
    if sort is None or isinstance(sort, str):
        return sort or None
    keys = sort if isinstance(sort, list | tuple) else ()
    written = ",".join(key for key in keys if isinstance(key, str)) or "-date"
    raise SearchArgumentError(
        "sort", f"must be one text, several fields with commas, not {_shown(sort)}: {written!r}"
    )


def check_cursor(cursor: object, offset: int = 0) -> str | None:
    """Return a cursor, None for none. Raises SearchArgumentError for no text, and for an offset too."""
    if cursor is None:
        return None
    if offset:
        raise SearchArgumentError("after", f"a cursor takes no offset; leave out offset {offset}")
    return check_text("after", cursor)


@overload
def check_count(argument: str, value: int) -> int: ...
@overload
def check_count(argument: str, value: int | None) -> int | None: ...
def check_count(argument: str, value: object) -> int | None:
    """Return a whole number from 0, None for none. Raises SearchArgumentError for anything else."""
    return None if value is None else check_whole(argument, value, 0)


def check_syntax(syntax: object) -> str:
    """Return a syntax. Raises SearchArgumentError for one that does not exist."""
    if not isinstance(syntax, str) or syntax not in SYNTAXES:
        raise SearchArgumentError(
            "syntax", f"there is no syntax {syntax!r}; use {' or '.join(SYNTAXES)}"
        )
    return syntax


def check_text_field(field: object, snapshot: Snapshot) -> str:
    """Return the name of a text field, "" for title and text. Raises SearchArgumentError."""
    names = [name for name, kind in snapshot.fields.items() if kind is FieldType.TEXT]
    if not isinstance(field, str) or field not in ("", *names):
        raise SearchArgumentError(
            "field", f"must be one of the text fields {', '.join(names)}, not {_shown(field)}"
        )
    return field


def check_correct(correct: object) -> str:
    """Return when to look for a correction. Raises SearchArgumentError for another value."""
    if not isinstance(correct, str) or correct not in CORRECTING:
        raise SearchArgumentError(
            "correct", f"must be one of {', '.join(CORRECTING)}, not {_shown(correct)}"
        )
    return correct


def check_limit(limit: object, most: int) -> int:
    """Return a limit. Raises SearchArgumentError for no whole number from 1 to `most`."""
    number = check_whole("limit", limit, 1)
    if number > most:
        raise SearchArgumentError("limit", f"may be {most} at most, not {number}")
    return number


def check_memory_limit(limit: object) -> int | None:
    """Return the bytes that an engine may cache. Raises SearchArgumentError for none above 0."""
    return None if limit is None else check_whole("memory_limit", limit, 1)


def check_timeout(timeout: object) -> float | None:
    """Return the seconds that a search may take. Raises SearchArgumentError for none above 0."""
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise SearchArgumentError(
            "timeout", f"must be a number of seconds above 0, not {_shown(timeout)}"
        )
    return float(timeout)


def check_paging(
    limit: object = 0, offset: object = 0, snippets: object = 0, snippet_length: object = 1
) -> Paging:
    """Return a page. Raises SearchArgumentError for no whole numbers and for those out of range."""
    page = Paging(
        check_whole("limit", limit, 0),
        check_whole("offset", offset, 0),
        check_whole("snippets", snippets, 0),
        check_whole("snippet_length", snippet_length, 1),
    )
    if page.offset + page.limit > MOST_HITS:
        raise SearchArgumentError(
            "offset" if page.offset else "limit",
            f"offset {page.offset} and limit {page.limit} reach past hit {MOST_HITS:,}, the last one "
            "that a page may have",
        )
    return page


def check_whole(argument: str, value: object, least: int) -> int:
    """Return a whole number of at least `least`. Raises SearchArgumentError for anything else."""
    if type(value) is int and value >= least:
        return value
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise SearchArgumentError(
            argument, f"must be a whole number from {least}, not {_shown(value)}"
        )
    return number


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"a value of type {type(value).__name__}"
