"""The lowest versions that setup.cfg promises, as requirements for pip (`make test-lowest`).

    python tests/packaging/lowest_versions.py [EXTRA...]

Prints the requirements of the project and of some of its extras, each pinned to the lowest version
that its bound allows: `numpy >= 1.26, < 3` becomes `numpy==1.26`. Needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from pathlib import Path

SETUP = Path(__file__).parents[2] / "setup.cfg"

_LOWEST = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?\s*(?:>=|==)\s*([\w.]+)")


def lowest_versions(extras: Iterable[str]) -> list[str]:
    """Return `name==version` for each requirement of the project and of the extras.

    Raises ValueError for a requirement without a lower bound.
    """
    settings = ConfigParser()
    settings.read(SETUP, "utf-8")
    listed = [settings["options"]["install_requires"]]
    listed += [settings["options.extras_require"][extra] for extra in extras]
    return list(dict.fromkeys(_pinned("\n".join(listed))))


def _pinned(requirements: str) -> Iterator[str]:
    for requirement in filter(None, map(str.strip, requirements.splitlines())):
        found = _LOWEST.match(requirement)
        if found is None:
            raise ValueError(f"{SETUP}: {requirement!r} has no lower bound; add one with >=")
        yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{each}\n" for each in lowest_versions(sys.argv[1:]))
