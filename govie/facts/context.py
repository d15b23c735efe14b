"""Sentences of the prose, each with what its place in the report says about it.

Prose is everything outside tables and own-line headings. A line is a paragraph; a line broken by a converter
in the middle of a sentence is joined to the next. Sentences end at 。！？ or at the end of the paragraph; ；
separates list items and stays inside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from ..normalise import Normalised
from ..numerals import Number, find_numbers
from ..records import Section

__all__ = ["Sentence", "sentences"]

_END = re.compile(r"[。！？]+[”’）」』]?|$")
# A line that ends like this is not finished, one that begins like that belongs to the line before.
_OPEN_END = re.compile(r"[，、：（“‘的和及与等共约为第\d]$")
_OPEN_START = re.compile(r"^[，、；。）”’％%]|^(?:余|多)?(?:条|件|次|篇|人次)(?![一-龥]{0,3}[、．])|^\d[\d,.]*(?:余|多)?(?:条|件|次|个|人|篇|份)")
_CAPTION = re.compile(r"^(?:附(?:件|表|：)|表[一二三四五六七八九十\d])")


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in normalised text.

    ``kind`` is the kind of its level-1 section, ``headings`` the headings above it from the outermost in;
    ``paragraph`` numbers the paragraphs; ``first`` says whether it opens its section; ``alone`` whether it is
    the section's whole body; ``start`` is its offset in the normalised text.
    """

    text: str
    start: int
    paragraph: int
    section: int
    kind: str | None
    kinds: tuple[str, ...]
    headings: tuple[str, ...]
    run_in: str | None
    alone: bool
    numbers: tuple[Number, ...]


class _Region(msgspec.Struct, frozen=True):
    """Prose between two headings, in normalised offsets."""

    start: int
    end: int
    headings: tuple[Section, ...]


def sentences(normalised: Normalised, sections: Sequence[Section], tables: Sequence[tuple[int, int]]) -> Iterator[Sentence]:
    """Yield the sentences of the prose in order; ``tables`` are source spans to leave out."""
    paragraph = 0
    for region in _regions(normalised, sections):
        bodies = list(_paragraphs(normalised, region, tables))
        level_one = region.headings[0] if region.headings else None
        last = region.headings[-1] if region.headings else None
        inside = [(s, e) for start, end in bodies for s, e in _split(normalised.text, start, end)]
        paragraph_starts = [start for start, _ in bodies]
        run_in_end = normalised.from_source(last.heading_end) if last and last.run_in else -1
        for start, end in inside:
            text = normalised.text[start:end]
            yield Sentence(
                text=text,
                start=start,
                paragraph=paragraph + bisect_right(paragraph_starts, start),
                section=level_one.start if level_one else -1,
                kind=level_one.kind if level_one else None,
                kinds=level_one.kinds if level_one else (),
                headings=tuple(h.heading for h in region.headings),
                run_in=last.heading if last and last.run_in and end > run_in_end else None,
                alone=len(inside) == 1,
                numbers=tuple(find_numbers(text)),
            )
        paragraph += len(bodies)


def _regions(normalised: Normalised, sections: Sequence[Section]) -> Iterator[_Region]:
    """The stretches of text between headings; a run-in heading opens its own stretch with its words."""
    opened: list[tuple[int, int, tuple[Section, ...]]] = []

    def walk(nodes: Sequence[Section], above: tuple[Section, ...]) -> None:
        for node in nodes:
            path = (*above, node)
            body = node.heading_start if node.run_in else node.heading_end
            opened.append((node.start, body, path))
            walk(node.children, path)

    walk(sections, ())
    yield _Region(0, normalised.from_source(opened[0][0]) if opened else len(normalised.text), ())
    for index, here in enumerate(opened):
        end = normalised.from_source(opened[index + 1][0]) if index + 1 < len(opened) else len(normalised.text)
        yield _Region(normalised.from_source(here[1]), end, here[2])


def _paragraphs(normalised: Normalised, region: _Region, tables: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Normalised spans of the paragraphs in a region, broken lines joined."""
    spans: list[tuple[int, int]] = []
    for start, end in _outside(region.start, region.end, [(normalised.from_source(s), normalised.from_source(e)) for s, e in tables]):
        place = start
        for line in normalised.text[start:end].split("\n"):
            if line.strip("\t"):
                spans.append((place, place + len(line)))
            place += len(line) + 1
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and _continues(normalised.text[joined[-1][0] : joined[-1][1]], normalised.text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    yield from joined


def _outside(start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for hole_start, hole_end in sorted(holes):
        if hole_end <= start or hole_start >= end:
            continue
        if hole_start > start:
            yield start, hole_start
        start = max(start, hole_end)
    if start < end:
        yield start, end


def _continues(before: str, line: str) -> bool:
    if _CAPTION.match(line) or before[-1] in "。；！？":
        return False
    return bool(_OPEN_START.match(line) or (_OPEN_END.search(before) and len(before) > 8))


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = start
    while place < end:
        match = _END.search(text, place, end)
        stop = match.end() if match else end
        if stop > place and re.search(r"[\w]", text[place:stop]):
            yield place, stop
        place = max(stop, place + 1)
