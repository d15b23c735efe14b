"""Training sentences said in other words: synonyms, units, category labels, separators; meanings stay.

Works on passages (normalised text with its numbers), so that a sentence can be said again without writing a whole
report. What is not touched: the figures, and the order of things.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, partial
from random import Random

import msgspec

from govie.mentions import Passage
from govie.taxonomy import data_text

__all__ = ["reword"]


class _Data(msgspec.Struct, frozen=True):
    words: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    units: dict[str, list[str]]
    separators: tuple[tuple[str, str], ...]


@cache
def _data() -> _Data:
    read = tomllib.loads(data_text("rewordings.toml"))
    return _Data(
        words=tuple((re.compile(entry["pattern"]), tuple(entry["said"])) for entry in read["words"]),
        units={unit: others.split() for unit, others in read["units"].items()},
        separators=tuple(map(tuple, read["separators"])),
    )


def _either(other: str, random: Random, match: re.Match[str]) -> str:
    return other if random.random() < 0.8 else match[0]


def reword(passage: Passage, categories: Sequence[tuple[int, int]], labels: Sequence[str], random: Random) -> Passage:
    """Return ``passage`` in other words.

    Args:
        passage: the sentence.
        categories: spans of its category labels.
        labels: labels to put in their place.
        random: where the choices come from.
    """
    chosen = {pattern: random.choice(said) for pattern, said in _data().words if random.random() < 0.5}
    units = {n.unit for n in passage.numbers}
    other_units = {u: random.choice(_data().units[u]) for u in sorted(units) if u in _data().units and random.random() < 0.4}
    separator = random.choice(_data().separators) if random.random() < 0.25 else None

    def said_again(words: str) -> str:
        for pattern, other in chosen.items():
            words = pattern.sub(partial(_either, other, random), words)
        return words.replace(*separator) if separator else words

    def between(start: int, end: int) -> str:
        pieces, last = [], start
        for first, after in sorted(categories):
            if start <= first and after <= end:
                label = random.choice(labels) if labels and random.random() < 0.6 else passage.text[first:after]
                pieces += [said_again(passage.text[last:first]), label]
                last = after
        return "".join([*pieces, said_again(passage.text[last:end])])

    pieces, numbers, last, length = [], [], 0, 0
    for number in passage.numbers:
        words = between(last, number.start)
        figure = passage.text[number.start : number.digits_end]
        unit = other_units.get(number.unit, number.unit)
        behind = passage.text[number.digits_end : number.end]
        behind = behind.replace(number.unit, unit, 1) if number.unit else behind
        start = length + len(words)
        length = start + len(figure) + len(behind)
        moved = {"unit": unit, "start": start, "digits_end": start + len(figure), "end": length}
        numbers.append(msgspec.structs.replace(number, **moved))
        pieces += [words, figure, behind]
        last = number.end
    pieces.append(between(last, len(passage.text)))
    return msgspec.structs.replace(
        passage,
        text="".join(pieces),
        numbers=tuple(numbers),
        kind=None if random.random() < 0.1 else passage.kind,
        headings=() if random.random() < 0.05 else passage.headings,
        before=said_again(passage.before),
    )
