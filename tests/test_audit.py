"""Findings of one report, by sentences that bring them out or keep them in."""

from __future__ import annotations

import pytest

import govie

SECTIONS = ("依申请公开情况", "收费及减免情况", "行政复议、行政诉讼情况", "主要问题及改进情况", "其他需要报告的事项")


def report(disclosure: str, title: str = "柳桥镇2017年政府信息公开工作年度报告", sections: tuple[str, ...] = SECTIONS) -> govie.Report:
    """A report of all statutory sections, with one sentence in the first."""
    later = "".join(f"{number}、{heading}\n按规定办理。\n" for number, heading in zip("二三四五六", sections, strict=False))
    return govie.extract(f"{title}\n一、主动公开政府信息情况\n{disclosure}\n{later}")


def codes(disclosure: str, **options: object) -> list[str]:
    return [finding.code for finding in report(disclosure, **options).findings]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [
        ("公开信息30条，其中会议类10条、财政类20条。", []),
        ("公开信息30条，其中会议类10条、财政类25条。", ["sum.categories"]),
        ("公开信息30条，其中会议类10条、财政类15条。", ["sum.categories"]),
        ("公开信息30条，其中会议类10条、财政类15条，其余为其他信息。", []),
        ("公开信息30条，主要有会议类10条、财政类15条。", []),
        ("公开信息30余条，其中会议类10条、财政类15条。", []),
        ("公开信息30条，其中网站10条、微信15条。", ["sum.channels"]),
        ("公开信息30条，其中网站20条、微信15条。", []),
        ("公开信息30条，其中会议类40条。", ["value.implausible"]),
        ("全年公开信息30条，历年累计公开信息20条。", ["value.implausible"]),
        ("公开信息30条，其中会议类15条，占50%，财政类15条，占50%。", []),
        ("公开信息30条，其中会议类15条，占55%，财政类15条，占50%。", ["share.mismatch", "share.mismatch"]),
        ("公开信息30条，其中会议类10条，占33%，财政类20条，占67%。", []),
        ("公开信息30条，其中会议类30条，占120%。", ["share.mismatch", "share.mismatch", "value.implausible"]),
        ("公开信息100条，其中动态50条（会议10条，占10%；活动40条，占40%）、财政50条。", []),
        ("公开信息共计条。", ["value.missing"]),
        ("公开信息**条。", ["value.missing", "value.missing"]),
        ("具体数据详见附表。", ["table.missing"]),
        ("公开信息30条，上年公开20条。", []),
    ],
)
def test_findings(disclosure: str, expected: list[str]) -> None:
    assert codes(disclosure) == expected


def test_evidence_is_in_the_text() -> None:
    checked = report("公开信息30条，其中会议类10条、财政类25条，占55%。")
    spans = [span for finding in checked.findings for span in finding.evidence]
    assert spans
    assert all(checked.text[span.start : span.end] == span.text for span in spans)


def test_the_total_is_the_first_evidence() -> None:
    (finding,) = report("公开信息30条，其中会议类10条、财政类25条。").findings
    assert [span.text for span in finding.evidence] == ["30条", "10条", "25条"]
    assert "35" in finding.message
    assert "30" in finding.message


def test_missing_sections() -> None:
    (finding,) = report("公开信息30条。", sections=SECTIONS[:3]).findings
    assert finding.code == "section.missing"
    assert finding.message.endswith("主要问题及改进情况、其他需要报告的事项")


def test_years_that_disagree() -> None:
    checked = report("2016年公开信息30条。")
    assert [finding.code for finding in checked.findings] == ["year.mismatch"]
    assert checked.findings[0].message == "报告年度为2017年，但正文2016年"


def test_a_total_in_prose_and_table_is_found_once() -> None:
    found = [code for code in codes("公开信息30条，其中会议类10条、财政类25条。") if code == "sum.categories"]
    assert found == ["sum.categories"]


def test_long_runs_of_masks_are_read_in_time() -> None:
    assert codes("公开" + "*" * 20_000) == []
