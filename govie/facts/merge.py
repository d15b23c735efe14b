"""From drafts and cells to the facts of the report: years filled in, restatements folded.

Identity is concept, category, applicant, scope, year and value: the same fact stated twice is one fact, the
prose one, with the other places in ``also``; with different values both stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from ..normalise import Normalised
from ..numerals import parse_year
from ..records import Fact, Metadata, Span
from .categories import clean_category
from .draft import Draft

__all__ = ["draft_facts", "merge_facts", "report_year"]

# A year that is not part of a document number (〔2017年〕).
_YEAR = re.compile(r"(?<![〔（\[])((?:19|20)\d\d|[一二][〇○零0O九][〇○零0O一二三四五六七八九]{2})年")
_SPACE = re.compile(r"\s+")


def report_year(metadata: Metadata, drafts: Sequence[Draft], normalised: Normalised) -> int | None:
    """Return the year reported on: the statistics period's, else the title's, else the one most facts carry."""
    if metadata.period is not None:
        return int(metadata.period.end[:4])
    if metadata.title_year is not None:
        return metadata.title_year
    named = [d.time.year for d in drafts if d.time.year is not None]
    if named:
        return Counter(named).most_common(1)[0][0]
    if metadata.issued:
        return int(metadata.issued[:4]) - 1
    years = [y for m in _YEAR.finditer(normalised.text) if (y := parse_year(m[1])) is not None]
    return Counter(years).most_common(1)[0][0] if years else None


def draft_facts(normalised: Normalised, drafts: Sequence[Draft], year: int | None) -> list[Fact]:
    """Return the drafts as facts, one for one."""
    facts = []
    for draft in drafts:
        start, end = normalised.to_source(draft.start, draft.end)
        own = draft.time.year
        if own is None and year is not None:
            own = year + draft.time.offset
        facts.append(
            Fact(
                concept=draft.concept,
                category=_category(normalised, draft),
                applicant=draft.applicant,
                value=draft.value,
                unit=draft.unit,
                scope=draft.time.scope,
                year=own,
                approximate=draft.approximate,
                start=start,
                end=end,
                text=normalised.source[start:end],
                section=draft.section,
                source="rule",
                rule=draft.rule,
            )
        )
    return facts


def _category(normalised: Normalised, draft: Draft) -> str | None:
    """The category in the characters of the text (traditional ones stay as written)."""
    if draft.category is None or draft.label is None:
        return draft.category
    start, end = normalised.to_source(*draft.label)
    return clean_category(_SPACE.sub("", normalised.source[start:end])) or draft.category


def merge_facts(stated: Sequence[Fact], cells: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts with restatements folded into the first; prose facts come before table facts."""
    first: dict[tuple[object, ...], Fact] = {}
    for fact in (*stated, *cells):
        value = fact.value if isinstance(fact.value, int) else round(fact.value, 4)
        key = (fact.concept, fact.category, fact.applicant, fact.scope, fact.year, value)
        known = first.get(key)
        if known is None:
            first[key] = fact
        elif (fact.start, fact.end) != (known.start, known.end):
            place = Span(fact.start, fact.end, fact.text)
            if place not in known.also:
                first[key] = msgspec.structs.replace(known, also=(*known.also, place))
    return tuple(sorted(first.values(), key=lambda f: (f.start, f.end)))
