"""doccano's JSON lines: the round trip, both of its export forms, labels alone, UTF-16 offsets, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from corpus_support import annotated
from hypothesis import given, settings
from test_brat import reports

from govie.errors import CorpusError
from govie.interchange import anyformat, doccano
from govie.interchange.annotation import AnnotatedReport
from govie.interchange.offsets import Utf16

TEXT = "柳桥镇2017年年报\n收到申请3件，惠农政策类12条。没有复议。"

STORED = {"id": "T1", "label": "COUNT", "start": 15, "end": 17, "text": "4件"}


def exported(record: dict[str, Any]) -> dict[str, Any]:
    """What doccano makes of an imported record: its own ids for record and entities, relations follow, a column of comments."""
    new = json.loads(json.dumps(record))
    ids = {entity["id"]: 9000 - entity["id"] for entity in new["entities"]}
    new["id"] = 77
    new["entities"] = [entity | {"id": ids[entity["id"]]} for entity in reversed(new["entities"])]
    new["relations"] = [
        {"id": 500 + r["id"], "from_id": ids[r["from_id"]], "to_id": ids[r["to_id"]], "type": r["type"]} for r in new["relations"]
    ]
    return new | {"Comments": []}


def one(record: dict[str, Any]) -> tuple[AnnotatedReport, tuple[str, ...]]:
    found = doccano.loads(json.dumps(record, ensure_ascii=False), "x.jsonl")
    assert len(found.reports) == 1
    return found.reports[0], found.notices


@settings(max_examples=200, deadline=None)
@given(reports())
def test_round_trip_is_exact(report: AnnotatedReport) -> None:
    for relations in (True, False):
        assert doccano.loads(doccano.dumps(report, relations=relations)).reports == (report,)


def test_round_trip_through_the_tool_and_files(tmp_path: Path) -> None:
    report = annotated()
    other = msgspec.structs.replace(report, name="t1_02")
    path = tmp_path / "both.jsonl"
    assert doccano.write([report, other], path) == 2
    lines = [exported(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({entity["id"] for line in lines for entity in line["entities"]}) == 2 * len(report.spans)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = anyformat.read(path)
    assert found.reports == (report, other) and not found.notices


def test_lines_are_in_the_tools_form() -> None:
    record = json.loads(doccano.dumps(annotated()))
    assert {"id", "text", "entities", "relations", "govie"} == record.keys()
    assert record["entities"][0].keys() == {"id", "label", "start_offset", "end_offset"}
    assert record["relations"][0].keys() == {"id", "from_id", "to_id", "type"}
    labels = {entity["label"] for entity in record["entities"]}
    assert {"TITLE", "HEADING/1/overview", "CONTACT/phone", "COUNT/requests.closed+requests.closed.on_time"} < labels
    triples = json.loads(doccano.dumps(annotated(), relations=False))["label"]
    assert [0, 12, "TITLE"] in triples and triples == sorted(triples)


def test_labels_alone_give_the_plain_facts() -> None:
    record = {
        "id": 5,
        "text": TEXT,
        "label": [
            [0, 10, "TITLE"], [15, 17, "COUNT/requests.received"], [18, 23, "CATEGORY"], [23, 26, "COUNT/disclosure.by_category"],
            [27, 31, "ZERO/review.total"],
        ],
    }  # fmt: skip
    report, notices = one(record)
    assert report.card.year == 2017 and report.card.town == "柳桥镇"
    facts = [(f.concept, f.value, f.unit, f.year, f.category) for f in report.facts]
    assert facts == [
        ("requests.received", 3, "件", 2017, None),
        ("disclosure.by_category", 12, "条", 2017, "惠农政策"),
        ("review.total", 0, "件", 2017, None),
    ]
    assert len(notices) == 1 and "no card" in notices[0] and "county" in notices[0]


def test_bare_concepts_are_labels() -> None:
    report, _ = one({"text": TEXT, "label": [[15, 17, "requests.received"], [27, 31, "review.total"]]})
    assert [(span.label, fact.value) for span, fact in zip(report.spans, report.facts, strict=True)] == [("COUNT", 3), ("ZERO", 0)]


def test_what_labels_leave_open_is_said() -> None:
    report, notices = one({"text": TEXT, "label": [[15, 17, "COUNT"], [0, 6, "HEADING"], [23, 26, "COUNT/disclosure.by_category"], [11, 15, "DATE"]]})
    assert report.facts == ()
    said = "\n".join(notices)
    for words in ("a number without its concept", "a heading without its level", "a category count without its label", "the date is not given"):
        assert words in said
    assert all(notice.startswith("x.jsonl:1: record 1") for notice in notices)


def test_changes_made_in_the_tool_count() -> None:
    record = exported(json.loads(doccano.dumps(annotated())))
    before = annotated()
    received = next(e for e in record["entities"] if e["label"] == "COUNT/requests.received")
    received["label"] = "COUNT/requests.closed"
    gone = next(e for e in record["entities"] if e["label"].startswith("ZERO/review"))
    record["entities"].remove(gone)
    start = record["text"].index("两名同志")
    record["entities"].append({"id": 1, "label": "COUNT/staffing.staff", "start_offset": start, "end_offset": start + 2})
    report, notices = one(record)
    assert not notices
    was = {(f.concept, f.value) for f in before.facts if f.concept not in ("requests.received", "review.total", "litigation.total")}
    now = {(f.concept, f.value) for f in report.facts}
    assert was <= now and now - was == {("staffing.staff", 2)}  # requests.closed 3 was there already
    assert [f.concept for f in report.facts].count("requests.closed") == 2
    assert not any(f.concept == "litigation.total" for f in report.facts)


def test_offsets_are_utf16() -> None:
    text = "𠮷田镇2017年😀收到3件"
    report = one({"text": text, "label": [[13, 15, "COUNT/requests.received"]]})[0]
    assert text[report.spans[0].start : report.spans[0].end] == "3件"
    assert json.loads(doccano.dumps(report))["entities"][0]["start_offset"] == 13
    with pytest.raises(CorpusError, match=r"x\.jsonl:1: record 1: COUNT 1-3 is no stretch"):
        one({"text": text, "label": [[1, 3, "COUNT"]]})


def test_utf16_counts_both_ways() -> None:
    counting = Utf16("a😀b")
    assert [counting.units(place) for place in range(4)] == [0, 1, 3, 4]
    assert [counting.place(unit) for unit in range(5)] == [0, 1, None, 2, 3]
    assert counting.place(9) is None
    assert Utf16("").plain and Utf16("镇").units(1) == 1


@pytest.mark.parametrize("wrap", [lambda extra: json.dumps(extra), lambda extra: extra])
def test_metadata_comes_back_in_several_shapes(wrap: Any) -> None:
    record = json.loads(doccano.dumps(annotated()))
    extra = record.pop("govie")
    assert one(record | {"govie": wrap(extra)})[0] == annotated()
    assert one(record | {"meta": {"govie": wrap(extra)}})[0] == annotated()


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"text": TEXT, "label": [[0, 99, "TITLE"]]}, r"x\.jsonl:1: record 1: TITLE 0-99 is no stretch of the text \(32 UTF-16 units\)"),
        ({"text": TEXT, "label": [[4, 4, "TITLE"]]}, "TITLE 4-4 is no stretch"),
        ({"text": TEXT, "label": [[0, 3, "PLACE"]]}, r"record 1: PLACE 0-3: label 'PLACE' is not known. Labels: TITLE"),
        ({"text": TEXT, "label": [[0, 3, "COUNT/requests.recieved"]]}, "names no concept: 'requests.recieved'"),
        ({"text": TEXT, "label": [[0, 3]]}, r"entity \[0, 3\] is not understood"),
        ({"text": TEXT, "label": [[0, 3, "TITLE"]], "relations": [{"from_id": 1}]}, "relation .* is not understood"),
        ({"text": TEXT, "entities": [], "relations": [{"from_id": 1, "to_id": 2}]}, "one of them is no span"),
        ({"text": TEXT}, "no 'label' and no 'entities'"),
        ({"label": []}, "a record without its text"),
        ({"text": "无日期", "label": []}, "the year of the report cannot be told. Mark the TITLE"),
        ({"text": TEXT, "label": [], "govie": {"card": {"year": "x", "town": ""}}}, "the card is wrong"),
        ({"text": TEXT, "label": [], "govie": "{"}, "'govie' is no JSON"),
        ({"text": TEXT, "label": [], "govie": {"spans": [STORED]}}, "COUNT 15-17 reads '3件', expected '4件'"),
    ],
)  # fmt: skip
def test_wrong_records_name_place_and_span(record: dict[str, Any], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        one(record)


def test_wrong_files(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"x\.jsonl:2: no JSON"):
        doccano.loads('{"text": "2017年", "label": []}\n{"text": ', "x.jsonl")
    with pytest.raises(CorpusError, match="cannot be read"):
        doccano.read(tmp_path / "none.jsonl")
    (tmp_path / "zip.jsonl").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CorpusError, match="has to be unpacked"):
        doccano.read(tmp_path / "zip.jsonl")
    with pytest.raises(CorpusError, match="no annotated reports here"):
        anyformat.read(tmp_path / "empty") if (tmp_path / "empty").mkdir() is None else None
