"""How far two annotations of the same texts agree: F1 for each label, and for facts.

Spans agree if label, start and end are the same; headings also by level and kind, contacts and dates by value. Facts
are compared as the scorer compares them (concept, category, applicant, scope, year, value), once for each report; an
item that either side marks optional counts neither way.
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

    The finer ones come after ``all labels`` and are not in it: ``HEADING level and kind``, ``values`` (of contacts and
    dates), ``facts``, ``findings``.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one, other in pairs:
        if one.text != other.text:
            raise CorpusError("the two annotations are of different texts", where=one.name, hint="Annotate the same NAME.txt.")
        optional = set(_optional(one)) | set(_optional(other))
        left, right = set(_items(one)) - optional, set(_items(other)) - optional
        for (label, _), side in _sides(left, right):
            counts[label][side] += 1
    everything: Counter[str] = sum((counts[label] for label in LABELS), Counter())
    finer = sorted(counts.keys() - set(LABELS))
    named = [*((label, counts[label]) for label in LABELS if label in counts), ("all labels", everything)]
    named += [(label, counts[label]) for label in finer]
    return [Agreement(label=label, both=c["both"], only_one=c["one"], only_other=c["other"]) for label, c in named]


def _sides(left: set[Item], right: set[Item]) -> Iterator[tuple[Item, str]]:
    yield from ((item, "both") for item in left & right)
    yield from ((item, "one") for item in left - right)
    yield from ((item, "other") for item in right - left)


def _items(report: AnnotatedReport) -> Iterator[Item]:
    for span in report.spans:
        yield span.label, (span.start, span.end)
        if span.label == "HEADING":
            level, kind = span.attributes.get("level"), span.attributes.get("kind")
            yield "HEADING level and kind", (span.start, span.end, level, kind, "run_in" in span.attributes)
        elif "value" in span.attributes:
            yield "values", (span.start, span.end, span.attributes["value"])
    for fact in report.facts:
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
