"""One report gives the same facts whatever file it comes in, and readers agree on its tables cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats_support import FORMATS, REPORTS

import govie
from govie.readers import read_data
from govie.records import Document

# The PDF of the same report belongs here as one more format.
SAME = pytest.mark.parametrize("name", FORMATS)
MARKED_UP = [name for name in FORMATS if not name.endswith((".txt", ".md"))]


def facts_of(report: govie.Report) -> list[tuple]:
    return sorted(
        (fact.concept, fact.category or "", fact.applicant or "", fact.value, fact.unit, fact.year or 0, fact.scope, len(fact.also))
        for fact in report.facts
    )


def cells_of(document: Document) -> list[list[tuple]]:
    return [[(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in grid.cells] for grid in document.grids]


def saved(name: str, report: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(FORMATS[name](REPORTS[report]))
    return path


@pytest.mark.parametrize("report", REPORTS)
@SAME
def test_the_same_facts(name: str, report: str, tmp_path: Path, extractor: govie.Extractor) -> None:
    expected = facts_of(extractor.extract_file(saved("utf8.html", report, tmp_path)))
    got = extractor.extract_file(saved(name, report, tmp_path))
    assert facts_of(got) == expected
    assert got.year == {"form2014": 2016, "form2021": 2022}[report]
    assert (got.authority or "").endswith("石门镇人民政府")
    assert [finding.code for finding in got.findings] == {"form2014": ["section.missing"], "form2021": []}[report]


def test_the_facts_are_those_written_down(tmp_path: Path, extractor: govie.Extractor) -> None:
    """The anchor of the comparison: numbers read by hand from formats_support."""
    sheet = extractor.extract_file(saved("docx.docx", "form2014", tmp_path)).facts
    assert {fact.concept: fact.value for fact in sheet if fact.value} == {
        "disclosure.total": 112, "disclosure.channel.website": 97, "disclosure.channel.wechat": 15,
        "requests.received": 3, "requests.received.in_person": 2, "requests.received.mail": 1,
        "requests.closed": 3, "requests.closed.on_time": 3, "requests.outcome.total": 3,
        "requests.outcome.granted": 2, "requests.outcome.not_exist": 1,
        "staffing.staff": 4, "staffing.staff.full_time": 1, "staffing.staff.part_time": 3, "training.meetings": 2,
    }  # fmt: skip
    tables = extractor.extract_file(saved("word97.doc", "form2021", tmp_path)).facts
    assert {(fact.concept, fact.applicant): fact.value for fact in tables if fact.value and fact.concept.startswith("requests")} == {
        ("requests.received", None): 7, ("requests.received", "natural_person"): 7, ("requests.closed", None): 7,
        ("requests.carried_in", None): 1, ("requests.carried_in", "natural_person"): 1,
        ("requests.outcome.granted", None): 5, ("requests.outcome.granted", "natural_person"): 5,
        ("requests.outcome.unavailable.not_held", None): 2, ("requests.outcome.unavailable.not_held", "natural_person"): 2,
        ("requests.outcome.total", None): 7, ("requests.outcome.total", "natural_person"): 7,
        ("requests.carried_out", None): 1, ("requests.carried_out", "natural_person"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", MARKED_UP)
def test_the_same_text_and_cells(name: str, report: str) -> None:
    expected = read_data(FORMATS["utf8.html"](REPORTS[report]))
    got = read_data(FORMATS[name](REPORTS[report]))
    assert got.text == expected.text
    assert [block.kind for block in got.blocks] == [block.kind for block in expected.blocks]
    assert cells_of(got) == cells_of(expected)


def test_merged_cells_of_the_request_table() -> None:
    grid = read_data(FORMATS["word97.doc"](REPORTS["form2021"])).grids[1]
    merged = {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells if cell.rowspan * cell.colspan > 1}
    assert merged["申请人情况"] == (0, 3, 1, 7)
    assert merged["总计"] == (1, 9, 2, 1)
    assert merged["三、本年度办理结果"] == (5, 0, 22, 1)
    assert merged["（三）不予公开"] == (7, 1, 8, 1)
    assert merged["四、结转下年度继续办理"] == (27, 0, 1, 3)


@pytest.mark.parametrize(
    ("name", "media_type", "encoding"),
    [
        ("docx.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
        ("word_called.html", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
        ("word97.doc", "application/msword", None),
        ("page_called.doc", "text/html", "utf-8"),
        ("archive_called.doc", "multipart/related", "gb18030"),
        ("archive_base64.mhtml", "multipart/related", "utf-8"),
        ("gb2312.html", "text/html", "gb18030"),
        ("utf16.html", "text/html", "utf-16-le"),
        ("utf16_little.txt", "text/plain", "utf-16-le"),
        ("utf16_big.txt", "text/plain", "utf-16-be"),
        ("utf8_marked.txt", "text/plain", "utf-8"),
    ],
)
def test_files_are_told_apart_by_what_they_hold(name: str, media_type: str, encoding: str | None) -> None:
    source = read_data(FORMATS[name](REPORTS["form2014"]), path=name).source
    assert (source.media_type, source.encoding, source.path) == (media_type, encoding, name)


@pytest.mark.parametrize("name", ["docx.docx", "word97.doc"])
def test_where_blocks_of_a_word_file_come_from(name: str) -> None:
    document = read_data(FORMATS[name](REPORTS["form2021"]))
    where = [(block.kind, block.origin.paragraph, block.origin.table, block.origin.row) for block in document.blocks if block.origin]
    assert len(where) == len(document.blocks)
    assert where[:5] == [("heading", 1, None, None), ("line", 2, None, None), ("heading", 3, None, None), ("line", 4, None, None), ("heading", 5, None, None)]
    assert where[5] == ("table", None, 1, 1)
    assert [table for _, _, table, _ in where if table] == [1] * 14 + [2] * 28 + [3] * 4
    assert where[-1] == ("line", 11, None, None)


def test_rows_of_an_html_table_know_their_place() -> None:
    document = read_data(FORMATS["utf8.html"](REPORTS["form2021"]))
    assert [(block.origin.table, block.origin.row) for block in document.blocks if block.origin][:2] == [(1, 1), (1, 2)]
