"""What a command says whose extra packages are missing."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from searchd.cli import extras
from searchd.cli.extras import install_command, missing_extra


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Let searchd be installed from an address, away from the project."""
    monkeypatch.setattr(
        extras, "__file__", str(tmp_path / "site" / "searchd" / "cli" / "extras.py")
    )

    def install(address: str | None) -> None:
        written = json.dumps({"url": address}) if address else None
        monkeypatch.setattr(
            "importlib.metadata.distribution",
            lambda _name: SimpleNamespace(read_text=lambda _file: written),
        )

    return install


@pytest.mark.parametrize("extra", ["serve", "evaluate"])
def test_from_the_project(extra: str) -> None:
    project = Path(extras.__file__).parents[2]
    assert install_command(extra).startswith("with: pip install -e ")
    assert f"{project}[{extra}]" in install_command(extra)


def test_from_a_folder_or_file(installed, tmp_path: Path) -> None:
    source = tmp_path / "my project"
    source.mkdir()
    installed(source.as_uri())
    assert install_command("serve") == f"with: pip install '{source}[serve]'"


@pytest.mark.parametrize(
    "address", [None, "file:///nowhere/at/all", "https://example.org/searchd.whl"]
)
def test_from_what_is_gone(installed, address: str | None) -> None:
    installed(address)
    assert install_command("serve") == ("in the folder of the project with: pip install '.[serve]'")


def test_the_error_names_the_package() -> None:
    error = missing_extra("the service", "serve", ModuleNotFoundError(name="uvicorn.config"))
    assert "the service needs the packages of the extra serve (uvicorn is missing)" in str(error)
