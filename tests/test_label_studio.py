"""Label Studio's JSON: the round trip, tasks made in the tool, both ways of counting, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from corpus_support import annotated
from hypothesis import given, settings
from test_brat import reports

from govie.corpus.check import CONTACT_KINDS, KINDS
from govie.errors import CorpusError
from govie.interchange import anyformat, label_studio, marks
from govie.interchange.annotation import LABELS, AnnotatedReport

TEXT = "柳桥镇2017年年报\n收到申请3件，惠农政策类12条。"
NOTE = "concept=requests.received value=3 unit=件 scope=cumulative year=2016"


def region(key: str, start: int, end: int, label: str, text: str | None = None, source: str = TEXT, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": source[start:end] if text is None else text, "labels": [label]}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value, "origin": "manual"} | more


def control(key: str, name: str, words: list[str], kind: str = "textarea") -> dict[str, Any]:
    content = {"text": words} if kind == "textarea" else {"choices": words, "text": "柳桥镇"}
    return {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": {"start": 0, "end": 3} | content}


def task(*result: dict[str, Any], text: str = TEXT, **annotation: Any) -> dict[str, Any]:
    return {"id": 12, "data": {"text": text}, "annotations": [{"id": 3, "was_cancelled": False, "result": list(result)} | annotation], "predictions": []}


def one(*tasks: dict[str, Any], **options: Any) -> tuple[AnnotatedReport, tuple[str, ...]]:
    found = label_studio.loads(json.dumps(list(tasks), ensure_ascii=False), "x.json", **options)
    assert len(found.reports) == 1
    return found.reports[0], found.notices


@settings(max_examples=200, deadline=None)
@given(reports())
def test_round_trip_is_exact(report: AnnotatedReport) -> None:
    assert label_studio.loads(json.dumps([label_studio.task(report)])).reports == (report,)


def test_round_trip_through_files(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    assert label_studio.write([annotated()], path) == 1
    found = anyformat.read(tmp_path)
    assert found.reports == (annotated(),) and not found.notices


def test_items_are_in_the_tools_form() -> None:
    made = label_studio.task(annotated(), 4)
    assert made["id"] == 4 and made["data"].keys() == {"text", "name", "card"}
    items = made["annotations"][0]["result"]
    assert items[0] == {
        "id": "T1", "from_name": "label", "to_name": "text", "type": "labels",
        "value": {"start": 0, "end": 12, "text": "鹭渡镇2017年政府信息", "labels": ["TITLE"]},
    }  # fmt: skip
    assert {"type": "relation", "direction": "right", "labels": ["Category"]}.items() <= items[-1].items()
    kinds = next(item for item in items if item["from_name"] == "kind" and len(item["value"]["choices"]) == 2)
    assert kinds["value"]["choices"] == ["fees", "review_litigation"] and kinds["type"] == "choices"


def test_suggestions_are_predictions() -> None:
    made = label_studio.task(annotated(), predictions="rules 1", score=0.9)
    assert made["annotations"] == []
    assert {"model_version": "rules 1", "score": 0.9}.items() <= made["predictions"][0].items()
    found = label_studio.loads(json.dumps([made]))
    assert not found.reports and found.notices == ("label_studio.json: task 1: nobody annotated it; left out.",)
    assert one(made, predictions=True)[0] == annotated()


def test_configuration_has_every_control() -> None:
    view = ElementTree.fromstring(label_studio.configuration(KINDS))
    assert [label.get("value") for label in view.find("Labels") or []] == list(LABELS)
    names = {tag.get("name") for tag in view.iter() if tag.get("perRegion")}
    used = {item["from_name"] for item in label_studio.task(annotated())["annotations"][0]["result"] if "from_name" in item}
    assert used <= names | {"label"}
    assert "pre-wrap" in (view.findtext("Style") or "")
    assert marks.CONTACT_KINDS == CONTACT_KINDS


def test_a_task_annotated_in_the_tool() -> None:
    report, notices = one(
        task(
            region("a1", 15, 17, "COUNT"),
            control("a1", "facts", [NOTE]),
            region("b2", 18, 23, "CATEGORY"),
            region("c3", 23, 26, "COUNT"),
            {"type": "relation", "from_id": "c3", "to_id": "b2", "direction": "left"},
            region("d4", 0, 3, "HEADING"),
            control("d4", "level", ["2"], "choices"),
            control("d4", "kind", ["fees", "other"], "choices"),
            control("d4", "flags", ["run_in"], "choices"),
            region("e5", 10, 17, "COUNT", meta={"text": ["ask 王", NOTE]}),
        )
    )
    facts = [(f.concept, f.value, f.scope, f.year, f.category) for f in report.facts]
    assert facts == [
        ("requests.received", 3, "cumulative", 2016, None),
        ("disclosure.by_category", 12, "annual", 2017, "惠农政策"),
        ("requests.received", 3, "cumulative", 2016, None),
    ]
    assert report.spans[3].attributes == {"level": "2", "kind": "fees+other", "run_in": "yes"}
    # The last one was dragged over the end of a line.
    assert TEXT[report.spans[4].start : report.spans[4].end] == "收到申请3件"
    assert [span.id for span in report.spans] == ["T1", "T2", "T3", "T4", "T5"]
    assert len(notices) == 1 and "x.json: task 12: no card" in notices[0]


def test_json_min_is_read() -> None:
    item = {"id": 1, "text": TEXT, "label": [{"start": 15, "end": 17, "text": "3件", "labels": ["COUNT/requests.received"]}]}
    assert [fact.value for fact in one(item)[0].facts] == [3]


@pytest.mark.parametrize(("start", "end"), [(13, 15), (11, 13)])
def test_either_way_of_counting_is_told_by_the_quote(start: int, end: int) -> None:
    text = "𠮷田镇2017年😀收到3件"
    report = one(task(region("a", start, end, "COUNT/requests.received", "3件"), text=text))[0]
    assert text[report.spans[0].start : report.spans[0].end] == "3件"


@pytest.mark.parametrize("quote", ["年报\\n收到", "年报 收到", "年报收到"])
def test_quotes_that_lost_blanks(quote: str) -> None:
    assert one(task(region("a", 8, 13, "NUMBER", quote)))[0].spans[0].start == 8


def test_ground_truth_and_cancelled() -> None:
    several = task(region("a", 0, 3, "TITLE"))
    several["annotations"] += [
        {"result": [region("b", 0, 8, "TITLE")], "ground_truth": True},
        {"result": [region("c", 0, 9, "TITLE")]},
        {"result": [region("d", 0, 10, "TITLE")], "was_cancelled": True},
    ]
    report, notices = one(several)
    assert report.spans[0].end == 8
    assert "x.json: task 12: 3 annotations; the ground truth is taken." in notices


def test_a_region_without_quote_is_said() -> None:
    item = region("a", 15, 17, "COUNT/requests.received")
    del item["value"]["text"]
    report, notices = one(task(item))
    assert report.facts[0].value == 3 and any("no quote" in notice for notice in notices)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (region("a", 15, 17, "COUNT", "4件"), r"x\.json: task 12: region a COUNT: 15-17 reads '3件', expected its quote '4件'"),
        (region("a", 160, 180, "COUNT", "3件"), "160-180 reads '', expected its quote '3件'"),
        (region("a", 15, 17, "Number", "3件"), "label 'Number' is not known"),
        (region("a", 0, 3, "TITLE") | {"value": {"start": "/div[1]", "end": "/div[1]", "labels": ["TITLE"]}}, "not as <HyperText>"),
        (region("a", 0, 3, "TITLE") | {"value": {"start": 0, "end": 3, "text": "柳桥镇", "labels": []}}, "region a: a region has 0 labels"),
        ({"type": "relation", "from_id": "a", "to_id": "b"}, "one of them is no span"),
    ],
)
def test_wrong_regions_name_task_and_region(item: dict[str, Any], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        one(task(item))


def test_wrong_note_and_relation() -> None:
    with pytest.raises(CorpusError, match=r"x\.json: task 12: COUNT 15-17 '3件': fact 'concept=x' is not understood"):
        one(task(region("a", 15, 17, "COUNT"), control("a", "facts", ["concept=x"])))
    with pytest.raises(CorpusError, match="a relation joins COUNT '3件' and TITLE '柳桥镇'"):
        one(task(region("a", 15, 17, "COUNT"), region("b", 0, 3, "TITLE"), {"type": "relation", "from_id": "a", "to_id": "b"}))


@pytest.mark.parametrize(("content", "message"), [("[", "no JSON"), ("[1]", "task 1 is no object"), ('[{"id": 1}]', "task 1: a task without its text")])
def test_wrong_files(content: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        label_studio.loads(content, "x.json")


def test_two_reports_of_one_name(tmp_path: Path) -> None:
    label_studio.write([annotated()], tmp_path / "a.json")
    label_studio.write([annotated()], tmp_path / "b.json")
    with pytest.raises(CorpusError, match="two reports are called t1_01"):
        anyformat.read(tmp_path)
