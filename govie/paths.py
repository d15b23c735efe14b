"""Paths as they may be written: in outputs, which are UTF-8, and in messages, which name no path but the file's own."""

from __future__ import annotations

import re

from govie.errors import GovieError

__all__ = ["printable", "tidied"]


def printable(path: str) -> str:
    """Return ``path`` as text that can be written.

    Bytes of a name that are no UTF-8 (Python holds each as a lone surrogate) become ``\\xNN``, other lone surrogates U+FFFD.
    """
    return _SURROGATE.sub("\ufffd", _ESCAPED_BYTE.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", path))


def tidied(error: GovieError, path: str) -> GovieError:
    """Return ``error`` as it may be stored: about the file at ``path``, with no other absolute path in its words."""

    def tidy(words: str) -> str:
        parts = printable(words).split(path) if path else [printable(words)]
        return path.join(_ABSOLUTE.sub(lambda match: re.split(r"[/\\\\]", match[0])[-1], part) for part in parts)

    return type(error)(tidy(error.what), where=path, hint=tidy(error.hint or "") or None)


_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_ABSOLUTE = re.compile(r"(?<![\w/.])(?:/[^/\s'\"<>|,;()]+){2,}/?|\b[A-Za-z]:\\[^\s'\"<>|,;()]+")
"""An absolute path in a message, as libraries put them there: temporary folders, their own source files."""
