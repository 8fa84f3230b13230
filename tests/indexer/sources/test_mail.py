from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from indexer.places import PlaceKind
from indexer.sources import (
    BadRecord,
    ReadLimits,
    Record,
    limits,
    mail,
    read_records,
    reader_process,
)
from tests.indexer.sources.conftest import values_of
from tests.indexer.sources.office.packages import docx, package

ARABIC = "وكان الأحياء والأموات يسمعون هذا الكلام في المدينة القديمة"


def message(*headers: str, body: bytes = b"x", subject: str = "S") -> bytes:
    lines = ["From: a@b.example", f"Subject: {subject}", "Date: Mon, 05 Oct 2026 10:00:00 +0300"]
    return "\n".join([*lines, *headers]).encode() + b"\n\n" + body


def test_columns(read_stored):
    data = (
        b"From: =?utf-8?b?2YTYrNmG2Kk=?= <a@b.example>\nTo: c@d.example, Name <e@f.example>\n"
        b"Cc: g@h.example\nSubject: s\nMessage-ID: <m1@b.example>\nIn-Reply-To: <m0@b.example>\n"
        b"Date: Mon, 05 Oct 2026 10:00:00 +0300\n\ntext\n"
    )
    (item,) = read_stored("a.eml", data)
    assert item.is_named
    assert values_of(item) == {
        "id": "a.eml",
        "title": "s",
        "text": "text",
        "date": "2026-10-05T10:00:00+03:00",
        "author": ["لجنة"],
        "from": "لجنة <a@b.example>",
        "to": ["c@d.example", "Name"],
        "cc": ["g@h.example"],
        "message_id": "m1@b.example",
        "in_reply_to": "m0@b.example",
    }


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        pytest.param("=?utf-8?b?2YPYqtin2Kg=?=", "كتاب", id="base64"),
        pytest.param("=?utf-8?q?=D9=83=D8=AA=D8=A7=D8=A8?=", "كتاب", id="quoted-printable"),
        pytest.param("=?windows-1256?Q?=DF=CA=C7=C8?=", "كتاب", id="windows-1256"),
        pytest.param("=?utf-8*ar?q?=D9=83?=", "ك", id="with-a-language"),
        pytest.param("=?utf-8?b?2YPYqti=?= \n =?utf-8?b?p9io?=", "كتاب", id="letter-cut-in-two"),
        pytest.param("=?utf-8?q?=D9=83?=\n  =?utf-8?q?=D9=84?=", "ك ل", id="folded-by-python"),
        pytest.param("=?utf-8?q?=D9=83?=\n =?utf-8?q?=D9=84?=", "كل", id="folded-by-others"),
        pytest.param("Re: =?utf-8?q?=D9=83?= x", "Re: ك x", id="among-other-words"),
        pytest.param("=?utf-8?q?=D9=83?= =?windows-1256?Q?=DF?=", "كك", id="two-encodings"),
        pytest.param("=?x-unknown?q?abc?=", "abc", id="unknown-encoding"),
        pytest.param("=?utf-8?b?!?=", "", id="broken-base64"),
        pytest.param("long\n\tfolded", "long folded", id="folded"),
    ],
)
def test_subjects(read_stored, subject, title):
    (item,) = read_stored("a.eml", message(subject=subject))
    assert item.values.get("title", "") == title


def test_bytes_in_headers_are_read_as_what_they_are(read_stored):
    data = b"From: a@b.example\nSubject: " + ARABIC.encode("cp1256") + b"\n\nx"
    (item,) = read_stored("a.eml", data)
    assert item.values["title"] == ARABIC


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param([], ARABIC.encode("cp1256"), id="unlabelled-windows-1256"),
        pytest.param([], ARABIC.encode(), id="unlabelled-utf-8"),
        pytest.param(
            ["Content-Type: text/plain; charset=us-ascii"],
            ARABIC.encode("cp1256"),
            id="mislabelled",
        ),
        pytest.param(
            ["Content-Type: text/plain; charset=windows-1256"],
            ARABIC.encode("cp1256"),
            id="labelled",
        ),
        pytest.param(
            ["Content-Type: text/plain; charset=x-none"], ARABIC.encode(), id="unknown-charset"
        ),
        pytest.param(
            ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"],
            base64.encodebytes(ARABIC.encode()),
            id="base64",
        ),
        pytest.param(
            ["Content-Type: text/html; charset=utf-8"],
            f"<style>x</style><p>{ARABIC}</p>".encode(),
            id="html",
        ),
        pytest.param(
            ['Content-Type: text/html; charset="windows-1256"'],
            ARABIC.encode("cp1256"),
            id="html-1256",
        ),
    ],
)
def test_bodies(read_stored, headers, body):
    (item,) = read_stored("a.eml", message(*headers, body=body))
    assert item.values["text"] == ARABIC


def test_quoted_printable_lines_are_joined(read_stored):
    body = b"=D9=83=D8=AA=\n=D8=A7=D8=A8 =\nx"
    (item,) = read_stored(
        "a.eml",
        message(
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            body=body,
        ),
    )
    assert item.values["text"] == "كتاب x"


def test_flowed_lines_are_joined(read_stored):
    headers = ["Content-Type: text/plain; charset=utf-8; format=flowed"]
    (item,) = read_stored("a.eml", message(*headers, body=b"one \ntwo\n three"))
    assert item.values["text"] == "one two\nthree"


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        pytest.param("نص كامل", "<p>نص كامل</p>", "نص كامل", id="plain"),
        pytest.param("html", f"<p>{ARABIC}</p>", ARABIC, id="plain-that-says-nothing"),
    ],
)
def test_one_alternative_is_read(read_stored, plain, html, text):
    mail_ = EmailMessage()
    mail_["From"], mail_["Subject"] = "a@b.example", "s"
    mail_.set_content(plain)
    mail_.add_alternative(html, subtype="html")
    (item,) = read_stored("a.eml", mail_.as_bytes())
    assert item.values["text"] == text


@pytest.fixture
def with_attachments():
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@d.example", "داخلية"
    inner.set_content("نص داخلي")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "a@b.example", "s"
    outer.set_content("نص")
    outer.add_attachment("<title>صفحة</title><p>مرفق", subtype="html", filename="صفحة.html")
    outer.add_attachment(b"\x89PNG\r\n\x1a\n", "image", "png", filename="p.png")
    outer.add_attachment(b"id,text\n1,\xd9\x83\n2,\xd9\x84\n", "text", "csv", filename="t.csv")
    outer.add_attachment(b"\x1f\x8bbroken", "application", "gzip", filename="b.txt.gz")
    outer.add_attachment(inner)
    return outer.as_bytes()


def test_attachments_are_read_by_their_kind(read_stored, with_attachments):
    (item,) = read_stored("a.eml", with_attachments)
    text = item.values["text"]
    assert text == "نص\n\nصفحة\nمرفق\n\nك\nل\n\nداخلية\n\nنص داخلي"
    assert item.values["attachments"] == ["صفحة.html", "p.png", "t.csv", "b.txt.gz"]
    assert {place.kind for place in item.places} == {PlaceKind.ATTACHMENT}
    assert [(place.label, text[place.start :].split()[0]) for place in item.places] == [
        ("صفحة.html", "صفحة"),
        ("t.csv", "ك"),
        ("داخلية", "داخلية"),
    ]


def with_archive(members, name="ملفات.zip"):
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "s"
    made.set_content("نص")
    made.add_attachment(package(members), "application", "zip", filename=name)
    return made.as_bytes()


def test_the_files_of_an_attached_archive_are_read(read_stored):
    inner = package({"ج.txt": "نص في أرشيف داخلي"})
    word = docx("<w:p><w:r><w:t>كتاب</w:t></w:r></w:p>")
    members = {
        "a.docx": word,
        "ب/صورة.jpg": b"\xff\xd8\xff\xe0",
        "inner.zip": inner,
        "x.pdf": b"%PDF-x",
    }
    (item,) = read_stored("a.eml", with_archive(members))
    text = item.values["text"]
    assert [(place.label, text[place.start :].split("\n")[0]) for place in item.places] == [
        ("ملفات.zip/a.docx", "كتاب"),
        ("ملفات.zip/inner.zip/ج.txt", "نص في أرشيف داخلي"),
    ]
    assert item.values["attachments"] == ["ملفات.zip"]


def test_an_archive_of_a_message_in_an_archive_is_not_opened(read_stored):
    forwarded = with_archive({"c.txt": "لا يقرأ"})
    (item,) = read_stored("a.eml", with_archive({"b.eml": forwarded}))
    assert [place.label for place in item.places] == ["ملفات.zip/b.eml"]
    assert "لا يقرأ" not in item.values["text"]


def test_an_attached_archive_expands_within_bounds(read_stored, monkeypatch):
    from indexer.sources import archives

    monkeypatch.setattr(archives, "MIN_EXPANDED", 1000)
    monkeypatch.setattr(archives, "MAX_EXPANSION", 1)
    (item,) = read_stored(
        "a.eml", with_archive({"a.txt": "قبل", "b.txt": "كلمة " * 5000, "c.txt": "بعد"})
    )
    assert [place.label for place in item.places] == ["ملفات.zip/a.txt"]


def test_the_limits_of_the_run_hold_for_attachments(tmp_path, monkeypatch):
    given = []
    start = reader_process.ReaderProcess.__init__

    def note(self, limits):
        given.append(limits)
        start(self, limits)

    monkeypatch.setattr(reader_process.ReaderProcess, "__init__", note)
    word = docx("<w:p><w:r><w:t>كتاب</w:t></w:r></w:p>")
    (tmp_path / "a.eml").write_bytes(with_archive({"a.docx": word}))
    asked = ReadLimits(seconds=7, memory_mb=2048)
    (item,) = read_records([tmp_path], limits=asked)
    assert isinstance(item, Record)
    assert len(given) == 2  # one for the run, which reads no file, and one for the attachment
    assert set(given) == {asked}


def test_messages_within_each_other_end(read_stored, monkeypatch):
    monkeypatch.setattr(limits, "MAX_MAIL_DEPTH", 4)
    data = b"end"
    for _ in range(9):
        data = message("Content-Type: message/rfc822", body=data)
    (item,) = read_stored("a.eml", data)
    assert "end" not in item.values.get("text", "")


@pytest.mark.parametrize(
    "data", [b"", b"\n\nno header", b"\xff" * 50], ids=["empty", "text", "bytes"]
)
def test_what_is_no_message(read_stored, data):
    (item,) = read_stored("a.eml", data)
    assert isinstance(item, BadRecord)
    assert "no headers of a message" in item.reason


def mailbox(*messages: bytes) -> bytes:
    line = b"From a@b.example Mon Oct  5 10:00:00 2026\n"
    return b"".join(line + each + b"\n\n" for each in messages)


def test_a_mailbox_is_a_record_per_message(read_stored):
    data = mailbox(
        message("Message-ID: <1@b>", body=b"one\n\n>From here\n>>From there\nFrom now on"),
        message("Message-ID: <2@b>", body=b"two"),
        message("Message-ID: <1@b>", body=b"one again"),
        message(body=b"none"),
    )
    items = read_stored("box.mbox", data)
    assert [item.values["text"] for item in items] == [
        "one\n\nFrom here\n>From there\nFrom now on",
        "two",
        "one again",
        "none",
    ]
    ids = [values_of(item)["id"] for item in items]
    assert ids[:3] == ["box.mbox#1@b", "box.mbox#2@b", "box.mbox#1@b~2"]
    assert items[1].origin.rpartition(":")[2] == "14"
    assert not items[0].is_named


def test_a_message_without_an_id_keeps_its_own_when_others_go(read_stored):
    one, two = message(body=b"one"), message(body=b"two")
    both, alone = read_stored("b.mbox", mailbox(one, two)), read_stored("b.mbox", mailbox(two))
    assert both[1].values["id"] == alone[0].values["id"]


def test_a_message_that_is_too_long(read_stored, monkeypatch):
    monkeypatch.setattr(mail.limits, "RECORD_LIMIT", 300)
    first, second = read_stored("b.mbox", mailbox(message(body=b"x\n" * 400), message()))
    assert first.reason.startswith("the message is longer than 300 characters")
    assert second.values["text"] == "x"
