"""A fact in the making: all in normalised offsets, its year still relative to the report's."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..records import Applicant
from .scope import Time

__all__ = ["Draft"]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A fact before the report's year is known.

    ``part_of`` is the index of the draft it is a part of; ``depth`` counts open brackets around it;
    ``cue`` are the words that introduced the parts; ``section`` the kind of its level-1 section; ``label`` the span of the category label.
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
