"""Files and texts to :class:`~govie.records.Document`: the only place that knows file formats.

Read are plain text (``.txt``, ``.md``, ``.text``) and HTML (``.html``, ``.htm``, ``.shtml``), in UTF-8, GB18030
or Big5, PDF, and pictures where ``govie[ocr]`` is installed; a file with no or another suffix is read by what it holds.
Word, Excel and archives are refused with a message that says so.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from govie.errors import ReadError
from govie.readers.encoding import decode
from govie.readers.text import read_plain
from govie.records import Document

__all__ = ["FORMATS", "decode", "read_file", "read_html", "read_text"]

FORMATS = "plain text (.txt, .md, .text), HTML (.html, .htm, .shtml), PDF and, with govie[ocr], pictures"
"""The formats that are read, as messages name them."""

_HTML_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_REFUSED_SUFFIXES = {
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".wps": "a WPS document",
    ".rtf": "an RTF document",
    ".odt": "an OpenDocument text",
    ".xls": "an Excel workbook",
    ".xlsx": "an Excel workbook",
    ".et": "a WPS workbook",
    ".csv": "a data table",
    ".ppt": "a presentation",
    ".pptx": "a presentation",
    ".ofd": "an OFD document",
    ".zip": "an archive",
    ".rar": "an archive",
    ".7z": "an archive",
    ".gz": "an archive",
    ".mht": "a web archive",
    ".mhtml": "a web archive",
}
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or Office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "an archive"),
)
_HTML_START = re.compile(r"[\s\ufeff]{0,200}(?:<\?xml[^>]{0,200}>\s{0,50})?(?:<!--[^>]{0,2000}-->\s{0,50})?<(?:!doctype\s+html|html|head|body|meta|title|link|div|table|p|article|section|h[1-6]|span|ul|center|font|style|script)\b", re.I)  # noqa: E501
_MARKUP = re.compile(r"<(?:[a-z][a-z0-9]{0,12}[\s/>]|!doctype|!--)|</[a-z]", re.I)
_CLOSING_TAG = re.compile(r"</[a-z]|/>|<meta|<html", re.I)


def read_text(text: str, *, path: str | None = None) -> Document:
    """Return the document of a text in memory; a text that starts as an HTML page does is read as one.

    For plain text ``document.text`` is ``text`` with a leading byte order mark dropped and line breaks as
    ``\\n``. An empty text gives an empty document. ``path`` is only noted in ``document.source``.
    """
    if _looks_like_html(text):
        return read_html(text, path=path)
    return read_plain(text, path=path)


def read_html(
    html: str, *, path: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> Document:
    """Return the document of an HTML page: the report's text, its headings, its tables, what the page says of it."""
    from govie.readers.html import read_page

    return read_page(html, path=path, data=data, encoding=encoding)


def read_file(path: str | os.PathLike[str]) -> Document:
    """Return the document of a file of text, HTML or PDF, or of a picture.

    Raises:
        ReadError: no such file, a folder, not readable, empty, binary, undecodable, or of a format not read.
    """
    place = os.fspath(path)
    data = _bytes_of(place)
    suffix = Path(place).suffix.lower()
    if data.lstrip()[:4] == b"%PDF" or (data and suffix == ".pdf"):
        from govie.readers.pdf import read_pdf

        return read_pdf(data, path=place)
    if data and is_picture(data, suffix):
        from govie.readers.ocr import read_image

        return read_image(data, path=place)
    _refuse(place, suffix, data)
    text, encoding = decode(data, where=place)
    if not text.strip("\x00\ufeff\u200b \t\r\n\x0b\x0c\u3000\u00a0"):
        raise _empty(place)
    if _is_html(suffix, text):
        document = read_html(text, path=place, data=data, encoding=encoding)
        if not document.text:
            raise ReadError(
                "the page holds no text",
                where=place,
                hint="It may be filled in by a script: save it from a browser after it has loaded, or copy its text.",
            )
        return document
    return read_plain(text, path=place, data=data, encoding=encoding)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})


def is_picture(data: bytes, suffix: str) -> bool:
    """Whether a file of these bytes and this suffix (lower case, with its dot) is a picture, or claims to be."""
    return data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or suffix in _PICTURE_SUFFIXES


def _bytes_of(place: str) -> bytes:
    try:
        with open(place, "rb") as file:
            return file.read()
    except IsADirectoryError:
        raise ReadError(
            "this is a folder, not a file", where=place, hint="Give the files in it, or `govie extract` the folder."
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        raise ReadError("there is no such file", where=place, hint="Check the path and its spelling.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadError(f"the file cannot be read ({reason})", where=place, hint="Check its permissions.") from error


def _refuse(place: str, suffix: str, data: bytes) -> None:
    if not data:
        raise _empty(place)
    kind = next((name for signature, name in _SIGNATURES if data.startswith(signature)), None)
    kind = _REFUSED_SUFFIXES.get(suffix) or kind
    if kind is not None:
        raise ReadError(
            f"this is {kind}, which is not read",
            where=place,
            hint=f"Read are {FORMATS}: save or copy its text into one of these.",
        )


def _empty(place: str) -> ReadError:
    return ReadError("the file is empty", where=place, hint="Fetch or save it again.")


def _is_html(suffix: str, text: str) -> bool:
    if suffix in _HTML_SUFFIXES:
        return _MARKUP.search(text) is not None
    return _looks_like_html(text)


def _looks_like_html(text: str) -> bool:
    return _HTML_START.match(text) is not None and _CLOSING_TAG.search(text) is not None
