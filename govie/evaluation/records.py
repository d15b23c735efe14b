"""What an evaluation finds: the one record that the HTML page, the JSON and the Markdown are made from."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "Bin",
    "Calibration",
    "Comparison",
    "Confusion",
    "Evaluation",
    "LearningPoint",
    "Macro",
    "MetadataScore",
    "Mistake",
    "Score",
    "SystemResult",
    "TownScore",
]

MistakeKind = Literal["another concept", "other details", "missed", "invented"]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of items found (``tp``), made up (``fp``) and missed (``fn``)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def gold(self) -> int:
        """The number of items of the gold."""
        return self.tp + self.fn

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 0 where there is none."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing is right."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(tp=self.tp + other.tp, fp=self.fp + other.fp, fn=self.fn + other.fn)


class MetadataScore(msgspec.Struct, frozen=True):
    """In how many reports a field of the metadata is right."""

    right: int
    total: int


class Macro(msgspec.Struct, frozen=True, kw_only=True):
    """F1 over towns: the mean of the towns' F1 and the F1 of all together, each with its 95 % bootstrap interval."""

    towns: int
    macro: float
    macro_low: float
    macro_high: float
    micro: float
    micro_low: float
    micro_high: float


class TownScore(msgspec.Struct, frozen=True):
    """F1 of facts in one town."""

    town: str
    score: Score


class Confusion(msgspec.Struct, frozen=True):
    """How often a number of concept ``gold`` was read as ``got``; None is no fact."""

    gold: str | None
    got: str | None
    count: int


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """The facts whose confidence lies in ``[low, high)``: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    facts: int
    confidence: float
    right: float


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How far confidences can be trusted: ``error`` is the expected calibration error over ten bins of equal width."""

    facts: int
    unrated: int
    error: float
    bins: tuple[Bin, ...]


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """One thing read wrongly: what the gold says, what was read, and the sentence, parted at the words it is about."""

    report: str
    kind: MistakeKind
    gold: str | None
    got: str | None
    before: str
    words: str
    after: str
    source: str | None = None
    confidence: float | None = None


class SystemResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one extractor reached. ``scores`` and ``groups`` are F1 counts under plain names.

    ``groups`` goes from the grouping (concept, table format, era, province, category label, hand) to the group.
    ``mistakes`` is None where sentences must not be shown.
    """

    name: str
    seconds: float
    perfect_reports: int
    broken: dict[str, str]
    wrong_offsets: int
    scores: dict[str, Score]
    metadata: dict[str, MetadataScore]
    groups: dict[str, dict[str, Score]]
    towns: dict[str, Macro]
    town_scores: tuple[TownScore, ...]
    confusions: tuple[Confusion, ...]
    calibration: Calibration | None
    mistake_counts: dict[str, int]
    mistakes: tuple[Mistake, ...] | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """F1 of ``other`` less that of ``one`` on the same reports, with the 95 % interval of a paired bootstrap over towns."""

    one: str
    other: str
    measure: str
    difference: float
    low: float
    high: float


class LearningPoint(msgspec.Struct, frozen=True, kw_only=True):
    """F1 of models trained with a share of the corpus, one figure a seed."""

    share: float
    f1: tuple[float, ...]
    reports: int | None = None


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation of one or more extractors on the same reports."""

    version: str
    split: str | None
    source: str
    reports: int
    towns: int
    seed: int
    samples: int
    systems: tuple[SystemResult, ...]
    comparisons: tuple[Comparison, ...] = ()
    learning_curve: tuple[LearningPoint, ...] = ()
    notices: tuple[str, ...] = ()
