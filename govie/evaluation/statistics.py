"""From the comparisons of single reports to figures: intervals over towns, calibration, confusions, the worst mistakes.

The bootstrap draws towns with replacement (a town's reports stay together), seeded; intervals are the 2.5th and
97.5th percentile. Two extractors are compared on the same draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from random import Random

from .records import Bin, Calibration, Comparison, Confusion, Macro, Score
from .scoring import FactOutcome

__all__ = ["BINS", "calibration", "comparison", "confusions", "draws", "interval", "macro", "score_of"]

BINS = 10


def score_of(outcomes: Iterable[FactOutcome]) -> Score:
    """Return the counts of ``outcomes``; one with both a gold and another fact is missed and made up."""
    tp = fp = fn = 0
    for outcome in outcomes:
        tp += outcome.right
        fn += not outcome.right and outcome.gold is not None
        fp += not outcome.right and outcome.got is not None
    return Score(tp=tp, fp=fp, fn=fn)


def draws(towns: int, *, samples: int, seed: int) -> list[list[int]]:
    """Return ``samples`` draws of ``towns`` places of towns, with replacement."""
    return [list(draw) for draw in _drawn(towns, samples, seed)]


@cache
def _drawn(towns: int, samples: int, seed: int) -> tuple[tuple[int, ...], ...]:
    random = Random(seed)
    return tuple(tuple(random.choices(range(towns), k=towns)) for _ in range(samples)) if towns else ()


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 2.5th and the 97.5th percentile of ``values``; zeros where there are none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0, 0.0
    last = len(ordered) - 1
    return ordered[round(0.025 * last)], ordered[round(0.975 * last)]


def macro(scores: Sequence[Score], samples: Sequence[Sequence[int]]) -> Macro:
    """Return F1 over towns; ``scores`` are the towns' that have any item, ``samples`` the draws of them."""
    import numpy as np

    f1 = np.array([score.f1 for score in scores])
    counts = np.array([(score.tp, score.fp, score.fn) for score in scores]).reshape(-1, 3)
    if samples and len(scores):
        drawn = np.array(samples)
        means = f1[drawn].mean(axis=1).tolist()
        tp, fp, fn = counts[drawn].sum(axis=1).T
        micros = (2 * tp / np.maximum(1, 2 * tp + fp + fn)).tolist()
    else:
        means, micros = [], []
    (macro_low, macro_high), (micro_low, micro_high) = interval(means), interval(micros)
    return Macro(
        towns=len(scores),
        macro=sum(f1.tolist()) / len(f1) if len(f1) else 0.0,
        macro_low=macro_low,
        macro_high=macro_high,
        micro=_micro(scores, range(len(scores))),
        micro_low=micro_low,
        micro_high=micro_high,
    )


def _micro(scores: Sequence[Score], draw: Iterable[int]) -> float:
    tp = fp = fn = 0
    for town in draw:
        score = scores[town]
        tp, fp, fn = tp + score.tp, fp + score.fp, fn + score.fn
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def comparison(
    names: tuple[str, str], measure: str, towns: tuple[Mapping[str, Score], Mapping[str, Score]], *, samples: int, seed: int
) -> list[Comparison]:
    """Return the differences, micro and macro over towns, between two extractors; ``towns`` are each one's by name."""
    shared = sorted(town for town in towns[0].keys() & towns[1].keys() if any(_any(side[town]) for side in towns))
    one, other = ([side[town] for town in shared] for side in towns)
    drawn = draws(len(shared), samples=samples, seed=seed)

    def mean(scores: Sequence[Score], draw: Sequence[int]) -> float:
        return sum(scores[town].f1 for town in draw) / len(draw) if draw else 0.0

    found = []
    everything = list(range(len(shared)))
    for label, figure in (("micro", _micro), ("macro over towns", mean)):
        low, high = interval([figure(other, draw) - figure(one, draw) for draw in drawn])
        difference = figure(other, everything) - figure(one, everything)
        found.append(Comparison(one=names[0], other=names[1], measure=f"{measure}, {label}", difference=difference, low=low, high=high))
    return found


def _any(score: Score) -> bool:
    return bool(score.tp + score.fp + score.fn)


def calibration(rated: Sequence[tuple[float, bool]], unrated: int) -> Calibration | None:
    """Return how far the confidences of facts hold, None where no fact has one.

    The expected calibration error is the mean distance of a bin's mean confidence from the share of its facts that is
    right, weighted by its facts.
    """
    if not rated:
        return None
    bins = []
    for place in range(BINS):
        inside = [(p, right) for p, right in rated if min(int(p * BINS), BINS - 1) == place]
        if inside:
            confidence = sum(p for p, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            bins.append(Bin(low=place / BINS, high=(place + 1) / BINS, facts=len(inside), confidence=confidence, right=share))
    error = sum(b.facts * abs(b.confidence - b.right) for b in bins) / len(rated)
    return Calibration(facts=len(rated), unrated=unrated, error=error, bins=tuple(bins))


def confusions(reports: Iterable[Iterable[FactOutcome]]) -> tuple[Confusion, ...]:
    """Return what the numbers of prose were read as, the most frequent first; right readings are among them."""
    counts = Counter(
        (o.gold[0] if o.gold else None, o.got[0] if o.got else None) for o in chain.from_iterable(reports) if o.prose
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(Confusion(gold, got, count) for (gold, got), count in ordered)
