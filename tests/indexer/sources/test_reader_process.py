"""Files that are read in processes of their own: what each costs when it cannot be read."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Kind, ReadLimits, Record, SourceFile, read_records, scan
from indexer.sources.formats import FORMATS, Format
from indexer.sources.reader_process import FileTask, ReaderProcess, ReaderProcesses
from indexer.sources.reader_worker import batches, receive, send, serve
from tests.indexer.sources.office.packages import docx

READERS = """
import os, signal, time
from indexer.sources.records import Record

def record(source, text="x"):
    return Record(source.origin, {"id": source.file.name, "text": text}, 1)

def read(source):
    match source.file.name.partition(".")[0]:
        case "crash": os.kill(os.getpid(), signal.SIGSEGV)
        case "exit": os._exit(3)
        case "endless":
            while True: pass
        case "asleep": time.sleep(1000)
        case "memory": yield record(source, "x" * (1 << 40))
        case "raises": raise KeyError("word/styles.xml")
        case "print": print("x" * 99_999)
        case "output":
            for _ in range(100): yield record(source, "x" * (1 << 20))
        case "late":
            yield record(source, "x" * (1 << 20))
            os._exit(3)
    yield record(source)
"""

LIMITS = ReadLimits(seconds=1, memory_mb=600, output_mb=8)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make files of a kind whose reader does what their names say; the reader is a real module."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "readers.py").write_text(READERS)
    # The worker imports the formats of searchd, in which this kind has its reader.
    (modules / "sitecustomize.py").write_text(
        "import indexer.sources.formats as formats\n"
        "from indexer.sources.kinds import Kind\n"
        "formats._BY_KIND[Kind.DOCX] = formats.Format(Kind.DOCX, (), 'readers:read')\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(modules), *sys.path]))
    monkeypatch.syspath_prepend(modules)

    def make(*names: str) -> Path:
        folder = tmp_path / "files"
        folder.mkdir()
        for name in names:
            (folder / f"{name}.docx").write_bytes(b"")
        return folder

    return make


def read(folder: Path, **options: object) -> list[Record | BadRecord]:
    return list(read_records([folder], limits=LIMITS, **options))  # type: ignore[arg-type]


REASONS = {
    "crash": "ended (signal 11)",
    "exit": "ended (status 3)",
    "endless": "takes more than 1 seconds",
    "memory": "needs more memory",
    "raises": "fails at it (KeyError: 'word/styles.xml')",
    "output": "holds more than 8 MiB of text",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals and limits")
@pytest.mark.parametrize("processes", [1, 3])
def test_each_failure_costs_its_file_and_the_order_stays(files, processes):
    names = [f"{number}{name}" for number, name in enumerate(REASONS)]
    folder = files(*(name for pair in zip(REASONS, names, strict=True) for name in pair), "print")
    items = read(folder, processes=processes)
    origins = [
        Path(item.origin).stem for item in items if item.size != 1 or isinstance(item, BadRecord)
    ]
    assert [origin for origin in origins if origin in REASONS] == sorted(REASONS)
    bad = {Path(item.origin).stem: item.reason for item in items if isinstance(item, BadRecord)}
    assert {name: REASONS[name] in reason for name, reason in bad.items()} == dict.fromkeys(
        sorted(REASONS), True
    )
    good = [item.values["id"] for item in items if isinstance(item, Record)]
    assert [name for name in dict.fromkeys(good) if name != "output.docx"] == sorted(
        [*(f"{name}.docx" for name in names), "print.docx"]
    )


def test_a_reader_that_sleeps_is_ended_by_the_clock(files, monkeypatch):
    monkeypatch.setattr("indexer.sources.reader_process._CLOCK_FACTOR", 4)
    bad, good = read(files("asleep", "b"))
    assert "takes more than 1 seconds" in bad.reason
    assert isinstance(good, Record)


def test_what_was_read_before_a_failure_is_kept(files):
    good, bad = read(files("late"))
    assert isinstance(good, Record)
    assert "ended (status 3)" in bad.reason


def test_processes_end_when_the_caller_stops(files):
    folder = files("a", "b", "endless", "exit")
    records = read_records([folder], limits=ReadLimits(seconds=1000), processes=2)
    assert isinstance(next(records), Record)
    records.close()
    assert not [each for each in threading.enumerate() if "_run" in each.name]


def test_a_process_is_used_for_many_files_and_started_anew_after_a_failure(files, monkeypatch):
    started = []
    start = ReaderProcess._start

    def counted(self: ReaderProcess) -> bool:
        started.append(start(self))
        return started[-1]

    monkeypatch.setattr(ReaderProcess, "_start", counted)
    read(files("a", "b", "c", "exit", "f", "g"))
    # The file that fails is read again in a new process, as it may have been short of memory.
    assert started == [True, False, False, False, True, True, False]


class TestWorker:
    """The functions of the worker, here in this process."""

    @pytest.fixture
    def file(self, tmp_path):
        (tmp_path / "a.docx").write_bytes(docx("<w:p><w:r><w:t>نص</w:t></w:r></w:p>"))
        (found,) = scan([tmp_path]).files
        return found

    def test_a_request_is_answered_with_batches_and_an_empty_one(self, file, monkeypatch):
        monkeypatch.setattr("indexer.sources.reader_worker.limit_processor_time", lambda _: None)
        requests, responses = io.BytesIO(), io.BytesIO()
        send(requests, file)
        requests.seek(0)
        serve(requests, responses, LIMITS)
        responses.seek(0)
        ((record,), end) = receive(responses), receive(responses)
        assert record.values["text"] == "نص"
        assert end == []
        assert receive(responses) is None

    def test_an_error_of_a_reader_is_a_bad_record(self, file, monkeypatch):
        def fail(_source: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(Format, "load", lambda _self: fail)
        ((bad,),) = batches(file, LIMITS)
        assert "fails at it (ZeroDivisionError); open it" in bad.reason

    @pytest.mark.parametrize("cut", [3, 9])
    def test_an_answer_that_is_cut_off_is_none(self, cut):
        stream = io.BytesIO()
        send(stream, ["x"])
        assert receive(io.BytesIO(stream.getvalue()[:cut])) is None

    def test_an_answer_that_is_too_large_is_none(self):
        stream = io.BytesIO()
        send(stream, ["x" * 100])
        stream.seek(0)
        assert receive(stream, limit=50) is None


def test_an_error_of_this_program_reaches_the_caller(monkeypatch):
    def fail(_self: object, _file: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ReaderProcess, "read", fail)
    with ReaderProcesses(1, LIMITS) as readers, pytest.raises(ZeroDivisionError):
        list(readers.submit(SourceFile(None, "", Kind.DOCX, "", 0)).records())


def test_a_task_waits_for_the_one_who_takes_its_records():
    taken: list[int] = []

    class Endless(ReaderProcess):
        def read(self, file: SourceFile):
            while not is_closed.is_set():
                taken.append(1)
                yield [BadRecord(file.origin, "")]

    is_closed = threading.Event()
    task = FileTask(SourceFile(None, "", Kind.DOCX, "", 0), is_closed)
    thread = threading.Thread(target=task.run, args=[Endless(LIMITS)])
    thread.start()
    records = task.records()
    for _ in range(50):
        next(records)
    is_closed.set()
    thread.join()
    assert len(taken) < 60


def test_every_kind_with_a_reader_has_a_module_for_it():
    for form in FORMATS:
        assert not form.reader or callable(form.load())
