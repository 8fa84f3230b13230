"""The project built as for a release, from a copy, so that nothing is written to the checkout."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from build import ProjectBuilder

from tests.packaging.distributions import ROOT, Distributions, files_of_the_repository


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build the source distribution, the wheel from what it holds, and the editable wheel."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, so there is nothing to compare the distributions with")
    folder = tmp_path_factory.mktemp("distributions")
    checkout, out = folder / "checkout", folder / "dist"
    sources = files_of_the_repository()
    for name in sources:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)

    sdist = Path(ProjectBuilder(checkout).build("sdist", out))
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    return Distributions(
        frozenset(sources),
        sdist,
        wheel=Path(ProjectBuilder(unpacked).build("wheel", out)),
        editable_wheel=Path(ProjectBuilder(checkout).build("editable", out / "editable")),
    )
