"""Reports as records, rows and bytes: JSON, JSON Schema, and the table of facts behind CSV and data frames.

One record feeds all of them: :class:`ReportRecord` is what a report's JSON holds, key by key, and
:func:`fact_rows` flattens that same record to one row a fact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from govie.errors import UsageError
from govie.records import Contact, Fact, Finding, Locality, Period, Section, Source, Table
from govie.taxonomy import concepts

if TYPE_CHECKING:
    import pandas

__all__ = [
    "FACT_COLUMNS",
    "Extraction",
    "ReportRecord",
    "TableRecord",
    "csv_text",
    "fact_rows",
    "json_schema",
    "report_id",
    "table_record",
    "to_dataframe",
]

SCHEMA_VERSION: Literal["1"] = "1"

FACT_COLUMNS: Mapping[str, str] = {
    "report_id": "text",
    "path": "text",
    "title": "text",
    "authority": "text",
    "locality": "text",
    "county": "text",
    "city": "text",
    "province": "text",
    "code": "text",
    "report_year": "integer",
    "concept": "text",
    "label": "text",
    "category": "text",
    "applicant": "text",
    "value": "number",
    "unit": "text",
    "scope": "text",
    "year": "integer",
    "approximate": "boolean",
    "start": "offset",
    "end": "offset",
    "text": "text",
    "section": "text",
    "source": "text",
    "rule": "text",
    "confidence": "number",
    "page": "integer",
    "ocr_confidence": "number",
}
"""The columns of the table of facts, in order, and what each holds. ``label`` is the official Chinese wording
of the concept; ``code`` is text (a county code is no number); ``start``/``end`` are offsets into the report's text;
``report_year`` is the year reported on, ``year`` that of the fact."""


_PANDAS_TYPES = {"text": "object", "integer": "Int64", "number": "float64", "boolean": "bool", "offset": "int64"}


class TableRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A table as the JSON gives it: :class:`govie.records.Table` without the offsets of its cells."""

    format: str | None
    caption: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    start: int
    end: int


class ReportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A report as its JSON gives it; the keys are explained in ``docs/output.md``."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    source: Source
    title: str | None
    authority: str | None
    locality: Locality | None
    year: int | None
    period: Period | None
    issued: str | None
    contacts: tuple[Contact, ...]
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    tables: tuple[TableRecord, ...]
    findings: tuple[Finding, ...]


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """A report and its text: what outputs are written from (sentences are cut from the text)."""

    record: ReportRecord
    text: str


def table_record(table: Table) -> TableRecord:
    """Return ``table`` as the JSON gives it."""
    return TableRecord(
        format=table.format,
        caption=table.caption,
        header=table.header,
        rows=table.rows,
        start=table.start,
        end=table.end,
    )


def report_id(source: Source) -> str:
    """Return the id that rows of one report share: the first 16 hex digits of the SHA-256 of what was read."""
    return source.sha256[:16]


def fact_rows(record: ReportRecord) -> Iterator[dict[str, Any]]:
    """Yield one row a fact, with the keys of :data:`FACT_COLUMNS` in their order; None where nothing is known."""
    place = record.locality
    report = {
        "report_id": report_id(record.source),
        "path": record.source.path,
        "title": record.title,
        "authority": record.authority,
        "locality": place.name if place else None,
        "county": place.county if place else None,
        "city": place.city if place else None,
        "province": place.province if place else None,
        "code": place.code if place else None,
        "report_year": record.year,
    }
    labels = _labels()
    for fact in record.facts:
        yield report | {
            "concept": fact.concept,
            "label": labels.get(fact.concept),
            "category": fact.category,
            "applicant": fact.applicant,
            "value": fact.value,
            "unit": fact.unit,
            "scope": fact.scope,
            "year": fact.year,
            "approximate": fact.approximate,
            "start": fact.start,
            "end": fact.end,
            "text": fact.text,
            "section": fact.section,
            "source": fact.source,
            "rule": fact.rule,
            "confidence": fact.confidence,
            "page": fact.page,
            "ocr_confidence": fact.ocr_confidence,
        }


def to_dataframe(record: ReportRecord) -> pandas.DataFrame:
    """Return :func:`fact_rows` as a pandas DataFrame; its columns have the same types also where there are no facts.

    Text columns are objects (str or None), so that a county code stays text; years are nullable integers, offsets
    integers, values and confidences floats. Raises UsageError if pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise UsageError(
            "a data frame needs pandas, which is not installed",
            hint="Install it with govie: pip install 'govie[pandas]'.",
        ) from None
    rows = list(fact_rows(record))
    return pandas.DataFrame(
        {
            column: pandas.Series([row[column] for row in rows], dtype=_PANDAS_TYPES[kind])
            for column, kind in FACT_COLUMNS.items()
        }
    )


def csv_text(rows: Iterable[Mapping[str, Any]], *, header: bool = False) -> str:
    """Return ``rows`` of :func:`fact_rows` as CSV lines, after a header line if asked for.

    A text that a spreadsheet would run as a formula (one that starts with ``= + - @``, a tab or a carriage
    return and is no plain number) gets an apostrophe in front; numbers stay numbers. Missing values are empty.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if header:
        writer.writerow(FACT_COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in FACT_COLUMNS])
    return buffer.getvalue()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a report's JSON, generated from :class:`ReportRecord`."""
    schema = _with_flowing_descriptions(msgspec.json.schema(ReportRecord))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "govie report",
        "description": "One annual report on open government information, as govie reads it; start and end are "
        "offsets in Unicode code points into the report's text.",
        **schema,
    }


def _with_flowing_descriptions(schema: Any) -> Any:
    """Return ``schema`` with each description on one line: docstrings are indented before Python 3.13 only."""
    if isinstance(schema, dict):
        return {
            key: " ".join(value.replace("``", "").split())
            if key == "description" and isinstance(value, str)
            else _with_flowing_descriptions(value)
            for key, value in schema.items()
        }
    return [_with_flowing_descriptions(value) for value in schema] if isinstance(schema, list | tuple) else schema


@cache
def _labels() -> dict[str, str]:
    return {concept.id: concept.label for concept in concepts().values()}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    sign_off = text[1:] if text[0] in "+-" else text
    return sign_off.replace(".", "", 1).isdecimal() and sign_off.isascii()
