"""An annotated report: the text, its labelled spans, and the facts that point to them.

This is the record that every annotation format is read into and written from (:mod:`.inline`,
:mod:`.brat`, and the formats of annotation tools). The labels are explained in ``corpus/GUIDELINES.md``.
"""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["FINDINGS", "INFORMATIVE", "LABELS", "AnnotatedFact", "AnnotatedReport", "AnnotatedSpan", "ReportCard"]

LABELS = (
    "TITLE",
    "AUTHORITY",
    "HEADING",
    "PERIOD",
    "DATE",
    "CONTACT",
    "CATEGORY",
    "COUNT",
    "CELL",
    "ZERO",
    "SHARE",
    "NUMBER",
)
"""COUNT: a number in prose that makes a fact; CELL: the same in a table; ZERO: words that state there was none;
SHARE: a percentage of a whole; NUMBER: a number of no concept, marked where a reader could take it for a fact."""

INFORMATIVE = ("value.missing", "table.missing")
FINDINGS = (
    "year.mismatch",
    "sum.categories",
    "sum.channels",
    "share.mismatch",
    "table.identity",
    "text_table.mismatch",
    "section.missing",
    "value.implausible",
    *INFORMATIVE,
)
"""The codes a card may list; the informative ones say that something is not on the page, not that it is wrong."""


class AnnotatedSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled span; ``attributes`` hold what the label needs (level, kind, value ...)."""

    id: str
    label: str
    start: int
    end: int
    attributes: dict[str, str] = {}


class AnnotatedFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the gold: the span that states it, and the CATEGORY span it is paired with, if any."""

    span: str
    concept: str
    value: int | float
    unit: str
    scope: str
    year: int
    applicant: str | None = None
    category: str | None = None
    category_span: str | None = None
    approximate: bool = False
    optional: bool = False


class ReportCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is true of the whole report: place, year, format, findings, and who wrote it."""

    year: int
    town: str
    title: str | None = None
    authority: tuple[str, ...] = ()
    level: str = "town"
    county: str | None = None
    city: str | None = None
    province: str | None = None
    code: str | None = None
    candidates: int | None = None
    period: tuple[str, str] | None = None
    issued: str | None = None
    table: str | None = None
    findings: tuple[str, ...] = ()
    findings_optional: tuple[str, ...] = ()
    hand: str = ""


class AnnotatedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report and its gold."""

    name: str
    text: str
    card: ReportCard
    spans: tuple[AnnotatedSpan, ...]
    facts: tuple[AnnotatedFact, ...]

    def span(self, span_id: str) -> AnnotatedSpan:
        """Return the span with this id; raises KeyError if there is none."""
        for span in self.spans:
            if span.id == span_id:
                return span
        raise KeyError(span_id)

    def to_gold(self) -> dict[str, Any]:
        """Return the gold in the keys of a report's JSON: title, authority, sections, facts, findings ..."""
        card = self.card
        headings = [s for s in self.spans if s.label == "HEADING"]
        contacts = [s for s in self.spans if s.label == "CONTACT"]
        locality: dict[str, Any] = {"name": card.town}
        if card.code is not None:
            locality["code"] = card.code if card.code != "none" else None
        if card.candidates is not None:
            locality["candidates"] = card.candidates
        return {
            "title": card.title,
            "authority": list(card.authority),
            "locality": locality,
            "year": card.year,
            "period": list(card.period) if card.period else None,
            "issued": card.issued,
            "contacts": [[s.attributes["kind"], s.attributes["value"]] for s in contacts],
            "sections": [_gold_section(self.text, s) for s in headings],
            "facts": _unique_facts(self.facts),
            # Informative codes are in the card, and the scorer counts them neither way.
            "findings": [code for code in card.findings if code not in INFORMATIVE],
            "findings_optional": list(card.findings_optional),
        }


def _gold_section(text: str, span: AnnotatedSpan) -> dict[str, Any]:
    kind = span.attributes.get("kind")
    section = {
        "level": int(span.attributes["level"]),
        "heading": text[span.start : span.end],
        "kind": kind.split("+")[0] if kind else None,
        "run_in": span.attributes.get("run_in") == "yes",
    }
    return section | ({"optional": True} if span.attributes.get("optional") else {})


def _unique_facts(facts: tuple[AnnotatedFact, ...]) -> list[dict[str, Any]]:
    """The same fact stated twice with the same value is one fact, the first one."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for fact in facts:
        record = {
            "concept": fact.concept,
            "category": fact.category,
            "applicant": fact.applicant,
            "value": fact.value,
            "unit": fact.unit,
            "scope": fact.scope,
            "year": fact.year,
        } | ({"optional": True} if fact.optional else {})
        seen.setdefault(tuple(v for k, v in record.items() if k != "unit"), record)
    return list(seen.values())
