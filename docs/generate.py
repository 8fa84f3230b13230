"""Write the reference pages that are made from the code: `python docs/generate.py`.

commands.md    every command and option, from the command line itself
openapi.json   the OpenAPI document of the HTTP service
http.md        the same for people

They are checked in, so that they can be read in the repository. A test compares them with the code.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from searchd.cli import main as command_line
from searchd.service.indexes import IndexCatalog, create_service
from searchd.service.indexes.openapi import PREFIX
from searchd.service.writing.limits import WriteLimits
from searchd.service.writing.write_queue import WriteQueue

if TYPE_CHECKING:
    from searchd import Engine

DOCS = Path(__file__).parent

_NOTE = "<!-- Written by docs/generate.py; change the code instead. -->"
_NAME = re.compile(r"(?<![\w`'-])--[a-z][a-z-]*|\b[A-Z]+_[A-Z]+\b")
"""Options and environment variables, which are set as code."""

_QUOTED_COMMAND = re.compile(r"'(searchd [^']*)'")


def commands_page() -> str:
    """Return the reference of the command line."""
    group = cast("click.Group", command_line)
    context = click.Context(group, info_name="searchd", **group.context_settings)
    parts = [
        "# Command line",
        _NOTE,
        "`searchd COMMAND --help` prints the same. Errors and progress go to standard error, and "
        "[Exit status](operations.md#exit-status) lists how a command can end.",
    ]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        parts += _command(click.Context(command, info_name=name, parent=context))
        if isinstance(command, click.Group):
            for each in command.commands.values():
                inner = click.Context(each, info_name=f"{name} {each.name}", parent=context)
                parts += _command(inner)
    return "\n\n".join(parts) + "\n"


def _command(context: click.Context) -> Iterator[str]:
    """Yield the paragraphs of one command."""
    command = context.command
    yield f"## searchd {context.info_name}"
    usage = " ".join(["searchd", str(context.info_name), *command.collect_usage_pieces(context)])
    yield f"```text\n{usage.strip()}\n```"
    yield from _help(inspect.cleandoc(command.help or ""))
    if isinstance(command, click.Group):
        return
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    yield _table(("option", "meaning"), map(_option, options))


def _help(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; click keeps the lines of one that begins with \\b."""
    for paragraph in text.split("\n\n"):
        verbatim = paragraph.removeprefix("\b\n")
        yield (
            _prose(" ".join(paragraph.split()))
            if verbatim == paragraph
            else f"```text\n{verbatim}\n```"
        )


def _option(option: click.Option) -> tuple[str, str]:
    """Return the row of an option: how it is written, and what it means."""
    value = "" if option.is_flag else " " + (option.metavar or _value(option.type))
    names = ", ".join(f"`{name}{value}`" for name in option.opts)
    facts = []
    if option.required:
        facts.append("Required.")
    if not option.is_flag and isinstance(option.default, str | int | Path):
        facts.append(f"Default: `{option.default}`.")
    if isinstance(option.type, click.IntRange):
        facts.append(_range(option.type.min, option.type.max))
    if option.multiple and "repeated" not in (option.help or ""):
        facts.append("May be repeated.")
    if option.envvar:
        facts.append(f"Environment variable: `{option.envvar}`.")
    return names, " ".join([_prose(option.help or "Show the help text and exit."), *facts])


def _value(kind: click.ParamType[Any]) -> str:
    match kind:
        case click.Choice():
            return "|".join(map(str, kind.choices))
        case click.Path():
            return "DIRECTORY" if kind.dir_okay and not kind.file_okay else "FILE"
        case click.IntRange():
            return "N"
        case _:
            return "TEXT"


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return f"At least {least}."
    return f"From {least} to {most}."


def _prose(text: str) -> str:
    """Return a text of the program as Markdown, with options and commands as code."""
    text = _QUOTED_COMMAND.sub(r"`\1`", text)
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(piece if piece.startswith("`") else _as_code(piece) for piece in pieces)


def _as_code(text: str) -> str:
    """Return a text without code in which names are code and every other character is itself."""
    return _NAME.sub(r"`\g<0>`", re.sub(r"([\\*\[\]<])", r"\\\1", text))


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(header)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def openapi() -> dict[str, Any]:
    """Return the OpenAPI document of a service of several indexes that can be changed.

    No request is made, so it needs no index.
    """

    def no_engine(_directory: Path) -> Engine:
        raise AssertionError

    queue = WriteQueue(WriteLimits())
    return create_service(IndexCatalog(DOCS), no_engine, queue=queue, default="main").openapi()


def openapi_file() -> str:
    """Return the OpenAPI document as it is checked in."""
    return json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n"


def http_page() -> str:
    """Return the reference of the HTTP service."""
    document = openapi()
    info = document["info"]
    parts = [
        "# HTTP",
        _NOTE,
        f"`searchd serve` starts the service. This is version {info['version']}.",
        info["description"].strip(),
        "The same as OpenAPI: [openapi.json](openapi.json), and `/openapi.json` of a running "
        "service. The codes of errors are listed in "
        "[Errors over HTTP](operations.md#errors-over-http).",
        "The paths from `/search` to `/documents/delete` are those of one index. With `--indexes` each "
        f"index has them below `{PREFIX}`, as in `/indexes/news/search`, and the default index "
        "without it too. Those that change something, and those of tasks, are there with `--writable`; "
        "those of indexes and aliases with `--indexes`.",
    ]
    for path, methods in document["paths"].items():
        if path.removeprefix(PREFIX) in document["paths"] and path.startswith(f"{PREFIX}/"):
            continue
        for method, operation in methods.items():
            parts += _operation(f"{method.upper()} {path}", operation)
    parts.append("## Objects")
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if "properties" in schema and name in _objects(document["paths"], schemas):
            parts += _object(name, schema)
    return "\n\n".join(parts) + "\n"


def _objects(node: object, schemas: Mapping[str, Any]) -> set[str]:
    """Return the names of the objects that answers hold, also within other objects."""
    found: set[str] = set()
    pending = set(_references(node))
    while pending:
        name = pending.pop()
        found.add(name)
        pending |= set(_references(schemas[name])) - found
    return found


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _body(content: Mapping[str, Any]) -> str:
    """Return the type of the body of an answer, or its media type where it is not JSON."""
    if "application/json" in content:
        return _type(content["application/json"]["schema"])
    return ", ".join(f"`{name}`" for name in content)


def _operation(heading: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {heading}"
    yield f"{operation['summary']}. {operation['description']}"
    if parameters := operation.get("parameters"):
        rows = (
            (
                f"`{each['name']}`",
                _type(each["schema"]),
                _default(each),
                each.get("description", ""),
            )
            for each in parameters
        )
        yield _table(("parameter", "type", "default", "meaning"), rows)
    if body := operation.get("requestBody"):
        kinds = " or ".join(f"`{kind}`" for kind in body["content"])
        (first, *_) = body["content"].values()
        yield f"Body: {kinds}: {_type(first['schema'])}."
    yield _table(
        ("status", "body", "meaning"),
        (
            (status, _body(answer.get("content", {})), _meaning(answer))
            for status, answer in operation["responses"].items()
        ),
    )


def _meaning(answer: Mapping[str, Any]) -> str:
    found = str(answer["description"])
    return "The answer." if found == "Successful Response" else found


def _default(parameter: Mapping[str, Any]) -> str:
    if parameter.get("required"):
        return "required"
    default = parameter["schema"].get("default")
    return "" if default in (None, []) else f"`{default}`"


def _object(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}"
    yield schema["description"]
    rows = (
        (f"`{field}`", _type(value), value.get("description", "") + _examples(value))
        for field, value in schema["properties"].items()
    )
    yield _table(("field", "type", "meaning"), rows)


def _examples(schema: Mapping[str, Any]) -> str:
    examples = [json.dumps(each, ensure_ascii=False) for each in schema.get("examples", [])]
    return "".join(f" Example: `{each}`." for each in examples if each != '""')


def _type(schema: Mapping[str, Any]) -> str:
    """Return the type of a value in words, with its bounds and with links to objects."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    kind = str(schema["type"])
    if kind == "array":
        return f"list of {_several(schema['items'])}"
    if kind == "object":
        values = schema["additionalProperties"]
        return "object" if values is True else f"object of {_type(values)}"
    bounds = [schema.get(least, "") for least in ("minimum", "minLength")]
    bounds = [bound for bound in bounds if bound != ""]
    most = schema.get("maximum", schema.get("maxLength"))
    unit = " characters" if kind == "string" else ""
    return kind + (f", {bounds[0]} to {most}{unit}" if bounds and most is not None else "")


def _several(schema: Mapping[str, Any]) -> str:
    return re.sub(r"^(string|number|integer)\b", r"\1s", _type(schema))


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "openapi.json": openapi_file,
    "http.md": http_page,
}
"""The pages by name, and what makes the text of each."""


def main() -> None:
    """Write every page."""
    for name, text in PAGES.items():
        (DOCS / name).write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
