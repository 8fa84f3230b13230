"""PDF files: one document each, with its pages as places.

The pages are read once; where fonts have wrong tables, which the words of the whole document tell, those
with such fonts are read again. Pages that cannot be read are left out and named.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence

import pikepdf

from indexer.errors import SourceError
from indexer.places import PlaceKind, joined
from indexer.repair import Damage
from indexer.sources.limits import MAX_PDF_PAGES, PDF_LIMIT
from indexer.sources.opening import Input
from indexer.sources.pdf.decipher import Decipherment
from indexer.sources.pdf.fonts import UNKNOWN, is_private
from indexer.sources.pdf.furniture import without_furniture
from indexer.sources.pdf.glyph_words import EncodedWord, GlyphKey
from indexer.sources.pdf.glyphs import PageContent
from indexer.sources.pdf.judging import Verdict, judge
from indexer.sources.pdf.metadata import heading_of, stated_values
from indexer.sources.pdf.ocr import OcrCommand
from indexer.sources.pdf.page_content import Fonts, read_page
from indexer.sources.pdf.page_text import Line, PageLayout, encoded_words, layouts_of, lines_of
from indexer.sources.records import Record

_KEPT_GLYPHS = 500_000
"""Of a document: pages are kept until its fonts are corrected, in about 100 MB; others are read again."""

_LEFT_OUT = (Verdict.SCANNED, Verdict.UNREADABLE)


def read_pdf(source: Input) -> Iterator[Record]:
    """Yield a PDF as one record, whose places are its pages, by their numbers from 1.

    It has id, title and text, and author, subject, keywords, date and language where they are stated.
    A title that is the name of a file or a template gives way to the heading of the first page.
    Raises SourceError for a file that is damaged, needs a password, or has no text that can be read.
    """
    data = source.read_all(PDF_LIMIT)
    with open_pdf(data) as pdf:
        document = PdfText(pdf, OcrCommand(source.ocr) if source.ocr else None)
        values = {"id": source.file.name, **stated_values(pdf)}
    pages = without_furniture(document.lines)
    if "title" not in values:
        heading = heading_of(pages)
        values |= {"title": heading} if heading else {}
    parts = [
        (PlaceKind.PAGE, str(number), joined_lines(lines)) for number, lines in enumerate(pages, 1)
    ]
    values["text"], places = joined(parts)
    if not places:
        raise SourceError(document.why_unread())
    yield Record(
        source.origin,
        values,
        source.measure(len(data)),
        is_named=True,
        is_markup=True,
        places=places,
        damage=document.damage(),
    )


def open_pdf(data: bytes) -> pikepdf.Pdf:
    """Open a PDF. Raises SourceError for one that is damaged, needs a password, or is too long."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise SourceError(
            "it needs a password; save it without one, with: qpdf --decrypt --password=... IN OUT"
        ) from None
    except (pikepdf.PdfError, ValueError) as error:
        raise SourceError(
            f"not a sound PDF file ({' '.join(str(error).split())[:100]}); "
            f"open it in a viewer and print it to a new file"
        ) from error
    if len(pdf.pages) > MAX_PDF_PAGES:
        raise SourceError(f"it has more than {MAX_PDF_PAGES:,} pages; split it into several files")
    return pdf


class PdfText:
    """The lines of the pages of a PDF, after everything that could be mended was.

    `lines` are those of each page, none where a page cannot be read.
    """

    def __init__(self, pdf: pikepdf.Pdf, ocr: OcrCommand | None = None) -> None:
        self._pdf = pdf
        self._fonts = Fonts()
        self._ocr = ocr
        self._mended: set[int] = set()
        self._verdicts: list[Verdict] = []
        self._shared: dict[tuple[str, str], dict[GlyphKey, None]] = defaultdict(dict)
        self._failures: dict[int, str] = {}
        self._by_ocr: set[int] = set()
        self.lines: list[list[Line]] = []
        self._read()

    def _read(self) -> None:
        decipherment = Decipherment(self._family)
        used: list[set[GlyphKey]] = []
        contents: dict[int, PageContent] = {}
        kept = 0
        for number in range(len(self._pdf.pages)):
            content = self._content_of(number)
            layouts = layouts_of(content)
            words = self._words_of(layouts)
            decipherment.add(words)
            used.append({key for word in words for key, _text, _known in word})
            self.lines.append(lines_of(layouts))
            self._verdicts.append(judge(_plain(self.lines[number]), content))
            if kept + content.count() <= _KEPT_GLYPHS:
                kept += content.count()
                contents[number] = content
        found = decipherment.solve()
        doubted = (number for number, keys in enumerate(used) if keys & found.keys())
        self._correct(found, decipherment.guessed, doubted, contents)
        for number, verdict in enumerate(self._verdicts):
            if verdict in _LEFT_OUT:
                self.lines[number] = self._lines_by_ocr(number)

    def _correct(
        self,
        found: Mapping[GlyphKey, str],
        guessed: Collection[GlyphKey],
        numbers: Iterable[int],
        contents: MutableMapping[int, PageContent],
    ) -> None:
        """Read pages with the texts that were found for glyphs, from their contents if kept.

        `guessed` are those among the glyphs that may be others.
        """
        parts = {next(iter(names)): names for names in self._shared.values()}
        texts = {part: text for key, text in found.items() for part in parts.get(key, (key,))}
        unsure = {part for key in guessed for part in parts.get(key, (key,))}
        for (font, code), text in texts.items():
            self._fonts.all[font].correct(code, text)
        for number in numbers:
            content = contents.pop(number, None)
            if content is not None:
                content.correct(texts)
            else:
                content = self._content_of(number)
            self.lines[number] = lines_of(layouts_of(content))
            self._verdicts[number] = judge(_plain(self.lines[number]), content, unsure)
            self._mended.add(number)

    def _content_of(self, number: int) -> PageContent:
        """Return what a page shows; a picture in the place of a broken page."""
        try:
            return read_page(self._pdf.pages[number], self._fonts)
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
            self._failures[number] = str(error)
            return PageContent(images=1)

    def _family(self, font: int) -> int:
        """Return the number of the first font of the name of one."""
        name = self._fonts.all[font].name
        return next(each.number for each in self._fonts.all if each.name == name)

    def _words_of(self, layouts: list[PageLayout]) -> Counter[EncodedWord]:
        """Return the words of a page as glyphs, with how often each occurs."""
        doubted = frozenset(
            (font.number, code) for font in self._fonts.all for code in font.doubted()
        )
        words: Counter[EncodedWord] = Counter()
        for word, count in encoded_words(layouts, doubted).items():
            words[self._with_shared_keys(word)] += count
        return words

    def _with_shared_keys(self, word: EncodedWord) -> EncodedWord:
        """Return a word with one key for glyphs that are the same in several parts of a font.

        Some producers divide a font, and number its glyphs in the private range of Unicode.
        """
        if all(glyph.is_known or glyph.text == UNKNOWN for glyph in word):
            return word
        shared = []
        for glyph in word:
            if is_private(glyph.text) and glyph.text != UNKNOWN:
                names = self._shared[self._fonts.all[glyph.key[0]].name, glyph.text]
                names[glyph.key] = None
                glyph = glyph._replace(key=next(iter(names)))
            shared.append(glyph)
        return tuple(shared)

    def _lines_by_ocr(self, number: int) -> list[Line]:
        if self._ocr is None:
            return []
        text = self._ocr.read_page(self._pdf, number)
        self._by_ocr.add(number)
        return [Line(line, False, False, 1.0) for line in text.splitlines() if line.strip()]

    def _numbers(self, *verdicts: Verdict) -> list[int]:
        return [
            number
            for number, verdict in enumerate(self._verdicts)
            if verdict in verdicts and number not in self._by_ocr
        ]

    def damage(self) -> dict[Damage, str]:
        """Return the kinds of damage that the pages have, each with the pages, for messages."""
        pages = {
            Damage.FONT_TABLES: sorted(self._mended),
            Damage.DOUBTFUL_PAGES: self._numbers(Verdict.DOUBTFUL),
            Damage.UNREADABLE_PAGES: self._numbers(*_LEFT_OUT),
        }
        return {kind: described_pages(numbers) for kind, numbers in pages.items() if numbers}

    def why_unread(self) -> str:
        """Return why there is no text, and what to do, as a message for the user."""
        if not self._numbers(*_LEFT_OUT):
            return "its pages are empty"
        reasons = []
        for verdict, what in (
            (Verdict.SCANNED, "no text, only pictures or shapes"),
            (Verdict.UNREADABLE, "text in fonts that do not tell their letters"),
        ):
            numbers = self._numbers(verdict)
            if numbers:
                reasons.append(f"{described_pages(numbers)} {_has(numbers)} {what}")
        return f"{'; '.join(reasons)}; read them by OCR with: --ocr 'tesseract {{image}} - -l ara'"


def _has(numbers: Sequence[int]) -> str:
    return "has" if len(numbers) == 1 else "have"


def described_pages(numbers: Iterable[int]) -> str:
    """Return page numbers, which count from 0, as a reader writes them.

    >>> described_pages([0, 1, 2, 6])
    'pages 1-3, 7'
    """
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    names = [f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in ranges]
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"page{'' if single else 's'} {', '.join(names)}"


def _plain(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def joined_lines(lines: Sequence[Line]) -> str:
    """Return the text of lines, with an empty line before each paragraph.

    A word that is divided at the end of a line is joined.
    """
    text = ""
    for line in lines:
        if not text:
            text = line.text
        elif _is_divided(text, line):
            text = text[:-1] + line.text
        else:
            text += ("\n\n" if line.begins else "\n") + line.text
    return text


def _is_divided(text: str, line: Line) -> bool:
    return (
        text.endswith("-")
        and text[-2:-1].isalpha()
        and text[-2:-1].isascii()
        and line.text[:1].islower()
    )
