"""The workbook: what a researcher sees in it, and what Excel demands of a file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from outputs_support import FAILURE, all_rows, bare_extraction, full_extraction, make_extraction, source
from tests_support import at, make_fact

import govie
from govie.export import Extraction
from govie.outputs import excel, write
from govie.outputs.schema import TABLES, table
from govie.records import Failure, Finding, Span

openpyxl = pytest.importorskip("openpyxl")


def book_of(folder: Path, *items: Extraction | Failure, rich_text: bool = False) -> Any:
    write(items, folder / "book.xlsx")
    return openpyxl.load_workbook(folder / "book.xlsx", rich_text=rich_text)


def xml_of(folder: Path) -> dict[str, str]:
    with zipfile.ZipFile(folder / "book.xlsx") as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


def test_every_table_has_its_sheet_but_the_texts(tmp_path: Path, liuqiao: govie.Report, baitang: govie.Report) -> None:
    items = [full_extraction(), FAILURE, bare_extraction(), liuqiao.to_extraction(), baitang.to_extraction()]
    book = book_of(tmp_path, *items)
    expected = all_rows(*items)
    assert book.sheetnames == [one.name for one in TABLES if one.name != "texts"] + ["dictionary"]
    for one in TABLES:
        if one.name != "texts":
            assert rows_of(book[one.name]) == expected[one.name], one.name


def test_the_book_opens_with_the_facts(tmp_path: Path) -> None:
    assert book_of(tmp_path, full_extraction()).active.title == "facts"


def test_headers_have_the_chinese_name_and_the_id(tmp_path: Path) -> None:
    book = book_of(tmp_path, full_extraction())
    header = [cell.value for cell in book["facts"][1]]
    assert header[:3] == ["数据编号 fact_id", "报告编号 report_id", "地区 locality"]
    assert [name.split()[-1] for name in header] == list(table("facts").names())
    assert all(cell.font.bold and cell.alignment.wrap_text for cell in book["facts"][1])


def test_headers_are_frozen_and_filtered(tmp_path: Path) -> None:
    book = book_of(tmp_path, full_extraction())
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
    assert book["facts"].auto_filter.ref == "A1:AE5"
    assert book["facts"].print_title_rows == "$1:$1"


def test_a_chinese_character_is_two_columns_wide(tmp_path: Path) -> None:
    title = "柳桥镇政府信息公开工作年度报告"
    book = book_of(tmp_path, make_extraction(title=title))
    letter = openpyxl.utils.get_column_letter(table("reports").place("title") + 1)
    assert book["reports"].column_dimensions[letter].width == pytest.approx(2 * len(title) + 1, abs=1)


def test_no_column_is_wider_than_a_screen_or_narrower_than_its_header(tmp_path: Path) -> None:
    book = book_of(tmp_path, make_extraction(title="长" * 500))
    for sheet in book:
        for number, cell in enumerate(sheet[1], 1):
            width = sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width
            chinese, name = cell.value.rsplit(" ", 1)
            assert max(2 * len(re.findall("[一-鿿]", chinese)), len(name)) < width <= 92


def test_codes_are_texts_and_numbers_are_numbers(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, full_extraction())["facts"]
    first = dict(zip(table("facts").names(), sheet[2], strict=True))
    assert (first["code"].value, first["code"].data_type) == ("010203", "s")
    assert (first["value"].value, first["value"].data_type) == (66, "n")
    assert (first["approximate"].value, first["approximate"].data_type) == (False, "b")
    assert [row[table("facts").place("value")] for row in rows_of(sheet)] == [66, 0, -3, 0.0052]


def test_signs_that_a_cell_of_the_page_has_stay(tmp_path: Path) -> None:
    cells = rows_of(book_of(tmp_path, full_extraction())["cells"])
    assert [row[3] for row in cells if row[3] in ("+19", "-3")] == ["+19", "-3"]


def test_an_empty_text_is_a_cell_and_null_is_none(tmp_path: Path) -> None:
    write([full_extraction()], tmp_path / "book.xlsx")
    facts = xml_of(tmp_path)["xl/worksheets/sheet2.xml"]
    letter = openpyxl.utils.get_column_letter(table("facts").place("category") + 1)
    cells = re.findall(rf'<c r="{letter}(\d)"[^>]*>(.*?)</c>', facts)
    assert cells[1:] == [("5", "<is><t></t></is>")]


def test_facts_lead_to_their_report_and_back(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        make_extraction(source=source(1)),
        FAILURE,
        make_extraction(facts=(), source=source(2)),
        make_extraction(source=source(3)),
    )
    facts = book["facts"]
    own, count = table("facts").place("report_id"), table("reports").place("facts")
    assert [row[own].hyperlink.location for row in facts.iter_rows(min_row=2)] == ["'reports'!A2"] * 3 + [
        "'reports'!A4"
    ] * 3
    assert {row[own].value for row in facts.iter_rows(min_row=2)} == {
        book["reports"]["A2"].value,
        book["reports"]["A4"].value,
    }
    links = [row[count].hyperlink and row[count].hyperlink.location for row in book["reports"].iter_rows(min_row=2)]
    assert links == ["'facts'!A2", None, "'facts'!A5"]
    assert [row[count].value for row in book["reports"].iter_rows(min_row=2)] == [3, 0, 3]
    assert book["findings"]["B2"].hyperlink.location == "'reports'!A2"


def test_the_number_stands_out_in_its_sentence(tmp_path: Path) -> None:
    from openpyxl.cell.rich_text import TextBlock

    book = book_of(tmp_path, make_extraction(), rich_text=True)
    cell = book["facts"].cell(3, table("facts").place("sentence") + 1).value
    assert str(cell) == "其中网站60条，其他5条。"
    [marked] = [piece for piece in cell if isinstance(piece, TextBlock) and piece.font.b]
    assert (marked.text, marked.font.color.rgb) == ("60条", "FFC00000")


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("66条", "66条", ["", "66条", ""]),
        (" 公开 66条 & <全部>。", "66条", ["公开 ", "66条", " & <全部>。"]),
        ("没有申请。没有复议。", "没有申请。没有复议。", ["", "没有申请。没有复议。", ""]),
    ],
)
def test_sentences_that_are_hard_to_mark(text: str, words: str, pieces: list[str], tmp_path: Path) -> None:
    from openpyxl.cell.rich_text import TextBlock

    extraction = make_extraction(text=text, facts=(make_fact("disclosure.total", 66, **at(words, text)),), findings=())
    cell = book_of(tmp_path, extraction, rich_text=True)["facts"].cell(2, table("facts").place("sentence") + 1).value
    assert str(cell) == "".join(pieces)
    assert [piece.text for piece in cell if isinstance(piece, TextBlock) and piece.font.b] == [pieces[1]]


def test_a_table_that_fills_its_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 5)
    items = [make_extraction(source=source(number)) for number in range(6)]
    book = book_of(tmp_path, *items)
    names = ["facts", "facts 2", "facts 3", "facts 4", "facts 5"]
    assert [name for name in book.sheetnames if name.startswith("facts")] == names
    assert [row for name in names for row in rows_of(book[name])] == all_rows(*items)["facts"]
    for name in names:
        assert book[name].freeze_panes == "A2"
        assert [cell.value for cell in book[name][1]] == [cell.value for cell in book["facts"][1]]
        assert book[name].max_row <= 5
    # Links go to where the row is, on whatever sheet.
    reports = [(name, row) for name in ("reports", "reports 2") for row in book[name].iter_rows(min_row=2)]
    count = table("reports").place("facts")
    for sheet, row in reports:
        there, place = re.fullmatch(r"'(.+)'!(A\d+)", row[count].hyperlink.location).groups()
        assert book[there][place].value.startswith(f"{row[0].value}-")
        back = book[there][place.replace("A", "B")].hyperlink.location
        assert back == f"'{sheet}'!A{row[0].row}"


def test_links_end_where_excel_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MOST_LINKS", 4)
    facts = book_of(tmp_path, *(make_extraction(source=source(number)) for number in range(2)))["facts"]
    assert [row[1].hyperlink is not None for row in facts.iter_rows(min_row=2)] == [True] * 4 + [False] * 2
    assert all(row[1].value for row in facts.iter_rows(min_row=2))


@pytest.mark.parametrize("character", ["长", "𠮷"])
def test_a_cell_holds_no_more_than_excel_takes(character: str, tmp_path: Path) -> None:
    evidence = (Span(0, 40_000, character * 40_000),)
    finding = Finding(code="section.missing", severity="info", message="x", evidence=evidence)
    sheet = book_of(tmp_path, make_extraction(findings=(finding,)))["findings"]
    value = sheet.cell(2, table("findings").place("evidence") + 1).value
    assert len(value.encode("utf-16-le")) // 2 in (excel.MOST_CHARACTERS, excel.MOST_CHARACTERS - 1)
    assert value.startswith(character * 10) and value.endswith(f"{character}…〔未完〕")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+1",
        "@SUM(A1)",
        "http://www.example.com",
        "mailto:a@b.c",
        "{=1}",
        "0123",
        "1e5",
    ],
)
def test_a_text_is_a_text_whatever_it_looks_like(text: str, tmp_path: Path) -> None:
    extraction = make_extraction(
        title=text, facts=(make_fact("disclosure.by_category", 1, category=text),), findings=()
    )
    sheet = book_of(tmp_path, extraction)["facts"]
    cell = sheet.cell(2, table("facts").place("category") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert not any("<f>" in xml for name, xml in xml_of(tmp_path).items() if "worksheets" in name)


def test_marks_in_a_text_are_no_mark_up(tmp_path: Path) -> None:
    text = "<r><t>x</t></r>"
    sheet = book_of(
        tmp_path,
        make_extraction(text=text, title=text, facts=(make_fact("review.total", 0, start=3, end=6, text="<t>"),)),
    )["facts"]
    assert sheet.cell(2, table("facts").place("title") + 1).value == text
    assert sheet.cell(2, table("facts").place("sentence") + 1).value == text


@pytest.mark.parametrize("value", [123456789012345678, -(10**15)])
def test_a_number_that_excel_would_round_is_a_text(value: int, tmp_path: Path) -> None:
    sheet = book_of(tmp_path, make_extraction(facts=(make_fact("disclosure.total", value),)))["facts"]
    assert sheet.cell(2, table("facts").place("value") + 1).value == str(value)


def test_blanks_at_the_edges_and_line_breaks_stay(tmp_path: Path) -> None:
    path = " a\nb\tc "
    sheet = book_of(tmp_path, make_extraction(source=source(1, path=path)))["reports"]
    assert sheet.cell(2, table("reports").place("path") + 1).value == path


def test_only_reports_that_failed_beside_one_that_did_not(tmp_path: Path) -> None:
    book = book_of(tmp_path, FAILURE, bare_extraction(), FAILURE)
    assert [row[:3] for row in rows_of(book["failures"])] == [
        (1, "town/b.pdf", "ReadError"),
        (2, "town/b.pdf", "ReadError"),
    ]
    assert rows_of(book["facts"]) == []
