"""From reports to rows: columns and their values, ids, sentences."""

from __future__ import annotations

import pytest
from outputs_support import FAILURE, all_rows, bare_extraction, full_extraction, make_extraction, source
from tests_support import TEXT, make_fact

import govie
from govie.outputs.rows import ReportIds, fact_rows, report_rows
from govie.outputs.schema import FACTS, TABLES, table
from govie.outputs.sentences import LONGEST_SIDE, sentence_span
from govie.outputs.sound import sound

TYPES = {"text": str, "integer": int, "number": (int, float), "boolean": bool}


def as_dicts(name: str, rows: list[tuple[object, ...]]) -> list[dict[str, object]]:
    return [dict(zip(table(name).names(), row, strict=True)) for row in rows]


def facts_of(extraction: object) -> list[dict[str, object]]:
    return as_dicts("facts", list(fact_rows(extraction)))


@pytest.mark.parametrize("definition", TABLES, ids=lambda one: one.name)
def test_rows_keep_to_their_definition(definition: object, liuqiao: govie.Report, baitang: govie.Report) -> None:
    rows = all_rows(full_extraction(), bare_extraction(), liuqiao.to_extraction(), baitang.to_extraction(), FAILURE)[
        definition.name
    ]
    assert rows
    for row in rows:
        for column, value in zip(definition.columns, row, strict=True):
            place = f"{definition.name}.{column.name} = {value!r}"
            if value is None:
                assert column.null, f"{place}: no meaning of null is given"
                continue
            assert isinstance(value, TYPES[column.type]), place
            assert column.type == "boolean" or not isinstance(value, bool), place
            assert not column.values or column.type == "boolean" or value in dict(column.values), place


@pytest.mark.parametrize("definition", TABLES, ids=lambda one: one.name)
def test_keys_are_unique_and_lead_somewhere(definition: object, liuqiao: govie.Report, baitang: govie.Report) -> None:
    extraction = liuqiao.to_extraction()
    rows = all_rows(full_extraction(), extraction, extraction, baitang.to_extraction(), FAILURE, FAILURE)
    own = as_dicts(definition.name, rows[definition.name])
    keys = [tuple(row[name] for name in definition.key) for row in own]
    assert len(set(keys)) == len(keys)
    for column in definition.columns:
        if column.references:
            parents = {row[0] for row in rows[column.references]}
            assert {row[column.name] for row in own} - {None} <= parents, column.name


def test_row_of_a_fact() -> None:
    row = facts_of(make_extraction())[0]
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
        "sentence": "全年主动公开信息66条。",
        "sentence_start": 0,
        "category": None,
        "confidence": None,
    }
    assert {key: row[key] for key in expected} == expected


def test_row_of_a_report() -> None:
    [row] = as_dicts("reports", report_rows(full_extraction())["reports"])
    expected = {
        "level": "town", "candidates": 0, "report_year": 2017, "period_start": "2017-01-01", "period_end": "2017-12-31",
        "issued": None, "facts": 4, "tables": 2, "sections": 2, "findings": 1, "chars": len(TEXT), "path": "town/1.txt",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected


def test_empty_cells_and_headers_stay() -> None:
    cells = [row[1:] for row in report_rows(full_extraction())["cells"]]
    assert cells[:3] == [(0, 1, "项目"), (0, 2, ""), (0, 3, "值")]
    assert (2, 1, "") in cells
    assert (1, 2, "+19") in cells
    # A table without header begins with its first row.
    assert cells[-1] == (1, 1, "甲")


def test_sections_name_the_one_above() -> None:
    top, below = as_dicts("sections", report_rows(full_extraction())["sections"])
    assert (top["parent_id"], top["kinds"]) == (None, "disclosure fees")
    assert (below["parent_id"], below["kinds"], below["kind"]) == (top["section_id"], "", None)


def test_places_are_those_of_facts_and_of_findings() -> None:
    rows = report_rows(full_extraction())
    places = as_dicts("places", rows["places"])
    assert [place["text"] for place in places] == ["0件", "全年", "60条"]
    assert [place["fact_id"] for place in places] == [rows["facts"][1][0]] * 2 + [None]
    assert places[2]["finding_id"] == rows["findings"][0][0]


def test_ids_of_facts_are_the_same_in_every_run_and_whatever_else_was_found() -> None:
    two = make_extraction(facts=(make_fact("disclosure.total", 66), make_fact("review.total", 0)))
    one = make_extraction(facts=(make_fact("review.total", 0),))
    assert [row["fact_id"] for row in facts_of(two)][1] == facts_of(one)[0]["fact_id"] == "abababababababab-0e6a9a843c"


@pytest.mark.parametrize(
    "change",
    [{"category": "财政"}, {"applicant": "other"}, {"scope": "cumulative"}, {"year": 2016}, {"start": 1}, {"end": 1}],
)
def test_ids_of_facts_differ_where_the_facts_do(change: dict[str, object]) -> None:
    rows = facts_of(make_extraction(facts=(make_fact("review.total", 0), make_fact("review.total", 0, **change))))
    assert rows[0]["fact_id"] != rows[1]["fact_id"]


def test_facts_that_are_the_same_in_everything_have_ids_of_their_own() -> None:
    rows = facts_of(make_extraction(facts=(make_fact("review.total", 0),) * 3))
    first = rows[0]["fact_id"]
    assert [row["fact_id"] for row in rows] == [first, f"{first}.2", f"{first}.3"]


def test_files_with_the_same_bytes_are_reports_of_their_own() -> None:
    ids = ReportIds()
    assert [ids.take(source(5)), ids.take(source(6)), ids.take(source(5)), ids.take(source(5))] == [
        "0" * 16, "0" * 16 + "-2", "0" * 16 + "-3", "0" * 16 + "-4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        (TEXT, "66条", "全年主动公开信息66条。"),
        (TEXT, "60条", "其中网站60条，其他5条。"),
        ("甲；网站60条；乙", "60条", "甲；网站60条；乙"),
        ("　　收到申请3件！下一句。", "3件", "收到申请3件！"),
        ("收到申请3件", "3件", "收到申请3件"),
        ("无。\n没有申请。有。", "没有申请。", "没有申请。"),
        ("甲。没有申请。没有复议。乙。", "申请。没有复议", "没有申请。没有复议。"),
        ("一、传真申请数\n件\n0\n二、信函申请数\n件\n7", "0", "一、传真申请数\n件\n0"),
        ("一、传真申请数\t件\t0", "0", "一、传真申请数\t件\t0"),
        ("7", "7", "7"),
    ],
)
def test_sentence(text: str, words: str, sentence: str) -> None:
    start = text.index(words)
    first, last = sentence_span(text, start, start + len(words))
    assert text[first:last] == sentence


def test_a_text_without_sentences_gives_no_endless_one() -> None:
    text = "公开" * 1000 + "66条" + "公开" * 1000
    first, last = sentence_span(text, 2000, 2003)
    assert (first, last) == (2000 - LONGEST_SIDE, 2003 + LONGEST_SIDE)


def test_a_place_at_the_end_of_an_empty_text() -> None:
    assert sentence_span("", 0, 0) == (0, 0)


def test_the_sentence_holds_the_words(liuqiao: govie.Report, baitang: govie.Report) -> None:
    for report in (liuqiao, baitang):
        for row in facts_of(report.to_extraction()):
            first = row["start"] - row["sentence_start"]
            assert row["sentence"][first : first + len(row["text"])] == row["text"]
            assert report.text[row["sentence_start"] :].startswith(row["sentence"])


def test_texts_that_no_format_holds_are_made_ones_that_all_hold() -> None:
    odd = make_extraction(
        text="全年\ud800公\0开",
        title="甲\udfff\0乙",
        source=source(1, path="甲/\udcff\udce6\n.txt"),
        facts=(make_fact("disclosure.total", 66, start=2, end=3, text="\ud800"),),
    )
    held = sound(odd)
    assert held.text == "全年\ufffd公\u2400开"
    assert held.record.title == "甲\ufffd\u2400乙"
    assert held.record.source.path == "甲/\\xff\\xe6\n.txt"
    assert held.record.facts[0].text == held.text[2:3] == "\ufffd"
    assert isinstance(held.record.facts[0].value, int)


def test_texts_that_all_formats_hold_stay_the_same_object() -> None:
    extraction = make_extraction()
    assert sound(extraction) is extraction


def test_columns_of_facts_begin_with_what_people_look_for() -> None:
    assert FACTS.names()[:3] == ("fact_id", "report_id", "locality")
    assert FACTS.names()[-1] == "path"
