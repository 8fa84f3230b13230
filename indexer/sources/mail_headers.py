"""Mail headers: their text, whatever wrote them.

The standard library's policies either leave encoded words as they are or fail at broken ones, and
decode each word by itself, which breaks letters that a mailer cut between two words.
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses

from indexer.sources.encodings import UndecodableError, decode

_ENCODED = re.compile(
    r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*(?: [^?]*)?)\?=", re.IGNORECASE
)
_HEADER_LIMIT = 1 << 16
# White space between encoded words means nothing, but two spaces on a new line: so Python up to 3.12
# writes a space of the text that falls between two words, and nothing else folds in this way.
_BETWEEN = re.compile(r"(\?=)(?!\r?\n {2}=\?)\s+(?==\?)")


class BoundedHeaders(Compat32):
    """The policy that leaves headers as they are, but for the end of one of more than 64 KB.

    The standard library takes quadratic time for their parameters.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_HEADER_LIMIT]


def header(message: Message, name: str) -> str:
    """Return the text of the first header with a name, on one line; empty where there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """Return the text of each header with a name."""
    return [
        decode_words(str(value)[:_HEADER_LIMIT])
        for key, value in message.raw_items()
        if key.lower() == name and str(value).strip()
    ]


def addresses(message: Message, name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and address of each person in the headers with a name."""
    raw = [str(value)[:_HEADER_LIMIT] for key, value in message.raw_items() if key.lower() == name]
    try:
        found = getaddresses(raw)
    except RecursionError:  # at comments within comments, which no person writes
        return
    for shown, address in found:
        if shown or address:
            yield decode_words(shown), decode_words(address)


def decode_words(raw: str) -> str:
    """Return a header as it is meant: encoded words decoded, white space collapsed.

    Bytes of no stated encoding, which the parser kept as surrogates, are detected.

    >>> decode_words("=?utf-8?b?2YM=?= =?utf-8?q?=D8=AA=D8=A7=D8=A8?=")
    'كتاب'
    """
    if not raw.isascii():
        data = raw.encode("utf-8", "surrogateescape")
        raw = decode_body(data, "")
    parts: list[str] = []
    pending, charset, at = b"", "", 0
    raw = _BETWEEN.sub(r"\1", raw)
    for word in _ENCODED.finditer(raw):
        between = raw[at : word.start()]
        if pending and (between or word[1].lower() != charset):
            parts.append(decode_body(pending, charset))
            pending = b""
        parts.append(between)
        pending += _bytes_of(word)
        charset, at = word[1].lower(), word.end()
    if pending:
        parts.append(decode_body(pending, charset))
    return " ".join("".join([*parts, raw[at:]]).split())


def _bytes_of(word: re.Match[str]) -> bytes:
    if word[2].lower() == "q":
        return quopri.decodestring(word[3].replace("_", " ").encode())
    try:
        return b64decode(word[3].rstrip("=") + "===")
    except (binascii.Error, ValueError):
        return b""


def decode_body(data: bytes, charset: str) -> str:
    """Return text in a stated encoding; where the bytes are not in it, in the one that they are in.

    Where that cannot be told, bad bytes become U+FFFD.
    """
    if charset.lower() not in {"", "us-ascii", "unknown-8bit", "8bit", "binary", "iso-8859-1"}:
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            pass
    try:
        return decode(data, declared=charset)
    except UndecodableError:
        return data.decode("utf-8", "replace")
