"""Headings in running text, where the text has lost its line breaks.

Two cases. A page that lost all its line breaks has its headings one after another in one line: the longest run
一、二、三、 is taken whatever its words are. A page that lost some of them has a heading in the middle of a line
where the headings at the start of lines leave a gap: it is taken only if it is made of the words of known headings
and its number fits. Numbers inside a paragraph of a text that has its lines are no headings (output.md).
"""

from __future__ import annotations

import re
from bisect import bisect_right

from .lexicon import canonical, heading_kinds, known_end, load_lexicon
from .lines import Head, Line
from .numbered import MAX_LEAD, STOP, breaks_off
from .numbers import INLINE_LEAD, INLINE_MARK, bare_number, number_value
from .words import CLOSING, EDGE, squeeze, trim

__all__ = ["running_heads"]

_BEFORE = frozenset("。；;：:！!？?”》）)]" + EDGE + "\n")  # what may stand before a heading in running text
_LISTED = "；;，,、"  # after a name in a list of the report's sections
_FEW_WORDS = 6  # (words) so many characters more than its known words a heading may have before 。 or a blank


def running_heads(text: str, lines: list[Line], heads: list[Head]) -> list[Head]:
    """Return ``heads`` with the headings 一、二、三、 in running text, and （一）（二） inside them, in order."""
    if sum(1 for head in heads if head.style in ("han", "part") and not head.run_in) < 3:
        heads = _of_one_line(text, lines, heads)
    filled = _in_the_gaps(text, lines, heads)
    return sorted(filled + _parts(text, lines, filled), key=lambda head: head.start)


def _of_one_line(text: str, lines: list[Line], heads: list[Head]) -> list[Head]:
    """Put the longest run 一、二、三、 of a line in the place of what was found at its start."""
    found: list[Head] = []
    for index, line in enumerate(lines):
        if line.in_table or line.end - line.start < 60:
            continue
        matches = [m for m in INLINE_LEAD.finditer(text, line.start, line.end) if m.lastgroup == "han"]
        run = _longest_run(matches, line.end)
        ends = [match.start() for match in run[1:]] + [line.end]
        tops = [_head(text, index, match, "han", end) for match, end in zip(run, ends, strict=len(run) > 0)]
        accepted = [head for head in tops if head is not None]
        if any(heading_kinds(text[head.head_start : head.head_end]) for head in accepted):
            found.extend(accepted)
    taken = {head.line for head in found}
    return sorted([head for head in heads if head.line not in taken] + found, key=lambda head: head.start)


def _longest_run(matches: list[re.Match[str]], end: int) -> list[re.Match[str]]:
    """Return the run of numbers in sequence that covers most text: the report's sections, not a list of their names."""
    runs: list[list[re.Match[str]]] = []
    latest: dict[int, list[re.Match[str]]] = {}  # by its last number, the run that reached it last
    for match in matches:
        value = number_value(match.group("han"))
        run = latest.pop(value - 1, None)
        if run is None:
            run = []
            runs.append(run)
        run.append(match)
        latest[value] = run
    starts = [run[0].start() for run in runs]

    def extent(run: list[re.Match[str]]) -> int:
        place = bisect_right(starts, run[-1].start())
        return (starts[place] if place < len(starts) else end) - run[0].start()

    return max((run for run in runs if len(run) >= 3), key=extent, default=[])


# --- headings in the gaps -------------------------------------------------------------------------------------


def _in_the_gaps(text: str, lines: list[Line], heads: list[Head]) -> list[Head]:
    """Add the known headings in the middle of lines whose numbers fit between those at the start of lines."""
    candidates = _known_in_lines(text, lines, {head.start for head in heads})
    if not candidates:
        return heads
    tops = [head for head in heads if head.style == "han"]
    before = 0  # the number of the top heading before
    place = 0
    added: list[Head] = []
    for index, head in enumerate(candidates):
        while place < len(tops) and tops[place].start < head.start:
            before = tops[place].value
            place += 1
        following = candidates[index + 1] if index + 1 < len(candidates) else None
        after = tops[place] if place < len(tops) else None
        if head.value != before + 1 or after is not None and after.value == head.value:
            continue
        neighbours = {other.value for other in (following, after) if other is not None}
        alone = before == 0 and head.value + 1 not in neighbours
        if alone and not _between_blanks(text, head) and not _opens_parts(text, lines, head):
            continue  # a lone 一、 is no sequence
        added.append(head)
        before = head.value
    return sorted(heads + added, key=lambda head: head.start)


def _known_in_lines(text: str, lines: list[Line], taken: set[int]) -> list[Head]:
    """Return the headings of known words and kind behind 一、 inside lines, in order."""
    starts = [line.start for line in lines]
    found: list[Head] = []
    for match in INLINE_MARK.finditer(text):
        place = match.start()
        if place == 0 or text[place - 1] not in _BEFORE or place in taken:
            continue
        index = bisect_right(starts, place) - 1
        if index < 0 or place == starts[index] or place >= lines[index].end or lines[index].in_table:
            continue
        head = _head(text, index, match, "han", lines[index].end)
        if head is None or text[head.own_end : head.own_end + 1] in tuple(_LISTED):
            continue
        words = canonical(text[head.head_start : head.head_end])
        if known_end(words) and heading_kinds(words):
            found.append(head)
    return found


def _between_blanks(text: str, head: Head) -> bool:
    """Whether blanks stand where the line breaks around the heading were."""
    return text[head.start - 1] in EDGE and text[head.own_end : head.own_end + 1] in tuple(EDGE)


def _opens_parts(text: str, lines: list[Line], head: Head) -> bool:
    """Whether the heading ends its line and the next one starts with （一）."""
    if head.own_end < lines[head.line].end or head.line + 1 >= len(lines):
        return False
    match = INLINE_LEAD.match(text, lines[head.line + 1].start)
    return match is not None and match.lastgroup == "paren" and number_value(match.group("paren")) == 1


# --- parts ----------------------------------------------------------------------------------------------------


def _parts(text: str, lines: list[Line], heads: list[Head]) -> list[Head]:
    """Return （一）（二） behind the level-1 headings that have lost the line break after them."""
    found: list[Head] = []
    for place, head in enumerate(heads):
        if head.style != "han" or not head.run_in:
            continue
        line = lines[head.line]
        alone = head.start == line.start and (place + 1 == len(heads) or heads[place + 1].line != head.line)
        if alone and text[head.own_end : head.own_end + 1] in tuple("。：:"):
            continue  # a paragraph with a lead: what is numbered inside it is no heading
        end = heads[place + 1].start if place + 1 < len(heads) else len(text)
        matches = [
            match
            for match in INLINE_LEAD.finditer(text, head.own_end, min(end, line.end))
            if match.lastgroup == "paren"
        ]
        parts = _numbered_in_order(text, head.line, matches, min(end, line.end))
        if not alone or len(parts) >= 2:
            found.extend(parts)
    return found


def _numbered_in_order(text: str, index: int, matches: list[re.Match[str]], end: int) -> list[Head]:
    parts: list[Head] = []
    wanted = 1
    for place, match in enumerate(matches):
        if number_value(match.group("paren")) == wanted:
            head = _head(text, index, match, "paren", matches[place + 1].start() if place + 1 < len(matches) else end)
            if head is not None:
                parts.append(head)
            wanted += 1
    return parts


# --- one heading ----------------------------------------------------------------------------------------------


def _head(text: str, index: int, match: re.Match[str], group: str, end: int) -> Head | None:
    """Return the heading behind a number in line ``index``, None where its words do not end like one."""
    squeezed, offsets = squeeze(text[match.end() : min(end, match.end() + 120)])
    length = _length(squeezed, offsets)
    if not length:
        return None
    stop = match.end() + (length if offsets is None else offsets[length - 1] + 1)
    head_start, head_end = trim(text, match.end(), stop, CLOSING)
    if head_start >= head_end:
        return None
    number = match.group(group)
    return Head(
        index, group, bare_number(number), number_value(number), match.start(group), head_start, head_end, True, stop
    )


def _length(squeezed: str, offsets: list[int] | None) -> int:
    """Return how many characters of running text are a heading: its known words, or up to a blank, 。 or ：."""
    stop = STOP.search(squeezed)
    place = min(stop.start() if stop else len(squeezed), MAX_LEAD + 1)
    known = known_end(canonical(squeezed[:70]))
    if known and known < place:
        strong = canonical(squeezed[:known]).endswith(load_lexicon().strong)
        if strong and breaks_off(squeezed, offsets, known) or _gap_at(offsets, known):
            return known
    blank = next((at for at in range(max(2, known), min(place, MAX_LEAD)) if _gap_at(offsets, at)), 0)
    if known and known <= place:
        if squeezed[known : known + 1] in ("（", "("):
            return known
        nearest = blank or place
        return nearest if nearest <= known + _FEW_WORDS and (blank or stop) else known
    return blank or (place if place <= MAX_LEAD and stop else 0)


def _gap_at(offsets: list[int] | None, index: int) -> bool:
    return offsets is not None and 0 < index < len(offsets) and offsets[index] > offsets[index - 1] + 1
