"""pdfium through its C interface: a page's characters and rules in few calls, and its picture.

Read this first. pdfium may be used by one thread at a time: every function here that calls it holds ``LOCK``, page by page, so
threads that share an extractor take turns. Characters are asked for with ``map`` over the C functions and land in one buffer,
which costs about a microsecond each. Places are turned so that most of the text reads from left to right, whatever the page's
or the text's rotation; characters that stand at another angle (stamps, watermarks) are left out.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# Imported for what it does: it starts pdfium, and shuts it down when Python ends.
import pypdfium2 as _started  # noqa: F401  # isort: skip

from govie.errors import ReadError
from govie.readers.layout import Mark, Rule, Sheet

__all__ = ["LOCK", "Page", "open_pdf", "page_count", "read_page", "rendered"]

LOCK = threading.RLock()
"""Held while pdfium works: it is not safe to be used by two threads at once."""

MAX_CHARACTERS = 100_000
"""Characters of one page; a page of a report has fewer than 3,000."""
MAX_OBJECTS = 200_000
"""Things drawn on one page; a page with a table has some hundreds."""

_THIN = 3.2  # points: a drawn rectangle this thin is a rule
_STRAIGHT = 0.8  # points a line may be off the level
_MOST_SEGMENTS = 20_000
_DEEPEST_FORM = 4
_BOLD = 600
_FIRST_WIDE, _FIRST_ODD = 0x2E80, 0x2E80
_BLANKS = frozenset({0xA0, 0x3000, 0xFEFF, 0x200B, 0x2002, 0x2003, 0x2009})
_BUFFER = 4096
_SAMPLED = 3  # every how manyth character is asked for its angle
_RIGHT_ANGLE = 0.09  # radians that text may be off the level and still be level

# Characters of the radicals' blocks that fonts made for many languages give back in place of the common ones.
_RADICALS = {
    "⺟": "母", "⺠": "民", "⻁": "虎", "⻄": "西", "⻅": "见", "⻆": "角", "⻉": "贝", "⻋": "车", "⻒": "镸", "⻓": "长",
    "⻔": "门", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨",
    "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻬": "齐", "⻮": "齿", "⻰": "龙",
    "⻳": "龟", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺝": "月", "⺫": "目", "⺻": "聿", "⻊": "足", "⻌": "辶", "⻑": "長",
    "⻖": "阝", "⻟": "食", "⻭": "歯", "⻯": "竜", "⻲": "亀",
}  # fmt: skip


class Page(NamedTuple):
    """A page as pdfium gave it: the sheet, and what tells a scan from text.

    ``covered`` is the share of the page under its largest picture, ``pixels`` how many the one with most has, ``drawn`` how many
    outlines are drawn on it, ``strange`` the share of characters that the file does not say the meaning of.
    """

    sheet: Sheet
    covered: float
    pixels: int
    drawn: int
    strange: float


@contextmanager
def open_pdf(data: bytes, where: str | None) -> Iterator[Any]:
    """Give pdfium's handle of the document.

    Raises:
        ReadError: encrypted with a password, or no PDF that can be opened.
    """
    with LOCK:
        handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        error = pdfium.FPDF_GetLastError() if not handle else 0
    if not handle:
        raise _refusal(error, where)
    try:
        yield handle
    finally:
        with LOCK:
            pdfium.FPDF_CloseDocument(handle)


def _refusal(error: int, where: str | None) -> ReadError:
    if error == pdfium.FPDF_ERR_PASSWORD:
        return ReadError(
            "the PDF is encrypted with a password", where=where, hint="Save it without a password and read it again."
        )
    if error == pdfium.FPDF_ERR_SECURITY:
        return ReadError(
            "the PDF is protected in a way that is not known", where=where, hint="Print it to a new PDF and read that."
        )
    return ReadError(
        "the PDF is broken and cannot be opened", where=where, hint="Fetch it again: it may have been cut off on its way."
    )


def page_count(document: Any) -> int:
    """Return how many pages an open document has."""
    with LOCK:
        return int(pdfium.FPDF_GetPageCount(document))


def read_page(document: Any, index: int, where: str | None) -> Page:
    """Return page ``index`` (from 0) of an open document.

    Raises:
        ReadError: the page cannot be read, or holds more than any page of a report.
    """
    with LOCK, _loaded(document, index, where) as page:
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise _broken_page(index, where)
        try:
            count = pdfium.FPDFText_CountChars(text)
            if count > MAX_CHARACTERS:
                raise _too_much(index, f"{count:,} characters", MAX_CHARACTERS, where)
            frame = _frame(page)
            turned, marks, strange = _marks(text, max(count, 0), frame)
        finally:
            pdfium.FPDFText_ClosePage(text)
        objects = _Objects()
        if pdfium.FPDFPage_CountObjects(page) > MAX_OBJECTS:
            raise _too_much(index, "more drawn things", MAX_OBJECTS, where)
        objects.gather(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    area = max((frame[2] - frame[0]) * (frame[3] - frame[1]), 1.0)
    largest = max((_overlap(box, frame) for box in objects.pictures), default=0.0)
    across, down = turned.rules(objects.level, objects.upright)
    sheet = Sheet(index + 1, turned.width, turned.height, marks, across, down)
    return Page(sheet, largest / area, objects.pixels, objects.paths, strange)


def _broken_page(index: int, where: str | None) -> ReadError:
    return ReadError(
        f"page {index + 1} of the PDF is broken", where=where, hint="Fetch it again: it may have been cut off on its way."
    )


def _too_much(index: int, what: str, limit: int, where: str | None) -> ReadError:
    return ReadError(
        f"page {index + 1} holds {what}, over the limit of {limit:,}", where=where, hint="This is no page of a report."
    )


@contextmanager
def _loaded(document: Any, index: int, where: str | None) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise _broken_page(index, where)
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


# --- places ---------------------------------------------------------------------------------------------------

_Frame = tuple[float, float, float, float]  # left, bottom, right, top in pdfium's places (y upward)


def _frame(page: Any) -> _Frame:
    box = pdfium.FS_RECTF()
    if pdfium.FPDF_GetPageBoundingBox(page, box):
        frame = (box.left, box.bottom, box.right, box.top)
        if all(map(math.isfinite, frame)) and frame[2] > frame[0] and frame[3] > frame[1]:
            return frame
    return 0.0, 0.0, 595.0, 842.0


def _overlap(box: _Frame, frame: _Frame) -> float:
    width = min(box[2], frame[2]) - max(box[0], frame[0])
    height = min(box[3], frame[3]) - max(box[1], frame[1])
    return width * height if width > 0 and height > 0 else 0.0


class _Turn:
    """From pdfium's places to those of a page as it is read: ``quarter`` turns counter-clockwise of the text."""

    def __init__(self, quarter: int, frame: _Frame) -> None:
        self.quarter = quarter
        left, bottom, right, top = frame
        # A point's place along the text is x * ax + y * ay, its place up the page is y * ax - x * ay.
        self.ax, self.ay = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[quarter]
        along = sorted((left * self.ax + bottom * self.ay, right * self.ax + top * self.ay))
        up = sorted((bottom * self.ax - left * self.ay, top * self.ax - right * self.ay))
        if quarter % 2:
            up = sorted((bottom * self.ax - right * self.ay, top * self.ax - left * self.ay))
        self.origin, self.top = along[0], up[1]
        self.width, self.height = along[1] - along[0], up[1] - up[0]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the place from the upper left corner, y downward."""
        return x * self.ax + y * self.ay - self.origin, self.top - (y * self.ax - x * self.ay)

    def edges(self, boxes: list[float], places: list[float]) -> tuple[list[float], list[float], list[float]]:
        """Return the left edges, baselines and right edges of characters by their boxes and places."""
        origin, top = self.origin, self.top
        if not self.quarter:
            return [x - origin for x in places[::2]], [top - y for y in places[1::2]], [x - origin for x in boxes[2::4]]
        set_at = [self.place(x, y) for x, y in zip(places[::2], places[1::2], strict=True)]
        corners = zip(boxes[::4], boxes[1::4], boxes[2::4], boxes[3::4], strict=True)
        ends = [max(self.place(left, low)[0], self.place(right, high)[0]) for left, high, right, low in corners]
        return [x for x, _ in set_at], [y for _, y in set_at], ends

    def rules(self, level: Sequence[_Frame], upright: Sequence[_Frame]) -> tuple[list[Rule], list[Rule]]:
        """Return the rules across and down the page as it is read, from boxes in pdfium's places."""
        across, down = [], []
        for box in level if not self.quarter % 2 else upright:
            (x0, y0), (x1, y1) = self.place(box[0], box[1]), self.place(box[2], box[3])
            across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        for box in upright if not self.quarter % 2 else level:
            (x0, y0), (x1, y1) = self.place(box[0], box[1]), self.place(box[2], box[3])
            down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        return across, down


# --- characters -----------------------------------------------------------------------------------------------


class _Buffers:
    """Memory that pdfium writes places to, made once and made larger when a page needs it."""

    def __init__(self) -> None:
        self.size = 0
        self.grow(_BUFFER)

    def grow(self, size: int) -> None:
        """Have room for ``size`` characters."""
        if size <= self.size:
            return
        self.size = size
        self.boxes = (pdfium.FS_RECTF * size)()
        self.box_at = [ctypes.byref(box) for box in self.boxes]
        self.places = (ctypes.c_double * (2 * size))()
        double = ctypes.c_double
        self.x_at = [double.from_buffer(self.places, 16 * index) for index in range(size)]
        self.y_at = [double.from_buffer(self.places, 16 * index + 8) for index in range(size)]


_buffers: _Buffers | None = None  # used under LOCK only


def _marks(text: Any, count: int, frame: _Frame) -> tuple[_Turn, list[Mark], float]:
    """Return how the page is turned, its characters in the order of the file, and the share of those without meaning."""
    codes, boxes, places = _asked(text, count)
    angles = _angles(text, codes)
    quarter = Counter(angles.values()).most_common(1)[0][0] if angles else 0
    turn = _Turn(max(quarter, 0), frame)
    starts, bases, ends = turn.edges(boxes, places)
    levels = places[1 - turn.quarter % 2 :: 2]
    marks: list[Mark] = []
    strange = letters = 0
    size, bold, last_level = 10.0, False, math.nan
    new = tuple.__new__  # a character costs half as much so
    for index, code in enumerate(codes):
        if code <= 32 or code in _BLANKS:
            if code and code not in (10, 13) and marks and not pdfium.FPDFText_IsGenerated(text, index):
                _blank(marks)
            continue
        if angles and angles.get(index, quarter) != quarter:
            continue
        letters += 1
        if code >= 0x7F and _is_strange(code):
            strange += 1
        elif letters % _SAMPLED == 0 and pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
            strange += _SAMPLED
        if levels[index] != last_level:
            # A new line, or a piece on another level: only here the type's size is asked for.
            size, bold = _type(text, index)
            last_level = levels[index]
        x0, base, x1 = starts[index], bases[index], ends[index]
        # Chinese characters fill a square, whatever the box that a font of outlines gives them.
        if code >= _FIRST_WIDE:
            x1 = max(x1, x0 + size)
        if not (-size <= x0 <= turn.width + size and -size <= base <= turn.height + 2 * size and x1 < math.inf):
            continue  # outside the page: not seen
        marks.append(new(Mark, (_character(code) if code >= _FIRST_ODD else chr(code), x0, max(x0, x1), base, size, bold, None)))
    return turn, marks, strange / letters if letters else 0.0


def _asked(text: Any, count: int) -> tuple[list[int], list[float], list[float]]:
    """Return of each character its code, its box (left, top, right, bottom) and where it is set (x, y)."""
    global _buffers
    if _buffers is None:
        _buffers = _Buffers()
    buffers = _buffers
    buffers.grow(count)
    numbers = range(count)
    codes = list(map(pdfium.FPDFText_GetUnicode, repeat(text), numbers))
    # A queue of length 0 runs through the calls and keeps none of what they return.
    deque(map(pdfium.FPDFText_GetLooseCharBox, repeat(text), numbers, buffers.box_at), maxlen=0)
    deque(map(pdfium.FPDFText_GetCharOrigin, repeat(text), numbers, buffers.x_at, buffers.y_at), maxlen=0)
    boxes: list[float] = memoryview(buffers.boxes).cast("B").cast("f")[: 4 * count].tolist()  # type: ignore[assignment]
    places: list[float] = memoryview(buffers.places).cast("B").cast("d")[: 2 * count].tolist()  # type: ignore[assignment]
    return codes, boxes, places


def _is_strange(code: int) -> bool:
    """Whether the code says that the character's meaning is not known: private use, replacement, control."""
    return 0xE000 <= code < 0xF900 or code >= 0xF0000 or 0xFFFD <= code <= 0xFFFF or code < 0xA0


def _blank(marks: list[Mark]) -> None:
    """Note a blank that the file holds behind the last character."""
    last = marks[-1]
    if last.text != " ":
        marks.append(last._replace(text=" ", x0=last.x1, x1=last.x1))


def _character(code: int) -> str:
    """Return the character of a code from the radicals on: the common one in place of its look-alikes."""
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\ufffd"
    character = chr(code)
    if code < 0x2FE0 or 0xF900 <= code < 0xFB00:
        return _RADICALS.get(character) or _plain(character)
    return character


def _plain(character: str) -> str:
    from unicodedata import normalize

    plain = normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _type(text: Any, index: int) -> tuple[float, bool]:
    """Return the size of the type in points, and whether it is bold."""
    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.c, matrix.d)
    size = pdfium.FPDFText_GetFontSize(text, index) * scale
    if not (math.isfinite(size) and 1.0 <= size <= 400.0):
        size = 10.0
    return size, pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD


def _angles(text: Any, codes: Sequence[int]) -> dict[int, int]:
    """Return the quarter turn of each character, -1 for those at a slant; empty where all text is level."""
    sampled = range(0, len(codes), _SAMPLED)
    if not any(angle > _RIGHT_ANGLE for angle in map(pdfium.FPDFText_GetCharAngle, repeat(text), sampled)):
        return {}
    matrix = pdfium.FS_MATRIX()
    found = {}
    for index, code in enumerate(codes):
        if code > 32 and pdfium.FPDFText_GetMatrix(text, index, matrix):
            angle = math.atan2(matrix.b, matrix.a)
            quarter = round(angle / (math.pi / 2))
            found[index] = quarter % 4 if abs(angle - quarter * math.pi / 2) <= _RIGHT_ANGLE else -1
    return found


# --- what is drawn --------------------------------------------------------------------------------------------

_Matrix = tuple[float, float, float, float, float, float]


class _Objects:
    """The level and upright rules of a page as boxes in pdfium's places, the boxes of its pictures, its count of paths."""

    def __init__(self) -> None:
        self.level: list[_Frame] = []
        self.upright: list[_Frame] = []
        self.pictures: list[_Frame] = []
        self.paths = self.pixels = 0
        self._seen = self._segments = 0
        self._numbers = [ctypes.c_float() for _ in range(4)]
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()

    def gather(self, holder: Any, count: Any, get: Any, matrix: _Matrix | None = None, depth: int = 0) -> None:
        """Take in what is drawn on a page, or in a form on it."""
        number = max(0, min(count(holder), MAX_OBJECTS - self._seen))
        self._seen += number
        found = list(map(get, repeat(holder), range(number)))
        for one, kind in zip(found, map(pdfium.FPDFPageObj_GetType, found), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(one, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                box = self._bounds(one, matrix)
                if box is not None:
                    self.pictures.append(box)
                width, height = ctypes.c_uint(), ctypes.c_uint()
                if pdfium.FPDFImageObj_GetImagePixelSize(one, width, height):
                    self.pixels = max(self.pixels, width.value * height.value)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
                inner = _times(_matrix(one), matrix)
                self.gather(one, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)

    def _bounds(self, one: Any, matrix: _Matrix | None) -> _Frame | None:
        left, bottom, right, top = self._numbers
        if not pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top):
            return None
        box = (left.value, bottom.value, right.value, top.value)
        if matrix is not None:
            box = _around([_at(matrix, box[0], box[1]), _at(matrix, box[2], box[3])])
        return box if all(map(math.isfinite, box)) else None

    def _path(self, one: Any, matrix: _Matrix | None) -> None:
        self.paths += 1
        if not pdfium.FPDFPath_GetDrawMode(one, self._fill, self._stroke):
            return
        if not self._fill.value and not self._stroke.value:
            return
        box = self._bounds(one, matrix)
        if box is None or self._thin(box):
            return
        count = pdfium.FPDFPath_CountSegments(one)
        if count > 5 or self._stroke.value:
            self._segments += count
            if self._segments <= _MOST_SEGMENTS:
                self._outline(one, count, _times(_matrix(one), matrix), bool(self._stroke.value))

    def _thin(self, box: _Frame) -> bool:
        """Note the box as a rule if it is thin; a dot is part of both kinds."""
        width, height = box[2] - box[0], box[3] - box[1]
        if height <= _THIN:
            self.level.append(box)
        if width <= _THIN:
            self.upright.append(box)
        return height <= _THIN or width <= _THIN

    def _outline(self, one: Any, count: int, matrix: _Matrix, stroked: bool) -> None:
        """Take the level and upright lines of an outline: its strokes, or the thin boxes it is filled with."""
        x, y = self._numbers[0], self._numbers[1]
        part: list[tuple[float, float]] = []
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(one, index)
            if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                continue
            kind = pdfium.FPDFPathSegment_GetType(segment)
            point = _at(matrix, x.value, y.value)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._finish(part, stroked)
                part = []
            elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                part = []
            part.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                part.append(part[0])
        self._finish(part, stroked)

    def _finish(self, part: list[tuple[float, float]], stroked: bool) -> None:
        if len(part) < 2 or not all(math.isfinite(value) for point in part for value in point):
            return
        if self._thin(_around(part)) or not stroked:
            return
        for first, second in pairwise(part):
            box = _around([first, second])
            if box[3] - box[1] <= _STRAIGHT:
                self.level.append(box)
            elif box[2] - box[0] <= _STRAIGHT:
                self.upright.append(box)


def _matrix(one: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(one, matrix):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, second: _Matrix | None) -> _Matrix:
    """Return the change of places that does ``first`` and then ``second``."""
    if second is None:
        return first
    a, b, c, d, e, f = first
    x, y = _at(second, e, f)
    return (
        a * second[0] + b * second[2],
        a * second[1] + b * second[3],
        c * second[0] + d * second[2],
        c * second[1] + d * second[3],
        x,
        y,
    )


def _at(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _around(points: Sequence[tuple[float, float]]) -> _Frame:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# --- its picture ----------------------------------------------------------------------------------------------


def rendered(document: Any, index: int, where: str | None, *, dpi: int, most_pixels: int) -> tuple[bytes, int, int, float]:
    """Return the page's picture in grey, one byte a pixel, its width, its height and the points a pixel is wide.

    The picture has ``dpi`` dots an inch, fewer where that would be more than ``most_pixels``.
    """
    with LOCK, _loaded(document, index, where) as page:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
            raise _broken_page(index, where)
        scale = min(dpi / 72.0, math.sqrt(most_pixels / (width * height)))
        across, down = max(1, min(int(width * scale), most_pixels)), max(1, min(int(height * scale), most_pixels))
        while across * down > most_pixels:
            across, down = max(1, across // 2), max(1, down // 2)
        bitmap = pdfium.FPDFBitmap_Create(across, down, 0)
        if not bitmap:
            raise _broken_page(index, where)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            start = pdfium.FPDFBitmap_GetBuffer(bitmap)
            raw = ctypes.string_at(start, stride * down)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    # BGRx: one byte in four is enough of a grey picture.
    rows = (raw[row * stride : row * stride + 4 * across : 4] for row in range(down))
    return b"".join(rows), across, down, width / across
