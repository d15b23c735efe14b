"""What readers of every kind write into: lines and tables as they are met, turned into a text with offsets.

A reader of a format with tables in it (Word, old and new) makes a list of :class:`DraftLine` and :class:`DraftTable`;
:func:`write` turns it into the text, its blocks and its grids. One line is a paragraph, a heading, or a row of a
table with tabs between its cells. A table of data becomes a grid; one that only lays out the page, with prose or
other tables in its cells, is unwrapped into the lines of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from govie.records import Block, Cell, Grid, Origin

__all__ = ["EDGE", "MAX_SPAN", "Draft", "DraftCell", "DraftLine", "DraftTable", "RowCell", "is_prose", "write"]

Kind = Literal["line", "heading", "table"]

EDGE = " \t\n\r\f\v\u3000\u00a0\u200b\ufeff\u2002\u2003"
"""What is taken off both ends of a line or cell."""
MAX_SPAN = 60  # wider tables are not reports; HTML itself stops at 1000
_MAX_COLUMNS = 1000  # beyond them merged cells are taken for single ones
_BREAKS = re.compile(r"[\t\n\r\f\v]+")


class DraftLine(NamedTuple):
    """A line of a document on its way: its words and where it stood."""

    text: str
    kind: Kind = "line"
    origin: Origin | None = None


class DraftCell(NamedTuple):
    """A cell of a table on its way: its grid column (from 0), its extent, and what it holds."""

    column: int
    rowspan: int
    colspan: int
    items: Sequence[DraftLine | DraftTable]

    def text(self) -> str:
        """Return the cell's words on one line: its paragraphs joined with nothing between, as in a narrow column."""
        return "".join(
            _BREAKS.sub(" ", item.text.strip(EDGE)) if isinstance(item, DraftLine) else "" for item in self.items
        )


class DraftTable(NamedTuple):
    """A table on its way, row by row; ``number`` counts the tables of the file from 1."""

    number: int
    rows: list[list[DraftCell]]


RowCell = tuple[str, int, int, int | None]
"""A cell as a row of a grid has it: its words, rows and columns it takes up, and its column (None: the next free one)."""


class Draft:
    """Lines and grids of a document in the order they are met."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, Kind, Origin | None]] = []
        self._tables: list[tuple[int, list[tuple[int, int, int, int, int, str]]]] = []

    def __len__(self) -> int:
        return len(self._lines)

    def opening(self, count: int) -> str:
        """Return the first ``count`` lines, joined with nothing between."""
        return "".join(text for text, _, _ in self._lines[:count])

    def line(self, text: str, kind: Kind = "line", origin: Origin | None = None) -> None:
        """Add a line."""
        self._lines.append((text, kind, origin))

    def put_first(self, text: str, kind: Kind) -> None:
        """Put a line before all others."""
        self._lines.insert(0, (text, kind, None))
        self._tables = [(first + 1, cells) for first, cells in self._tables]

    def table(self, rows: Sequence[Sequence[RowCell]], number: int | None = None) -> None:
        """Add a table, one line a row; a table of blanks only is left out. ``number`` is its place in the file, from 1."""
        if not any(cell[0] for row in rows for cell in row):
            return
        first = len(self._lines)
        taken: dict[int, int] = {}  # column: the first row in which it is free again
        cells: list[tuple[int, int, int, int, int, str]] = []
        for index, row in enumerate(rows):
            column = place = 0
            for text, height, width, stated in row:
                if stated is not None and stated > column:
                    column = stated
                while taken and taken.get(column, 0) > index:
                    column += 1
                if column > _MAX_COLUMNS:
                    height = width = 1
                if height > 1:
                    height = min(height, len(rows) - index)
                    for place_taken in range(column, column + width):
                        taken[place_taken] = max(taken.get(place_taken, 0), index + height)
                cells.append((index, column, place, height, width, text))
                place += len(text) + 1
                column += width
            origin = None if number is None else Origin(table=number, row=index + 1)
            self._lines.append(("\t".join([cell[0] for cell in row]), "table", origin))
        self._tables.append((first, cells))

    def assemble(self) -> tuple[str, tuple[Block, ...], tuple[Grid, ...]]:
        """Return the text, its blocks and its grids."""
        starts: list[int] = []
        found: list[Block] = []
        place = 0
        for text, kind, origin in self._lines:
            starts.append(place)
            end = place + len(text)
            found.append(Block(place, end, kind, origin))
            place = end + 1
        blocks = tuple(found)
        grids = []
        for first, cells in self._tables:
            records = tuple(
                [
                    Cell(row, column, (start := starts[first + row] + begin), start + len(text), text, height, width)
                    for row, column, begin, height, width, text in cells
                ]
            )
            last = blocks[first + cells[-1][0]]
            grids.append(Grid(start=starts[first], end=last.end, cells=records))
        return "\n".join([text for text, _, _ in self._lines]), blocks, tuple(grids)


def is_prose(text: str) -> bool:
    """Whether a cell holds running text, so that its table only lays out the page."""
    return len(text) > 60 and text.count("。") >= 3


def write(items: Iterable[DraftLine | DraftTable]) -> tuple[str, tuple[Block, ...], tuple[Grid, ...]]:
    """Return the text, the blocks and the grids of ``items``: blank lines left out, layout tables unwrapped."""
    draft = Draft()
    _write(draft, items, None)
    return draft.assemble()


def _write(draft: Draft, items: Iterable[DraftLine | DraftTable], cell: Origin | None) -> None:
    for item in items:
        if isinstance(item, DraftLine):
            text = item.text.strip(EDGE)
            if text:
                draft.line(text, item.kind, cell or item.origin)
            continue
        rows = _grid_rows(item)
        if rows is not None:
            draft.table(rows, item.number)
            continue
        for index, row in enumerate(item.rows):
            for inner in row:
                _write(draft, inner.items, cell or Origin(table=item.number, row=index + 1))


def _grid_rows(table: DraftTable) -> list[list[RowCell]] | None:
    """Return the cells' words if the table is one of data: two columns or more, no inner table, no prose; else None."""
    if max((len(row) for row in table.rows), default=0) < 2:
        return None
    rows: list[list[RowCell]] = []
    for row in table.rows:
        cells: list[RowCell] = []
        for cell in row:
            text = cell.text()
            if is_prose(text) or any(isinstance(item, DraftTable) for item in cell.items):
                return None
            cells.append((text, cell.rowspan, min(cell.colspan, MAX_SPAN), cell.column))
        rows.append(cells)
    return rows
