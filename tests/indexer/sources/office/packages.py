"""Makes office files of a few parts, as their programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODF_NAMESPACES = " ".join(
    [
        *(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "style")),
        f'xmlns:draw="{_ODF}:drawing:1.0" xmlns:svg="{_ODF}:svg-compatible:1.0"',
        f'xmlns:meta="{_ODF}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"',
        f'xmlns:presentation="{_ODF}:presentation:1.0"',
    ]
)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file of parts by their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return the relations of a part: type and target of each by its id."""
    each = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{type_}" Target="{target}"/>'
        for name, (type_, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{each}</Relationships>'


def xml(element: str, content: str) -> str:
    """Return an Open XML part with a root element."""
    return f'<?xml version="1.0"?><{element} {_NAMESPACES}>{content}</{element}>'


def content_types(main: str) -> str:
    """Return the part that says what the main part of an Open XML file is."""
    kind = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
    return f'<Types><Override PartName="/x" ContentType="{kind}"/></Types>'


def core(title: str = "", author: str = "", modified: str = "") -> str:
    """Return the properties of an Open XML file."""
    return xml(
        "cp:coreProperties",
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dcterms:modified>{modified}</dcterms:modified>",
    )


def docx(
    body: str, others: Mapping[str, tuple[str, str]] | None = None, properties: str = ""
) -> bytes:
    """Return a Word document; `others` are the types and the contents of other parts, by name."""
    others = others or {}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types("wordprocessingml.document"),
        "_rels/.rels": relations({"rId1": ("officeDocument", "/word/document.xml")}),
        "word/document.xml": xml("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relations(
            {f"rId{n}": (type_, name) for n, (name, (type_, _)) in enumerate(others.items())}
        ),
    }
    parts |= {
        f"word/{name}": xml(f"w:{type_}", content) for name, (type_, content) in others.items()
    }
    if properties:
        parts["docProps/core.xml"] = properties
    return package(parts)


def opendocument(kind: str, body: str, **others: str) -> bytes:
    """Return an OpenDocument file; `others` are the contents of other parts: meta, styles."""
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF}:manifest:1.0"/>',
        "content.xml": f"<office:document-content {_ODF_NAMESPACES}><office:body>{body}"
        f"</office:body></office:document-content>",
    }
    for name, content in others.items():
        parts[f"{name}.xml"] = (
            f"<office:document-{name} {_ODF_NAMESPACES}>{content}</office:document-{name}>"
        )
    return package(parts)


def epub(
    chapters: Mapping[str, str], spine: str, *, metadata: str = "", more: str = "", **others: str
) -> bytes:
    """Return an e-book; `more` is added to its list of files, `others` are further files by name."""
    items = "".join(
        f'<item id="c{number}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine.split())
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
            "</rootfiles></container>",
            "OPS/book.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata>{metadata}</metadata><manifest>{items}{more}</manifest>"
            f"<spine>{order}</spine></package>",
            **{f"OPS/text/{name}": page for name, page in chapters.items()},
            **{name.replace("__", "/"): part for name, part in others.items()},
        }
    )


def xlsx(sheets: Mapping[str, str]) -> bytes:
    """Return a workbook of sheets, each of rows of cells in XML, by their names."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    types = "".join(
        f'<Override PartName="/xl/sheet{number}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
        f'types"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/>{types}</Types>',
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            {f"rId{n}": ("worksheet", f"sheet{n}.xml") for n in range(1, len(sheets) + 1)}
        ),
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return package(parts)
