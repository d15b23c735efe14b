"""The numbers of headings in all their styles: 一、 （一） ㈠ 1、 （1） ① 第一部分 一）, and their values."""

from __future__ import annotations

import re

from .words import BLANK, BLANKS

__all__ = ["INLINE_LEAD", "INLINE_MARK", "LEAD", "STYLES", "bare_number", "number_value"]

_NUMERAL = "[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]"
LEAD = re.compile(
    rf"[{BLANK}#>*]*+"
    rf"(?:(?P<part>第[{BLANK}]*(?:{_NUMERAL}{{1,3}}|\d{{1,2}})[{BLANK}]*(?:部分|章|篇))[{BLANK}]*[、.．，,：:]?"
    rf"|(?P<ordinal>第{_NUMERAL}{{1,3}})[{BLANK}]*[、，,]"
    rf"|(?P<paren>[（(〔［\[【][{BLANK}]*{_NUMERAL}{{1,3}}[{BLANK}]*[)）〕］\]】]|[㈠-㈩])[{BLANK}]*[、.．]?"
    rf"|(?P<half>{_NUMERAL}{{1,3}})[{BLANK}]*[)）]"
    rf"|(?P<han>{_NUMERAL}{{1,3}})[{BLANK}]*[、.．,，:：;；﹑､·]"
    rf"|(?P<gap>{_NUMERAL}{{1,3}})(?=[{BLANK}]|$)"
    rf"|(?P<bare>{_NUMERAL}{{1,2}})(?=[^{_NUMERAL[1:-1]}是年月日])"
    rf"|(?P<digitparen>[（(][{BLANK}]*\d{{1,2}}[{BLANK}]*[)）]|[⑴-⒇])[{BLANK}]*[、.．]?"
    rf"|(?P<digithalf>\d{{1,2}})[{BLANK}]*[)）]"
    rf"|(?P<digit>\d{{1,2}}[{BLANK}]*(?:[、．﹑､]|[.,，](?!\d))|[⒈-⒛])"
    rf"|(?P<digitgap>\d{{1,2}})(?=[{BLANK}]+[^\d{BLANK}])"
    rf"|(?P<circle>[①-⑳❶-❿])[{BLANK}]*[、.．]?)"
    rf"[{BLANK}*]*+"
)
# The same 一、 and （一） inside running text, for texts that have lost their line breaks.
INLINE_LEAD = re.compile(
    rf"(?:^|(?<=[。；;：:！!？?”》）)\]{BLANK}\n]))(?:(?P<han>{_NUMERAL}{{1,2}})[{BLANK}]*[、.．]"
    rf"|(?P<paren>[（(][{BLANK}]*{_NUMERAL}{{1,2}}[{BLANK}]*[)）]|[㈠-㈩])[{BLANK}]*[、.．]?)[{BLANK}]*+"
)
# 一、 anywhere; what may stand before it is asked afterwards, so that the search is quick.
INLINE_MARK = re.compile(rf"(?P<han>{_NUMERAL}{{1,2}})[{BLANK}]*[、.．][{BLANK}]*+")
STYLES = {
    "part": "part",
    "han": "han",
    "gap": "han",
    "bare": "han",
    "ordinal": "han",
    "digitgap": "digit",
    "half": "half",
    "paren": "paren",
    "digit": "digit",
    "digithalf": "digitparen",
    "digitparen": "digitparen",
    "circle": "circle",
}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


def number_value(number: str) -> int:
    """Return the value of a heading's number, 0 where it has none that can be read."""
    core = BLANKS.sub("", number).strip("（()）〔〕［］[]【】第部分章篇、.．,，﹑､")
    if len(core) == 1:
        code = ord(core)
        for first, last in ((0x3220, 0x3229), (0x2474, 0x2487), (0x2488, 0x249B), (0x2460, 0x2473), (0x2776, 0x277F)):
            if first <= code <= last:
                return code - first + 1
    if core.isdecimal():
        return int(core)
    tens, mark, ones = core.replace("拾", "十").rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if mark else 0) + _DIGITS.get(ones, 0)


def bare_number(number: str) -> str:
    """Return a heading's number without brackets and punctuation."""
    core = BLANKS.sub("", number)
    return core if core.startswith("第") else core.strip("（()）〔〕［］[]【】、.．,，﹑､")
