"""Who reports, for which period and when: title, authority, locality, period, date of issue and contacts.

Read this first. :func:`find_metadata` below names the steps in their order; each step is one file, and every file
imports only from those above its own in this list:

``patterns``
    the patterns and words of ``data/metadata.toml``, by id.
``view``
    the text that is searched (normalised, simplified) with the way back to the source.
``dates``
    dates and their parts, in digits and in words.
``period``
    the span of dates that is reported on.
``title``
    the title, and its *subject*: the words that say whose report it is.
``divisions``, ``towns``
    the names of provinces, cities and counties, and of towns, as texts write them.
``locality``, ``authority``
    where a town or a department lies, with its county's code; what its office is called.
``reporter``
    whose report it is, by the title's subject, else by what the text names.
``issued``, ``contacts``
    the date of issue; telephone numbers, addresses and the like.

What is returned is written as in the source, blanks and a mirror's pinyin taken out. Places come from
:mod:`govie.gazetteer`. Conventions are those of the output's description; where it is silent:

* A report of a prefecture-level city's bureau has ``level`` ``city`` and the city's own code (GB/T 2260, four digits
  and 00).
* A county named directly before the town settles the code, then the only county of that name with such a town, then
  the only town of that name; a government site of another county named in the text comes before a unique town name.
* A signature with a month but no day gives no date; a later, lesser source (publishing date) may still give one.

Left out on purpose: contacts of complaint and application desks, dates of laws, periods of campaigns.
"""

from __future__ import annotations

from collections import Counter

from govie.metadata.contacts import find_contacts
from govie.metadata.dates import parse_date, year_starts
from govie.metadata.issued import find_issued
from govie.metadata.locality import county_locality, town_locality
from govie.metadata.patterns import pattern
from govie.metadata.period import find_period
from govie.metadata.reporter import find_reporter
from govie.metadata.title import find_title, page_title, year_in
from govie.metadata.view import View
from govie.normalise import Normalised, collapse
from govie.records import Document, Locality, Metadata, Section, Span

__all__ = ["find_metadata", "locality_for_year", "parse_date"]

# Where no section is known, the body begins no later than this.
_LONGEST_HEAD = 1500
# A text whose title and period name no year is dated by its beginning.
_BEGINNING = 3000


def find_metadata(
    document: Document, sections: tuple[Section, ...] = (), *, normalised: Normalised | None = None
) -> Metadata:
    """Return title, authority, locality, period, date of issue and contacts of ``document``.

    Offsets (``title_span``, ``period_span``, contacts) are code points into ``document.text``. ``sections`` say where
    the body begins; ``normalised`` is the twin of ``document.text`` if the caller has one already. Every field the
    page does not give is None (contacts: empty). The county's code is of the period's year, else of the title's; see
    :func:`locality_for_year`.
    """
    view = View(document.text, normalised)
    years = year_starts(view.text)
    body = _body_start(view, sections)
    stated = find_period(view, years, body)
    period = stated.period if stated else None
    period_year = stated.end_year if stated else None

    title = find_title(view, body, period_year)
    written = view.unblanked(title.start, title.end) if title else page_title(document)
    plain = view.text[title.start : title.end].replace("\n", "") if title else collapse(written or "")
    title_year = year_in(plain)
    title_end = title.end if title else 0

    year = period_year or title_year or _body_year(view.text)
    authority, locality = find_reporter(view, plain, year, document)
    last_day = period.end if period else (f"{year}-12-31" if year else None)
    return Metadata(
        title=written or None,
        authority=authority,
        locality=locality,
        period=period,
        issued=find_issued(view, years, title_end, body, last_day, document),
        contacts=find_contacts(view, title_end, body),
        title_year=title_year,
        period_year=period_year,
        title_span=_span(document, view.whole(title.start, title.end)) if title else None,
        period_span=_span(document, view.span(stated.start, stated.end)) if stated else None,
    )


def locality_for_year(
    document: Document, metadata: Metadata, year: int | None, *, normalised: Normalised | None = None
) -> Locality | None:
    """Return ``metadata.locality`` with the county, its name and its code as of ``year``, the year reported on.

    For callers who learn the year only after :func:`find_metadata` (which uses the period's year, else the title's).
    """
    locality = metadata.locality
    if locality is None or year is None or year == (metadata.period_year or metadata.title_year):
        return locality
    view = View(document.text, normalised)
    name = collapse(locality.name)
    if locality.level == "town":
        return town_locality(view, name, year)
    if locality.level == "county":
        parts = (locality.province, locality.city, name)
        return county_locality(view, tuple(part for part in parts if part), year)
    return locality


def _span(document: Document, offsets: tuple[int, int]) -> Span:
    first, last = offsets
    return Span(first, last, document.text[first:last])


def _body_start(view: View, sections: tuple[Section, ...]) -> int:
    """Return where the first section with a kind begins, or a guess where there is none."""
    for section in sections:
        if section.kind is not None and section.kind != "annex":
            return view.place(section.start)
    first = pattern("body.heading").search(view.text[: 2 * _LONGEST_HEAD])
    return first.start() + 1 if first else min(len(view.text) // 2, _LONGEST_HEAD)


def _body_year(text: str) -> int | None:
    """Return the year the first part of the text names most, None where it names none."""
    counts = Counter(pattern("body.year").findall(text[:_BEGINNING]))
    return int(counts.most_common(1)[0][0]) if counts else None
