"""Dates and their parts, in digits and in words, as ISO dates."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from govie.metadata.patterns import pattern
from govie.numerals import parse_year

__all__ = ["date_of", "iso_date", "last_of_month", "months_between", "parse_date", "small_number", "year_starts"]

_MONTHS = {"元": 1, "十": 10}
_DIGITS = {character: digit for digit, character in enumerate("〇一二三四五六七八九")}


def parse_date(text: str) -> str | None:
    """Return the ISO date that normalised ``text`` begins with, None where it begins with none.

    Read are 2017年12月31日, 2018-1-5, 2018.1.5, 2018/1/5 and Chinese numerals; a date must exist (no month 13).
    """
    match = pattern("date.full").match(text)
    return date_of(match) if match else None


def date_of(match: re.Match[str]) -> str | None:
    """Return the ISO date of a match of ``date.full``, None where there is no such day."""
    month, day = match["m"] or match["n"], match["d"] or match["e"]
    return iso_date(parse_year(match["y"]), small_number(month), small_number(day))


def year_starts(text: str) -> list[int]:
    """Return the places where a year stands that a date can begin with."""
    return [match.start() for match in pattern("year.start").finditer(text)]


@lru_cache(maxsize=512)
def small_number(words: str | None) -> int | None:
    """Return a month or day number, in digits or in words; None where it cannot be read."""
    if not words:
        return None
    if words.isdecimal():
        return int(words)
    if words in _MONTHS:
        return _MONTHS[words]
    tens, ten, ones = words.replace("廿", "二十").rpartition("十")
    value = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
    return value or None


def iso_date(year: int | None, month: int | None, day: int | None) -> str | None:
    """Return the ISO date of these numbers, None where one is missing or there is no such day."""
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def last_of_month(year: int | None, month: int | None) -> int | None:
    """Return the number of the month's last day, None where year or month is missing or there is no such month."""
    if year is None or month is None or not 1 <= month <= 12:
        return None
    return (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day


def months_between(first: str, last: str) -> float:
    """Return the months from one ISO date to another, days as parts of 31; negative where ``last`` is earlier."""
    a, b = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return (b.year - a.year) * 12 + b.month - a.month + (b.day - a.day) / 31
