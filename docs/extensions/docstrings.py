"""Docstrings as they are written here, for Sphinx: indented text is code, and so is a drawn tree.

References to types resolve by their public name: a signature that names the module where a class is
defined links to the name under which the documentation lists it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_OWN = {"analyzers", "indexer", "searchd"}
_ELSEWHERE = {*sys.stdlib_module_names, "whoosh"}


def _to_rst(
    _app: Sphinx, _what: str, _name: str, _object: object, _options: object, lines: list[str]
) -> None:
    """Rewrite the lines of a docstring in place."""
    written: list[str] = []
    in_code = False
    for number, line in enumerate(lines):
        tree = line.startswith(("├──", "└──", "│"))
        next_line = lines[number + 1] if number + 1 < len(lines) else ""
        root = next_line.startswith("├──")
        indented = line.startswith("    ")
        after_blank = not written or not written[-1].strip()
        if (root or (indented and after_blank)) and not in_code:
            written += ["::", ""]
            in_code = True
        elif in_code and line.strip() and not (tree or indented):
            in_code = False
        written.append(f"    {line}" if tree or root else line)
    lines[:] = written


def _readable_defaults(
    _app: Sphinx,
    _what: str,
    _name: str,
    _object: object,
    _options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Write `...` for a default that a factory makes, since Sphinx cannot parse `<factory>`."""
    return signature and signature.replace("<factory>", "..."), returns


def _resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element
) -> Element | None:
    """Resolve a reference that Sphinx found no target for.

    A type of the standard library or of another package has no page here and stays text. One of ours
    is looked up by its last name; where it is not documented it is text too.
    """
    target = str(node.get("reftarget", ""))
    if node.get("refdomain") != "py" or node.get("reftype") not in ("class", "obj", "exc", "data"):
        return None
    package, _, _ = target.partition(".")
    name = target.rpartition(".")[2]
    domain = env.domains.python_domain
    found = {full for full in domain.objects if full.rpartition(".")[2] == name}
    if len(found) == 1 and (package in _OWN or "." not in target):
        (full,) = found
        return domain.resolve_xref(
            env, str(node["refdoc"]), app.builder, "obj", full, node, content
        )
    return content if package in _OWN | _ELSEWHERE or "." not in target else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to autodoc and to references without a target."""
    app.connect("autodoc-process-docstring", _to_rst)
    app.connect("autodoc-process-signature", _readable_defaults)
    app.connect("missing-reference", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
