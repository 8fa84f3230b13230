"""Templates in the reader's language, and texts with their matches marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from analyzers.levels import Level
from indexer.document import FieldValue
from searchd.results import Correction, Snippet
from searchd.service.page.formatting import Formatting
from searchd.service.page.preferences import Preferences
from searchd.service.page.texts import FIELD_LABELS, TEXTS, Language, Text

_TEMPLATES = Path(__file__).parent / "templates"

_EXPLAINED_LEVELS = ("lemma", "synonym", "similar")
"""Levels whose marks say what they are: the word is another one than that of the query."""

_MOST_KEYWORDS = 4
_LONGEST_KEYWORD = 40


class Words:
    """The texts of one language, and what writes numbers, counts and dates in it."""

    def __init__(self, preferences: Preferences) -> None:
        self._language: Language = preferences.language
        self.formatting = Formatting(preferences.language, preferences.country)

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a text; its values are escaped, and isolated so that each keeps its direction."""
        return escape(_text(key, self._language)).format(
            **{name: _isolated(value) for name, value in values.items()}
        )

    def plain(self, key: str, **values: object) -> str:
        """Return a text without markup, for an attribute or the title."""
        return _text(key, self._language).format(**values)

    def field(self, name: str) -> str:
        """Return the name of a field in the language, or as it is in the index."""
        label = FIELD_LABELS.get(name)
        return _in(label, self._language) if label else name

    def quoted(self, words: Iterable[str]) -> Markup:
        """Return words one after the other, each isolated.

        Not joined by «و», which would look like the first letter of the next word.
        """
        comma = "، " if self._language == "ar" else ", "
        return Markup(comma).join(map(_isolated, words))

    def marked(self, text: str, ranges: Sequence[Range]) -> Markup:
        """Return a text with its matches in `<mark>`."""
        return marked(text, ranges, self)

    def corrected(self, correction: Correction) -> Markup:
        """Return a corrected query with what it changes in `<strong>`."""
        return _corrected(correction)

    def snippet(self, snippet: Snippet) -> Markup:
        """Return a passage with its matches in `<mark>`, and where the document goes on."""
        before = "…\u00a0" if snippet.before else ""
        after = "\u00a0…" if snippet.after else ""
        return before + marked(snippet.text, snippet.highlights, self) + after


def _corrected(correction: Correction) -> Markup:
    """Return a corrected query with what it changes in `<strong>`."""
    parts: list[str] = []
    text, last = correction.text, 0
    for change in correction.changes:
        at = text.find(change.corrected, last)
        if at < 0:
            continue
        end = at + len(change.corrected)
        strong = Markup("<strong>{}</strong>").format(text[at:end])
        parts += [escape(text[last:at]), strong]
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def _isolated(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup("<bdi>{}</bdi>").format(value)


def _text(key: str, language: Language) -> str:
    return _in(TEXTS[key], language)


def _in(text: Text, language: Language) -> str:
    return text.ar if language == "ar" else text.en


class Range(Protocol):
    """A half-open range of code points that a query matched on a level."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def level(self) -> Level: ...  # noqa: D102


def marked(
    text: str,
    ranges: Iterable[Range],
    words: Words,
    *,
    offset: int = 0,
    attributes: Callable[[Range], Markup] = lambda _range: Markup(""),
) -> Markup:
    """Return a text with its matches in `<mark>`, escaped.

    `ranges` are sorted and disjoint, and count from `offset` code points before the text. Of one that
    reaches beyond the text the part in it is marked. `attributes` gives what else a mark has.
    """
    parts: list[str] = []
    last = 0
    for found in ranges:
        start, end = max(found.start - offset, 0), min(found.end - offset, len(text))
        level = Markup(' data-level="{}"').format(found.level)
        if found.level in _EXPLAINED_LEVELS:
            level += Markup(' title="{}"').format(words.plain(f"level_{found.level}"))
        tag = Markup("<mark{}{}>{}</mark>").format(level, attributes(found), text[start:end])
        parts += [escape(text[last:start]), tag]
        last = end
    parts.append(escape(text[last:]))
    return Markup("").join(parts)


def wrong_place(query: str, position: int | None) -> Markup:
    """Return a query with the character in `<mark>` at which it is wrong.

    An error at the end has no character to mark, so a space is marked.
    """
    at = min(position or 0, len(query))
    shown = query if at < len(query) else query + "\u00a0"
    return Markup("{}<mark>{}</mark>{}").format(shown[:at], shown[at], shown[at + 1 :])


def web_host(url: str) -> str | None:
    """Return the host of an address that may be followed, None for others.

    Never `javascript:` or `data:`, which would run in the page.

    >>> web_host("https://example.org/a"), web_host("javascript:alert(1)"), web_host("http://[")
    ('example.org', None, None)
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def keywords(fields: Mapping[str, FieldValue]) -> list[str]:
    """Return the short words among the fields of a hit, which say what kind of document it is."""
    listed = (value if isinstance(value, tuple) else (value,) for value in fields.values())
    words = (word for value in listed for word in value if isinstance(word, str))
    short = dict.fromkeys(word for word in words if len(word) <= _LONGEST_KEYWORD)
    return list(short)[:_MOST_KEYWORDS]


@cache
def environment() -> jinja2.Environment:
    """Return the environment of the templates: everything is escaped, unknown names are errors."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(web_host=web_host, keywords=keywords)
    return made


def render(template: str, preferences: Preferences, **values: object) -> str:
    """Return a page in the language and theme of its reader."""
    words = Words(preferences)
    date_of: Callable[[date], str] = words.formatting.date
    return (
        environment()
        .get_template(template)
        .render(
            t=words,
            plain=words.plain,
            number=words.formatting.number,
            count=words.formatting.count,
            date=date_of,
            digits=words.formatting.digits,
            preferences=preferences,
            **values,
        )
    )
