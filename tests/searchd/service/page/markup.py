"""What a reader sees of a page: its texts and links, read with an HTML parser."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node


def parse(html: str) -> HTMLParser:
    return HTMLParser(html)


def text_of(node: Node | HTMLParser | None) -> str:
    """Return the text of a part of a page with single spaces; it must be there."""
    assert node is not None
    return " ".join(node.text().split())


def texts(tree: HTMLParser, selector: str) -> list[str]:
    return [text_of(node) for node in tree.css(selector)]


def links(tree: HTMLParser, selector: str) -> dict[str, str]:
    """Return the addresses of links by their texts."""
    return {text_of(node): node.attributes["href"] or "" for node in tree.css(selector)}
