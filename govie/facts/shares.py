"""Percentages beside counts: 22条，占33.3%; 分别占20%、30%和50%."""

from __future__ import annotations

import re

from .draft import ProseShare
from .lexicon import words
from .state import SentenceState

__all__ = ["read_share"]

_SHARE = words("share")
_SHARE_OF = words("share_of")
_SHARE_OF_ALL = words("share_of_all")
_RESPECTIVE = re.compile("分别|依次")
_ENUMERATION = re.compile("[、，和及]+")  # between the shares of one list
_RIGHT_BESIDE = frozenset(("", "（", "，"))


def read_share(state: SentenceState, index: int) -> None:
    """Add the share that a percentage states, with its part and whole where the words say so."""
    number = state.numbers[index]
    left = state.around.labels(index)[0]
    first, last = _run(state, index)
    if number.unit != "%" or not (index > first or _is_share(state, index, left)):
        return
    part = _part(state, index, first, last)
    state.report.shares.append(
        ProseShare(
            percent=float(number.value),
            decimals=number.decimals,
            start=state.sentence.start + number.start,
            end=state.sentence.start + number.end,
            part=part,
            whole=None if part is None or _of_another_whole(left) else state.report.drafts[part].part_of,
        )
    )


def _is_share(state: SentenceState, index: int, left: str) -> bool:
    """占22%, （22%, 22条22%: not 增长22%."""
    return bool(_SHARE.search(left)) or left.endswith("（") or state.around.before(index) in _RIGHT_BESIDE


def _of_another_whole(left: str) -> bool:
    """占全县总量的 is the total; 占网站信息的 is a share of something else."""
    match = _SHARE_OF.search(left)
    return match is not None and not _SHARE_OF_ALL.search(match[1])


def _part(state: SentenceState, index: int, first: int, last: int) -> int | None:
    """The draft a share belongs to: the count before it, or the one in its place of a 分别占 list."""
    draft_of = state.wholes.draft_of
    if last > first and _RESPECTIVE.search(state.text, 0, state.numbers[first].start):
        counts = [draft_of[place] for place in range(first) if place in draft_of]
        wanted = last - first + 1
        return counts[index - first - wanted] if len(counts) >= wanted else None
    return draft_of.get(index - 1)


def _run(state: SentenceState, index: int) -> tuple[int, int]:
    """The first and last number of the list of percentages (20%、30%和50%) that ``index`` stands in."""
    first = last = index
    while first and _listed(state, first - 1):
        first -= 1
    while last + 1 < len(state.numbers) and _listed(state, last):
        last += 1
    return first, last


def _listed(state: SentenceState, index: int) -> bool:
    """Whether a number and the next are percentages of one list."""
    numbers = state.numbers
    both = numbers[index].kind == numbers[index + 1].kind == "percent"
    return both and _ENUMERATION.fullmatch(state.around.after(index)) is not None
