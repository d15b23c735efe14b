"""Identities of the tables: what must add up, what may differ, and what is not tested because a part is missing."""
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest

from govie.identities import table_findings
from govie.interchange.forms import expand
from govie.records import Document, Finding, Source
from govie.tables import find_tables, read_cells

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def findings(text: str, year: int = 2016) -> tuple[Finding, ...]:
    tables = find_tables(
        Document(text=text, source=Source(path=None, media_type="text/plain", sha256="", chars=len(text)))
    )
    assert tables
    found = table_findings([(table, read_cells(table, year)) for table in tables])
    for finding in found:
        assert finding.evidence
        for span in finding.evidence:
            assert text[span.start : span.end] == span.text
    return found


def form(name: str, values: str, options: str = "") -> str:
    import re

    laid_out = expand("test", f"@table {name} {options} tabs\n{values}@end\n")
    return re.sub(r"⟦([^¦]*)¦[^⟧]*⟧", r"\1", laid_out)


def codes(text: str) -> list[str]:
    return [finding.code for finding in findings(text)]


FORM_2014 = [
    ("nothing at all", "", []),
    ("all right", "disclosure.total 30\ndisclosure.channel.website 30\nrequests.received 3\nrequests.received.online 2\nrequests.received.mail 1\nrequests.closed 3\nrequests.closed.on_time 3\nrequests.outcome.total 3\nrequests.outcome.granted 2\nrequests.outcome.refused 1\nrequests.outcome.refused.privacy 1\n", []),
    ("received", "requests.received 5\nrequests.received.online 2\nrequests.received.mail 1\n", ["table.identity"]),
    ("closed", "requests.closed 2\nrequests.closed.extended 3\n", ["table.identity"]),
    ("answers", "requests.outcome.total 2\nrequests.outcome.granted 1\n", ["table.identity"]),
    ("reasons of refusal", "requests.outcome.total 2\nrequests.outcome.refused 2\nrequests.outcome.refused.state_secret 1\n", ["table.identity"]),
    ("review", "review.total 2\nreview.upheld 1\n", ["table.identity"]),
    ("litigation", "litigation.total 0\nlitigation.other 1\n", ["table.identity"]),
    ("staff", "staffing.staff 4\nstaffing.staff.full_time 1\nstaffing.staff.part_time 2\n", ["table.identity"]),
    ("staff, one part empty", "staffing.staff 4\nstaffing.staff.full_time -\nstaffing.staff.part_time 2\n", []),
    ("staff, one part alone above the whole", "staffing.staff 1\nstaffing.staff.full_time -\nstaffing.staff.part_time 2\n", ["table.identity"]),
    ("channels fall short", "disclosure.total 30\ndisclosure.channel.website 20\ndisclosure.channel.other 4\n", ["sum.channels"]),
    ("channels may overlap", "disclosure.total 30\ndisclosure.channel.website 30\ndisclosure.channel.wechat 12\n", []),
    ("a channel is not given", "disclosure.total 30\ndisclosure.channel.website 20\ndisclosure.channel.other -\n", []),
    ("normative documents are no part", "disclosure.total 30\ndisclosure.channel.website 30\ndisclosure.normative_documents 40\nnormative_documents.issued 50\n", []),
    ("two at once", "review.total 2\nreview.upheld 1\nlitigation.total 1\n", ["table.identity", "table.identity"]),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), [case[1:] for case in FORM_2014], ids=[case[0] for case in FORM_2014])
def test_form_2014(values: str, expected: list[str]) -> None:
    assert codes(form("2014", values)) == expected


def test_rows_lost_in_the_middle_say_nothing() -> None:
    values = "requests.received 5\nrequests.received.in_person 1\nrequests.outcome.total 3\n"
    assert codes(form("2014", values)) == ["table.identity"] * 2
    assert codes(form("2014", values, "drop=25-40")) == []


def test_message_and_evidence() -> None:
    text = form("2014", "requests.received 5\nrequests.received.online 2\nrequests.received.mail 1\n")
    (finding,) = findings(text)
    assert finding.severity == "error"
    assert finding.message == "收到申请数为5件，各分项相加为3（0+0+2+1），两者不符。"
    assert [span.text for span in finding.evidence] == ["5", "0", "0", "2", "1"]
    (channels,) = findings(form("2014", "disclosure.total 9\n"))
    assert (channels.severity, channels.message) == ("warning", "主动公开政府信息9条，各渠道相加只有0（0+0+0+0+0）。")


REQUESTS = [
    ("right", "requests.received 2 1 0 0 0 0 3\nrequests.carried_in 1 0 0 0 0 0 1\nrequests.outcome.granted 2 1 0 0 0 0 3\nrequests.outcome.total 2 1 0 0 0 0 3\nrequests.carried_out 1 0 0 0 0 0 1\n", 0),
    ("columns do not make the total", "requests.received 2 1 0 0 0 0 4\nrequests.outcome.granted 2 1 0 0 0 0 4\nrequests.outcome.total 2 1 0 0 0 0 4\n", 3),
    ("outcomes do not make the total", "requests.received 2\nrequests.outcome.granted 1\nrequests.outcome.total 2\n", 2),
    ("balance of one column", "requests.received 2\nrequests.outcome.granted 1\nrequests.outcome.total 1\n", 2),
    ("carried over", "requests.received 2\nrequests.outcome.granted 1\nrequests.outcome.total 1\nrequests.carried_out 1\n", 0),
    ("a column is empty", "requests.received 2 - 0 0 0 0 3\nrequests.outcome.granted 2 - 0 0 0 0 3\nrequests.outcome.total 2 - 0 0 0 0 3\n", 0),
]  # fmt: skip


@pytest.mark.parametrize("name", ["2019.3", "2021.3"])
@pytest.mark.parametrize(("values", "count"), [case[1:] for case in REQUESTS], ids=[case[0] for case in REQUESTS])
def test_requests(name: str, values: str, count: int) -> None:
    assert codes(form(name, values)) == ["table.identity"] * count


def test_the_other_row_of_each_form_counts() -> None:
    assert codes(form("2019.3", "requests.received 1\nrequests.outcome.other 1\nrequests.outcome.total 1\n")) == []
    assert codes(form("2021.3", "requests.received 1\nrequests.outcome.other.rest 1\nrequests.outcome.total 1\n")) == []


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ("review.upheld 1\nreview.total 1\n", 0),
        ("review.upheld 1\n", 1),
        ("litigation.direct.total 2\nlitigation.after_review.total 1\n", 2),
        ("litigation.direct.pending 2\nlitigation.direct.total 2\n", 0),
    ],
)
def test_table_four(values: str, count: int) -> None:
    assert codes(form("2021.4", values)) == ["table.identity"] * count


PROVINCIAL = [
    ("right", "主动公开信息数\t30\t90\n其中：1.政府网站公开\t28\t80\n2.政府公报公开\t2\t10\n受理申请总数\t3\t5\n1.当面申请数\t2\t2\n2.网上申请数\t1\t3\n", []),
    ("cumulative column", "受理申请总数\t3\t9\n1.当面申请数\t2\t2\n2.网上申请数\t1\t3\n", ["table.identity"]),
    ("parts above the whole", "受理申请总数\t3\t9\n1.当面申请数\t4\t9\n", ["table.identity"]),
    ("a row unknown to us", "受理申请总数\t3\t9\n1.当面申请数\t2\t2\n2.网上申请数\t0\t0\n3.其他形式申请数\t1\t7\n", []),
    ("channels fall short", "主动公开信息数\t30\t90\n1.政府网站公开\t20\t80\n2.政府公报公开\t2\t10\n", ["sum.channels"]),
    ("one channel is a selection", "主动公开信息数\t30\t90\n其中：政府网站公开\t20\t80\n受理申请总数\t0\t0\n", []),
    ("reasons inside the refusals", "对申请的答复总数\t4\t4\n1.同意公开答复数\t1\t1\n2.不予公开答复数\t3\t3\n（1）信息不存在数\t2\t2\n（2）非本部门掌握数\t1\t1\n", []),
    ("reasons beside the refusals", "对申请的答复总数\t4\t4\n1.同意公开答复数\t1\t1\n2.不予公开答复数\t1\t1\n3.信息不存在数\t2\t2\n", []),
    ("answers that do not add up", "对申请的答复总数\t7\t7\n1.同意公开答复数\t1\t1\n2.不予公开答复数\t1\t1\n3.其他类型答复数\t2\t2\n", ["table.identity", "table.identity"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in PROVINCIAL], ids=[case[0] for case in PROVINCIAL])
def test_provincial(rows: str, expected: list[str]) -> None:
    assert codes("指标名称\t2016年度\t历年累计\n" + rows) == expected


@pytest.mark.parametrize(
    ("last", "expected"), [("合计\t18", []), ("合计\t20", ["sum.categories"]), ("合计\t11", ["sum.categories"])]
)
def test_categories(last: str, expected: list[str]) -> None:
    assert codes(f"信息类别\t条数\n机构职能类\t5\n规划计划类\t6\n惠农政策类\t7\n{last}\n") == expected


def test_a_selection_of_categories_may_fall_short() -> None:
    rows = "项目\t数量\n主动公开信息数\t{}\n机构职能类\t5\n政策法规类\t6\n受理申请数\t0\n"
    assert codes(rows.format(30)) == []
    assert codes(rows.format(10)) == ["sum.categories"]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the three real reports are not part of the repository")
@pytest.mark.parametrize(
    ("seed", "expected"), [("002_1862fd7d869468f4", []), ("003_0b8b3fc5409a06cf", ["sum.channels"])]
)
def test_seeds(seed: str, expected: list[str]) -> None:
    assert codes((SEEDS / f"{seed}.txt").read_text(encoding="utf-8")) == expected
