"""Sentences of the prose, each with what its place in the report says about it.

Prose is everything outside tables and own-line headings. A line is a paragraph; a line broken by a converter
in the middle of a sentence is joined to the next. Sentences end at 。！？ or at the end of the paragraph; ；
separates list items and stays inside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ..normalise import Normalised
from ..numerals import Number, find_numbers
from ..records import Section
from .lexicon import words

__all__ = ["LONGEST_SENTENCE", "MOST_NUMBERS", "Sentence", "sentences"]

LONGEST_SENTENCE = 600
"""Characters. Sentences of the genre have at most about 200; a longer one is a page that has lost its stops, and is
cut (after a ；，、 where there is one), which keeps the work on any text in proportion to its length."""
MOST_NUMBERS = 64
"""Numbers of one sentence that are read: what has more is a table that has lost its lines."""
_END = re.compile(r"[。！？]+[”’）」』]?")
_PAUSE = re.compile("[；，、][^；，、]*$")  # the last pause of a stretch
_WORD = re.compile(r"\w")  # a stretch of signs alone is no sentence
_OPEN_END = words("line_open_at_end")
_OPEN_START = words("line_open_at_start")
_CAPTION = words("caption")
_STOPS = "。；！？"
_SHORT_LINE = 8
"""Lines up to this long are captions and labels: nothing is joined to them."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in normalised text.

    ``start`` is its offset in the normalised text; ``section`` the source offset of its level-1 section (-1 above
    the first), ``kind`` and ``kinds`` that section's; ``headings`` the headings above it from the outermost in,
    ``run_in`` the innermost where it is part of the sentence's paragraph; ``paragraph`` numbers the paragraphs;
    ``alone`` says whether it is all the text under its heading.
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
    """Prose between two headings, in normalised offsets, with the sections it is in from the outermost in."""

    start: int
    end: int
    path: tuple[Section, ...]


def sentences(
    normalised: Normalised, sections: Sequence[Section], tables: Sequence[tuple[int, int]]
) -> Iterator[Sentence]:
    """Yield the sentences of the prose in order; ``tables`` are source spans to leave out."""
    text = normalised.text
    holes = sorted((normalised.from_source(start), normalised.from_source(end)) for start, end in tables)
    paragraph = 0
    for region in _regions(normalised, sections):
        paragraphs = list(_paragraphs(text, region, holes))
        spans = [span for start, end in paragraphs for span in _split(text, start, end)]
        starts = [start for start, _ in paragraphs]
        level_one = region.path[0] if region.path else None
        last = region.path[-1] if region.path else None
        headings = tuple(section.heading for section in region.path)
        run_in_end = normalised.from_source(last.heading_end) if last and last.run_in else len(text)
        for start, end in spans:
            yield Sentence(
                text=text[start:end],
                start=start,
                paragraph=paragraph + bisect_right(starts, start),
                section=level_one.start if level_one else -1,
                kind=level_one.kind if level_one else None,
                kinds=level_one.kinds if level_one else (),
                headings=headings,
                run_in=last.heading if last and end > run_in_end else None,
                alone=len(spans) == 1,
                numbers=tuple(find_numbers(text[start:end])[:MOST_NUMBERS]),
            )
        paragraph += len(paragraphs)


def _regions(normalised: Normalised, sections: Sequence[Section]) -> Iterator[_Region]:
    """The stretches of text between headings; a run-in heading opens its own stretch with its words."""
    paths = list(_paths(sections, ()))
    ends = [normalised.from_source(path[-1].start) for path in paths]
    ends.append(len(normalised.text))
    yield _Region(0, ends[0], ())
    for path, end in zip(paths, ends[1:], strict=True):
        section = path[-1]
        body = section.heading_start if section.run_in else section.heading_end
        yield _Region(normalised.from_source(body), end, path)


def _paths(sections: Sequence[Section], above: tuple[Section, ...]) -> Iterator[tuple[Section, ...]]:
    """Each section with those above it, in the order of the text."""
    for section in sections:
        path = (*above, section)
        yield path
        yield from _paths(section.children, path)


def _paragraphs(text: str, region: _Region, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of the paragraphs in a region: its lines, those joined that belong together."""
    whole: tuple[int, int] | None = None
    last_line = ""
    for start, end in _lines(text, _outside(region.start, region.end, holes)):
        line = text[start:end]
        if whole is not None and _continues(last_line, line, whole[1] - whole[0]):
            whole = whole[0], end
        else:
            if whole is not None:
                yield whole
            whole = start, end
        last_line = line
    if whole is not None:
        yield whole


def _outside(start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of a stretch the holes (ascending) leave."""
    for hole_start, hole_end in holes:
        if hole_end <= start or hole_start >= end:
            continue
        if hole_start > start:
            yield start, hole_start
        start = max(start, hole_end)
    if start < end:
        yield start, end


def _lines(text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in stretches:
        for line in text[start:end].split("\n"):
            if line.strip("\t"):
                yield start, start + len(line)
            start += len(line) + 1


def _continues(before: str, line: str, length: int) -> bool:
    """Whether ``line`` goes on with the sentence of the line before it; ``length`` is that of the paragraph so far."""
    if before[-1] in _STOPS or _CAPTION.match(line):
        return False
    return bool(_OPEN_START.match(line) or (length > _SHORT_LINE and _OPEN_END.search(before, len(before) - 1)))


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a paragraph."""
    while start < end:
        match = _END.search(text, start, end)
        stop = match.end() if match else end
        if stop - start > LONGEST_SENTENCE:
            stop = _cut(text, start)
        if _WORD.search(text, start, stop):
            yield start, stop
        start = stop


def _cut(text: str, start: int) -> int:
    """Where to cut a sentence that is too long."""
    limit = start + LONGEST_SENTENCE
    pause = _PAUSE.search(text, start + LONGEST_SENTENCE // 2, limit)
    return pause.start() + 1 if pause else limit
