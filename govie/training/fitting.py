"""From the examples of annotated reports to a linker: the number model, the choice between it and the rules, calibration.

The number model is trained on the sentences and on rewordings of them. What chooses between it and the rules is fitted
on readings out of fold: by models that did not see the county of the report. The calibration is fitted on those and, to
half its weight, on dev, whose towns neither the rules' nor the model's makers wrote for: on training towns the rules
are righter than elsewhere.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec
import numpy as np

from govie.errors import CorpusError
from govie.linking import Candidates, Linker, Logistic, Merging, candidates, likeliest_first
from govie.mentions import NONE, NumberModel, encode

from . import counted, require
from .examples import Numbered, ReportExamples, numbers_of
from .network import Settings, counts, train_network
from .rewording import reword

__all__ = ["VERSION", "choices", "right", "share_of", "train"]

VERSION = "govie-numbers-1"
"""The name that rules of model-read facts carry."""


def share_of(reports: Sequence[ReportExamples], share: float) -> list[ReportExamples]:
    """Return the reports of a share (0 to 1) of the counties; a larger share holds the counties of every smaller one."""
    return [report for report in reports if _draw(report.group, "share") < share]


def train(
    reports: Sequence[ReportExamples],
    held_out: Sequence[ReportExamples],
    *,
    seed: int,
    settings: Settings | None = None,
    version: str = VERSION,
    say: Callable[[str], None] = lambda _: None,
) -> Linker:
    """Return a linker trained on ``reports``, calibrated on ``held_out`` too.

    Args:
        reports: what to learn from.
        held_out: reports of other counties, may be none.
        seed: of everything random: the same reports and seed give the same linker.
        settings: sizes and lengths.
        version: the name that facts read by the model carry as their rule.
        say: gets a line at each stage.

    Raises:
        CorpusError: the reports have no number in prose, or are of too few counties to read any out of fold.
        UsageError: a library that training needs is not installed.
    """
    require()
    from threadpoolctl import threadpool_limits

    # Threads gain nothing on matrices of this size, and one alone adds in the same order on every machine.
    with threadpool_limits(limits=1):
        return _train(reports, held_out, seed, settings or Settings(), version, say)


def _train(
    reports: Sequence[ReportExamples],
    held_out: Sequence[ReportExamples],
    seed: int,
    settings: Settings,
    version: str,
    say: Callable[[str], None],
) -> Linker:
    numbers = [number for _, number in numbers_of(reports)]
    if not numbers:
        raise CorpusError("no numbers to train on", hint="Annotate reports that state numbers in prose.")
    folds = {_fold(report.group, "fold", settings) for report in reports}
    if len(folds) < 2:
        hint = "Add annotated reports of other counties."
        raise CorpusError("the reports are of too few counties to choose between rules and model", hint=hint)
    # A figure of several concepts is taught as the first; the rules know the pairs.
    seen = Counter(number.gold[0] for number in numbers)
    meanings = [NONE, *(meaning for meaning, _ in seen.most_common() if meaning != NONE)]
    say(f"{len(numbers)} numbers with {len(meanings)} meanings in {counted(len(reports), 'report')}, seed {seed}")
    scores = out_of_fold(reports, meanings, seed, settings, say)
    say(f"number model: {settings.networks} networks")
    model = fit_numbers(reports, meanings, [seed * 100 + n for n in range(settings.networks)], settings)
    say("choice between rules and model, calibration")
    merging, within = fit_merging(reports, scores, meanings, settings)
    without = judged(merging, held_out, scores_of(model, held_out), meanings) if held_out else []
    return Linker(model, msgspec.structs.replace(merging, version=version, steps=calibration(within, without)))


def scores_of(model: NumberModel, reports: Sequence[ReportExamples]) -> Any:
    """Return the scores of every number of ``reports``."""
    return np.concatenate([model.probabilities([e.passage for e in report.examples]) for report in reports])


def _fold(group: str, purpose: str, settings: Settings) -> int:
    return int(_draw(group, purpose) * settings.folds)


def _draw(group: str, purpose: str) -> float:
    """A number from 0 to 1 that depends on the county alone."""
    return zlib.crc32(f"{purpose}:{group}".encode()) / 2**32


def fit_numbers(reports: Sequence[ReportExamples], meanings: Sequence[str], seeds: Sequence[int], settings: Settings) -> NumberModel:
    """Return the number model, one network a seed."""
    from scipy import sparse

    place = {meaning: index for index, meaning in enumerate(meanings)}
    random = Random(seeds[0])
    labels = [e.passage.text[a:b] for r in reports for e in r.examples for a, b in e.categories]
    copies = [[e.passage for r in reports for e in r.examples]]
    copies += [[reword(e.passage, e.categories, labels, random) for r in reports for e in r.examples] for _ in range(settings.copies)]
    rows = sparse.vstack([counts(encode(passages, settings.bits), settings.bits) for passages in copies]).tocsr()
    once = np.array([place[number.gold[0]] for _, number in numbers_of(reports)])
    wanted = np.concatenate([once] * len(copies))
    return NumberModel(meanings, settings.bits, [train_network(rows, wanted, len(meanings), seed, settings) for seed in seeds])


def out_of_fold(reports: Sequence[ReportExamples], meanings: Sequence[str], seed: int, settings: Settings, say: Callable[[str], None]) -> Any:
    """Return the scores of every number by models that saw no report of its county."""
    fold_of = [_fold(report.group, "fold", settings) for report in reports]
    parts: list[Any] = [None] * len(reports)
    for place, fold in enumerate(folds := sorted(set(fold_of)), 1):
        say(f"counties left out, {place} of {len(folds)}")
        seen = [report for report, own in zip(reports, fold_of, strict=True) if own != fold]
        model = fit_numbers(seen, meanings, [seed * 100 + 50 + fold], settings)
        for index, report in enumerate(reports):
            if fold_of[index] == fold:
                parts[index] = model.probabilities([e.passage for e in report.examples])
    return np.concatenate(parts)


def choices(reports: Sequence[ReportExamples], scores: Any, meanings: Sequence[str]) -> list[tuple[str, Numbered, Candidates]]:
    """Return the county, the gold and the two readings of every count that is not optional."""
    place_of = {meaning: index for index, meaning in enumerate(meanings)}
    kinds = (number.kind for report in reports for example in report.examples for number in example.passage.numbers)
    made = []
    rows = zip(scores.tolist(), likeliest_first(scores), strict=True)
    for (report, number), kind, (row, order) in zip(numbers_of(reports), kinds, rows, strict=True):
        if kind != "percent" and not number.optional:
            made.append((report.group, number, candidates(number.read, row, order, meanings, place_of)))
    return made


def right(number: Numbered, both: Candidates) -> tuple[bool, bool]:
    """Say whether the rules' reading and the other one are right."""
    read = {meaning for meaning, _ in number.read} or {NONE}
    return bool(read & set(number.gold)), both.other in number.gold


Judged = list[tuple[float, bool]]
"""Probabilities of chosen readings, each with whether the reading is right."""


def fit_merging(reports: Sequence[ReportExamples], scores: Any, meanings: Sequence[str], settings: Settings) -> tuple[Merging, Judged]:
    """Return the choice between the two readings, and what it chose in counties that it was not fitted on."""
    made = choices(reports, scores, meanings)
    if not made:
        raise CorpusError("no counts to learn the choice between rules and model from", hint="Annotate reports that state numbers in prose.")
    groups = np.array([_fold(group, "merging", settings) for group, _, _ in made])
    truth = np.array([right(number, both) for _, number, both in made])
    features = [both.features for _, _, both in made]
    within: Judged = []
    for fold in sorted(set(groups.tolist())):
        inside, outside = np.flatnonzero(groups != fold), np.flatnonzero(groups == fold)
        heads = [_logistic([features[i] for i in inside], truth[inside, side]) for side in (0, 1)]
        within += (_judged(heads, features[i], truth[i]) for i in outside)
    rule, other = (_logistic(features, truth[:, side]) for side in (0, 1))
    return Merging(version=VERSION, rule=rule, other=other, steps=()), within


def judged(merging: Merging, reports: Sequence[ReportExamples], scores: Any, meanings: Sequence[str]) -> Judged:
    """Return what ``merging`` chooses in ``reports``."""
    heads = (merging.rule, merging.other)
    return [_judged(heads, both.features, right(number, both)) for _, number, both in choices(reports, scores, meanings)]


def _judged(heads: Sequence[Logistic], features: dict[str, float], truth: Sequence[bool]) -> tuple[float, bool]:
    pair = [head.probability(features) for head in heads]
    side = int(pair[1] > pair[0])
    return pair[side], bool(truth[side])


def calibration(within: Judged, without: Judged) -> tuple[tuple[float, float], ...]:
    """Return the isotonic calibration fitted on both sets, each with half the weight."""
    from sklearn.isotonic import IsotonicRegression

    pairs = [*within, *without]
    weights = [1 / len(within)] * len(within) + [1 / max(1, len(without))] * len(without)
    isotonic = IsotonicRegression(y_min=0.02, y_max=0.998, out_of_bounds="clip")
    isotonic.fit([p for p, _ in pairs], [float(t) for _, t in pairs], sample_weight=weights)
    steps = zip(isotonic.X_thresholds_, isotonic.y_thresholds_, strict=True)
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in steps)


def _logistic(features: Sequence[dict[str, float]], truth: Any) -> Logistic:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    if len(set(map(bool, truth))) < 2:  # all right or all wrong: nothing to weigh, only a share to state, held off 0 and 1
        share = (float(sum(truth)) + 0.5) / (len(truth) + 1)
        return Logistic({}, round(math.log(share / (1 - share)), 5))
    vectorizer = DictVectorizer()
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit(vectorizer.fit_transform(features), truth)
    weights = {name: round(float(weight), 5) for name, weight in zip(vectorizer.feature_names_, fitted.coef_[0], strict=True)}
    return Logistic(weights, round(float(fitted.intercept_[0]), 5))
