"""A PDF is one record with its pages as places; what cannot be read is named, and how to read it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record
from indexer.sources.pdf import interpreter
from indexer.sources.pdf.reader import described_pages
from indexer.sources.signatures import looks_like_pdf
from tests.indexer.sources.pdf.conftest import ReadPdf
from tests.indexer.sources.pdf.pages import PdfMaker

SENTENCE = "تجتمع اللجنة كل شهر وتقدم تقريرا عن أعمالها إلى المجلس في نهاية السنة"
PICTURE = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID a EI Q"


def record_of(item: Record | BadRecord) -> Record:
    assert isinstance(item, Record), item
    return item


def reason_of(item: Record | BadRecord) -> str:
    assert isinstance(item, BadRecord), item
    return item.reason


def test_the_pages_are_places(read_pdf: ReadPdf) -> None:
    made = PdfMaker()
    for name in ("واحد", "اثنان", "ثلاثة"):
        made.page().arabic(f"صفحة {name}", 500, 700)
    record = record_of(read_pdf(made))
    text = str(record.values["text"])
    assert [
        (place.kind, place.label, text[place.start :].split("\n")[0]) for place in record.places
    ] == [
        ("page", "1", "صفحة واحد"),
        ("page", "2", "صفحة اثنان"),
        ("page", "3", "صفحة ثلاثة"),
    ]
    assert record.values["id"] == "file.pdf"
    assert record.damage == {}


def test_an_empty_page_keeps_the_numbers_of_the_others(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().arabic("الأولى", 500, 700).page().page().arabic("الثالثة", 500, 700)
    assert [place.label for place in record_of(read_pdf(made)).places] == ["1", "3"]


def test_what_the_file_states_of_itself(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().arabic("نص", 500, 700)
    info = {
        "Title": "نظام العمل", "Author": "الوزارة", "Subject": "أنظمة", "Keywords": "عمل, أجور",
        "CreationDate": "D:20240131120000+03'00'",
    }  # fmt: skip
    values = record_of(read_pdf(made.save(info=info))).values
    assert {name: values[name] for name in ("title", "author", "subject", "keywords", "date")} == {
        "title": "نظام العمل", "author": "الوزارة", "subject": "أنظمة", "keywords": "عمل, أجور",
        "date": "2024-01-31",
    }  # fmt: skip


def test_a_title_that_is_the_name_of_a_file_gives_way_to_the_heading(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().arabic("نظام العمل", 500, 750, 20).arabic(SENTENCE, 550, 700)
    values = record_of(read_pdf(made.save(info={"Title": "Microsoft Word - x12.doc"}))).values
    assert values["title"] == "نظام العمل"


def test_headers_are_kept_once_and_page_numbers_left_out(read_pdf: ReadPdf) -> None:
    made = PdfMaker()
    for number in range(1, 7):
        made.page().arabic("الجريدة الرسمية", 500, 780)
        for line in range(5):
            made.arabic(f"سطر {'ابجدهو'[line]} من {'ابجدهو'[number - 1]}", 500, 700 - 30 * line)
        made.show(f"- {number} -", 300, 20)
    text = str(record_of(read_pdf(made)).values["text"])
    assert text.count("الجريدة الرسمية") == 1
    assert text.count("سطر") == 30
    assert not any(character.isdigit() for character in text)


def test_a_scanned_file_is_refused_with_the_way_out(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().draw(PICTURE).page().draw(PICTURE)
    assert reason_of(read_pdf(made)) == (
        "pages 1-2 have no text, only pictures or shapes; "
        "read them by OCR with: --ocr 'tesseract {image} - -l ara'"
    )


def test_a_scanned_page_is_named(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().arabic(SENTENCE, 550, 700).page().draw(PICTURE)
    record = record_of(read_pdf(made))
    assert record.damage == {"unreadable_pages": "page 2"}
    assert [place.label for place in record.places] == ["1"]


def test_fonts_without_letters_are_refused(read_pdf: ReadPdf) -> None:
    made = PdfMaker(stated=dict.fromkeys(set(SENTENCE) - {" "})).page().arabic(SENTENCE, 550, 700)
    reason = reason_of(read_pdf(made))
    assert reason.startswith("page 1 has text in fonts that do not tell their letters; ")


def test_rubbish_is_no_text(read_pdf: ReadPdf) -> None:
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    rubbish = " ".join(letters[at:] + letters[at - 3 : at - 1] for at in range(3, 24))
    made = PdfMaker().page()
    for line, word in enumerate(rubbish.split()):
        made.arabic(word, 500, 760 - 20 * line)
    assert "do not tell their letters" in reason_of(read_pdf(made))


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(
            "import sys; print(open(sys.argv[1], 'rb').read(5).decode())", "%PDF-", id="pdf"
        ),
        pytest.param("print('نص من الصورة')", "نص من الصورة", id="utf-8"),
    ],
)
def test_pages_are_read_by_the_command_for_ocr(
    read_pdf: ReadPdf, tmp_path: Path, program: str, expected: str
) -> None:
    script = tmp_path / "ocr.py"
    script.write_text(f"import sys; sys.stdout.reconfigure(encoding='utf-8'); {program}", "utf-8")
    made = PdfMaker().page().arabic(SENTENCE, 550, 700).page().draw(PICTURE)
    record = record_of(read_pdf(made, ocr=f"'{sys.executable}' '{script}'"))
    assert str(record.values["text"]).endswith(f"\n\n{expected}")
    assert [place.label for place in record.places] == ["1", "2"]
    assert record.damage == {}


def test_the_command_for_ocr_may_read_an_image(read_pdf: ReadPdf, tmp_path: Path) -> None:
    script = tmp_path / "ocr.py"
    script.write_text(
        "import sys; print(open(sys.argv[2], 'rb').read(4)[1:].decode(), sys.argv[1])"
    )
    made = PdfMaker().page().draw(PICTURE)
    record = record_of(read_pdf(made, ocr=f"'{sys.executable}' '{script}' -x {{image}}"))
    assert record.values["text"] == "PNG -x"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(
            "no-such-program", "the OCR program no-such-program is not found", id="missing"
        ),
        pytest.param(f"'{sys.executable}' -c 'exit(3)'", "ends with status 3", id="failing"),
        pytest.param("'unclosed", "cannot be split", id="quotes"),
        pytest.param(" ", "the OCR command is empty", id="empty"),
    ],
)
def test_a_command_for_ocr_that_fails(read_pdf: ReadPdf, command: str, reason: str) -> None:
    assert reason in reason_of(read_pdf(PdfMaker().page().draw(PICTURE), ocr=command))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda data: data[:200], "not a sound PDF file", id="cut"),
        pytest.param(lambda data: b"%PDF-1.7\n", "not a sound PDF file", id="empty"),
    ],
)
def test_damaged_files_are_refused(read_pdf: ReadPdf, change: object, reason: str) -> None:
    data = PdfMaker().page().arabic("نص", 500, 700).save()
    assert callable(change)
    assert reason in reason_of(read_pdf(change(data)))


def test_a_file_whose_end_is_lost_is_read_by_its_objects(read_pdf: ReadPdf) -> None:
    data = PdfMaker().page().arabic("نص الصفحة", 500, 700).save()
    cut = data[: data.rindex(b"startxref")]
    assert record_of(read_pdf(cut)).values["text"] == "نص الصفحة"


def test_a_password_is_asked_for(read_pdf: ReadPdf) -> None:
    made = PdfMaker().page().arabic("نص", 500, 700)
    assert "it needs a password" in reason_of(read_pdf(made.save(password="secret")))


def test_too_many_operators(read_pdf: ReadPdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MAX_OPERATIONS", 50)
    made = PdfMaker().page().draw("q Q " * 100)
    assert "a page has more than 50 operators" in reason_of(read_pdf(made))


def test_numbers_of_pages_are_written_as_ranges() -> None:
    assert described_pages([4]) == "page 5"
    assert described_pages([0, 1, 2, 6, 8, 9]) == "pages 1-3, 7, 9-10"


def test_files_are_recognised_by_their_start() -> None:
    assert looks_like_pdf(b"%PDF-1.4\n")
    assert looks_like_pdf(b"\r\n" * 500 + b"%PDF-1.4\n")
    assert not looks_like_pdf(b"text about %PDF" + b" " * 2000 + b"%PDF-1.4")


def test_letters_stated_as_nothing_are_lost_and_named(read_pdf: ReadPdf) -> None:
    made = PdfMaker(stated=dict.fromkeys("بتثجحخدذرزسش")).page()
    for row in range(12):
        made.draw("/Span << /ActualText <feff> >> BDC")
        made.show("بتثجحخدذرزسش", 100, 700 - 20 * row)
        made.draw("EMC").show(["ا", "و"], 300, 700 - 20 * row)
    assert "page 1 has text in fonts that do not tell" in reason_of(read_pdf(made))
