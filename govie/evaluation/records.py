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
    "Phenomenon",
    "Score",
    "SegmentationScore",
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

    ``groups`` goes from the grouping (label, concept, table format, era, province, category label, hand) to the group,
    ``group_towns`` has F1 over towns of the same groups. ``mistakes`` is None where sentences must not be shown.
    """

    name: str
    seconds: float
    perfect_reports: int
    broken: dict[str, str]
    wrong_offsets: int
    scores: dict[str, Score]
    metadata: dict[str, MetadataScore]
    groups: dict[str, dict[str, Score]]
    group_towns: dict[str, dict[str, Macro]]
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


class Phenomenon(msgspec.Struct, frozen=True, kw_only=True):
    """F1 of two extractors on the facts that something holds for, and the difference with its 95 % interval."""

    name: str
    gold: int
    towns: int
    one: str
    other: str
    one_f1: float
    other_f1: float
    difference: float
    low: float
    high: float


class SegmentationScore(msgspec.Struct, frozen=True, kw_only=True):
    """What spaCy's spancat reached on dev with the tokens of one segmenter: one training."""

    f1: float
    precision: float
    recall: float
    off_boundaries_train: int
    off_boundaries_dev: int
    characters_per_second_cut: int
    characters_per_second_read: int


class LearningPoint(msgspec.Struct, frozen=True, kw_only=True):
    """F1 of models trained with a share of the corpus, one figure a seed.

    ``split`` is what they were scored on, ``scored`` how many reports that were; ``figures`` are more of them by name, in the order of the seeds too.
    """

    share: float
    f1: tuple[float, ...]
    reports: int | None = None
    split: str | None = None
    scored: int | None = None
    figures: dict[str, tuple[float, ...]] = {}


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
    phenomena: tuple[Phenomenon, ...] = ()
    learning_curve: tuple[LearningPoint, ...] = ()
    segmentation: dict[str, tuple[SegmentationScore, ...]] = {}
    mistakes_of: str | None = None
    """The split that the quoted mistakes are of, where that is another than the one scored."""
    notices: tuple[str, ...] = ()
