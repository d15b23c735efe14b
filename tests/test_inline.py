"""Inline mark-up and the official forms written out."""

from __future__ import annotations

import pytest
from corpus_support import annotated

from govie.errors import CorpusError
from govie.interchange import forms, inline
from govie.interchange.annotation import AnnotatedFact, AnnotatedReport

HEADER = "---\nyear: 2016\ntown: 鹭渡镇\n---\n"


def parse(body: str) -> AnnotatedReport:
    return inline.parse("x", HEADER + body)


def facts(body: str) -> list[tuple[str, float, str]]:
    return [(fact.concept, fact.value, fact.unit) for fact in parse(body).facts]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("⟦66条¦disclosure.total⟧", ("disclosure.total", 66, "条")),
        ("⟦1,084条¦disclosure.total⟧", ("disclosure.total", 1084, "条")),
        ("⟦６６ 条¦disclosure.total⟧", ("disclosure.total", 66, "条")),
        ("⟦十二件¦requests.received=12件⟧", ("requests.received", 12, "件")),
        ("⟦近300条¦disclosure.total=300条 ~⟧", ("disclosure.total", 300, "条")),
        ("⟦300余条¦disclosure.total ~⟧", ("disclosure.total", 300, "条")),
        ("⟦1.5万元¦staffing.budget⟧", ("staffing.budget", 1.5, "万元")),
        ("⟦没收到¦requests.received=0⟧", ("requests.received", 0, "件")),
        ("⟦−2¦cell licensing.items_change⟧", ("licensing.items_change", -2, "项")),
    ],
)
def test_value_and_unit(body: str, expected: tuple[str, float, str]) -> None:
    assert facts(body) == [expected]


def test_options() -> None:
    (fact,) = parse("⟦约8件¦requests.received=8件 @2015 cum ~ ? appl=enterprise⟧").facts
    assert fact == AnnotatedFact(
        span="T1", concept="requests.received", value=8, unit="件", scope="cumulative", year=2015,
        applicant="enterprise", approximate=True, optional=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("⟦6条¦disclosure.total⟧", "COUNT"),
        ("⟦6¦cell disclosure.total⟧", "CELL"),
        ("⟦没有¦requests.received=0⟧", "ZERO"),
        ("⟦0件¦requests.received⟧", "COUNT"),
        ("⟦零件¦requests.received=0件⟧", "COUNT"),
        ("⟦5%¦PCT⟧", "SHARE"),
        ("⟦5场¦NUM⟧", "NUMBER"),
        ("⟦某镇¦AUTH⟧", "AUTHORITY"),
    ],
)
def test_label(body: str, label: str) -> None:
    assert [span.label for span in parse(body).spans] == [label]


def test_count_takes_the_nearest_label_before_it() -> None:
    report = parse("⟦规划类¦CAT⟧⟦5条¦cat⟧、⟦财政类¦CAT⟧⟦6条¦cat⟧")
    assert [(fact.category, fact.value) for fact in report.facts] == [("规划", 5), ("财政", 6)]


def test_count_takes_the_label_it_names() -> None:
    report = parse("⟦规划类¦CAT a⟧、⟦财政类¦CAT b⟧分别为⟦5条¦cat cat=a⟧、⟦6条¦cat cat=b⟧")
    assert [(fact.category, fact.value) for fact in report.facts] == [("规划", 5), ("财政", 6)]
    assert all(not span.attributes for span in report.spans)


def test_marks_lose_the_blanks_at_their_edges() -> None:
    report = parse("共⟦ 40 条¦disclosure.total⟧。")
    span = report.spans[0]
    assert report.text[span.start : span.end] == "40 条"
    assert report.text == "共 40 条。"


@pytest.mark.parametrize(
    ("label", "clean"),
    [
        ("机构职能类信息", "机构职能"), ("政府领导类公开", "政府领导"), ("工作动态", "工作动态"), ("1.规划计划类", "规划计划"),
        ("（二）财 政信息", "财政"), ("信息公开", "信息"), ("基本情况类信息", "基本"),
    ],
)  # fmt: skip
def test_category_is_cleaned(label: str, clean: str) -> None:
    assert inline.clean_category(label) == clean


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("no header", "header"),
        ("---\nyear: 2016\n---\n", "year or town is missing"),
        ("---\nyear: 二〇一六\ntown: 镇\n---\n", "year '二〇一六' is not a number"),
        ("---\nyear: 2016\ntown: 镇\nmood: bad\n---\n", "mood"),
        (HEADER + "⟦5条¦disclosure.sum⟧", "disclosure.sum"),
        (HEADER + "⟦几条¦disclosure.total⟧", "cannot be read off"),
        (HEADER + "⟦5条¦cat⟧", "no label"),
        (HEADER + "⟦5条¦disclosure.total", "not closed"),
        (HEADER + "⟦今年¦DATE 2016⟧", "ISO date"),
        (HEADER + "⟦ ¦NUM⟧", "empty mark"),
        (HEADER + "⟦5条¦disclosure.total often⟧", "'often' is not understood"),
    ],
)
def test_wrong_source_is_an_error_that_says_so(source: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        inline.parse("x", source)


def test_card_comes_from_header_and_marks() -> None:
    card = annotated().card
    assert card.title == "鹭渡镇2017年政府信息公开工作年度报告"
    assert (card.period, card.issued) == (("2017-01-01", "2017-12-31"), "2018-01-12")
    assert card.authority == ("白河县鹭渡镇人民政府", "白河县鹭渡镇人民政府")
    assert (card.table, card.findings, card.code) == ("2014", ("section.missing",), None)


def test_gold_leaves_informative_findings_out_and_restated_facts() -> None:
    source = HEADER.replace("town: 鹭渡镇", "town: 鹭渡镇\nfindings: table.missing, sum.categories")
    report = inline.parse("x", source + "共⟦6条¦disclosure.total⟧，即⟦6条¦disclosure.total⟧。")
    gold = report.to_gold()
    assert gold["findings"] == ["sum.categories"]
    assert len(gold["facts"]) == 1


LAYOUTS = {
    "tabs": "甲\t⟦5¦cell disclosure.total⟧",
    "pipes": "| 甲 | ⟦5¦cell disclosure.total⟧ |",
    "spaces": "甲  ⟦5¦cell disclosure.total⟧",
    "lines": "甲\n⟦5¦cell disclosure.total⟧",
    "cellpipe": "甲\n|\n⟦5¦cell disclosure.total⟧\n|",
}


@pytest.mark.parametrize("layout", forms.LAYOUTS)
def test_rows_are_laid_out(layout: str) -> None:
    source = f"@rows {layout}\n甲 | ⟦5¦cell disclosure.total⟧\n@end\n"
    assert forms.expand("x", source) == LAYOUTS[layout] + "\n"


@pytest.mark.parametrize(
    ("form", "facts"),
    [("2014", 58), ("2019.1", 22), ("2019.3", 23 * 7), ("2019.4", 15), ("2021.1", 10), ("2021.3", 25 * 7), ("2021.4", 15)],
)
def test_form_holds_every_cell_of_its_official_table(form: str, facts: int) -> None:
    report = parse(forms.expand("x", f"@table {form} tabs\n@end\n"))
    assert len(report.facts) == facts
    assert {report.text[span.start : span.end] for span in report.spans} == {"0"}


def test_one_number_in_a_request_row_is_a_natural_persons() -> None:
    report = parse(forms.expand("x", "@table 2021.3 lines\nrequests.received 4\n@end\n"))
    given = {f.applicant: f.value for f in report.facts if f.concept == "requests.received" and f.value}
    assert given == {"natural_person": 4, None: 4}


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("@table 2014 circles\n@end\n", "layout 'circles'"),
        ("@table 2015 tabs\n@end\n", "form '2015'"),
        ("@table 2014 tabs\nreview.pending 1\n@end\n", "not in this form: review.pending"),
    ],
)
def test_wrong_block_is_an_error(block: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        forms.expand("x", block)
