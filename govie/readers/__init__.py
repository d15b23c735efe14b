"""Files and texts to :class:`~govie.records.Document`: the only place that knows file formats.

What a file is, is told by what it holds (:mod:`~govie.readers.sniff`), never by its name. ``docs/files.md`` lists the
formats and the limits. Each reader is a module of its own, imported when a file asks for it.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePath

from govie.errors import ReadError
from govie.readers.encoding import decode
from govie.readers.loading import MAX_FILE_BYTES, MAX_TEXT_BYTES, read_bytes
from govie.readers.sniff import HEAD_BYTES, kind_of, looks_like_html, refused_kind
from govie.readers.text import MAX_CHARS, read_plain, refuse_long
from govie.records import Document

__all__ = [
    "FORMATS",
    "MAX_CHARS",
    "MAX_FILE_BYTES",
    "MAX_TEXT_BYTES",
    "decode",
    "read_bytes",
    "read_data",
    "read_file",
    "read_html",
    "read_text",
]

FORMATS = "text, Markdown, HTML, web archives (.mht), Word (.docx, .doc, .wps), PDF, pictures of pages, and these in .zip"
"""The formats that are read, as messages name them."""

_HTML_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_MARKUP = re.compile(r"<(?:[a-z][a-z0-9]{0,12}[\s/>]|!doctype|!--)|</[a-z]", re.I)
_BLANK = "\x00\ufeff\u200b \t\r\n\x0b\x0c\u3000\u00a0"


def read_text(text: str, *, path: str | None = None) -> Document:
    """Return the document of a text in memory; a text that starts as an HTML page does is read as one.

    For plain text ``document.text`` is ``text`` with a leading byte order mark dropped and line breaks as
    ``\\n``. An empty text gives an empty document. ``path`` is only noted in ``document.source``.
    """
    if looks_like_html(text):
        return read_html(text, path=path)
    return read_plain(text, path=path)


def read_html(
    html: str, *, path: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> Document:
    """Return the document of an HTML page: the report's text, its headings, its tables, what the page says of it."""
    from govie.readers.html import read_page

    return read_page(html, path=path, data=data, encoding=encoding)


def read_file(path: str | os.PathLike[str]) -> Document:
    """Return the document of a file, or of a file in a ZIP archive (``reports.zip/inside/a.html``).

    Raises:
        ReadError: no such file, no regular file, not readable, empty, too large, damaged, or of a format not read.
    """
    return read_data(read_bytes(path), path=os.fspath(path))


def read_data(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of a file's bytes; ``path`` names it in messages and in ``document.source``.

    Raises:
        ReadError: the bytes are empty, too many, damaged, or of a format not read.
    """
    document = _read(data, path)
    refuse_long(len(document.text), path)
    return document


def _read(data: bytes, path: str | None) -> Document:
    if not data:
        raise _empty(path)
    kind = kind_of(data[:HEAD_BYTES])
    if kind == "zip":
        return _read_zip(data, path)
    if kind == "ole":
        from govie.readers.doc import read_doc

        return read_doc(data, path=path)
    if kind == "pdf":
        from govie.readers.pdf import read_pdf

        return read_pdf(data, path=path)
    if kind == "image":
        from govie.readers.ocr import read_image

        return read_image(data, path=path)
    if kind == "other":
        name, hint = refused_kind(data)
        raise ReadError(f"this is {name}, which is not read", where=path, hint=hint)
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError(f"the text is larger than the limit of {MAX_TEXT_BYTES // 1024**2} MB", where=path, hint="Split it.")
    if kind == "mhtml":
        from govie.readers.mhtml import read_mhtml

        return read_mhtml(data, path=path)
    return _read_marked_or_plain(data, path)


def _read_zip(data: bytes, path: str | None) -> Document:
    from govie.readers import archive

    kind = archive.office_kind(data, path)
    if kind == "docx":
        from govie.readers.docx import read_docx

        return read_docx(data, path=path)
    if kind == "zip":
        raise ReadError(
            "this is an archive, not one report",
            where=path,
            hint="`govie extract` and extract_files read the files in it; one alone is named archive.zip/path/inside.",
        )
    raise ReadError(f"this is {kind}, which is not read", where=path, hint=f"Read are {FORMATS}.")


def _read_marked_or_plain(data: bytes, path: str | None) -> Document:
    text, encoding = decode(data, where=path)
    if not text.strip(_BLANK):
        raise _empty(path)
    if _is_html(path, text):
        document = read_html(text, path=path, data=data, encoding=encoding)
        if not document.text:
            raise ReadError(
                "the page holds no text",
                where=path,
                hint="It may be filled in by a script: save it from a browser after it has loaded, or copy its text.",
            )
        return document
    refuse_long(len(text), path)
    return read_plain(text, path=path, data=data, encoding=encoding)


def _empty(path: str | None) -> ReadError:
    return ReadError("the file is empty", where=path, hint="Fetch or save it again.")


def _is_html(path: str | None, text: str) -> bool:
    """Whether a text is a page: it starts as one, or is called one and holds mark-up (a piece of a page)."""
    if path is not None and PurePath(path).suffix.lower() in _HTML_SUFFIXES:
        return _MARKUP.search(text) is not None
    return looks_like_html(text)
