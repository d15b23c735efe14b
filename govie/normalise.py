"""A normalised twin of a text, with the way back to the original offsets.

The text that offsets point into is never edited. Rules want to read ``１ , ０84　条`` as ``1,084条``:
this module builds that parallel string once a report and keeps, for every character of it, the offset
it came from.

What is done: full-width digits, letters and signs to half-width; half-width sentence punctuation to the
Chinese forms (between digits ``,`` ``:`` and ``.`` stay); circles and zero look-alikes in years stay as they
are. Traditional characters become simplified ones (``data/traditional.txt``), and the pinyin that some mirrors put
behind them in brackets is dropped, as are blanks, NBSP, ideographic spaces and zero-width characters; tabs and
line breaks stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from .taxonomy import data_text

__all__ = ["Normalised", "collapse"]

_KEPT_WIDE = "，（）：；？！"
_WIDE_TO_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT_WIDE}
_TO_SIMPLIFIED = dict(zip(*data_text("traditional.txt").splitlines()[1:3], strict=True))
_REPLACED = (
    _TO_SIMPLIFIED
    | _WIDE_TO_HALF
    | {",": "，", "(": "（", ")": "）", ":": "：", ";": "；", "?": "？", "!": "！"}
    | {"﹝": "〔", "﹞": "〕", "﹪": "%", "︰": "：", "﹕": "：", "﹐": "，", "､": "、", "｡": "。"}
    | dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n")
)
"""One character for one, so that offsets stay."""
# Few characters of a text are replaced: finding them is quicker than str.translate, which looks all of them up.
_TO_REPLACE = re.compile(f"[{re.escape(''.join(_REPLACED))}]")
# What vanishes: blanks of all widths, joiners, byte order marks, soft hyphens, pinyin in brackets.
# These patterns begin with the signs themselves, not with what must stand before them: so they are found quickly.
_BLANKS = " \u00a0\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\u00ad\u180e\u0000-\u0008\u000e-\u001f"
_BLANK = re.compile(f"[{_BLANKS}（](?:(?<!（)[{_BLANKS}]*|(?<=（)[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{{1,7}}）)")
_DIGIT_COMMA = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")
# A point after a Chinese character ends a sentence; after a digit it is a decimal point or a heading's.
_FULL_STOP = re.compile(r"\.(?<=[一-龥）”]\.)(?=[一-龥（“\n]|$)")
_DIGIT_COLON = re.compile(r"：(?<=\d：)(?=\d\d)")  # of a clock time
_SPACE = re.compile(r"\s+")


class Normalised:
    """The normalised twin of ``source``.

    Attributes:
        source: the text offsets point into.
        text: the normalised text; no blanks, but ``\\n`` and ``\\t`` kept.
    """

    __slots__ = ("_offsets", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        replaced = _TO_REPLACE.sub(lambda match: _REPLACED[match[0]], source)
        kept, self._offsets = _without_blanks(replaced)
        with_commas = _DIGIT_COMMA.sub(self._comma, kept)
        self.text = _FULL_STOP.sub("。", _DIGIT_COLON.sub(":", with_commas))

    def _comma(self, match: re.Match[str]) -> str:
        """A thousands comma is half-width in the source; a full-width one between digits separates a list."""
        place = match.start() if self._offsets is None else self._offsets[match.start()]
        return "," if self.source[place] == "," else "，"

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of the normalised span ``[start, end)``; its edges carry no blanks."""
        if self._offsets is None:
            return start, end
        if start >= end:
            place = self._offsets[start] if start < len(self._offsets) else len(self.source)
            return place, place
        return self._offsets[start], self._offsets[end - 1] + 1

    def from_source(self, offset: int) -> int:
        """Return the place in the normalised text of the first kept character at or after ``offset``."""
        if self._offsets is None:
            return offset
        return bisect_left(self._offsets, offset)


def _without_blanks(text: str) -> tuple[str, list[int] | None]:
    """The text without blanks, and the offset of each character that is kept; None where there are no blanks."""
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for blank in _BLANK.finditer(text):
        start, end = blank.span()
        pieces.append(text[last:start])
        offsets.extend(range(last, start))
        last = end
    if not last:
        return text, None
    pieces.append(text[last:])
    offsets.extend(range(last, len(text)))
    return "".join(pieces), offsets


def collapse(text: str) -> str:
    """Return ``text`` normalised, with line breaks and tabs dropped too: for titles, headings, cells, lookups."""
    return _SPACE.sub("", Normalised(text).text)
