"""Step 2: build/training/train.jsonl → a model folder (numbers.npz, numbers.json, merging.json).

    python training/train.py [--data DIR] [--out DIR] [--seed N]

The number model is trained on the sentences and on rewordings of them. What chooses between it and the rules is fitted
on readings out of fold: by models that did not see the county of the report. The calibration is fitted on those and, to
half its weight, on dev, whose towns neither the rules' nor the model's makers wrote for: on training towns the rules
are righter than elsewhere.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np
from examples import Numbered, ReportExamples, numbers_of, read_examples
from network import Settings, counts, train_network
from rewording import reword
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from govie.errors import CorpusError, GovieError
from govie.linking import Candidates, Linker, Logistic, Merging, candidates, likeliest_first
from govie.mentions import NONE, NumberModel, encode

BITS = 16
NETWORKS = 2
FOLDS = 5
COPIES = 4
VERSION = "govie-numbers-1"


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("build/training"))
    parser.add_argument("--out", type=Path, default=Path("build/model"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0, help="share of the training counties (learning curve)")
    chosen = parser.parse_args()
    reports = [r for r in read_examples(chosen.data / "train.jsonl") if _draw(r.group, "share") < chosen.share]
    linker = train(reports, read_examples(chosen.data / "dev.jsonl"), seed=chosen.seed)
    chosen.out.mkdir(parents=True, exist_ok=True)
    linker.save(chosen.out)
    print(f"{chosen.out}: {sum(p.stat().st_size for p in chosen.out.iterdir()) / 1e6:.1f} MB")


def train(reports: Sequence[ReportExamples], held_out: Sequence[ReportExamples], *, seed: int, settings: Settings | None = None) -> Linker:
    """Return a linker trained on ``reports``, calibrated on ``held_out`` too."""
    settings = settings or Settings()
    numbers = [number for _, number in numbers_of(reports)]
    if not numbers:
        raise CorpusError("no numbers to train on", where="train.jsonl", hint="Run training/prepare.py first.")
    # A figure of several concepts is taught as the first; the rules know the pairs.
    seen = Counter(number.gold[0] for number in numbers)
    meanings = [NONE, *(meaning for meaning, _ in seen.most_common() if meaning != NONE)]
    scores = out_of_fold(reports, meanings, seed, settings)
    model = fit_numbers(reports, meanings, [seed * 100 + n for n in range(NETWORKS)], settings)
    merging, within = fit_merging(reports, scores, meanings)
    without = judged(merging, held_out, scores_of(model, held_out), meanings)
    return Linker(model, msgspec.structs.replace(merging, steps=calibration(within, without)))


def scores_of(model: NumberModel, reports: Sequence[ReportExamples]) -> Any:
    """Return the scores of every number of ``reports``."""
    return np.concatenate([model.probabilities([e.passage for e in report.examples]) for report in reports])


def _draw(group: str, purpose: str) -> float:
    """A number from 0 to 1 that depends on the county alone."""
    return zlib.crc32(f"{purpose}:{group}".encode()) / 2**32


def fit_numbers(reports: Sequence[ReportExamples], meanings: Sequence[str], seeds: Sequence[int], settings: Settings) -> NumberModel:
    """Return the number model, one network a seed."""
    place = {meaning: index for index, meaning in enumerate(meanings)}
    random = Random(seeds[0])
    labels = [e.passage.text[a:b] for r in reports for e in r.examples for a, b in e.categories]
    copies = [[e.passage for r in reports for e in r.examples]]
    copies += [[reword(e.passage, e.categories, labels, random) for r in reports for e in r.examples] for _ in range(COPIES)]
    rows = sparse.vstack([counts(encode(passages, BITS), BITS) for passages in copies]).tocsr()
    once = np.array([place[number.gold[0]] for _, number in numbers_of(reports)])
    wanted = np.concatenate([once] * len(copies))
    return NumberModel(meanings, BITS, [train_network(rows, wanted, len(meanings), seed, settings) for seed in seeds])


def out_of_fold(reports: Sequence[ReportExamples], meanings: Sequence[str], seed: int, settings: Settings) -> Any:
    """Return the scores of every number by models that saw no report of its county."""
    fold_of = [int(_draw(report.group, "fold") * FOLDS) for report in reports]
    parts: list[Any] = [None] * len(reports)
    for fold in range(FOLDS):
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


def fit_merging(reports: Sequence[ReportExamples], scores: Any, meanings: Sequence[str]) -> tuple[Merging, Judged]:
    """Return the choice between the two readings, and what it chose in counties that it was not fitted on."""
    made = choices(reports, scores, meanings)
    groups = np.array([int(_draw(group, "merging") * FOLDS) for group, _, _ in made])
    truth = np.array([right(number, both) for _, number, both in made])
    features = [both.features for _, _, both in made]
    within: Judged = []
    for fold in range(FOLDS):
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
    pairs = [*within, *without]
    weights = [1 / len(within)] * len(within) + [1 / max(1, len(without))] * len(without)
    isotonic = IsotonicRegression(y_min=0.02, y_max=0.998, out_of_bounds="clip")
    isotonic.fit([p for p, _ in pairs], [float(t) for _, t in pairs], sample_weight=weights)
    steps = zip(isotonic.X_thresholds_, isotonic.y_thresholds_, strict=True)
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in steps)


def _logistic(features: Sequence[dict[str, float]], truth: Any) -> Logistic:
    vectorizer = DictVectorizer()
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit(vectorizer.fit_transform(features), truth)
    weights = {name: round(float(weight), 5) for name, weight in zip(vectorizer.feature_names_, fitted.coef_[0], strict=True)}
    return Logistic(weights, round(float(fitted.intercept_[0]), 5))


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
