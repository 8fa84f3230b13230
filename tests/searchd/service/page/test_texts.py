"""The table of texts: complete, used, and the only place of them."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from searchd.service.error_models import ErrorCode
from searchd.service.page.routes import STATIC
from searchd.service.page.texts import COUNTED, FIELD_LABELS, TEXTS, Text

TEMPLATES = {path.name: path.read_text("utf-8") for path in (STATIC.parent / "templates").iterdir()}
MODULES = "".join(
    path.read_text("utf-8") for path in STATIC.parent.glob("*.py") if path.stem != "texts"
)

_ARABIC = re.compile("[\u0621-\u064a]")


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "text", [*TEXTS.values(), *FIELD_LABELS.values()], ids=[*TEXTS, *FIELD_LABELS]
)
def test_both_languages_say_the_same_with_the_same_values(text: Text) -> None:
    assert text.ar
    assert text.en
    assert fields_of(text.ar) == fields_of(text.en)


def test_every_arabic_text_is_arabic() -> None:
    latin = {key for key, text in TEXTS.items() if not _ARABIC.search(text.ar)}
    assert latin == {"other_language"}


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_used(key: str) -> None:
    family = key.split("_")[0] + "_"
    everywhere = "".join(TEMPLATES.values()) + MODULES
    used = f'"{key}"' in everywhere or re.search(rf'"{family}(?:"|\{{)', everywhere) is not None
    assert used, key


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_use_texts_that_exist(name: str) -> None:
    for key in re.findall(r'\b(?:t|plain)\("(\w+)"[,)]', TEMPLATES[name]):
        assert key in TEXTS


@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {"help.html"}))
def test_templates_have_no_words_of_their_own(name: str) -> None:
    text = re.sub(r"\{% block kind %\}\w+", "", TEMPLATES[name])
    text = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL)
    assert not _ARABIC.search(text)
    outside = re.sub(r"<[^>]*>", "", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    assert not re.search(r"[A-Za-z]{3,}", outside)


@pytest.mark.parametrize("code", ErrorCode.__args__)  # type: ignore[attr-defined]
def test_errors_that_a_reader_meets_have_a_headline(code: str) -> None:
    """The others are of programs: wrong methods, hosts and connections never show the page."""
    assert f"error_{code}" in TEXTS or code in {
        "method_not_allowed",
        "request_timeout",
        "wrong_host",
        "invalid_cursor",
        "cursor_expired",
        "index_not_found",
        "alias_not_found",
        "task_not_found",
        "conflict",
        "too_large",
        "unsupported_media_type",
        "bad_document",
        "cancelled",
        "index_busy",
        "write_failed",
        "writer_lost",
        "http",
    }


@pytest.mark.parametrize("noun", COUNTED)
def test_forms_that_no_word_says_have_the_number(noun: str) -> None:
    for forms in COUNTED[noun].values():
        assert all("{n}" in form for form in (forms.few, forms.many, forms.other))
        assert "{n}" not in forms.zero + forms.one
