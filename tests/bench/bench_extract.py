"""Speed on one core: rules alone, from text to report, and reading the plain text beside it.

Run by ``make bench``, not by ``make test``. OPS is reports a second. The text is brought to 2,500 characters,
the length of an average report.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import govie
from govie.readers import read_file

DATA = Path(__file__).parent.parent / "data"
LENGTH = 2500

SAMPLES = sorted(path for path in DATA.glob("*.txt") if len(path.read_text(encoding="utf-8")) > LENGTH * 0.8)
"""Whole reports near that length, of prose and of prose with a table."""


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    assert len(text) >= LENGTH, f"{path.name} is too short to be brought to {LENGTH} characters"
    return text[:LENGTH]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_rules_alone(benchmark: BenchmarkFixture, path: Path) -> None:
    extractor = govie.load(model=None)
    text = _text(path)
    report = benchmark(extractor.extract, text)
    assert len(report.facts) >= 10


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_reading_alone(benchmark: BenchmarkFixture, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(_text(path), encoding="utf-8")
    assert benchmark(read_file, file).source.chars == LENGTH


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_text_to_json(benchmark: BenchmarkFixture, path: Path) -> None:
    extractor = govie.load(model=None)
    text = _text(path)
    assert benchmark(lambda: extractor.extract(text).to_json()).startswith("{")
