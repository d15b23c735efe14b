"""The tables as a DuckDB database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import duckdb

from .arrow import arrow_schema, arrow_table
from .databases import VIEWS, Database
from .rows import Row
from .schema import DICTIONARY, TABLES, Column, TableDefinition

__all__ = ["DuckDb"]


class DuckDb(Database):
    """A DuckDB database; tables, columns and views carry comments."""

    errors: ClassVar[tuple[type[Exception], ...]] = (
        OSError, duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException,
    )  # fmt: skip
    types: ClassVar[Mapping[str, str]] = {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "number": "DOUBLE",
        "boolean": "BOOLEAN",
    }
    batch = 100_000

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._connection = duckdb.connect(str(target))
        for statement in self.statements():
            self.run(statement)

    def run(self, statement: str) -> None:
        """Run one statement."""
        self._connection.execute(statement)

    def insert(self, definition: TableDefinition, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Insert ``rows``, which hold ``columns``, into the table of ``definition``."""
        held = TableDefinition(name=definition.name, chinese="", meaning="", key=(), columns=tuple(columns))
        self._connection.register("incoming", arrow_table(held, arrow_schema(held), rows))
        self.run(f'INSERT INTO "{definition.name}" SELECT * FROM incoming')
        self._connection.unregister("incoming")

    def complete(self) -> None:
        """Make the dictionary, the views and the comments, and close the file."""
        super().complete()
        for one in (*TABLES, DICTIONARY):
            self.run(f'COMMENT ON TABLE "{one.name}" IS {_quoted(f"{one.chinese}: {one.meaning}")}')
            for column in self.kept[one.name][0] if one is not DICTIONARY else one.columns:
                said = f"{column.chinese}: {column.meaning}" + (f"; null: {column.null}" if column.null else "")
                self.run(f'COMMENT ON COLUMN "{one.name}"."{column.name}" IS {_quoted(said)}')
        for name, (said, _) in VIEWS.items():
            self.run(f"COMMENT ON VIEW {name} IS {_quoted(said)}")
        self.run("CHECKPOINT")
        self._connection.close()

    def discard(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
