"""Web archives (``.mht``, ``.mhtml``, Word's "single file web page") to a :class:`~govie.records.Document`.

A web archive is a mail whose parts are the page and its pictures; the standard library reads it. Read is the HTML
part that holds the most: a page of frames has an almost empty part for the frames and one for each page in them.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from govie.errors import ReadError
from govie.readers.encoding import decode
from govie.readers.text import source_of
from govie.records import Document

__all__ = ["MEDIA_TYPE", "read_mhtml"]

MEDIA_TYPE = "multipart/related"
_MAX_PARTS = 5000
_HINT = "Save the page from a browser again, as HTML or as a web archive."
# What damaged headers and bodies make the standard library raise, besides what it repairs in silence.
_BROKEN = (ValueError, LookupError, RecursionError)


def read_mhtml(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of the page in a web archive; ``source.encoding`` is that of the page.

    Raises:
        ReadError: the archive is broken, or no part of it is a page with text.
    """
    best: Document | None = None
    for page in _pages(data, path):
        document = _read(page, path)
        if document is not None and (best is None or len(document.text) > len(best.text)):
            best = document
    if best is None or not best.text:
        raise ReadError("the web archive holds no page with text", where=path, hint=_HINT)
    source = source_of(best.text, data, path=path, media_type=MEDIA_TYPE, encoding=best.source.encoding)
    return Document(text=best.text, source=source, blocks=best.blocks, grids=best.grids, page=best.page)


def _pages(data: bytes, where: str | None) -> list[tuple[bytes, str | None]]:
    """Return bytes and declared charset of each HTML part; of the plain text parts where there is none."""
    try:
        parts = [part for _, part in zip(range(_MAX_PARTS), message_from_bytes(data).walk(), strict=False)]
        for wanted in ("text/html", "application/xhtml+xml", "text/plain"):
            found = [_content(part) for part in parts if part.get_content_type() == wanted]
            if any(content for content, _ in found):
                return [(content, charset) for content, charset in found if content]
    except _BROKEN as error:
        raise ReadError(f"the web archive is broken ({str(error)[:120]})", where=where, hint=_HINT) from None
    return []


def _content(part: Message) -> tuple[bytes, str | None]:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b"", part.get_content_charset()


def _read(page: tuple[bytes, str | None], where: str | None) -> Document | None:
    """Return the document of one part; None where its bytes are no text."""
    from govie.readers import read_text

    content, charset = page
    try:
        text, encoding = decode(content, where=where, declared=charset)
    except ReadError:
        return None  # a part that is no text is not the page
    document = read_text(text, path=where)
    return Document(
        text=document.text,
        source=source_of(document.text, content, path=where, media_type=MEDIA_TYPE, encoding=encoding),
        blocks=document.blocks,
        grids=document.grids,
        page=document.page,
    )
