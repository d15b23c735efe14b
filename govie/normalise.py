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

_HALF = {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
_KEEP_WIDE = "，（）：；？！"
_TRADITIONAL = dict(zip(*data_text("traditional.txt").splitlines()[1:3], strict=True))
_TABLE = str.maketrans(
    _TRADITIONAL
    | {wide: half for wide, half in _HALF.items() if wide not in _KEEP_WIDE}
    | {",": "，", "(": "（", ")": "）", ":": "：", ";": "；", "?": "？", "!": "！"}
    | {"﹝": "〔", "﹞": "〕", "﹪": "%", "‰": "‰", "︰": "：", "﹕": "：", "﹐": "，", "､": "、", "｡": "。"}
    | {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)
# Everything here vanishes in the normalised text: blanks of all widths, joiners, byte order marks, soft hyphens.
_BLANK = re.compile("[ \u00a0\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\u00ad\u180e\u0000-\u0008\u000e-\u001f]+|（[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}）")
_DIGIT_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
# A point after a Chinese character ends a sentence; after a digit it is a decimal point or a heading's.
_FULL_STOP = re.compile(r"(?<=[一-龥）”])\.(?=[一-龥（“\n]|$)")
_DIGIT_COLON = re.compile(r"(?<=\d)：(?=\d\d)")


class Normalised:
    """The normalised twin of ``source``.

    Attributes:
        source: the text offsets point into.
        text: the normalised text; no blanks, but ``\\n`` and ``\\t`` kept.
    """

    __slots__ = ("_offsets", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        translated = source.translate(_TABLE)
        offsets: list[int] | None = None
        if _BLANK.search(translated):
            offsets = []
            pieces = []
            last = 0
            for blank in _BLANK.finditer(translated):
                start, end = blank.span()
                pieces.append(translated[last:start])
                offsets.extend(range(last, start))
                last = end
            pieces.append(translated[last:])
            offsets.extend(range(last, len(translated)))
            translated = "".join(pieces)
        translated = self._restore_commas(translated, source, offsets)
        self.text = _FULL_STOP.sub("。", _DIGIT_COLON.sub(":", translated))
        self._offsets = offsets

    @staticmethod
    def _restore_commas(text: str, source: str, offsets: list[int] | None) -> str:
        # A thousands comma is half-width in the source; a full-width one between digits separates a list.
        def restore(match: re.Match[str]) -> str:
            place = match.start() if offsets is None else offsets[match.start()]
            return "," if source[place] == "," else "，"

        return _DIGIT_COMMA.sub(restore, text)

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


def collapse(text: str) -> str:
    """Return ``text`` normalised, with line breaks and tabs dropped too: for titles, headings, cells, lookups."""
    return re.sub(r"\s+", "", Normalised(text).text)
