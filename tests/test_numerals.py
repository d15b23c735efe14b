"""Numerals of all kinds to values; what holds digits and is no number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.normalise import Normalised
from govie.numerals import UNITS, find_numbers, parse_number, parse_year

FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
COUNTS = ("条", "件", "个", "篇", "次", "人次", "万元", "元", "宗", "起", "期")


def chinese(number: int) -> str:
    """Write a number below 100,000,000 in Chinese numerals."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return chinese(high) + "万" + ("" if not low else ("零" if low < 1000 else "") + chinese(low))
    written, zero = "", False
    for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            written += ("零" if zero and written else "") + "零一二三四五六七八九"[digit] + sign
            zero = False
        else:
            zero = True
    return written or "零"


def values(text: str) -> list[tuple[float, str]]:
    return [(number.value, number.unit) for number in find_numbers(Normalised(text).text)]


@given(st.integers(0, 99_999_999))
def test_chinese_numerals(number: int) -> None:
    assert parse_number(chinese(number)) == number


@given(st.integers(0, 999_999), st.sampled_from(COUNTS), st.booleans(), st.booleans())
def test_arabic_numerals_with_units(number: int, unit: str, commas: bool, wide: bool) -> None:
    written = f"{number:,}" if commas else str(number)
    if wide and not commas:  # a full-width comma separates a list
        written = written.translate(FULL_WIDTH)
    assert values(f"公开信息{written}{unit}。") == [(number, unit)]


@given(st.integers(2, 99_999), st.sampled_from(("条", "件", "篇", "人次")))
def test_chinese_numerals_with_units(number: int, unit: str) -> None:
    assert values(f"公开信息{chinese(number)}{unit}。") == [(number, unit)]


@given(st.integers(1, 999), st.sampled_from((" ", "\u3000", "\u00a0", "\u200b", "  ")))
def test_blanks_around_and_inside_change_nothing(number: int, blank: str) -> None:
    assert values(f"公开信息{blank}{blank.join(str(number))}{blank}条。") == [(number, "条")]


@given(st.decimals(0, 100, places=2))
def test_percentages(number: object) -> None:
    (found,) = find_numbers(f"占{number}%。")
    assert (found.value, found.unit, found.kind, found.decimals) == (float(str(number)), "%", "percent", 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,084", 1084), ("1.2万", 12_000), ("3千", 3000), ("三千五百", 3500), ("二〇一七", 2017), ("贰拾叁", 23), ("两", 2),
        ("−2", -2), ("+19", 19), ("十", 10), ("一百零五", 105), ("1.5", 1.5), ("", None), ("条", None), ("两三", None),
        ("9" * 25, None),
    ],
)  # fmt: skip
def test_parse_number(text: str, value: float | None) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "year"),
    [("2017", 2017), ("二〇一七", 2017), ("二0一七", 2017), ("二O一七", 2017), ("1850", None), ("217", None), ("二千零一", None)],
)
def test_parse_year(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    "text",
    ["100余条", "近300条", "约50人次", "755多条", "三百余条", "60条左右", "超过20件", "不少于5次", "百余条", "万余条"],
)
def test_approximations(text: str) -> None:
    (number,) = find_numbers(f"公开{text}，")
    assert number.approximate
    assert f"公开{text}，"[number.start : number.end] == text
    assert number.value > 0


@pytest.mark.parametrize("text", ["300条", "三百条", "12件", "5人次"])
def test_plain_numbers_are_not_approximate(text: str) -> None:
    (number,) = find_numbers(f"公开{text}，")
    assert not number.approximate


@pytest.mark.parametrize(
    "text",
    [
        "2017年3月1日", "二〇一七年", "2016-2017年", "1月至12月", "第二十条", "〔2017〕12号", "电话0510-86000000", "13800000000",
        "邮编214400", "https://a.cn/t1/20170301.htm", "a1@b.cn", "8:30", "12345热线", "5+2", "A4", "①", "（三）", "一批", "一起", "三级",
        "进一步", "统一", "六部分门", "数十条", "费用万元", "两三条", "几件", "共计条", "3-5",
    ],
)  # fmt: skip
def test_no_number(text: str) -> None:
    assert find_numbers(f"按{text}。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("邮箱abc@x.cn公开12条", [(12, "条")]),
        ("LED屏3块", [(3, "块")]),
        ("六部分共5条", [(5, "条")]),
        ("《条例》第二十条规定公开3条", [(3, "条")]),
        ("百分之三十，百分百", [(30, "%"), (100, "%")]),
        ("百分之三点五", [(3.5, "%")]),
        ("上升2.5个百分点", [(2.5, "百分点")]),
        ("零件", [(0, "件")]),
    ],
)
def test_numbers_beside_what_is_none(text: str, expected: list[tuple[float, str]]) -> None:
    assert values(text) == expected


@given(st.text(alphabet="一二三十百千万零〇0123456789,.%条件余约近第年月日（）()、，-:@a", max_size=60))
def test_any_heap_of_numerals_gives_numbers_in_order(text: str) -> None:
    place = 0
    for number in find_numbers(text):
        assert place <= number.start < number.end <= len(text)
        assert number.unit == "" or number.unit in UNITS or number.kind == "percent"
        place = number.end
