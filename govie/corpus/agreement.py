"""How far two annotations of the same texts agree: F1 for each label, and for facts.

Spans agree if label, start and end are the same; headings also by level and kind, contacts and dates by value. Facts
are compared as the scorer compares them (concept, category, applicant, scope, year, value), once for each report; an
item that either side marks optional counts neither way.

What the second annotation does not annotate at all is left out: where no report of it has a CELL, the cells of tables
and the facts that stand on cells alone; where no card of it lists a finding, the findings. The names of the rows say so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

import msgspec

from govie.errors import CorpusError
from govie.interchange import brat
from govie.interchange.annotation import LABELS, AnnotatedReport

__all__ = ["Agreement", "agreement", "agreement_of_folders"]

Item = tuple[str, Hashable]
AIDS = ("SHARE", "NUMBER")
"""Labels of words that make no fact: marked to help a model, not needed for the gold."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """What two annotations have in common of one label: counts of items, and the items only one side has."""

    label: str
    both: int
    only_one: int
    only_other: int

    @property
    def f1(self) -> float:
        """F1 of one side against the other (the same both ways); 1.0 where there is nothing to disagree on."""
        total = 2 * self.both + self.only_one + self.only_other
        return 2 * self.both / total if total else 1.0


def agreement_of_folders(one: Path | str, other: Path | str) -> tuple[list[Agreement], int]:
    """Return the agreement on the reports that both folders hold, and how many those are.

    Raises:
        CorpusError: there are none, or a text is not the same on both sides.
    """
    shared = [name for name in brat.names(other) if name in set(brat.names(one))]
    if not shared:
        raise CorpusError(f"no report is in {other} too", where=str(one), hint="Both folders hold NAME.ann of the same names.")
    return agreement((brat.read(Path(one) / f"{n}.ann"), brat.read(Path(other) / f"{n}.ann")) for n in shared), len(shared)


def agreement(pairs: Iterable[tuple[AnnotatedReport, AnnotatedReport]]) -> list[Agreement]:
    """Return the agreement for each label, for all labels together (``all labels``), and for the finer comparisons.

    ``… without SHARE, NUMBER`` leaves the marks out that make no fact. The finer comparisons come last and are not in
    the sums: ``HEADING level and kind``, ``values`` (of contacts and dates), ``facts``, ``findings``. Where the second
    side has no cells the rows are called ``all labels but CELL`` and ``facts but those of cells``, and where it has no
    findings there is no row of them.

    Raises:
        CorpusError: the two annotations of a report are not of the same text.
    """
    pairs = list(pairs)
    cells = any(_labels(other) & {"CELL"} for _, other in pairs) or not any(_labels(one) & {"CELL"} for one, _ in pairs)
    findings = any(other.card.findings or other.card.findings_optional for _, other in pairs)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one, other in pairs:
        if one.text != other.text:
            raise CorpusError("the two annotations are of different texts", where=one.name, hint="Annotate the same NAME.txt.")
        optional = set(_optional(one)) | set(_optional(other))
        left, right = set(_items(one, cells)) - optional, set(_items(other, cells)) - optional
        for (label, _), side in _sides(left, right):
            if label != "findings" or findings:
                counts[label][side] += 1
    return _rows(counts, cells)


def _rows(counts: dict[str, Counter[str]], cells: bool) -> list[Agreement]:
    every = "all labels" if cells else "all labels but CELL"
    named = [(label, counts[label]) for label in LABELS if label in counts]
    named.append((every, _sum(counts, LABELS)))
    named.append((f"{every}, without {', '.join(AIDS)}", _sum(counts, [label for label in LABELS if label not in AIDS])))
    for label in sorted(counts.keys() - set(LABELS)):
        named.append(("facts but those of cells" if label == "facts" and not cells else label, counts[label]))
    return [Agreement(label=label, both=c["both"], only_one=c["one"], only_other=c["other"]) for label, c in named]


def _sum(counts: dict[str, Counter[str]], labels: Iterable[str]) -> Counter[str]:
    return sum((counts.get(label, Counter()) for label in labels), Counter[str]())


def _labels(report: AnnotatedReport) -> set[str]:
    return {span.label for span in report.spans}


def _sides(left: set[Item], right: set[Item]) -> Iterator[tuple[Item, str]]:
    yield from ((item, "both") for item in left & right)
    yield from ((item, "one") for item in left - right)
    yield from ((item, "other") for item in right - left)


def _items(report: AnnotatedReport, cells: bool) -> Iterator[Item]:
    """Yield what is compared of ``report``; without ``cells``, neither CELL spans nor the facts that stand on them."""
    in_tables = set() if cells else {span.id for span in report.spans if span.label == "CELL"}
    for span in report.spans:
        if span.id in in_tables:
            continue
        yield span.label, (span.start, span.end)
        if span.label == "HEADING":
            level, kind = span.attributes.get("level"), span.attributes.get("kind")
            yield "HEADING level and kind", (span.start, span.end, level, kind, "run_in" in span.attributes)
        elif "value" in span.attributes:
            yield "values", (span.start, span.end, span.attributes["value"])
    for fact in report.facts:
        if fact.span not in in_tables:
            yield "facts", (fact.concept, fact.category, fact.applicant, fact.scope, fact.year, float(fact.value))
    yield from (("findings", code) for code in report.card.findings)


def _optional(report: AnnotatedReport) -> Iterator[Item]:
    for span in report.spans:
        if "optional" in span.attributes:
            yield span.label, (span.start, span.end)
            level, kind = span.attributes.get("level"), span.attributes.get("kind")
            yield "HEADING level and kind", (span.start, span.end, level, kind, "run_in" in span.attributes)
    for fact in report.facts:
        if fact.optional:
            yield "facts", (fact.concept, fact.category, fact.applicant, fact.scope, fact.year, float(fact.value))
    yield from (("findings", code) for code in report.card.findings_optional)
