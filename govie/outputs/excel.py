"""The tables as an Excel workbook, one sheet a table, and the data dictionary as the last sheet.

Read this first: rows go straight to a temporary file of their sheet (xlsxwriter's ``constant_memory``), so a sheet is never in
memory; the price is that a row cannot be touched again once the next has begun. What is known only at the end
(widths, filters) xlsxwriter puts in when the book is closed.

A header cell has the column's Chinese name, a blank and its id: one header row, because filters and every program that
imports a sheet take the first row for the names. Texts are written as texts, whatever they begin with: none runs as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .rows import Row
from .schema import DICTIONARY, FACTS, REPORT_ID, TABLES, TEXTS, Column, TableDefinition, dictionary
from .writer import TableWriter, release

__all__ = ["Workbook"]

MOST_ROWS = 1_048_576
"""Rows of a sheet, its header among them."""
MOST_CHARACTERS = 32_767
"""Characters of a cell, in UTF-16 units."""
MOST_LINKS = 65_530
"""Links of a sheet: past that many Excel refuses the file."""

_CUT = "…〔未完〕"
_MEASURED_ROWS = 300
"""Widths are those of the first rows of a sheet."""
_WIDEST = {
    "sentence": 70,
    "title": 40,
    "message": 60,
    "evidence": 40,
    "meaning": 90,
    "null_means": 66,
    "allowed": 60,
    "path": 44,
    "fact_id": 12,
    "text": 18,
    "sha256": 12,
}
_WIDEST_USUAL = 34
_NARROWEST = 6
_FILTER_BUTTON = 3
_A3 = 8
_KEPT_DIGITS = 10**15
"""Excel keeps 15 digits of a number."""
_MARK = '<rPr><b/><sz val="11"/><color rgb="FFC00000"/><rFont val="Calibri"/><family val="2"/></rPr>'
"""How the words of a fact stand out in their sentence."""
_SENTENCE = tuple(FACTS.place(name) for name in ("sentence", "start", "end", "sentence_start"))
# XML has no other controls, and readers turn \r into \n.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Workbook(TableWriter):
    """One sheet a table; a table with more rows than a sheet holds goes on in ``facts 2``, ``facts 3`` …"""

    errors: ClassVar[tuple[type[Exception], ...]] = (OSError, XlsxFileError)
    # Each report at once, so that its row is known when its facts are linked to it.
    batch = 1

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        options = {"constant_memory": True, "tmpdir": str(target.parent), "use_zip64": True}
        self._book = xlsxwriter.Workbook(str(target), options)
        self._looks = _Looks(self._book)
        self._sheets = {one.name: _Sheet(self._book, one, self._looks) for one in TABLES if one is not TEXTS}
        self._sheets[FACTS.name].open_first()

    def write_rows(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """Write the rows of one report, or of one failure."""
        facts = self._sheets[FACTS.name]
        to_report = None
        for row in tables["reports"]:
            place = self._sheets["reports"].write(row, ("facts", facts.next_place()) if tables["facts"] else None)
            to_report = (REPORT_ID, place)
        for name, rows in tables.items():
            if name not in ("reports", TEXTS.name):
                write = self._sheets[name].write
                for row in rows:
                    write(row, to_report if name in ("facts", "findings") else None)

    def complete(self) -> None:
        """Finish all sheets and write the file."""
        words = _Sheet(self._book, DICTIONARY, self._looks)
        for row in dictionary():
            words.write(row)
        for sheet in (*self._sheets.values(), words):
            sheet.finish()
        self._book.close()

    def discard(self) -> None:
        """Let go of the sheets' temporary files; they are in the folder of the target."""
        for sheet in self._book.worksheets():
            file = getattr(sheet, "row_data_fh", None)
            if file is not None and not file.closed:
                release(file)


class _Looks:
    """The formats of cells that the sheets share."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.header = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "bg_color": "#DDEBF7",
                "bottom": 1,
                "border_color": "#7F7F7F",
            }
        )
        # Whole numbers are years, counts and places: to the right they would touch the text of the next column.
        self.centred = book.add_format({"align": "center"})._get_xf_index()
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1})._get_xf_index()


class _Sheet:
    """One table of the workbook: the sheets it fills, one after the other."""

    def __init__(self, book: xlsxwriter.Workbook, definition: TableDefinition, looks: _Looks) -> None:
        self._book = book
        self._definition = definition
        self._looks = looks
        self._letters = [xl_col_to_name(place) for place in range(len(definition.columns))]
        self._styles = [
            f' s="{looks.centred}"' if column.type in ("integer", "boolean") else "" for column in definition.columns
        ]
        self._contents = [_text_content if column.type == "text" else _content for column in definition.columns]
        self._places = {name: place for place, name in enumerate(definition.names())}
        self._sentence = self._places["sentence"] if definition is FACTS else None
        self._number = 0
        self._open_next()

    def open_first(self) -> None:
        """Let the book open with this sheet in front."""
        self._sheet.activate()

    def next_place(self) -> str:
        """Return where the next row will stand, as a link takes it."""
        full = self._row >= MOST_ROWS
        return f"internal:'{self._name(self._number + full)}'!A{2 if full else self._row + 1}"

    def write(self, row: Row, link: tuple[str, str] | None = None) -> str:
        """Write the next row, with a link from one column (its name, where to); return the row's place."""
        if self._row >= MOST_ROWS:
            self.finish()
            self._open_next()
        place, number = self.next_place(), self._row + 1
        cells = [
            "" if value is None else f'<c r="{letter}{number}"{style}{content(value)}'
            for letter, style, content, value in zip(self._letters, self._styles, self._contents, row, strict=True)
        ]
        if self._sentence is not None:
            cells[self._sentence] = f'<c r="{self._letters[self._sentence]}{number}"{_marked_sentence(row)}'
        if link is not None and self._links < MOST_LINKS:
            column = self._places[link[0]]
            cells[column] = (
                f'<c r="{self._letters[column]}{number}" s="{self._looks.link}"{self._contents[column](row[column])}'
            )
            self._sheet.add_link(self._row, column, link[1])
            self._links += 1
        self._sheet.add_row(self._row, "".join(cells))
        if number <= _MEASURED_ROWS:
            self._measure(row)
        self._row += 1
        return place

    def finish(self) -> None:
        """Set what is known when all rows of the sheet are written."""
        for place, column in enumerate(self._definition.columns):
            widest = _WIDEST.get(column.name, _WIDEST_USUAL)
            self._sheet.set_column(place, place, max(_header_width(column), min(widest, self._widths[place] + 1)))
        self._sheet.autofilter(0, 0, max(1, self._row - 1), len(self._definition.columns) - 1)

    def _open_next(self) -> None:
        self._number += 1
        self._sheet: _RowSheet = self._book.add_worksheet(self._name(self._number), worksheet_class=_RowSheet)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_row(0, 33)
        # Printed, a sheet is as wide as the paper, with its header on each page.
        self._sheet.set_paper(_A3)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._row = 1
        self._links = 0
        self._widths = [0] * len(self._definition.columns)
        for place, column in enumerate(self._definition.columns):
            self._sheet.write_string(0, place, f"{column.chinese} {column.name}", self._looks.header)

    def _name(self, number: int) -> str:
        return self._definition.name if number == 1 else f"{self._definition.name} {number}"

    def _measure(self, row: Row) -> None:
        for column, value in enumerate(row):
            if value is not None:
                self._widths[column] = max(self._widths[column], _columns_wide(str(value)))


class _RowSheet(Worksheet):  # type: ignore[misc]
    """A sheet that takes whole rows as XML: xlsxwriter's own way, cell by cell, takes five times as long.

    This reaches into xlsxwriter: rows go to the temporary file of a sheet in ``constant_memory``, behind the header.
    """

    def add_row(self, row: int, cells: str) -> None:
        """Write ``cells`` as the next row; ``row`` counts from 0."""
        if row == 1:
            self._write_single_row(row)
        self._check_dimensions(row, 0)
        self.row_data_fh.write(f'<row r="{row + 1}">{cells}</row>')

    def add_link(self, row: int, column: int, link: str) -> None:
        """Link the cell; what it shows is in its row."""
        self.ignore_write_string = True
        self.write_url(row, column, link)
        self.ignore_write_string = False


def _content(value: Any) -> str:
    """Return what stands behind the place in the XML of a cell: its type and its value."""
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if -_KEPT_DIGITS < value < _KEPT_DIGITS:
        return f"><v>{value!r}</v></c>"
    return _text_content(str(value))


@lru_cache(maxsize=10_000)
def _text_content(text: str) -> str:
    return f' t="inlineStr"><is>{_run(_fit(text))}</is></c>'


def _marked_sentence(row: Row) -> str:
    """Return the sentence of a fact with the words that the fact rests on marked."""
    sentence, start, end, first = (row[place] for place in _SENTENCE)
    start, end = start - first, end - first
    if len(sentence) > MOST_CHARACTERS // 2 or start == end:
        return _text_content(sentence)
    before, words, after = sentence[:start], sentence[start:end], sentence[end:]
    runs = [f"<r>{_run(piece)}</r>" if piece else "" for piece in (before, after)]
    return f' t="inlineStr"><is>{runs[0]}<r>{_MARK}{_run(words)}</r>{runs[1]}</is></c>'


def _run(text: str) -> str:
    """Return ``text`` as the element of a cell or of a part of one."""
    if _UNFIT.search(text):
        text = text.translate(_CONTROLS)
        # _x000D_ would be read as the character of that number.
        text = _ESCAPE.sub("_x005F_", text)
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() or "\n" in text else ""
    return f"<t{space}>{text}</t>"


def _fit(text: str) -> str:
    """Return no more of ``text`` than a cell holds."""
    if len(text) <= MOST_CHARACTERS // 2 or len(text.encode("utf-16-le")) <= 2 * MOST_CHARACTERS:
        return text
    return text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


@lru_cache(maxsize=10_000)
def _columns_wide(text: str) -> int:
    """How many columns ``text`` takes, a Chinese character two; of the longest of its lines."""
    return max(sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n"))


def _header_width(column: Column) -> int:
    """Wide enough for the Chinese name on one line and the id on the next, and the filter's button."""
    return max(_NARROWEST, _columns_wide(column.chinese), len(column.name)) + _FILTER_BUTTON
