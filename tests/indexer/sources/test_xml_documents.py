from __future__ import annotations

import pytest

from indexer.sources import BadRecord, ReadOptions, Record, read_records, scan, with_options
from indexer.sources import xml_elements as elements

CATALOGUE = """<?xml version="1.0"?>
<catalogue>
  <book id="1" lang="ar"><title>كتاب</title><author><name>ن</name></author><tag>أ</tag><tag>ب</tag></book>
  <book><title>قلم</title><note>نص <b>غليظ</b> هنا</note></book>
  <shelf/>
</catalogue>"""


def read_with(path, **options):
    return list(read_records(with_options(scan([path]), ReadOptions(**options))))


@pytest.fixture
def store(tmp_path):
    def write(content, name="a.xml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("records", ["catalogue.book", "book"])
def test_named_elements_are_records(store, records):
    path = store(CATALOGUE)
    first, second = read_with(path, records=records)
    assert first.origin == f"{path}:3"
    assert first.values == {
        "id": "1",
        "lang": "ar",
        "title": "كتاب",
        "author": {"name": "ن"},
        "tag": ["أ", "ب"],
    }
    assert second.values == {"title": "قلم", "note": "نص غليظ هنا"}


def test_a_path_without_elements_says_what_is_there(store):
    (item,) = read_with(store(CATALOGUE), records="items.item")
    assert item.reason == (
        "there is no element at items.item; the first element of the file is <catalogue>"
    )


def test_a_record_without_title_has_all_its_text(store):
    (item,) = read_with(store("<a><row><x>أ</x><y>ب</y></row></a>"), records="row")
    assert item.values == {"x": "أ", "y": "ب", "text": "أ\nب"}


@pytest.mark.parametrize("options", [{}, {"records": "."}], ids=["named-file", "dot"])
def test_another_file_is_one_document(store, options):
    path = store(CATALOGUE)
    (item,) = read_with(path, **options)
    assert item.is_named
    assert item.values == {
        "id": "a.xml",
        "title": "كتاب",
        "text": "كتاب\nن\nأ\nب\nقلم\nنص غليظ هنا",
    }


def test_in_a_folder_unknown_xml_is_skipped_with_the_way_out(store, tmp_path):
    path = store("<project/>")
    found = scan([tmp_path])
    assert found.files == ()
    assert "--format xml --records" in found.reasons[path]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<a>ك&nbsp;ت &eacute; &amp; &#x628;</a>", "ك ت é & ب", id="html-entities"),
        pytest.param('<!DOCTYPE a SYSTEM "b.dtd"><a>ك&mdash;ت</a>', "ك—ت", id="external-dtd"),
        pytest.param("\n <?xml version='1.0'?><a>نص</a>", "نص", id="space-before-declaration"),
        pytest.param("<n:a xmlns:n='u'>نص</n:a>", "نص", id="prefix"),
        pytest.param("<m:a>نص</m:a>", "نص", id="prefix-that-nobody-declares"),
        pytest.param("<a><![CDATA[<نص>]]></a>", "<نص>", id="cdata"),
    ],
)
def test_text(store, markup, text):
    (item,) = read_with(store(markup))
    assert item.values["text"] == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1256", "cp1256"),
        ("UTF-16", "utf-16"),
        ("iso-8859-6", "iso8859-6"),
        ("utf-8", "cp1256"),
    ],
)
def test_encodings(store, declared, encoding):
    words = "وكان الأحياء والأموات يسمعون هذا النص العربي الطويل"
    markup = f"<?xml version='1.0' encoding='{declared}'?><a>{words}</a>"
    (item,) = read_with(store(markup.encode(encoding)))
    assert item.values["text"] == words


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param('<!ENTITY e "نص">', id="internal"),
        pytest.param('<!ENTITY e SYSTEM "/etc/hostname">', id="external"),
        pytest.param('<!ENTITY % e SYSTEM "http://a.example/b.dtd"> %e;', id="parameter"),
    ],
)
def test_entity_declarations_are_refused(store, declaration):
    path = store(f"<!DOCTYPE a [\n{declaration}]><a>&e;</a>")
    (item,) = read_with(path)
    assert item.origin == f"{path}:2"
    assert item.reason.startswith("the file declares the entity 'e', which could pull in")


def test_broken_xml_gives_what_is_before_the_break(store):
    path = store("<rss><channel><item><title>أ</title></item>\n<item><title>ب</item>")
    first, bad = read_with(path)
    assert first.values["title"] == "أ"
    assert bad.origin == f"{path}:2"
    assert bad.reason.startswith("not well-formed XML (mismatched tag at column")


@pytest.mark.parametrize(
    "content", [b"", b"no markup", b"\x00\x01\x02"], ids=["empty", "text", "bytes"]
)
def test_what_is_no_xml_is_one_bad_record(store, content):
    (item,) = read_with(store(content))
    assert isinstance(item, BadRecord)


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        pytest.param("MAX_TAGS", 3, "the record has more than 3 tags; split it", id="tags"),
        pytest.param("PAGE_LIMIT", 4, "the record has more than 4 characters", id="characters"),
    ],
)
def test_a_record_beyond_the_limits_is_left_out(store, monkeypatch, limit, value, reason):
    monkeypatch.setattr(elements.limits, limit, value)
    content = "<a><r><x>طويل</x><y>جدا</y><z/></r><r><x>نص</x></r></a>"
    bad, good = read_with(store(content), records="r")
    assert bad.reason.startswith(reason)
    assert good.values["x"] == "نص"


def test_a_file_that_is_too_deep_is_refused(store, monkeypatch):
    monkeypatch.setattr(elements.limits, "MAX_XML_DEPTH", 5)
    (item,) = read_with(store("<a>" * 6 + "</a>" * 6))
    assert "more than 5 elements within each other" in item.reason


def test_a_long_file_is_read_in_parts(store):
    """The bytes of the first records are counted before the file was read to its end."""
    entries = "".join(f"<r><x>{'نص ' * 50}{number}</x></r>" for number in range(3000))
    path = store(f"<a>{entries}</a>")
    items = read_with(path, records="r")
    assert len(items) == 3000
    assert sum(item.size for item in items) == path.stat().st_size
    assert sum(item.size for item in items[:1500]) < path.stat().st_size * 0.6
    assert all(isinstance(item, Record) for item in items)
