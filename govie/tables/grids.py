"""Find the tables of a report: lines of text and HTML grids to :class:`~govie.records.Table`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from govie.records import Cell, Document, Grid, Table
from govie.tables import forms
from govie.tables.lines import Line, Piece, grid_lines, text_lines
from govie.tables.rows import gather_rows
from govie.tables.shapes import form_of, laid_out, shape_of, shown
from govie.tables.stretches import caption_above, family_of, is_continuation, stretches

__all__ = ["find_tables"]


def find_tables(document: Document) -> tuple[Table, ...]:
    """Return the tables of ``document`` in the order of the text.

    ``rows`` hold the body (without header and caption rows) padded to one length; ``cells`` are the cells of the body,
    ``cell.row`` and ``cell.column`` index ``rows``, empty cells included. A label broken over two lines is whole in ``rows``
    and has the span of its first part in ``cells``. Tables of other kinds have format None.
    """
    found: list[Table] = []
    masked = []
    for grid in document.grids:
        tables = _grid_tables(document, grid)
        if tables or all(len(cell.text) <= 200 for cell in grid.cells):
            masked.append((grid.start, grid.end))
        found.extend(tables)
    lines = text_lines(document, masked)
    for first, last in stretches(lines):
        if made := _table(document, lines[first:last], caption_above(lines, first)):
            found.append(made)
    found.sort(key=lambda table: (table.start, table.end))
    return _settle_formats(document, found)


def _grid_tables(document: Document, grid: Grid) -> list[Table]:
    lines = grid_lines(grid)
    cuts = [0]
    values, family = False, ""
    for index, line in enumerate(lines):
        here = family_of(line) if line.kind == "H" else ""
        if index and (line.kind == "C" and cuts[-1] != index or here and values and not is_continuation(family, here)):
            cuts.append(index)
            values, family = False, ""
        family = family or here
        values = values or line.kind in "Rr" and any(forms.cell_kind(p.text) in "ND" for p in line.pieces)
    caption = Piece(grid.start, grid.start, grid.caption) if grid.caption else _caption_before(document, grid.start)
    found: list[Table] = []
    for first, last in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        if made := _table(document, lines[first:last], caption):
            found.append(made)
    if found:
        return found
    other = _other_table(document, grid, lines)
    return [other] if other else []


def _caption_before(document: Document, start: int) -> Piece | None:
    head = document.text[max(0, start - 200) : start]
    offset = max(0, start - 200)
    lines = text_lines(Document(text=head, source=document.source), ())
    piece = caption_above([*lines, Line("H", (), True)], len(lines))
    return Piece(piece.start + offset, piece.end + offset, piece.text) if piece else None


def _other_table(document: Document, grid: Grid, lines: Sequence[Line]) -> Table | None:
    rows = [list(line.pieces) for line in lines]
    if len(rows) < 2 or max(map(len, rows)) < 2 or any(len(cell.text) > 200 for cell in grid.cells):
        return None
    header = tuple(shown(piece.text) for piece in rows[0])
    texts, cells = _body(document.text, rows[1:], len(header))
    return Table(
        format=None, caption=grid.caption, header=header, rows=texts, start=grid.start, end=grid.end, cells=cells
    )


def _table(document: Document, lines: Sequence[Line], caption: Piece | None) -> Table | None:
    shape = shape_of(gather_rows(lines), caption)
    if shape is None:
        return None
    pieces = [piece for line in lines for piece in line.tokens if piece is not None and piece.text]
    start, end = min([p.start for p in pieces]), max([p.end for p in pieces])
    header, body = laid_out(shape)
    body = [[p if p.end <= end else Piece(min(p.start, end), end, p.text) for p in row] for row in body]
    rows, cells = _body(document.text, body, len(header))
    return Table(
        format=form_of(shape),
        caption=shown(shape.caption.text) if shape.caption else None,
        header=header,
        rows=rows,
        start=start,
        end=end,
        cells=cells,
    )


def _settle_formats(document: Document, found: Sequence[Table]) -> tuple[Table, ...]:
    """Give tables whose own words leave the format open that of the report's other tables."""
    told = [table.format for table in found if table.format in ("2019", "2021")]
    if told:
        usual = max(set(told), key=told.count)
    else:
        years = re.findall(r"20(?:19|20)(?=年)", document.text[:600])
        later = re.findall(r"202[1-9](?=年)", document.text[:600])
        usual = "2019" if len(years) > len(later) else "2021"
    return tuple(structs.replace(table, format=usual) if table.format == "" else table for table in found)


def _body(
    text: str, rows: Sequence[Sequence[Piece]], width: int
) -> tuple[tuple[tuple[str, ...], ...], tuple[Cell, ...]]:
    width = max([width, *map(len, rows)])
    texts = [tuple([shown(p.text) if "\n" in p.text else p.text for p in row]) + ("",) * (width - len(row)) for row in rows]
    cells = [
        Cell(index, column, start, end, text[start:end])
        for index, row in enumerate(rows)
        for column, (start, end, _) in enumerate(row)
    ]
    return tuple(texts), tuple(cells)
