"""Paragraphs and tables to the text of a document, with its blocks and grids."""

from __future__ import annotations

from collections.abc import Sequence

from govie.readers.layout import TablePart
from govie.readers.paragraphs import Paragraph
from govie.readers.stitching import WholeRow, WholeTable, stitched
from govie.records import Block, Cell, Grid, Origin

__all__ = ["assembled"]


class _Text:
    """The text as it grows, one line after the other."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []

    def add(self, line: str, block: Block) -> int:
        """Add a line and return where it starts; ``block`` tells all but its place."""
        start = self.length
        self.lines.append(line)
        self.length += len(line) + 1
        self.blocks.append(
            Block(start, start + len(line), block.kind, origin=block.origin, confidence=block.confidence)
        )
        return start


def assembled(items: Sequence[Paragraph | TablePart]) -> tuple[str, tuple[Block, ...], tuple[Grid, ...]]:
    """Return the text, one paragraph or row of a table a line, its blocks and its grids."""
    text = _Text()
    parts: list[TablePart] = []
    number = 0
    for item in [*items, None]:
        if isinstance(item, TablePart):
            parts.append(item)
            continue
        for table in stitched(parts):
            number += 1
            _add_table(text, table, number)
        parts = []
        if item is not None:
            kind = "heading" if item.heading else "line"
            text.add(item.text, Block(0, 0, kind, origin=Origin(page=item.page), confidence=item.confidence))  # type: ignore[arg-type]
    return "\n".join(text.lines), tuple(text.blocks), tuple(text.grids)


def _add_table(text: _Text, table: WholeTable, number: int) -> None:
    cells: list[Cell] = []
    first = text.length
    rows = [row for row in table.rows if row.cells]
    for index, row in enumerate(rows):
        row.cells.sort(key=lambda cell: cell.column)
        origin = Origin(page=row.page, table=number, row=index + 1)
        block = Block(0, 0, "table", origin=origin, confidence=_confidence(row))
        place = text.add("\t".join(cell.text for cell in row.cells), block)
        for cell in row.cells:
            end = place + len(cell.text)
            rowspan = min(cell.rowspan, len(rows) - index)
            cells.append(Cell(index, cell.column, place, end, cell.text, rowspan, cell.colspan))
            place = end + 1
    text.grids.append(Grid(start=first, end=text.length - 1, cells=tuple(cells)))


def _confidence(row: WholeRow) -> float | None:
    return min((cell.confidence for cell in row.cells if cell.confidence is not None), default=None)
