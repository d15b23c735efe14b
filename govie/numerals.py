"""The only number parser: Arabic, full-width, Chinese and mixed numerals with their units.

Works on normalised text (:mod:`govie.normalise`): no blanks, half-width digits. What it supports: thousands
commas, decimals, 万/亿/千/百 as multipliers (1.2万, 三千五百, 2千), 两/〇/○/零, capital numerals (贰拾), signs in
table cells (+19, −2), approximation before (近 约 逾 超过), inside (余 多) and after (左右 以上) the number,
percentages and measure words. Left out on purpose: ordinals, fractions in words except N分之M (see
:mod:`govie.facts.shares`), and numbers inside dates, document numbers, telephone numbers, addresses and
item numbers, which are masked and never become a number.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

__all__ = ["CHINESE_DIGITS", "Number", "find_numbers", "parse_number", "parse_year"]

CHINESE_DIGITS = {c: v for v, chars in enumerate(("零〇○Ｏ", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in chars}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_CHINESE = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

# Longest first: 人次 before 人. The loose words for the same thing (宗 起 例 则 …) are units of their own.
UNITS = (
    "个百分点", "百分点", "多万字", "万字", "万元", "亿元", "人次", "件次", "条次", "篇次", "场次", "个次", "批次", "户次", "张次", "份次", "个人",
    "条", "件", "次", "个", "人", "名", "篇", "份", "期", "则", "场", "项", "宗", "起", "例", "部", "本", "册", "张", "处", "户", "家", "块",
    "台", "套", "位", "批", "类", "级", "页", "字", "款", "幅", "辆", "岁", "亩", "天", "只", "面", "元", "种", "封", "站", "间", "所", "周", "档", "轮", "回", "宣", "大类", "分钟", "小时", "公里", "平方米", "村", "座", "盏", "吨", "米", "对", "组", "支", "门", "堂", "桩", "卷", "步", "版", "季", "扇", "栏", "点", "角",
)  # fmt: skip
# 六部分, 三条例, 一起草: the measure word is the beginning of another word.
_NOT_A_UNIT = {
    "件": "事", "部": "分门队署委", "条": "例款文", "起": "草诉来到步点", "次": "要序", "项": "链", "名": "单称录义", "期": "间限内", "场": "所地合", "位": "置于",
    "类": "别似型", "面": "向积", "本": "年镇级单局机街乡部地", "家": "庭", "处": "罚理置分", "站": "点", "回": "复应访", "对": "外申社", "级": "别", "点": "击",
    "步": "骤", "天": "然", "套": "餐", "组": "织成", "门": "户类", "种": "植类", "村": "务民级", "号": "召", "元": "旦", "版": "块面", "栏": "目", "字": "化", "季": "度", "角": "度", "所": "有", "批": "准复次", "支": "持部出", "只": "有", "座": "谈", "人": "员大事民",
}  # fmt: skip
_UNIT = "|".join(f"{u}(?![{_NOT_A_UNIT[u]}])" if u in _NOT_A_UNIT else u for u in sorted(UNITS, key=len, reverse=True))
_YEAR = r"(?:(?:19|20)\d\d|[一二12][〇○零0O九9][一二三四五六七八九〇○零0-9O]{2})"

# What holds digits and is no number: dates, addresses, document, telephone and item numbers.
_MASKS = "|".join(
    (
        r"https?://[\w./?=&%#:-]+|www\.[\w./?=&%-]+|[A-Za-z0-9][\w.-]*@[\w.-]+",
        r"[〔\[【（]\d{4}[〕\]】）](?:第?\d+(?:-\d+)?号)?",
        rf"第[\d{_CHINESE}]+(?:条(?:[、和至]+第?[\d{_CHINESE}]+条(?![一-龥]{{0,6}}(?:信息|动态)))*|款|项|届|次|号|章|部分|期|批|季度|位|名|轮|个|年|类)?",
        rf"{_YEAR}年?[-—–~至到、]{_YEAR}年?度?",
        rf"{_YEAR}年(?:度)?(?:\d{{1,2}}月(?:份)?(?:\d{{1,2}}[日号]?)?)?",
        r"(?:19|20)\d\d(?:[-./]\d{1,2}){1,2}(?:日)?",
        r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?",
        r"\d{1,2}[-—–~至到]\d{1,2}月份?",
        r"\d{1,2}[日号](?=前|起|止|之|，|以)",
        r"\d{1,2}:\d{2}(?::\d{2})?",
        r"邮(?:政)?编(?:码)?：?\d{6}|0\d{2,3}-\d{7,8}(?:-\d+)?|1[3-9]\d{9}|\d{7,}(?![\d.,]|条|件|次|元|人|万)",
        r"\d{3,5}(?=热线|政务|便民|投诉|市民|市长|平台|服务热线|工单)",
        r"\d+[-—–]\d+[-—–]?\d*(?!条|件|次|个|人|篇|月|%)",
        r"\d+\+\d+|\d+(?:\.\d+){2,}",
        r"[A-Za-z]+[-_]?\d[\w-]*|\d+[A-Za-z]+",
        r"(?:(?<=[\n。；：，中])|(?<![\s\S]))\d{1,2}(?:、|\.(?!\d)|．)(?![\d%])|（[\d一二三四五六七八九十]{1,3}）|[①-⑳㈠-㈩]",
    )
)
# Words in which a numeral before a measure word is no number (一起 together, 一批 a batch of, 三级 three-tier).
_WORDS = (
    "一步|一起|一批|一部分|一级|一类|一门|一套|一件事|一站式|一项项|一家一户|一张网|一张图|一条龙|一对一|一户一|一村一|一事一|一岗|一面|一家人|一点|一版|一周|"
    "一公里|一季度|二季度|三季度|四季度|两级|三级|四级|二级|五级|三类人|三项制度|三个转变|三个更加|百家|万家|千家|一季|一批批|一条条|一个个|一组组|一部部"
)
_NOT_AFTER = "(?<![统进唯第单同任每某这那专逐万不之整另])"
_BEFORE = re.compile(r"(?:将近|接近|大约|约计|约|近|逾|超过|超|不少于|不低于|至少)$")
_HOT = re.compile(rf"[\d{_CHINESE}〔\[【（①-⑳㈠-㈩A-Za-z第数几]")
_RUN = re.compile(rf"[{_CHINESE}]+")
_NUMBER = re.compile(
    rf"(?P<mask>{_MASKS}|{_WORDS})|"
    rf"(?P<percent>百分之(?:[{_CHINESE}]+(?:点[{_CHINESE}]+)?|\d+(?:\.\d+)?)|百分百|(?:{_ARABIC})(?:%|个?百分点))|"
    rf"(?:(?P<number>(?:{_ARABIC})(?:[百千万亿]+(?!元))?)|{_NOT_AFTER}(?P<chinese>[数几]?[{_CHINESE}]+))"
    rf"(?P<inside>余|多|来)?(?P<unit>{_UNIT})?(?P<after>左右|以上|上下|多(?=[，。；、）]|$))?"
)


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
    if len(text) > 24:
        return None  # longer than any count: a serial number or noise
    words = text.replace("−", "-").replace("－", "-").replace("＋", "+")
    sign = -1 if words.startswith("-") else 1
    words = words.lstrip("+-")
    match = re.fullmatch(rf"({_ARABIC})([百千万亿]*)", words)
    if match:
        number = float(match[1].replace(",", ""))
        for char in match[2]:
            number *= _SMALL.get(char) or _LARGE[char]
        return sign * _whole(number)
    value = _chinese(words)
    return None if value is None else sign * value


def parse_year(text: str) -> int | None:
    """Return the year 1980–2049 that four digits, in any mixture of numerals, write; None if they are none."""
    digits = [CHINESE_DIGITS.get(c, c) for c in text.replace("O", "0").replace("o", "0")]
    joined = "".join(map(str, digits))
    if re.fullmatch(r"\d{4}", joined) and 1980 <= int(joined) <= 2049:
        return int(joined)
    return None


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of normalised ``text`` in order; dates, telephone and document numbers are left out."""
    found = []
    place = 0
    while hot := _HOT.search(text, place):
        match = _NUMBER.match(text, hot.start())
        if match is None:
            run = _RUN.match(text, hot.start())  # the rest of a numeral that is none is no numeral either
            place = run.end() if run else hot.end()
            continue
        place = match.end()
        if match["mask"] is None:
            number = _percent(match) if match["percent"] else _count(text, match)
            if number is not None:
                found.append(number)
    return found


def _percent(match: re.Match[str]) -> Number | None:
    words = match["percent"]
    point = words.endswith("百分点")
    core = re.sub("百分之|%|个?百分点", "", words)
    if words in ("百分之百", "百分百"):
        value: int | float | None = 100
    elif "点" in core:
        whole, _, rest = core.partition("点")
        parts = [_chinese(whole), *(CHINESE_DIGITS.get(c) for c in rest)]
        value = None if None in parts else float(f"{parts[0]}.{''.join(str(p) for p in parts[1:])}")
    else:
        value = parse_number(core)
    if value is None:
        return None
    decimals = len(core.split(".")[1]) if "." in core else 0
    return Number(value=value, unit="百分点" if point else "%", kind="percent", approximate=False, decimals=decimals, start=match.start(), end=match.end(), digits_end=match.end())


def _count(text: str, match: re.Match[str]) -> Number | None:
    digits, unit = match["number"] or match["chinese"], match["unit"] or ""
    value = None if digits[0] in "数几" else parse_number(digits)
    if value is None or (not unit and match["chinese"] and digits not in ("零", "〇", "○")):
        return None
    if not unit and text.endswith(("邮编", "编码", "邮编：", "编码："), 0, match.start()):
        return None
    before = _BEFORE.search(text, max(0, match.start() - 3), match.start())
    return Number(
        value=value,
        unit=unit,
        kind="count" if unit else "bare",
        approximate=bool(before or match["inside"] or match["after"]),
        decimals=len(digits.split(".")[1]) if "." in digits else 0,
        start=before.start() if before else match.start(),
        end=match.end(),
        digits_end=match.start() + len(digits),
    )


def _chinese(words: str) -> int | None:
    if not words:
        return None
    if all(c in CHINESE_DIGITS for c in words):
        # 二〇一七 is a row of digits; a single digit is itself; 两三 (two or three) is no number.
        if len(words) in (2, 3) and not any(c in "零〇○" for c in words):
            return None
        return int("".join(str(CHINESE_DIGITS[c]) for c in words))
    total = section = digit = 0
    for char in words:
        if char in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        elif char in _LARGE:
            total = (total + section + digit) * _LARGE[char]
            section = digit = 0
        else:
            return None
    return total + section + digit


def _whole(number: float) -> int | float:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded
