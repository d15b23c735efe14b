"""The two small records that the steps of this package hand to one another, and the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .words import BLANK, EDGE

__all__ = ["Head", "Line", "read_lines"]

_BREAK = "\\n\\r\\x0b\\x0c\\x85\u2028\u2029"
_LINE = re.compile(f"[^{_BREAK}{BLANK}][^{_BREAK}]*")  # from the line's first sign that is no blank


class Line(NamedTuple):
    """A line without the blanks around it: its span, and whether it belongs to a table."""

    start: int
    end: int
    in_table: bool


class Head(NamedTuple):
    """A heading before its level and kind are known; ``line`` is the index of the line its words stand on."""

    line: int
    style: str
    number: str | None
    value: int
    start: int
    head_start: int
    head_end: int
    run_in: bool
    own_end: int  # where the heading's line (or lead) ends: its body starts here


def read_lines(text: str, table_spans: Sequence[tuple[int, int]]) -> list[Line]:
    """Return the lines that are not blank, those inside ``table_spans`` marked."""
    spans = sorted(table_spans)
    reached = -1  # the last span that starts at or before the line
    lines: list[Line] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if text[end - 1] in EDGE:
            end = start + len(match.group().rstrip(EDGE))
            if end == start:
                continue
        # A table's span may start behind the bar that opens its first row.
        first = start if not spans or text[start] != "|" else end - len(text[start:end].lstrip("| "))
        while reached + 1 < len(spans) and spans[reached + 1][0] <= first:
            reached += 1
        lines.append(Line(start, end, reached >= 0 and first < spans[reached][1]))
    return lines
