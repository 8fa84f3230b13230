from __future__ import annotations

import threading

import numpy as np
import pytest

from indexer.segment.buffer_pool import ZeroedBufferPool, clear


def test_zeros_of_any_size():
    pool = ZeroedBufferPool(np.float32)
    for size in (0, 5, 3, 1000, 7):
        with pool.borrow(size) as array:
            assert array.dtype == np.float32
            assert array.tolist() == [0] * size


def test_two_borrowed_at_once_are_two():
    pool = ZeroedBufferPool(np.int32)
    with pool.borrow(4) as one, pool.borrow(4) as other:
        one[:] = 1
        assert not other.any()
        one[:] = 0


def test_a_returned_array_is_lent_again():
    pool = ZeroedBufferPool(np.int32)
    seen = set()
    for _ in range(5):
        with pool.borrow(8) as array:
            seen.add(array.__array_interface__["data"][0])
    assert len(seen) == 1


def test_an_array_is_discarded_after_an_error():
    pool = ZeroedBufferPool(np.int32)

    def fail() -> None:
        with pool.borrow(4) as array:
            array[:] = 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with pool.borrow(4) as array:
        assert not array.any()


def test_threads_never_share_an_array():
    pool = ZeroedBufferPool(np.int64)
    wrong = []

    def use(number: int) -> None:
        for _ in range(2000):
            with pool.borrow(50) as array:
                if array.any():
                    wrong.append(number)
                array += number
                if not (array == number).all():
                    wrong.append(number)
                array[:] = 0

    threads = [threading.Thread(target=use, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("indexes", [[], [0], [3, 40], list(range(0, 100, 3)), [0, 0, 99]])
def test_set_back_to_zeros(indexes):
    array = np.zeros(100, np.float32)
    array[indexes] = 7
    clear(array, np.array(indexes, np.intp))
    assert not array.any()
