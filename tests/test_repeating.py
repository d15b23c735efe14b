"""The learning curve: shares, seeds, and going on where a run was broken off."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

pytest.importorskip("sklearn")

from training_support import TINY, counties, report

from govie.interchange.annotation import AnnotatedReport
from govie.training.examples import ReportExamples, examples_of
from govie.training.fitting import share_of
from govie.training.repeating import MAIN, Run, points, repeat


@pytest.fixture(scope="module")
def gold() -> dict[str, list[AnnotatedReport]]:
    return {split: [report(f"{split}{n}", county, n) for n, county in enumerate(counties(split, 12 if split == "train" else 2))] for split in ("train", "dev")}


@pytest.fixture(scope="module")
def examples(gold: dict[str, list[AnnotatedReport]]) -> dict[str, list[ReportExamples]]:
    return {split: [examples_of(one) for one in reports] for split, reports in gold.items()}


def test_a_larger_share_holds_the_smaller(examples: dict[str, list[ReportExamples]]) -> None:
    parts = [{one.name for one in share_of(examples["train"], share)} for share in (0.0, 0.3, 0.6, 1.0)]
    assert all(small < large for small, large in pairwise(parts))
    assert (len(parts[0]), len(parts[-1])) == (0, 12)


def test_runs_are_kept_and_taken_up_again(gold: dict[str, list[AnnotatedReport]], examples: dict[str, list[ReportExamples]]) -> None:
    kept: list[int] = []
    said: list[str] = []
    whole = {"dev": gold["dev"]}
    runs = repeat(
        examples["train"], examples["dev"], whole, shares=(1.0,), seeds=(0, 1), settings=TINY, keep=lambda runs: kept.append(len(runs)), say=said.append
    )
    assert kept == [1, 2] and said[0].startswith("100% of the counties (12 reports), seed 0: dev ")
    assert runs[0].scored == {"dev": 2}
    marked = [msgspec.structs.replace(run, figures={"dev": dict.fromkeys(run.figures["dev"], 0.5)}) for run in runs]
    again = repeat(examples["train"], examples["dev"], whole, shares=(1.0,), seeds=(0, 1), settings=TINY, done=marked)
    assert again == marked  # nothing was trained
    other = repeat(examples["train"][1:], examples["dev"], whole, shares=(1.0,), seeds=(0,), settings=TINY, done=marked)
    assert other[0].data != marked[0].data and other[0].figures["dev"][MAIN] != 0.5
    fewer = repeat(examples["train"], examples["dev"], {"dev": gold["dev"][:1]}, shares=(1.0,), seeds=(0,), settings=TINY, done=marked)
    assert fewer[0].data != marked[0].data and fewer[0].scored == {"dev": 1}


def test_points_gather_seeds() -> None:
    figures = {share: {"dev": {MAIN: share, "x": 1.0}, "test": {MAIN: 0.5}} for share in (1.0, 0.5)}
    runs = [
        Run(share=share, seed=seed, reports=int(share * 10), data="", scored={"dev": 7}, figures=figures[share]) for share in figures for seed in (0, 1)
    ]
    found = points(runs)
    assert [(p.split, p.share, p.reports, p.f1) for p in found] == [
        ("dev", 0.5, 5, (0.5, 0.5)),
        ("dev", 1.0, 10, (1.0, 1.0)),
        ("test", 0.5, 5, (0.5, 0.5)),
        ("test", 1.0, 10, (0.5, 0.5)),
    ]
    assert [p.scored for p in found] == [7, 7, None, None]
    assert found[0].figures == {MAIN: (0.5, 0.5), "x": (1.0, 1.0)}
