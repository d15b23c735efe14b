"""Bytes to text for Chinese government pages and files.

The chain: byte order mark; UTF-16 without one, told by its zero bytes; the charset an HTML page declares
(``gb2312`` and ``gbk`` mean GB18030), if the text makes sense in it; UTF-8; UTF-8 with a few bad bytes (a file cut
in the middle of a character); GB18030; Big5. Between GB18030 and Big5, whose byte ranges overlap, the reading with
more everyday characters wins.
"""

from __future__ import annotations

import re
from functools import cache

from govie.errors import ReadError

__all__ = ["decode", "share_of_everyday"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_-]{2,20})""")
_DECLARATION_ZONE = 4096
# What pages write, and what their bytes are in practice: the declared subset is never kept to.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_CONTROL = bytes(set(range(9)) | set(range(14, 27)) | {28, 29, 30, 31})
_CONTROL_SHARE = 0.05  # random bytes hold 10 % of these, text next to none
_BAD_SHARE = 0.01
_WIDE_ZONE = 16384
_WIDE_SHARE = 0.9
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BEYOND_GREEK = re.compile("[\u0800-\U0010ffff]")  # what two bytes of UTF-8 do not reach
_SAMPLE = 2000
_FEW = 40  # fewer characters are too few to judge an encoding by
_REPLACEMENT = "\ufffd"
_HINT = "Save it as UTF-8 or GB18030 text and read it again."


def decode(data: bytes, *, where: str | None = None, declared: str | None = None) -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding it was decoded with.

    A byte order mark is taken off; nothing else is changed. ``where`` names the file in messages; ``declared`` is a
    charset stated outside the bytes (in the headers of a web archive), tried before the one that a page declares.

    Raises:
        ReadError: the bytes are not text, or text in none of the encodings that are tried.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace"), codec
    wide = _wide(data)
    if wide is not None:
        return wide
    _refuse_binary(data, where)
    stated = _CODECS.get((declared or "").lower()) or _declared(data)
    for codec in ([stated] if stated else []) + ["utf-8"]:
        text = _strictly(data, codec)
        if text is not None and not (codec == "utf-8" and _only_looks_like_utf8(text, data)):
            text, codec = _prefer_utf8(data, text, codec)
            if codec == "utf-8" or _makes_sense(text):
                return text, codec
    text = _nearly(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    return _chinese(data, where)


def _wide(data: bytes) -> tuple[str, str] | None:
    """Return the text of UTF-16 without a byte order mark and its encoding, None where the bytes are something else.

    Digits, blanks and line breaks hold a zero byte in UTF-16, and no other encoding of text has any.
    """
    head = data[:_WIDE_ZONE]
    if len(data) < 4 or head.count(0) * 200 < len(head):
        return None
    readings = [(_readable(head.decode(codec, errors="replace")), codec) for codec in ("utf-16-le", "utf-16-be")]
    share, codec = max(readings)
    return (data.decode(codec, errors="replace"), codec) if share > _WIDE_SHARE else None


def _readable(text: str) -> float:
    """Return the share of characters that Chinese text is made of, 0 to 1."""
    return sum(map(_written().__contains__, text)) / len(text)


@cache
def _written() -> frozenset[str]:
    """Everyday characters of both scripts, ASCII, and the blanks of text."""
    return _everyday_simplified() | _everyday_traditional() | frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\r\n\t")


def _makes_sense(text: str) -> bool:
    """Whether a text decoded as declared is Chinese: a page in Big5 that declares gb2312 gives rare characters only."""
    sample = "".join(_NOT_ASCII.findall(text)[:_SAMPLE])
    if len(sample) < _FEW or _everyday(sample, _everyday_simplified()) > 0.5:
        return True
    return _everyday(sample, _everyday_traditional()) > 0.5


def _refuse_binary(data: bytes, where: str | None) -> None:
    head = data[:65536]
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > _CONTROL_SHARE * len(head):
        raise ReadError("this is a binary file, not text", where=where, hint=_HINT)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_DECLARATION_ZONE])
    return _CODECS.get(match.group(1).decode("ascii").lower()) if match else None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _nearly(data: bytes, codec: str) -> str | None:
    """Return the text where at most one character in a hundred is broken (and one break is always allowed)."""
    text = data.decode(codec, errors="replace")
    wide = len(_NOT_ASCII.findall(text))
    bad = text.count(_REPLACEMENT)
    if bad and wide - bad > bad and bad <= max(1, _BAD_SHARE * wide):
        return text
    return None


def _only_looks_like_utf8(text: str, data: bytes) -> bool:
    """Whether a short GB18030 text happens to be valid UTF-8: then it holds Greek, Arabic and the like only."""
    if data.isascii() or _BEYOND_GREEK.search(text):
        return False
    other = _strictly(data, "gb18030")
    return other is not None and _everyday(other, _everyday_simplified()) > 0.9


def _prefer_utf8(data: bytes, text: str, codec: str) -> tuple[str, str]:
    # A page saved by a browser is UTF-8 and still declares the charset it came in.
    if codec != "utf-8":
        other = _strictly(data, "utf-8")
        if other is not None and len(_BEYOND_GREEK.findall(other[:_WIDE_ZONE])) > 2:
            return other, "utf-8"
    return text, codec


def _chinese(data: bytes, where: str | None) -> tuple[str, str]:
    readings = []
    for codec, everyday in (("gb18030", _everyday_simplified()), ("big5hkscs", _everyday_traditional())):
        text = _strictly(data, codec)
        if text is None:
            text = _nearly(data, codec)
        if text is not None:
            readings.append((_everyday(text, everyday), text, "big5" if codec == "big5hkscs" else codec))
    best = max(readings, key=lambda reading: reading[0], default=None)
    if best is None or best[0] < 0.5:
        raise ReadError(
            "the bytes are text in none of the encodings tried (UTF-8, GB18030, Big5)", where=where, hint=_HINT
        )
    return best[1], best[2]


def share_of_everyday(text: str) -> float:
    """Return the share of everyday Chinese characters and signs among those outside ASCII, 0 to 1; 1 where all is ASCII."""
    if text.isascii():
        return 1.0
    return max(_everyday(text, _everyday_simplified()), _everyday(text, _everyday_traditional()))


def _everyday(text: str, everyday: frozenset[str]) -> float:
    """Return the share of everyday characters among those outside ASCII, 0 to 1."""
    wide = _NOT_ASCII.findall(text)
    if not wide:
        return 0.0
    return sum(map(everyday.__contains__, wide)) / len(wide)


@cache
def _everyday_simplified() -> frozenset[str]:
    """The signs and the first level of GB 2312: 3,755 characters ordered by sound, nearly all of running text."""
    return _zone("gb2312", range(0xA1, 0xA4), range(0xA1, 0xFF)) | _zone("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))


@cache
def _everyday_traditional() -> frozenset[str]:
    """The signs and the first level of Big5: 5,401 characters."""
    trail = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return _zone("big5", range(0xA1, 0xA4), trail) | _zone("big5", range(0xA4, 0xC7), trail)


def _zone(codec: str, lead: range, trail: range | list[int]) -> frozenset[str]:
    return frozenset("".join(bytes((first, second)).decode(codec, errors="ignore") for first in lead for second in trail))
