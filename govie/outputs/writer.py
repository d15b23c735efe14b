"""What all formats share: a writer takes reports and failures one at a time and completes its file at the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, ClassVar

from govie.export import Extraction
from govie.records import Failure

from .rows import ReportIds, Row, failure_row, report_rows
from .schema import TABLES

__all__ = ["TableWriter", "Writer", "release"]

_CHARACTERS_OF_A_ROW = 200


class Writer(ABC):
    """Writes one output to ``target``, a path that nobody else looks at until it is complete.

    ``errors`` are the exceptions by which the format says that it could not write.
    """

    errors: ClassVar[tuple[type[Exception], ...]] = (OSError,)

    def __init__(self, target: Path) -> None:
        self.target = target
        self.failures = 0

    @abstractmethod
    def add(self, extraction: Extraction) -> None:
        """Take the next report."""

    def fail(self, failure: Failure) -> None:
        """Take the next failure; formats without a place for failures only count it."""
        self.failures += 1

    @abstractmethod
    def close(self) -> None:
        """Complete the file."""

    @abstractmethod
    def discard(self) -> None:
        """Let go of all files without completing them; also after :meth:`close` and after an error."""


class TableWriter(Writer):
    """A writer of tables: rows are collected and handed on in batches, parents before the rows that point to them."""

    batch = 20_000
    """How many rows are collected; 200 characters of a report's text count as one."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._ids = ReportIds()
        self._waiting: dict[str, list[Row]] = {one.name: [] for one in TABLES}
        self._count = 0

    def add(self, extraction: Extraction) -> None:
        """Take the next report."""
        for name, rows in report_rows(extraction, self._ids.take(extraction.record.source)).items():
            self._waiting[name] += rows
            self._count += len(rows)
        self._count += len(extraction.text) // _CHARACTERS_OF_A_ROW
        self._pass_on(self.batch)

    def fail(self, failure: Failure) -> None:
        """Take the next failure."""
        super().fail(failure)
        self._waiting["failures"].append(failure_row(failure, self.failures))
        self._count += 1
        self._pass_on(self.batch)

    def close(self) -> None:
        """Complete the file."""
        self._pass_on(1)
        self.complete()

    def _pass_on(self, least: int) -> None:
        if self._count >= least:
            self.write_rows(self._waiting)
            for rows in self._waiting.values():
                rows.clear()
            self._count = 0

    @abstractmethod
    def write_rows(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """Write the rows of each table; the tables come in the order of the schema."""

    @abstractmethod
    def complete(self) -> None:
        """Do what is left when all rows are written."""


def release(file: BinaryIO) -> None:
    """Close ``file`` whatever is left in its buffer: what it holds is thrown away."""
    # Closing writes the buffer out, which fails again where the disk is full; the file is closed all the same.
    with suppress(OSError):
        file.close()
