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
import zipfile
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

__all__ = ["COLUMNS", "NONE", "NumberModel", "Passage", "encode"]

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
    ``late`` says that it is about problems or plans, where few numbers are facts.
    """

    text: str
    numbers: tuple[Number, ...]
    kind: str | None
    headings: tuple[str, ...]
    run_in: bool = False
    before: str = ""
    place: int = 0
    late: bool = False


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
    """Features that are no words: units, neighbours, how the figures add up, brackets."""
    numbers = passage.numbers
    number = numbers[index]
    unit = number.unit
    before = numbers[index - 1] if index else None
    after = numbers[index + 1] if index + 1 < len(numbers) else None
    same_before = sum(n.unit == unit for n in numbers[:index])
    same_after = sum(n.unit == unit for n in numbers[index + 1 :])
    section = _code(passage.kind or "")
    units = _code(unit)
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
    ]


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


_STRUCTURE = 19
_PLACE, _CLAUSE_START, _GAP_START, _SENTENCE_START, _HEADING_START = range(5)


def _layout() -> list[tuple[int, int, int]]:
    """Where each column of characters looks: from which place, how far from there, and how many characters."""
    left = [(_PLACE, -n, 2) for n in range(2, LEFT_PAIRS + 2)] + [(_PLACE, -n, 3) for n in range(3, LEFT_TRIPLES + 3)]
    right = [(_PLACE, n + 1, size) for size in (2, 3) for n in range(RIGHT)]
    heading = [(_HEADING_START, n, 2) for n in range(HEADING)]
    beside = [(_PLACE, -n, n) for n in (1, 2, 3, 4)] + [(_PLACE, 1, n) for n in (1, 2, 3, 4)]
    leads = [(_CLAUSE_START, 0, 2), (_CLAUSE_START, 0, 3), (_GAP_START, 0, 2)]
    return [*left, *right, *heading, *beside, *leads, *((_SENTENCE_START, 0, n) for n in (2, 3, 4))]


def _salts() -> list[int]:
    """What tells the columns apart: one for each bag of characters, one for each single place."""
    bags = [LEFT_PAIRS, LEFT_TRIPLES, RIGHT, RIGHT, HEADING]
    salts = [place + 1 for place, size in enumerate(bags) for _ in range(size)]
    return salts + list(range(len(bags) + 1, len(bags) + 1 + len(_layout()) - len(salts)))


_LAYOUT = _layout()
_ZONED = LEFT_PAIRS + LEFT_TRIPLES
COLUMNS = len(_LAYOUT) + _STRUCTURE
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


@cache
def _constants() -> tuple[Any, ...]:
    """The layout as arrays: from which place, offset, hash row, salt; and the numbers of the structure's columns."""
    import numpy as np

    base, offset, size = (np.array(column, dtype=np.int64) for column in zip(*_LAYOUT, strict=True))
    salts = np.array(_salts(), dtype=np.uint32) * np.uint32(2654435769)
    numbered = (np.arange(1, _STRUCTURE + 1, dtype=np.uint64)) * np.uint64(14029467366897019727)
    return base, offset, size - 1, salts, numbered


def _ids(chars: Any, rows: Any, structure: Any, bits: int) -> NDArray[np.int32]:
    """Hash what stands at every column's place. Unsigned arithmetic wraps around; ids fill ``bits`` bits."""
    import numpy as np

    base, offset, size, salts, numbered = _constants()
    hashes = np.empty((4, len(chars)), dtype=np.uint32)
    mixed = chars * np.uint32(2654435761)
    whole = chars != 0
    hashes[0] = np.where(whole, mixed | np.uint32(1), 0)
    for step in (1, 2, 3):
        moved = np.zeros_like(chars)
        moved[:-step] = chars[step:]
        mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(2246822519) + moved * np.uint32(3266489917)
        whole &= moved != 0
        # A run of characters with padding in it is no feature: 0.
        hashes[step] = np.where(whole, mixed | np.uint32(1), 0)
    where = rows[:, base] + offset
    zone = np.zeros(where.shape, dtype=np.uint32)
    left = where[:, :_ZONED]
    zone[:, :_ZONED] = (
        (left >= rows[:, _CLAUSE_START, None]) * np.uint32(668265263)
        + (left >= rows[:, _GAP_START, None]) * np.uint32(374761393)
        + (left >= rows[:, _SENTENCE_START, None]) * np.uint32(3266489917)
    )
    found = hashes.ravel()[where + size * len(chars)]
    salted = (found + salts + zone) * np.uint32(2246822519)
    salted = (salted ^ (salted >> np.uint32(16))) * np.uint32(2654435761)
    words = np.where(found == 0, np.uint32(0), salted >> np.uint32(32 - bits))
    plain = ((structure + np.uint64(1)) * np.uint64(11400714819323198485) + numbered) * np.uint64(1609587929392839161)
    return np.concatenate([words, (plain >> np.uint64(64 - bits)).astype(np.uint32)], axis=1).astype(np.int32)


class NumberModel:
    """The trained weights: a hashed embedding, a hidden layer, a softmax over meanings.

    A meaning is a concept, ``concept@applicant``, or :data:`NONE`. Several networks that differ by their seed give
    the mean of their probabilities.

    Attributes:
        meanings: what a number can mean, in the order of the columns of :meth:`probabilities`.
        bits: how many bits a feature id has.
        networks: for each network its arrays, by the names of :data:`ARRAYS`.
    """

    ARRAYS = ("embedding", "embedding_bias", "hidden", "hidden_bias", "output", "output_bias")
    SCALE = 0.15
    """What the sum of a number's embeddings is multiplied by before the tanh."""

    def __init__(self, meanings: Sequence[str], bits: int, networks: Sequence[dict[str, Any]]) -> None:
        import numpy as np

        self.meanings, self.bits, self.networks = tuple(meanings), bits, tuple(networks)
        # Side by side, the embeddings of all networks are looked up at once.
        self._embeddings = np.concatenate([n["embedding"].astype(np.float32) for n in networks], axis=1)

    def probabilities(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return the probability of every meaning for every number of ``passages``, one row a number."""
        return self.score(encode(passages, self.bits))

    def score(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the probability of every meaning for every row of feature ids."""
        import numpy as np

        # encode gives ids of `bits` bits: nothing is ever clipped, and looking up without a check is faster.
        summed = self._embeddings.take(ids, axis=0, mode="clip").sum(axis=1)
        total = np.zeros((len(ids), len(self.meanings)), dtype=np.float32)
        begin = 0
        for network in self.networks:
            end = begin + len(network["embedding_bias"])
            first = np.tanh(self.SCALE * summed[:, begin:end] + network["embedding_bias"])
            second = np.maximum(first @ network["hidden"] + network["hidden_bias"], 0)
            logits = second @ network["output"] + network["output_bias"]
            raised = np.exp(logits - logits.max(axis=1, keepdims=True))
            total += raised / raised.sum(axis=1, keepdims=True)
            begin = end
        return total / np.float32(len(self.networks))

    def save(self, folder: Path) -> None:
        """Write the weights to ``numbers.npz`` (the embedding in half precision) and the rest to ``numbers.json``."""
        import numpy as np

        arrays = {
            f"{name}.{place}": network[name].astype(np.float16 if name == "embedding" else np.float32)
            for place, network in enumerate(self.networks)
            for name in self.ARRAYS
        }
        np.savez_compressed(folder / "numbers.npz", **arrays)
        written = {"bits": self.bits, "columns": COLUMNS, "networks": len(self.networks), "meanings": self.meanings}
        (folder / "numbers.json").write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> NumberModel:
        """Return the model that :meth:`save` wrote to ``folder``.

        Raises:
            ModelError: a file is missing or damaged, or the model was made by a version with other features.
        """
        import numpy as np

        try:
            written = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
            with np.load(folder / "numbers.npz", allow_pickle=False) as arrays:
                networks = [
                    {name: arrays[f"{name}.{place}"] for name in cls.ARRAYS} for place in range(written["networks"])
                ]
            model = cls(written["meanings"], written["bits"], networks)
            fits = written["columns"] == COLUMNS and all(model._fits(network) for network in networks)
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            hint = "Install govie again, or train the model again with `make train`."
            raise ModelError(f"the weights cannot be read ({error})", where=str(folder), hint=hint) from error
        if not fits:
            hint = "Use the model that came with this version, or train it again with `make train`."
            raise ModelError("the weights belong to another version of govie", where=str(folder), hint=hint)
        return model

    def _fits(self, network: dict[str, Any]) -> bool:
        width = network["embedding"].shape[1]
        return bool(
            network["embedding"].shape == (1 << self.bits, width)
            and network["hidden"].shape[0] == width
            and network["output"].shape == (network["hidden"].shape[1], len(self.meanings))
        )
