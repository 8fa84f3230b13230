from __future__ import annotations

import errno
import gc
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indexer.errors import IndexAccessError, IndexDamagedError
from indexer.segment.array_file import MAGIC, ArrayFile, ArrayFileWriter, narrow
from indexer.segment.page_checksums import PAGE

DTYPES = ["<u1", "<u2", "<u4", "<u8", "<i1", "<i2", "<i4", "<i8", "<f4", "<f8", "|b1"]


def write(path: Path, arrays: dict[str, np.ndarray], values: dict[str, object]) -> int:
    with ArrayFileWriter(path) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        return writer.finish(values)


class TestRoundTrip:
    @pytest.mark.parametrize("length", [0, 1, 7, 64, 1000, PAGE, PAGE + 1, 3 * PAGE])
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_every_type_and_length(self, make_array_file, dtype, length):
        wanted = (np.arange(length) * 37 % 251).astype(dtype)
        before, after = np.array([1, 2, 3], np.uint8), np.array([0.5])
        found = make_array_file({"before": before, "it": wanted, "after": after})
        for name, array in (("before", before), ("it", wanted), ("after", after)):
            read = found.array(name).all()
            assert read.dtype == array.dtype
            assert read.tolist() == array.tolist()

    @settings(deadline=None, max_examples=60)
    @given(
        st.dictionaries(
            st.text(min_size=1, max_size=9),
            hnp.arrays(st.sampled_from(DTYPES), st.integers(0, 300), elements={"allow_nan": False}),
            max_size=6,
        )
    )
    def test_any_arrays(self, arrays):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "a.segment")
            size = write(path, arrays, {"documents": 3, "اسم": ["كتاب"]})
            assert path.stat().st_size == size
            found = ArrayFile(path)
            assert list(found) == list(arrays)
            assert found.values == {"documents": 3, "اسم": ["كتاب"]}
            for name, array in arrays.items():
                assert name in found
                assert found.array(name).all().dtype == array.dtype
                assert found.array(name).all().tolist() == array.tolist()

    def test_no_arrays(self, make_array_file):
        found = make_array_file({}, {"only": "values"})
        assert (list(found), found.values) == ([], {"only": "values"})
        with found.path.open("rb") as file:
            found.verify(file)

    @pytest.mark.parametrize("dtype", [">u4", ">f8"])
    def test_big_endian_is_written_little(self, make_array_file, dtype):
        read = make_array_file({"it": np.array([1, 2, 300], dtype)}).array("it").all()
        assert read.dtype.str == dtype.replace(">", "<")
        assert read.tolist() == [1, 2, 300]

    def test_strided(self, make_array_file):
        assert make_array_file({"it": np.arange(10)[::3]}).array("it").all().tolist() == [
            0,
            3,
            6,
            9,
        ]

    def test_arrays_are_aligned(self, make_array_file):
        arrays = {str(size): np.zeros(size, np.uint8) for size in (1, 63, 64, 65, 0, 5)}
        found = make_array_file(arrays)
        for name in arrays:
            assert found.array(name).array.ctypes.data % 64 == 0

    def test_arrays_cannot_be_written_to(self, make_array_file):
        read = make_array_file({"it": np.arange(4)}).array("it").all()
        with pytest.raises(ValueError, match="read-only"):
            read[0] = 1

    def test_slices_and_items(self, make_array_file):
        wanted = np.arange(2 * PAGE, dtype=np.uint32)
        array = make_array_file({"it": wanted}).array("it")
        assert array.size == wanted.size
        for start, stop in ((0, 0), (5, 9), (PAGE // 4 - 2, PAGE // 4 + 2), (wanted.size, None)):
            found = array.slice(start, wanted.size if stop is None else stop)
            assert found.tolist() == wanted[start:stop].tolist()
        assert [array.item(number) for number in (0, 17, wanted.size - 1)] == [0, 17, 2 * PAGE - 1]

    @pytest.mark.parametrize("dtype", ["<u1", "<u2", "<f8"])
    def test_chosen_values(self, make_array_file, dtype):
        wanted = (np.arange(2 * PAGE) % 241).astype(dtype)
        array = make_array_file({"before": np.ones(9), "it": wanted}).array("it")
        for indexes in ([], [0], [2 * PAGE - 1, 5, 5], [*range(0, 2 * PAGE, 1000)]):
            chosen = np.array(indexes, np.intp)
            assert array.take(chosen).tolist() == wanted[chosen].tolist()

    def test_slices_at_once(self, make_array_file):
        wanted = np.arange(PAGE, dtype=np.uint16)
        array = make_array_file({"before": np.ones(9), "it": wanted}).array("it")
        bounds = [(0, 0), (5, 9), (PAGE // 2 - 40, PAGE // 2 + 3), (0, PAGE), (5, 9)]
        found = array.slices(bounds)
        assert [each.tolist() for each in found] == [wanted[a:b].tolist() for a, b in bounds]
        assert array.slices([]) == []

    def test_bytes(self, make_array_file):
        wanted = (np.arange(2 * PAGE) % 241).astype(np.uint8)
        array = make_array_file({"before": np.ones(9), "it": wanted}).array("it")
        for start, stop in ((0, 0), (3, 9), (PAGE - 100, PAGE + 9), (0, 2 * PAGE)):
            assert array.read(start, stop) == wanted[start:stop].tobytes()
        bounds = [(PAGE - 100, PAGE + 9), (0, 0), (3, 9)]
        assert list(array.reads(bounds)) == [wanted[a:b].tobytes() for a, b in bounds]

    @pytest.mark.parametrize("dtype", ["<u1", "<u4", "<f8"])
    @pytest.mark.parametrize("length", [0, 3, PAGE])
    def test_from_a_temporary_file(self, tmp_path, dtype, length):
        wanted = (np.arange(length) % 200).astype(dtype)
        with tempfile.TemporaryFile() as file, ArrayFileWriter(tmp_path / "a") as writer:
            wanted.tofile(file)
            writer.add_file("it", file, dtype)
            writer.add("next", np.array([7]))
            writer.finish({})
        found = ArrayFile(tmp_path / "a")
        assert found.array("it").all().tolist() == wanted.tolist()
        assert found.array("next").all().tolist() == [7]

    def test_a_name_used_twice(self, tmp_path):
        with ArrayFileWriter(tmp_path / "a") as writer:
            writer.add("it", np.arange(3))
            with pytest.raises(ValueError, match="'it' is there already"):
                writer.add("it", np.arange(3))

    def test_a_name_that_is_not_there(self, make_array_file):
        with pytest.raises(IndexDamagedError, match="lacks the array 'other'.*--rebuild"):
            make_array_file({"it": np.arange(3)}).array("other")

    @pytest.mark.parametrize(
        ("values", "dtype"),
        [([], "u1"), ([0], "u1"), ([255], "u1"), ([256], "u2"), ([65536], "u4"), ([1 << 32], "u8")],
    )
    def test_narrow(self, values, dtype):
        found = narrow(np.array(values, np.int64))
        assert (found.dtype, found.tolist()) == (np.dtype(dtype), values)


class TestWriting:
    def test_without_finish_there_is_no_file(self, tmp_path):
        with ArrayFileWriter(tmp_path / "a") as writer:
            writer.add("it", np.arange(PAGE))
            assert (tmp_path / "a").exists()
        assert list(tmp_path.iterdir()) == []

    def test_an_error_leaves_no_file(self, tmp_path):
        with pytest.raises(RuntimeError), ArrayFileWriter(tmp_path / "a"):
            raise RuntimeError
        assert list(tmp_path.iterdir()) == []

    def test_a_sync_that_fails_leaves_no_file(self, tmp_path, monkeypatch):
        def fail(_descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("os.fsync", fail)
        with pytest.raises(OSError, match="No space"), ArrayFileWriter(tmp_path / "a") as writer:
            writer.finish({})
        assert list(tmp_path.iterdir()) == []

    def test_it_is_durable_when_finish_returns(self, tmp_path, monkeypatch):
        synced = []
        monkeypatch.setattr("os.fsync", lambda number: synced.append(os.fstat(number).st_size))
        with ArrayFileWriter(tmp_path / "a") as writer:
            writer.add("it", np.arange(PAGE))
            size = writer.finish({})
        assert synced == [size] == [(tmp_path / "a").stat().st_size]


@pytest.fixture
def small(tmp_path):
    """The path of a file with a few arrays in two pages, and their values."""
    arrays = {
        "empty": np.empty(0, np.uint16),
        "few": np.arange(5, dtype=np.uint32),
        "wide": np.arange(PAGE // 8 + 20, dtype=np.float64),
        "last": np.array([1, 2, 3], np.uint8),
    }
    path = tmp_path / "small.segment"
    write(path, arrays, {"documents": 5})
    return path, {name: array.tolist() for name, array in arrays.items()}


def read_whole(path: Path) -> dict[str, list[float]]:
    array_file = ArrayFile(path)
    return {name: array_file.array(name).all().tolist() for name in array_file}


class TestDamage:
    def test_every_flipped_byte_is_found_when_it_is_used(self, tmp_path):
        """In a file of one page each byte belongs to an array or to the directory."""
        arrays = {"few": np.arange(40, dtype=np.uint32), "none": np.empty(0), "one": np.ones(1)}
        path = tmp_path / "one.segment"
        write(path, arrays, {"documents": 5, "fields": ["نص"]})
        whole = path.read_bytes()
        for offset in range(len(whole)):
            for flip in (0x01, 0x80, 0xFF):
                changed = bytearray(whole)
                changed[offset] ^= flip
                path.write_bytes(changed)
                with pytest.raises(IndexDamagedError, match=r"one\.segment is damaged.*--rebuild"):
                    read_whole(path)

    def test_a_flipped_byte_of_another_page_does_no_harm(self, small):
        path, content = small
        data = bytearray(path.read_bytes())
        data[PAGE + 50] ^= 1
        path.write_bytes(data)
        array_file = ArrayFile(path)
        assert array_file.array("few").all().tolist() == content["few"]
        assert array_file.array("wide").slice(0, 9).tolist() == content["wide"][:9]
        with pytest.raises(IndexDamagedError, match="bytes 65,536 to "):
            array_file.array("wide").all()
        with pytest.raises(IndexDamagedError):
            array_file.array("last").item(0)
        wide = array_file.array("wide")
        assert wide.take(np.array([8, 2])).tolist() == [8, 2]
        with pytest.raises(IndexDamagedError, match="bytes 65,536 to "):
            wide.take(np.array([8, wide.size - 1]))

    def test_read_bytes_are_checked(self, tmp_path):
        path = tmp_path / "a.segment"
        write(path, {"it": np.arange(2 * PAGE).astype(np.uint8)}, {"documents": 5})
        data = bytearray(path.read_bytes())
        data[PAGE + 50] ^= 1
        path.write_bytes(data)
        array = ArrayFile(path).array("it")
        assert array.read(0, 3) == b"\0\1\2"
        with pytest.raises(IndexDamagedError, match="bytes 65,536 to "):
            array.read(PAGE - 100, PAGE - 50)
        with pytest.raises(IndexDamagedError, match="bytes 65,536 to "):
            array.slices([(0, 3), (PAGE + 9, PAGE + 10)])
        with pytest.raises(IndexDamagedError, match="bytes 65,536 to "):
            list(array.reads([(0, 3), (PAGE + 9, PAGE + 10)]))

    def test_a_damaged_page_stays_damaged(self, small):
        path, _content = small
        data = bytearray(path.read_bytes())
        data[100] ^= 1
        path.write_bytes(data)
        array_file = ArrayFile(path)
        for _ in range(3):
            with pytest.raises(IndexDamagedError):
                array_file.array("few").all()

    def test_every_truncation(self, tmp_path):
        path = tmp_path / "a.segment"
        write(path, {"it": np.arange(30), "b": np.empty(0, np.uint8)}, {"documents": 5})
        whole = path.read_bytes()
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            with pytest.raises(IndexDamagedError, match=r"a\.segment is damaged.*--rebuild"):
                read_whole(path)

    @pytest.mark.parametrize("length", [0, 1, 8, 60, PAGE - 1, PAGE, PAGE + 1, -1, -8, -70])
    def test_truncations_over_pages(self, small, length):
        path, _content = small
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(IndexDamagedError, match="--rebuild"):
            ArrayFile(path)

    @pytest.mark.parametrize("more", [b"\0", b"x" * 100, MAGIC])
    def test_bytes_added_at_the_end(self, small, more):
        path, _content = small
        path.write_bytes(path.read_bytes() + more)
        with pytest.raises(IndexDamagedError):
            ArrayFile(path)

    @pytest.mark.parametrize("start", [0, 64, 5000, PAGE - 10, PAGE, PAGE + 100])
    def test_zeros(self, small, start):
        path, content = small
        data = bytearray(path.read_bytes())
        data[start : start + 200] = bytes(200)
        path.write_bytes(data)
        with pytest.raises(IndexDamagedError):
            assert read_whole(path) == content

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"<html>not found</html>" * 100, id="html"),
            pytest.param(bytes(1000), id="zeros"),
            pytest.param(MAGIC, id="magic"),
            pytest.param(MAGIC + bytes(44) + MAGIC, id="magic-twice"),
            pytest.param(MAGIC + bytes(1000) + MAGIC, id="magics-apart"),
            pytest.param(MAGIC + b"\xff" * 1000 + MAGIC, id="large-numbers"),
        ],
    )
    def test_foreign_files(self, tmp_path, data):
        (tmp_path / "a").write_bytes(data)
        with pytest.raises(IndexDamagedError, match="is damaged: it is .*--rebuild"):
            ArrayFile(tmp_path / "a")

    def test_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            ArrayFile(tmp_path / "a")

    @pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE, errno.EIO])
    def test_what_the_system_refuses_is_not_called_damage(self, small, monkeypatch, number):
        def refuse(*_args, **_options):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("pathlib.Path.open", refuse)
        with pytest.raises(IndexAccessError, match=os.strerror(number)):
            ArrayFile(small[0])

    def test_a_directory_in_its_place(self, tmp_path):
        with pytest.raises(IndexDamagedError, match="no regular file"):
            ArrayFile(tmp_path)


class TestVerify:
    def test_an_undamaged_file(self, small):
        path, _content = small
        array_file = ArrayFile(path)
        sizes: list[int] = []
        with path.open("rb") as file:
            array_file.verify(file, sizes.append)
        assert sizes[0] == PAGE
        assert sum(sizes) == array_file.size

    @pytest.mark.parametrize("offset", [0, 70, PAGE - 1, PAGE, PAGE + 70])
    def test_it_reads_again_what_was_checked_before(self, small, offset):
        path, content = small
        array_file = ArrayFile(path)
        assert read_whole(path) == content
        data = bytearray(path.read_bytes())
        data[offset] ^= 4
        (path.parent / "other").write_bytes(data)
        with (path.parent / "other").open("rb") as file, pytest.raises(IndexDamagedError):
            array_file.verify(file)

    def test_a_page_that_the_disk_does_not_give(self, small):
        class Failing:
            def read(self, _size: int) -> bytes:
                raise OSError(errno.EIO, "Input/output error")

        with pytest.raises(IndexDamagedError, match="bytes from 0 cannot be read.*Input/output"):
            ArrayFile(small[0]).verify(Failing())


def test_the_file_closes_with_its_last_array(small):
    """Without a garbage collection: until then a deleted file takes up disk space."""
    path, _content = small

    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    gc.collect()
    gc.disable()
    try:
        before = descriptors()
        array_file = ArrayFile(path)
        view = array_file.array("few").all()
        assert descriptors() > before
        del array_file
        assert view.tolist() == [0, 1, 2, 3, 4]
        del view
        assert descriptors() == before
    finally:
        gc.enable()


def test_released_pages_are_read_again(small):
    path, content = small
    array_file = ArrayFile(path)
    array = array_file.array("wide")
    assert array.all().tolist() == content["wide"]
    array_file.release()
    assert array.all().tolist() == content["wide"]
