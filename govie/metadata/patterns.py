"""The patterns and words of ``data/metadata.toml``, by id, each compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from govie.taxonomy import data_text

__all__ = ["characters", "pattern", "pattern_of_kind", "words"]


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the pattern with the id ``name``; KeyError where there is none."""
    return re.compile(_expressions()[name])


@cache
def pattern_of_kind(name: str, kind: str) -> re.Pattern[str]:
    """Return the pattern ``name`` with ``kind``, the last word of an office's or a division's name, put for KIND."""
    return re.compile(_expressions()[name].replace("KIND", kind))


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words with the id ``name``."""
    return tuple(_data()["words"][name].split())


@cache
def characters(name: str) -> str:
    """Return the set of single characters with the id ``name``; the empty string is in it, as in any string."""
    found: str = _data()["characters"][name]
    return found


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(data_text("metadata.toml"))


@cache
def _expressions() -> dict[str, str]:
    macros: dict[str, str] = {}
    for name, value in _data()["macros"].items():
        macros[name] = _filled(value, macros)
    return {entry["id"]: _filled(entry["regex"], macros) for entry in _data()["pattern"]}


def _filled(expression: str, macros: dict[str, str]) -> str:
    for name, value in macros.items():
        expression = expression.replace("{" + name + "}", value)
    return expression
