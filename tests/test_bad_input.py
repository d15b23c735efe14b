"""What cannot be read is said by message; what says nothing gives an empty report; and no text, however damaged,
gives anything but a report whose offsets are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_support import check_offsets

import govie

DATA = Path(__file__).parent / "data"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.txt"))]
PAGES = [path.read_bytes().decode("gb18030") for path in sorted(DATA.glob("*.html"))]
RANDOM = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", r"empty\.txt: the file is empty\. Fetch or save it again\."),
        ("blank.txt", " \n\u3000\n".encode(), r"blank\.txt: the file is empty\."),
        ("binary.txt", RANDOM, r"binary\.txt: .*(binary|no text)"),
        ("undecodable.txt", b"\x81\x30\xff\xff\xfe\x80\xff" * 50, r"undecodable\.txt: "),
        ("report.docx", b"PK\x03\x04", r"report\.docx: the archive is broken or cut off"),
        ("report.pdf", b"%PDF-1.7 ...", r"report\.pdf: the PDF is broken and cannot be opened\. Fetch it again"),
        ("disguised.txt", b"%PDF-1.7 ...", r"disguised\.txt: the PDF is broken"),
    ],
)
def test_files_that_cannot_be_read(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(govie.ReadError, match=message):
        govie.extract_file(tmp_path / name)


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(govie.ReadError, match=r"nowhere\.txt: there is no such file\. Check the path"):
        govie.extract_file(tmp_path / "nowhere.txt")
    with pytest.raises(ExceptionGroup) as caught:
        list(govie.extract_files([tmp_path / "nowhere.txt"]))
    assert "there is no such file" in str(caught.value.exceptions[0])


def test_a_folder_where_a_file_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(govie.ReadError, match=r"this is a folder, not a file"):
        govie.extract_file(tmp_path)


def test_a_folder_with_no_reports(tmp_path: Path) -> None:
    (tmp_path / "notes.ini").write_text("x", encoding="utf-8")
    with pytest.raises(ExceptionGroup) as caught:
        list(govie.extract_files(tmp_path))
    [error] = caught.value.exceptions
    assert str(error).startswith(
        f"{tmp_path}: there are no reports in this folder. Looked in it and all folders below for files ending in .bmp, .doc, .docx,"
    )


@pytest.mark.parametrize(
    "text", ["", "\n", "今天天气很好。", "柳桥镇人民政府", "。，、；", "\x00", "\ud800", "<html></html>"]
)
def test_a_text_with_no_numbers_gives_an_empty_report(text: str) -> None:
    report = govie.extract(text)
    assert len(report.facts) == 0
    assert report.to_dict()["facts"] == []
    check_offsets(report)


def test_a_report_with_no_numbers_keeps_its_sections() -> None:
    report = govie.extract(
        "柳桥镇政府信息公开工作年度报告\n一、概述\n我镇重视公开工作。\n二、主动公开情况\n按规定公开。\n"
    )
    assert [section.kind for section in report.sections] == ["overview", "disclosure"]
    assert report.year is None
    assert list(report.facts) == []


# --- damaged reports ------------------------------------------------------------------------------------------

_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_INSERTED = st.sampled_from(
    [
        " ",
        "\u3000",
        "\u00a0",
        "\u200b",
        "\n",
        "\t",
        "\r\n",
        "|",
        "*",
        "。",
        "一、",
        "0",
        "１",
        "<",
        "\x00",
        "\U0001f600",
    ]
)


@st.composite
def damaged(draw: st.DrawFn, sources: list[str]) -> str:
    """A report with characters inserted or lost, turned full-width in part, and cut at both ends."""
    text = draw(st.sampled_from(sources))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(text)))
        operation = draw(st.sampled_from(["insert", "lose", "widen", "swap"]))
        if operation == "insert":
            text = text[:place] + draw(_INSERTED) * draw(st.integers(1, 3)) + text[place:]
        elif operation == "lose":
            text = text[:place] + text[place + draw(st.integers(1, 30)) :]
        elif operation == "widen":
            end = place + draw(st.integers(1, 200))
            text = text[:place] + text[place:end].translate(_FULL_WIDTH) + text[end:]
        else:
            middle = place + draw(st.integers(1, 60))
            text = text[:place] + text[middle : middle + 60] + text[place:middle] + text[middle + 60 :]
    start = draw(st.sampled_from([0, 0, draw(st.integers(0, len(text)))]))
    end = draw(st.sampled_from([len(text), draw(st.integers(0, len(text)))]))
    return text[start : max(start, end)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(TEXTS))
def test_damaged_texts_give_reports_with_right_offsets(text: str) -> None:
    report = govie.extract(text)
    check_offsets(report)
    report.to_json()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(PAGES))
def test_damaged_pages_give_reports_with_right_offsets(text: str) -> None:
    report = govie.extract(text)
    check_offsets(report)
    report.to_json()


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_gives_a_report(text: str) -> None:
    check_offsets(govie.extract(text))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from("一二、（）1.。条件0123其中累计公开信息申请网站\n\t |%年2017上未没有无"), max_size=80).map(
        "".join
    )
)
def test_any_heap_of_the_genres_signs_gives_a_report(text: str) -> None:
    check_offsets(govie.extract(text))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_any_bytes_give_a_report_or_a_read_error(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(data)
    try:
        report = govie.extract_file(path)
    except govie.ReadError as error:
        assert error.where == str(path)
        assert error.hint
    else:
        check_offsets(report)


@pytest.mark.parametrize(
    "unit",
    [
        "一",
        "1",
        "1,",
        " ",
        "\n",
        "\t1",
        "|",
        "，",
        "一、",
        "（",
        "其中1条，",
        "网站1条、",
        "没有",
        "自2017年",
        "截至",
        "1%",
        "<td>",
    ],
)
def test_any_run_of_one_thing_gives_a_report(unit: str) -> None:
    report = govie.extract("一、主动公开情况\n主动公开政府信息" + unit * (8000 // len(unit)) + "条")
    check_offsets(report)
    report.to_json()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "9" * 400 + "." + "9" * 400, "九" * 400, "9" * 30 + "亿"])
def test_numbers_beyond_all_measure_give_a_report(number: str) -> None:
    report = govie.extract(f"一、主动公开情况\n全年主动公开政府信息{number}条。")
    report.to_json()
    repr(report)
    report.to_dataframe()


def test_damage_changes_facts_only_where_it_is(liuqiao: govie.Report) -> None:
    """Blanks of all kinds between characters change no value."""
    whole = (DATA / "liuqiao_2017.txt").read_text(encoding="utf-8")
    text = "".join(f"{char}\u3000" if char in "，。0123456789" else char for char in whole)
    values = [(fact.concept, fact.value) for fact in govie.extract(text).facts]
    assert values == [(fact.concept, fact.value) for fact in liuqiao.facts]
