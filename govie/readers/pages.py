"""The characters of a page to lines, and those within drawn tables to cells.

Read this first. :func:`contents` takes a :class:`~govie.readers.layout.Sheet` and returns what stands on it in reading order:
first the characters within the rules of a table go to its cells, then the rest becomes lines by baseline, cut into pieces at
wide gaps. A "table" with prose in a cell is only layout: its cells are read one after the other. A page set in two columns is
read column by column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from govie.readers.layout import Lattice, Line, Mark, Piece, Sheet, TablePart
from govie.readers.ruled import find_lattices

__all__ = ["contents"]

_SAME_LINE = 0.45  # of the type's size: baselines this near are one line
_BLANK = 0.2  # of the type's size: a blank
# Word and LibreOffice leave up to a quarter between Chinese and digits everywhere: then a blank is wider.
_SPACED_BLANK, _SPACED, _SPACED_SHARE = 0.4, 0.12, 0.7
_FIRST_CHARACTER = "\u3400"
_FIRST_WIDE = "\u2e80"  # from here on characters are as wide as they are high
_GAP = 0.45  # of the type's size: another piece, a column where many lines have it
_WIDE_GAP = 1.6  # of the type's size: another column
_TWICE = 0.4  # of a character's width: the same one this near was printed twice to look bold
_ROOM = 1.6  # of the type's size: a line that ends this near the cell's edge goes on in the next
_PROSE_CELL = 60  # characters; with three sentences more, a cell of prose
_COLUMN_CHARACTERS = 10  # a column of prose is at least this many characters wide
_COLUMN_LINES = 8

_DASHES = "—－-…"  # one sign of the font may stand for two of these
_LATIN = re.compile(r"[A-Za-z]")


def contents(sheet: Sheet) -> list[Line | TablePart]:
    """Return the lines and tables of a page in reading order."""
    mixed = _mixed_blank(sheet.marks)
    tables, rest = _tables(sheet, mixed)
    # What stays together, and the height it begins at: a line, a table, all cells of a table for layout.
    blocks: list[tuple[float, list[Line | TablePart]]] = []
    for lattice, cells in tables:
        held: list[Line | TablePart]
        held = _cells_as_lines(lattice, cells) if _is_layout(cells) else [_part(sheet.number, lattice, cells)]
        blocks.append((lattice.ys[0], held))
    lines = _in_columns(lines_of(rest, sheet.number, 0.0, sheet.width, mixed), sheet)
    if not blocks:
        return list(lines)
    blocks.extend((line.base, [line]) for line in lines)
    return [item for _, held in sorted(blocks, key=_by_height) for item in held]


def _by_height(block: tuple[float, list[Line | TablePart]]) -> float:
    return block[0]


def lines_of(marks: Sequence[Mark], page: int, left: float, right: float, mixed: float = _BLANK) -> list[Line]:
    """Return the characters as lines from top to bottom; ``mixed`` as in :func:`_is_blank`."""
    found: list[Line] = []
    row: list[Mark] = []
    for mark in sorted(marks, key=_by_base):
        if row and mark.base - row[-1].base > _SAME_LINE * min(mark.size, row[-1].size):
            _add_line(found, row, page, left, right, mixed)
            row = []
        row.append(mark)
    _add_line(found, row, page, left, right, mixed)
    return found


def _by_base(mark: Mark) -> float:
    return mark.base


def _by_left(mark: Mark) -> float:
    return mark.x0


def _add_line(found: list[Line], row: list[Mark], page: int, left: float, right: float, mixed: float) -> None:
    row.sort(key=_by_left)
    pieces: list[Piece] = []
    letters: list[str] = []
    first = last = None
    blank = apart = False
    spread = _spread(row)
    for mark in row:
        text = mark.text
        if text == " ":
            blank = True
            continue
        if last is not None:
            if text == last.text and mark.x0 - last.x0 < _TWICE * (last.x1 - last.x0) and text not in _DASHES:
                continue
            gap = mark.x0 - last.x1
            if gap > _GAP * mark.size + spread:
                assert first is not None
                pieces.append(Piece("".join(letters), first.x0, last.x1, apart))
                letters = []
                first, apart = None, gap > _WIDE_GAP * mark.size
            elif blank or (gap > _BLANK * mark.size and _is_blank(gap, last, mark, spread, mixed)):
                letters.append(" ")
        blank = False
        first = first or mark
        letters.append(text)
        last = mark
    if first is None or last is None:
        return
    pieces.append(Piece("".join(letters), first.x0, last.x1, apart))
    sizes = sorted(mark.size for mark in row)
    size = sizes[len(sizes) // 2]
    confidence = min((mark.confidence for mark in row if mark.confidence is not None), default=None)
    found.append(Line(page, tuple(pieces), last.base, size, left, right, row[0].bold and last.bold, confidence))


def _is_blank(gap: float, last: Mark, mark: Mark, spread: float, mixed: float) -> bool:
    """Whether a gap is a blank; ``mixed`` is the share of the type's size it must have between Chinese and digits."""
    before, after = last.text >= _FIRST_WIDE, mark.text >= _FIRST_WIDE
    share = mixed if before != after and last.text.isalnum() and mark.text.isalnum() else _BLANK
    return gap > share * mark.size + (spread if before or after else 0.0)


def _mixed_blank(marks: Sequence[Mark]) -> float:
    """Return the share of the type's size that a gap between Chinese and digits must have to be a blank."""
    # Characters that touch and, of these, those spaced: of digits before Chinese, and of Chinese before digits.
    touching, spaced = [0, 0], [0, 0]
    for one, two in pairwise(marks):
        before = one.text >= _FIRST_CHARACTER
        if before != (two.text >= _FIRST_CHARACTER) and one.base == two.base and one.text.isalnum() and two.text.isalnum():
            gap = two.x0 - one.x1
            if gap < 0.6 * one.size:
                touching[before] += 1
                spaced[before] += gap > _SPACED * one.size
    everywhere = all(touched and some > _SPACED_SHARE * touched for touched, some in zip(touching, spaced, strict=True))
    return _SPACED_BLANK if everywhere else _BLANK


def _spread(row: list[Mark]) -> float:
    """Return the usual gap between the Chinese characters of a line: justified lines are spread."""
    gaps = sorted(
        two.x0 - one.x1 for one, two in pairwise(row) if one.text >= _FIRST_WIDE and two.text >= _FIRST_WIDE
    )
    return max(0.0, gaps[len(gaps) // 2]) if len(gaps) > 3 else 0.0


# --- tables ---------------------------------------------------------------------------------------------------

_Cells = list[list[Line]]  # the lines of each box of a lattice


def _tables(sheet: Sheet, mixed: float) -> tuple[list[tuple[Lattice, _Cells]], list[Mark]]:
    """Return the tables with the lines of their cells, and the characters outside all of them."""
    lattices = find_lattices(sheet.across, sheet.down)
    found = []
    rest = list(sheet.marks)
    # The smallest first: a table within a frame takes its characters before the frame does.
    for lattice in sorted(lattices, key=_area):
        held, others = _held(lattice, rest)
        cells = [
            lines_of(marks, sheet.number, lattice.xs[box.column], lattice.xs[box.column + box.colspan], mixed)
            for box, marks in zip(lattice.boxes, held, strict=True)
        ]
        if any(cells):
            found.append((lattice, cells))
            rest = others
    return found, rest


def _area(lattice: Lattice) -> float:
    return (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0])


def _held(lattice: Lattice, marks: list[Mark]) -> tuple[list[list[Mark]], list[Mark]]:
    """Return the characters of each box, and those outside the lattice."""
    xs, ys = lattice.xs, lattice.ys
    owner: dict[tuple[int, int], int] = {}
    for number, box in enumerate(lattice.boxes):
        for row in range(box.row, box.row + box.rowspan):
            for column in range(box.column, box.column + box.colspan):
                owner[row, column] = number
    held: list[list[Mark]] = [[] for _ in lattice.boxes]
    others = []
    top, bottom, left, right = ys[0], ys[-1], xs[0], xs[-1]
    for mark in marks:
        y = mark.base - 0.35 * mark.size
        # The left half of a character: what is set too wide for its cell sticks out to the right.
        x = mark.x0 + min(0.5 * (mark.x1 - mark.x0), 0.5 * mark.size)
        if top < y < bottom and left < x < right:
            box_number = owner.get((bisect_right(ys, y) - 1, bisect_right(xs, x) - 1))
            if box_number is not None:
                held[box_number].append(mark)
                continue
        others.append(mark)
    return held, others


def _is_layout(cells: _Cells) -> bool:
    for lines in cells:
        text = "".join([line.text for line in lines])
        if len(text) > _PROSE_CELL and text.count("。") >= 3:
            return True
    return False


def _cells_as_lines(lattice: Lattice, cells: _Cells) -> list[Line | TablePart]:
    return [line for _, lines in sorted(zip(lattice.boxes, cells, strict=True), key=lambda pair: pair[0]) for line in lines]


def _part(page: int, lattice: Lattice, cells: _Cells) -> TablePart:
    confidences = tuple(
        min((line.confidence for line in lines if line.confidence is not None), default=None) for lines in cells
    )
    full = tuple(bool(lines) and lines[-1].right - lines[-1].x1 <= _ROOM * lines[-1].size for lines in cells)
    return TablePart(page, lattice, tuple(map(_cell_text, cells)), confidences, full)


def _cell_text(lines: list[Line]) -> str:
    """Return the words of a cell on one line: Chinese joined with nothing between, Latin words with a blank."""
    text = ""
    for line in lines:
        words = " ".join(piece.text for piece in line.pieces)
        between = " " if text and _LATIN.match(text[-1]) and _LATIN.match(words) else ""
        text += between + words
    return text


# --- two columns ----------------------------------------------------------------------------------------------


def _in_columns(lines: list[Line], sheet: Sheet) -> list[Line]:
    """Return the lines of a page set in two columns column by column, those of any other page as they are."""
    split = [halves for line in lines if line.columns == 2 and (halves := _halves(line))]
    if len(split) < _COLUMN_LINES:
        return lines
    gutter = _gutter(split, sheet.width)
    if gutter is None:
        return lines
    left, right = gutter
    first = min(line.base for line, _, _ in split)
    crossing = [line for line in lines if any(piece.x0 < left - 1 and piece.x1 > right + 1 for piece in line.pieces)]
    if any(line.base > first for line in crossing):
        return lines
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        if line.base < first:
            continue
        for number, bounds in enumerate(((line.left, left), (right, line.right))):
            pieces = [piece for piece in line.pieces if (piece.x0 >= right - 1) == bool(number)]
            if pieces:
                pieces[0] = pieces[0]._replace(apart=False)
                columns[number].append(line._replace(pieces=tuple(pieces), left=bounds[0], right=bounds[1]))
    return [*(line for line in lines if line.base < first), *columns[0], *columns[1]]


def _halves(line: Line) -> tuple[Line, list[Piece], list[Piece]] | None:
    """Return the pieces before and behind the wide gap of a line, if both are as long as prose in columns."""
    cut = next(index for index, piece in enumerate(line.pieces) if piece.apart)
    halves = list(line.pieces[:cut]), list(line.pieces[cut:])
    if min(sum(len(piece.text) for piece in half) for half in halves) < _COLUMN_CHARACTERS:
        return None
    return line, *halves


def _gutter(split: list[tuple[Line, list[Piece], list[Piece]]], width: float) -> tuple[float, float] | None:
    """Return the edges of the empty strip between two columns of prose."""
    left, right = max(before[-1].x1 for _, before, _ in split), min(behind[0].x0 for _, _, behind in split)
    if left >= right or not 0.35 * width < (left + right) / 2 < 0.65 * width:
        return None
    return left, right
