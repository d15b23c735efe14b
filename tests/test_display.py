"""The report in the terminal."""

from __future__ import annotations

import io
import unicodedata

import pytest
from rich.console import Console
from tests_support import TEXT, at, make_fact, make_record

import govie
from govie.display import plain_text, report_list, report_panel, report_view
from govie.records import Finding, Span


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def full(text: str = TEXT, **options: object) -> str:
    return plain_text(report_view(make_record(**options), text))


def test_panel_says_who_when_and_what() -> None:
    panel = plain_text(report_panel(make_record()))
    for words in (
        "柳桥镇2017年",
        "柳桥镇人民政府",
        "青禾县 柳桥镇（010203）",
        "2017-01-01 至 2017-12-31",
        "66 条",
        "sum.channels",
    ):
        assert words in panel


def test_view_shows_each_fact_of_the_prose_in_its_sentence() -> None:
    view = full()
    assert "全年主动公开信息【66条】\n" in view
    assert "其中网站【60条】，其他5条" in view
    assert "disclosure.total · total.plain" in view


def test_facts_of_one_sentence_share_it() -> None:
    text = "网站60条，其他5条。"
    facts = [
        make_fact("disclosure.channel.other", 5, **at("5条", text)),
        make_fact("disclosure.total", 60, **at("60条", text)),
    ]
    view = full(text, facts=tuple(facts), findings=())
    assert view.count("网站【60条】，其他【5条】\n") == 1
    assert view.index("60 条") < view.index("5 条")


def test_facts_that_share_their_words_are_marked_once() -> None:
    facts = (make_fact("review.total", 0, **at("收到申请0件")), make_fact("litigation.total", 0, **at("申请0件")))
    assert "【收到申请0件】\n" in full(facts=facts, findings=())


def test_a_long_sentence_is_cut_around_its_facts() -> None:
    text = "甲" * 100 + "公开66条" + "乙" * 100
    view = full(text, facts=(make_fact("disclosure.total", 66, **at("66条", text)),), findings=())
    passage = "".join(line.strip() for line in view.splitlines())
    assert "…" + "甲" * 58 + "公开【66条】" + "乙" * 60 + "…" in passage


def test_view_shows_sections_with_kinds_and_findings_with_evidence() -> None:
    view = full()
    assert "一 主动公开情况  disclosure" in view
    assert "! sum.channels  渠道合计 65，总数 66" in view
    assert view.count("其中网站【60条】") == 2


def test_evidence_shows_a_sentence_once_with_all_its_places_and_cells_on_one_line() -> None:
    text = "公开66条，网站60条，其他5条。\n466\n190\n"
    spans = tuple(Span(**at(words, text)) for words in ("5条", "66条", "466", "190"))
    view = full(text, facts=(), findings=(Finding(code="sum.channels", severity="warning", message="不符", evidence=spans),))
    assert "  公开【66条】，网站60条，其他【5条】\n  【466】 【190】\n" in view


def test_a_long_message_begins_beside_its_code() -> None:
    finding = Finding(code="section.missing", severity="warning", message="缺" * 50)
    assert "! section.missing  缺缺" in full(findings=(finding,))


def test_reports_are_listed_one_a_line() -> None:
    last_year = make_fact("requests.received", 9, year=2016)
    column = make_fact("requests.received", 7, applicant="enterprise")
    records = [make_record(), make_record(facts=(last_year, column)), make_record(authority=None, title=None, year=None, facts=())]
    lines = plain_text(report_list(records)).splitlines()
    assert lines[0].split() == ["年度", "机关", "表格", "公开", "申请", "数据", "问题"]
    assert lines[1].split() == ["2017", "柳桥镇人民政府", "66", "0", "3", "1"]
    assert lines[2].split() == ["2017", "柳桥镇人民政府", "2", "1"]
    assert lines[3].split() == ["town/a.txt", "0", "1"]
    assert max(map(columns, lines)) <= 80


def test_zeros_of_tables_are_counted_and_not_listed() -> None:
    assert "1 项为 0" in full()
    assert "收到申请数" not in full()


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"scope": "cumulative"}, "累计"),
        ({"year": 2016}, "2016"),
        ({"approximate": True}, "约66 条"),
        ({"value": 1204}, "1,204 条"),
        ({"concept": "disclosure.by_category", "category": "机构职能"}, "按类别：机构职能"),
        ({"applicant": "enterprise"}, "商业企业"),
        ({"concept": "unknown.concept"}, "unknown.concept"),
        ({"confidence": 0.875}, "0.88"),
    ],
)
def test_what_a_fact_shows(options: dict, shown: str) -> None:
    fact = make_fact(**{"concept": "disclosure.total", "value": 66, **at("66条"), **options})
    view = full(facts=(fact,), findings=())
    assert shown in view
    assert shown not in full(facts=(make_fact("disclosure.total", 66, **at("66条")),), findings=())


def test_colours_replace_brackets_where_there_are_colours() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=80)
    with console.capture() as capture:
        console.print(report_view(make_record(), TEXT))
    assert "【" not in capture.get()
    assert "\x1b[" in capture.get()


def test_a_page_cannot_steer_the_terminal() -> None:
    text = "公开\x1b[2J66条\u202e。"
    fact = make_fact("disclosure.total", 66, **at("66条", text))
    view = full(text, facts=(fact,), findings=(), title="[bold]标题\x1b]0;x\x07")
    assert "\x1b" not in view
    assert "\u202e" not in view
    assert "[bold]标题" in view


def test_everything_fits_eighty_columns(liuqiao: govie.Report, baitang: govie.Report) -> None:
    for report in (liuqiao, baitang):
        for view in (repr(report), plain_text(report_view(report.to_record(), report.text))):
            assert max(map(columns, view.splitlines())) <= 80


def test_a_report_without_anything_has_a_view() -> None:
    report = govie.extract("")
    assert "（无标题）" in repr(report)
    assert "没有读到数据" in plain_text(report_view(report.to_record(), report.text))


def test_repl_shows_the_panel(liuqiao: govie.Report) -> None:
    assert repr(liuqiao) == str(liuqiao)
    assert repr(liuqiao).startswith("╭─ 柳桥镇2017年政府信息公开工作年度报告 ─")
    assert repr(liuqiao).endswith("─╯")
