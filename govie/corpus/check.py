"""The tests that every report of the corpus passes, and the notices that ask for a second look.

Errors: offsets, labels, concept ids, values that do not stand in the text, categories, sections, the card, spans off
the tokens' boundaries, length. Notices: findings that the gold facts contradict, numbers without a mark.
Left out on purpose: shares (a SHARE span does not say of what), and whether a mark that could be there is missing.

The length of a report is counted without white space, tables included: 300 to 3,500 characters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from govie.audit import STATUTORY_2007, STATUTORY_2019
from govie.errors import CorpusError
from govie.gazetteer import county_code, provinces
from govie.identities import table_findings
from govie.interchange import brat
from govie.interchange.annotation import FINDINGS, LABELS, AnnotatedFact, AnnotatedReport, AnnotatedSpan
from govie.interchange.inline import clean_category
from govie.normalise import Normalised, collapse
from govie.numerals import CHINESE_DIGITS, find_numbers, parse_number
from govie.records import Fact, Table
from govie.taxonomy import APPLICANTS, concepts

from .problems import Problem

__all__ = ["CONTACT_KINDS", "KINDS", "LENGTHS", "YEARS", "Tokenizer", "character_tokens", "check_folder", "check_report", "stated_values", "tokenizer_of"]

YEARS = range(2008, 2026)
LENGTHS = (300, 3500)
TABLES = ("pre2014", "2014", "2019", "2021")
KINDS = (
    "overview", "disclosure", "response", "requests", "consultation", "fees", "review_litigation", "complaints",
    "staffing", "training", "problems", "problems.issues", "problems.measures", "other", "annex",
)  # fmt: skip
CONTACT_KINDS = ("phone", "fax", "email", "address", "postcode", "website", "name")
_NEGATION = re.compile("[未没無无不零〇○0免非莫空尚]|取消")
_NUMBER_LABELS = {"COUNT", "CELL", "ZERO"}
_ATTRIBUTES: dict[str, tuple[set[str], set[str]]] = {
    "HEADING": ({"level"}, {"kind", "run_in", "optional"}),
    "CONTACT": ({"kind", "value"}, set()),
    "PERIOD": ({"value"}, set()),
    "DATE": ({"value"}, set()),
}
_NUMERAL = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{''.join(CHINESE_DIGITS)}十百千万]+")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_OF_THE_FORM = re.compile("(?:信息|舆情)计1[条次]")  # a row of the official table

Tokenizer = Callable[[str], Iterable[tuple[int, int]]]
"""Gives the tokens of a text as half-open spans in order; what lies between them is white space."""


def character_tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield one token a character, a run of digits (half or full width) being one token; white space is none."""
    for match in re.finditer(r"[0-9０-９]+|\S", text):
        yield match.span()


def tokenizer_of(nlp: Any) -> Tokenizer:
    """Return the tokens that a spaCy pipeline makes, as a tokenizer for the check."""

    def tokens(text: str) -> Iterator[tuple[int, int]]:
        yield from ((token.idx, token.idx + len(token)) for token in nlp.make_doc(text) if not token.is_space)

    return tokens


def check_folder(
    folder: Path | str, tokenizer: Tokenizer = character_tokens, only: Iterable[str] | None = None
) -> Iterator[Problem]:
    """Yield the problems of every report in ``folder`` (``only`` those named), a file that cannot be read included."""
    for name in brat.names(folder) if only is None else only:
        path = Path(folder) / f"{name}.ann"
        try:
            report = brat.read(path)
        except CorpusError as error:
            hint = error.hint or ""
            yield Problem(severity="error", code="file", report=name, what=f"{error.where}: {error.what}", hint=hint)
            continue
        lines = brat.line_numbers(path.read_text(encoding="utf-8"))
        for problem in check_report(report, tokenizer):
            line = lines.get(problem.place or "")
            yield Problem(**{f: getattr(problem, f) for f in problem.__struct_fields__} | {"line": line})


def check_report(report: AnnotatedReport, tokenizer: Tokenizer = character_tokens) -> list[Problem]:
    """Return what is wrong with ``report`` and what to look at, errors first."""
    checker = _Checker(report)
    checker.spans(tokenizer)
    checker.facts()
    checker.card()
    if not checker.problems:
        checker.findings()
        checker.unmarked()
    return sorted(checker.problems, key=lambda problem: problem.severity)


def stated_values(words: str) -> list[tuple[int | float, str]]:
    """Return the numbers that ``words`` can be read as, each with its unit (empty where it has none)."""
    plain = collapse(words)
    whole = parse_number(plain)
    found = [(number.value, number.unit) for number in find_numbers(plain)]
    if whole is not None:
        return [(whole, ""), *found]
    if not found:
        # What running text would take for a date or a word (2017条, 一起) is a number where somebody marked it as one.
        for match in _NUMERAL.finditer(plain):
            value = parse_number(match[0])
            found += [(value, plain[match.end() :])] if value is not None else []
    return [*found, *((-value, unit) for value, unit in found)] if plain[:1] in ("-", "−") else found


class _Checker:
    """Collects the problems of one report."""

    def __init__(self, report: AnnotatedReport) -> None:
        self.report = report
        self.problems: list[Problem] = []
        self.by_id = {span.id: span for span in report.spans}

    def error(self, code: str, place: str | None, what: str, hint: str = "") -> None:
        """Note an error."""
        self.problems.append(Problem(severity="error", code=code, report=self.report.name, place=place, what=what, hint=hint))

    def notice(self, code: str, place: str | None, what: str, hint: str = "") -> None:
        """Note something to look at."""
        self.problems.append(Problem(severity="notice", code=code, report=self.report.name, place=place, what=what, hint=hint))

    def words(self, span: AnnotatedSpan) -> str:
        """The words of a span."""
        return self.report.text[span.start : span.end]

    # ---- spans

    def spans(self, tokenizer: Tokenizer) -> None:
        """Labels, offsets, attributes, tokens, overlaps."""
        if len(self.by_id) < len(self.report.spans):
            self.error("span.id", None, "two spans have one id", "Ids are unique in a report.")
        tokens = list(tokenizer(self.report.text))
        starts, ends = {start for start, _ in tokens}, {end for _, end in tokens}
        for span in self.report.spans:
            if span.label not in LABELS:
                self.error("span.label", span.id, f"label {span.label} is not known", f"Labels: {', '.join(LABELS)}.")
            elif not 0 <= span.start < span.end <= len(self.report.text):
                self.error("span.offsets", span.id, f"offsets {span.start} {span.end} are not in the text")
            else:
                if span.start not in starts or span.end not in ends:
                    hint = "Take whole numbers, and leave blanks at the edges out."
                    self.error("span.token", span.id, f"{self.words(span)!r} begins or ends inside a token or on a blank", hint)
                self._attributes(span)
        for one, other in pairwise(sorted(self.report.spans, key=lambda s: (s.start, s.end))):
            if one.end > other.start:
                self.error("span.overlap", other.id, f"{one.id} and {other.id} overlap", "Spans do not nest or overlap.")

    def _attributes(self, span: AnnotatedSpan) -> None:
        needed, allowed = _ATTRIBUTES.get(span.label, (set(), set()))
        if not needed <= span.attributes.keys() <= needed | allowed:
            self.error("span.attributes", span.id, f"{span.label} has attributes {sorted(span.attributes)}, needs {sorted(needed)}")
            return
        value = span.attributes.get("value", "")
        if span.label == "HEADING":
            if span.attributes["level"] not in ("1", "2", "3", "4", "5"):
                self.error("heading.level", span.id, f"level {span.attributes['level']} is not 1 to 5")
            for kind in span.attributes.get("kind", "overview").split("+"):
                if kind not in KINDS:
                    self.error("heading.kind", span.id, f"section kind {kind!r} is not known", f"Kinds: {', '.join(KINDS)}.")
        elif span.label == "CONTACT":
            if span.attributes["kind"] not in CONTACT_KINDS:
                self.error("contact.kind", span.id, f"contact kind {span.attributes['kind']!r} is not known")
            if span.attributes["kind"] in ("phone", "fax", "postcode") and _digits(value) != _digits(self.words(span)):
                self.error("contact.value", span.id, f"{value!r} does not stand in {self.words(span)!r}")
        elif span.label in ("PERIOD", "DATE"):
            dates = value.split("/")
            if len(dates) != (2 if span.label == "PERIOD" else 1) or not all(map(_DATE.fullmatch, dates)):
                self.error("date.value", span.id, f"{value!r} is no ISO date", "DATE 2018-01-12, PERIOD 2017-01-01/2017-12-31.")

    # ---- facts

    def facts(self) -> None:
        """Concepts, and that each value stands in the words of its span."""
        facts: dict[str, list[AnnotatedFact]] = defaultdict(list)
        for fact in self.report.facts:
            span = self.by_id.get(fact.span)
            if span is None or span.label not in _NUMBER_LABELS or not span.end <= len(self.report.text):
                self.error("fact.span", fact.span, f"{fact.concept} {fact.value} points to no COUNT, CELL or ZERO", "A fact stands on its span.")
                continue
            facts[span.id].append(fact)
            self._fact(fact, span)
        for span in self.report.spans:
            if span.label in _NUMBER_LABELS and span.id not in facts:
                self.error("span.no_fact", span.id, f"{span.label} {self.words(span)!r} has no fact", "A number of no concept is a NUMBER.")

    def _fact(self, fact: AnnotatedFact, span: AnnotatedSpan) -> None:
        concept = concepts().get(fact.concept)
        if concept is None:
            self.error("fact.concept", span.id, f"{fact.concept} is no concept", "See govie/data/concepts.csv.")
        elif fact.year not in range(1990, 2027) or fact.scope not in ("annual", "cumulative"):
            self.error("fact.year", span.id, f"year {fact.year} or scope {fact.scope} is not possible")
        elif fact.applicant is not None and fact.applicant not in APPLICANTS:
            self.error("fact.applicant", span.id, f"applicant {fact.applicant!r} is not known")
        elif span.label == "ZERO":
            if fact.value != 0 or not _NEGATION.search(collapse(self._around(span, "。；\n"))):
                hint = "The words of a zero, or their sentence, hold a negation."
                self.error("fact.zero", span.id, f"{self.words(span)!r} does not say that there was none", hint)
        else:
            self._value(fact, span, concept.unit)
        self._category(fact, span)

    def _value(self, fact: AnnotatedFact, span: AnnotatedSpan, own_unit: str) -> None:
        words = self.words(span)
        stated = stated_values(words)
        if fact.concept.endswith(".items_change"):
            stated += [(-value, unit) for value, unit in stated]  # 减少⟦1项⟧ stands as 1
        units = [unit for value, unit in stated if abs(value - fact.value) < 1e-9]
        if not units:
            # 复议1件，⟦予以维持⟧: words without a number stand for one in their paragraph, or for none (均为兼职).
            implied = not stated and fact.value in self._paragraph_values(span)
            if not implied and not (fact.value == 0 and (not stated or _NEGATION.search(collapse(words)))):
                hint = "The span holds the number and its unit; the value is that number."
                self.error("fact.value", span.id, f"{words!r} does not read {fact.value}{fact.unit}", hint)
        elif not any(_one_unit(unit, fact.unit, own_unit) for unit in units):
            self.error("fact.unit", span.id, f"{words!r} is not in {fact.unit}", f"Unit as written, or {own_unit}.")

    def _paragraph_values(self, span: AnnotatedSpan) -> set[int | float]:
        """The numbers that stand in the paragraph of the span, and those of its other facts."""
        words = self._around(span, "\n")
        start = self.report.text.rfind("\n", 0, span.start) + 1
        near = {s.id for s in self.report.spans if start <= s.start < start + len(words) and s.id != span.id}
        return {value for value, _ in stated_values(words)} | {f.value for f in self.report.facts if f.span in near}

    def _around(self, span: AnnotatedSpan, ends: str) -> str:
        """The words from the last of ``ends`` before the span to the first one behind it."""
        text = self.report.text
        start = max(text.rfind(end, 0, span.start) for end in ends) + 1
        stops = [place for end in ends if (place := text.find(end, span.end)) >= 0]
        return text[start : min(stops, default=len(text))]

    def _category(self, fact: AnnotatedFact, span: AnnotatedSpan) -> None:
        if fact.concept != "disclosure.by_category":
            if fact.category is not None or fact.category_span is not None:
                self.error("fact.category", span.id, f"{fact.concept} has a category", "Only disclosure.by_category has one.")
            return
        label = self.by_id.get(fact.category_span or "")
        if label is None or label.label != "CATEGORY":
            self.error("fact.category", span.id, "the category fact has no CATEGORY span", "Relate the count to its label.")
        elif fact.category != clean_category(self.words(label)):
            self.error("fact.category", span.id, f"category {fact.category!r} is not the cleaned {self.words(label)!r}")

    # ---- the card

    def card(self) -> None:
        """Place, year, codes, dates; the length of the text."""
        card = self.report.card
        if card.province not in provinces():
            self.error("card.province", "card", f"province {card.province!r} is not one of the 31", "Write its full name.")
        if card.year not in YEARS:
            self.error("card.year", "card", f"year {card.year} is not 2008 to 2025")
        for code in (*card.findings, *card.findings_optional):
            if code not in FINDINGS:
                self.error("card.findings", "card", f"finding {code!r} is not known", f"Codes: {', '.join(FINDINGS)}.")
        if both := set(card.findings) & set(card.findings_optional):
            self.error("card.findings", "card", f"{', '.join(sorted(both))} is both held and optional")
        if card.table is not None and card.table not in TABLES:
            self.error("card.table", "card", f"table format {card.table!r} is not known", f"Formats: {', '.join(TABLES)}.")
        if card.level not in ("town", "county") or not card.town:
            self.error("card.level", "card", f"level {card.level!r} of {card.town!r} is not town or county")
        if card.code is not None and not re.fullmatch(r"\d{6}|none", card.code):
            self.error("card.code", "card", f"code {card.code!r} is not six digits")
        if not card.authority:
            self.error("card.authority", "card", "no authority", "Mark AUTH, or give 'authority: <locality>人民政府'.")
        for date in (*(card.period or ()), *((card.issued,) if card.issued else ())):
            if not _DATE.fullmatch(date):
                self.error("card.date", "card", f"{date!r} is no ISO date")
        length = len(re.sub(r"\s", "", self.report.text))
        if not LENGTHS[0] <= length <= LENGTHS[1]:
            self.error("text.length", None, f"the text has {length} characters without blanks", f"From {LENGTHS[0]} to {LENGTHS[1]}.")

    # ---- notices

    def findings(self) -> None:
        """Note where the findings of the card and the gold facts say different things."""
        card = self.report.card
        held, possible = set(card.findings), {*card.findings, *card.findings_optional}
        computed = dict(self._computed())
        for code, reason in computed.items():
            if code not in possible:
                self.notice("finding.absent", "card", f"{code} is not listed, but {reason}")
        for code in ("section.missing", "text_table.mismatch", "table.identity"):
            if code in held - computed.keys():
                self.notice("finding.unfounded", "card", f"{code} is listed, but the gold facts and headings do not show it")
        listed = county_code(card.province, card.city, card.county or card.town, card.year)
        if card.code not in (None, "none", listed) and listed is not None:
            self.notice("card.code", "card", f"code is {card.code}, but the list of {card.year} has {listed} for this county")
        if card.period is not None and not card.period[1].startswith(str(card.year)):
            self.notice("card.period", "card", f"year is {card.year}, but the period ends {card.period[1]}")
        if any(span.label == "CELL" for span in self.report.spans) != (card.table is not None):
            self.notice("card.table", "card", f"table format is {card.table}, but the CELL spans say otherwise")

    def _computed(self) -> Iterator[tuple[str, str]]:
        yield from self._missing_sections()
        yield from self._category_sum()
        yield from self._text_against_table()
        yield from self._identities()

    def _missing_sections(self) -> Iterator[tuple[str, str]]:
        headed = {
            kind
            for span in self.report.spans
            if span.label == "HEADING"
            for kind in span.attributes.get("kind", "").split("+")
        }
        statutory = STATUTORY_2007 if self.report.card.year <= 2018 else STATUTORY_2019
        missing = [kinds[0] for kinds in statutory if not headed & set(kinds)]
        if missing:
            yield "section.missing", f"no heading of {', '.join(missing)}"

    def _category_sum(self) -> Iterator[tuple[str, str]]:
        """Yield a categories' sum that differs from the total, in prose, for each scope and year with just one total."""
        sums: dict[tuple[str, int], float] = defaultdict(float)
        totals: dict[tuple[str, int], set[float]] = defaultdict(set)
        for fact in self.report.facts:
            if self.by_id[fact.span].label == "CELL" or fact.approximate or fact.optional:
                continue
            if fact.concept == "disclosure.by_category":
                sums[fact.scope, fact.year] += fact.value
            elif fact.concept == "disclosure.total":
                totals[fact.scope, fact.year].add(fact.value)
        for key, parts in sums.items():
            if len(totals[key]) == 1 and (total := min(totals[key])) != parts:
                yield "sum.categories", f"the categories of {key[0]} {key[1]} add up to {parts:g} of {total:g}"

    def _text_against_table(self) -> Iterator[tuple[str, str]]:
        prose: dict[tuple[object, ...], set[float]] = defaultdict(set)
        cells: dict[tuple[object, ...], set[float]] = defaultdict(set)
        for fact in self.report.facts:
            amount = round(fact.value / 10000, 8) if fact.unit == "元" else fact.value
            if not fact.approximate and not fact.optional:
                side = cells if self.by_id[fact.span].label == "CELL" else prose
                side[fact.concept, fact.category, fact.applicant, fact.scope, fact.year].add(amount)
        several = ("disclosure.channel.website", "disclosure.channel.other")  # two web sites are two facts
        for key in sorted(prose.keys() & cells.keys(), key=str):
            if prose[key] - cells[key] and not (key[0] in several and len(prose[key]) > 1):
                yield "text_table.mismatch", f"{key[0]} is {_list(prose[key])} in prose and {_list(cells[key])} in the table"
                return

    def _identities(self) -> Iterator[tuple[str, str]]:
        form = self.report.card.table
        if form not in ("2014", "2019", "2021"):
            return
        facts = [
            Fact(concept=f.concept, applicant=f.applicant, value=f.value, unit=f.unit, year=f.year, start=0, end=0, text="", source="table")  # type: ignore[arg-type]
            for f in self.report.facts
            if self.by_id[f.span].label == "CELL" and f.scope == "annual"
        ]
        table = Table(format=form, caption=None, header=(), rows=(), start=0, end=0)
        for finding in table_findings([(table, facts)]):
            yield finding.code, finding.message.rstrip("。")

    def unmarked(self) -> None:
        """Note the numbers with a measure word that no span covers."""
        covered = bytearray(len(self.report.text))
        for span in self.report.spans:
            covered[span.start : span.end] = b"\x01" * (span.end - span.start)
        normalised = Normalised(self.report.text)
        for number in find_numbers(normalised.text):
            start, end = normalised.to_source(number.start, number.end)
            words = self.report.text[start:end]
            of_the_form = _OF_THE_FORM.match(normalised.text, number.start - 3)
            if number.unit and re.search(r"\d", words) and not any(covered[start:end]) and not of_the_form:
                near = self.report.text[max(0, start - 8) : end + 6].replace("\n", "⏎")
                self.notice("number.unmarked", None, f"number without a mark in {near!r}", "Fine if it is of no concept.")


def _one_unit(written: str, unit: str, own: str) -> bool:
    """Say whether ``unit`` is the unit as written, or the concept's own where a looser one is written (2名, 4起)."""
    if not written or written == collapse(unit):
        return True
    return unit == own and not {written, own} & {"元", "万元", "亿元", "%", "万字"}


def _digits(words: str) -> str:
    return re.sub(r"\D", "", collapse(words))


def _list(values: set[float]) -> str:
    return " and ".join(f"{value:g}" for value in sorted(values))
