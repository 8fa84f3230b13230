"""What `deploy/` runs are commands and options that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
import yaml

from searchd.cli import main as command_line

DEPLOY = Path(__file__).parents[3] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/opt/searchd/bin/searchd"


def check(arguments: Sequence[str]) -> None:
    """Parse a command line as `searchd` does, without running it."""
    assert isinstance(command_line, click.Group)
    command = command_line.get_command(click.Context(command_line), arguments[0])
    assert command is not None, arguments[0]
    command.make_context(arguments[0], list(arguments[1:]), resilient_parsing=False)


def command_of(unit: Path) -> list[str]:
    text = unit.read_text("utf-8").replace("\\\n", " ")
    (found,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    return shlex.split(found)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units(unit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *arguments = command_of(unit)
    assert program == PROGRAM
    arguments = [DEPLOY / "searchd.toml" if each.endswith(".toml") else each for each in arguments]  # type: ignore[misc]
    monkeypatch.setenv("SOURCE", "http://primary")
    check([str(each) for each in arguments])


def test_backups_and_replicas_belong_to_the_user_of_the_service() -> None:
    """With DynamicUser two units have one user if they have one User; the first has that of its name."""
    assert {unit.stem for unit in UNITS} == {"searchd", "searchd-backup", "searchd-replica"}
    for unit in UNITS:
        text = unit.read_text("utf-8")
        user = re.findall(r"^User=(.*)$", text, re.MULTILINE) or [unit.stem]
        assert (user, "DynamicUser=yes" in text) == (["searchd"], True)
        assert re.search(r"^StateDirectory=searchd\b", text, re.MULTILINE)


def test_the_compose_file() -> None:
    file = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    volumes = (DEPLOY / "Containerfile").read_text("utf-8")
    assert set(file) == {"services", "volumes"}
    for service in file["services"].values():
        check(service["command"])
        for name, _, path in (each.partition(":") for each in service["volumes"]):
            assert name in file["volumes"]
            assert f'"{path}"' in volumes
    options = {
        f"SEARCHD_{option.name.upper()}"
        for option in command_line.get_command(click.Context(command_line), "serve").params  # type: ignore[attr-defined]
    } | {str(variable) for option in command_line.get_command(click.Context(command_line), "serve").params for variable in [option.envvar]}  # type: ignore[attr-defined] # fmt: skip
    assert set(file["services"]["searchd"]["environment"]) <= options
