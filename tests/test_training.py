"""The steps of training, on a handful of invented reports."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

pytest.importorskip("sklearn")
sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

from evaluate import bins, f1
from examples import ReportExamples, examples_of, numbers_of, read_examples, write_examples
from network import Settings, counts, train_network
from rewording import reword

from govie.interchange import inline
from govie.mentions import NumberModel, encode

HEADER = "---\nyear: 2017\ntown: 青石镇\ncounty: 白河县\nprovince: 陕西省\n---\n"
SOURCE = (
    "一、⟦概述¦H1 overview⟧\n全年主动公开政府信息⟦66条¦disclosure.total⟧，其中⟦机构职能类¦CAT⟧⟦6条¦cat⟧。\n"
    "收到申请⟦2件¦requests.received⟧，⟦均为当面申请¦requests.received.in_person =2⟧。植树⟦300棵¦NUM⟧。\n"
)


@pytest.fixture
def report() -> ReportExamples:
    return examples_of(inline.parse("green", HEADER + SOURCE))


def test_examples_carry_gold_and_rules(report: ReportExamples) -> None:
    numbers = [(number.gold, [meaning for meaning, _ in number.read]) for _, number in numbers_of([report])]
    assert numbers[0] == (("disclosure.total",), ["disclosure.total"])
    assert numbers[1] == (("disclosure.by_category",), ["disclosure.by_category"])
    assert numbers[2][0] == ("requests.received",)
    assert report.group == "陕西省:白河县"
    # A fact of words alone is no number that the model could reach.
    assert report.unreached == ()


def test_examples_round_trip(report: ReportExamples, tmp_path: Path) -> None:
    write_examples([report, report], tmp_path / "deep" / "train.jsonl")
    assert read_examples(tmp_path / "deep" / "train.jsonl") == [report, report]


def test_rewording_keeps_figures_and_offsets(report: ReportExamples) -> None:
    example = report.examples[0]
    texts = set()
    for seed in range(30):
        said = reword(example.passage, example.categories, ["工作动态类"], Random(seed))
        assert [n.value for n in said.numbers] == [66, 6]
        for number in said.numbers:
            assert said.text[number.start : number.digits_end] == str(number.value)
            assert said.text[number.start : number.end].endswith(number.unit)
        texts.add(said.text)
    assert len(texts) > 10
    assert any("工作动态类" in text for text in texts)


def test_network_learns_and_repeats(report: ReportExamples) -> None:
    ids = encode([example.passage for example in report.examples], 10)
    rows = counts(np.repeat(ids, 8, axis=0), 10)
    wanted = np.repeat(np.arange(len(ids)) % 3, 8)
    settings = Settings(width=8, hidden=8, epochs=60, batch=8)
    one, two = (train_network(rows, wanted, 3, 5, settings) for _ in range(2))
    assert all((one[name] == two[name]).all() for name in NumberModel.ARRAYS)
    model = NumberModel(("a", "b", "c"), 10, [one])
    assert model.score(ids).argmax(axis=1).tolist() == [n % 3 for n in range(len(ids))]


def test_shipped_card_names_its_data() -> None:
    card = (Path(__file__).parent.parent / "models/zh_govie/README.md").read_text(encoding="utf-8")
    assert "sha256 of the training sentences: `" in card and "Limits:" in card


def test_f1_and_bins() -> None:
    assert f1([({"a"}, {"a"}), ({"b"}, set()), (set(), {"c"})]) == 0.5
    assert f1([]) == 0
    assert bins([(0.95, True), (0.97, False), (1.0, True), (0.1, False)]) == ((0.1, 0.0, 1), (0.9733, 0.6667, 3))


def test_package_refuses_what_could_run(tmp_path: Path) -> None:
    from package import check

    from govie.errors import ModelError

    (tmp_path / "weights.pkl").touch()
    with pytest.raises(ModelError, match=r"files that loading could run: weights\.pkl"):
        check(tmp_path)
