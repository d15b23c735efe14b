"""Numbers in their sentences as features, and the trained model that scores what each number means.

Read this first: the model sees a number as a bag of hashed features - character pairs and triples to the left
and right of it (told apart by whether they stand in its own clause, behind the number before it, or farther
off), the words right beside it, the heading above, the kind of section, units, and how the figures around it add
up. The features of all numbers of a report are made at once with numpy; a hashed embedding, one hidden layer and
a softmax give the probability of each meaning. Weights are numpy arrays and JSON: loading them runs no code.

Left out on purpose: spaCy is not needed here (:mod:`govie.components` puts the same model into a pipeline).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from govie.errors import ModelError
from govie.numerals import Number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["COLUMNS", "NONE", "NumberModel", "Passage", "Reading", "encode", "load_numbers", "save_numbers"]

NONE = "none"
"""The meaning of a number that states no fact."""

LEFT_PAIRS, LEFT_TRIPLES, RIGHT, HEADING = 36, 24, 12, 12
"""How far the windows reach, in characters of masked text (each number is one ``#`` and its unit)."""
_PAD = LEFT_PAIRS + 4
_TAIL = 16  # characters of the sentence before that are kept
_CLAUSE = frozenset("，；：。！？")


class Passage(msgspec.Struct, frozen=True):
    """A sentence with numbers, and what its place says: all that the features are made of.

    ``before`` is the sentence before it in the same section; ``place`` counts the sentences of the section;
    ``read`` is, for each number, what the rules read it as (a meaning, :data:`NONE`, and the rule's id).
    """

    text: str
    numbers: tuple[Number, ...]
    kind: str | None
    headings: tuple[str, ...]
    run_in: bool = False
    before: str = ""
    place: int = 0
    late: bool = False
    read: tuple[tuple[str, str], ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What the model says of one number: meanings and their probabilities, likeliest first."""

    meaning: str
    probability: float
    second: str
    second_probability: float


@cache
def _code(words: str) -> int:
    return zlib.crc32(words.encode())


def _masked(text: str, numbers: Sequence[Number]) -> tuple[str, list[int], list[int]]:
    """The text with each number's figures as one ``#``; where each ``#`` and each number's end now stand."""
    pieces: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    length = last = 0
    for number in numbers:
        words = text[last : number.start]
        tail = text[number.digits_end : number.end]
        pieces += (words, "#", tail)
        places.append(length + len(words))
        length += len(words) + 1 + len(tail)
        ends.append(length)
        last = number.end
    pieces.append(text[last:])
    return "".join(pieces), places, ends


def _structure(passage: Passage, index: int, masked: str, place: int) -> list[int]:
    """Features that are no words: units, neighbours, how the figures add up, brackets, and the rules' reading."""
    numbers = passage.numbers
    number = numbers[index]
    unit = number.unit
    before = numbers[index - 1] if index else None
    after = numbers[index + 1] if index + 1 < len(numbers) else None
    same_before = sum(n.unit == unit for n in numbers[:index])
    same_after = sum(n.unit == unit for n in numbers[index + 1 :])
    section = _code(passage.kind or "")
    units = _code(unit)
    read, rule = passage.read[index] if passage.read else (NONE, "")
    read_before = passage.read[index - 1][0] if passage.read and index else ""
    read_after = passage.read[index + 1][0] if passage.read and after else ""
    heading = _code(passage.headings[-1]) if passage.headings else 0
    is_sum = _is_sum(numbers, index)
    depth = masked.count("（", 0, place) - masked.count("）", 0, place)
    zero = number.value == 0
    return [
        units,
        section,
        section ^ (units * 7),
        heading,
        _code(number.kind),
        _code(before.unit if before else "^"),
        _code(after.unit if after else "$"),
        min(same_before, 3) * 8 + min(same_after, 3),
        is_sum,
        is_sum * 16 + min(same_before, 3),
        (0 if before is None else 1 + (number.value <= before.value)) * 4 + (before is not None and before.unit == unit),
        zero * 2 + (number.value == 1),
        zero * 977 ^ section,
        min(max(depth, -1), 2) + 1,
        min(passage.place, 3) * 2 + passage.run_in,
        passage.late,
        min(index, 3),
        len(passage.headings),
        section ^ _code("late" if passage.late else "early"),
        # The rules' reading: the last columns, so that a model can be trained without them.
        _code(read),
        _code(rule),
        _code(read) ^ (units * 3),
        _code(read) ^ (section * 5),
        _code(read_before),
        _code(read_after),
    ]


RULE_COLUMNS = 6


def _is_sum(numbers: Sequence[Number], index: int) -> int:
    """2: the figure is the sum of two or more that follow; 1: it is one of a run that sums to a figure before; 0."""
    number = numbers[index]
    if number.value > 1 and _adds_up(numbers, index):
        return 2
    for whole in range(index - 1, max(-1, index - 12), -1):
        if numbers[whole].value >= number.value and number.value > 0 and _adds_up(numbers, whole, index):
            return 1
    return 0


def _adds_up(numbers: Sequence[Number], whole: int, through: int = -1) -> bool:
    total: float = 0
    parts = 0
    for place in range(whole + 1, min(len(numbers), whole + 16)):
        if numbers[place].kind == "percent":
            continue
        total += numbers[place].value
        parts += 1
        if total > numbers[whole].value:
            return False
        if total == numbers[whole].value and parts > 1:
            return place >= through
    return False


_WINDOWS = LEFT_PAIRS + LEFT_TRIPLES + 2 * RIGHT + HEADING
_ANCHORED = 4 + 4 + 2 + 3 + 1
_STRUCTURE = 25
COLUMNS = _WINDOWS + _ANCHORED + _STRUCTURE
"""Features a number has."""


def encode(passages: Sequence[Passage], bits: int) -> NDArray[np.int32]:
    """Return the features of every number of ``passages``, in order: one row of :data:`COLUMNS` ids each.

    Ids are 1 to ``2**bits - 1``; 0 is padding.
    """
    import numpy as np

    pieces: list[str] = []
    length = 0
    rows: list[tuple[int, int, int, int, int]] = []  # place, clause, gap, sentence, heading
    structure: list[list[int]] = []
    pad = "\0" * _PAD
    for passage in passages:
        masked, places, ends = _masked(passage.text, passage.numbers)
        heading = passage.headings[-1][: HEADING + 1] if passage.headings else ""
        tail = passage.before[-_TAIL:]
        pieces += (pad, heading, pad, tail, masked)
        heading_place = length + _PAD
        start = heading_place + len(heading) + _PAD + len(tail)
        length = start + len(masked)
        gap = 0
        for index, (place, end) in enumerate(zip(places, ends, strict=True)):
            clause = place
            while clause > 0 and masked[clause - 1] not in _CLAUSE:
                clause -= 1
            rows.append((start + place, start + clause, start + gap, start, heading_place))
            structure.append(_structure(passage, index, masked, place))
            gap = end
    if not rows:
        return np.zeros((0, COLUMNS), dtype=np.int32)
    pieces.append(pad)
    chars = np.frombuffer("".join(pieces).encode("utf-32-le", "replace"), dtype=np.uint32)
    digits = (chars >= 48) & (chars <= 57)
    chars = np.where(digits, np.uint32(48), chars)
    return _ids(chars, np.array(rows, dtype=np.int64), np.array(structure, dtype=np.uint64), bits)


def _ids(chars: Any, rows: Any, structure: Any, bits: int) -> NDArray[np.int32]:
    import numpy as np

    def u32(value: int) -> Any:
        return np.uint32(value & 0xFFFFFFFF)

    def chain(length: int) -> Any:
        """Hash of the ``length`` characters that begin at each place; 0 where padding is among them."""
        mixed = chars * u32(2654435761)
        whole = chars != 0
        for step in range(1, length):
            moved = np.zeros_like(chars)
            moved[:-step] = chars[step:]
            mixed = (mixed ^ (mixed >> u32(15))) * u32(2246822519) + moved * u32(3266489917)
            whole = whole & (moved != 0)
        mixed = mixed ^ (mixed >> u32(13))
        return np.where(whole, mixed | u32(1), u32(0))

    one, two, three, four = (chain(n) for n in (1, 2, 3, 4))
    place, clause, gap, sentence, heading = (rows[:, i : i + 1] for i in range(5))
    salt = iter(range(1, 1000))

    def salted(hashed: Any, extra: Any = 0) -> Any:
        mixed = (hashed + u32(next(salt) * 40503) + np.asarray(extra, dtype=np.uint32) * u32(668265263)) * u32(374761393)
        mixed = (mixed ^ (mixed >> u32(16))) * u32(2654435761)
        return np.where(hashed == 0, u32(0), (mixed >> u32(32 - bits)) | u32(1 if bits == 0 else 0))

    def left(hashed: Any, width: int, size: int) -> Any:
        where = place - np.arange(size, width + size)[None, :]
        zone = (where >= clause).astype(np.uint32) + 2 * (where >= gap).astype(np.uint32) + 4 * (where >= sentence).astype(np.uint32)
        return salted(hashed[where], zone)

    columns = [left(two, LEFT_PAIRS, 2), left(three, LEFT_TRIPLES, 3)]
    ahead = place + 1 + np.arange(RIGHT)[None, :]
    limit = len(chars) - 1
    ahead = np.minimum(ahead, limit)
    columns += [salted(two[ahead]), salted(three[ahead])]
    columns.append(salted(two[heading + np.arange(HEADING)[None, :]]))
    columns += [salted(h[place - n]) for n, h in ((1, one), (2, two), (3, three), (4, four))]
    columns += [salted(h[np.minimum(place + 1, limit)]) for h in (one, two, three, four)]
    columns += [salted(two[clause]), salted(three[clause])]
    columns += [salted(h[sentence]) for h in (two, three, four)]
    columns.append(salted(two[np.maximum(gap, 0)]))
    numbered = np.arange(structure.shape[1], dtype=np.uint64)[None, :]
    mixed = ((structure + 1) * np.uint64(11400714819323198485) + (numbered + 1) * np.uint64(14029467366897019727)) * np.uint64(1609587929392839161)
    columns.append((mixed >> np.uint64(64 - bits)).astype(np.uint32))
    return np.concatenate(columns, axis=1).astype(np.int32)
