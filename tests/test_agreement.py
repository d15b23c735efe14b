"""Agreement between two annotations, with figures worked out by hand."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from corpus_support import SOURCE, annotated, changed
from typer.testing import CliRunner

from govie.cli import app
from govie.corpus.agreement import Agreement, agreement, agreement_of_folders
from govie.errors import CorpusError
from govie.interchange import brat

A = """---
year: 2017
town: 鹭渡镇
---
公开⟦66条¦disclosure.total⟧，⟦规划类¦CAT⟧⟦5条¦cat⟧，开会⟦3次¦training.meetings⟧，共⟦9场¦NUM⟧。
一、⟦概述¦H1 overview⟧
"""


def by_label(one: str, other: str) -> dict[str, tuple[int, int, int]]:
    return {a.label: (a.both, a.only_one, a.only_other) for a in agreement([(annotated(one), annotated(other))])}


def test_same_annotation_agrees() -> None:
    assert all(a.f1 == 1.0 for a in agreement([(annotated(), annotated())]))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("⟦9场¦NUM⟧", "9场", {"NUMBER": (0, 1, 0), "all labels": (5, 1, 0), "facts": (3, 0, 0)}),
        ("⟦9场¦NUM⟧", "⟦9场¦training.courses⟧", {"NUMBER": (0, 1, 0), "COUNT": (3, 0, 1), "facts": (3, 0, 1)}),
        ("⟦规划类¦CAT⟧", "规划⟦类¦CAT⟧", {"CATEGORY": (0, 1, 1), "COUNT": (3, 0, 0), "facts": (2, 1, 1)}),
        ("⟦66条¦disclosure.total⟧", "⟦66条¦disclosure.total @2016⟧", {"COUNT": (3, 0, 0), "facts": (2, 1, 1)}),
        ("⟦3次¦training.meetings⟧", "⟦3次¦training.meetings ?⟧", {"facts": (2, 0, 0)}),
        ("H1 overview", "H2 overview", {"HEADING": (1, 0, 0), "HEADING level and kind": (0, 1, 1)}),
        ("H1 overview", "H1? overview", {"HEADING level and kind": (0, 0, 0)}),
        ("town: 鹭渡镇", "town: 鹭渡镇\nfindings: sum.categories", {"findings": (0, 0, 1)}),
    ],
)
def test_differences(old: str, new: str, expected: dict[str, tuple[int, int, int]]) -> None:
    found = by_label(A, A.replace(old, new))
    assert {label: found.get(label, (0, 0, 0)) for label in expected} == expected


CELLS = """---
year: 2017
town: 鹭渡镇
findings: table.identity
---
公开⟦66条¦disclosure.total⟧，开会⟦3次¦training.meetings⟧，占⟦40%¦PCT⟧，共⟦9场¦NUM⟧。
指标	数
公开数	⟦66¦cell disclosure.total⟧
申请数	⟦2¦cell requests.received⟧
"""
BARE = CELLS.replace("⟦66¦cell disclosure.total⟧", "66").replace("⟦2¦cell requests.received⟧", "2")


def test_cells_that_the_second_side_did_not_mark_are_left_out() -> None:
    found = by_label(CELLS, BARE)
    assert "CELL" not in found
    assert "all labels" not in found
    assert found["all labels but CELL"] == (4, 0, 0)
    assert found["facts but those of cells"] == (2, 0, 0)  # 66条 stands in prose too; 2 in the table alone


def test_cells_that_only_the_second_side_marked_are_compared() -> None:
    found = by_label(BARE, CELLS)
    assert found["CELL"] == (0, 0, 2)
    assert found["facts"] == (2, 0, 1)


def test_cells_of_both_sides_are_compared() -> None:
    found = by_label(CELLS, CELLS.replace("⟦2¦cell requests.received⟧", "2"))
    assert found["CELL"] == (1, 1, 0)
    assert found["all labels"] == (5, 1, 0)
    assert found["facts"] == (2, 1, 0)


def test_findings_that_the_second_side_did_not_list_are_left_out() -> None:
    assert "findings" not in by_label(CELLS, CELLS.replace("findings: table.identity\n", ""))
    assert by_label(CELLS, CELLS.replace("table.identity", "sum.categories"))["findings"] == (0, 1, 1)


def test_sum_without_the_marks_that_make_no_fact() -> None:
    found = by_label(BARE, BARE.replace("⟦40%¦PCT⟧", "40%").replace("⟦9场¦NUM⟧", "9⟦场¦NUM⟧"))
    assert found["all labels"] == (2, 2, 1)
    assert found["all labels, without SHARE, NUMBER"] == (2, 0, 0)


def test_f1() -> None:
    assert Agreement(label="COUNT", both=8, only_one=1, only_other=3).f1 == pytest.approx(16 / 20)
    assert Agreement(label="COUNT", both=0, only_one=0, only_other=0).f1 == 1.0


def test_different_texts_are_an_error() -> None:
    with pytest.raises(CorpusError, match="different texts"):
        by_label(A, A.replace("公开", "发布"))


def test_folders_and_command(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    brat.write(annotated(name="r1"), one)
    brat.write(annotated(name="r2"), one)
    brat.write(annotated(SOURCE.replace("⟦4项¦NUM⟧", "4项"), "r1"), other)
    found, count = agreement_of_folders(one, other)
    assert count == 1
    assert {a.label: a.f1 for a in found}["NUMBER"] == 0.0
    result = CliRunner().invoke(app, ["corpus", "agree", str(one), str(other)])
    assert "1 reports annotated twice" in result.stdout
    brat.write(changed(msgspec.structs.replace(annotated(), name="r3")), tmp_path / "c")
    with pytest.raises(CorpusError, match="no report is in"):
        agreement_of_folders(one, tmp_path / "c")
