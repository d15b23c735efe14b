"""The definition of the tables holds together, and the data dictionary is printed from it.

Run as a script it writes ``docs/data-dictionary.md`` again (``make schema``).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from govie.errors import UsageError
from govie.outputs.schema import DICTIONARY, DICTIONARY_COLUMNS, FACTS, TABLES, dictionary, table

PAGE = Path(__file__).parent.parent / "docs/data-dictionary.md"

# Words that Stata or its Mata keep for themselves.
RESERVED = set(
    "_all _b _cons _coef _n _N _pi _pred _rc _skip _se aggregate array boolean break byte case catch class colvector complex const"
    " continue default delegate delete do double else eltypedef end enum explicit export external float for friend function global"
    " goto if in inline int local long mata matrix namespace new NULL numeric operator orgtypedef pointer polymorphic pragma private"
    " protected public quad real return rowvector scalar short signed static strL string struct super switch template this throw"
    " transmorphic try typedef typename union unsigned using vector version virtual void volatile while with".split()
)


def page() -> str:
    """Return the data dictionary as a Markdown page."""
    parts = [
        "# Data dictionary",
        "Every column of every table that govie writes. Which format holds which tables: [outputs.md](outputs.md). This page is written by"
        " `make schema` from\n`govie/outputs/schema.py`; a workbook has it as its sheet `dictionary`, a database as a table of that name.",
        "*Null* is a value that is not there: an empty cell or field, `NULL`, Stata's `.` (in its texts, and only there, an empty text)."
        " It is never 0 and never an empty text.\nOffsets count Unicode code points of the report's text, from 0, half-open.",
    ]
    for one in TABLES:
        key = ", ".join(f"`{name}`" for name in one.key)
        rows = [
            "| column | 中文 | type | unit | allowed values | null means | what it holds |",
            "|---|---|---|---|---|---|---|",
        ]
        for column in one.columns:
            name = f"`{column.name}`" + (f" → `{column.references}`" if column.references else "")
            allowed = "; ".join(f"`{value}` {chinese}".strip() for value, chinese in column.values)
            stata = f" (in Stata: `{column.stata}`)" if column.stata and one is FACTS else ""
            cells = (
                name,
                column.chinese,
                column.type,
                column.unit or "",
                allowed,
                column.null or "never null",
                column.meaning + stata,
            )
            rows.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
        parts += [
            f"## `{one.name}` {one.chinese}",
            f"{one.meaning[0].upper()}{one.meaning[1:]}. Key: {key}.",
            "\n".join(rows),
        ]
    return "\n\n".join(parts) + "\n"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make schema` and read what changed"


def test_the_page_has_every_column() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for one in TABLES:
        part = text.partition(f"## `{one.name}` ")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)`", part, re.M) == list(one.names())


@pytest.mark.parametrize("one", [*TABLES, DICTIONARY], ids=lambda one: one.name)
def test_a_table_has_each_column_once_and_its_key_among_them(one: object) -> None:
    twice = [name for name, times in Counter(one.names()).items() if times > 1]
    assert not twice
    assert set(one.key) <= set(one.names())
    assert all(column.null is None for column in one.columns if column.name in one.key), "a key is never null"


def test_a_table_comes_after_those_it_points_to() -> None:
    met = set()
    for one in TABLES:
        for column in one.columns:
            assert column.references is None or column.references in met, f"{one.name}.{column.name}"
        met.add(one.name)


def test_names_that_stata_takes() -> None:
    names = [column.stata or column.name for column in FACTS.columns]
    assert len(set(names)) == len(names)
    for name in names:
        assert name not in RESERVED
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name)


def test_columns_that_repeat_the_report_are_columns_of_the_report() -> None:
    own = set(table("reports").names())
    for one in TABLES:
        assert {column.name for column in one.columns if column.of_report} <= own


def test_the_dictionary_has_a_row_for_each_column() -> None:
    rows = dictionary()
    assert len(rows) == sum(len(one.columns) for one in TABLES)
    assert DICTIONARY.names() == DICTIONARY_COLUMNS
    [row] = [row for row in rows if row[:2] == ("facts", "scope")]
    assert row[2:7] == ("统计口径", "text", None, "annual 当年, cumulative 累计", None)


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(UsageError, match=r"there is no table 'cases'\. Tables: reports, facts,"):
        table("cases")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
