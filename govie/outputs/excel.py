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
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from .rows import Row
from .schema import DICTIONARY, FACTS, REPORT_ID, TABLES, TEXTS, Column, TableDefinition, dictionary
from .writer import TableWriter, release

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

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
_WIDEST = {"sentence": 70, "title": 40, "message": 60, "evidence": 40, "meaning": 90, "allowed": 60, "path": 44, "fact_id": 12, "sha256": 12}
_WIDEST_USUAL = 34
_NARROWEST = 6
_FILTER_BUTTON = 3
_KEPT_DIGITS = 10**15
"""Excel keeps 15 digits of a number."""
# XML has no other controls, and readers turn \r into \n.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Workbook(TableWriter):
    """One sheet a table; a table with more rows than a sheet holds goes on in ``facts 2``, ``facts 3`` …"""

    errors: ClassVar[tuple[type[Exception], ...]] = (OSError, XlsxWriterException)
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
        report_place = None
        for row in tables["reports"]:
            first_fact = facts.next_place() if tables["facts"] else None
            report_place = self._sheets["reports"].write(row, {"facts": first_fact})
        for name, rows in tables.items():
            if name not in ("reports", TEXTS.name):
                sheet = self._sheets[name]
                links = {REPORT_ID: report_place} if name in ("facts", "findings") else {}
                for row in rows:
                    sheet.write(row, links)

    def complete(self) -> None:
        """Finish all sheets and write the file."""
        words = _Sheet(self._book, DICTIONARY, self._looks)
        for row in dictionary():
            words.write(row, {})
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
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDEBF7", "bottom": 1, "border_color": "#7F7F7F"}
        )
        self.top = book.add_format({"valign": "top"})
        self.marked = book.add_format({"bold": True, "font_color": "#C00000"})
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1})


class _Sheet:
    """One table of the workbook: the sheets it fills, one after the other."""

    def __init__(self, book: xlsxwriter.Workbook, definition: TableDefinition, looks: _Looks) -> None:
        self._book = book
        self._definition = definition
        self._looks = looks
        self._texts = [column.type == "text" for column in definition.columns]
        self._sentence = _sentence_columns(definition)
        self._number = 0
        self._open_next()

    def open_first(self) -> None:
        """Let the book open with this sheet in front."""
        self._sheet.activate()

    def next_place(self) -> str:
        """Return where the next row will stand, as a link takes it."""
        if self._row >= MOST_ROWS:
            return f"internal:'{self._name(self._number + 1)}'!A2"
        return f"internal:'{self._name(self._number)}'!A{self._row + 1}"

    def write(self, row: Row, links: Mapping[str, str | None]) -> str:
        """Write the next row, with links from the columns named; return its place."""
        if self._row >= MOST_ROWS:
            self.finish()
            self._open_next()
        place, at, sheet = self.next_place(), self._row, self._sheet
        linked = {self._definition.place(name): link for name, link in links.items() if link is not None}
        marked = self._sentence
        for column, value in enumerate(row):
            if value is None:
                continue
            if column in linked and self._links < MOST_LINKS:
                self._write_link(column, value, linked[column])
            elif marked is not None and column == marked[0]:
                self._write_sentence(column, value, row[marked[1]] - row[marked[3]], row[marked[2]] - row[marked[3]])
            elif self._texts[column]:
                sheet.write_string(at, column, _fit(value))
            elif value is True or value is False:
                sheet.write_boolean(at, column, value)
            elif -_KEPT_DIGITS < value < _KEPT_DIGITS:
                sheet.write_number(at, column, value)
            else:
                sheet.write_string(at, column, str(value))
        if at <= _MEASURED_ROWS:
            for column, value in enumerate(row):
                if value is not None:
                    self._widths[column] = max(self._widths[column], _columns_wide(str(value)))
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
        self._sheet: Worksheet = self._book.add_worksheet(self._name(self._number))
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_row(0, 33)
        self._row = 1
        self._links = 0
        self._widths = [0] * len(self._definition.columns)
        for place, column in enumerate(self._definition.columns):
            self._sheet.write_string(0, place, f"{column.chinese} {column.name}", self._looks.header)

    def _name(self, number: int) -> str:
        return self._definition.name if number == 1 else f"{self._definition.name} {number}"

    def _write_link(self, column: int, value: Any, link: str) -> None:
        self._links += 1
        self._sheet.write_url(self._row, column, link, self._looks.link, str(value))
        if not isinstance(value, str):
            self._sheet.write_number(self._row, column, value, self._looks.link)

    def _write_sentence(self, column: int, sentence: str, start: int, end: int) -> None:
        """Write the sentence with the words that the fact rests on marked."""
        fitting = _fit(sentence)
        pieces: list[Any] = [fitting[:start], self._looks.marked, fitting[start:end], fitting[end:]]
        if not fitting[start:end] or fitting != sentence:
            self._sheet.write_string(self._row, column, fitting)
        elif len(fitting) == end - start:
            self._sheet.write_string(self._row, column, fitting, self._looks.marked)
        else:
            self._sheet.write_rich_string(self._row, column, *(piece for piece in pieces if piece != ""))


def _sentence_columns(definition: TableDefinition) -> tuple[int, int, int, int] | None:
    """Where sentence, start, end and the sentence's start stand in a row; None in a table without sentences."""
    if definition is not FACTS:
        return None
    sentence, start, end, sentence_start = (definition.place(name) for name in ("sentence", "start", "end", "sentence_start"))
    return sentence, start, end, sentence_start


def _fit(text: str) -> str:
    """Return ``text`` as a cell can hold it: controls as pictures of them (␀), no more characters than there may be."""
    if _UNFIT.search(text):
        text = text.translate(_CONTROLS)
    if len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le")) > 2 * MOST_CHARACTERS:
        kept = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore")
        return kept + _CUT
    # xlsxwriter takes such a text for its own mark-up and would write it unescaped.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _columns_wide(text: str) -> int:
    """How many columns ``text`` takes, a Chinese character two; of the longest of its lines."""
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n"))


def _header_width(column: Column) -> int:
    """Wide enough for the Chinese name on one line and the id on the next, and the filter's button."""
    return max(_NARROWEST, _columns_wide(column.chinese), len(column.name)) + _FILTER_BUTTON
