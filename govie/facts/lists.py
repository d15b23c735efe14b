"""Lists in which labels and numbers stand apart: 甲、乙、丙分别为5条、6条、7条, and 甲、乙均为0件."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..numerals import Number

__all__ = ["each_labels", "respective_labels", "split_labels"]

_RESPECTIVE = re.compile(r"(?:分别|依次)(?P<verb>[^，。；、\d]{0,12}?)$")
_EACH = re.compile(r"(?:均|各|都|皆|全部|全)(?:为|是|有|只有)?$")
_CLOSING = re.compile(r"等(?:[\d一二两三四五六七八九十]+)?(?:大)?(?:类|项|个|种|方面|渠道|平台)?(?:信息|内容|方面)?(?:数量?)?$|(?:这)?[一二两三四五六七八九十\d]+(?:大)?(?:类|项|个|种|方面)(?:信息|内容)?$")
_GAP = re.compile(r"[、，和及与；]|以及|，和")
_SPLIT = re.compile(r"[、，]|以及|及其|(?<!共)和(?!谐|解|平)|与|及(?!时)|或者?")


def split_labels(words: str) -> list[str]:
    """Return the items of 甲、乙和丙."""
    return [item for item in _SPLIT.split(words) if item]


def respective_labels(text: str, numbers: Sequence[Number]) -> dict[int, tuple[str, str]]:
    """Return, for each number of a 分别为 list, its label and the verb words before the first number.

    Keys are indices into ``numbers``. A list whose labels cannot be counted off is left out.
    """
    found: dict[int, tuple[str, str]] = {}
    for first, number in enumerate(numbers):
        match = _RESPECTIVE.search(text, 0, number.start)
        if not match or first in found:
            continue
        last = first
        while last + 1 < len(numbers) and _GAP.fullmatch(text[numbers[last].end : numbers[last + 1].start]):
            last += 1
        count = last - first + 1
        before = [n for n in numbers[:first] if n.unit not in ("类", "大类", "项", "个")]
        begin = before[-1].end if before else 0
        words = re.split(r"[：；。]", text[begin : match.start()])[-1].strip("，、")
        words = _CLOSING.sub("", words)
        listed = [w for w in re.split("[、，]", words) if w]
        labels = listed if len(listed) == count else split_labels(words)[-count:]
        if count > 1 and len(labels) == count:
            found.update({first + i: (label, match["verb"]) for i, label in enumerate(labels)})
    return found


def each_labels(text: str, number: Number, begin: int) -> list[str]:
    """Return the labels that share one number (甲、乙均为0件), [] where the number stands for one only."""
    left = text[begin : number.start]
    match = _EACH.search(left)
    if not match:
        return []
    words = re.split(r"[：；。]", left[: match.start()])[-1].strip("，、")
    last = split_labels(words.split("，")[-1])
    return last if len(last) > 1 else split_labels(words)
