"""Tables cut by page breaks made one again, row by row.

A part goes on with the table before it if nothing but the page break stands between and its columns are the same. A header
printed again is dropped; a row cut by the break is joined where its cells go on; a cell over several rows goes on over the
break. Rules of a browser's print are left open where a row is cut, those of Word and LibreOffice are closed: there the
words decide (:func:`_is_cut`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from govie.readers.layout import Lattice, TablePart

__all__ = ["WholeCell", "WholeRow", "WholeTable", "stitched"]

_SAME_EDGE = 5.0  # points that edges of columns may differ between pages
_MOST_HEADER_ROWS = 5
_NUMBER = re.compile(r"[\d.,，%％+\-−—–/\s]*")
_ROW_START = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、．.]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}\s*[、．.]|其中|第[一二三四五六七八九十]+(?:部分|章|条|款|项)"
)
_OPENERS, _CLOSERS = "（(《“【", "）)》”】"


@dataclass
class WholeCell:
    """A cell of a whole table; ``full`` says that its last line reaches the cell's right edge."""

    column: int
    rowspan: int
    colspan: int
    text: str
    confidence: float | None
    full: bool


@dataclass
class WholeRow:
    """The cells that begin in one row, and the page the row begins on."""

    page: int
    cells: list[WholeCell] = field(default_factory=list)


@dataclass
class WholeTable:
    """A table with the rows of all its parts."""

    rows: list[WholeRow]
    edges: tuple[float, ...]
    page: int
    open_bottom: bool


def stitched(parts: Sequence[TablePart]) -> list[WholeTable]:
    """Return the tables of parts between which nothing else stands."""
    tables: list[WholeTable] = []
    for part in parts:
        last = tables[-1] if tables else None
        if last is not None and part.page == last.page + 1 and (table := _fitted(part, last)) is not None:
            _append(last, table, part.lattice.open_top)
        else:
            tables.append(_whole(part, part.lattice.xs))
    return tables


def _whole(part: TablePart, edges: Sequence[float]) -> WholeTable:
    """Return the part as a table with columns at ``edges``."""
    lattice = part.lattice
    place = [_index(edges, x) for x in lattice.xs]
    rows = [WholeRow(part.page) for _ in range(len(lattice.ys) - 1)]
    for box, text, confidence, full in zip(lattice.boxes, part.texts, part.confidences, part.full, strict=True):
        first, last = place[box.column], place[box.column + box.colspan]
        rows[box.row].cells.append(WholeCell(first, box.rowspan, last - first, text, confidence, full))
    return WholeTable(rows, tuple(edges), part.page, lattice.open_bottom)


def _index(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - x))


def _fitted(part: TablePart, table: WholeTable) -> WholeTable | None:
    """Return the part with the columns of ``table``; None if they are not the same.

    Where one page draws fewer of the columns, as all its rows run over some, those of the other are taken. Pages may be
    shifted against each other (margins of a book).
    """
    moved = _moved(part.lattice, table.edges[0] - part.lattice.xs[0])
    here, there = moved.xs, table.edges
    if abs(here[-1] - there[-1]) > _SAME_EDGE:
        return None
    if len(here) == len(there) and all(abs(one - two) <= _SAME_EDGE for one, two in zip(here, there, strict=True)):
        return _whole(part._replace(lattice=moved), there)
    if _within(here, there):
        return _whole(part._replace(lattice=moved), there)
    if _within(there, here):
        place = [_index(here, x) for x in there]
        for row in table.rows:
            for cell in row.cells:
                first, last = place[cell.column], place[cell.column + cell.colspan]
                cell.column, cell.colspan = first, last - first
        table.edges = here
        return _whole(part._replace(lattice=moved), here)
    return None


def _moved(lattice: Lattice, by: float) -> Lattice:
    return lattice._replace(xs=tuple(x + by for x in lattice.xs))


def _within(few: Sequence[float], many: Sequence[float]) -> bool:
    return len(few) < len(many) and all(any(abs(one - other) <= _SAME_EDGE for other in many) for one in few)


def _append(table: WholeTable, more: WholeTable, open_top: bool) -> None:
    rows = more.rows[_repeated(table.rows, more.rows) :]
    table.page = more.page
    if rows and len(rows) < len(more.rows):
        open_top = False  # what was open belonged to the header
    if rows:
        _join(table.rows, rows, open_top or table.open_bottom)
    table.open_bottom = more.open_bottom


def _repeated(rows: Sequence[WholeRow], more: Sequence[WholeRow]) -> int:
    """Return how many rows at the start of ``more`` are the table's header printed again."""
    count = 0
    for one, two in zip(rows[:_MOST_HEADER_ROWS], more, strict=False):
        words = [cell.text for cell in one.cells]
        if words != [cell.text for cell in two.cells] or not any(words) or all(map(_NUMBER.fullmatch, words)):
            break
        count += 1
    return count


def _join(rows: list[WholeRow], more: list[WholeRow], is_open: bool) -> None:
    above = {(cell.column, cell.colspan): cell for cell in _lowest(rows)}
    below = {(cell.column, cell.colspan): cell for cell in more[0].cells}
    pairs = [(above[place], below[place]) for place in below if place in above]
    if len(pairs) == len(below) == len(above) and (is_open or _is_cut(pairs)):
        for one, two in pairs:
            one.text, one.full = one.text + two.text, two.full or (one.full and not two.text)
            one.confidence = min((c for c in (one.confidence, two.confidence) if c is not None), default=None)
            one.rowspan += two.rowspan - 1
        rows.extend(more[1:])
        return
    for one, two in pairs:
        if not two.text and two.colspan == one.colspan and max(one.rowspan, two.rowspan) > 1 and len(pairs) > 1:
            one.rowspan += two.rowspan
            more[0].cells.remove(two)
    rows.extend(more)


def _lowest(rows: Sequence[WholeRow]) -> Iterable[WholeCell]:
    """The cells that reach the last row."""
    for number, row in enumerate(rows):
        for cell in row.cells:
            if number + cell.rowspan >= len(rows):
                yield cell


def _is_cut(pairs: Sequence[tuple[WholeCell, WholeCell]]) -> bool:
    """Whether the words say that two rows are one: what stands below completes what stands above."""
    both = [(one, two) for one, two in pairs if one.text and two.text]
    alone = [(one, two) for one, two in pairs if bool(one.text) != bool(two.text)]
    if not alone or not any(two.text for _, two in pairs):
        return False
    if both:
        return all(_goes_on(one, two) for one, two in both)
    # Nothing stands in both: a label above, its numbers below.
    first = pairs[0]
    return bool(first[0].text) and sum(1 for one, _ in pairs if one.text) == 1 and len(alone) == len(pairs)


def _goes_on(one: WholeCell, two: WholeCell) -> bool:
    if _NUMBER.fullmatch(one.text) or _NUMBER.fullmatch(two.text):
        return False
    if sum(map(one.text.count, _OPENERS)) > sum(map(one.text.count, _CLOSERS)):
        return True
    return one.full and _ROW_START.match(two.text) is None
