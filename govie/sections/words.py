"""Characters: what counts as blank, and a text without blanks with the way back to its offsets."""

from __future__ import annotations

import re

__all__ = ["BLANK", "BLANKS", "CLOSING", "EDGE", "MARKDOWN", "bare_words", "squeeze", "trim"]

BLANK = " \\t\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\u00ad\u180e\\x00-\\x08\\x0e-\\x1f"
BLANKS = re.compile(f"[{BLANK}]+")
EDGE = (
    "".join(chr(c) for c in range(32))
    + " \u00a0\u1680\u200b\u200c\u200d\u200e\u200f\u202f\u205f\u2060\u3000\ufeff\u00ad\u180e"
    + ("".join(chr(c) for c in range(0x2000, 0x200B)))
)
MARKDOWN = "#*>_"
_DROPPED = frozenset(EDGE + "*\n")
# One set of signs first, then what must follow a bracket: so that it is found quickly.
_TO_SQUEEZE = re.compile(f"[{BLANK}*\\n（(](?:(?<![（(])|[a-zü\u00e0-\u01dc])")
# Mirrors that convert to traditional characters leave the reading of some in brackets: 報(bào)告.
_PINYIN = re.compile("(?<=[\u4e00-\u9fff])[（(][a-zü\u00e0-\u00fc\u0101-\u01dc]{1,6}[)）]")
CLOSING = "。.．：:；;，,、!！﹕︰"


def squeeze(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` without blanks and Markdown signs, and the offset of each kept character (None: all kept)."""
    if not _TO_SQUEEZE.search(text):
        return text, None
    text = _PINYIN.sub(lambda match: "*" * len(match.group()), text)
    offsets = [index for index, character in enumerate(text) if character not in _DROPPED]
    return "".join(text[index] for index in offsets), offsets


def bare_words(words: str) -> str:
    """Return the words of a heading without blanks, line breaks and Markdown signs."""
    if _DROPPED.isdisjoint(words):
        return words
    return "".join(character for character in words if character not in _DROPPED)


def trim(text: str, start: int, end: int, closing: str = "") -> tuple[int, int]:
    """Return the span without blanks and Markdown signs at its edges, and without ``closing`` signs at its end."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(EDGE + MARKDOWN))
    piece = piece.rstrip(EDGE + MARKDOWN + closing)
    return min(start + left, start + len(piece)), start + len(piece)
