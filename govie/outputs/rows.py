"""From a report to the rows of all tables, with the columns of :mod:`govie.outputs.schema` in their order.

The columns and the values beside them are written by hand in the same order, for speed; ``tests/test_outputs_rows.py``
compares each row with its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

from govie.export import Extraction, ReportRecord, TableRecord, report_id
from govie.records import Fact, Failure, Section, Source
from govie.taxonomy import concepts

from .sentences import sentence_span

__all__ = ["ReportIds", "Row", "fact_rows", "failure_row", "report_rows"]

Row = tuple[Any, ...]


class ReportIds:
    """Gives each report of a run an id of its own: files with the same bytes get ``-2``, ``-3`` … behind it.

    Remembers eight bytes' worth a report, not the report.
    """

    def __init__(self) -> None:
        self._met: dict[int, int] = {}

    def take(self, source: Source) -> str:
        """Return the id of the next report, which was read from ``source``."""
        own = report_id(source)
        try:
            key = int(own, 16)
        except ValueError:  # a record made by hand need not carry a real hash
            key = hash(own)
        times = self._met.get(key, 0) + 1
        self._met[key] = times
        return own if times == 1 else f"{own}-{times}"


def report_rows(extraction: Extraction, own_id: str | None = None) -> dict[str, list[Row]]:
    """Return the rows of each table but ``failures`` for one report, called ``own_id`` (the id of its bytes where None)."""
    record = extraction.record
    own_id = own_id or report_id(record.source)
    facts = list(fact_rows(extraction, own_id))
    sections = list(_section_rows(record.sections, own_id))
    return {
        "reports": [_report_row(record, own_id, len(sections))],
        "facts": facts,
        "tables": [_table_row(table, own_id, number) for number, table in enumerate(record.tables, 1)],
        "cells": [
            row for number, table in enumerate(record.tables, 1) for row in _cell_rows(table, f"{own_id}-table{number}")
        ],
        "sections": sections,
        "findings": _finding_rows(record, own_id),
        "places": list(_place_rows(record, own_id, facts)),
        "contacts": [
            (f"{own_id}-contact{number}", own_id, one.kind, one.value, one.text, one.start, one.end)
            for number, one in enumerate(record.contacts, 1)
        ],
        "texts": [(own_id, extraction.text)],
    }


def failure_row(failure: Failure, number: int) -> Row:
    """Return the row of a file that failed, the ``number``-th that did."""
    return (number, failure.path, failure.error, failure.reason, failure.hint, failure.sha256)


def fact_rows(extraction: Extraction, own_id: str | None = None) -> Iterator[Row]:
    """Yield the rows of the table of facts."""
    record, text = extraction.record, extraction.text
    own_id = own_id or report_id(record.source)
    place = _place(record)
    identity = (record.title, record.authority, record.source.path)
    labels = _labels()
    fact_id = _fact_ids(own_id)
    for fact in record.facts:
        first, last = sentence_span(text, fact.start, fact.end)
        yield (
            fact_id(fact),
            own_id,
            *place,
            fact.concept,
            labels.get(fact.concept),
            fact.category,
            fact.applicant,
            fact.value,
            fact.unit,
            fact.scope,
            fact.year,
            fact.approximate,
            fact.text,
            text[first:last],
            fact.section,
            fact.source,
            fact.rule,
            fact.confidence,
            fact.page,
            fact.ocr_confidence,
            fact.start,
            fact.end,
            first,
            *identity,
        )


def _place(record: ReportRecord) -> Row:
    """Locality, county, city, province, code and year: what facts and findings repeat of their report."""
    place = record.locality
    if place is None:
        return (None, None, None, None, None, record.year)
    return (place.name, place.county, place.city, place.province, place.code, record.year)


def _report_row(record: ReportRecord, own_id: str, sections: int) -> Row:
    place, source = record.locality, record.source
    name, *above, year = _place(record)
    return (
        own_id,
        name,
        place.level if place else None,
        *above,
        place.candidates if place else None,
        year,
        record.period.start if record.period else None,
        record.period.end if record.period else None,
        record.issued,
        len(record.facts),
        len(record.tables),
        sections,
        len(record.findings),
        record.title,
        record.authority,
        source.media_type,
        source.encoding,
        source.sha256,
        source.chars,
        source.path,
    )


def _fact_ids(own_id: str) -> Callable[[Fact], str]:
    """Return what gives each fact of a report its id; a second fact with the same words for everything gets ``.2``."""
    met: dict[str, int] = {}

    def take(fact: Fact) -> str:
        told = (fact.concept, fact.category, fact.applicant, fact.scope, fact.year, fact.value, fact.start, fact.end)
        found = f"{own_id}-{blake2b(repr(told).encode('utf-8', 'surrogatepass'), digest_size=5).hexdigest()}"
        times = met[found] = met.get(found, 0) + 1
        return found if times == 1 else f"{found}.{times}"

    return take


def _table_row(table: TableRecord, own_id: str, number: int) -> Row:
    columns = max((len(row) for row in (table.header, *table.rows)), default=0)
    return (
        f"{own_id}-table{number}",
        own_id,
        number,
        table.format,
        table.caption,
        len(table.rows),
        columns,
        table.start,
        table.end,
    )


def _cell_rows(table: TableRecord, table_id: str) -> Iterator[Row]:
    for number, row in enumerate((table.header, *table.rows)):
        for column, text in enumerate(row, 1):
            yield (table_id, number, column, text)


def _section_rows(sections: tuple[Section, ...], own_id: str) -> Iterator[Row]:
    number = 0

    def below(siblings: tuple[Section, ...], parent: str | None) -> Iterator[Row]:
        nonlocal number
        for one in siblings:
            number += 1
            section_id = f"{own_id}-section{number}"
            yield (
                section_id,
                own_id,
                parent,
                one.number,
                one.level,
                one.heading,
                one.kind,
                " ".join(one.kinds),
                one.run_in,
                one.start,
                one.end,
                one.heading_start,
                one.heading_end,
            )
            yield from below(one.children, section_id)

    return below(sections, None)


def _finding_rows(record: ReportRecord, own_id: str) -> list[Row]:
    place = _place(record)
    return [
        (
            f"{own_id}-finding{number}",
            own_id,
            *place,
            finding.code,
            finding.severity,
            finding.message,
            " | ".join(span.text for span in finding.evidence),
            record.title,
            record.authority,
            record.source.path,
        )
        for number, finding in enumerate(record.findings, 1)
    ]


def _place_rows(record: ReportRecord, own_id: str, facts: list[Row]) -> Iterator[Row]:
    for row, fact in zip(facts, record.facts, strict=True):
        for number, span in enumerate(fact.also, 1):
            yield (f"{row[0]}-place{number}", own_id, row[0], None, span.start, span.end, span.text)
    for count, finding in enumerate(record.findings, 1):
        finding_id = f"{own_id}-finding{count}"
        for number, span in enumerate(finding.evidence, 1):
            yield (f"{finding_id}-place{number}", own_id, None, finding_id, span.start, span.end, span.text)


@cache
def _labels() -> dict[str, str]:
    return {concept.id: concept.label for concept in concepts().values()}
