"""The plain frozen records that the stages hand to one another.

All ``start``/``end`` are offsets in Unicode code points into the text the reader produced
(``Document.text``, ``Report.text``), half-open: ``text[start:end]``. Names follow XBRL: a *fact* is a
*value* of a *concept*, in a *unit*, for a *scope* and a year.

Records of which a report has hundreds are kept off the garbage collector (``gc=False``): they hold no cycles.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "Block",
    "Cell",
    "Contact",
    "Document",
    "Fact",
    "Failure",
    "Finding",
    "Grid",
    "Locality",
    "Metadata",
    "Origin",
    "Period",
    "Section",
    "Source",
    "Span",
    "Table",
]

Scope = Literal["annual", "cumulative"]
FactSource = Literal["rule", "model", "table"]
Applicant = Literal["natural_person", "enterprise", "research", "nonprofit", "legal_service", "other"]


class Span(msgspec.Struct, frozen=True):
    """A piece of the text: ``report.text[start:end] == text``."""

    start: int
    end: int
    text: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report came from.

    ``path`` is None for text handed over in memory; ``sha256`` is of the bytes read (of the UTF-8
    encoding for text in memory); ``chars`` is ``len(report.text)``; ``encoding`` is the one the bytes
    were decoded with, None for text in memory.
    """

    path: str | None
    media_type: str
    sha256: str
    chars: int
    encoding: str | None = None


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One cell of a grid: its place in the grid (0-based), its span in the text and its extent."""

    row: int
    column: int
    start: int
    end: int
    text: str
    rowspan: int = 1
    colspan: int = 1


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A table that the reader met as a table (HTML ``<table>``, Word, ruled lines of a PDF): its span and its cells, row by row."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    caption: str | None = None


class Origin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where in the file a block came from; all counted from 1, None where the format has no such thing.

    ``page`` of a PDF or scan; ``paragraph`` of a Word document (those in table cells not counted); ``table`` and ``row`` of a
    line that is a table's row, or stands in a cell of a table that only lays out a Word document: the table's number in
    the file (for HTML, among the tables of data in the report) and the row's in it.
    """

    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None


class Block(msgspec.Struct, frozen=True, gc=False):
    """One line of the text as the reader saw it.

    ``kind`` keeps what the mark-up said of it; ``confidence`` is how sure optical character recognition was of its
    characters (0 to 1, the lowest of its pieces), None for text that was text in the file.
    """

    start: int
    end: int
    kind: Literal["line", "heading", "table"] = "line"
    origin: Origin | None = None
    confidence: float | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader returns: the text, its lines, the tables met as tables, and what the page said of itself.

    ``page`` holds metadata that the page kept outside the report's text, under plain names:
    ``title``, ``published`` (ISO date), ``publisher``.
    """

    text: str
    source: Source
    blocks: tuple[Block, ...] = ()
    grids: tuple[Grid, ...] = ()
    page: dict[str, str] = {}


class Period(msgspec.Struct, frozen=True):
    """The statistics period, both ends included, as ISO dates."""

    start: str
    end: str


class Contact(msgspec.Struct, frozen=True):
    """A way to reach the office: ``kind`` is phone, fax, email, address, postcode, website or name.

    ``value`` is the cleaned form (blanks out, half-width digits), ``text`` the words as they stand.
    """

    kind: str
    value: str
    start: int
    end: int
    text: str


class Locality(msgspec.Struct, frozen=True, kw_only=True):
    """The place reported on.

    ``level`` is ``town`` or ``county`` (``city`` and ``province`` for the bureaus of those); ``code`` is the county's six-digit code (GB/T 2260) of the
    report year, None where neither the text nor a unique town name settles it; ``candidates`` counts
    the towns of exactly this name in the gazetteer.
    """

    name: str
    level: Literal["town", "county", "city", "province"]
    county: str | None = None
    city: str | None = None
    province: str | None = None
    code: str | None = None
    candidates: int = 0


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """Who reports, for when: every field None (or empty) where the page does not say."""

    title: str | None = None
    authority: str | None = None
    locality: Locality | None = None
    period: Period | None = None
    issued: str | None = None
    contacts: tuple[Contact, ...] = ()
    title_year: int | None = None
    period_year: int | None = None
    title_span: Span | None = None
    period_span: Span | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A section: ``start``/``end`` from its heading's number to the next heading of its level or above.

    ``heading`` is the heading without number and closing punctuation;
    ``text[heading_start:heading_end]`` is the same words as they stand (blanks kept).
    ``kinds`` lists all kinds the heading names, ``kind`` the first of them.
    """

    number: str | None
    level: int
    heading: str
    kind: str | None
    kinds: tuple[str, ...] = ()
    run_in: bool = False
    start: int
    end: int
    heading_start: int
    heading_end: int
    children: tuple[Section, ...] = ()


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the report and what it means.

    ``section`` is the kind of the level-1 section it stands in; ``rule`` names the rule, form row or
    model version that made it; ``confidence`` is a calibrated probability, None where there is none.
    ``also`` lists other places that state the same fact with the same value. ``page`` is the page of the file it stands on
    (from 1), ``ocr_confidence`` how sure optical character recognition was of its line; both None where the file has none.
    """

    concept: str
    category: str | None = None
    applicant: Applicant | None = None
    value: int | float
    unit: str
    scope: Scope = "annual"
    year: int | None = None
    approximate: bool = False
    start: int
    end: int
    text: str
    section: str | None = None
    source: FactSource = "rule"
    rule: str | None = None
    confidence: float | None = None
    also: tuple[Span, ...] = ()
    page: int | None = None
    ocr_confidence: float | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the report.

    ``format`` is one of ``pre2014 2014 2019 2021``, None for a table of another kind; ``rows`` are
    padded to the same length; ``cells`` carry the offsets.
    """

    format: str | None
    caption: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    start: int
    end: int
    cells: tuple[Cell, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the report that contradicts itself or the law; ``evidence`` are the places it rests on."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    evidence: tuple[Span, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a batch that gave no report.

    ``path`` is the source as it was given; ``error`` names the kind (``ReadError``, ``TimeLimitError`` …, the classes of
    :mod:`govie.errors`), ``reason`` and ``hint`` are its message in two parts; ``sha256`` is of the file's bytes, None where
    they could not be read.
    """

    path: str
    error: str
    reason: str
    hint: str | None = None
    sha256: str | None = None
