"""Speed on one core: rules alone, from text to report, and reading the plain text beside it.

Run by ``make bench``, not by ``make test``. OPS is reports a second. The reports, one of prose and one with a
table, are brought to 2,500 characters, the length of an average report: cut, or begun once more.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import govie
from govie.readers import read_file

DATA = Path(__file__).parent.parent / "data"
LENGTH = 2500
SAMPLES = pytest.mark.parametrize("name", ["hejiaba_2012", "songling_2015"], ids=["prose", "with_table"])


def _text(name: str) -> str:
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return (text + text)[:LENGTH]


@SAMPLES
def test_extract_by_rules(benchmark: BenchmarkFixture, name: str) -> None:
    report = benchmark(govie.load(model=None).extract, _text(name))
    assert len(report.facts) >= 20


@SAMPLES
def test_extract_by_rules_to_json(benchmark: BenchmarkFixture, name: str) -> None:
    extractor, text = govie.load(model=None), _text(name)
    assert benchmark(lambda: extractor.extract(text).to_json()).startswith("{")


@SAMPLES
def test_read_alone(benchmark: BenchmarkFixture, name: str, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(_text(name), encoding="utf-8")
    assert benchmark(read_file, file).source.chars == LENGTH
