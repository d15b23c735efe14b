"""Word's automatic numbers: the ``一、`` and ``（二）`` that stand in no text, counted out again.

Both Word formats number paragraphs by lists: a level has a start, a number format and a template such as ``%1、``.
:class:`ListCounter` counts paragraphs as they come and returns what Word shows before them.

Left out on purpose: bullets (signs of picture fonts), words in languages other than Chinese, pictures as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["FORMATS", "LEVELS", "ListCounter", "ListLevel", "labelled", "number_words"]

LEVELS = 9
"""How many levels a list of Word has."""

FORMATS = (
    "decimal upperRoman lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText hex chicago ideographDigital "
    "japaneseCounting aiueo iroha decimalFullWidth decimalHalfWidth japaneseLegal japaneseDigitalTenThousand "
    "decimalEnclosedCircle decimalFullWidth2 aiueoFullWidth irohaFullWidth decimalZero bullet ganada chosung "
    "decimalEnclosedFullstop decimalEnclosedParen decimalEnclosedCircleChinese ideographEnclosedCircle "
    "ideographTraditional ideographZodiac ideographZodiacTraditional taiwaneseCounting ideographLegalTraditional "
    "taiwaneseCountingThousand taiwaneseDigital chineseCounting chineseLegalSimplified chineseCountingThousand"
).split()
"""The names of the number formats in DOCX, in the order of their codes in old Word files."""

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_COUNTED = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand")
)
_BY_DIGIT = frozenset(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"))
# Signs for 1, 2, 3 …: how many there are is how far the format counts; beyond it Word shows plain digits.
_SIGNS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_UNSHOWN = frozenset(("none", "bullet"))
_PLACE = re.compile("%([1-9])")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_ENDS_OPEN = re.compile("[0-9A-Za-z]$")
_LARGEST = 9999


class ListLevel(NamedTuple):
    """One level of a list: ``template`` holds ``%1`` … ``%9`` for the numbers of the levels 1 to 9.

    ``legal`` shows the numbers of all levels as digits; ``restart`` is False for a level that counts on
    when a level above it has gone on.
    """

    start: int = 1
    format: str = "decimal"
    template: str = ""
    legal: bool = False
    restart: bool = True


class ListCounter:
    """Counts the paragraphs of lists, each by its own levels."""

    def __init__(self) -> None:
        self._counts: dict[object, list[int | None]] = {}

    def label(self, key: object, levels: Mapping[int, ListLevel], level: int) -> str:
        """Count one paragraph at ``level`` (from 0) of the list ``key``; return its number as shown, "" where none is."""
        if level not in levels:
            return ""
        counts = self._counts.setdefault(key, [None] * LEVELS)
        own = levels[level]
        before = counts[level]
        counts[level] = own.start if before is None else before + 1
        for below in range(level + 1, LEVELS):
            if below not in levels or levels[below].restart:
                counts[below] = None
        if own.format in _UNSHOWN:
            return ""

        def shown(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            one = levels.get(which, ListLevel())
            count = counts[which]
            return number_words(one.start if count is None else count, "decimal" if own.legal else one.format)

        return _PLACE.sub(shown, own.template)

    def restart(self, key: object, level: int) -> None:
        """Let the next paragraph at ``level`` of the list ``key`` take the level's start again."""
        if key in self._counts:
            self._counts[key][level] = None


def labelled(label: str, text: str) -> str:
    """Return ``text`` with its number before it; 1 before 2016年 does not become 12016年."""
    apart = " " if _ENDS_OPEN.search(label) and _ENDS_OPEN.search(text[:1]) else ""
    return f"{label}{apart}{text}" if label else text


def number_words(number: int, form: str) -> str:
    """Return ``number`` as Word shows it in the number format ``form``; digits where the format is not known."""
    if not 0 < number <= _LARGEST:
        return str(number)
    if form in _COUNTED:
        return _counted(number, _DIGITS, ("", "十", "百", "千")).removeprefix("一" if 10 <= number < 20 else "")
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _counted(number, _LEGAL, ("", "拾", "佰", "仟"))
    if form in _BY_DIGIT:
        return "".join("〇" if digit == "0" else _DIGITS[int(digit)] for digit in str(number))
    signs = _SIGNS.get(form, "")
    if number <= len(signs):
        return signs[number - 1]
    return _western(number, form)


def _counted(number: int, digits: str, units: tuple[str, ...]) -> str:
    words = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            words = digits[int(digit)] + units[place] + words
        elif words and not words.startswith("零"):
            words = "零" + words
    return words


def _western(number: int, form: str) -> str:
    if form == "decimalZero":
        return f"{number:02d}"
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        words, rest = "", number
        for value, sign in _ROMAN:
            words += sign * (rest // value)
            rest %= value
        return words if form == "upperRoman" else words.lower()
    return str(number)
