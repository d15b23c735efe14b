"""The text that is searched, with the way back to the source.

Every offset in :mod:`govie.metadata` counts in a view's ``text`` until a record is made: records count in the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from govie.metadata.patterns import pattern
from govie.normalise import Normalised

__all__ = ["View", "occurrences"]


class View:
    """The text to search, normalised and simplified, its lines, and the way back to the source.

    Attributes:
        source: the document's text.
        text: its normalised twin.
        lines: start and end of every line of ``text`` that is not empty.
    """

    __slots__ = ("_normalised", "lines", "source", "text")

    def __init__(self, source: str, normalised: Normalised | None = None) -> None:
        self.source = source
        self._normalised = normalised or Normalised(source)
        self.text = self._normalised.text
        self.lines = _lines(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of ``text[start:end]``."""
        return self._normalised.to_source(start, end)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of ``text[start:end]`` with the pinyin a mirror put behind its last character."""
        first, last = self.span(start, end)
        pinyin = pattern("source.pinyin").match(self.source, last)
        return first, pinyin.end() if pinyin else last

    def place(self, offset: int) -> int:
        """Return the place in ``text`` of a source offset."""
        return self._normalised.from_source(offset)

    def is_after_blank(self, offset: int) -> bool:
        """Tell whether the source has a blank before ``text[offset]``."""
        return offset > 0 and self.source[self.span(offset, offset + 1)[0] - 1].isspace()

    def unblanked(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as the source writes it, a mirror's pinyin included; blanks and breaks taken out."""
        first, last = self.whole(start, end)
        return pattern("source.blanks").sub("", self.source[first:last])

    def written(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as the source writes it; blanks, line breaks and pinyin taken out."""
        return pattern("source.pinyin").sub("", self.unblanked(start, end))

    def written_name(self, name: str) -> str:
        """Return a simplified name as the source writes it (traditional characters), itself where it does not occur."""
        at = self.text.find(name)
        return self.written(at, at + len(name)) if at >= 0 else name


def occurrences(text: str, words: str) -> Iterator[int]:
    """Yield every place where ``words`` stand in ``text``, those that overlap too."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _lines(text: str) -> list[tuple[int, int]]:
    lines = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if end > start:
            lines.append((start, end))
        start = end + 1
    return lines
