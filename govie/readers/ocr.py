"""Pictures and scanned pages to text, by optical character recognition (``govie[ocr]``: rapidocr and onnxruntime, offline).

Read this first. rapidocr finds lines of characters in a picture and says how sure it is of each (0 to 1). Their characters go,
with their places, to the same :class:`~govie.readers.layout.Sheet` that a PDF's do; so do rules found in the picture. From there
on a scan is read as any page is (:mod:`govie.readers.pages`), and each line keeps the lowest confidence of its parts. A page that
is skewed or lies on its side is set right first. One recognition runs at a time, on ``THREADS`` threads.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from govie.errors import ReadError
from govie.readers.assembling import assembled
from govie.readers.layout import Line, Mark, Rule, Sheet, TablePart
from govie.readers.pages import contents
from govie.readers.paragraphs import paragraphs, without_furniture
from govie.records import Document, Source

__all__ = ["DPI", "HINT", "MAX_FRAMES", "MAX_PIXELS", "MAX_RENDERED_PIXELS", "THREADS", "is_installed", "read_image", "recognised"]

HINT = 'Install the recognition of pictures: pip install "govie[ocr]".'
DPI = 150
"""Dots an inch at which a scanned page of a PDF is drawn for recognition."""
MAX_RENDERED_PIXELS = 12_000_000
"""Pixels a picture is brought down to: five times an A4 page at ``DPI``."""
MAX_PIXELS = 200_000_000
"""Pixels of a picture that is opened at all: an A4 page at 1,400 dots an inch."""
MAX_FRAMES = 300
"""Pages of one picture file (TIFF)."""
_WANTED = os.environ.get("GOVIE_OCR_THREADS", "")
THREADS = int(_WANTED) if _WANTED.isdecimal() and 0 < int(_WANTED) <= 256 else min(4, os.cpu_count() or 1)
"""Threads of one recognition; the environment's ``GOVIE_OCR_THREADS`` sets it where many processes share a machine."""

_SMALLEST = 16  # pixels a side: smaller is no picture of text
_LEAST_SURE = 0.5  # a line recognised with less confidence is taken for a stamp or a spot
_DOUBTFUL = 0.85  # confidence, taken over its characters, under which a page is tried upside down
_SKEW = 0.15  # degrees of slant that are set right
_PAGE_WIDTH, _PAGE_LENGTH = 595.0, 842.0  # points of an A4 page: what a picture without a size is taken to be
_SHORTEST_RULE, _RULE_SIZES = 18.0, 2.2  # points, and times the type's size: shorter is no rule
_THICKEST_RULE = 6.0  # points
_STILL_SLANTED = 0.01  # of its length that a rule may be off the level after the page was set right
_PLACE_ERROR = 1.2  # of the type's size that a character's place may be wrong by
_LOCK = threading.Lock()


class _Found(NamedTuple):
    """A line that was recognised: its characters with the left and right edge of each, and its own edges."""

    characters: list[tuple[str, float, float]]
    left: float
    top: float
    right: float
    bottom: float
    score: float


def is_installed() -> bool:
    """Whether the libraries of ``govie[ocr]`` are there."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2", "PIL"))


def read_image(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of a picture (PNG, JPEG, TIFF of several pages, BMP, GIF, WebP).

    Raises:
        ReadError: ``govie[ocr]`` is not installed, or the picture is broken, too large, too small or without text.
    """
    if not is_installed():
        raise ReadError("this is a picture, not text", where=path, hint=HINT)
    pages: list[tuple[float, list[Line | TablePart]]] = []
    media_type = "image/unknown"
    for number, (kind, picture, dpi) in enumerate(_frames(data, path), start=1):
        media_type = kind
        sheet = _sheet(picture, _scale(picture, dpi), number)
        pages.append((sheet.height, contents(sheet)))
    kept, _ = without_furniture(pages)
    text, blocks, grids = assembled(paragraphs([item for items in kept for item in items]))
    if not text.strip():
        raise ReadError("no text was recognised in the picture", where=path, hint="Scan it again with 200 dots an inch or more.")
    source = Source(path=path, media_type=media_type, sha256=hashlib.sha256(data).hexdigest(), chars=len(text))
    return Document(text=text, source=source, blocks=blocks, grids=grids)


def recognised(pixels: bytes, width: int, height: int, scale: float, *, page: int) -> Sheet:
    """Return the sheet of a picture in grey, one byte a pixel; ``scale`` is how many points a pixel is wide."""
    import numpy as np

    return _sheet(np.frombuffer(pixels, np.uint8).reshape(height, width), scale, page)


# --- pictures -------------------------------------------------------------------------------------------------


def _frames(data: bytes, path: str | None) -> Iterator[tuple[str, Any, float]]:
    """Give the media type of each page of a picture file, the page in grey as an array, and its dots an inch (0: unknown).

    Raises:
        ReadError: broken, too large, too small, too many.
    """
    import numpy as np
    from PIL import Image, ImageSequence

    broken = ReadError("the picture is broken or of a kind that is not known", where=path, hint="Fetch or scan it again.")
    try:
        with Image.open(io.BytesIO(data)) as image:
            media_type = Image.MIME.get(image.format or "", "image/unknown")
            if getattr(image, "n_frames", 1) > MAX_FRAMES:
                raise _too_large(f"the picture holds more than {MAX_FRAMES} pages", path)
            for frame in ImageSequence.Iterator(image):
                width, height = frame.size
                if width * height > MAX_PIXELS:
                    raise _too_large(f"the picture holds {width * height:,} pixels, over the limit of {MAX_PIXELS:,}", path)
                if min(width, height) < _SMALLEST:
                    raise ReadError(
                        f"the picture is {width} by {height} pixels, too small for text", where=path, hint="Fetch or scan it again."
                    )
                dpi = frame.info.get("dpi", (0, 0))[0]
                grey = _grey(frame)
                yield media_type, np.asarray(grey), float(dpi) if isinstance(dpi, (int, float)) else 0.0
                if media_type == "image/gif":
                    return  # the rest of a GIF is a moving picture, not pages
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, KeyError, IndexError, struct.error, zlib.error) as error:
        raise broken from error
    except (Image.DecompressionBombError, OverflowError, MemoryError) as error:
        raise _too_large("the picture is too large to be opened", path) from error


def _too_large(what: str, path: str | None) -> ReadError:
    return ReadError(what, where=path, hint="Save it smaller: 200 dots an inch are enough.")


def _grey(frame: Any) -> Any:
    """Return a frame in grey on white, brought down to what is recognised at most."""
    from PIL import Image

    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        white = Image.new("RGBA", frame.size, "white")
        white.alpha_composite(frame)
        frame = white
    if frame.mode.startswith("I") or frame.mode == "F":
        _, high = frame.convert("F").getextrema()
        frame = frame.convert("F").point(lambda value: value * (255.0 / (high or 1.0)))
    grey = frame.convert("L")
    share = math.sqrt(MAX_RENDERED_PIXELS / (grey.width * grey.height))
    if share < 1:
        grey = grey.resize((max(1, int(grey.width * share)), max(1, int(grey.height * share))))
    return grey


def _scale(picture: Any, dpi: float) -> float:
    """Return how many points a pixel is wide: as the picture says, or as if it were an A4 page."""
    height, width = picture.shape
    if 50 <= dpi <= 2400 and 200 <= width * 72 / dpi <= 2000:
        return 72 / dpi
    return float((_PAGE_LENGTH if width > 1.2 * height else _PAGE_WIDTH) / width)


# --- recognition ----------------------------------------------------------------------------------------------


@cache
def _engine() -> Any:
    """Return rapidocr with the models in its package; nothing is downloaded."""
    from rapidocr import EngineType, RapidOCR

    onnx = EngineType.ONNXRUNTIME
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 4000,
            "Det.engine_type": onnx,
            "Cls.engine_type": onnx,
            "Rec.engine_type": onnx,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _sheet(picture: Any, scale: float, number: int) -> Sheet:
    picture, quads = _upright(picture)
    height, width = picture.shape
    found = [line for quad in quads for line in _stacked(quad) if line.characters]
    marks = [mark for line in found if line.score >= _LEAST_SURE for mark in _marks(line, scale)]
    # What is no longer than characters are large may be a stroke of one.
    shortest = max(_SHORTEST_RULE, _RULE_SIZES * median(mark.size for mark in marks)) if marks else _SHORTEST_RULE
    across, down = _rules(picture, scale, shortest)
    marks = [mark for line in _parted(picture, found, down, scale) if line.score >= _LEAST_SURE for mark in _marks(line, scale)]
    return Sheet(number, width * scale, height * scale, marks, across, down)


_Quad = tuple[Any, str, float, Any]  # corners, text, score, characters with their scores and corners


def _upright(picture: Any) -> tuple[Any, list[_Quad]]:
    """Return the picture set upright and level, and what is recognised in it."""
    import cv2

    quads = _read(picture)
    if sum(len(quad[1]) for quad in quads if _is_tall(quad[0])) > _length(quads) / 2:
        picture = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)
        quads = _read(picture)
    if quads and _certainty(quads) < _DOUBTFUL * _length(quads):
        turned = cv2.rotate(picture, cv2.ROTATE_180)
        other = _read(turned)
        if _certainty(other) > _certainty(quads):
            picture, quads = turned, other
    slants = [_slant(quad[0]) for quad in quads if _is_long(quad[0])]
    slant = median(slants) if slants else 0.0
    if _SKEW <= abs(slant) <= 10:
        height, width = picture.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
        picture = cv2.warpAffine(picture, turn, (width, height), borderValue=255)
        quads = [
            (_turned(box, turn), text, score, [(one, sure, _turned(place, turn)) for one, sure, place in characters])
            for box, text, score, characters in quads
        ]
    return picture, quads


def _read(picture: Any) -> list[_Quad]:
    import cv2

    with _LOCK:
        # The engine keeps what a call tells it, so each call says all: lines alone are recognised without detection.
        result = _engine()(
            cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR),
            use_det=True,
            use_cls=False,
            use_rec=True,
            return_word_box=True,
            return_single_char_box=True,
        )
    if result.txts is None:
        return []
    return list(zip(result.boxes, result.txts, result.scores, result.word_results, strict=True))


def _length(quads: list[_Quad]) -> int:
    return sum(len(text) for _, text, _, _ in quads)


def _certainty(quads: list[_Quad]) -> float:
    """Return how many characters were recognised, each counted by how sure that is."""
    return sum(score * len(text) for _, text, score, _ in quads)


def _is_tall(box: Any) -> bool:
    return bool(math.dist(box[0], box[3]) > 1.5 * math.dist(box[0], box[1]))


def _is_long(box: Any) -> bool:
    """Whether a line is long enough for its corners to tell its slant."""
    return bool(math.dist(box[0], box[1]) > 4 * math.dist(box[0], box[3]))


def _slant(box: Any) -> float:
    """Return the slant of a line in degrees, clockwise."""
    (x0, y0), (x1, y1) = box[0], box[1]
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


def _turned(corners: Any, turn: Any) -> list[tuple[float, float]]:
    (a, b, c), (d, e, f) = turn
    return [(a * x + b * y + c, d * x + e * y + f) for x, y in corners]


def _stacked(quad: _Quad) -> list[_Found]:
    """Return a line as it was recognised, one a character where they stand one below the other (单 over 位 in a narrow cell)."""
    box, _, score, _ = quad
    line = _found(*quad)
    count = len(line.characters)
    if count < 2 or not _is_tall(box):
        return [line]
    step = (line.bottom - line.top) / count
    middle, half = (line.left + line.right) / 2, min(step, line.right - line.left) / 2
    return [
        _Found(
            [(one, middle - half, middle + half)],
            line.left,
            line.top + number * step,
            line.right,
            line.top + (number + 1) * step,
            score,
        )
        for number, (one, _, _) in enumerate(line.characters)
    ]


def _found(box: Any, text: str, score: float, characters: Any) -> _Found:
    top, bottom = (box[0][1] + box[1][1]) / 2, (box[2][1] + box[3][1]) / 2
    left, right = min(x for x, _ in box), max(x for x, _ in box)
    placed = [(str(one), min(x for x, _ in place), max(x for x, _ in place)) for one, _, place in characters or ()]
    if "".join(one for one, _, _ in placed) != text.replace(" ", ""):
        # The places do not go with the words: spread these evenly.
        step = (right - left) / max(len(text), 1)
        placed = [(one, left + step * index, left + step * (index + 1)) for index, one in enumerate(text)]
    if set(text) <= {"一"}:
        placed = [("—", *edges) for _, *edges in placed]  # a stroke alone is a dash: numbers stand in digits
    return _Found([one for one in placed if not one[0].isspace()], left, top, right, bottom, float(score))


def _marks(line: _Found, scale: float) -> list[Mark]:
    """Return the characters of a line; their size is the usual step from one Chinese character to the next."""
    height = line.bottom - line.top
    centres = [(one, (left + right) / 2) for one, left, right in line.characters]
    steps = [two[1] - one[1] for one, two in pairwise(centres) if min(one[0], two[0]) >= "\u3400"]
    size = min(max(median(steps), 0.5 * height), height) if len(steps) > 2 else 0.72 * height
    base = (line.top + line.bottom) / 2 + 0.35 * size
    marks: list[Mark] = []
    for character, left, right in line.characters:
        half = size / 2 if character >= "\u2e80" else size / 4
        x0, x1 = ((left + right) / 2 - half) * scale, ((left + right) / 2 + half) * scale
        if marks and x0 - marks[-1].x1 < _PLACE_ERROR * size * scale:
            # Places within a line are rough: only a gap as wide as between columns is one.
            marks[-1] = marks[-1]._replace(x1=x0)
        marks.append(Mark(character, x0, x1, base * scale, size * scale, False, line.score))
    return marks


def _parted(picture: Any, found: list[_Found], down: Sequence[Rule], scale: float) -> Iterator[_Found]:
    """Give the lines, those over which a rule runs down in parts: what stands in two cells was recognised as one."""
    for line in found:
        left, right = line.left, line.right
        margin = 0.4 * (line.bottom - line.top)
        middle = (line.top + line.bottom) / 2 * scale
        cuts = sorted(
            rule.place / scale
            for rule in down
            if left + margin < rule.place / scale < right - margin and rule.start <= middle <= rule.end
        )
        edges = [left, *cuts, right]
        parts = [part for one, two in pairwise(edges) if cuts and (part := _piece(picture, line, one, two))]
        yield from parts or [line]


def _piece(picture: Any, line: _Found, left: float, right: float) -> _Found | None:
    """Return what is recognised in the part of a line between two edges."""
    import cv2

    inside = max(2, int(0.08 * (line.bottom - line.top)))  # without the rules themselves
    x0, x1 = max(0, int(left) + inside), min(picture.shape[1], int(right) - inside)
    y0, y1 = max(0, int(line.top)), min(picture.shape[0], math.ceil(line.bottom))
    if x1 - x0 < 4 or y1 - y0 < 4:
        return None
    crop = cv2.cvtColor(picture[y0:y1, x0:x1], cv2.COLOR_GRAY2BGR)
    with _LOCK:
        result = _engine()(crop, use_det=False, use_cls=False, use_rec=True)
    text = "".join(result.txts or ()).strip()
    if not text:
        return None
    box = [(x0, line.top), (x1, line.top), (x1, line.bottom), (x0, line.bottom)]
    return _found(box, text, min(result.scores), ())


# --- rules ----------------------------------------------------------------------------------------------------


def _rules(picture: Any, scale: float, shortest: float) -> tuple[list[Rule], list[Rule]]:
    """Return the lines drawn across and down the picture that are at least ``shortest``, all in points."""
    import cv2

    dark = cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    length = max(8, int(shortest / scale))
    across = [
        Rule((y + height / 2) * scale, x * scale, (x + width) * scale)
        for x, y, width, height in _strokes(dark, across=length, down=1)
        if height * scale <= _THICKEST_RULE + _STILL_SLANTED * width * scale
    ]
    down = [
        Rule((x + width / 2) * scale, y * scale, (y + height) * scale)
        for x, y, width, height in _strokes(dark, across=1, down=length)
        if width * scale <= _THICKEST_RULE + _STILL_SLANTED * height * scale
    ]
    return across, down


def _strokes(dark: Any, *, across: int, down: int) -> Sequence[tuple[int, int, int, int]]:
    """Return the boxes of what stays of the dark parts when all shorter than ``across`` or ``down`` pixels is taken out."""
    import cv2
    import numpy as np

    # A line that is not quite level is in steps: made thicker, these hang together.
    thicker = cv2.dilate(dark, np.ones((3, 1) if across > 1 else (1, 3), np.uint8))
    kept = cv2.morphologyEx(thicker, cv2.MORPH_OPEN, np.ones((down, across), np.uint8))
    contours, _ = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [cv2.boundingRect(contour) for contour in contours]
