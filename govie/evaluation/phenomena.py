"""What makes a number of prose hard to read, by name: where an extractor gains over another, and where it loses.

A fact belongs to every phenomenon that holds for it: for the gold where it was found or missed, for the reading where it
was made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from govie.interchange.annotation import AnnotatedReport
from govie.numerals import CHINESE_DIGITS

from .scoring import FactKey, FactOutcome

__all__ = ["BY_CATEGORY", "PHENOMENA", "phenomena_of"]

BY_CATEGORY = "disclosure.by_category"
_ARABIC = re.compile(r"[0-9０-９]")
_WRITTEN = re.compile(f"[{''.join(CHINESE_DIGITS)}十百千万]")
_FAMILIES = {
    "totals of disclosure": ("disclosure.total", "disclosure.electronic"),
    "channels of disclosure": ("disclosure.channel.",),
    "requests received": ("requests.received", "requests.carried_in"),
    "requests closed, and how": ("requests.closed", "requests.outcome.", "requests.carried_out"),
    "fees": ("fees.",),
    "review and litigation": ("review.", "litigation.", "complaints."),
    "staff, meetings, training": ("staffing.", "training."),
    "responses, documents, motions": ("response.", "normative_documents.", "rules.", "motions."),
}
SEEN, UNSEEN = "categories, label seen in training", "categories, new label"
PHENOMENA = (
    SEEN, UNSEEN, *_FAMILIES, "statements of none", "numerals in Chinese characters", "several facts on one number",
    "another year than the report's", "cumulative", "one kind of applicant",
)  # fmt: skip
"""All names, in the order in which they are shown."""


class _Fields(NamedTuple):
    concept: str
    category: str | None
    applicant: str | None
    scope: str
    year: int | None
    value: float


def phenomena_of(report: AnnotatedReport, outcomes: tuple[FactOutcome, ...], known: frozenset[str] | None) -> Iterator[tuple[FactOutcome, str]]:
    """Yield each outcome of prose with each phenomenon that it belongs to.

    ``known`` are the category labels of the training reports; without them labels are not told apart.
    """
    crowded = {place for place, count in Counter((o.place.start, o.place.end) for o in outcomes if o.gold).items() if count > 1}
    for outcome in outcomes:
        key: FactKey | None = outcome.gold or outcome.got
        if not outcome.prose or key is None:
            continue
        fields = _Fields(*key)
        words = report.text[outcome.place.start : outcome.place.end]
        if fields.concept == BY_CATEGORY and known is not None:
            yield outcome, SEEN if fields.category in known else UNSEEN
        for name, starts in _FAMILIES.items():
            if fields.concept.startswith(starts):
                yield outcome, name
        holds = {
            "statements of none": outcome.label == "ZERO",
            "numerals in Chinese characters": outcome.label != "ZERO" and not _ARABIC.search(words) and bool(_WRITTEN.search(words)),
            "several facts on one number": (outcome.place.start, outcome.place.end) in crowded,
            "another year than the report's": fields.year != report.card.year,
            "cumulative": fields.scope != "annual",
            "one kind of applicant": fields.applicant is not None,
        }
        for name, held in holds.items():
            if held:
                yield outcome, name
