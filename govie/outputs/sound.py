"""Texts that no format can hold, made into ones that all can: lone surrogates and NUL."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from govie.export import Extraction
from govie.paths import printable
from govie.records import Failure

__all__ = ["sound"]

Item = TypeVar("Item", Extraction, Failure)

_SURROGATES = re.compile("[\ud800-\udfff]")


def sound(item: Item) -> Item:
    """Return ``item`` with texts that UTF-8 and databases can hold; nearly always ``item`` itself.

    Paths are made :func:`~govie.paths.printable`; elsewhere a lone surrogate becomes U+FFFD. NUL becomes U+2400 (␀).
    Outside paths one character stays one character, so offsets hold.
    """
    try:
        encoded = msgspec.json.encode(item)
    except UnicodeEncodeError:
        pass
    else:
        if b"\\u0000" not in encoded:
            return item
    plain = _replaced(msgspec.to_builtins(item))
    return msgspec.convert(plain, type(item))


def _replaced(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        if key == "path":
            value = printable(value)
        return _SURROGATES.sub("\ufffd", value).replace("\0", "\u2400")
    if isinstance(value, dict):
        return {name: _replaced(one, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, key) for one in value]
    return value
