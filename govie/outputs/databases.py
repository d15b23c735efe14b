"""The tables as a database: with keys, a few views, and the data dictionary as a table.

What DuckDB (:mod:`.duckdb`) and SQLite (:mod:`.sqlite`) share.

Columns that repeat what the report's row says are left out of the tables and are in the view ``facts_with_reports``.
A section's ``parent_id`` is no foreign key: DuckDB refuses rows that point to others of the same insertion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import ClassVar

from .rows import Row
from .schema import DICTIONARY, REPORT_ID, TABLES, Column, TableDefinition, dictionary
from .writer import TableWriter

__all__ = ["VIEWS", "Database"]

_FIRST_OF_YEAR = """
  SELECT report_id, concept, value, unit FROM (
    SELECT f.report_id, f.concept, f.value, f.unit,
           row_number() OVER (PARTITION BY f.report_id, f.concept ORDER BY f."start", f."end", f.fact_id) AS place
    FROM facts f JOIN reports r ON r.report_id = f.report_id
    WHERE f.scope = 'annual' AND f.category IS NULL AND f.applicant IS NULL AND f.year = r.report_year
  ) AS ordered WHERE place = 1
"""
_SHOWN = {
    "disclosed": "disclosure.total",
    "website": "disclosure.channel.website",
    "requests_received": "requests.received",
    "requests_closed": "requests.closed",
    "requests_answered": "requests.outcome.total",
    "granted": "requests.outcome.granted",
    "partly_granted": "requests.outcome.partly_granted",
    "review_cases": "review.total",
    "litigation_cases": "litigation.total",
}
_PIVOT = ",\n  ".join(
    f"max(CASE WHEN t.concept = '{concept}' THEN t.value END) AS {name}" for name, concept in _SHOWN.items()
)
_SUMS = ",\n  ".join(
    f"sum({name}) AS {name}, count({name}) AS reports_with_{name}"
    for name in _SHOWN
    if name.startswith("requests") or name.endswith("granted")
)
_OF_REPORT = ", ".join(
    f"r.{name}"
    for name in ("locality", "county", "city", "province", "code", "report_year", "title", "authority", "path")
)

VIEWS: Mapping[str, tuple[str, str]] = {
    "facts_with_reports": (
        "the facts, each with what identifies its report",
        f"SELECT f.*, {_OF_REPORT} FROM facts f JOIN reports r ON r.report_id = f.report_id",
    ),
    "report_totals": (
        "one value a report and concept: annual, of the report's year, not broken down, the first in the text where the report contradicts itself",
        _FIRST_OF_YEAR,
    ),
    "totals_by_town_and_year": (
        "one row a report, the main totals side by side; null where the report does not state one",
        f"""SELECT r.province, r.city, r.county, r.code, r.locality, r.report_year, r.report_id,
  {_PIVOT}
FROM reports r LEFT JOIN report_totals t ON t.report_id = r.report_id
GROUP BY r.province, r.city, r.county, r.code, r.locality, r.report_year, r.report_id""",
    ),
    "requests_by_year": (
        "requests by year: sums, and how many reports state each",
        f"SELECT report_year, count(*) AS reports,\n  {_SUMS}\nFROM totals_by_town_and_year GROUP BY report_year",
    ),
    "findings_by_county": (
        "how many findings of each kind, in how many reports, by county",
        """SELECT r.province, r.city, r.county, r.code, n.finding, n.severity,
  count(*) AS findings, count(DISTINCT n.report_id) AS reports
FROM findings n JOIN reports r ON r.report_id = n.report_id
GROUP BY r.province, r.city, r.county, r.code, n.finding, n.severity""",
    ),
    "facts_by_concept": (
        "how often each concept is stated, and how often as zero",
        """SELECT concept, label, unit, count(*) AS facts, count(DISTINCT report_id) AS reports,
  sum(CASE WHEN value = 0 THEN 1 ELSE 0 END) AS zeros, min(value) AS least, avg(value) AS mean, max(value) AS greatest
FROM facts GROUP BY concept, label, unit""",
    ),
}
"""Each view with what it holds and its query, in an order in which they can be made."""


class Database(TableWriter):
    """What both databases share: tables, keys, views and the dictionary."""

    types: ClassVar[Mapping[str, str]]

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self.kept = {one.name: _kept(one) for one in TABLES}

    def write_rows(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """Insert the rows of each table."""
        for one in TABLES:
            if tables[one.name]:
                columns, take = self.kept[one.name]
                self.insert(one, columns, [take(row) for row in tables[one.name]])

    def insert(self, definition: TableDefinition, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Insert ``rows``, which hold ``columns``, into the table of ``definition``."""
        raise NotImplementedError

    def statements(self) -> list[str]:
        """Return the statements that make the tables."""
        return [_create(one, self.kept[one.name][0], self.types) for one in TABLES] + [
            _create(DICTIONARY, DICTIONARY.columns, self.types)
        ]

    def complete(self) -> None:
        """Make the dictionary and the views."""
        self.insert(DICTIONARY, DICTIONARY.columns, dictionary())
        for name, (_, query) in VIEWS.items():
            self.run(f"CREATE VIEW {name} AS {query}")

    def run(self, statement: str) -> None:
        """Run one statement."""
        raise NotImplementedError


def _kept(definition: TableDefinition) -> tuple[tuple[Column, ...], Callable[[Row], Row]]:
    """The columns that the table has in a database, and what takes their values out of a row."""
    own = definition.key == (REPORT_ID,)
    kept = [place for place, column in enumerate(definition.columns) if own or not column.of_report]
    return tuple(definition.columns[place] for place in kept), itemgetter(*kept)


def _create(definition: TableDefinition, columns: Sequence[Column], types: Mapping[str, str]) -> str:
    lines = [f'"{one.name}" {types[one.type]}{"" if one.null else " NOT NULL"}' for one in columns]
    lines.append(f"PRIMARY KEY ({', '.join(_name(name) for name in definition.key)})")
    for column in columns:
        if column.references:
            key = next(one.key[0] for one in TABLES if one.name == column.references)
            lines.append(f'FOREIGN KEY ("{column.name}") REFERENCES "{column.references}" ("{key}")')
    return f'CREATE TABLE "{definition.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _name(name: str) -> str:
    return f'"{name}"'
