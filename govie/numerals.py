"""The only number parser: Arabic, full-width, Chinese and mixed numerals with their units.

Works on normalised text (:mod:`govie.normalise`): no blanks, half-width digits. What it supports: thousands
commas, decimals, 万/亿/千/百 as multipliers (1.2万, 三千五百, 2千), 两/〇/○/零, capital numerals (贰拾), signs in
table cells (+19, −2), approximation before (近 约 逾 超过), inside (余 多) and after (左右 以上) the number,
percentages and measure words. Left out on purpose: ordinals, fractions in words other than 百分之…,
and numbers inside dates, document numbers, telephone numbers, addresses and
item numbers, which are masked and never become a number.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import Literal

import msgspec

from .taxonomy import data_text

__all__ = ["CHINESE_DIGITS", "UNITS", "Number", "find_numbers", "parse_number", "parse_year"]

CHINESE_DIGITS = {
    char: value
    for value, chars in enumerate(("零〇○Ｏ", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_ZEROS = "零〇○"
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_CHINESE = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_YEAR = r"(?:(?:19|20)\d\d|[一二12][〇○零0O九9][一二三四五六七八九〇○零0-9O]{2})"
_FIRST_YEAR, _LAST_YEAR = 1980, 2049
_LONGEST = 24
"""Characters; a longer numeral is a serial number or noise."""

_DATA = tomllib.loads(data_text("numerals.toml"))
UNITS: tuple[str, ...] = tuple(_DATA["units"].split())
"""The measure words that numbers are read with."""


def _measure_words() -> str:
    """The pattern of a measure word that is not the beginning of another word (六部分, 三条例)."""
    other_words: dict[str, str] = _DATA["not_a_unit"]
    by_length = sorted(UNITS, key=len, reverse=True)
    return "|".join(f"{unit}(?![{other_words[unit]}])" if unit in other_words else unit for unit in by_length)


def _masked() -> str:
    """The pattern of what holds digits and is no number."""
    masks = [entry["pattern"].replace("{N}", _CHINESE).replace("{YEAR}", _YEAR) for entry in _DATA["mask"]]
    return "|".join((*masks, *_DATA["words"].split()))


# 统一, 进一步, 每一条, 另一方面: the numeral ends another word; 另一件, 另三宗 are counts.
_NOT_AFTER = f"(?<![统进唯第单同任每某这那专逐万不之整])(?:(?<!另)|(?=[{_CHINESE}]+[件宗起例]))"
_BEFORE = re.compile(r"(?:将近|接近|大约|约计|约|近|逾|超过|超|不少于|不低于|至少)$")
_LONGEST_BEFORE = 3
# Where a number or a mask can begin: anything else is passed over quickly.
_BEGIN = re.compile(rf"[\d{_CHINESE}〔\[【（①-⑳㈠-㈩A-Za-z第数几]")
_RUN = re.compile(rf"[{_CHINESE}]+")
_NUMBER = re.compile(
    rf"""
    (?P<mask> (?!\d{{1,6}}[条件个次篇份人]) (?: {_masked()} ) )  # 12条 is none of them: most numbers are told at once
    | (?P<percent> 百分之(?:[{_CHINESE}]+(?:点[{_CHINESE}]+)?|\d+(?:\.\d+)?) | 百分百 | (?:{_ARABIC})(?:%|个?百分点) )
    | (?: (?P<number>(?:{_ARABIC})(?:[百千万亿]+(?!元))?) | {_NOT_AFTER}(?P<chinese>[数几]?[{_CHINESE}]+) )
      (?P<inside>余|多|来)? (?P<unit>{_measure_words()})? (?P<after>左右|以上|上下|多(?=[，。；、）]|$))?
    """,
    re.VERBOSE,
)
_NUMERAL = re.compile(rf"({_ARABIC})([百千万亿]*)")
_FOUR_DIGITS = re.compile(r"\d{4}")
_PERCENT_WORDS = re.compile("百分之|%|个?百分点")
_BEFORE_POST_CODE = ("邮编", "编码", "邮编：", "编码：")


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number in normalised text.

    ``value`` is an int where it is one; ``kind`` is ``count`` (with a measure word), ``percent`` (value as
    written: 31.3) or ``bare`` (no unit); ``start``/``end`` cover the approximation and the unit.
    """

    value: int | float
    unit: str
    kind: Literal["count", "percent", "bare"]
    approximate: bool
    decimals: int
    start: int
    end: int
    digits_end: int


def parse_number(text: str) -> int | float | None:
    """Return the value of a numeral (normalised, without unit), None if it is none.

    >>> parse_number("1,084"), parse_number("三百二十"), parse_number("1.2万"), parse_number("二〇一七")
    (1084, 320, 12000, 2017)
    """
    if len(text) > _LONGEST:
        return None
    if text.isdecimal():
        return int(text)
    numeral = text.replace("−", "-").replace("－", "-").replace("＋", "+")
    sign = -1 if numeral.startswith("-") else 1
    numeral = numeral.lstrip("+-")
    match = _NUMERAL.fullmatch(numeral)
    if match is None:
        value = _chinese(numeral)
        return None if value is None else sign * value
    number = float(match[1].replace(",", ""))
    for char in match[2]:
        number *= _SMALL.get(char) or _LARGE[char]
    return sign * _whole(number)


@lru_cache(maxsize=1024)  # a report names few years, many times
def parse_year(text: str) -> int | None:
    """Return the year 1980–2049 that four digits, in any mixture of numerals, write; None if they are none."""
    joined = "".join(str(CHINESE_DIGITS.get(char, char)) for char in text.replace("O", "0").replace("o", "0"))
    if _FOUR_DIGITS.fullmatch(joined) and _FIRST_YEAR <= int(joined) <= _LAST_YEAR:
        return int(joined)
    return None


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of normalised ``text`` in order; dates, telephone and document numbers are left out."""
    found = []
    place = 0
    while begin := _BEGIN.search(text, place):
        match = _NUMBER.match(text, begin.start())
        if match is None:
            run = _RUN.match(text, begin.start())  # the rest of a numeral that is none is no numeral either
            place = run.end() if run else begin.end()
            continue
        place = match.end()
        if match.lastgroup != "mask":
            number = _percent(match) if match.lastgroup == "percent" else _count(text, match)
            if number is not None:
                found.append(number)
    return found


def _percent(match: re.Match[str]) -> Number | None:
    numeral = _PERCENT_WORDS.sub("", match["percent"])
    value = 100 if match["percent"] in ("百分之百", "百分百") else _decimal(numeral)
    if value is None:
        return None
    return Number(
        value=value,
        unit="百分点" if match["percent"].endswith("百分点") else "%",
        kind="percent",
        approximate=False,
        decimals=_decimals(numeral),
        start=match.start(),
        end=match.end(),
        digits_end=match.end(),
    )


def _decimal(numeral: str) -> int | float | None:
    """The value of a numeral with a point, 三点五 included."""
    whole, point, digits = numeral.partition("点")
    if not point:
        return parse_number(numeral)
    before, behind = _chinese(whole), [CHINESE_DIGITS.get(char) for char in digits]
    if before is None or None in behind:
        return None
    return float(f"{before}.{''.join(map(str, behind))}")


def _decimals(numeral: str) -> int:
    """How many digits a numeral has behind its point."""
    return len(numeral.replace("点", ".").partition(".")[2])


def _count(text: str, match: re.Match[str]) -> Number | None:
    digits, unit, start = match["number"] or match["chinese"], match["unit"] or "", match.start()
    if not unit and (match["chinese"] and digits not in _ZEROS or text.endswith(_BEFORE_POST_CODE, 0, start)):
        return None
    if digits[0] in "数几" or (digits[0] in _LARGE and not match["inside"]):
        return None  # 数十条 is no number, and 费用万元 has lost its
    value = parse_number(digits)
    if value is None:
        return None
    before = _BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    return Number(
        value=value,
        unit=unit,
        kind="count" if unit else "bare",
        approximate=bool(before or match["inside"] or match["after"]),
        decimals=_decimals(digits),
        start=before.start() if before else start,
        end=match.end(),
        digits_end=start + len(digits),
    )


def _chinese(numeral: str) -> int | None:
    """The value of a Chinese numeral: 三百二十, 二〇一七 (a row of digits), 三; None for 两三 (two or three)."""
    if not numeral:
        return None
    if all(char in CHINESE_DIGITS for char in numeral):
        if len(numeral) in (2, 3) and not any(char in _ZEROS for char in numeral):
            return None
        return int("".join(str(CHINESE_DIGITS[char]) for char in numeral))
    total = section = digit = 0
    for char in numeral:
        if char in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        elif char in _LARGE:
            total = (total + section + digit or 1) * _LARGE[char]
            section = digit = 0
        else:
            return None
    return total + section + digit


def _whole(number: float) -> int | float:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded
