"""A report as a record: what its JSON holds, key by key, and the JSON Schema of it.

One record feeds every output: :mod:`govie.outputs` makes the rows of all tables from the same :class:`ReportRecord`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from govie.records import Contact, Fact, Finding, Locality, Period, Section, Source, Table

__all__ = [
    "Extraction",
    "ReportRecord",
    "TableRecord",
    "confident",
    "json_schema",
    "report_id",
    "table_record",
]

SCHEMA_VERSION: Literal["1"] = "1"

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


def confident(fact: Fact, least: float, *, unrated: bool = True) -> bool:
    """Whether the confidence of ``fact`` is at least ``least`` (0 to 1), and that of the recognition of a scan's characters too.

    A fact that carries no confidence (of a rule or table) is so if ``unrated``.
    """
    rated = unrated if fact.confidence is None else fact.confidence >= least
    return rated and (fact.ocr_confidence is None or fact.ocr_confidence >= least)


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
