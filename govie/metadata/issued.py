"""The date of issue: every date of the text is ranked as a source of it, and the first of the best rank is taken.

Left out on purpose: dates that begin or end a span, dates of links and clocks, publishing dates of another year.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import IntEnum

from govie.metadata.dates import date_of, months_between, parse_date
from govie.metadata.patterns import characters, pattern, words
from govie.metadata.view import View
from govie.records import Document

__all__ = ["find_issued"]

# A line that holds sentences is no date line; only its end may be a signature.
_LONGEST_LINE = 120
# A publishing date counts from a year before the period's end up to 18 months after (the law gives one or three).
_EARLIEST_MONTHS, _LATEST_MONTHS = -12, 18
# What closes the sentence before a date that is the last words of all.
_CLOSING = ("。", "无", "|", "\t")


class _Source(IntEnum):
    """Sources of the date of issue, the best first."""

    SIGNATURE = 0
    SIGNATURE_IN_DIGITS = 1
    DATE_ALONE = 2
    CLOSING_DIGITS = 3
    BRACKETED = 4
    CREATED = 5
    PUBLISHED = 6
    STAMPED = 7
    LAST_LINE = 8


def find_issued(
    view: View, years: list[int], title_end: int, body: int, last_day: str | None, document: Document
) -> str | None:
    """Return the date of issue: signature, bracketed under the title, created, published (within 18 months).

    ``years`` are the places of years in the view's text, ``body`` is where its body begins, ``last_day`` the end of
    the period reported on. None is returned where neither the text nor the page gives such a date.
    """
    body = max(body, title_end)
    found: dict[_Source, str] = {}
    for at in years:
        match = pattern("date.full").match(view.text, at)
        if not match or _is_of_span(view.text, match):
            continue
        source = _source_of(view, match, title_end, body)
        day = date_of(match) if source is not None else None
        if source is None or day is None or source in found:
            continue
        if source < _Source.PUBLISHED or _is_near(day, last_day):
            found[source] = day
    return found[min(found)] if found else _published_by_page(document, last_day)


def _published_by_page(document: Document, last_day: str | None) -> str | None:
    published = document.page.get("published", "")[:10]
    # An impossible day may have the right form.
    day = parse_date(published) if pattern("date.iso").fullmatch(published) else None
    return day if day and _is_near(day, last_day) else None


def _is_near(day: str, last_day: str | None) -> bool:
    """Tell whether a publishing date can be that of the report, and not of its second coming on a new site."""
    return last_day is None or _EARLIEST_MONTHS <= months_between(last_day, day) <= _LATEST_MONTHS


def _is_of_span(text: str, date: re.Match[str]) -> bool:
    before = text[date.start() - 1 : date.start()]
    return before in words("issued.before_span") or pattern("issued.span").match(text, date.end()) is not None


# ---------------------------------------------------------------- what a date is a source of


def _source_of(view: View, date: re.Match[str], title_end: int, body: int) -> _Source | None:
    """Return how good a source of the date of issue this date is, None where it is none."""
    index = max(bisect_left(view.lines, (date.start() + 1,)) - 1, 0)
    start, end = view.lines[index]
    labelled = _labelled(view.text, date, start, max(body, title_end + 200))
    if labelled is not None:
        return labelled
    line = view.text[start:end] if end - start <= _LONGEST_LINE else ""
    if date.start() < title_end:
        return None
    if date.start() < body:
        return _under_title(line, date.start() - start, date.end() - start)
    if any(word in line for word in words("issued.clock")):
        return None
    return _signature(view, date, line, index)


def _labelled(text: str, date: re.Match[str], line_start: int, head_end: int) -> _Source | None:
    """Return the source that a label before the date tells: 成文日期：, 发布时间："""
    before = text[max(line_start, date.start() - 8) : date.start()]
    if before[-1:] not in characters("issued.label_end"):
        return None
    labelled = text[max(0, date.start() - 12) : date.end()]
    if pattern("issued.created").search(labelled):
        return _Source.CREATED
    if line_start < head_end and pattern("issued.published").search(labelled):
        return _Source.PUBLISHED
    return None


def _under_title(line: str, start: int, end: int) -> _Source | None:
    """Return the source that the date ``line[start:end]`` between title and body is."""
    if pattern("issued.opening").fullmatch(line, 0, start) and pattern("issued.closing").fullmatch(line, end):
        return _Source.BRACKETED
    if pattern("issued.stamp").match(line):
        return _Source.STAMPED
    # A line of source and share buttons.
    in_digits = "年" not in line[start:end] and "。" not in line
    return _Source.STAMPED if in_digits and pattern("issued.bar").search(line) else None


def _signature(view: View, date: re.Match[str], line: str, index: int) -> _Source | None:
    """Return the source that a date of the body is: that of a signature, or the last words of all."""
    signed = _Source.SIGNATURE if "年" in date.group() else _Source.SIGNATURE_IN_DIGITS
    dated = pattern("issued.line").match(line)
    if dated and dated["office"]:
        return None if pattern("issued.list").search(dated["office"]) else signed
    if dated:
        before = view.text[slice(*view.lines[index - 1])] if index else ""
        is_last = index >= len(view.lines) - 2
        return signed if _is_office(before) else _date_alone(signed, before, is_last=is_last)
    if pattern("issued.date_office").match(line):
        return signed
    closes = _closes_text(view.text, date) or _closes_sentence(view.text, date)
    return _Source.DATE_ALONE if closes else None


def _is_office(line: str) -> bool:
    return bool(pattern("issued.office_line").match(line)) and not pattern("issued.list").search(line)


def _date_alone(signed: _Source, before: str, *, is_last: bool) -> _Source | None:
    """Return the source that a date alone on its line is, with no office in the line ``before`` it."""
    if signed is _Source.SIGNATURE:
        return _Source.DATE_ALONE
    if before.endswith(words("issued.closed")):
        return _Source.CLOSING_DIGITS
    # The last line of all is a signature's date too, if nothing better is found.
    return _Source.LAST_LINE if is_last else None


def _closes_text(text: str, date: re.Match[str]) -> bool:
    """Tell whether the date is the last words of a text without line breaks."""
    before = text[date.start() - 1 : date.start()]
    return before in _CLOSING and not text[date.end() :].strip("\n\t|。")


def _closes_sentence(text: str, date: re.Match[str]) -> bool:
    """Tell whether an office and this date stand after the end of a sentence, in a text without line breaks."""
    if pattern("issued.runs_on").match(text, date.end(), date.end() + 2):
        return False
    before = text[max(0, date.start() - 44) : date.start()].rstrip("\n\t|")
    pieces = pattern("issued.sentence_end").split(before)
    office = pieces[-1].removeprefix("无")
    return len(pieces) > 1 and "于" not in office and pattern("issued.office_line").match(office) is not None
