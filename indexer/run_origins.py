"""Run origins: where each document of a run was read, in eight bytes for each."""

from __future__ import annotations

import re
from array import array

_NUMBERED = re.compile(r"(.*[:#])([0-9]{1,9})", re.DOTALL)


class RunOrigins:
    """The origins of the documents that a run has written, in order.

    Most are the name of a file and a number, and the name is kept once.

    >>> origins = RunOrigins()
    >>> for origin in ("a.csv:2", "a.csv:3", "b.txt"): origins.add(origin)
    >>> origins[1], origins[2]
    ('a.csv:3', 'b.txt')
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._name_ids = array("I")
        self._numbers = array("I")

    def add(self, origin: str) -> None:
        """Add the origin of the next document."""
        numbered = _NUMBERED.fullmatch(origin)
        name, number = (numbered[1], int(numbered[2]) + 1) if numbered else (origin, 0)
        if not self._names or self._names[-1] != name:
            self._names.append(name)
        self._name_ids.append(len(self._names) - 1)
        self._numbers.append(number)

    def __getitem__(self, index: int) -> str:
        name, number = self._names[self._name_ids[index]], self._numbers[index]
        return f"{name}{number - 1}" if number else name
