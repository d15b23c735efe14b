"""The lines of pages to paragraphs, without what is printed on every page.

Read this first. :func:`without_furniture` drops page numbers and running titles; :func:`paragraphs` joins lines of one
paragraph. A line goes on in the next if the next one's first word would not have fitted on it, and the next is neither set
in, nor of another size, nor further down than lines are, nor begins as a heading does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from govie.readers.layout import Line, TablePart

__all__ = ["Paragraph", "paragraphs", "without_furniture"]

_HEAD_ZONE, _FOOT_ZONE = 0.13, 0.87  # shares of the page's height, where running titles and page numbers stand
_APART = 2.4  # times the type's size: the space between the text and a page number
_INDENT = 1.2  # of the type's size: a first line set in
_SLACK = 0.35  # of the type's size that a full line may fall short by
_WIDER = 1.4  # times the usual distance of lines: space between paragraphs
_OTHER_SIZE = 0.12
_LARGER = 1.15  # times the usual size: a heading
_LONGEST_HEADING = 50

_NUMBER = r"(?:\d{1,4}|[IVXivx]{1,6})"
_PAGE_NUMBER = re.compile(
    rf"{_NUMBER}|[-—–―－~·•]+\s*{_NUMBER}\s*[-—–―－~·•]+|(?:第\s*)?{_NUMBER}\s*页?\s*[,，/／]\s*共?\s*{_NUMBER}\s*页?"
    rf"|第\s*(?:{_NUMBER}|[一二三四五六七八九十百]{{1,5}})\s*页(?:\s*[,，/／]?\s*共\s*(?:{_NUMBER}|[一二三四五六七八九十百]{{1,5}})\s*页)?"
    rf"|Page\s*{_NUMBER}(?:\s*of\s*{_NUMBER})?"
)
_PRINTED_AT = re.compile(
    r"(?:\d{2,4}[-/.]\d{1,2}[-/.]\d{1,4},?\s*(?:[上下]午)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AP]M)?)\s*(.*)"
)
_ADDRESS_LINE = re.compile(r"(?:file|https?)://\S+(?:\s+\d+\s*/\s*\d+)?")
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章)|[一二三四五六七八九十]{1,3}\s*[、．.]"
    r"|[（(][一二三四五六七八九十]{1,3}[)）](?![项款条])|\d{1,2}\s*[、．](?!\d)"
)
_SENTENCE_END = re.compile(r"[。！？；：…!?;:”’）)》】]\s*$")
_OPENING = "（(《〈“‘【〔「『［"
_CLOSING = "，。、；：？！）)》〉”’】〕」』］％%,.;:!?·…"
_WORD = re.compile(r"[A-Za-z0-9.,:/%@_-]")


class Paragraph(NamedTuple):
    """A paragraph: its lines joined, the page it begins on, whether it is set as a heading is, its confidence."""

    text: str
    page: int
    heading: bool
    confidence: float | None


_Item = Line | TablePart


# --- what is printed on every page ----------------------------------------------------------------------------


class _Edge(NamedTuple):
    """A line at the upper or lower end of a page; ``place`` is its number among the page's items.

    ``apart`` says that more space than between lines parts it from what stands next to it.
    """

    page: int
    place: int
    line: Line
    apart: bool


def without_furniture(pages: Sequence[tuple[float, list[_Item]]]) -> tuple[list[list[_Item]], list[str]]:
    """Return the items of each page without page numbers and running titles, and the words of the latter.

    ``pages`` are heights and items.
    """
    edges = [edge for number, (height, items) in enumerate(pages) for edge in _edges(number, height, items)]
    seen = Counter((_shape(edge.line), round(edge.line.base / 6)) for edge in edges)
    often = max(2, len(pages) / 2) if len(pages) < 6 else max(3, len(pages) / 4)
    # A number alone is a page's only where those of other pages count with it.
    counts = Counter(_offset(edge) for edge in edges if edge.apart)
    enough = 1 if len(pages) <= 2 and counts[1] else max(2, len(pages) / 3)
    dropped: dict[int, set[int]] = {}
    titles: list[str] = []
    for edge in edges:
        text = edge.line.text.strip()
        repeated = len(text) > 1 and not text.isdigit() and seen[_shape(edge.line), round(edge.line.base / 6)] >= often
        numbered = _PAGE_NUMBER.fullmatch(text) and (not text.isdigit() or counts[_offset(edge)] >= enough > 0 <= _offset(edge))
        if repeated or numbered or _PRINTED_AT.fullmatch(text) or _ADDRESS_LINE.fullmatch(text):
            dropped.setdefault(edge.page, set()).add(edge.place)
            printed = _PRINTED_AT.fullmatch(text)
            titles.append(printed[1].strip() if printed else text)
    kept = [
        [item for index, item in enumerate(items) if index not in dropped.get(number, ())]
        for number, (_, items) in enumerate(pages)
    ]
    return kept, titles


def _edges(number: int, height: float, items: list[_Item]) -> Iterator[_Edge]:
    """The lines at the ends of a page, up to two each, as long as they lie in the zone for such lines."""
    head = [index for index, item in enumerate(items[:2]) if item.base <= _HEAD_ZONE * height]
    last = range(max(len(items) - 2, 0), len(items))
    foot = [index for index in last if items[index].base >= _FOOT_ZONE * height and index not in head]
    for index in [*head, *foot]:
        item = items[index]
        if not isinstance(item, Line):
            continue
        inner = index + 1 if index in head else index - 1
        apart = True
        if 0 <= inner < len(items):
            neighbour = items[inner]
            end = neighbour.base if isinstance(neighbour, Line) or index in head else neighbour.lattice.ys[-1]
            apart = abs(end - item.base) > _APART * item.size
        yield _Edge(number, index, item, apart)


def _offset(edge: _Edge) -> int:
    """Return by how much a number alone on its line differs from the page's place in the file."""
    text = edge.line.text.strip()
    return int(text[:6]) - edge.page if text.isdigit() and text.strip("0") else -1


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


# --- paragraphs -----------------------------------------------------------------------------------------------


class _Measures(NamedTuple):
    """What is usual in the document: the distance of lines, the size of type, and each column's edges of text."""

    pitch: float
    size: float
    edges: dict[tuple[int, int], tuple[float, float]]


def paragraphs(items: Sequence[_Item]) -> list[Paragraph | TablePart]:
    """Return the lines joined to paragraphs, tables in their places; a table ends a paragraph."""
    measures = _measures([item for item in items if isinstance(item, Line)])
    rows = _rows(items)
    found: list[Paragraph | TablePart] = []
    group: list[Line] = []
    for index, item in enumerate(items):
        if not isinstance(item, Line) or index in rows:
            _finish(found, group, measures)
            group = []
            found.append(rows[index] if isinstance(item, Line) else item)
            continue
        if group and not _goes_on(group, item, measures):
            _finish(found, group, measures)
            group = []
        group.append(item)
    _finish(found, group, measures)
    return found


def _measures(lines: list[Line]) -> _Measures:
    columns: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        columns.setdefault(_column(line), []).append(line)
    edges = {column: _text_edges(members) for column, members in columns.items()}
    gaps, sizes = [], []
    for one, two in pairwise(lines):
        sizes.append(one.size)
        if one.page == two.page and 0 < two.base - one.base < 4 * one.size and _is_full(one, two, *edges[_column(one)]):
            gaps.append((two.base - one.base) / one.size)
    return _Measures(median(gaps) if gaps else 1.8, median(sizes) if sizes else 10.0, edges)


def _column(line: Line) -> tuple[int, int]:
    return round(line.left), round(line.right)


def _text_edges(lines: list[Line]) -> tuple[float, float]:
    """Return the left and right edge of the text: what nearly all lines keep to."""
    lefts, rights = sorted(line.x0 for line in lines), sorted((line.x1 for line in lines), reverse=True)
    out = min(len(lines) // 20, 10)
    size = median(line.size for line in lines)
    left, right = lefts[min(out, len(lefts) - 1)], rights[min(out, len(rights) - 1)]
    # Text of short lines only does not reach its edge: margins are as a rule alike on both sides.
    mirrored = lines[0].right - (left - lines[0].left)
    if right < mirrored - 3 * size:
        right = mirrored - size
    return left, right


def _goes_on(group: list[Line], line: Line, measures: _Measures) -> bool:
    last = group[-1]
    if _column(last) != _column(line) and last.page == line.page and line.base > last.base:
        return False
    left = measures.edges[_column(line)][0]
    edges = measures.edges[_column(last)]
    if abs(last.size - line.size) > _OTHER_SIZE * max(last.size, line.size) or last.heading != line.heading:
        return False
    if last.columns > 1 and not _is_full(last, line, *edges):
        return False
    if last.page == line.page and line.base - last.base > _WIDER * measures.pitch * last.size:
        return False
    if not _is_full(last, line, *edges):
        return False
    text, before = line.pieces[0].text, last.pieces[-1].text
    ended = _SENTENCE_END.search(before) is not None
    if _NUMBERED.match(text) and (ended or line.x0 > left + _INDENT * line.size):
        return False
    if line.x0 > left + _INDENT * line.size:
        if _is_centred(line, *measures.edges[_column(line)]) and (
            _is_centred(last, *edges) or line.size >= _LARGER * measures.size
        ):
            return True  # a title over several lines
        return len(group) > 1 and not ended and abs(line.x0 - last.x0) < 0.5 * line.size
    return True


def _is_centred(line: Line, left: float, right: float) -> bool:
    before, behind = line.x0 - left, right - line.x1
    off = min(abs(before - behind), abs(line.x0 - line.left - (line.right - line.x1)))
    return before > 0.2 * line.size and off < 0.6 * line.size


def _is_full(line: Line, following: Line, left: float, right: float) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    room = right - line.x1
    if _is_centred(line, left, right) and _is_centred(following, left, right):
        room += line.x0 - left
    return room < _first_word(following) + _SLACK * line.size


def _first_word(line: Line) -> float:
    """Return how wide the part of a line is that cannot be parted: a number, a Latin word, a character and its signs."""
    piece = line.pieces[0]
    text = piece.text
    count = 0
    while count < len(text) and text[count] in _OPENING:
        count += 1
    if count < len(text) and _WORD.match(text[count]):
        while count < len(text) and _WORD.match(text[count]):
            count += 1
    else:
        count += 1
    while count < len(text) and text[count] in _CLOSING:
        count += 1
    wide = sum(0.5 if character.isascii() else 1.0 for character in text[:count])
    return wide * line.size


def _finish(found: list[Paragraph | TablePart], group: list[Line], measures: _Measures) -> None:
    if not group:
        return
    text = ""
    for line in group:
        words = line.text.strip()
        between = " " if text and re.search(r"[A-Za-z,.]$", text) and re.match(r"[A-Za-z]", words) else ""
        text += between + words
    confidences = [line.confidence for line in group if line.confidence is not None]
    first = group[0]
    heading = len(text) <= _LONGEST_HEADING and (first.heading or first.size >= _LARGER * measures.size)
    found.append(Paragraph(text, first.page, heading, min(confidences, default=None)))


# --- columns without rules ------------------------------------------------------------------------------------


def _rows(items: Sequence[_Item]) -> dict[int, Paragraph]:
    """Return the rows of tables without rules, by the numbers of their lines: neighbours cut at the same places."""
    found: dict[int, Paragraph] = {}
    run: list[tuple[int, Line]] = []
    for index, item in enumerate([*items, None]):
        if isinstance(item, Line) and item.columns > 1 and (not run or _cut_alike(run[-1][1], item)):
            run.append((index, item))
            continue
        if len(run) > 1:
            cuts = _cuts([line for _, line in run])
            found |= {number: _row(line, cuts) for number, line in run}
        run = [(index, item)] if isinstance(item, Line) and item.columns > 1 else []
    return found


def _cut_alike(one: Line, two: Line) -> bool:
    """Whether a wide gap of one line lies over one of the other."""
    if one.page != two.page or _column(one) != _column(two):
        return False
    others = _gaps(two, wide=True)
    return any(low < right and left < high for low, high in _gaps(one, wide=True) for left, right in others)


def _gaps(line: Line, *, wide: bool) -> list[tuple[float, float]]:
    return [(one.x1, two.x0) for one, two in pairwise(line.pieces) if two.apart or not wide]


def _cuts(lines: list[Line]) -> list[float]:
    """Return the places at which all the lines have a gap: those where columns meet."""
    free = _gaps(max(lines, key=lambda line: len(line.pieces)), wide=False)
    for line in lines:
        gaps = [(-1e6, line.x0), *_gaps(line, wide=False), (line.x1, 1e6)]
        both = ((max(low, left), min(high, right)) for low, high in free for left, right in gaps)
        free = [(low, high) for low, high in both if low < high]
    return sorted({(low + high) / 2 for low, high in free})


def _row(line: Line, cuts: list[float]) -> Paragraph:
    cells = [""] * (len(cuts) + 1)
    for piece in line.pieces:
        column = bisect_right(cuts, piece.x0)
        cells[column] += (" " if cells[column] else "") + piece.text
    return Paragraph("\t".join(cells), line.page, False, line.confidence)
