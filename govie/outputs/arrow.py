"""Rows as Arrow tables: what Parquet, DuckDB and datasets take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow

from .rows import Row
from .schema import TableDefinition

__all__ = ["arrow_schema", "arrow_table"]

_TYPES = {"text": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_()}


def arrow_schema(definition: TableDefinition) -> pyarrow.Schema:
    """Return the columns of ``definition``; each field says in its metadata what it holds, as the data dictionary does."""
    return pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                _TYPES[column.type],
                nullable=column.null is not None,
                metadata={
                    key: value
                    for key, value in (
                        ("chinese", column.chinese),
                        ("meaning", column.meaning),
                        ("unit", column.unit),
                        ("null", column.null),
                    )
                    if value is not None
                },
            )
            for column in definition.columns
        ]
    )


def arrow_table(definition: TableDefinition, schema: pyarrow.Schema, rows: Sequence[Row]) -> pyarrow.Table:
    """Return ``rows`` of ``definition`` with ``schema`` (that of :func:`arrow_schema`)."""
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        # Whole numbers too great for a float are not taken by Arrow as they are; float() gives the nearest one.
        pyarrow.array(
            [None if one is None else float(one) for one in values] if column.type == "number" else values, field.type
        )
        for column, field, values in zip(definition.columns, schema, columns, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
