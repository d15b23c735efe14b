"""Wholes and parts: which total a number is a part of.

The whole in force is the last total named in the sentence, else the one that earlier sentences of the section
left. Parts belong to the nearest whole: 网站118条，其中动态61条 makes the web site a whole; a bracket or a 其中
behind a part makes that part one (工作信息469条（动态465条、通知4条）).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from .draft import Draft
from .lexicon import words
from .surroundings import Surroundings

__all__ = ["TEXT_UNITS", "WHOLE_CONCEPTS", "Wholes", "promises_all_parts"]

TEXT_UNITS = frozenset("条 篇 件 则 份 条次 篇次 件次".split())
"""Measure words of what is read; a total in one may have parts in another."""
WHOLE_CONCEPTS = frozenset(
    (
        "disclosure.total",
        "requests.received",
        "requests.closed",
        "requests.outcome.total",
        "review.total",
        "litigation.total",
        "litigation.direct.total",
        "litigation.after_review.total",
    )
)
"""Totals that later numbers may be parts of."""
_NEVER_PARTS = frozenset(("disclosure.total", "requests.received"))
_PARTS = words("parts")
_SOME_PARTS = words("some_parts")
_REMAINDER = words("remainder")
_OPENS_PARTS = words("opens_parts")
_PARTS_FIRST = re.compile("其中|包括")  # a sentence of parts only, of the total before it


class _Opened(msgspec.Struct, frozen=True):
    """A part that has parts of its own: its draft, the bracket depth they stand at, whether words opened it."""

    draft: int
    depth: int
    by_words: bool


class Wholes:
    """Wholes and parts of one sentence; numbers and drafts are given by their indices.

    Args:
        around: the words around the sentence's numbers.
        start: the sentence's offset.
        drafts: the report's drafts so far; grows as the sentence is read.
        inherited: the whole that earlier sentences left.

    Attributes:
        draft_of: the last draft of each number that has one.
        own: the draft of the last whole named in this sentence.
        current, concept: the draft and the concept ("" for none) of the whole in force.
    """

    def __init__(self, around: Surroundings, start: int, drafts: Sequence[Draft], inherited: int | None) -> None:
        self._around, self._start, self._drafts = around, start, drafts
        self._opened: list[_Opened] = []
        self.draft_of: dict[int, int] = {}
        self.own: int | None = None
        self.current = inherited
        self.concept = drafts[inherited].concept if inherited is not None else ""

    def begin(self, draft: int) -> None:
        """Make a draft of this sentence the whole in force."""
        self.own = self.current = draft
        self.concept = self._drafts[draft].concept

    @property
    def is_all_information(self) -> bool:
        """Whether the whole in force is a total of all information: a channel is no part of another channel."""
        return self.current is not None and not self.concept.startswith("disclosure.channel.")

    def part_of(self, index: int, concept: str) -> int | None:
        """Return the draft that a number of this concept is a part of."""
        whole = self.current
        if whole is None or concept in _NEVER_PARTS:
            return None
        if concept.startswith("disclosure.channel.") and not self.is_all_information:
            return None
        self._close_and_open(index, whole)
        return self._opened[-1].draft if self._opened else whole

    def _close_and_open(self, index: int, whole: int) -> None:
        """Note whether the words before this number end the parts of a part, or begin them."""
        gap = self._around.before(index)
        depth = self._around.depth(self._around.numbers[index].start)
        while self._opened and (depth < self._opened[-1].depth or (self._opened[-1].by_words and "；" in gap)):
            self._opened.pop()
        before = self.draft_of.get(index - 1)
        if before is None or before == whole or not self._drafts[before].concept.startswith("disclosure."):
            return
        if gap.startswith("（"):
            self._opened.append(_Opened(before, depth, by_words=False))
        elif _OPENS_PARTS.match(gap):
            self._opened.append(_Opened(before, depth, by_words=True))

    def begun(self, index: int) -> bool:
        """Return whether the sentence has gone from its total to its parts before this number."""
        if self.own is None:
            return self.current is not None and bool(_PARTS_FIRST.match(self._around.text))
        end = self._drafts[self.own].end - self._start
        return bool(_PARTS.search(self._around.text[end : self._around.numbers[index].start]))

    def count_before(self, index: int) -> int | None:
        """Return the draft of the last number before this one that is no percentage."""
        place = index - 1
        while place > 0 and self._around.numbers[place].kind == "percent":
            place -= 1
        return self.draft_of.get(place)

    def takes_parts_in(self, unit: str) -> bool:
        """Return whether the whole in force is published information that numbers in ``unit`` can be parts of."""
        assert self.current is not None
        own = self._drafts[self.current].unit
        return unit == own or {unit, own} <= TEXT_UNITS or not unit


def promises_all_parts(before: str, behind: str) -> bool:
    """Return whether the words between a total and its first part promise all parts.

    ``behind`` are the words after that part: a remainder there (其余, 等信息) takes the promise back.
    """
    introduced = bool(_PARTS.search(before)) or before.startswith("（")
    return introduced and not _SOME_PARTS.search(before) and not _REMAINDER.search(behind)
