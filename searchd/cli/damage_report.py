"""What an indexing run found damaged, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from searchd.cli.options import count

if TYPE_CHECKING:
    from indexer.indexing import DamagedDocument, Report

_MAX_NAMED = 5
"""How many damaged documents of a kind are named."""

_EFFECTS = {
    "character_references": (
        "HTML entities outside of HTML",
        "decoded",
        "--repair auto decodes them",
    ),
    "mojibake": (
        "text that was read in a wrong encoding",
        "mended",
        "where letters were lost it cannot be mended: read the original again",
    ),
    "visual_order": (
        "text in visual order, from the last letter to the first",
        "turned",
        "--repair auto turns it",
    ),
    "turned_ligatures": (
        "ligatures turned, as in اإلسالمي",
        "found as if they were written rightly; the stored text is unchanged",
        "they are found as if they were written rightly",
    ),
    "guessed_encoding": (
        "too little text to tell the encoding",
        "",
        "check them, and save them as UTF-8",
    ),
    "font_tables": (
        "PDF fonts with wrong or no letters",
        "mended by the words of the document",
        "",
    ),
    "doubtful_pages": (
        "PDF pages with many unknown words",
        "",
        "they are indexed; where they are no text, read the file by OCR first",
    ),
    "unreadable_pages": (
        "PDF pages without text that can be read",
        "",
        "they are left out; --ocr COMMAND reads them",
    ),
}
"""What the summary says of each kind of damage: what it is, what was done, and what to do."""


def print_damage(report: Report) -> None:
    """Print how many documents are damaged in which way, and the first of them."""
    for kind, damage in sorted(report.damage.items()):
        what, done, advice = _EFFECTS[kind]
        origins = list(dict.fromkeys(each.origin or each.id for each in damage.first))
        places = {each.origin or each.id: each.places.get(kind, "") for each in damage.first}
        origins = [f"{name} {places[name]}".rstrip() for name in origins]
        names = ", ".join(origins[:_MAX_NAMED]) + (", ..." if damage.found > _MAX_NAMED else "")
        effects = [f"{damage.repaired:,} {done}"] if done else []
        if damage.repaired < damage.found and advice:
            effects.append(advice)
        click.echo(
            f"damaged: {count(damage.found, 'document')}, {what} ({names}); {'; '.join(effects)}",
            err=True,
        )


def describe_damage(damaged: DamagedDocument) -> str:
    """Return what is wrong with a document, in one line."""
    kinds = [
        f"{kind.replace('_', ' ')}{' (repaired)' if kind in damaged.repaired else ''}"
        f"{' on ' if kind in damaged.places else ''}{damaged.places.get(kind, '')}"
        for kind in sorted(damaged.found)
    ]
    encodings = f": {damaged.encodings}" if damaged.encodings else ""
    return f"{damaged.origin or damaged.id}: {', '.join(kinds)}{encodings}"


def damage_as_dict(report: Report) -> dict[str, object]:
    """Return the counts by kind of damage, for `--json`."""
    return {
        kind.value: {
            "found": damage.found,
            "repaired": damage.repaired,
            "first": [
                {"id": each.id, "origin": each.origin}
                | ({"places": each.places[kind]} if kind in each.places else {})
                for each in damage.first
            ],
        }
        for kind, damage in sorted(report.damage.items())
    }
