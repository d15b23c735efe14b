"""Models trained with shares of the corpus and several seeds: the learning curve, and how much a figure owes to the seed.

Each training is scored on whole reports of dev and test, as ``govie evaluate`` scores, and kept with the hash of what it
was trained and scored on, the rules' readings with it: run again, only what is not there yet or no longer fits is trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

import govie
from govie.evaluation import running
from govie.evaluation.alone import model_alone
from govie.evaluation.records import Evaluation, LearningPoint
from govie.interchange.annotation import AnnotatedReport
from govie.pipeline import save_weights

from .examples import ReportExamples, examples_of
from .fitting import share_of, train
from .network import Settings
from .packaging import digest

__all__ = ["MAIN", "SEEDS", "SHARES", "Run", "points", "repeat"]

SHARES = (0.1, 0.25, 0.5, 1.0)
SEEDS = (0, 1, 2)
MAIN = "facts in prose"
"""The figure that the learning curve draws."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One training: its share of the counties and seed, the hash of what it was trained and scored on, figures by split and name."""

    share: float
    seed: int
    reports: int
    data: str
    scored: dict[str, int]
    figures: dict[str, dict[str, float]]


def repeat(
    reports: Sequence[ReportExamples],
    held_out: Sequence[ReportExamples],
    gold: Mapping[str, Sequence[AnnotatedReport]],
    *,
    shares: Sequence[float] = SHARES,
    seeds: Sequence[int] = SEEDS,
    settings: Settings | None = None,
    done: Iterable[Run] = (),
    keep: Callable[[Sequence[Run]], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Run]:
    """Return a run for each share and seed.

    Args:
        reports: the training examples; a share takes some of their counties.
        held_out: the dev examples, for the calibration.
        gold: what to score on: reports by the name of their split.
        shares: of the training counties.
        seeds: of the trainings.
        settings: of the trainings.
        done: runs of an earlier call; those of the same share, seed and hash are taken as they are.
        keep: gets all runs so far after each one.
        say: gets a line for each run.
    """
    known = {(run.share, run.seed, run.data): run for run in done}
    tested = [examples_of(report) for golds in gold.values() for report in golds]
    runs: list[Run] = []
    for share in shares:
        part = share_of(reports, share)
        data = digest([*part, *held_out, *tested])
        for seed in seeds:
            run = known.get((share, seed, data))
            if run is None:
                linker = train(part, held_out, seed=seed, settings=settings)
                with TemporaryDirectory() as place:
                    save_weights(linker, Path(place))
                    figures = {split: _figures(Path(place), golds) for split, golds in gold.items()}
                scored = {split: len(golds) for split, golds in gold.items()}
                run = Run(share=share, seed=seed, reports=len(part), data=data, scored=scored, figures=figures)
            runs.append(run)
            keep(runs)
            say(f"{share:.0%} of the counties ({run.reports} reports), seed {seed}: " + ", ".join(f"{s} {f[MAIN]:.4f}" for s, f in run.figures.items()))
    return runs


def _figures(folder: Path, gold: Sequence[AnnotatedReport]) -> dict[str, float]:
    with model_alone(folder) as alone:
        found = running.evaluate(gold, {"both": govie.load(folder), "alone": alone}, show=False, samples=1)
    return _named(found)


def _named(found: Evaluation) -> dict[str, float]:
    both, alone = found.systems
    figures = {
        MAIN: both.scores[MAIN].f1,
        f"{MAIN}, macro over towns": both.towns[MAIN].macro,
        "facts": both.scores["facts"].f1,
        "category pairs": both.scores["category pairs"].f1,
        f"model alone, {MAIN}": alone.scores[MAIN].f1,
    }
    if both.calibration is not None:
        figures["calibration error"] = both.calibration.error
    return {name: round(figure, 6) for name, figure in figures.items()}


def points(runs: Sequence[Run]) -> list[LearningPoint]:
    """Return the runs gathered by split and share, one figure a seed."""
    gathered: dict[tuple[str, float], list[Run]] = {}
    for run in runs:
        for split in run.figures:
            gathered.setdefault((split, run.share), []).append(run)
    made = []
    for (split, share), same in sorted(gathered.items()):
        figures = {name: tuple(run.figures[split][name] for run in same) for name in same[0].figures[split] if all(name in run.figures[split] for run in same)}
        scored = same[0].scored.get(split)
        made.append(LearningPoint(share=share, reports=same[0].reports, split=split, scored=scored, f1=figures[MAIN], figures=figures))
    return made
