"""Names of provinces, cities and counties, as texts write them: before a town, with a government, by a site.

The lists of :mod:`govie.gazetteer` say what is a division; a county they do not have is taken where it stands
directly before a town or an office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from govie import gazetteer
from govie.metadata.patterns import characters, pattern, pattern_of_kind
from govie.metadata.view import occurrences

__all__ = [
    "Divisions",
    "UnlistedCounty",
    "counties_of_sites",
    "division_named_most",
    "divisions_with_town",
    "is_boundary",
    "names_division",
    "narrowed",
    "sorted_divisions",
    "unlisted_county",
    "without_lead",
]

# What a text names most often is counted in its first part.
_FIRST_PART = 6000
_LONGEST_COUNTY = 14


class Divisions(msgspec.Struct, frozen=True):
    """The divisions a place lies in, each by its full name, known to the lists or not."""

    province: str | None = None
    city: str | None = None
    county: str | None = None


class UnlistedCounty(msgspec.Struct, frozen=True):
    """A county that the lists do not have; ``start`` is where its name begins, or its city's if that is named."""

    start: int
    name: str


def is_boundary(before: str) -> bool:
    """Tell whether a name can begin after ``before``, the character before it (empty at the beginning of a text)."""
    return before in characters("name.boundary") or not "\u4e00" <= before <= "\u9fff"


def without_lead(run: str) -> str:
    """Return a run of characters without the words that lead up to the name at its end."""
    lead = pattern("name.lead").match(run[:-2])
    return run[lead.end() :] if lead else run


@lru_cache(maxsize=1024)
def sorted_divisions(names: tuple[str, ...]) -> Divisions:
    """Return names of divisions by their level."""
    province = city = county = None
    for name in names:
        level = gazetteer.division_level(name)
        if level == "province":
            province = name
        elif level == "county" or gazetteer.counties(name, gazetteer.LAST_YEAR):
            county = gazetteer.full_name(name)
        else:
            city = name
    return Divisions(province, city, county)


def unlisted_county(text: str, end: int) -> UnlistedCounty | None:
    """Return the county that ends at ``end`` and that the lists do not have, None where there is none."""
    # The empty string before a text's first character ends no name.
    if end < 1 or text[end - 1] not in characters("division.level"):
        return None
    run = pattern("name.run").search(text[max(0, end - 16) : end])
    if not run:
        return None
    name = without_lead(run.group())
    name = pattern("division.after_word").split(name[:-2])[-1] + name[-2:]
    county = pattern("division.inside").split(name)[-1]
    if not 2 <= len(county) <= 7 or len(name) > 12 or pattern("division.no_county").match(county):
        return None
    return UnlistedCounty(end - len(name), county)


# ---------------------------------------------------------------- divisions of a town


def divisions_with_town(text: str, town: str) -> Divisions:
    """Return the divisions that stand before the town wherever the text names it, the most frequent county first."""
    tally: Counter[Divisions] = Counter()
    for at in occurrences(text, town):
        divisions = _divisions_before(text, at - 4 if at >= 4 and text.startswith("人民政府", at - 4) else at)
        if divisions:
            tally[divisions] += 1
    named = [divisions for divisions, _ in tally.most_common()]
    with_county = [divisions for divisions in named if divisions.county]
    listed = (divisions for divisions in with_county if gazetteer.division_level(divisions.county or ""))
    best = next(listed, with_county[0] if with_county else Divisions())
    province = best.province or next((divisions.province for divisions in named if divisions.province), None)
    city = best.city or next((divisions.city for divisions in named if divisions.city), None)
    return Divisions(province, city, best.county)


def _divisions_before(text: str, end: int) -> Divisions | None:
    names = gazetteer.divisions_before(text, end)
    if names:
        return sorted_divisions(names)
    unlisted = unlisted_county(text, end) if end > 2 else None
    return Divisions(county=unlisted.name) if unlisted else None


# ---------------------------------------------------------------- divisions named elsewhere


def division_named_most(text: str, kind: str) -> str | None:
    """Return the county or city whose name the text gives most often, of those that end in ``kind``."""
    tally: Counter[str] = Counter()
    for match in pattern_of_kind("division.of_kind", kind).finditer(text[:_FIRST_PART]):
        divisions = gazetteer.divisions_before(text, match.end())
        if divisions:
            tally[divisions[-1]] += 1
    return tally.most_common(1)[0][0] if tally else None


def counties_of_sites(text: str, year: int) -> list[gazetteer.County]:
    """Return the counties whose government or site the text names, where the year's list has one of that name."""
    found: dict[str, list[gazetteer.County]] = {}
    for match in pattern("division.office").finditer(text):
        name = _county_ending(text, match.group(), match.end())
        if name and name not in found:
            options = gazetteer.counties(name, year)
            if options:
                found[name] = narrowed(options, text)
    return [options[0] for options in found.values() if len(options) == 1]


def _county_ending(text: str, words: str, end: int) -> str | None:
    """Return the longest county's name that ``words``, which end at ``text[end]``, end in."""
    for size in range(min(len(words), _LONGEST_COUNTY), 1, -1):
        name = words[-size:]
        if gazetteer.division_level(name) == "county":
            if size > 2 or _stands_alone(text, end - size):
                return name
            return None
    return None


def _stands_alone(text: str, start: int) -> bool:
    """Tell whether a name of two characters can begin at ``start``: 成县 does not in 完成县政府下达的任务."""
    before = text[start - 1 : start]
    return is_boundary(before) or before in "省市州"


def narrowed(options: Iterable[gazetteer.County], text: str) -> list[gazetteer.County]:
    """Return the counties of one name that the text's own city or province names leave."""
    left = list(options)
    if len(left) > 1:
        for level in ("city", "province"):
            named = [option for option in left if (name := getattr(option, level)) and name in text]
            if named:
                return named
    return left


def names_division(text: str, name: str) -> bool:
    """Tell whether the text names a division in full, or its site, paper or channel by the short name."""
    if name in text and (len(name) > 2 or _stands_alone(text, text.find(name))):
        return True
    short = gazetteer.short_name(name)
    return len(short) >= 2 and any(_names_site(text, at, at + len(short)) for at in occurrences(text, short))


def _names_site(text: str, start: int, end: int) -> bool:
    """Tell whether the short name at ``text[start:end]`` is that of a site, paper or channel, or stands by itself."""
    if pattern("division.site_follows").match(text, end):
        return True
    before = text[max(0, start - 3) : start]
    return bool(pattern("division.site_precedes").search(before) and pattern("division.site_ends").match(text, end))
