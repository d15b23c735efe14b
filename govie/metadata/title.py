"""The title, and its subject: the words that say whose report it is.

Supported: titles alone on a line, split over lines, at the beginning of a line that holds the text too, behind
crumbs, and kept by the page outside the text. Left out on purpose: links to other reports, titles of rules and lists.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from govie import gazetteer
from govie.metadata.patterns import characters, pattern, words
from govie.metadata.view import View
from govie.numerals import parse_year
from govie.records import Document

__all__ = ["Title", "find_title", "page_title", "subject_of", "year_in"]

_SHORTEST, _LONGEST = 4, 70
# A longer line holds more than a title; one of the first lines may still begin with it.
_LONGEST_LINE = 160
_FIRST_LINES = 12
# Where the body begins early, a title may still stand a little below.
_HEAD = 600
_CRUMB_MARKS = ">»›→"


class Title(msgspec.Struct, frozen=True):
    """A title at ``text[start:end]``; of several, the one with the lowest ``rank`` is the report's."""

    start: int
    end: int
    rank: int


def find_title(view: View, body: int, year: int | None) -> Title | None:
    """Return the best title before ``body``, the place where the body begins; None where there is none.

    ``year`` is the year reported on, if it is known.
    """
    found: list[Title] = []
    for index, (start, _) in enumerate(view.lines):
        if start > max(body, _HEAD) or (start > body and found):
            break
        title = _title_in_line(view, index)
        if title:
            found.append(title)
    if not found:
        return None
    best = min(title.rank for title in found)
    equals = [title for title in found if title.rank == best]
    of_year = [title for title in equals if year is None or year_in(view.text[title.start : title.end]) == year]
    # Lists of other years' reports stand before the title: of equals, the last one, nearest to the text.
    return (of_year or equals)[-1]


def page_title(document: Document) -> str | None:
    """Return the title the page keeps outside the text, if it is one of such a report."""
    view = View(document.page.get("title", ""))
    if not view.lines:
        return None
    start, end, _ = _trimmed(view.text, *view.lines[0])
    line = view.text[start:end]
    if pattern("title.bad").search(line) or not pattern("title.line").match(line) or year_in(line) is None:
        return None
    return view.written(start, end)


def year_in(title: str) -> int | None:
    """Return the year that a title names, None where it names none."""
    match = pattern("year").search(title)
    return parse_year(match.group()) if match else None


@lru_cache(maxsize=1024)
def subject_of(title: str) -> str:
    """Return the words of a title that say whose report it is: 2017年江阴市祝塘镇政府信息公开… -> 江阴市祝塘镇."""
    text = pattern("year").sub("", title.replace("\n", ""))
    text = pattern("title.subject_lead").sub("", pattern("title.brackets").sub("", text)).replace("年度", "年")
    divisions = sum(map(len, gazetteer.leading_divisions(text)))
    cut = pattern("title.subject_end").search(text, divisions)
    subject = text[: cut.start()] if cut else text
    if cut and cut.group().startswith("人民政府信息"):
        subject += "人民政府"
    return subject.rstrip(characters("subject.end"))


# ---------------------------------------------------------------- one line


def _title_in_line(view: View, index: int) -> Title | None:
    """Return the title that line ``index`` holds, or ends where it was split over lines."""
    text = view.text
    start, end = view.lines[index]
    if not any(text.find(word, start, end) >= 0 for word in words("title.report")):
        return None
    if end - start > _LONGEST_LINE:
        return _title_before_text(view, start, end) if index < _FIRST_LINES else None
    start, end, crumb = _trimmed(text, start, end)
    line = text[start:end]
    if not _SHORTEST <= len(line) <= _LONGEST or pattern("title.bad").search(line):
        return None
    if pattern("title.tail").match(line):
        return _split_title(view, index, start, end, crumb)
    if not pattern("title.line").match(line):
        return None
    has_year, has_subject = year_in(line) is not None, bool(subject_of(line))
    is_full = has_year and has_subject
    if not (has_year or has_subject) or (line.endswith("情况") and not is_full):
        return None
    rank = 2 * crumb + (not is_full) + 2 * line.endswith(words("title.summary"))
    return Title(start, end if has_year else _end_with_year(view, index, end), rank)


def _title_before_text(view: View, start: int, end: int) -> Title | None:
    """Return the title at the beginning of a line that holds the text too."""
    text = view.text
    crumbs = pattern("title.crumb_end").finditer(text, start, start + _LONGEST_LINE)
    for first in reversed([start, *(crumb.end() for crumb in crumbs)]):
        lead = pattern("title.lead").match(text[first : first + 40])
        first += lead.end() if lead else 0
        match = pattern("title.inline").match(text[first : first + 80])
        if not match or pattern("title.bad").search(match.group()) or year_in(match.group()) is None:
            continue
        if subject_of(match.group()):
            return Title(first, first + match.end(), 0)
    return None


# ---------------------------------------------------------------- titles split over lines


def _split_title(view: View, index: int, start: int, end: int, crumb: bool) -> Title | None:
    """Return the title whose last line is line ``index``, with up to two lines before it."""
    first = _first_line(view, index, end - start)
    if first is not None:
        start = first
    whole = view.text[start:end].replace("\n", "")
    has_year = year_in(whole) is not None
    if first is None:
        return Title(start, end, 2 * crumb + 1) if has_year and len(whole) >= 8 else None
    if not has_year:
        end = _end_with_year(view, index, end)
        has_year = year_in(view.text[start:end].replace("\n", "")) is not None
    return Title(start, end, 2 * crumb + (not has_year))


def _first_line(view: View, index: int, size: int) -> int | None:
    """Return where a title begins whose last line, ``size`` characters long, is line ``index``; None: with that line."""
    text = view.text
    found = None
    for start, end in reversed(view.lines[max(index - 2, 0) : index]):
        lead = pattern("title.lead").match(text[start:end])
        start += lead.end() if lead else 0
        line = text[start:end]
        size += len(line)
        if size > _LONGEST or pattern("title.bad").search(line) or not pattern("title.first").match(line):
            break
        if line.endswith(words("title.other")) or pattern("title.crumb").search(line):
            break
        found = start
        if subject_of(line):
            break
    return found


def _end_with_year(view: View, index: int, end: int) -> int:
    """Return the title's end, moved behind a line that holds only its year: （2017年度）."""
    if index + 1 < len(view.lines):
        first, last = view.lines[index + 1]
        if pattern("title.year_line").match(view.text[first:last]):
            return last
    return end


# ---------------------------------------------------------------- what stands around a title


def _trimmed(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Return the span without mark-up, quotation marks and furniture, and whether it was part of a crumb line."""
    start, end, crumb = _without_crumbs(text, start, end)
    lead = pattern("title.lead").match(text[start:end])
    if lead:
        start += lead.end()
    label = pattern("title.label").search(text, start + 4, end)
    if label and "公开" in text[start : label.start()]:
        end = label.start()
    while end > start and text[end - 1] in characters("title.end"):
        end -= 1
    if text[start:end].startswith("《") and text[start:end].endswith("》"):
        start, end = start + 1, end - 1
    return start, end, crumb


def _without_crumbs(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Return the last crumb's span, the part before the site's name in a page's own title, or the span as it is."""
    line = text[start:end]
    if pattern("title.crumb").search(line):
        return start + max(line.rfind(mark) for mark in _CRUMB_MARKS) + 1, end, True
    site = max(line.rfind(mark) for mark in "-_")
    if site > 8 and "公开" in line[:site] and "公开" not in line[site:]:
        return start, start + site, True
    return start, end, False
