"""Front matter: the YAML between two `---` lines at the top of a Markdown page, as columns.

Loaded only when a page begins with `---`.
"""

from __future__ import annotations

import json
import re

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

# The base loader builds nothing but text, lists and mappings, whatever a tag asks for.
try:
    from yaml import CBaseLoader as _Loader  # of libyaml: several times as fast
except ImportError:  # PyYAML was built without it
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

FRONT_MATTER_LIMIT = 1 << 20
"""The longest front matter in characters, and the most that its values may have together."""

_NAME = re.compile(r"[^\W\d_][\w.-]*")
# A value that YAML may read as markup although its writer meant text: a colon in a title, say.
_UNQUOTED_PAIR = re.compile(r"^([^\W\d_][\w.-]*:[ \t]++)([^\s\"'\[{|>&!#].*)$", re.MULTILINE)


def parse_front_matter(text: str) -> dict[str, object] | None:
    """Return the columns that front matter gives; None for a text that is none.

    Every value stays text as it is written: numbers and dates are read by the type of their field.
    A list gives a list of texts. `[أ، ب]` with the Arabic comma is a list of two. A nested object
    is an empty mapping, which no field takes. An unquoted value that is no valid YAML, as in
    `title: كتاب: التاريخ`, is taken literally.

    It is no front matter where a key is not a name of letters, digits, `_`, `.` and `-`: then the
    `---` are rules in the text. No object is built from tags, and aliases cannot expand beyond
    `FRONT_MATTER_LIMIT`.

    >>> parse_front_matter("title: كتاب: التاريخ\\ndate: 2024-05-01\\ntags: [أ، ب]")
    {'title': 'كتاب: التاريخ', 'date': '2024-05-01', 'tags': ['أ', 'ب']}
    >>> parse_front_matter("قال لي: نعم") is None
    True
    """
    if len(text) > FRONT_MATTER_LIMIT:
        return None
    root = _compose(text) or _compose(_UNQUOTED_PAIR.sub(_quoted, text))
    if root is None:
        return None
    columns: dict[str, object] = {}
    room = FRONT_MATTER_LIMIT
    for key, value in root.value:
        if not isinstance(key, ScalarNode) or not _NAME.fullmatch(key.value):
            return None
        columns[key.value], size = _value(value, room)
        room -= size
        if room < 0:
            return None
    return columns


def _compose(text: str) -> MappingNode | None:
    """Return the mapping that a YAML document is, None for any other value and for no YAML."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if root is None:  # blank lines and comments alone
        return MappingNode("tag:yaml.org,2002:map", [])
    return root if isinstance(root, MappingNode) else None


def _quoted(pair: re.Match[str]) -> str:
    return pair[1] + json.dumps(pair[2].rstrip(" \t"), ensure_ascii=False)


def _value(node: Node, room: int) -> tuple[object, int]:
    """Return a value and its size in characters; a list that is larger than `room` is cut short."""
    match node:
        case ScalarNode():
            return node.value, len(node.value) + 1
        case SequenceNode():
            items: list[object] = []
            size = 1
            for item in node.value:
                found: list[object]
                if not isinstance(item, ScalarNode):
                    found = [{}]
                elif node.flow_style:
                    found = [part for word in item.value.split("،") if (part := word.strip())]
                else:
                    found = [item.value]
                items += found
                size += len(item.value) + 1 if isinstance(item, ScalarNode) else 1
                if size > room:
                    break
            return items, size
        case _:
            return {}, 1
