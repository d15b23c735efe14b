"""Characters without which a pattern matches nothing, so that most rules need not be searched for.

A clause of twenty characters holds the words of two or three of a hundred rules. Which, its characters tell much
quicker than the searches of all the patterns do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from typing import Any

__all__ = ["required_words", "signs"]

# The standard library's own reading of a pattern: it has no public name.
_parser: Any = import_module("re._parser")


def required_words(pattern: re.Pattern[str], *, but: str = "") -> frozenset[str]:
    """Return words of which every match of ``pattern`` holds at least one; none if there are no such words.

    ``but`` are characters that say nothing, as they are in every text that is searched. Sets of single characters
    (``[甲乙]``) are not read as words.
    """
    if pattern.flags & re.IGNORECASE:
        return frozenset()
    return _of_sequence(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE), but)


def _of_sequence(sequence: Iterable[tuple[Any, Any]], but: str) -> frozenset[str]:
    """The fewest words that one item of a sequence requires; literals beside each other are one word."""
    found: list[frozenset[str]] = []
    word = ""
    for operator, argument in sequence:
        if str(operator) == "LITERAL" and chr(argument) not in but:
            word += chr(argument)
            continue
        found.append(frozenset({word} - {""}))
        word = ""
        found.append(_of_item(str(operator), argument, but))
    found.append(frozenset({word} - {""}))
    return min(filter(None, found), key=len, default=frozenset())


def _of_item(operator: str, argument: Any, but: str) -> frozenset[str]:
    match operator:
        case "SUBPATTERN":
            return _of_sequence(argument[-1], but)
        case "MAX_REPEAT" | "MIN_REPEAT" if argument[0]:
            return _of_sequence(argument[-1], but)
        case "BRANCH":
            branches = [_of_sequence(branch, but) for branch in argument[1]]
            return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()


def signs(words: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return for each set of words a set of characters, one of each word: that which the fewest other words have."""
    listed = list(words)
    common = Counter(character for of_one in listed for word in of_one for character in set(word))
    return [
        frozenset(min(word, key=lambda character: (common[character], character)) for word in of_one)
        for of_one in listed
    ]
