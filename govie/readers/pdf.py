"""PDF to a :class:`~govie.records.Document`: its text as paragraphs, its ruled tables as grids, its scans recognised.

Read this first. :func:`read_pdf` goes page by page: ``pdfium`` gives characters and rules (:mod:`govie.readers.pdfium`), or a
page that is a picture is recognised (:mod:`govie.readers.ocr`); ``pages`` makes lines and tables of them. What is kept of a page
is only that. Then, over all pages, ``paragraphs`` drops what is printed on every page and joins lines, ``stitching`` joins
tables cut by page breaks, and ``assembling`` writes the text out. Left out on purpose: forms' fields, notes, attachments,
text at a slant (stamps), text below a page's edge.
"""

from __future__ import annotations

import hashlib

from govie.errors import ReadError
from govie.readers import pdfium
from govie.readers.assembling import assembled
from govie.readers.encoding import share_of_everyday
from govie.readers.inflated import refuse_bombs
from govie.readers.layout import Line, Sheet, TablePart
from govie.readers.pages import contents
from govie.readers.paragraphs import paragraphs, without_furniture
from govie.records import Document, Source

__all__ = ["MAX_CHARACTERS", "MAX_PAGES", "MAX_SCANNED_PAGES", "read_pdf"]

MAX_PAGES = 5_000
"""Pages of one file; a report has fewer than a hundred. Memory stays flat, but a file of more is no report."""
MAX_SCANNED_PAGES = 300
"""Pages of one file that are recognised; each takes seconds."""
MAX_CHARACTERS = 5_000_000
"""Characters of one file; a report has fewer than 50,000."""

_FEW = 20  # characters: a page with fewer under a picture is a scan with a number or stamp on it
_COVERED = 0.5  # share of a page under one picture
_DRAWN = 150  # outlines on a page without text: its characters are drawn
_STRANGE = 0.3  # share of characters without meaning
_CHINESE = 0.5  # share of everyday characters among those outside ASCII, for text under a picture to be read


def read_pdf(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of a PDF; ``path`` names it in messages and in ``document.source``.

    Raises:
        ReadError: broken, encrypted with a password, without text, too large, or scanned while ``govie[ocr]`` is not installed.
    """
    pages: list[tuple[float, list[Line | TablePart]]] = []
    scanned = characters = 0
    refuse_bombs(data, path)
    with pdfium.open_pdf(data, path) as document:
        count = _page_count(document, path)
        for index in range(count):
            page = pdfium.read_page(document, index, path)
            sheet = page.sheet
            if _is_picture(page):
                scanned += 1
                sheet = _recognised(document, index, scanned, page, path)
            items = contents(sheet)
            characters += len(sheet.marks)
            if characters > MAX_CHARACTERS:
                raise _too_large(f"more than {MAX_CHARACTERS:,} characters", path)
            pages.append((sheet.height, items))
    kept, dropped = without_furniture(pages)
    text, blocks, grids = assembled(paragraphs([item for items in kept for item in items]))
    if not text.strip():
        raise ReadError("the PDF holds no text", where=path, hint="Its pages are empty.")
    title = _title(text, dropped)
    source = Source(
        path=path, media_type="application/pdf", sha256=hashlib.sha256(data).hexdigest(), chars=len(text), encoding=None
    )
    return Document(text=text, source=source, blocks=blocks, grids=grids, page={"title": title} if title else {})


def _title(text: str, dropped: list[str]) -> str | None:
    """Return the running title that names the report, where its text does not."""
    for line in dropped:
        if "公开" in line and line.endswith("报告") and len(line) <= 80 and line not in text:
            return line
    return None


def _page_count(document: object, path: str | None) -> int:
    count = pdfium.page_count(document)
    if count < 1:
        raise ReadError("the PDF has no pages", where=path, hint="Fetch it again: it may have been cut off on its way.")
    if count > MAX_PAGES:
        raise _too_large(f"{count:,} pages, over the limit of {MAX_PAGES:,}", path)
    return count


def _too_large(what: str, path: str | None) -> ReadError:
    return ReadError(f"the PDF holds {what}", where=path, hint="Save the pages of the report to a file of its own.")


def _is_picture(page: pdfium.Page) -> bool:
    """Whether the page must be recognised: a scan, drawn characters, or characters that have no meaning."""
    marks = page.sheet.marks
    if len(marks) < _FEW:
        return page.covered > _COVERED or (not marks and page.drawn > _DRAWN)
    if page.strange > _STRANGE:
        return True
    # The invisible text that a scanner's own recognition left is read if it is Chinese.
    return page.covered > _COVERED and share_of_everyday("".join([mark.text for mark in marks])) < _CHINESE


def _recognised(document: object, index: int, scanned: int, page: pdfium.Page, path: str | None) -> Sheet:
    if scanned > MAX_SCANNED_PAGES:
        raise _too_large(f"more than {MAX_SCANNED_PAGES} scanned pages", path)
    from govie.readers import ocr

    if not ocr.is_installed():
        why = "text without meaning (its fonts lack a character map)" if page.strange > _STRANGE else "a picture, not text"
        raise ReadError(f"page {index + 1} of the PDF is {why}", where=path, hint=ocr.HINT)
    if page.pixels > ocr.MAX_PIXELS:
        raise _too_large(f"a picture of {page.pixels:,} pixels, over the limit of {ocr.MAX_PIXELS:,}", path)
    pixels, width, height, scale = pdfium.rendered(document, index, path, dpi=ocr.DPI, most_pixels=ocr.MAX_RENDERED_PIXELS)
    return ocr.recognised(pixels, width, height, scale, page=index + 1)
