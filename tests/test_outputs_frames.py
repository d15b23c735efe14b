"""The table of facts as a data frame."""

from __future__ import annotations

import sys

import pytest
from outputs_support import make_extraction
from tests_support import make_fact

import govie
from govie.outputs.frames import to_dataframe
from govie.outputs.schema import FACTS


def test_dataframe() -> None:
    frame = to_dataframe(make_extraction())
    assert list(frame.columns) == list(FACTS.names())
    assert frame["value"].tolist() == [66, 60, 0]
    assert frame["code"].tolist() == ["010203"] * 3
    assert frame["unit"].tolist() == ["条", "条", "件"]
    assert frame["year"].tolist() == [2017] * 3


def test_dataframe_of_no_facts_has_the_same_columns_and_types() -> None:
    filled, empty = to_dataframe(make_extraction()), to_dataframe(make_extraction(facts=()))
    assert len(empty) == 0
    assert filled.dtypes.to_dict() == empty.dtypes.to_dict()


def test_dataframe_of_facts_without_year() -> None:
    frame = to_dataframe(make_extraction(facts=(make_fact("review.total", 0, year=None),)))
    assert frame["year"].isna().all()


def test_report_gives_the_same_frame(liuqiao: govie.Report) -> None:
    frame = liuqiao.to_dataframe()
    assert len(frame) == len(liuqiao.facts)
    places = zip(frame["start"], frame["end"], strict=True)
    assert frame["text"].tolist() == [liuqiao.text[start:end] for start, end in places]


def test_a_missing_pandas_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        govie.UsageError, match=r'pandas, which data frames need, is not installed\. Run: pip install "govie\[pandas\]"'
    ):
        to_dataframe(make_extraction())
