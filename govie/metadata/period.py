"""The period reported on: the first span of dates that the text introduces as such.

Supported: whole dates, months without days, spans whose year is named once, and spans that lost their separators,
wherever only one reading of them is possible. Left out on purpose: spans of campaigns, half-years, quarters.
"""

from __future__ import annotations

import re

import msgspec

from govie.metadata.dates import iso_date, last_of_month, months_between, small_number
from govie.metadata.patterns import characters, pattern
from govie.metadata.view import View
from govie.numerals import parse_year
from govie.records import Period

__all__ = ["StatedPeriod", "find_period"]

# What introduces a span stands in its own clause, no further before it than this.
_INTRODUCTION = 40
# Months that a span of a yearly report covers, where no word introduces it.
_SHORTEST, _LONGEST = 5, 20


class StatedPeriod(msgspec.Struct, frozen=True):
    """A span of dates at ``text[start:end]``; ``period`` is None where its days cannot be read.

    ``end_year`` is the year of its end as written, which may be known where the day is not.
    """

    start: int
    end: int
    period: Period | None
    end_year: int | None


def find_period(view: View, years: list[int], body: int) -> StatedPeriod | None:
    """Return the first span of dates that the text introduces as its period, None where there is none.

    ``years`` are the places of years in the view's text, ``body`` the place where its body begins.
    """
    text = view.text
    for at in years:
        if text.startswith("年", at + 4) and not pattern("period.month").match(text, at + 4):
            continue
        stated = _span_at(text, at)
        if stated is None:
            continue
        clause = pattern("period.clause_end").split(text[max(0, at - _INTRODUCTION) : at])[-1]
        if pattern("period.cue").search(clause) or ((at < body or "情况" in clause) and _looks_annual(stated)):
            return stated
    return _calendar_year(view, years)


def _calendar_year(view: View, years: list[int]) -> StatedPeriod | None:
    """Return the first span from 1 January to 31 December that a text without a stated period counts over."""
    for at in years:
        if view.text[at - 1 : at] not in characters("period.opening"):
            continue
        stated = _span_at(view.text, at)
        if stated is None or stated.period is None or view.text[stated.end - 1] != "日":
            continue
        year = stated.period.start[:4]
        if stated.period == Period(f"{year}-01-01", f"{year}-12-31"):
            return stated
    return None


def _looks_annual(stated: StatedPeriod) -> bool:
    period = stated.period
    return period is not None and _SHORTEST < months_between(period.start, period.end) < _LONGEST


def _span_at(text: str, at: int) -> StatedPeriod | None:
    """Return the span of dates that begins with the year at ``text[at]``, None where none does."""
    return _whole_span(text, at) or _damaged_span(text, at) or _span_of_digits(text, at)


# ---------------------------------------------------------------- spans with their separators


def _whole_span(text: str, at: int) -> StatedPeriod | None:
    match = pattern("period.range").match(text, at)
    if match is None:
        return None
    first_year, last_year = _years_of(match)
    first_month = small_number(match["m1"] or match["n1"] or match["g1"])
    first = iso_date(first_year, first_month, _first_day(match))
    last = iso_date(last_year, small_number(match["m2"]), _last_day(match, last_year))
    return StatedPeriod(match.start(), match.end(), _period(first, last), last_year)


def _years_of(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Return the years of both ends; the last date may leave its year to the first."""
    first_year = parse_year(match["y1"])
    return first_year, parse_year(match["y2"]) if match["y2"] else first_year


def _period(first: str | None, last: str | None) -> Period | None:
    return Period(first, last) if first and last and first <= last else None


def _first_day(match: re.Match[str]) -> int | None:
    day = match["d1"] or match["e1"] or match["h1"]
    if day:
        return small_number(day)
    # 2017年1月至12月: from the first day of the month; 2017年1月日 lost its day and stays unread.
    behind_month = match.end("m1") + 1
    return None if match.string.startswith("日", behind_month) else 1


def _last_day(match: re.Match[str], year: int | None) -> int | None:
    day = match["d2"] or match["e2"]
    if day:
        return small_number(day)
    # 12月, 12月底: the last day, unless a lost one is visible (12月日).
    end = match.end("m2")
    if match.string.startswith("月日", end) or not match.string.startswith("月", end):
        return None
    return last_of_month(year, small_number(match["m2"]))


# ---------------------------------------------------------------- spans that lost their separators


def _damaged_span(text: str, at: int) -> StatedPeriod | None:
    """Return a span that lost some of its separators: 自201611日起至20161231日止."""
    match = pattern("period.damaged").match(text, at)
    if match is None:
        return None
    first_year, last_year = _years_of(match)
    period = _period(_only_date(first_year, match["r1"]), _only_date(last_year, match["r2"]))
    return StatedPeriod(match.start(), match.end(), period, last_year)


def _only_date(year: int | None, rest: str) -> str | None:
    """Return the only date that ``rest`` (month and day run together) can be, None where there are none or two."""
    month, found, day = rest.partition("月")
    if found:
        return iso_date(year, int(month), int(day))
    readings = set()
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        if len(month) <= 2 and len(day) <= 2 and (len(rest) == 4 or not day.startswith("0")):
            readings.add(iso_date(year, int(month), int(day)))
    readings.discard(None)
    return readings.pop() if len(readings) == 1 else None


def _span_of_digits(text: str, at: int) -> StatedPeriod | None:
    """Return a span that lost all separators, where a word introduces it: 统计期限为2025111231日."""
    match = pattern("period.digits").match(text, at)
    if match is None or not pattern("period.introduction").search(text[max(0, at - 8) : at]):
        return None
    period = _only_period(match["y1"], match["run"])
    return StatedPeriod(match.start(), match.end(), period, int(period.end[:4])) if period else None


def _only_period(year: str, run: str) -> Period | None:
    """Return the only span inside one year that a run of months and days can be, None where there are none or two."""
    if run.count(year) == 1 and 1 <= run.index(year) <= 4:
        first, _, last = run.partition(year)
        pairs = [(first, last)]
    else:
        pairs = [(run[:cut], run[cut:]) for cut in range(2, len(run) - 1)]
    readings = {
        (start, end)
        for first, last in pairs
        for start in _possible_dates(year, first)
        for end in _possible_dates(year, last)
        if start < end
    }
    return Period(*readings.pop()) if len(readings) == 1 else None


def _possible_dates(year: str, run: str) -> list[str]:
    """Return every date of ``year`` that ``run`` (month and day run together) can be."""
    cuts = range(max(1, len(run) - 2), min(2, len(run) - 1) + 1)
    dates = [iso_date(int(year), int(run[:cut]), int(run[cut:])) for cut in cuts if run[cut] != "0" or len(run) == 4]
    return [date for date in dates if date]
