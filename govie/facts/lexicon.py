"""The words of the genre, read from ``data/lexicon.toml``: patterns with ids, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from ..taxonomy import data_text

__all__ = ["expand", "lexicon_ids", "words"]

_REFERENCE = re.compile(r"\{([A-Za-z_]+)\}")  # a quantifier ({0,4}) has no letters


def words(entry: str) -> re.Pattern[str]:
    """Return the pattern of the entry with this id. Raises KeyError if there is none."""
    return _entries()[entry]


def lexicon_ids() -> frozenset[str]:
    """Return the ids of all entries."""
    return frozenset(_entries())


def expand(pattern: str, known: dict[str, str]) -> str:
    """Return ``pattern`` with each ``{NAME}`` replaced by the pattern of that name, as a group."""
    return _REFERENCE.sub(lambda match: f"(?:{known[match[1]]})", pattern)


@cache
def _entries() -> dict[str, re.Pattern[str]]:
    expanded: dict[str, str] = {}
    for entry in tomllib.loads(data_text("lexicon.toml"))["words"]:
        if entry["id"] in expanded:
            raise ValueError(f"lexicon.toml: {entry['id']} is there twice")
        expanded[entry["id"]] = expand(entry["pattern"], expanded)
    return {name: re.compile(pattern, re.VERBOSE) for name, pattern in expanded.items()}
