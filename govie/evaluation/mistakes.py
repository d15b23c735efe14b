"""The worst mistakes, each with its sentence.

The surer the extractor was, the worse (a rule counts as sure); then a number read as something else comes before one
made up, and that before one missed, prose before tables. Of one sort of mistake (what was read for what) only the
first is taken until every sort had its turn, so that twenty places show many causes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from govie.interchange.annotation import AnnotatedReport

from .records import Mistake
from .scoring import FactKey, FactOutcome

__all__ = ["WORST", "sentence_around", "worst"]

WORST = 20
_ORDER = {"another concept": 0, "other details": 1, "invented": 2, "missed": 3}
_REACH = 90
_ENDS = re.compile(r"[。；;\n]")


def worst(scored: Iterable[tuple[AnnotatedReport, Iterable[FactOutcome]]], limit: int = WORST) -> tuple[Mistake, ...]:
    """Return the ``limit`` worst mistakes in the facts of the reports."""
    sorts: dict[tuple[str | None, str | None, str | None], list[tuple[tuple[float, int], Mistake]]] = defaultdict(list)
    for report, outcomes in scored:
        for outcome in outcomes:
            if not outcome.right and outcome.kind is not None:
                sort = (outcome.kind, outcome.gold[0] if outcome.gold else None, outcome.got[0] if outcome.got else None)
                sorts[sort].append((_weight(outcome), _mistake(report, outcome)))
    ranked = []
    for found in sorts.values():
        found.sort(key=lambda item: item[0])
        ranked += [(turn, -len(found), weight, mistake) for turn, (weight, mistake) in enumerate(found)]
    ranked.sort(key=lambda item: (item[0], item[2], item[1], item[3].report, item[3].words))
    return tuple(mistake for *_, mistake in ranked[:limit])


def _weight(outcome: FactOutcome) -> tuple[float, int]:
    sure = 0.0 if outcome.got is None else 1.0 if outcome.confidence is None else outcome.confidence
    return (-round(sure, 2) + (0.0 if outcome.prose else 0.5), _ORDER[outcome.kind or "missed"])


def _mistake(report: AnnotatedReport, outcome: FactOutcome) -> Mistake:
    before, words, after = sentence_around(report.text, outcome.place.start, outcome.place.end)
    return Mistake(
        report=report.name,
        kind=outcome.kind or "missed",
        gold=_in_words(outcome.gold, outcome.got, report.card.year),
        got=_in_words(outcome.got, outcome.gold, report.card.year),
        before=before,
        words=words,
        after=after,
        source=outcome.source,
        confidence=outcome.confidence,
    )


def _in_words(key: FactKey | None, other: FactKey | None, year: int) -> str | None:
    """A fact as words; scope and year stand only where they are unusual or tell it from the other."""
    if key is None:
        return None
    concept, category, applicant, scope, own_year, value = key
    parts = [concept, f"[{category}]" if category else "", f"({applicant})" if applicant else "", f"= {value:g}"]
    parts += [scope] if scope != "annual" or (other and other[3] != scope) else []
    parts += [str(own_year)] if own_year != year or (other and other[4] != own_year) else []
    return " ".join(filter(None, parts))


def sentence_around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return the sentence that holds ``text[start:end]``, parted there; at most 90 characters on either side."""
    ends = [match.end() for match in _ENDS.finditer(text, max(0, start - _REACH), start)]
    first = ends[-1] if ends else max(0, start - _REACH)
    match = _ENDS.search(text, end, end + _REACH)
    last = match.end() if match else min(len(text), end + _REACH)
    # In a table laid out in lines a number alone says nothing: its row begins some lines above.
    if end - start >= last - first - 1:
        first = max(0, start - 30)
    return text[first:start].lstrip(), text[start:end], text[end:last].rstrip()
