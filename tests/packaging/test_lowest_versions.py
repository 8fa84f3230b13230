"""The lowest versions are read from setup.cfg; `make test-lowest` installs them and runs the tests."""

from __future__ import annotations

import re

import pytest

from tests.packaging import lowest_versions
from tests.packaging.lowest_versions import SETUP


def test_every_requirement_has_a_lower_bound() -> None:
    pinned = lowest_versions.lowest_versions(["serve", "evaluate"])
    assert all(re.fullmatch(r"[\w.-]+==[\d.]+", each) for each in pinned)
    names = {each.partition("==")[0] for each in pinned}
    assert {"numpy", "click", "fastapi", "uvicorn", "scipy"} <= names
    assert len(names) == len(pinned)


def test_versions_are_those_of_setup_cfg() -> None:
    fastapi = re.search(r"fastapi >= ([\d.]+)", SETUP.read_text("utf-8"))
    assert fastapi is not None
    assert f"fastapi=={fastapi[1]}" in lowest_versions.lowest_versions(["serve"])


def test_a_requirement_without_a_bound_is_an_error() -> None:
    with pytest.raises(ValueError, match="'types-tqdm' has no lower bound"):
        lowest_versions.lowest_versions(["test"])


def test_extras_that_share_a_package_agree_on_it() -> None:
    bounds: dict[str, set[str]] = {}
    requirement = re.compile(r"^    ([\w.-]+) (>= .*)$", re.MULTILINE)
    for name, bound in requirement.findall(SETUP.read_text("utf-8")):
        bounds.setdefault(name, set()).add(bound)
    assert {name: found for name, found in bounds.items() if len(found) > 1} == {}
