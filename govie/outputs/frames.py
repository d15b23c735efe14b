"""The table of facts as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govie.errors import not_installed
from govie.export import Extraction

from .rows import fact_rows
from .schema import FACTS, Column

if TYPE_CHECKING:
    import pandas

__all__ = ["to_dataframe"]


def to_dataframe(extraction: Extraction) -> pandas.DataFrame:
    """Return the facts as a pandas DataFrame; its columns have the same types also where there are no facts.

    Text columns are objects (str or None), so that a county code stays text; whole numbers that may be missing are nullable
    integers, the others integers, values and confidences floats. Raises UsageError if pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise not_installed("pandas, which data frames need,", "pandas") from None
    rows = list(fact_rows(extraction))
    return pandas.DataFrame(
        {
            column.name: pandas.Series([row[place] for row in rows], dtype=_type(column))
            for place, column in enumerate(FACTS.columns)
        }
    )


def _type(column: Column) -> str:
    if column.type == "integer":
        return "int64" if column.null is None else "Int64"
    return {"text": "object", "number": "float64", "boolean": "bool"}[column.type]
