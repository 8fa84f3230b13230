"""Next-word filter: a one-byte hash of the next term at each position, to search phrases fast.

A phrase is searched only at positions where the hash is that of its next word, so few positions are
read: 1 in 255 others has the same hash. (Signature files: Faloutsos and Christodoulakis, ACM
Transactions on Office Information Systems 2, 1984.)
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

TermHashes = npt.NDArray[np.uint8]

_LONG = 2048
"""From this many hashes on, eight comparisons are tested at once, since most have no match."""


def term_hash(stem: bytes) -> int:
    """Return the hash of a stem, 1 to 255. It is the same in every segment: indexes store it.

    >>> term_hash("كتاب".encode()), term_hash("علم".encode())
    (255, 158)
    """
    return 1 + crc32(stem) % 255


def term_hashes(stems: Sequence[bytes]) -> TermHashes:
    """Return the hash of each of some stems; uint8 [stems]."""
    checksums = np.fromiter(map(crc32, stems), np.uint32, len(stems))
    checksums %= 255
    checksums += 1
    return checksums.astype(np.uint8)


def next_term_hashes(
    stems: Sequence[bytes], words: npt.NDArray[np.unsignedinteger], lengths: npt.NDArray[np.int64]
) -> TermHashes:
    """Return the hash of the term after each word of some documents; uint8 [words].

    It is 0 for the last word of a document. `words`: [words], the index in `stems` of each word's
    stem, document by document. `lengths`: [documents], in words.
    """
    hashes = term_hashes(stems)
    following = np.zeros(words.size, np.uint8)
    following[:-1] = hashes[words[1:]]
    following[lengths.cumsum()[lengths > 0] - 1] = 0
    return following


def find_term_hash(hashes: TermHashes, wanted: int) -> npt.NDArray[np.intp]:
    """Return the indexes at which a hash occurs, ascending; intp [n].

    >>> find_term_hash(np.array([3, 7, 3], np.uint8), 3).tolist()
    [0, 2]
    """
    equal: npt.NDArray[np.bool_] = hashes == wanted
    if equal.size < _LONG:
        return equal.nonzero()[0]
    end = equal.size // 8 * 8
    eights = equal[:end].view(np.uint64).nonzero()[0]
    inside = equal[:end].reshape(-1, 8)[eights].reshape(-1).nonzero()[0]
    found: npt.NDArray[np.intp] = eights[inside >> 3]
    found <<= 3
    found += inside & 7
    rest = equal[end:].nonzero()[0]
    rest += end
    return np.concatenate((found, rest))
