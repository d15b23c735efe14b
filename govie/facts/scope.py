"""Which year a number is of, and whether it is annual or cumulative.

The rules are those of the output conventions: the year is the one that the fact's own sentence names (上年 is
one less), else that of the total it is a part of, else the report's; ``cumulative`` are 累计, 历年, 以来,
截至…共 and any span that starts before the report's period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy

import msgspec

from ..numerals import parse_year
from ..records import Scope
from .lexicon import words

__all__ = ["Time", "times"]

_CUE = words("time_cue")
_SUM = words("sum_at_deadline")
_BEFORE_COMPARED_YEAR = words("before_compared_year")
_COMPARED_ONLY = words("compared_only")
_CARRIED_BEHIND = words("carried_behind_year")
_CARRIED_BEFORE = words("carried_before_year")
_CARRIED_BEHIND_LAST = words("carried_behind_last_year")
_YEAR_IN_FORCE = words("year_in_force")
_LAST_YEAR = words("last_year")
_SINCE_THIS_YEAR = words("since_this_year")
_SINCE_EVENT = words("since_event")
_NO_TIME = frozenset(("quoted", "plan"))  # cues that only keep the years in them from being read
_FAR = 2
"""A year farther from the report's than this belongs to the matter (2004年退耕还林台账), not to the number."""
_NEAR = 4
"""Characters before a cue that tell what it is about."""


class Time(msgspec.Struct, frozen=True):
    """The time of a number.

    ``year`` is None for the report's own year, from which ``offset`` then counts (-1: 上年); ``named`` says whether
    the sentence names a time at all.
    """

    year: int | None
    scope: Scope
    named: bool
    offset: int = 0

    def with_scope(self, scope: Scope) -> Time:
        """Return this time, annual or cumulative as told."""
        return Time(self.year, scope, self.named, self.offset)

    def inherited(self) -> Time:
        """Return this time for a number whose own sentence names none."""
        return Time(self.year, self.scope, False, self.offset)


class _State:
    """What the cues read so far say."""

    def __init__(self, own_year: int | None, period: bool) -> None:
        self.own_year = own_year
        self.year: int | None = None
        self.offset = 0
        self.scope: Scope = "annual"
        self.named = False
        self.period = period  # a year or 全年 has been named, so that a 累计 after it is of that year
        self.deadline = False

    def time(self) -> Time:
        return Time(self.year, self.scope, self.named, self.offset)

    def set_year(self, year: int | None, offset: int = 0) -> None:
        """A year is named: what follows is annual, of that year."""
        self.year, self.offset, self.scope = year, offset, "annual"
        self.named = self.period = True
        self.deadline = False

    def set_scope(self, scope: Scope) -> None:
        """A span is named: the year itself (annual), or one that starts before it."""
        self.scope, self.period = scope, scope == "annual"
        self.named, self.deadline = True, False


def times(text: str, places: Iterable[int], year: int | None = None, *, year_named: bool = False) -> list[Time]:
    """Return the time of each place (offsets in ``text``, ascending); cues after a place don't count.

    Args:
        text: a sentence, normalised.
        places: where the numbers stand.
        year: the report's year, where known: a year more than two away from it (2004年退耕还林台账) belongs to the
            matter, not to the number.
        year_named: whether an earlier sentence has named the year that this one goes on with, so that a bare 累计
            is of that year.
    """
    state = _State(year, year_named)
    aside: _State | None = None
    result = []
    cues = [
        cue
        for cue in _CUE.finditer(text)
        if cue.lastgroup not in _NO_TIME and not _is_far(cue, year) and not (_is_aside(text, cue) and _COMPARED_ONLY.match(text, cue.end()))
    ]
    if not cues:
        return [state.time() for _ in places]
    index = 0
    for place in places:
        while index < len(cues) and cues[index].start() < place:
            if aside is None and _is_aside(text, cues[index]):
                aside = copy(state)
            _apply(state, cues[index], text)
            index += 1
        if state.deadline and _SUM.search(text, cues[index - 1].end(), place):
            state.scope = "cumulative"
        result.append(state.time())
        if aside is not None:
            # A comparison (比上年的178条多) or a bracket names another year for one number only.
            state, aside = aside, None
        # After a number, a named year no longer tames a 累计.
        state.period = state.deadline = False
    return result


def _is_far(cue: re.Match[str], year: int | None) -> bool:
    if year is None or cue.lastgroup != "named":
        return False
    named = parse_year(cue["named_year"])
    return named is not None and abs(named - year) > _FAR


def _is_aside(text: str, cue: re.Match[str]) -> bool:
    return cue.lastgroup in ("named", "last") and _ends_with(_BEFORE_COMPARED_YEAR, text, cue.start())


def _ends_with(pattern: re.Pattern[str], text: str, end: int) -> bool:
    return pattern.search(text, max(0, end - _NEAR), end) is not None


def _apply(state: _State, cue: re.Match[str], text: str) -> None:
    """Read one cue into the state."""
    match cue.lastgroup:
        case "since" | "ago":
            _since(state, cue, text)
        case "span":
            _span(state, cue)
        case "deadline":
            _deadline(state, cue)
        case "this_start" | "months":
            state.set_scope("annual")
        case "named":
            _named(state, cue, text)
        case "last":
            if not _CARRIED_BEHIND_LAST.match(text, cue.end()):
                state.set_year(None, -1)
        case "this" if _YEAR_IN_FORCE.match(cue.group()):
            state.set_year(state.year, state.offset)
        case "this":
            state.set_year(None)
        case "total":
            _total(state, cue, text)


def _span(state: _State, cue: re.Match[str]) -> None:
    """2015至2017年: cumulative, its end point is the year."""
    first, last = parse_year(cue["first_year"]), parse_year(cue["last_year"])
    state.set_year(last)
    if first != last:
        state.set_scope("cumulative")


def _named(state: _State, cue: re.Match[str], text: str) -> None:
    """2017年: the year, unless it is a day's or that of carried requests."""
    carried = _CARRIED_BEHIND.match(text, cue.end()) or _ends_with(_CARRIED_BEFORE, text, cue.start())
    if not cue["day"] and not carried:
        state.set_year(parse_year(cue["named_year"]))


def _total(state: _State, cue: re.Match[str], text: str) -> None:
    """累计: of the year just named, else from the beginning; among bracketed parts it says no more than the total did."""
    from_the_beginning = cue.group().startswith(("历年", "有史"))
    bracketed = text.rfind("（", 0, cue.start()) > text.rfind("）", 0, cue.start())
    if from_the_beginning or not (state.period or bracketed):
        state.scope, state.named = "cumulative", True


def _deadline(state: _State, cue: re.Match[str]) -> None:
    """截至…: annual itself, but a 共 behind it makes the number cumulative."""
    own, end = cue["deadline_year"], cue["end_year"]
    if state.period and (not own or parse_year(own) == state.year):
        return  # 2022年…，截至2022年12月31日共发布: the year itself, up to its end
    if own or end:
        state.year, state.offset = parse_year(own or end), 0
    if _LAST_YEAR.search(cue.group()):
        state.year, state.offset = None, -1
    state.set_scope("annual")
    state.deadline, state.period = True, False


def _since(state: _State, cue: re.Match[str], text: str) -> None:
    """自…以来: cumulative, if it is a time at all and does not begin with the year."""
    if cue.lastgroup == "ago" and text.startswith("的", cue.end()):
        return  # 以来的 belongs to the matter
    own = f"{state.own_year}年"
    if _SINCE_THIS_YEAR.match(cue.group()) or text.endswith(own, 0, cue.start()) or cue.group().startswith((own, f"自{own}", f"从{own}")):
        state.scope, state.period, state.named = "annual", True, True
    elif not cue.group().endswith(("起", "开始")) or _SINCE_EVENT.search(cue.group()):
        state.set_scope("cumulative")
