"""Where a table begins and ends among the lines of a text.

A stretch of lines is a table where at least two rows that we know have their numbers beside or below them (one is
enough under a header). Prose, headings, signatures and page furniture around it stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from govie.tables import forms
from govie.tables.lines import Line, Piece

__all__ = ["caption_above", "family_of", "is_continuation", "stretches"]

_CAPTION = re.compile(r"统计表|情况表|一览表|汇总表|统计报表|附表|统计情况|数据表|指标表")
_CAPTION_SKIP = re.compile(
    r"[（(]?(?:20\d\d|二[〇○零]).{0,8}[)）]?|填报|填表|单位[:：(（盖]|制表|统计时间|统计期|报送|审核|年度"
)
_FURNITURE = re.compile(r"浏览|点击|访问|阅读|字号|打印|关闭|分享|扫一扫|页|次数|电话|邮编|传真|日期|时间|来源|字体")
# How much a number counts towards "this is a table", by the label it stands under.
_WEIGHT = {"L": 1.0, "l": 0.5, "G": 0.5}


def stretches(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the stretches of lines that are tables, as index pairs."""
    found = []
    place = 0
    while place < len(lines):
        if lines[place].kind in "RHCLlGA":
            scan = _Scan(lines, place)
            if scan.rows >= 2 or (scan.rows >= 1 and scan.header):
                found.append((place, scan.last))
                place = scan.last
                continue
        place += 1
    return found


class _Scan:
    """Goes on from line ``first`` as long as it is a table.

    Attributes:
        last: the line behind the table's last.
        rows: how many rows it has that we know; a doubtful one counts less.
        header: whether it has a header or the caption of a form.
    """

    def __init__(self, lines: Sequence[Line], first: int) -> None:
        self.lines = lines
        self.first = self.last = first
        self.rows = 0.0
        self.header = False
        self._family = ""
        self._values = False  # whether a number was met
        self._waiting: list[str] = []  # kinds of the lines since the last one that is surely part of the table
        self._loose = 0  # rows in a row that we do not know
        for place in range(first, len(lines)):
            kind = lines[place].kind
            step = self._STEPS[_settle(lines, place) if kind == "A" else kind]
            if not step(self, place, kind):
                break
        self.last = _trim(lines, first, self.last)
        if self._values:
            self.last = _with_cut_row(lines, self.last)

    def _accept(self, place: int) -> bool:
        self.last = place + 1
        self._waiting.clear()
        return True

    def _prose(self, place: int, kind: str) -> bool:
        return False

    def _skip(self, place: int, kind: str) -> bool:
        return True

    def _words(self, place: int, kind: str) -> bool:
        # Columns of words only: part of a header whose words we do not all know, else something else.
        return self.header and not self._values

    def _caption(self, place: int, kind: str) -> bool:
        if place > self.first and (self._values or self._waiting):
            return False
        self.header = True
        return self._accept(place)

    def _head(self, place: int, kind: str) -> bool:
        here = family_of(self.lines[place])
        if self._values:
            if not is_continuation(self._family, here):
                return False
            self._waiting.append(kind)
            return True
        if not self.header and self._waiting:
            return False  # what came before is a heading above the table, not its first row
        self._family = self._family or here
        self.header = True
        return self._accept(place)

    def _row(self, place: int, kind: str) -> bool:
        self.rows += 1
        self._values, self._loose = True, 0
        return self._accept(place)

    def _unknown_row(self, place: int, kind: str) -> bool:
        self.rows += 0.25
        self._loose += 1
        if self._loose > 4 and not self.header:
            return False
        self._values = True
        return self._accept(place)

    def _pipe(self, place: int, kind: str) -> bool:
        if not self._waiting and self.last == place:
            self.last = place + 1
        return True

    def _unit(self, place: int, kind: str) -> bool:
        if not (self.header or self._values or self._waiting):
            return False
        self.last = place + 1
        return True

    def _number(self, place: int, kind: str) -> bool:
        if not self._unit(place, kind):
            return False
        label = _label_before(self._waiting)
        self.rows += _WEIGHT.get(label, 1.0 if self._family == "cases" and not self.rows else 0.0)
        self._loose = self._loose + 1 if label == "F" else 0 if label else self._loose
        self._values = True
        return self._accept(place)

    def _label(self, place: int, kind: str) -> bool:
        self._waiting.append(kind)
        return True

    def _other(self, place: int, kind: str) -> bool:
        self._waiting.append(kind)
        allowed = 6 if self.header and not self._values else 3
        return self._waiting.count("F") <= allowed and (self._loose < 3 or self.header)

    _STEPS: ClassVar[dict[str, Callable[[_Scan, int, str], bool]]] = {
        "X": _prose, "S": _skip, "c": _words, "C": _caption, "H": _head, "R": _row, "r": _unknown_row, "P": _pipe,
        "U": _unit, "N": _number, "D": _number, "L": _label, "l": _label, "G": _label, "F": _other,
    }  # fmt: skip


def _settle(lines: Sequence[Line], place: int) -> str:
    """Return whether a word that heads columns and rows alike (行政复议, 总计) is a label or a header cell here."""
    following = next((line.kind for line in lines[place + 1 : place + 4] if line.kind not in "PS"), "X")
    return "L" if following in "NDU" else "H"


def _without_annex(piece: Piece) -> Piece | None:
    """Return a caption without 附件： before it; None if nothing is left."""
    words = re.sub(r"^\s*附[件表录]?\s*[一二三四五\d]?\s*[:：]\s*", "", piece.text)
    return Piece(piece.end - len(words), piece.end, words) if words.strip() else None


def family_of(line: Line) -> str:
    """Return which form the first telling header cell of a line belongs to, "" if none tells."""
    return next((family for piece in line.pieces if piece.text and (family := forms.header_family(piece.text))), "")


def is_continuation(family: str, here: str) -> bool:
    """Say whether a header in the middle of a table only repeats the one above."""
    # A page break repeats the header of a long table; the other forms start a new table with theirs.
    return here == "" or (family == here == "rows")


def _label_before(waiting: Sequence[str]) -> str:
    for kind in reversed(waiting):
        if kind in "LlG":
            return kind
    return "F" if "F" in waiting else ""


def _with_cut_row(lines: Sequence[Line], last: int) -> int:
    """Return the end with a last row that lost its number: a label we know, with nothing but the text's end behind it."""
    end = last
    while end < len(lines) and lines[end].kind in "LlGP" and not lines[end].columns:
        end += 1
    if end == len(lines):
        return end
    return last + 1 if end > last and lines[last].kind == "L" else last


def _trim(lines: Sequence[Line], first: int, last: int) -> int:
    """Take page furniture that looks like a row (浏览次数 ⏎ 123) off the end."""
    while last - first > 2:
        index = last - 1
        while index > first and lines[index].kind in "NDUP":
            index -= 1
        line = lines[index]
        if line.columns:
            return last
        words = forms.joined(line.pieces[0].text) if line.pieces else ""
        if line.kind != "F" or not _FURNITURE.search(words):
            return last
        last = index
    return last


def caption_above(lines: Sequence[Line], first: int) -> Piece | None:
    """Return the caption directly above a table; the year, the unit and who filled it in may stand between."""
    for back in range(1, 6):
        if first - back < 0:
            return None
        line = lines[first - back]
        if line.kind == "X" and not line.pieces:
            return None
        words = "".join(forms.joined(piece.text) for piece in line.pieces)
        piece = line.pieces[0] if line.pieces else None
        if piece and len(words) <= 45 and _CAPTION.search(words) and "。" not in words:
            return _without_annex(piece)
        if line.kind not in "S" and not _CAPTION_SKIP.search(words):
            return None
    return None
