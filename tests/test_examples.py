"""The reports in examples/ can be read, and say what examples/README.rst says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import govie
from govie.files import find_files

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "examples"
SCAN = ROOT / "examples-ocr/weitang_2009.png"
FILES = sorted(path for path in FOLDER.iterdir() if path.name != "README.rst")
REPORTS = [path for path in find_files(FOLDER) if isinstance(path, Path)]


def test_the_folder_gives_eight_reports_and_nothing_else() -> None:
    assert len(REPORTS) == 8
    assert {path.suffix for path in FILES} == {".txt", ".html", ".mht", ".docx", ".doc", ".pdf", ".zip"}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_an_example_gives_facts(path: Path, extractor: govie.Extractor) -> None:
    report = extractor.extract_file(path)
    assert report.title is not None and report.title.startswith("云岭县")
    assert str(report.year) in path.name
    assert report.facts.get("disclosure.total") is not None
    assert report.facts.get("requests.received") is not None


@pytest.mark.parametrize("path", [*FILES, *REPORTS, SCAN], ids=lambda path: path.name)
def test_an_example_is_in_the_list(path: Path) -> None:
    assert f"``{path.name}``" in (FOLDER / "README.rst").read_text(encoding="utf-8")


def test_the_web_page_contradicts_itself(extractor: govie.Extractor) -> None:
    report = extractor.extract_file(FOLDER / "baihe_2017.html")
    [finding] = [finding for finding in report.findings if finding.code == "text_table.mismatch"]
    assert [span.text for span in finding.evidence] == ["328条", "326"]


def test_the_pdf_contradicts_itself_over_its_pages(extractor: govie.Extractor) -> None:
    report = extractor.extract_file(FOLDER / "zhuxi_2023.pdf")
    assert {finding.code for finding in report.findings} == {"table.identity"}
    assert "总数为8件，各分项相加为9" in report.findings[0].message
    received = report.facts.get("requests.received", applicant="enterprise")
    carried = report.facts.get("requests.carried_out", applicant="natural_person")
    assert received is not None and (received.value, received.page) == (2, 1)
    assert carried is not None and (carried.value, carried.page) == (1, 3)


def test_the_others_do_not(extractor: govie.Extractor) -> None:
    reports = [extractor.extract_file(path) for path in REPORTS if path.stem not in ("baihe_2017", "zhuxi_2023")]
    assert [(report.title, report.findings) for report in reports if report.findings] == []


def test_the_scan_is_read_with_the_extra(extractor: govie.Extractor) -> None:
    pytest.importorskip("rapidocr")
    report = extractor.extract_file(SCAN)
    total = report.facts.get("disclosure.total")
    assert (report.year, total and total.value) == (2009, 73)
