"""PowerPoint presentations (.pptx): the slides in their order, each with its notes and comments."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.errors import SourceError
from indexer.places import PlaceKind, joined
from indexer.sources.office.docx import WordText
from indexer.sources.office.package import Package
from indexer.sources.office.properties import core_properties, short_first_line
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

_BESIDE_A_SLIDE = ("diagramData", "chart", "notesSlide", "comments")


def read_pptx(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the presentation as one record; its places are the slides.

    The title is that of the properties, else the first line of the first slide. Raises SourceError
    where the file is damaged, encrypted or too large.
    """
    package = Package.of(source)
    main = package.main_part("ppt/presentation.xml")
    relations = package.relations(main)
    slides = []
    for _name, attributes, _text in package.elements(main, "sldId"):
        relation = relations.get(attributes.get("r:id", ""))
        if relation is not None and relation.target in package:
            slides.append(relation.target)
    parts = [
        (PlaceKind.SLIDE, str(number), _slide_text(package, slide))
        for number, slide in enumerate(slides, start=1)
    ]
    text, places = joined(parts)
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, package.size)
        return
    values = core_properties(package)
    values.setdefault("title", short_first_line(text))
    values |= {"id": source.file.name, "text": text}
    yield Record(source.origin, values, package.size, is_named=True, is_markup=True, places=places)


def _slide_text(package: Package, slide: str) -> str:
    texts = []
    for part in (slide, *package.related(slide, *_BESIDE_A_SLIDE)):
        handler = WordText()
        try:
            package.read_xml(part, handler)
        except SourceError:
            if part == slide:
                raise
            continue
        texts.append(handler.flow.take())
    return "\n".join(text for text in texts if text)
