"""The reference pages that are checked in are those that the code gives."""

from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType

import click
import pytest

from searchd.cli import main as command_line
from tests.docs.examples import DOCS

pytest.importorskip("fastapi", reason="the HTTP reference needs the extra 'serve'")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The script `docs/generate.py`."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("generate")
    finally:
        sys.path.remove(str(DOCS))


@pytest.mark.parametrize("name", ["commands.md", "openapi.json", "http.md"])
def test_the_page_is_what_the_code_gives(generate: ModuleType, name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == generate.PAGES[name](), (
        f"docs/{name} is not what the code gives; run: python docs/generate.py"
    )


def test_every_page_is_compared(generate: ModuleType) -> None:
    assert set(generate.PAGES) == {"commands.md", "openapi.json", "http.md"}


def test_every_command_and_option_is_listed() -> None:
    assert isinstance(command_line, click.Group)
    context = click.Context(command_line, info_name="searchd")
    sections = (DOCS / "commands.md").read_text("utf-8").split("\n## ")[1:]
    by_name = {section.partition("\n")[0]: section for section in sections}
    commands = {
        name: command_line.get_command(context, name)
        for name in command_line.list_commands(context)
    }
    for name, group in list(commands.items()):
        if isinstance(group, click.Group):
            assert by_name.pop(f"searchd {name}")
            del commands[name]
            commands |= {f"{name} {inner}": each for inner, each in group.commands.items()}
    for name, command in commands.items():
        assert command is not None
        section = by_name.pop(f"searchd {name}")
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        }
        listed = set(re.findall(r"^\| (.*?) \|", section, re.MULTILINE)) - {"option", "---"}
        names = {word for cell in listed for word in re.findall(r"`(--?[\w-]+)", cell)}
        assert names == options | {"-h", "--help"}
    assert not by_name


def test_every_path_is_listed(generate: ModuleType) -> None:
    """Those that each index has below its name are listed once, without it."""
    page = (DOCS / "http.md").read_text("utf-8")
    listed = re.findall(r"^## ([A-Z]+ /\S*)$", page, re.MULTILINE)
    paths: dict[str, dict[str, object]] = generate.openapi()["paths"]
    plain = {path: methods for path, methods in paths.items() if "/indexes/{name}/" not in path}
    assert listed == [
        f"{method.upper()} {path}" for path, methods in plain.items() for method in methods
    ]
    mounted = {path.removeprefix("/indexes/{name}") for path in paths.keys() - plain.keys()}
    assert mounted <= plain.keys()
    assert {"/search", "/documents", "/documents/delete", "/files"} <= mounted


def test_every_reference_to_an_object_has_its_section() -> None:
    page = (DOCS / "http.md").read_text("utf-8")
    sections = {name.lower() for name in re.findall(r"^### (\w+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= sections
