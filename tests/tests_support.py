"""Records made by hand, for tests that need no pipeline."""

from __future__ import annotations

from typing import Any

import govie
from govie.export import ReportRecord
from govie.records import Fact, Finding, Locality, Period, Section, Source, Span

TEXT = "全年主动公开信息66条。其中网站60条，其他5条。\n收到申请0件。"


def make_fact(concept: str, value: float, **options: Any) -> Fact:
    """Return a fact of 2017 in 条, at the start of the text unless told otherwise."""
    return Fact(
        **{"concept": concept, "value": value, "unit": "条", "year": 2017, "start": 0, "end": 0, "text": ""} | options
    )


def at(words: str, text: str = TEXT) -> dict[str, Any]:
    """Return where ``words`` stand in ``text``, as the keys of a fact or span."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def make_record(**options: Any) -> ReportRecord:
    """Return a report of one paragraph and one zero, with a finding."""
    values: dict[str, Any] = {
        "source": Source(path="town/a.txt", media_type="text/plain", sha256="ab" * 32, chars=len(TEXT)),
        "title": "柳桥镇2017年政府信息公开工作年度报告",
        "authority": "柳桥镇人民政府",
        "locality": Locality(name="柳桥镇", level="town", county="青禾县", code="010203"),
        "year": 2017,
        "period": Period("2017-01-01", "2017-12-31"),
        "issued": None,
        "contacts": (),
        "sections": (
            Section(
                number="一",
                level=1,
                heading="主动公开情况",
                kind="disclosure",
                start=0,
                end=len(TEXT),
                heading_start=0,
                heading_end=6,
            ),
        ),
        "facts": (
            make_fact("disclosure.total", 66, rule="total.plain", section="disclosure", **at("66条")),
            make_fact("disclosure.channel.website", 60, rule="channel.plain", **at("60条")),
            make_fact("requests.received", 0, source="table", rule="2014", **(at("0件") | {"unit": "件"})),
        ),
        "tables": (),
        "findings": (
            Finding(
                code="sum.channels", severity="warning", message="渠道合计 65，总数 66", evidence=(Span(**at("60条")),)
            ),
        ),
    }
    return ReportRecord(**values | options)


def check_offsets(report: govie.Report) -> None:
    """Check that each record of ``report`` stands where it says."""
    text = report.text
    for item in (*report.facts, *report.contacts):
        assert text[item.start : item.end] == item.text
    for fact in report.facts:
        assert all(text[span.start : span.end] == span.text for span in fact.also)
    for finding in report.findings:
        assert all(text[span.start : span.end] == span.text for span in finding.evidence)
    for one in report.sections.flat():
        assert 0 <= one.start <= one.heading_start < one.heading_end <= one.end <= len(text)
    assert report.source.chars == len(text)
