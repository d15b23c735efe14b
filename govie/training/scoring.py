"""How good rules, model and their choice are on the numbers of prose, and how far confidences hold.

F1 is over counts in prose: a number with its meaning. Category labels, years and scopes are scored on whole reports
(``govie evaluate``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from govie.linking import Linker
from govie.mentions import NONE

from .examples import ReportExamples
from .fitting import choices, right

__all__ = ["Scores", "bins", "f1", "score"]

BINS = 10


class Scores(msgspec.Struct, frozen=True):
    """F1 of the rules, the model and both; both as the mean over counties; calibration; choices against the rules."""

    numbers: int
    rules: float
    model: float
    merged: float
    merged_by_county: float
    calibration_error: float
    switched: int
    switched_right: int
    switched_wrong: int
    """Of the switched ones, those that the rules had right."""
    reliability: tuple[tuple[float, float, int], ...]
    """For each tenth of confidence: mean confidence, share right, how many."""


def score(linker: Linker, reports: Sequence[ReportExamples]) -> Scores:
    """Return the scores of ``linker`` on the numbers of ``reports``."""
    model = linker.numbers
    table = np.concatenate([model.probabilities([e.passage for e in report.examples]) for report in reports])
    rules, alone, merged, confident = [], [], [], []
    counties: dict[str, list[tuple[set[str], set[str]]]] = defaultdict(list)
    switched = [0, 0, 0]
    for group, number, both in choices(reports, table, model.meanings):
        gold = set(number.gold) - {NONE}
        read = {meaning for meaning, _ in number.read} - {NONE}
        rule = linker.merging.rule.probability(both.features)
        other = linker.merging.other.probability(both.features)
        taken = other > rule + linker.merging.margin
        truth = right(number, both)
        switched = [a + b for a, b in zip(switched, (taken, taken and truth[1], taken and truth[0] and not truth[1]), strict=True)]
        rules.append((read, gold))
        merged.append(({both.other} - {NONE} if taken else read, gold))
        counties[group].append(merged[-1])
        confident.append((linker.merging.calibrated(max(rule, other) if taken else rule), truth[int(taken)]))
        alone.append(({both.best} - {NONE}, gold))
    reliability = bins(confident)
    return Scores(
        numbers=len(rules),
        rules=f1(rules),
        model=f1(alone),
        merged=f1(merged),
        merged_by_county=round(float(np.mean([f1(pairs) for pairs in counties.values() if any(gold for _, gold in pairs)])), 4),
        calibration_error=round(sum(abs(a - b) * n for a, b, n in reliability) / len(rules), 4),
        switched=switched[0],
        switched_right=switched[1],
        switched_wrong=switched[2],
        reliability=reliability,
    )


def f1(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """Return micro F1 of (read, gold) sets; 0 where there is nothing."""
    hit = wrong = missed = 0
    for read, gold in pairs:
        hit, wrong, missed = hit + len(read & gold), wrong + len(read - gold), missed + len(gold - read)
    return round(2 * hit / max(1, 2 * hit + wrong + missed), 4)


def bins(confident: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float, int], ...]:
    """Return mean confidence, share right and count of each tenth of confidence that is not empty."""
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, truth in confident:
        held[min(int(probability * BINS), BINS - 1)].append((probability, truth))
    made: list[Any] = []
    for _, pairs in sorted(held.items()):
        made.append((round(sum(p for p, _ in pairs) / len(pairs), 4), round(sum(t for _, t in pairs) / len(pairs), 4), len(pairs)))
    return tuple(made)
