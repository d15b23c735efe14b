"""What a page holds before it is text: characters with their places, rules, and the lines and tables made of them.

All places are in points (1/72 inch) from the upper left corner of the page as it is read, y downward. Pages of PDFs and
recognised pictures come as the same :class:`Sheet`, so that lines, paragraphs and tables are found in one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Box", "Lattice", "Line", "Mark", "Piece", "Rule", "Sheet", "TablePart"]


class Mark(NamedTuple):
    """A character: its left and right edge, its baseline, the size of its type; ``confidence`` where it was recognised."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    confidence: float | None = None

    @property
    def middle(self) -> float:
        """The height of the middle of the character."""
        return self.base - 0.35 * self.size


class Rule(NamedTuple):
    """A drawn line, across or down the page: its place on the other axis, where it begins and ends."""

    place: float
    start: float
    end: float


class Sheet(NamedTuple):
    """One page: its number from 1, its size, its characters and the rules drawn across and down."""

    number: int
    width: float
    height: float
    marks: Sequence[Mark]
    across: Sequence[Rule] = ()
    down: Sequence[Rule] = ()


class Box(NamedTuple):
    """A cell of a lattice: its row and column, from 0, and how many of them it takes up."""

    row: int
    column: int
    rowspan: int
    colspan: int


class Lattice(NamedTuple):
    """The cells that rules make: ``xs`` and ``ys`` are the edges of columns and rows, one more than there are of these.

    ``open_top`` and ``open_bottom`` say that a rule is missing there: the table was cut by the page break.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]
    open_top: bool = False
    open_bottom: bool = False


class Piece(NamedTuple):
    """Characters of one line without a gap between them; ``apart`` says that the gap before it is as wide as between columns."""

    text: str
    x0: float
    x1: float
    apart: bool = False


class Line(NamedTuple):
    """A line as it is seen: ``left`` and ``right`` are the edges of the column, cell or page it stands in."""

    page: int
    pieces: tuple[Piece, ...]
    base: float
    size: float
    left: float
    right: float
    heading: bool = False
    confidence: float | None = None
    height: float = 0.0

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return self.pieces[-1].x1

    @property
    def text(self) -> str:
        """Its words, one blank for each gap, two for a wide one."""
        return "".join([("  " if piece.apart else " ") + piece.text for piece in self.pieces])[1:]

    @property
    def columns(self) -> int:
        """How many stretches of text wide gaps part it into."""
        return 1 + sum(piece.apart for piece in self.pieces)


class TablePart(NamedTuple):
    """The part of a table that stands on one page: the lattice, the words of its cells and their confidence.

    ``full`` says of each cell whether its last line reaches its right edge, as that of a cut sentence does.
    """

    page: int
    lattice: Lattice
    texts: tuple[str, ...]
    confidences: tuple[float | None, ...]
    full: tuple[bool, ...]

    @property
    def base(self) -> float:
        """Where it begins on the page."""
        return self.lattice.ys[0]
