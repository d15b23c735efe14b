"""The small tables of section two told in prose: 行政许可：上一年项目数量5项，本年减少1项，处理决定数量94件.

A row's name (行政许可, 规章 …) stands once, the columns' names before their numbers. What the names are is data
(``told_form`` in ``data/prose.toml``, from the 2019 and 2021 forms); a number is read so only if both stand in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from .lists import each_labels
from .surroundings import SEPARATOR

__all__ = ["Cell", "Column", "ToldForm", "told_cells"]

_JOINTS = frozenset(("、", "和", "及", "与", "以及"))
_LESS = re.compile("(?<!增)(?<!增/)减少?[^增减]{0,4}$")  # 本年减少1项: the change is -1


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a row: its concept, the words before its number, the units it is counted in.

    ``signed`` columns hold changes; ``of_report_year`` says that 上一年 in a column's name is no year of its number.
    """

    concept: str
    pattern: re.Pattern[str]
    units: frozenset[str]
    signed: bool = False
    of_report_year: bool = False


class ToldForm(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the small tables: the words that name it, its columns, and the reports it is of (``2019``: from 2019 on)."""

    id: str
    subject: re.Pattern[str]
    columns: tuple[Column, ...]
    era: str | None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell told in prose: its row, its column, and -1 for a decrease, else 1."""

    form: ToldForm
    column: Column
    sign: int


def told_cells(forms: Sequence[ToldForm], text: str, gap: int, start: int, unit: str) -> list[Cell]:
    """Return the cells that the number at ``start`` fills: none, one, or several that share it (新制作、新公开均为0件).

    ``text`` is the sentence, ``gap`` the end of the number before (0 if there is none). The row is the one named last.
    """
    named = [(*match.span(), form) for form in forms for match in form.subject.finditer(text, 0, start)]
    if not named:
        return []
    rows = _joined(text, sorted(named, key=lambda found: found[:2]))
    begin, end = rows[0][0], rows[-1][1]
    between = text[gap:begin] + text[end:start] if begin >= gap else text[gap:start]  # 制定规章1件, 规章制定1件
    shared = each_labels(between) or [SEPARATOR.split(between)[-1] or between]
    cells = [_cell(form, words, unit) for _, _, form in rows for words in shared]
    return [cell for cell in cells if cell is not None] if all(cells) else []


def _joined(text: str, named: list[tuple[int, int, ToldForm]]) -> list[tuple[int, int, ToldForm]]:
    """The row named last, with those that it is joined to (规章、行政规范性文件)."""
    first = len(named) - 1
    while first and text[named[first - 1][1] : named[first][0]] in _JOINTS:
        first -= 1
    return named[first:]


def _cell(form: ToldForm, words: str, unit: str) -> Cell | None:
    for column in form.columns:
        if unit in column.units and column.pattern.search(words):
            return Cell(form=form, column=column, sign=-1 if column.signed and _LESS.search(words) else 1)
    return None
