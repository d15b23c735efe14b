"""One report against its gold: which facts, headings, kinds, metadata and findings agree.

Facts are compared as (concept, category, applicant, scope, year, value): categories without blanks, signs and closing
类/信息/公开/情况, values to four digits. Optional items of the gold count neither way. Items are compared as sets: the
same fact stated twice is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from govie.export import ReportRecord
from govie.interchange.annotation import INFORMATIVE, AnnotatedReport
from govie.records import Fact, Section

from .records import MistakeKind, Score

__all__ = ["FactOutcome", "ReportScore", "category_key", "fact_key", "heading_key", "score_report"]

FactKey = tuple[str, str | None, str | None, str, int | None, float]
PROSE_LABELS = ("COUNT", "ZERO")


class Place(msgspec.Struct, frozen=True):
    """A stretch of the report's text."""

    start: int
    end: int


class FactOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that was found (in ``gold`` and ``got``), missed (``gold`` alone) or made up (``got`` alone).

    A fact missed and one made up at the same place are one outcome with both, ``kind`` says how they differ.
    ``prose`` says where the gold has it, else where it was read; ``label`` is COUNT, ZERO or CELL, that of the gold's
    span, for what was made up that of such a fact.
    """

    gold: FactKey | None
    got: FactKey | None
    right: bool
    prose: bool
    label: str
    place: Place
    kind: MistakeKind | None = None
    confidence: float | None = None
    source: str | None = None


class ReportScore(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison of one report found; ``rated`` are (confidence, right) of the facts that carry one."""

    facts: tuple[FactOutcome, ...]
    headings: Score
    own_line_headings: Score
    kinds: Score
    findings: Score
    metadata: dict[str, bool]
    rated: tuple[tuple[float, bool], ...]
    unrated: int
    wrong_offsets: int


def category_key(label: str | None) -> str | None:
    """Return a category label as labels are compared."""
    if label is None:
        return None
    label = re.sub(r"[\s\u3000\u200b\ufeff、，,/与和及（）()]+", "", label)
    while (shorter := re.sub("(类|信息|公开|情况)$", "", label)) and shorter != label:
        label = shorter
    return label


def heading_key(heading: str | None) -> str:
    """Return a heading (or title, or authority) as they are compared: without blanks and signs."""
    return re.sub("[\\s\u3000\u200b\ufeff，,。.:：；;、（）()“”\"']+", "", heading or "")


def fact_key(fact: Any) -> FactKey:
    """Return what of a fact (of the gold or read) is compared."""
    return (fact.concept, category_key(fact.category), fact.applicant, fact.scope, fact.year, round(float(fact.value), 4))


def score_report(gold: AnnotatedReport, got: ReportRecord | None) -> ReportScore:
    """Return how ``got`` compares with ``gold``; None stands for a report that could not be read."""
    answer = gold.to_gold()
    facts = got.facts if got is not None else ()
    sections = list(_flat(got.sections)) if got is not None else []
    rated, unrated = _rated(gold, facts)
    return ReportScore(
        facts=tuple(_fact_outcomes(gold, facts)),
        rated=rated,
        unrated=unrated,
        metadata=_metadata(answer, got),
        findings=_findings(answer, got),
        wrong_offsets=sum(gold.text[fact.start : fact.end] != fact.text for fact in facts),
        **_sections(answer["sections"], sections),
    )


def compared(gold: set[Any], got: set[Any], optional: set[Any]) -> Score:
    """Return the counts of two sets of items; the optional ones count neither way."""
    return Score(tp=len(gold & got), fn=len(gold - got), fp=len(got - gold - optional))


# ---- facts


def _fact_outcomes(gold: AnnotatedReport, facts: tuple[Fact, ...]) -> Iterator[FactOutcome]:
    spans = {span.id: span for span in gold.spans}
    places: dict[FactKey, Place] = {}
    labels: dict[FactKey, str] = {}
    must: dict[FactKey, None] = {}
    optional: set[FactKey] = set()
    for fact in gold.facts:
        key, span = fact_key(fact), spans[fact.span]
        places.setdefault(key, Place(span.start, span.end))
        if labels.get(key) not in PROSE_LABELS:  # what stands in prose and table is of the prose
            labels[key] = span.label
        if fact.optional:
            optional.add(key)
        else:
            must[key] = None
    read: dict[FactKey, Fact] = {}
    for fact_read in facts:
        read.setdefault(fact_key(fact_read), fact_read)
    for key in must:
        if key in read:
            one = read[key]
            yield _outcome(key, key, places[key], labels[key], one)
    extra = {key: fact for key, fact in read.items() if key not in must and key not in optional}
    for key in must:
        if key not in read:
            yield _missed(key, places[key], labels[key], extra)
    for key, fact_read in extra.items():
        label = "CELL" if fact_read.source == "table" else "COUNT" if fact_read.value else "ZERO"
        yield _outcome(None, key, Place(fact_read.start, fact_read.end), label, fact_read, "invented")


def _missed(key: FactKey, place: Place, label: str, extra: dict[FactKey, Fact]) -> FactOutcome:
    """The outcome of a fact that was not found; what was read in its place is taken out of ``extra``."""
    there = [k for k, fact in extra.items() if any(s < place.end and place.start < e for s, e in _stretches(fact))]
    if not there:
        return _outcome(key, None, place, label, None, "missed")
    best = max(there, key=lambda k: sum(one == other for one, other in zip(k, key, strict=True)) + 10 * (k[0] == key[0]))
    return _outcome(key, best, place, label, extra.pop(best), "other details" if best[0] == key[0] else "another concept")


def _outcome(
    gold: FactKey | None, got: FactKey | None, place: Place, label: str, fact: Fact | None, kind: MistakeKind | None = None
) -> FactOutcome:
    return FactOutcome(
        gold=gold, got=got, right=kind is None, prose=label in PROSE_LABELS, label=label, place=place, kind=kind,
        confidence=fact.confidence if fact else None, source=fact.source if fact else None,
    )  # fmt: skip


def _stretches(fact: Fact) -> Iterator[tuple[int, int]]:
    yield fact.start, fact.end
    yield from ((span.start, span.end) for span in fact.also)


def _rated(gold: AnnotatedReport, facts: tuple[Fact, ...]) -> tuple[tuple[tuple[float, bool], ...], int]:
    must = {fact_key(fact) for fact in gold.facts if not fact.optional}
    optional = {fact_key(fact) for fact in gold.facts if fact.optional}
    rated = []
    for fact in facts:
        key = fact_key(fact)
        if fact.confidence is not None and (key in must or key not in optional):
            rated.append((fact.confidence, key in must))
    return tuple(rated), sum(fact.confidence is None for fact in facts)


# ---- the rest


def _flat(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _flat(section.children)


def _sections(gold: list[dict[str, Any]], got: list[Section]) -> dict[str, Score]:
    must = [s for s in gold if not s.get("optional")]
    may = [s for s in gold if s.get("optional")]

    def levelled(items: list[dict[str, Any]]) -> set[Any]:
        return {(s["level"], heading_key(s["heading"])) for s in items}

    def kinds(items: list[dict[str, Any]]) -> set[Any]:
        return {(heading_key(s["heading"]), s["kind"]) for s in items if s["kind"]}

    own = {heading_key(s["heading"]) for s in must if not s["run_in"]}
    read = {heading_key(s.heading) for s in got if not s.run_in}
    return {
        "headings": compared(levelled(must), {(s.level, heading_key(s.heading)) for s in got}, levelled(may)),
        # A heading that the gold has run into its paragraph is no error on its own line.
        "own_line_headings": compared(own, read, {heading_key(s["heading"]) for s in gold}),
        "kinds": compared(kinds(must), {(heading_key(s.heading), s.kind) for s in got if s.kind}, {(heading_key(s["heading"]), s["kind"]) for s in may}),
    }


def _findings(gold: dict[str, Any], got: ReportRecord | None) -> Score:
    codes = {finding.code for finding in got.findings} - set(INFORMATIVE) if got is not None else set()
    return compared(set(gold["findings"]), codes, set(gold["findings_optional"]))


def _metadata(gold: dict[str, Any], got: ReportRecord | None) -> dict[str, bool]:
    fields = ["year", "title", "authority", "locality", "issued", "period", "contacts"]
    fields += ["county code"] if "code" in gold["locality"] else []
    if got is None:
        return dict.fromkeys(fields, False)
    locality = got.locality
    authorities = {heading_key(form) for form in gold["authority"] or [None]}
    contacts = {(contact.kind, contact.value) for contact in got.contacts}
    right = {
        "year": got.year == gold["year"],
        "title": heading_key(got.title) == heading_key(gold["title"]),
        "authority": heading_key(got.authority) in authorities,
        "locality": (locality.name if locality else None) == gold["locality"]["name"],
        "issued": got.issued == gold["issued"],
        "period": ([got.period.start, got.period.end] if got.period else None) == gold["period"],
        "contacts": contacts >= {(kind, value) for kind, value in gold["contacts"]},
        "county code": (locality.code if locality else None) == gold["locality"].get("code"),
    }
    return {field: right[field] for field in fields}
