"""The sentence around a place in the text."""

from __future__ import annotations

import re

__all__ = ["LONGEST_SIDE", "sentence_span"]

LONGEST_SIDE = 300
"""At most this many characters to each side of the place: pages that lost their line breaks have no sentences."""
_ENDS = "。！？!?\n\r"
_END = re.compile(f"[{_ENDS}]")


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence (or line, for a table's row) that ``text[start:end]`` stands in, without blanks at its edges.

    A sentence ends in 。 ！ ？ or at the line's end, not in ；: the parts of a total stay with it. A place that reaches over
    several sentences gives all of them.
    """
    lower, upper = max(0, start - LONGEST_SIDE), min(len(text), end + LONGEST_SIDE)
    first = max(lower, 1 + max(text.rfind(sign, lower, start) for sign in _ENDS))
    # A place that takes the sentence's last sign in ends the sentence itself.
    if end > start and text[end - 1] in _ENDS:
        last = end
    else:
        following = _END.search(text, end, upper)
        last = upper if following is None else following.start() + (following[0] not in "\n\r")
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
