from __future__ import annotations

from indexer.places import PlaceKind
from tests.indexer.sources.office.packages import (
    content_types,
    core,
    opendocument,
    package,
    relations,
    xml,
)


def shape(text: str) -> str:
    return f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


TABLE = (
    "<a:tbl><a:tr>"
    + "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{t}</a:t></a:r></a:p></a:txBody></a:tc>" for t in "أب"
    )
    + "</a:tr></a:tbl>"
)
NUMBER = '<p:sp><p:txBody><a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p></p:txBody></p:sp>'


def pptx() -> bytes:
    """Return a presentation whose slides are stored in another order than they are shown in."""
    return package(
        {
            "[Content_Types].xml": content_types("presentationml.presentation"),
            "_rels/.rels": relations({"rId1": ("officeDocument", "ppt/presentation.xml")}),
            "docProps/core.xml": core("PowerPoint Presentation", "كاتب"),
            "ppt/presentation.xml": xml(
                "p:presentation",
                '<p:sldIdLst><p:sldId id="256" r:id="rId9"/><p:sldId r:id="rId2" id="257"/>'
                "</p:sldIdLst>",
            ),
            "ppt/_rels/presentation.xml.rels": relations(
                {"rId2": ("slide", "slides/slide1.xml"), "rId9": ("slide", "slides/slide2.xml")}
            ),
            "ppt/slides/slide1.xml": xml("p:sld", shape("الثانية") + TABLE + NUMBER),
            "ppt/slides/slide2.xml": xml("p:sld", shape("الأولى")),
            "ppt/slides/_rels/slide1.xml.rels": relations(
                {"rId1": ("notesSlide", "../notesSlides/notesSlide1.xml")}
            ),
            "ppt/notesSlides/notesSlide1.xml": xml("p:notes", shape("ملاحظة")),
        }
    )


def test_slides_are_places_in_the_order_in_which_they_are_shown(read):
    (record,) = read("a.pptx", pptx())
    assert record.values["text"] == "الأولى\n\nالثانية\nأ\tب\nملاحظة"
    assert [(place.kind, place.label) for place in record.places] == [
        (PlaceKind.SLIDE, "1"),
        (PlaceKind.SLIDE, "2"),
    ]
    assert (record.values["title"], record.values["author"]) == ("الأولى", "كاتب")


def test_slides_of_an_opendocument_presentation(read):
    page = (
        '<draw:page draw:name="{0}"><draw:frame><draw:text-box><text:p>{0}</text:p></draw:text-box>'
        "</draw:frame><presentation:notes><text:p>ملاحظة {0}</text:p></presentation:notes></draw:page>"
    )
    body = f"<office:presentation>{page.format('أولى')}{page.format('ثانية')}</office:presentation>"
    (record,) = read("a.odp", opendocument("presentation", body))
    assert record.values["text"] == "أولى\nملاحظة أولى\n\nثانية\nملاحظة ثانية"
    assert [place.label for place in record.places] == ["1", "2"]


def test_a_presentation_without_text_is_named(read):
    (bad,) = read("a.odp", opendocument("presentation", "<office:presentation/>"))
    assert "holds no text" in bad.reason
