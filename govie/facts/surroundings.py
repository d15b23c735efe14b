"""The words around each number of a sentence: gaps, clauses, labels, brackets.

A *gap* is what stands between a number and its neighbour; a *clause* reaches from one separator to the next;
a *label* is the part of them that says what a number counts. *Left* and
*right* are the words before and after a number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from ..numerals import Number
from .lexicon import words

__all__ = ["SEPARATOR", "Surroundings"]

SEPARATOR = re.compile("[，；：。！？]")
"""What ends a clause."""
_LABEL_END = re.compile("[、（）]")  # a label behind its number ends at the next item or bracket
_SHARE_WORDS_AT_END = re.compile("(?:占|占比|比例为?)+$")  # 民生类信息占 labels 民生类信息
_CLOSES_COUNT = re.compile("）[^，。；：（、）]")
_OF_ACCOUNTS = frozenset("个 家".split())
_CONNECTIVE = words("connective")
_LONGEST_LABEL = 80
"""Characters of a label that are looked at, from the number on: no label is longer, and damaged text may be."""


class Surroundings:
    """The words around the numbers of one sentence; numbers are given by their index."""

    def __init__(self, text: str, numbers: Sequence[Number]) -> None:
        self.text, self.numbers = text, numbers
        starts = [0, *[number.end for number in numbers]]
        ends = [*[number.start for number in numbers], len(text)]
        self._gaps = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        self._clause_starts = [0, *[match.end() for match in SEPARATOR.finditer(text)]]
        self._labels: dict[int, tuple[str, str]] = {}
        self._taken: dict[int, int] = {}  # how far into the gap behind it a number's label reaches
        self._brackets = "（" in text or "）" in text

    def before(self, index: int) -> str:
        """Return the words between the number before (or the sentence's start) and this one."""
        return self._gaps[index]

    def after(self, index: int) -> str:
        """Return the words between this number and the next (or the sentence's end)."""
        return self._gaps[index + 1]

    def clause_start(self, index: int) -> int:
        """Return the offset at which the clause of this number begins."""
        return self._clause_starts[bisect_right(self._clause_starts, self.numbers[index].start) - 1]

    def clause(self, index: int) -> str:
        """Return the words of this number's clause before it, other numbers included."""
        start = self.numbers[index].start
        return self.text[max(self.clause_start(index), start - _LONGEST_LABEL) : start]

    def two_clauses(self, index: int) -> str:
        """Return the words before this number in its clause and the one before, without the separator between."""
        start = self.numbers[index].start
        last = bisect_right(self._clause_starts, start) - 1
        clause = self._clause_starts[last]
        earlier = self.text[self._clause_starts[last - 1] : clause - 1] if last else ""
        return earlier[-_LONGEST_LABEL:] + self.text[max(clause, start - _LONGEST_LABEL) : start]

    def depth(self, place: int) -> int:
        """Return how many brackets are open at an offset."""
        return self.text.count("（", 0, place) - self.text.count("）", 0, place) if self._brackets else 0

    def labels(self, index: int) -> tuple[str, str]:
        """Return the words that label this number: those before it in its clause, and those after it.

        Where the number before has taken the words behind it as its label (11条机构设置类和8条规划类), what is
        left between the two is this number's. To be asked for in the order of the numbers.
        """
        if index not in self._labels:
            left = self._left(index)
            self._labels[index] = left, self._right(index, left)
        return self._labels[index]

    def take_right(self, index: int, label: str) -> None:
        """Note that this number's label are the words ``label`` behind it."""
        gap = self.after(index)
        if label in gap:
            self._taken[index] = gap.find(label) + len(label)

    def _left(self, index: int) -> str:
        taken = self._taken.get(index - 1, 0)
        gap = self.before(index)[taken:]
        if index and self.numbers[index - 1].unit in _OF_ACCOUNTS and _CLOSES_COUNT.match(gap) and self.before(index - 1).endswith("（"):
            gap = self.before(index - 1)[:-1] + gap[1:]  # 微信公众号（1个）发布149条: what is bracketed counts the accounts
        own = SEPARATOR.split(gap)[-1]
        if not own and gap.endswith("："):
            own = SEPARATOR.split(gap[:-1])[-1]  # 点击：142次
        if index and not taken and own == gap and "、" in gap and not gap.startswith("、"):
            # 「2件为当面申请、1件为网络申请」: what stands before the first 、 belongs to the number before.
            own = gap.partition("、")[2]
        left = own.lstrip("、）)")[-_LONGEST_LABEL:]
        if index and self.numbers[index - 1].kind == "percent" and _CONNECTIVE.match(left):
            # 民生类信息占41.1%，计30条: the share stands between the label and its count.
            return _SHARE_WORDS_AT_END.sub("", self.labels(index - 1)[0])
        return left

    def _right(self, index: int, left: str) -> str:
        gap = self.after(index)
        separator = SEPARATOR.search(gap)
        right = gap[: separator.start()] if separator else gap
        followed = separator is None and index + 1 < len(self.numbers) and self.numbers[index + 1].kind != "percent"
        if followed and "、" not in right and not _CONNECTIVE.match(left):
            return ""  # 网站30条微信20条: the words are the next number's
        return _LABEL_END.split(right, 1)[0][:_LONGEST_LABEL]
