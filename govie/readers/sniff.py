"""What a file is, told by its first bytes and never by its name.

A ``.doc`` is often a web page, a ``.html`` a Word file, a ``.txt`` a PDF: whoever saved it chose the name.
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["HEAD_BYTES", "Kind", "kind_of", "looks_like_html", "refused_kind"]

Kind = Literal["pdf", "image", "zip", "ole", "mhtml", "text", "other"]
"""``zip`` may be an archive or a new Office document, ``ole`` is an old one, ``text`` may be HTML."""

HEAD_BYTES = 65536
"""How much of a file :func:`kind_of` wants to see."""

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"GIF8", "image"),
)
_REFUSED = (
    (b"{\\rtf", "an RTF document", "Open it in Word or WPS and save it as .docx."),
    (b"Rar!", "an archive of a kind", "Unpack it, or pack it as .zip."),
    (b"7z\xbc\xaf\x27\x1c", "an archive of a kind", "Unpack it, or pack it as .zip."),
    (b"\x1f\x8b", "an archive of a kind", "Unpack it, or pack it as .zip."),
    (b"BZh", "an archive of a kind", "Unpack it, or pack it as .zip."),
    (b"\xfd7zXZ", "an archive of a kind", "Unpack it, or pack it as .zip."),
    (b"SQLite format 3", "a database", "Give the reports themselves."),
    (b"\x7fELF", "a program", "Give the reports themselves."),
    (b"MZ\x90", "a program", "Give the reports themselves."),
)
_PDF_ZONE = 1024  # readers of PDF look for its mark this far
_MAIL_HEADER = re.compile(rb"\s{0,20}(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]{0,1000}(?:\n[ \t][^\n]{0,1000}){0,20}\n){1,30}")
_MULTIPART = re.compile(rb"^Content-Type:\s{0,20}(?:multipart/|text/html)", re.I | re.M)
_HTML_START = re.compile(r"[\s\ufeff]{0,200}(?:<\?xml[^>]{0,200}>\s{0,50})?(?:<!--[^>]{0,2000}-->\s{0,50})?<(?:!doctype\s+html|html|head|body|meta|title|link|div|table|p|article|section|h[1-6]|span|ul|center|font|style|script)\b", re.I)  # noqa: E501
_CLOSING_TAG = re.compile(r"</[a-z]|/>|<meta|<html", re.I)


def kind_of(head: bytes) -> Kind:
    """Return what a file is whose first bytes (:data:`HEAD_BYTES` of them) are ``head``; ``other`` is never read."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and not (kind == "image" and _is_text_after_all(signature, head)):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image"
    if any(head.startswith(signature) for signature, _, _ in _REFUSED) or _is_word_xml(head):
        return "other"
    if head.startswith(b"%PDF") or (b"%PDF-" in head[:_PDF_ZONE] and b"<" not in head[: head.index(b"%PDF-")]):
        return "pdf"
    return "mhtml" if _is_mail(head) else "text"


def refused_kind(head: bytes) -> tuple[str, str]:
    """Return the name of a kind that is not read, and what to do instead."""
    found = ((name, hint) for signature, name, hint in _REFUSED if head.startswith(signature))
    return next(found, ("a Word document saved as one XML file", "Open it in Word or WPS and save it as .docx."))


def looks_like_html(text: str) -> bool:
    """Whether a text starts as an HTML page does."""
    return _HTML_START.match(text) is not None and _CLOSING_TAG.search(text) is not None


def _is_text_after_all(signature: bytes, head: bytes) -> bool:
    """Whether a file that starts with the two letters of a bitmap is one: a text has no reserved zeros there."""
    return signature == b"BM" and head[6:10] != b"\0\0\0\0"


def _is_word_xml(head: bytes) -> bool:
    """Whether the file is "Word XML" of 2003 or later, which has the suffix ``.xml`` or ``.doc``."""
    start = head[:_PDF_ZONE]
    return b"<?xml" in start and (b'progid="Word.Document"' in start or b"<w:wordDocument" in start or b"<pkg:package" in start)


def _is_mail(head: bytes) -> bool:
    """Whether the file starts with the headers of a web archive, which are those of a mail."""
    if head[:1] in (b"<", b"\xef", b"\xff"):
        return False
    header = _MAIL_HEADER.match(head[:16384].replace(b"\r\n", b"\n"))
    return header is not None and _MULTIPART.search(header[0]) is not None
