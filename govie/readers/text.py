"""Plain text to a :class:`~govie.records.Document`."""

from __future__ import annotations

import hashlib
import re

from govie.errors import ReadError
from govie.records import Block, Document, Source

__all__ = ["MAX_CHARS", "clean", "read_plain", "refuse_long", "source_of"]

MAX_CHARS = 4_000_000
"""The longest text of a file that is taken for a report, in characters; reports have some thousands."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"[^\n]+")


def clean(text: str) -> str:
    """Return ``text`` as the offsets will point into it.

    A byte order mark at its start is dropped and line breaks become ``\\n``. Lone surrogates, which no file
    can hold and no JSON can carry, become U+FFFD one for one. Nothing else changes.
    """
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()  # ten times quicker than looking for surrogates, and nearly no text has any
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def refuse_long(length: int, where: str | None) -> None:
    """Raise ReadError if a text of ``length`` characters is too long to be a report."""
    if length > MAX_CHARS:
        raise ReadError(
            f"the text has {length:,} characters, more than the limit of {MAX_CHARS:,}",
            where=where,
            hint="A report is far shorter: check what this file is, or split it.",
        )


def source_of(text: str, data: bytes | None, *, path: str | None, media_type: str, encoding: str | None) -> Source:
    """Return the source record of a document whose final text is ``text`` and whose bytes were ``data``."""
    raw = text.encode("utf-8") if data is None else data
    if path is not None:
        path = _SURROGATE.sub("\ufffd", path)  # a file name that is no text in the system's encoding
    return Source(
        path=path, media_type=media_type, sha256=hashlib.sha256(raw).hexdigest(), chars=len(text), encoding=encoding
    )


def read_plain(
    text: str, *, path: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> Document:
    """Return the document of a plain text: the text itself, one block for each line that is not blank.

    ``data`` and ``encoding`` are the bytes the text was decoded from, where it came from a file.
    """
    text = clean(text)
    blocks = tuple(Block(line.start(), line.end()) for line in _LINE.finditer(text) if not line.group().isspace())
    source = source_of(text, data, path=path, media_type="text/plain", encoding=encoding)
    return Document(text=text, source=source, blocks=blocks)
