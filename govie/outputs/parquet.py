"""The tables as a folder of Parquet files, one a table, with typed columns.

pandas, Polars, R's arrow, Spark and DuckDB read them; each column says in its metadata what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from pyarrow import parquet

from .arrow import arrow_schema, arrow_table
from .rows import Row
from .schema import TABLES
from .writer import TableWriter

__all__ = ["ParquetFolder"]


class ParquetFolder(TableWriter):
    """One file a table."""

    errors: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    batch = 100_000

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        target.mkdir()
        self._schemas = {one.name: arrow_schema(one) for one in TABLES}
        self._files = {
            name: parquet.ParquetWriter(target / f"{name}.parquet", schema, compression="zstd")
            for name, schema in self._schemas.items()
        }

    def write_rows(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """Write the rows of each table as a row group."""
        for one in TABLES:
            if tables[one.name]:
                self._files[one.name].write_table(arrow_table(one, self._schemas[one.name], tables[one.name]))

    def complete(self) -> None:
        """Write the files' ends."""
        for file in self._files.values():
            file.close()

    def discard(self) -> None:
        """Let go of the files."""
        for file in self._files.values():
            try:
                file.close()
            except self.errors:
                continue  # an end that could not be written: what was is thrown away
