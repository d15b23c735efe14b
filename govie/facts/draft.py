"""What reading the prose gives: drafts of facts and stated shares, all in normalised offsets."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..records import Applicant
from .context import Sentence
from .scope import Time

__all__ = ["Draft", "ProseReading", "ProseShare"]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A fact before the report's year is known.

    ``section`` is the kind of its level-1 section; ``sentence`` numbers the sentences from 1; ``part_of`` is the
    index of the draft it is a part of; ``depth`` counts the brackets open around it; ``label`` is the span of its
    category's label; ``origin`` says whether it was counted or is a statement of none.
    """

    concept: str
    category: str | None
    applicant: Applicant | None = None
    value: int | float
    unit: str
    time: Time
    approximate: bool
    start: int
    end: int
    section: str | None
    rule: str
    sentence: int
    part_of: int | None = None
    depth: int = 0
    origin: Literal["count", "zero"] = "count"
    label: tuple[int, int] | None = None


class ProseShare(msgspec.Struct, frozen=True, kw_only=True):
    """A stated percentage, with the drafts it is a share of (indices), where the words say so."""

    percent: float
    decimals: int
    start: int
    end: int
    part: int | None
    whole: int | None


class ProseReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the prose says: drafts of facts, shares, and whose parts are complete.

    ``sentences`` are all that were read, in order: ``Draft.sentence`` counts them from 1.
    ``complete`` are the drafts whose parts were introduced by words that promise all of them (其中, 分为, 包括).
    ``passed`` are the numbers that a rule says are no fact: their start and end, and the rule's id. A number that no
    rule knows is not among them.
    """

    sentences: tuple[Sentence, ...]
    drafts: tuple[Draft, ...]
    shares: tuple[ProseShare, ...]
    complete: frozenset[int]
    passed: dict[tuple[int, int], str] = {}
