"""PDFs made for the tests: by reportlab with a font that needs no file, and by hand, object for object."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK", firstLineIndent=24)
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 10)]

Row = Sequence[str]


def text_pdf(paragraphs: Iterable[str]) -> bytes:
    """Return a PDF of paragraphs with their first line set in."""
    return _built([Paragraph(text, BODY) for text in paragraphs])


def table_pdf(
    rows: Sequence[Row],
    *,
    before: Iterable[str] = (),
    after: Iterable[str] = (),
    widths: Sequence[float] | None = None,
    style: Sequence[tuple] = (),
    repeat: int = 0,
) -> bytes:
    """Return a PDF of a ruled table between paragraphs; its cells wrap, ``repeat`` header rows are printed on each page."""
    cells = [[Paragraph(cell, CELL) for cell in row] for row in rows]
    table = Table(cells, colWidths=widths, style=[*GRID, *style], repeatRows=repeat, splitByRow=1)
    parts = [*(Paragraph(text, BODY) for text in before), table, *(Paragraph(text, BODY) for text in after)]
    return _built(parts)


def _built(parts: list) -> bytes:
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=(595, 842), invariant=1).build(parts)
    return out.getvalue()


def drawn_pdf(*pages, size: tuple[float, float] = (595, 842), rotation: int = 0, password: str | None = None, owner: bool = False) -> bytes:
    """Return a PDF whose pages the given functions draw on a canvas."""
    out = io.BytesIO()
    encrypt = None
    if password is not None:
        from reportlab.lib.pdfencrypt import StandardEncryption

        encrypt = StandardEncryption("" if owner else password, ownerPassword="owner")
    canvas = Canvas(out, pagesize=size, invariant=1, encrypt=encrypt)
    for draw in pages:
        canvas.setFont(FONT, 12)
        if rotation:
            canvas.setPageRotation(rotation)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines_page(lines: Sequence[str], *, top: float = 760, left: float = 72, pitch: float = 20, size: float = 12):
    """Return a function that draws lines from the top down."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, size)
        for number, line in enumerate(lines):
            canvas.drawString(left, top - number * pitch, line)

    return draw


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def stream(data: bytes, keys: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys, len(data), data)


def page_pdf(content: bytes, *, box: bytes = b"0 0 595 842", pages: int = 1, font: bytes | None = None, more: Sequence[bytes] = ()) -> bytes:
    """Return a PDF that shows the stream ``content`` on each of its pages."""
    kids = b" ".join([b"3 0 R"] * pages)
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>>>" % box,
            content,
            font or b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )
