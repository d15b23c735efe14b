"""The reports whose annotation would teach most: those with numbers that nothing reads, and unlike one another.

*Uncertainty* of a report is the share of the numbers in its sections on disclosure and requests (in the whole text
where it has no such section) that no fact explains, plus the share of its facts with a low confidence. *Diversity* is
the distance to the nearest report picked before (or annotated already): 1 less the Jaccard similarity of their
character 5-grams, estimated from a bottom-k sketch (Broder 1997) with digits folded. Reports are taken greedily by
uncertainty times distance, so a copy of a report picked is never picked. Both work with rules alone.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import msgspec

import govie
from govie.normalise import Normalised
from govie.numerals import find_numbers

__all__ = ["LOW", "Candidate", "Pick", "candidate", "pick", "sketch"]

LOW = 0.9
"""Facts below this confidence count as doubtful."""
SHINGLE, SKETCH = 5, 256
_SECTIONS = ("disclosure", "requests")
_FLOOR = 0.02
"""What a report without any unread number still counts: among the known ones the most unlike comes first."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A report to choose from: its numbers and how many are unread, facts of low confidence, and its sketch."""

    path: str
    numbers: int
    unread: int
    facts: int
    doubtful: int
    examples: tuple[str, ...]
    sketch: frozenset[int]

    @property
    def uncertainty(self) -> float:
        """Between 0 (all is explained) and 2."""
        # One unread number of one says less than eight of eight: the share is drawn to the middle by a few numbers.
        unread = self.unread / (self.numbers + 2)
        return unread + self.doubtful / max(1, self.facts)


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was picked: ``distance`` to the nearest picked before (1 for the first), and why in words."""

    candidate: Candidate
    distance: float
    score: float

    @property
    def why(self) -> str:
        """The reason in one line."""
        c = self.candidate
        parts = []
        if c.numbers:
            shown = f", as {'; '.join(c.examples)}" if c.examples else ""
            parts.append(f"{c.unread} of {c.numbers} numbers unread{shown}")
        else:
            parts.append("no numbers in its sections on disclosure and requests")
        if c.doubtful:
            parts.append(f"{c.doubtful} of {c.facts} facts below {LOW:.0%}")
        parts.append(f"shares {1 - self.distance:.0%} with the nearest known or picked")
        return "; ".join(parts)


def candidate(report: govie.Report, path: str) -> Candidate:
    """Return what selection needs to know of ``report``."""
    text = report.text
    sections = [s for s in report.sections.flat() if set(s.kinds or (s.kind,)) & set(_SECTIONS)]
    stretches = [(s.start, s.end) for s in sections if not any(o.start < s.start and s.end <= o.end for o in sections)] or [(0, len(text))]
    tables = [(table.start, table.end) for table in report.tables]
    covered = [(f.start, f.end) for f in report.facts] + [(a.start, a.end) for f in report.facts for a in f.also] + tables
    numbers, unread, examples = 0, 0, []
    for start, end in stretches:
        normal = Normalised(text[start:end])
        for number in find_numbers(normal.text):
            if number.kind != "count":
                continue  # a share or a bare figure states no fact by itself
            first, last = (start + place for place in normal.to_source(number.start, number.end))
            if any(s <= first < e for s, e in tables):
                continue
            numbers += 1
            if not any(s < last and first < e for s, e in covered):
                unread += 1
                examples.append(re.sub(r"\s+", "", text[max(start, first - 8) : last]))
    return Candidate(
        path=path,
        numbers=numbers,
        unread=unread,
        facts=len(report.facts),
        doubtful=sum(fact.confidence is not None and fact.confidence < LOW for fact in report.facts),
        examples=tuple(examples[:2]),
        sketch=sketch(text),
    )


def sketch(text: str) -> frozenset[int]:
    """Return the sketch of a text: the smallest hashes of its character 5-grams, digits folded, blanks out."""
    plain = re.sub(r"\d+", "0", re.sub(r"\s+", "", text))
    # crc32 is not random enough for small alphabets by itself; a multiplication spreads it.
    hashes = {crc32(plain[i : i + SHINGLE].encode()) * 2654435761 & 0xFFFFFFFF for i in range(max(1, len(plain) - SHINGLE + 1))}
    return frozenset(heapq.nsmallest(SKETCH, hashes))


def similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the estimated Jaccard similarity of what two sketches were made of."""
    smallest = heapq.nsmallest(SKETCH, one | other)
    return len((one & other).intersection(smallest)) / len(smallest) if smallest else 0.0


def pick(candidates: Sequence[Candidate], count: int, known: Iterable[frozenset[int]] = ()) -> list[Pick]:
    """Return up to ``count`` reports, the one that would teach most first; ``known`` are sketches of annotated ones.

    Ties go to the path that comes first, so the same folder always gives the same list.
    """
    known = list(known)
    left = sorted(candidates, key=lambda c: c.path)
    distance = {c.path: 1 - max((similarity(c.sketch, other) for other in known), default=0.0) for c in left}
    picked: list[Pick] = []
    while left and len(picked) < count:
        best = max(left, key=lambda c: (c.uncertainty + _FLOOR) * distance[c.path])
        picked.append(Pick(candidate=best, distance=distance[best.path], score=(best.uncertainty + _FLOOR) * distance[best.path]))
        left.remove(best)
        for other in left:
            distance[other.path] = min(distance[other.path], 1 - similarity(other.sketch, best.sketch))
    return picked
