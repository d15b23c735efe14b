"""Reports that share more than the words of the law: MinHash over what a hand wrote by itself.

Tables, headings, titles, dates and contacts are left out, and so are the sentences that every report has to say
(``data/statutory.toml``); digits are folded. What is left is cut into shingles of six characters, and a report is the
``SKETCH`` smallest hashes of them (a bottom-k sketch: Broder 1997). The share of the smallest hashes of two reports'
union that both have estimates the Jaccard similarity of their shingles, within about 0.03 for 0.1.
"""

from __future__ import annotations

import heapq
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from itertools import combinations

import msgspec

from govie.interchange.annotation import AnnotatedReport
from govie.normalise import collapse
from govie.taxonomy import data_text

__all__ = ["THRESHOLD", "Likeness", "likenesses", "own_sentences"]

SHINGLE = 6
SKETCH = 512
TABLE_GAP = 150
"""Two cells with at most so many characters between them stand in one table (the longest official label has 60)."""
THRESHOLD = 0.1
"""Reports above this similarity share more than a statutory frame (independent hands stay below 0.08)."""
_LEFT_OUT = {"TITLE", "HEADING", "PERIOD", "DATE", "CONTACT", "CELL"}


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """Two reports, by name, and the estimated Jaccard similarity of their own sentences."""

    one: str
    other: str
    similarity: float


@cache
def _statutory() -> re.Pattern[str]:
    return re.compile("|".join(tomllib.loads(data_text("statutory.toml"))["patterns"]))


@cache
def _form_words() -> frozenset[str]:
    """Every cell that the official forms print: labels, headers, units, captions."""

    def cells(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield collapse(value)
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from cells(item)

    return frozenset((*cells(tomllib.loads(data_text("forms.toml"))), "—", "——"))


def own_sentences(report: AnnotatedReport) -> Iterator[str]:
    """Yield the sentences of ``report`` that are its clerk's own, without blanks and with digits folded to 0."""
    left_out = _left_out(report)
    for match in re.finditer(r"[^。；;\n]+", report.text):
        cells = [collapse(cell) for cell in re.split(r"[\t|]| {2,}|\n", match[0].strip())]
        if any(left_out[match.start() : match.end()]) or _form_words().issuperset(filter(None, cells)):
            continue
        sentence = re.sub(r"\d+", "0", "".join(cells))
        if len(sentence) >= SHINGLE and not _statutory().search(sentence):
            yield sentence


def _left_out(report: AnnotatedReport) -> bytearray:
    """Mark the characters of titles, headings and the like, and of tables: all from one cell to the next nearby."""
    marked = bytearray(len(report.text))
    last = None
    for span in report.spans:
        if span.label in _LEFT_OUT:
            near = span.label == "CELL" and last is not None and 0 <= span.start - last <= TABLE_GAP
            start = last if near and last is not None else span.start
            marked[start : span.end] = b"\x01" * (span.end - start)
            last = span.end if span.label == "CELL" else None
    return marked


def likenesses(reports: Iterable[AnnotatedReport], threshold: float = THRESHOLD) -> list[Likeness]:
    """Return the pairs of reports whose similarity is at least ``threshold``, the likest first."""
    sketches = [(report.name, _sketch(report)) for report in reports]
    found = []
    for (one, left), (other, right) in combinations(sketches, 2):
        if (similarity := _similarity(left, right, threshold)) >= threshold:
            found.append(Likeness(one=one, other=other, similarity=similarity))
    return sorted(found, key=lambda pair: (-pair.similarity, pair.one, pair.other))


def _sketch(report: AnnotatedReport) -> frozenset[int]:
    shingles = {s[i : i + SHINGLE] for s in own_sentences(report) for i in range(len(s) - SHINGLE + 1)}
    return frozenset(heapq.nsmallest(SKETCH, (_hash(shingle) for shingle in shingles)))


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest())


def _similarity(left: frozenset[int], right: frozenset[int], floor: float) -> float:
    shared = left & right
    if len(shared) < floor * min(SKETCH, len(left | right)):
        return 0.0  # cannot reach the floor
    smallest = heapq.nsmallest(SKETCH, left | right)
    return len(shared.intersection(smallest)) / len(smallest)
