"""A folder of broken files of every kind: each ends with its own clear line, and nothing else is lost."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

from indexer.sources import BadRecord, ReadLimits, Record, read_records
from indexer.sources.signatures import OLE_START
from tests.indexer.sources.office.packages import docx, epub, opendocument, package, xlsx
from tests.indexer.sources.office.test_presentations import pptx
from tests.indexer.sources.test_detection import tar

SOUND = {
    "docx": docx("<w:p><w:r><w:t>نص</w:t></w:r></w:p>"),
    "odt": opendocument("text", "<office:text><text:p>نص</text:p></office:text>"),
    "odp": opendocument("presentation", "<draw:page><text:p>نص</text:p></draw:page>"),
    "pptx": pptx(),
    "xlsx": xlsx({"a": '<row><c t="inlineStr"><is><t>نص</t></is></c></row>'}),
    "epub": epub({"a.xhtml": "<p>نص</p>"}, "c0"),
    "rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\u1606?\u1589?}",
    "zip": package({"a.txt": "نص", "b.docx": docx("<w:p><w:r><w:t>نص</w:t></w:r></w:p>")}),
    "tar": tar({"a.txt": "نص".encode()}),
    "tgz": gzip.compress(tar({"a.txt": "نص".encode()})),
}
LIMITS = ReadLimits(seconds=20, memory_mb=700, output_mb=16)


def broken() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each broken file, the same ones each time."""
    generator = random.Random(5)
    for kind, data in SOUND.items():
        for tenths in (1, 5, 9):
            yield f"cut-{tenths}.{kind}", data[: len(data) * tenths // 10]
        for number in range(4):
            spoiled = bytearray(data)
            for _ in range(1 + 9 * number):
                spoiled[generator.randrange(len(spoiled))] = generator.randrange(256)
            yield f"spoiled-{number}.{kind}", bytes(spoiled)
        yield f"empty.{kind}", b""
        yield f"noise.{kind}", generator.randbytes(3000)
        yield f"other.{kind}", SOUND["epub" if kind != "epub" else "rtf"]
    depth = 5000
    yield "deep.docx", docx("<w:p>" * depth)
    yield "deep.rtf", rb"{\rtf1 " + b"{" * 2 * depth
    yield "deep.odt", opendocument("text", "<text:p>" * depth)
    yield "wide.docx", docx("<w:p/>" * 200_000)
    yield "long.rtf", rb"{\rtf1 " + b"a" * 2_000_000 + rb"\bin9999999999 }"
    yield "colours.rtf", rb"{\rtf1 " + rb"\u-99999999999? \uc999999 \'zz " * 999
    yield (
        "many.epub",
        epub({f"{n}.xhtml": "" for n in range(999)}, " ".join(f"c{n}" for n in range(999))),
    )
    yield "itself.epub", epub({"a.xhtml": "x"}, "c0 " * 99_999)
    yield "ole.xls", OLE_START + random.Random(1).randbytes(5000)
    yield "many.xlsx", xlsx({f"s{n}": "<row><c/></row>" for n in range(300)})


def test_each_broken_file_costs_itself_alone(tmp_path: Path):
    names = []
    for name, data in broken():
        (tmp_path / name).write_bytes(data)
        names.append(name)
    for name in names[::7]:
        (tmp_path / f"{name}.txt").write_text("سليم", "utf-8")
    assert len(names) > 100
    found: dict[str, list[Record | BadRecord]] = {}
    for item in read_records([tmp_path], limits=LIMITS, processes=2):
        inner = Path(item.origin).relative_to(tmp_path)
        found.setdefault(inner.parts[0], []).append(item)
    for name in names[::7]:
        (sound,) = found.pop(f"{name}.txt")
        assert isinstance(sound, Record)
    reasons = {
        name: item.reason
        for name, items in found.items()
        for item in items
        if isinstance(item, BadRecord)
    }
    silent = set(names) - set(found)
    # An archive may lose all its members to a broken name or sign, and then holds nothing to read.
    assert {name for name in silent if not name.endswith((".zip", ".tar", ".tgz"))} == set()
    assert len(reasons) > 60
    unclear = {name: why for name, why in reasons.items() if "fails at it" in why or "ended" in why}
    assert unclear == {}
