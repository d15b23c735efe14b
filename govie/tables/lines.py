"""Lines of text and rows of HTML grids as cells, and what each line is: the first step of finding tables.

Layouts read: tab-separated cells, ``|`` rows (Markdown and converters' one cell a line with ``|`` between), columns
set apart by two or more blanks, a known label with its unit and numbers behind single blanks, one cell a line,
and a whole table on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from govie.records import Document, Grid
from govie.tables import forms

__all__ = ["Line", "Piece", "grid_lines", "known", "text_lines"]


class Piece(NamedTuple):
    """A cell as found: its span in the text and its words."""

    start: int
    end: int
    text: str


class Line(NamedTuple):
    """A line of the text or a row of a grid.

    ``kind``: of a line with columns ``R`` a row we know, ``r`` a row of numbers, ``c`` words only; of a single cell ``N``
    number, ``D`` dash, ``U`` unit, ``P`` pipes only, ``L`` label we know well, ``l`` label known by its words, ``G`` heading row,
    ``F`` other short words; of both ``H`` header, ``A`` header word that can be a label, ``C`` caption of a section-two
    table, ``S`` nothing (page number, ruling), ``X`` prose. ``tokens`` are the cells in order, None for each pipe.
    """

    kind: str
    tokens: tuple[Piece | None, ...]
    columns: bool

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The cells of the line."""
        return tuple([token for token in self.tokens if token is not None])


_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_EDGE = " \u3000\u00a0\ufeff\u200b\u2002\u2003\u2009"
_AROUND = _EDGE + "\t*"
_PIPE = re.compile(r"[|｜│┃]")
_OTHER_PIPES = re.compile(r"[｜│┃]")
_RULING = re.compile(r"[\s|｜│┃+:\-—–=_─━┄┅┈┼├┤┌┐└┘┬┴═╪╞╡]+")
_WIDE_GAP = re.compile(r"[ \u3000\u00a0\u2002\u2003]{2,}|\t+")
_GAP = re.compile(r"[ \u3000\u00a0\u2002\u2003\t]+")
_STOPS = ("，", ",", "。", "；", ";", "：", ":")
_PAGE = re.compile(r"第\d+页(?:[，,/]?共\d+页)?|[-—–·]{1,2}\d{1,3}[-—–·]{1,2}|共\d+页|\d+/\d+页?")
_SENTENCE = re.compile(r"[。；！？，：;!?:]")
_ISOLATED = re.compile(r"(?<=[ \u3000\u00a0])\d{1,6}(?=[ \u3000\u00a0]|$)")
_LONGEST_LABEL = 90


_PROSE = Line("X", (), False)


@lru_cache(maxsize=8192)
def known(text: str) -> bool:
    """Say whether ``text`` is a row label, heading row or header cell of one of the forms."""
    return (
        forms.request_row(text) is not None
        or bool(forms.indicator(text))
        or forms.article_label(text)
        or forms.is_header(text)
    )


@lru_cache(maxsize=8192)
def single_kind(text: str) -> str:
    """Return the kind (see :class:`Line`) of a cell that stands alone on its line."""
    kind = forms.cell_kind(text)
    words = forms.joined(text)
    if words == "无":
        return "F"  # the body of many a section; inside a table it still is a cell
    if kind in "NDU":
        return kind
    if kind == "B":
        return "S"
    if _PAGE.fullmatch(words):
        return "S"
    if forms.is_caption(text):
        return "C"
    meant = forms.indicator(text)
    if forms.is_header(text):
        return "A" if meant or forms.request_row(text) is not None else "H"
    if any(option.exact and option.concept and not option.within and not option.heading for option in meant):
        return "L"
    request = forms.request_row(text)
    bare = re.sub(r"（[^）]*）", "", words)
    if _SENTENCE.search(bare.removeprefix("其中：").rstrip("：")) and request is None:
        return "X"
    if request is not None and len(bare) <= 48:
        return "L" if request else "G"
    if forms.article_label(text):
        return "L"
    if len(bare) > 40:
        return "X"
    if any(option.heading for option in meant):
        return "G"
    return "l" if any(option.concept for option in meant) else "F"


def text_lines(document: Document, masked: Sequence[tuple[int, int]]) -> list[Line]:
    """Return the lines of the text outside the ``masked`` spans; blank lines are left out."""
    text = document.text
    found: list[Line] = []
    mask = iter(sorted(masked))
    hidden = next(mask, None)
    for match in _LINE.finditer(text):
        while hidden and hidden[1] <= match.start():
            hidden = next(mask, None)
        if hidden and hidden[0] <= match.start():
            if not found or found[-1].kind != "X":
                found.append(Line("X", (), False))
            continue
        raw = match[0]
        if len(raw) < 8 and raw.isdigit() and raw.isascii():
            # A number alone on its line: most lines of a table flattened to one cell a line.
            found.append(Line("N", (Piece(match.start(), match.end(), raw),), False))
        else:
            found.extend(_cut(raw, match.start()))
    return found


def grid_lines(grid: Grid) -> list[Line]:
    """Return the rows of a grid as lines with columns."""
    rows: dict[int, list[Piece]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(Piece(cell.start, cell.end, cell.text))
    return [_row_line(pieces) for _, pieces in sorted(rows.items())]


def _cut(raw: str, start: int) -> Sequence[Line]:
    stripped = raw.strip(_EDGE)
    if not stripped:
        return ()
    if len(stripped) < len(raw):
        start += len(raw) - len(raw.lstrip(_EDGE))
    piped = _PIPE.search(stripped) is not None
    if not piped and "\t" not in stripped:
        if len(stripped) <= _LONGEST_LABEL or _run_together(stripped):
            return _plain(stripped, start)
        return (_PROSE,)
    if _RULING.fullmatch(stripped):
        pipes = len(_PIPE.findall(stripped))
        return (Line("P", (None,) * pipes, False) if not stripped.strip("|｜│┃ \t") else Line("S", (), False),)
    return (_pipe_line(stripped, start) if piped else _tab_line(stripped, start),)


def _pieces(text: str, start: int, gap: re.Pattern[str]) -> list[Piece]:
    found = []
    place = 0
    for match in gap.finditer(text):
        found.append(_piece(text[place : match.start()], start + place))
        place = match.end()
    found.append(_piece(text[place:], start + place))
    return found


def _split(text: str, start: int, sign: str) -> list[Piece]:
    found = []
    for cell in text.split(sign):
        words = cell.strip(_AROUND)
        found.append(_piece(cell, start) if len(words) < len(cell) else Piece(start, start + len(cell), cell))
        start += len(cell) + 1
    return found


def _piece(cell: str, start: int) -> Piece:
    """Return the cell without the blanks and Markdown's ``**`` around it."""
    words = cell.strip(_AROUND)
    if len(words) < len(cell):
        start += len(cell) - len(cell.lstrip(_AROUND)) if words else 0
    return Piece(start, start + len(words), words)


def _pipe_line(text: str, start: int) -> Line:
    pieces = _pieces(text, start, _PIPE) if _OTHER_PIPES.search(text) else _split(text, start, "|")
    filled = [piece for piece in pieces if piece.text]
    if len(filled) > 1:
        first = 1 if not pieces[0].text else 0
        last = len(pieces) - 1 if not pieces[-1].text else len(pieces)
        return _row_line(pieces[first:last])
    tokens: list[Piece | None] = []
    for index, piece in enumerate(pieces):
        if index:
            tokens.append(None)
        if piece.text:
            tokens.append(piece)
    return Line(single_kind(filled[0].text) if len(filled[0].text) <= _LONGEST_LABEL else "X", tuple(tokens), False)


def _tab_line(text: str, start: int) -> Line:
    pieces = _split(text, start, "\t")
    filled = [piece for piece in pieces if piece.text]
    if len(filled) > 1:
        return _row_line(pieces)
    if not filled:
        return Line("S", (), False)
    return Line(single_kind(filled[0].text) if len(filled[0].text) <= _LONGEST_LABEL else "X", (filled[0],), False)


def _row_line(pieces: Sequence[Piece]) -> Line:
    kinds = [single_kind(p.text) if 0 < len(p.text) <= _LONGEST_LABEL else "X" if p.text else "B" for p in pieces]
    return Line(_row_kind("".join(kinds)), tuple(pieces), True)


@lru_cache(maxsize=4096)
def _row_kind(kinds: str) -> str:
    """Return the kind of a row by the kinds of its cells."""
    filled = kinds.replace("B", "").replace("S", "")
    if not filled:
        return "S"
    if filled in ("C", "G", "H", "A"):
        return {"C": "C", "G": "R", "H": "H", "A": "R"}[filled]
    if "C" in filled:
        return "C"
    heads = filled.count("H") + filled.count("A")
    numbers = filled.count("N")
    if heads and heads * 2 >= len(filled) and (not numbers or (heads >= 2 and numbers <= heads and "L" not in filled)):
        return "H"
    if any(kind in "LlGA" for kind in filled):
        return "R"
    if numbers == len(filled) or "D" in filled and all(kind in "ND" for kind in filled):
        return "R" if len(kinds) >= 3 else "r"
    return "r" if numbers else "c"


def _plain(text: str, start: int) -> Sequence[Line]:
    gaps = len(_GAP.findall(text)) if _GAP.search(text) else 0
    if gaps and (line := _blank_columns(text, start)):
        return (line,)
    if gaps >= 8 and len(text) > 50 and _run_together(text):
        return list(_words_apart(text, start))
    if len(text) > _LONGEST_LABEL:
        return (_PROSE,)
    return (Line(single_kind(text), (Piece(start, start + len(text), text),), False),)


def _words_apart(text: str, start: int) -> Iterator[Line]:
    """Cut a table that lost its line breaks: every word is a cell of its own.

    Prose with blanks around its numbers (收到申请 5 件 ，同意公开 2 件) shows by its punctuation and by units behind numbers.
    """
    pieces = _pieces(text, start, _GAP)
    kinds = [single_kind(p.text) if len(p.text) <= _LONGEST_LABEL else "X" for p in pieces]
    for index, piece in enumerate(pieces):
        number_then_unit = kinds[index] == "U" and index and kinds[index - 1] == "N"
        prose = number_then_unit or piece.text[:1] in _STOPS or piece.text[-1:] in _STOPS
        yield _PROSE if prose else Line(kinds[index], (piece,), False)


def _run_together(text: str) -> bool:
    """Say whether a line is long and full of numbers that stand alone: a table without its line breaks."""
    return text.count(" ") + text.count("\u3000") + text.count("\u00a0") >= 8 and len(_ISOLATED.findall(text)) >= 4


def _blank_columns(text: str, start: int) -> Line | None:
    """Return the line as columns if it reads as a row or a header, None otherwise."""
    if _WIDE_GAP.search(text):
        pieces = _pieces(text, start, _WIDE_GAP)
        line = _row_line(pieces)
        if line.kind in "HCR" and len(pieces) > 1:
            last = forms.cell_kind(pieces[-1].text)
            if (
                line.kind != "R"
                or last in "NDU"
                or len(text) <= _LONGEST_LABEL
                and all(len(p.text) > 1 for p in pieces)
                and last == "N"
            ):
                return line
        if line.kind == "r" and len(pieces) == 3 and [forms.cell_kind(p.text) for p in pieces] == ["T", "U", "N"]:
            return line
    pieces = _pieces(text, start, _GAP)
    if len(pieces) > 1 and len(pieces) < 20 and all(0 < len(p.text) <= 24 and forms.is_header(p.text) for p in pieces):
        return _row_line(pieces)
    values: list[Piece] = []
    while pieces and forms.cell_kind(pieces[-1].text) in "NDU":
        values.insert(0, pieces.pop())
    if not values or not any(forms.cell_kind(v.text) in "ND" for v in values):
        return None
    if not pieces:
        return _row_line(values) if len(values) >= 5 else None
    label = Piece(pieces[0].start, pieces[-1].end, text[pieces[0].start - start : pieces[-1].end - start])
    if len(label.text) > _LONGEST_LABEL:
        return None
    kind = single_kind(label.text)
    has_unit = len(values) > 1 and forms.cell_kind(values[0].text) == "U"
    if kind in "LlGA" or (kind == "F" and has_unit and len(pieces) <= 2):
        return _row_line([label, *values])
    return None
