"""The table of facts as CSV, in UTF-8 with a byte order mark: without one Excel does not take it for UTF-8.

Null is an empty field, an empty text is ``""``: readers that tell them apart (DuckDB, R's data.table) get both. A text that
a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from govie.export import Extraction

from .rows import ReportIds, Row, fact_rows
from .schema import FACTS
from .writer import Writer, release

__all__ = ["CsvFacts", "csv_text"]

# The wide forms count too: Excel in Chinese takes them for the narrow ones.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_TO_QUOTE = re.compile('[",\r\n]|^ | $')


def csv_text(rows: Iterable[Row], *, header: bool = False) -> str:
    """Return ``rows`` of the table of facts as CSV lines, after a header line if asked for."""
    lines = [",".join(FACTS.names())] if header else []
    lines += [
        ",".join(["" if value is None else _text(value) if isinstance(value, str) else _field(value) for value in row])
        for row in rows
    ]
    return "".join(f"{line}\r\n" for line in lines)


class CsvFacts(Writer):
    """One fact a row."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._ids = ReportIds()
        self._file = target.open("wb")
        self._file.write(csv_text((), header=True).encode("utf-8-sig"))

    def add(self, extraction: Extraction) -> None:
        """Write the facts of the next report."""
        own_id = self._ids.take(extraction.record.source)
        self._file.write(csv_text(fact_rows(extraction, own_id)).encode())

    def close(self) -> None:
        """Complete the file."""
        self._file.close()

    def discard(self) -> None:
        """Let go of the file."""
        release(self._file)


def _field(value: float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


@lru_cache(maxsize=10_000)
def _text(text: str) -> str:
    if not text:
        return '""'
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text
