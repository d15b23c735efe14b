"""Where a town or a department lies: its county, city and province, with the county's code in the year reported on.

Counties were renamed and raised to districts, so every lookup is made in the list of one year; where the year is not
known, in the newest list.
"""

from __future__ import annotations

from collections.abc import Sequence

from govie import gazetteer
from govie.gazetteer import County, TownEntry
from govie.metadata.divisions import (
    Divisions,
    counties_of_sites,
    divisions_with_town,
    names_division,
    narrowed,
    sorted_divisions,
)
from govie.metadata.patterns import pattern
from govie.metadata.view import View
from govie.records import Locality

__all__ = ["county_locality", "town_locality"]

# Index numbers stand above the report.
_HEAD = 1500


def town_locality(view: View, town: str, year: int | None) -> Locality:
    """Return the town with its county and the county's code in ``year``, as far as the text settles them."""
    listed = year or gazetteer.LAST_YEAR
    entries = gazetteer.towns(town)
    named = divisions_with_town(view.text, town)
    settle = _named_county if named.county else _county_by_list
    county = settle(named, entries, listed, view.text)
    return Locality(
        name=view.written_name(town),
        level="town",
        county=county.name if county else named.county,
        city=county.city if county else named.city,
        province=county.province if county else named.province,
        code=county.code if county else None,
        candidates=len(entries),
    )


def county_locality(view: View, divisions: tuple[str, ...], year: int | None) -> Locality | None:
    """Return the county, district, city or province that a department or government reports for.

    ``divisions`` are the names written before it; None is returned where they name nothing.
    """
    listed = year or gazetteer.LAST_YEAR
    named = sorted_divisions(divisions)
    if named.county:
        return _county(view, named.county, named, listed)
    if named.city:
        return Locality(
            name=view.written_name(named.city),
            level="city",
            city=named.city,
            province=named.province or gazetteer.cities().get(named.city),
            code=gazetteer.city_code(named.city, listed),
        )
    if named.province:
        return Locality(name=view.written_name(named.province), level="province", province=named.province)
    return None


def _county(view: View, name: str, named: Divisions, year: int) -> Locality:
    options = narrowed(_counties_named(named, year), view.text)
    county = options[0] if len(options) == 1 else None
    return Locality(
        name=view.written_name(name),
        level="county",
        county=name,
        city=county.city if county else named.city,
        province=county.province if county else named.province,
        code=county.code if county else None,
        candidates=gazetteer.town_count(name),
    )


def _counties_named(named: Divisions, year: int) -> list[County]:
    """Return the year's counties of that name, in the city and province that are named with it."""
    return [
        option
        for option in gazetteer.counties(named.county or "", year)
        if (not named.province or option.province == named.province)
        and (not named.city or option.city in (named.city, None))
    ]


# ---------------------------------------------------------------- the county of a town


def _named_county(named: Divisions, entries: Sequence[TownEntry], year: int, text: str) -> County | None:
    """Return the county named with the town, None where the year's list has none or several of that name."""
    options = _counties_named(named, year)
    if len(options) > 1:
        codes = {gazetteer.county_of(entry, year).code for entry in entries}
        options = [option for option in options if option.code in codes] or options
    options = narrowed(options, text)
    return options[0] if len(options) == 1 else None


def _county_by_list(named: Divisions, entries: Sequence[TownEntry], year: int, text: str) -> County | None:
    """Return the county of a town with no county before it: by counties named elsewhere, else by a unique name."""
    if named.city and len(entries) > 1:
        entries = [entry for entry in entries if entry.city == named.city] or entries
    mentioned = [entry for entry in entries if _mentions_county(text, entry)]
    if len(mentioned) == 1:
        return gazetteer.county_of(mentioned[0], year)
    if len(entries) > 1:
        settled = _settled_by_text(mentioned or entries, year, text)
        if settled:
            return settled
    if mentioned:
        return None
    others = counties_of_sites(text, year)
    if len(others) == 1:
        return others[0]
    return gazetteer.county_of(entries[0], year) if len(entries) == 1 and not others else None


def _settled_by_text(entries: Sequence[TownEntry], year: int, text: str) -> County | None:
    """Return the county of the only one of ``entries`` whose code, city or province the text names."""
    coded = _county_of_index(entries, year, text[:_HEAD])
    if coded:
        return coded
    for level in ("city", "province"):
        options = {getattr(entry, level) for entry in entries} - {None}
        names = {name for name in options if names_division(text, name)}
        named = [entry for entry in entries if getattr(entry, level) in names]
        if len(named) == 1:
            return gazetteer.county_of(named[0], year)
    return None


def _county_of_index(entries: Sequence[TownEntry], year: int, head: str) -> County | None:
    """Return the only county among those of ``entries`` whose code begins an index number in ``head``."""
    if "索引" not in head:
        return None
    codes = set(pattern("division.index_code").findall(head))
    coded = [county for entry in entries if (county := gazetteer.county_of(entry, year)).code in codes]
    return coded[0] if len(coded) == 1 else None


def _mentions_county(text: str, entry: TownEntry) -> bool:
    """Tell whether the text names the town's county, under any name it has had, or its site by the short name."""
    own = entry.name.rstrip("镇乡街道")
    for name in {entry.county, *(name for name, _, _, _ in entry.history)}:
        # 祝塘政府网 would be the town's own.
        if (name in text or gazetteer.short_name(name) != own) and names_division(text, name):
            return True
    return False
