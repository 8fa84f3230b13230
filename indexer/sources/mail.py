"""Mail: single messages (.eml) and mailboxes (.mbox), which are read one message after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value
from hashlib import blake2b
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.places import Place, PlaceKind
from indexer.sources import limits
from indexer.sources.attachments import AttachmentReader
from indexer.sources.dates import first_date
from indexer.sources.html import checked_page_values
from indexer.sources.mail_headers import (
    BoundedHeaders,
    addresses,
    decode_body,
    decode_words,
    header,
    headers,
)
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_FROM_LINE = re.compile(rb"From .{0,300}\d{4}")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MESSAGE_IDS = re.compile(r"<([^<>\s]+)>")
_NO_MESSAGE = (
    "no headers of a message at the start; a message begins with lines like 'Subject: ...', "
    "for other text use --format txt"
)
_TOO_DEEP = (
    "the message has too many messages or parts within each other; save the inner ones as files of "
    "their own"
)
# An HTML part has what a plain part says; a note that there is HTML is no text.
_FALLBACK_SHARE = 4


def read_eml(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the message as one record; its id is the name of the file.

    Its columns are title (the subject), text, date, author, from, to, cc, message_id, in_reply_to
    and attachments (their names). The text of an attachment follows that of the message; its place
    is the name of the attachment, in an archive the path of each file. Raises SourceError where the file is too large.
    """
    data = source.read_all(limits.RECORD_LIMIT)
    size = source.measure(len(data))
    message = _parsed(data)
    if isinstance(message, str):
        yield BadRecord(source.origin, message, size)
        return
    with _attachment_reader(source) as attachments:
        values, places = _message_values(message, source.origin, attachments)
    values["id"] = source.file.name
    yield Record(source.origin, values, size, is_named=True, is_markup=True, places=places)


def read_mbox(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per message of a mailbox, with the columns of `read_eml`.

    The id is the name of the file with the Message-ID, or else with a hash of the message, so it
    stays when other messages are deleted. A copy of a message gets `~2`.
    """
    with _attachment_reader(source) as attachments:
        yield from _messages(source, attachments)


def _messages(source: Input, attachments: AttachmentReader) -> Iterator[Record | BadRecord]:
    seen: dict[bytes, int] = {}
    line = 0
    for line, data, length in _split(source.stream):
        origin = f"{source.origin}:{line}"
        size = source.measure(length)
        if len(data) > limits.RECORD_LIMIT:
            yield BadRecord(origin, limits.too_long("the message"), size)
            continue
        message = _parsed(data)
        if isinstance(message, str):
            yield BadRecord(origin, message, size)
            continue
        values, places = _message_values(message, origin, attachments)
        key = str(values.get("message_id") or blake2b(data, digest_size=16).hexdigest())
        digest = blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
        count = seen[digest] = seen.get(digest, 0) + 1
        values["id"] = f"{source.file.name}#{key}{f'~{count}' if count > 1 else ''}"
        yield Record(origin, values, size, is_markup=True, places=places)
    if not line and (size := source.measure(source.stream.tell())):
        yield BadRecord(source.origin, _NO_MESSAGE, size)


def _attachment_reader(source: Input) -> AttachmentReader:
    return AttachmentReader(source.limits, opens_archives=not source.file.is_attached)


def _split(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield the first line, the bytes, and the length in the file, of each message of a mailbox.

    A message begins after a line `From ... 2026` that follows an empty line. Lines that begin with
    `>From ` lose the mark. Of a message that is too long only the start is kept.
    """
    parts: list[bytes] = []
    number = first = length = kept = 0
    after_blank = True
    while line := stream.readline(limits.RECORD_LIMIT + 1):
        number += 1
        if after_blank and _FROM_LINE.match(line):
            if first:
                yield first, _QUOTED_FROM.sub(rb"\1", b"".join(parts)), length
            parts, first, length, kept = [], number + 1, 0, 0
        elif kept <= limits.RECORD_LIMIT:
            first = first or number
            parts.append(line)
            kept += len(line)
        length += len(line)
        after_blank = line in {b"\n", b"\r\n"}
    if parts:
        yield first, _QUOTED_FROM.sub(rb"\1", b"".join(parts)), length


def _parsed(data: bytes) -> Message | str:
    """Return the message, or the reason why there is none.

    The parser of the standard library recurses into parts, however deep they are.
    """
    try:
        message = BytesParser(policy=BoundedHeaders()).parsebytes(data.lstrip(b"\r\n"))
    except RecursionError:
        return _TOO_DEEP
    return message if message.keys() else _NO_MESSAGE


def _message_values(
    message: Message, origin: str, attachments: AttachmentReader
) -> tuple[dict[str, object], tuple[Place, ...]]:
    """Return the columns of a message and the places of its text."""
    body = _Body(origin, attachments)
    body.add(message)
    senders = list(addresses(message, "from"))
    values: dict[str, object] = {
        "title": header(message, "subject"),
        "text": body.text,
        "date": first_date([header(message, "date"), *_received(message)]),
        "author": [name or address for name, address in senders],
        "from": header(message, "from"),
        "to": [name or address for name, address in addresses(message, "to")],
        "cc": [name or address for name, address in addresses(message, "cc")],
        "message_id": _message_id(header(message, "message-id")),
        "in_reply_to": _message_id(header(message, "in-reply-to")),
        "attachments": body.attachments,
    }
    return {column: value for column, value in values.items() if value}, tuple(body.places)


def _received(message: Message) -> Iterator[str]:
    """Yield when the message was received, of the last station first."""
    return (each.rpartition(";")[2].strip() for each in headers(message, "received"))


def _message_id(written: str) -> str:
    found = _MESSAGE_IDS.search(written)
    return found[1] if found else written.strip()


class _Body:
    """The text of a message with its attachments, as far as it was read."""

    def __init__(self, origin: str, reader: AttachmentReader) -> None:
        self._origin = origin
        self._reader = reader
        self._texts: list[str] = []
        self._length = 0
        self.places: list[Place] = []
        self.attachments: list[str] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._texts)

    def add(self, part: Message, depth: int = 0) -> None:
        """Add the text of a part, and of the parts within it."""
        if depth > limits.MAX_MAIL_DEPTH:
            return
        kind = part.get_content_type()
        if kind == "message/rfc822":
            self._add_message(part, depth)
        elif kind == "multipart/alternative":
            self._add_alternative(part, depth)
        elif part.is_multipart():
            for inner in _parts(part):
                self.add(inner, depth + 1)
        elif name := _file_name(part):
            self._add_attachment(name, part)
        elif part.get_content_maintype() == "text":
            self._append(_part_text(part))

    def _add_message(self, part: Message, depth: int) -> None:
        for inner in _parts(part):
            subject = header(inner, "subject")
            self._begin(subject or _file_name(part) or "message")
            self._append(subject)
            self.add(inner, depth + 1)

    def _add_alternative(self, part: Message, depth: int) -> None:
        """Add the plain alternative, or the richest one where that is only a note of few words."""
        inner = list(_parts(part))
        plain = [each for each in inner if each.get_content_type() == "text/plain"]
        text = "\n".join(map(_part_text, plain))
        others = [each for each in inner if each not in plain]
        if not others:
            self._append(text)
            return
        rich = _Body(self._origin, self._reader)
        rich.add(others[-1], depth + 1)
        if len(text.strip()) * _FALLBACK_SHARE < len(rich.text) or not text.strip():
            self._append(rich.text)
        else:
            self._append(text)
        self.attachments += rich.attachments

    def _add_attachment(self, name: str, part: Message) -> None:
        self.attachments.append(name)
        if self._length > limits.RECORD_LIMIT:
            return
        for label, text in self._reader.texts(name, _payload(part), self._origin):
            if text.strip():
                self._begin(label)
                self._append(text)
            if self._length > limits.RECORD_LIMIT:
                return

    def _begin(self, label: str) -> None:
        start = self._length + (2 if self._texts else 0)
        self.places.append(Place(start, PlaceKind.ATTACHMENT, label))

    def _append(self, text: str) -> None:
        text = text.strip()
        if text:
            text = f"\n\n{text}" if self._texts else text
            self._texts.append(text)
            self._length += len(text)


def _parts(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (each for each in payload if isinstance(each, Message))


def _file_name(part: Message) -> str:
    """Return the name of an attachment; empty for a part that is text of the message."""
    try:
        raw = part.get_param("filename", None, "content-disposition") or part.get_param("name")
        name = decode_words(collapse_rfc2231_value(raw)) if raw else ""
    except (LookupError, ValueError, TypeError):
        name = ""
    if not name and part.get_content_disposition() == "attachment":
        name = f"attachment.{part.get_content_subtype()}"
    return name.replace("\\", "/").rpartition("/")[2]


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _part_text(part: Message) -> str:
    charset = part.get_param("charset", "")
    text = decode_body(_payload(part), charset if isinstance(charset, str) else charset[2])
    if part.get_content_subtype() == "html":
        try:
            return checked_page_values(text).get("text", "")
        except SourceError:
            return ""
    text = text.replace("\r\n", "\n")
    if part.get_param("format") == "flowed":
        text = _unflow(text, delete_space=part.get_param("delsp") == "yes")
    return text


def _unflow(text: str, *, delete_space: bool) -> str:
    """Join the lines that `format=flowed` broke after a space (RFC 3676)."""
    joined: list[str] = []
    for line in text.split("\n"):
        line = line.removeprefix(" ") if line.startswith(" ") else line
        if joined and joined[-1].endswith(" ") and joined[-1] != "-- ":
            before = joined[-1][:-1] if delete_space else joined[-1]
            joined[-1] = before + line
        else:
            joined.append(line)
    return "\n".join(joined)
