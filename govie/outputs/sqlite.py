"""The tables as an SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from .databases import Database
from .rows import Row
from .schema import TABLES, Column, TableDefinition

__all__ = ["Sqlite"]

_GREATEST = 2**63 - 1
"""SQLite has no greater whole number; the float nearest to it takes its place."""


class Sqlite(Database):
    """An SQLite database. A value is stored as whole number or float, as it is; a boolean as 0 or 1."""

    errors: ClassVar[tuple[type[Exception], ...]] = (OSError, sqlite3.OperationalError)
    types: ClassVar[Mapping[str, str]] = {
        "text": "TEXT",
        "integer": "INTEGER",
        "number": "NUMERIC",
        "boolean": "BOOLEAN",
    }

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._connection = sqlite3.connect(target, isolation_level=None)
        # The file is thrown away if it is not completed: there is nothing to roll back to.
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", *self.statements(), "BEGIN"):
            self.run(statement)

    def run(self, statement: str) -> None:
        """Run one statement."""
        self._connection.execute(statement)

    def insert(self, definition: TableDefinition, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Insert ``rows``, which hold ``columns``, into the table of ``definition``."""
        places = ", ".join("?" * len(columns))
        for number, column in enumerate(columns):
            if column.type == "number" and any(_too_great(row[number]) for row in rows):
                rows = [(*row[:number], _nearest(row[number]), *row[number + 1 :]) for row in rows]
        self._connection.executemany(f'INSERT INTO "{definition.name}" VALUES ({places})', rows)

    def complete(self) -> None:
        """Make the dictionary, the views and the indexes of foreign keys, and close the file."""
        super().complete()
        for one in TABLES:
            for column in self.kept[one.name][0]:
                if column.references and one.key[0] != column.name:
                    self.run(f'CREATE INDEX "{one.name}_{column.name}" ON "{one.name}" ("{column.name}")')
        self.run("CREATE INDEX facts_concept ON facts (concept)")
        self.run("COMMIT")
        self._connection.close()

    def discard(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _too_great(value: float | None) -> bool:
    return isinstance(value, int) and not -_GREATEST <= value <= _GREATEST


def _nearest(value: float | None) -> float | None:
    return float(value) if value is not None and _too_great(value) else value
