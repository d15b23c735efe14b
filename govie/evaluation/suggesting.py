"""What an extractor reads in a report, as an annotation that a person goes over.

The spans of title, authority, period and date are looked up in the text, since a report says what they are and not
where; a category count is paired with the label before (or behind) it. What has no place is left out and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import govie
from govie.interchange.annotation import AnnotatedFact, AnnotatedReport, AnnotatedSpan, ReportCard
from govie.interchange.inline import clean_category
from govie.normalise import Normalised, collapse
from govie.numerals import CHINESE_DIGITS
from govie.records import Fact

__all__ = ["suggestion"]

BY_CATEGORY = "disclosure.by_category"
_REACH = 80
_SIGNS = " \t\r\n\u3000\u00a0\u200b，、；：。,;:"
_CLOSING = re.compile(r"\s*(?:类|信息|公开|情况)")
_DIGIT = re.compile(rf"[\d０-９{''.join(CHINESE_DIGITS)}十百]")


def suggestion(report: govie.Report, name: str) -> tuple[AnnotatedReport, list[str]]:
    """Return ``report`` as an annotation called ``name``, and what could not be marked, one line each.

    A fact without a year (where the page names none) is left out; the card of such a report has the year 0.
    """
    work = _Suggestion(report)
    spans = sorted(work.all_spans(), key=lambda span: (span.start, -span.end, span.label))
    numbered = [AnnotatedSpan(id=f"T{n}", label=s.label, start=s.start, end=s.end, attributes=s.attributes) for n, s in enumerate(spans, 1)]
    ids = {(span.start, span.end, span.label in work.FACT_LABELS): span.id for span in numbered}
    order = {span.id: place for place, span in enumerate(numbered)}
    facts = sorted(work.facts(ids), key=lambda fact: order[fact.span])
    annotated = AnnotatedReport(name=name, text=report.text, card=work.card(), spans=tuple(numbered), facts=tuple(facts))
    return annotated, [f"{name}: {notice}" for notice in work.notices]


class _Suggestion:
    FACT_LABELS = ("COUNT", "CELL", "ZERO")

    def __init__(self, report: govie.Report) -> None:
        self.report, self.text = report, report.text
        self.notices: list[str] = []
        self.labels: dict[int, tuple[int, int]] = {}
        """The stretches of category labels, by the place of their facts in the report."""
        self.places: dict[tuple[int, int], tuple[int, int]] = {}
        """The stretches of facts, and what of them is marked."""
        if report.year is None:
            self.notices.append("no year is named; its facts without a year of their own are left out")

    def card(self) -> ReportCard:
        report, place = self.report, self.report.locality
        tables = [table.format for table in report.tables if table.format]
        return ReportCard(
            year=report.year or 0,
            town=place.name if place else "",
            title=report.title,
            authority=(report.authority,) if report.authority else (),
            level=place.level if place else "town",
            county=place.county if place else None,
            city=place.city if place else None,
            province=place.province if place else None,
            code=place.code if place else None,
            period=(report.period.start, report.period.end) if report.period else None,
            issued=report.issued,
            table=tables[0] if tables else None,
            findings=tuple(dict.fromkeys(finding.code for finding in report.findings)),
        )

    # ---- spans

    def spans(self) -> Iterator[AnnotatedSpan]:
        """Yield the spans but those of facts, without ids and in no order."""
        yield from self._metadata()
        for section in self.report.sections.flat():
            attributes = {"level": str(section.level)} | ({"kind": "+".join(section.kinds or (section.kind,))} if section.kind else {})
            attributes |= {"run_in": "yes"} if section.run_in else {}
            yield from self._span("HEADING", section.heading_start, section.heading_end, attributes)
        for contact in self.report.contacts:
            yield from self._span("CONTACT", contact.start, contact.end, {"kind": contact.kind, "value": contact.value})
        for place, fact in enumerate(self.report.facts):
            if fact.concept == BY_CATEGORY and (label := self._label(fact)) is not None:
                self.labels[place] = label
        for start, end in sorted(set(self.labels.values())):
            yield from self._span("CATEGORY", start, end, {})

    def all_spans(self) -> Iterator[AnnotatedSpan]:
        """Yield the spans of :meth:`spans`, and those of facts once each, cut where they run over one of the others."""
        others = list(self.spans())
        yield from others
        taken = [(span.start, span.end) for span in others]
        own: set[tuple[int, int]] = set()
        kept = [fact for fact in self.report.facts if self._kept(fact)]
        for fact in sorted(kept, key=lambda fact: (fact.end - fact.start, fact.start)):
            place = (fact.start, fact.end)
            if place in self.places:
                continue
            cut = self._free(place, taken)
            if cut is None:
                cut = next((p for p in own if place[0] <= p[0] and p[1] <= place[1]), place)
            self.places[place] = cut
            if cut not in own:
                own.add(cut)
                taken.append(cut)
                yield from self._span(self._kind(fact), *cut, {})

    def _free(self, place: tuple[int, int], taken: list[tuple[int, int]]) -> tuple[int, int] | None:
        """The longest part of ``place`` that runs over none of ``taken``, without signs at its edges; None if all does."""
        parts = [place]
        for first, last in taken:
            cuts = [((start, min(end, first)), (max(start, last), end)) for start, end in parts]
            parts = [cut for both in cuts for cut in dict.fromkeys(both) if cut[0] < cut[1]]
        found = []
        for start, end in parts:
            words = self.text[start:end]
            found.append((end - len(words.lstrip(_SIGNS)), start + len(words.rstrip(_SIGNS))))
        best = max(found, key=lambda part: part[1] - part[0], default=(0, 0))
        return best if best[0] < best[1] else None

    def _span(self, label: str, start: int, end: int, attributes: dict[str, str]) -> Iterator[AnnotatedSpan]:
        if self.text[start:end].strip():
            yield AnnotatedSpan(id="", label=label, start=start, end=end, attributes=attributes)

    def _kind(self, fact: Fact) -> str:
        if fact.source == "table":
            return "CELL"
        return "ZERO" if fact.value == 0 and not _DIGIT.search(re.sub("[一二三四五六七八九十百]", "", fact.text)) else "COUNT"

    def _metadata(self) -> Iterator[AnnotatedSpan]:
        report = self.report
        title = self._find(report.title)[:1] if report.title else []
        for place in title:
            yield from self._span("TITLE", *place, {})
        if report.authority:
            apart = [p for p in self._find(report.authority) if not any(p[0] < last and first < p[1] for first, last in title)]
            for place in apart[:1]:
                yield from self._span("AUTHORITY", *place, {})
        if report.period:
            value = f"{report.period.start}/{report.period.end}"
            if (period := self._dates(report.period.start, report.period.end)) is not None:
                yield from self._span("PERIOD", *period, {"value": value})
        if report.issued and (issued := self._dates(report.issued)) is not None:
            yield from self._span("DATE", *issued, {"value": report.issued})

    def _find(self, words: str) -> list[tuple[int, int]]:
        """Where ``words`` stand, whatever blanks and line breaks are between them."""
        wanted = collapse(words)
        if not wanted:
            return []
        normal = Normalised(self.text)
        return [normal.to_source(*match.span()) for match in re.finditer(r"\s*".join(map(re.escape, wanted)), normal.text)]

    def _dates(self, *dates: str) -> tuple[int, int] | None:
        """Where the ISO ``dates`` are written out, one after the other; the last such place."""
        normal = Normalised(self.text)
        pattern = r"[至到起—–~-]{1,3}".join(_date_pattern(date, place > 0) for place, date in enumerate(dates))
        found = list(re.finditer(pattern, normal.text))
        return normal.to_source(*found[-1 if len(dates) == 1 else 0].span()) if found else None

    # ---- facts

    def _kept(self, fact: Fact) -> bool:
        return (fact.year or self.report.year) is not None

    def facts(self, ids: dict[tuple[int, int, bool], str]) -> Iterator[AnnotatedFact]:
        """Yield the facts; ``ids`` are the spans' by place and whether they state facts."""
        for place, fact in enumerate(self.report.facts):
            span = ids.get((*self.places.get((fact.start, fact.end), (0, 0)), True))
            year = fact.year or self.report.year
            if span is None or year is None:
                continue
            more: dict[str, Any] = {}
            if fact.concept == BY_CATEGORY:
                label = self.labels.get(place)
                if label is None:
                    self.notices.append(f"the label {fact.category!r} of {fact.text!r} is not found beside it; left out")
                    continue
                more = {"category_span": ids[(*label, False)], "category": clean_category(self.text[slice(*label)])}
            yield AnnotatedFact(
                span=span, concept=fact.concept, value=fact.value, unit=re.sub(r"\s+", "", fact.unit), scope=fact.scope, year=year,
                applicant=fact.applicant, approximate=fact.approximate, **more,
            )  # fmt: skip

    def _label(self, fact: Fact) -> tuple[int, int] | None:
        """Where the category's words stand: the nearest before the count, else the first behind it."""
        pattern = re.compile(r"\s*".join(map(re.escape, fact.category or "")))
        if not fact.category:
            return None
        before = list(pattern.finditer(self.text, max(0, fact.start - _REACH), fact.start))
        match = before[-1] if before else pattern.search(self.text, fact.end, fact.end + _REACH)
        if match is None:
            return None
        start, end = match.span()
        limit = fact.start if start < fact.start else len(self.text)
        while (closing := _CLOSING.match(self.text, end, limit)) and clean_category(self.text[start : closing.end()]) == fact.category:
            end = closing.end()
        return start, end


def _date_pattern(date: str, year_may_lack: bool) -> str:
    year, month, day = (int(part) for part in date.split("-"))
    years = "".join(f"[{digit}{''.join(c for c, v in CHINESE_DIGITS.items() if v == int(digit))}]" for digit in str(year))
    optional = "?" if year_may_lack else ""
    return rf"(?:{years}[年.\-/]){optional}(?:0?{month}|{_chinese(month)})[月.\-/](?:0?{day}|{_chinese(day)})[日号]?(?!\d)"


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones or not tens else "")
