"""How large the compressed streams of a PDF are, before pdfium unpacks them into memory.

A deflated stream can be a thousandth of what it holds; pdfium unpacks up to a gigabyte of it. :func:`refuse_bombs` counts
what streams hold that could be too large, without keeping it. Not seen are streams of encrypted files and those packed in other
ways (LZW, run lengths), which hold less.
"""

from __future__ import annotations

import re
import zlib

from govie.errors import ReadError

__all__ = ["MAX_PICTURE_BYTES", "MAX_STREAM_BYTES", "refuse_bombs"]

MAX_STREAM_BYTES = 32 << 20
"""Bytes that a stream of drawing, text or a font may hold; those of reports hold less than one mebibyte, large fonts twenty."""
MAX_PICTURE_BYTES = 512 << 20
"""Bytes that a picture may hold: an A4 page in colour at 1,200 dots an inch has 420 million."""

_RATIO = 1032  # deflate packs to no less than a 1032nd
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 600  # bytes before a stream that are searched for what it is
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_CHUNK = 1 << 20
_DEEPEST = 3  # streams packed in streams


def refuse_bombs(data: bytes, where: str | None) -> None:
    """Raise if a stream of the PDF holds more than a report's can.

    Raises:
        ReadError: it does.
    """
    for match in _STREAM.finditer(data):
        start = match.end()
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if (end - start) * _RATIO <= MAX_STREAM_BYTES and not _is_packed_twice(data, match.start()):
            continue
        is_picture = _PICTURE.search(data, max(0, match.start() - _DICTIONARY), match.start()) is not None
        limit = MAX_PICTURE_BYTES if is_picture else MAX_STREAM_BYTES
        if _holds_more(memoryview(data)[start:end], limit):
            raise ReadError(
                f"a part of the PDF unpacks to more than {limit >> 20} MiB",
                where=where,
                hint="This is no report; print it to a new PDF if it is one.",
            )


def _is_packed_twice(data: bytes, before: int) -> bool:
    return data.count(b"FlateDecode", max(0, before - _DICTIONARY), before) > 1


def _holds_more(packed: memoryview | bytes, limit: int, depth: int = 0) -> bool:
    """Whether a deflated stream unpacks to more than ``limit`` bytes, or holds one that does."""
    if not _is_deflated(packed):
        return False
    unpacker = zlib.decompressobj()
    held = 0
    head = b""
    rest: bytes | memoryview = packed
    try:
        while rest and not unpacker.eof:
            piece = unpacker.decompress(rest, _CHUNK)
            held += len(piece)
            if held > limit:
                return True
            if held <= _CHUNK:
                head += piece
            if not piece:
                break
            rest = unpacker.unconsumed_tail
    except zlib.error:
        pass  # what is broken unpacks no further
    return depth < _DEEPEST and _is_deflated(head) and _holds_more(head, limit, depth + 1)


def _is_deflated(data: memoryview | bytes) -> bool:
    return len(data) > 2 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
