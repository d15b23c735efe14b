"""The sentence around a place in the text."""

from __future__ import annotations

import re

__all__ = ["LONGEST_SIDE", "sentence_span"]

LONGEST_SIDE = 300
"""At most this many characters to each side of the place: pages that lost their line breaks have no sentences."""
_ENDS = "。！？!?\n\r"
_END = re.compile(f"[{_ENDS}]")
# A line of fewer Chinese characters is a number, a unit or a sign, and says nothing by itself.
_THREE_HAN = re.compile("(?:[㐀-鿿][^㐀-鿿]*+){3}")


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence (or line) that ``text[start:end]`` stands in, without blanks at its edges.

    A sentence ends in 。 ！ ？ or at the line's end, not in ；: the parts of a total stay with it. A place that reaches over
    several sentences gives all of them. A number alone on its line (a table with one cell a line) takes the lines before it
    up to one in words: that is what the row is about.
    """
    lower, upper = max(0, start - LONGEST_SIDE), min(len(text), end + LONGEST_SIDE)
    first = _sentence_start(text, lower, start)
    # A place that takes the sentence's last sign in ends the sentence itself.
    if end > start and text[end - 1] in _ENDS:
        last = end
    else:
        following = _END.search(text, end, upper)
        last = upper if following is None else following.start() + (following[0] not in "\n\r")
    if last - first < LONGEST_SIDE and not _says_something(text[first:last]):
        first = _line_in_words(text, lower, first)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _sentence_start(text: str, lower: int, place: int) -> int:
    first = lower
    for sign in _ENDS:
        found = text.rfind(sign, first, place)
        if found >= 0:
            first = found + 1
    return first


def _line_in_words(text: str, lower: int, place: int) -> int:
    """Return where the last line before ``place`` begins that says something; ``place`` where none does."""
    start = place
    while start > lower:
        end = start - 1
        start = max(lower, 1 + text.rfind("\n", lower, end))
        if _says_something(text[start:end]):
            return start
    return place


def _says_something(line: str) -> bool:
    return _THREE_HAN.search(line) is not None
