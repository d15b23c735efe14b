"""Offsets of annotation tools that run in a browser, to code points and back.

JavaScript strings are rows of UTF-16 code units: a character beyond U+FFFF (𠮷, emoji) counts two there and one in
Python. doccano stores such offsets (https://github.com/doccano/doccano/issues/2290); Label Studio did, and changed to
code points (https://github.com/HumanSignal/label-studio/issues/1347, pull requests 1559 and 6135).
"""

from __future__ import annotations

from itertools import accumulate

__all__ = ["Utf16"]


class Utf16:
    """The two ways to count places of one text; cheap where the text has no character beyond U+FFFF."""

    __slots__ = ("_places", "_units", "plain")

    def __init__(self, text: str) -> None:
        self.plain = not text or max(text) <= "\uffff"
        self._units: list[int] = [] if self.plain else [0, *accumulate(1 + (char > "\uffff") for char in text)]
        self._places = {unit: place for place, unit in enumerate(self._units)}

    def units(self, place: int) -> int:
        """Return the UTF-16 code units before the code point ``place`` (0 to the length of the text)."""
        return place if self.plain else self._units[place]

    def place(self, units: int) -> int | None:
        """Return the code points before the UTF-16 code unit ``units``; None inside a pair or behind the text's end."""
        return units if self.plain else self._places.get(units)
