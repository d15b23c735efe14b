"""The table of facts: rows, CSV, data frames."""

from __future__ import annotations

import csv
import io
import sys

import pytest
from tests_support import make_fact, make_record

import govie
from govie.export import FACT_COLUMNS, csv_text, fact_rows, report_id, to_dataframe


def parse(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_rows_have_all_columns_in_order() -> None:
    for row in fact_rows(make_record()):
        assert list(row) == list(FACT_COLUMNS)


def test_row_of_a_fact() -> None:
    record = make_record()
    row = next(fact_rows(record))
    expected = {
        "report_id": "abababababababab",
        "path": "town/a.txt",
        "locality": "柳桥镇",
        "county": "青禾县",
        "code": "010203",
        "report_year": 2017,
        "concept": "disclosure.total",
        "label": "主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
        "value": 66,
        "unit": "条",
        "start": 8,
        "end": 11,
        "text": "66条",
        "category": None,
        "confidence": None,
    }
    assert {key: row[key] for key in expected} == expected
    assert report_id(record.source) == row["report_id"]


def test_rows_of_a_report_that_says_nothing_of_itself() -> None:
    row = next(fact_rows(make_record(title=None, locality=None, year=None)))
    assert (row["title"], row["locality"], row["code"], row["report_year"]) == (None, None, None, None)


def test_csv_has_a_header_and_one_line_a_fact() -> None:
    rows = parse(csv_text(fact_rows(make_record()), header=True))
    assert [row["value"] for row in rows] == ["66", "60", "0"]
    assert rows[0]["code"] == "010203"
    assert rows[0]["category"] == ""
    assert rows[0]["approximate"] == "false"


@pytest.mark.parametrize(
    ("category", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+sum(A1)", "'+sum(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("+19", "+19"),
        ("-2.5", "-2.5"),
        ("-2.5.1", "'-2.5.1"),
        ("+", "'+"),
        ("机构=职能", "机构=职能"),
        ('带,逗号和"引号"', '带,逗号和"引号"'),
    ],
)
def test_text_never_becomes_a_formula(category: str, cell: str) -> None:
    record = make_record(facts=(make_fact("disclosure.by_category", 1, category=category),))
    [row] = parse(csv_text(fact_rows(record), header=True))
    assert row["category"] == cell


def test_numbers_stay_numbers() -> None:
    record = make_record(facts=(make_fact("licensing.items_change", -2), make_fact("fees.charged", 0.0052)))
    rows = parse(csv_text(fact_rows(record), header=True))
    assert [row["value"] for row in rows] == ["-2", "0.0052"]


def test_dataframe() -> None:
    frame = to_dataframe(make_record())
    assert list(frame.columns) == list(FACT_COLUMNS)
    assert frame["value"].tolist() == [66, 60, 0]
    assert frame["code"].tolist() == ["010203"] * 3
    assert frame["unit"].tolist() == ["条", "条", "件"]
    assert frame["year"].tolist() == [2017] * 3


def test_dataframe_of_no_facts_has_the_same_columns_and_types() -> None:
    filled, empty = to_dataframe(make_record()), to_dataframe(make_record(facts=()))
    assert len(empty) == 0
    assert filled.dtypes.to_dict() == empty.dtypes.to_dict()


def test_dataframe_of_facts_without_year() -> None:
    frame = to_dataframe(make_record(facts=(make_fact("review.total", 0, year=None),)))
    assert frame["year"].isna().all()


def test_report_gives_the_same_frame(liuqiao: govie.Report) -> None:
    frame = liuqiao.to_dataframe()
    assert len(frame) == len(liuqiao.facts)
    places = zip(frame["start"], frame["end"], strict=True)
    assert frame["text"].tolist() == [liuqiao.text[start:end] for start, end in places]


def test_a_missing_pandas_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        govie.UsageError, match=r"needs pandas, which is not installed\. .*pip install 'govie\[pandas\]'"
    ):
        to_dataframe(make_record())
