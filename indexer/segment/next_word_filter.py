"""Signatures: a byte at each word that says which word may stand behind it.

A phrase is looked for only where the signature is that of its next word, so few places need be
read: of 255 other words one has the same. (Signature files: Faloutsos and Christodoulakis, ACM
Transactions on Office Information Systems 2, 1984.)
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

Signatures = npt.NDArray[np.uint8]

_MANY = 2048
"""From so many signatures on eight are looked at in one: few of these hold the one wanted."""


def term_hash(stem: bytes) -> int:
    """Return a number from 1 to 255 that tells most stems apart, the same in every segment.

    >>> term_hash("كتاب".encode()), term_hash("علم".encode())
    (255, 158)
    """
    return 1 + crc32(stem) % 255


def next_term_hashes(
    stems: Sequence[bytes], words: npt.NDArray[np.unsignedinteger], sizes: npt.NDArray[np.int64]
) -> Signatures:
    """Return the signature of the word behind each word of a batch, 0 behind the last of a text.

    `words`: [words], the number of each running word's stem. `sizes`: [documents], how many words
    each has.
    """
    of_stems = np.fromiter(map(term_hash, stems), np.uint8, len(stems))
    behind = np.zeros(words.size, np.uint8)
    behind[:-1] = of_stems[words[1:]]
    behind[sizes.cumsum()[sizes > 0] - 1] = 0
    return behind


def find_term_hash(hashes: Signatures, wanted: int) -> npt.NDArray[np.intp]:
    """Return the places of a signature, ascending.

    >>> find_term_hash(np.array([3, 7, 3], np.uint8), 3).tolist()
    [0, 2]
    """
    equal: npt.NDArray[np.bool_] = hashes == wanted
    if equal.size < _MANY:
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
