"""The table of facts as a Stata file (format 118: Stata 14 and later), with variable and value labels.

Read this first: Stata needs to know how wide each column is before its first row. So rows go to a temporary file while the
widest text and the greatest number of each column are noted; when all are there, that file is read again and the rows
are written. pandas and pyreadstat write Stata files too, but only of a frame that is in memory as a whole.

Texts are ``str#`` up to 244 bytes, else ``strL`` (Stata's ``str#`` ends at 2,045). Columns with a short list of values are
numbered, with value labels. Null is Stata's missing value in numbers and an empty text in texts; Stata has no other.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from govie.export import Extraction

from .rows import ReportIds, Row, fact_rows
from .schema import FACTS, Column
from .writer import Writer, release

__all__ = ["StataFacts"]

WIDEST_TEXT = 244
"""Texts of more bytes are strL: a str# takes its whole width in every row."""
_BATCH = 5_000
_VALUE = FACTS.place("value")
_MISSING_DOUBLE = bytes.fromhex("000000000000e07f")
_MISSING_LONG, _MISSING_BYTE = 2_147_483_621, 101
_LEAST_LONG, _GREATEST_LONG = -2_147_483_647, 2_147_483_620
_STRL, _DOUBLE, _LONG, _BYTE = 32768, 65526, 65528, 65530
_FORMATS = {_DOUBLE: "%10.0g", _LONG: "%12.0g", _BYTE: "%8.0g", _STRL: "%9s"}
_LONGEST_LABEL = 80
"""Characters of a variable's label and of the file's."""


class StataFacts(Writer):
    """One fact a row."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._ids = ReportIds()
        self._columns = [_Measured(column) for column in FACTS.columns]
        self._waiting: list[Row] = []
        self._rows = 0
        self._spool = target.with_suffix(".rows").open("w+b")
        self._file: BinaryIO | None = None

    def add(self, extraction: Extraction) -> None:
        """Note the facts of the next report."""
        rows = fact_rows(extraction, self._ids.take(extraction.record.source))
        # Stata's numbers are floats, and whole numbers of more than 64 bits could not be put by.
        self._waiting += [(*row[:_VALUE], float(row[_VALUE]), *row[_VALUE + 1 :]) for row in rows]
        if len(self._waiting) >= _BATCH:
            self._put_by()

    def close(self) -> None:
        """Write the file."""
        self._put_by()
        self._spool.seek(0)
        with self.target.open("wb") as self._file:
            _File(self._file, self._columns, self._rows).write(self._spooled())

    def discard(self) -> None:
        """Let go of the files."""
        release(self._spool)
        if self._file is not None:
            release(self._file)

    def _put_by(self) -> None:
        """Write the rows that wait to the temporary file."""
        for column, values in zip(self._columns, zip(*self._waiting, strict=True), strict=False):
            column.meet(values)
        packed = msgspec.msgpack.encode(self._waiting)
        self._spool.write(struct.pack("<Q", len(packed)) + packed)
        self._rows += len(self._waiting)
        self._waiting = []

    def _spooled(self) -> Iterator[Row]:
        while size := self._spool.read(8):
            yield from msgspec.msgpack.decode(
                self._spool.read(struct.unpack("<Q", size)[0]), type=list[tuple[Any, ...]]
            )


class _Measured:
    """A column and what was met in it: how wide its texts are, whether its numbers fit a whole number of 32 bits."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.name = column.stata or column.name
        self.codes = (
            {value: number for number, (value, _) in enumerate(column.values, 1)} if column.type == "text" else {}
        )
        self.width = 1
        self.fits_long = True

    def meet(self, values: tuple[Any, ...]) -> None:
        """Take note of ``values``."""
        if self.column.type == "text" and not self.codes:
            # Three bytes are the most a character of the usual planes takes: measured only where it matters.
            longest = max((value for value in values if value), key=len, default="")
            if 4 * len(longest) > self.width:
                self.width = max(self.width, max((len(value.encode()) for value in values if value), default=1))
        elif self.column.type == "integer":
            self.fits_long &= all(value is None or _LEAST_LONG <= value <= _GREATEST_LONG for value in values)

    @property
    def type(self) -> int:
        """Stata's number for the type of the column."""
        if self.codes or self.column.type == "boolean":
            return _BYTE
        if self.column.type == "text":
            return self.width if self.width <= WIDEST_TEXT else _STRL
        return _LONG if self.column.type == "integer" and self.fits_long else _DOUBLE

    @property
    def value_labels(self) -> list[tuple[int, str]]:
        """The numbers that stand for values, and what each is; none where values stand for themselves."""
        if self.column.type == "boolean":
            return [(1, "true 是"), (0, "false 否")]
        return [
            (self.codes[value], f"{value} {chinese}".strip()) for value, chinese in self.column.values if self.codes
        ]

    def packer(self, strls: _LongTexts) -> Callable[[Any], bytes]:
        """Return what turns a value into its bytes in a row."""
        kind = self.type
        if kind == _STRL:
            take = strls.of_column()
            return lambda value: take(value) if value else bytes(8)
        if kind == _DOUBLE:
            pack = struct.Struct("<d").pack
            return lambda value: _MISSING_DOUBLE if value is None else pack(value)
        if kind == _LONG:
            pack = struct.Struct("<i").pack
            return lambda value: pack(_MISSING_LONG if value is None else value)
        if kind == _BYTE:
            codes: dict[Any, int] = self.codes or {True: 1, False: 0}
            return lambda value: bytes((_MISSING_BYTE if value is None else codes[value],))
        return lambda value: (value or "").encode().ljust(kind, b"\0")


class _LongTexts:
    """The texts of strL columns, written to a file of their own as rows are; a text met again right away is kept once."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.row = 0
        self._columns: list[int] = []

    def start(self, columns: list[int]) -> None:
        """Give the numbers (from 1) of the strL columns, in their order."""
        self._columns = columns

    def of_column(self) -> Callable[[str], bytes]:
        """Return what keeps a text of the next strL column and gives the place that stands for it in the row."""
        column = self._columns.pop(0)
        last_text, last_place = "", b""

        def take(text: str) -> bytes:
            nonlocal last_text, last_place
            if text != last_text:
                encoded = text.encode() + b"\0"
                self.file.write(b"GSO" + struct.pack("<IQBI", column, self.row, 130, len(encoded)) + encoded)
                last_text, last_place = text, struct.pack("<H", column) + struct.pack("<Q", self.row)[:6]
            return last_place

        return take


class _File:
    """Writes the parts of a Stata file in their order, and where each begins into the map near its head."""

    def __init__(self, file: BinaryIO, columns: list[_Measured], rows: int) -> None:
        self._file = file
        self._columns = columns
        self._rows = rows
        self._places: list[int] = []

    def write(self, rows: Iterator[Row]) -> None:
        """Write the whole file."""
        file, columns = self._file, self._columns
        self._begin()
        file.write(self._header())
        map_place = file.tell()
        self._begin()
        file.write(b"<map>" + bytes(14 * 8) + b"</map>")
        self._part("variable_types", b"".join(struct.pack("<H", column.type) for column in columns))
        self._part("varnames", b"".join(_padded(column.name, 129) for column in columns))
        self._part("sortlist", bytes(2 * (len(columns) + 1)))
        self._part(
            "formats", b"".join(_padded(_FORMATS.get(column.type, f"%-{column.type}s"), 57) for column in columns)
        )
        labelled = [column.name if column.value_labels else "" for column in columns]
        self._part("value_label_names", b"".join(_padded(name, 129) for name in labelled))
        said = [f"{column.column.chinese} {column.column.meaning}"[:_LONGEST_LABEL] for column in columns]
        self._part("variable_labels", b"".join(_padded(label, 321) for label in said))
        self._part("characteristics", b"")
        self._data(rows)
        self._part("value_labels", b"".join(_value_labels(column) for column in columns if column.value_labels))
        self._begin()
        file.write(b"</stata_dta>")
        self._begin()
        file.seek(map_place)
        file.write(b"<map>" + struct.pack("<14Q", *self._places))

    def _header(self) -> bytes:
        label = "govie: facts of 政府信息公开工作年度报告"[:_LONGEST_LABEL].encode()
        # Stata wants English months whatever the locale.
        now = datetime.now(UTC)
        month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[now.month - 1]
        stamp = f"{now.day:2} {month} {now.year} {now:%H:%M}".encode()
        return (
            b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
            + b"<K>" + struct.pack("<H", len(self._columns)) + b"</K>"
            + b"<N>" + struct.pack("<Q", self._rows) + b"</N>"
            + b"<label>" + struct.pack("<H", len(label)) + label + b"</label>"
            + b"<timestamp>" + bytes((len(stamp),)) + stamp + b"</timestamp></header>"
        )  # fmt: skip

    def _data(self, rows: Iterator[Row]) -> None:
        """Write the rows and, behind them, the texts of strL columns."""
        self._begin()
        with Path(f"{self._file.name}.strls").open("w+b") as kept:
            strls = _LongTexts(kept)
            strls.start([number for number, column in enumerate(self._columns, 1) if column.type == _STRL])
            packers = [column.packer(strls) for column in self._columns]
            self._file.write(b"<data>")
            for number, row in enumerate(rows, 1):
                strls.row = number
                self._file.write(b"".join([pack(value) for pack, value in zip(packers, row, strict=True)]))
            self._file.write(b"</data>")
            self._begin()
            self._file.write(b"<strls>")
            kept.seek(0)
            shutil.copyfileobj(kept, self._file)
            self._file.write(b"</strls>")

    def _part(self, name: str, content: bytes) -> None:
        self._begin()
        self._file.write(f"<{name}>".encode() + content + f"</{name}>".encode())

    def _begin(self) -> None:
        self._places.append(self._file.tell())


def _value_labels(column: _Measured) -> bytes:
    """The labels of a column's numbers, as Stata keeps them."""
    texts, offsets = b"", []
    for _, said in column.value_labels:
        offsets.append(len(texts))
        texts += said.encode() + b"\0"
    count = len(offsets)
    table = (
        struct.pack(f"<ii{count}i{count}i", count, len(texts), *offsets, *(number for number, _ in column.value_labels))
        + texts
    )
    return b"<lbl>" + struct.pack("<i", len(table)) + _padded(column.name, 129) + bytes(3) + table + b"</lbl>"


def _padded(text: str, size: int) -> bytes:
    return text.encode().ljust(size, b"\0")
