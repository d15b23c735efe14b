"""Lists in which labels and numbers stand apart: 甲、乙、丙分别为5条、6条、7条, and 甲、乙均为0件."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..numerals import Number
from .lexicon import words

__all__ = ["each_labels", "respective_labels", "split_labels"]

_RESPECTIVE = words("respective_list")
_EACH = words("each")
_CLOSING = words("list_closing")
_BETWEEN_NUMBERS = words("list_gap")
_BETWEEN_LABELS = words("list_split")
_COMMA = re.compile("[、，]")  # labels are first told apart by these alone: 会议和培训、财政 are two
_CLAUSES_END = re.compile("[：；。]")  # a list may go over several clauses, but not past these
_OF_LISTS = frozenset("类 大类 项 个".split())  # 分为三类: how many labels there are, not a count
_LONGEST_VERB = 16
_LONGEST_LIST = 200
"""Characters of labels that are looked at, from the numbers back."""


def split_labels(labels: str) -> list[str]:
    """Return the items of 甲、乙和丙."""
    return [item for item in _BETWEEN_LABELS.split(labels) if item]


def respective_labels(text: str, numbers: Sequence[Number]) -> dict[int, tuple[str, str]]:
    """Return, for each number of a 分别为 list, its label and the verb words before the first number.

    Keys are indices into ``numbers``. A list whose labels cannot be counted off is left out.
    """
    found: dict[int, tuple[str, str]] = {}
    if "分别" not in text and "依次" not in text:
        return found
    for first, number in enumerate(numbers):
        match = _RESPECTIVE.search(text, max(0, number.start - _LONGEST_VERB), number.start)
        if match is None or first in found:
            continue
        count = _length_of_list(text, numbers, first)
        before = [other for other in numbers[:first] if other.unit not in _OF_LISTS]
        labels = _labels(text[before[-1].end if before else 0 : match.start()], count)
        if count > 1 and len(labels) == count:
            found.update({first + place: (label, match["verb"]) for place, label in enumerate(labels)})
    return found


def _length_of_list(text: str, numbers: Sequence[Number], first: int) -> int:
    last = first
    while last + 1 < len(numbers) and _BETWEEN_NUMBERS.fullmatch(text[numbers[last].end : numbers[last + 1].start]):
        last += 1
    return last - first + 1


def _labels(before: str, count: int) -> list[str]:
    """The last ``count`` labels in the words before a list of numbers."""
    listed = _CLOSING.sub("", _without_earlier_clauses(before))
    by_commas = [label for label in _COMMA.split(listed) if label]
    return by_commas if len(by_commas) == count else split_labels(listed)[-count:]


def each_labels(before: str) -> list[str]:
    """Return the labels that share the number behind these words (甲、乙均为), [] where it stands for one only."""
    match = _EACH.search(before, max(0, len(before) - _LONGEST_VERB))
    if match is None:
        return []
    listed = _without_earlier_clauses(before[: match.start()])
    last = split_labels(listed.rpartition("，")[2])
    shared = last if len(last) > 1 else split_labels(listed)
    return shared if len(shared) > 1 else []


def _without_earlier_clauses(before: str) -> str:
    return _CLAUSES_END.split(before[-_LONGEST_LIST:])[-1].strip("，、")
