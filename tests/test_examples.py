"""The reports in examples/ can be read, and say what examples/README.md says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import govie
from govie.files import SUFFIXES

FOLDER = Path(__file__).parent.parent / "examples"
FILES = sorted(path for path in FOLDER.iterdir() if path.name != "README.md")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_gives_facts(path: Path, extractor: govie.Extractor) -> None:
    if path.suffix not in SUFFIXES:
        pytest.skip(f"{path.suffix} is not read yet")
    report = extractor.extract_file(path)
    assert report.title is not None and report.title.startswith("云岭县")
    assert str(report.year) in path.name
    assert report.facts.get("disclosure.total") is not None
    assert report.facts.get("requests.received") is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_is_in_the_list(path: Path) -> None:
    assert f"| `{path.name}` |" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_web_page_contradicts_itself(extractor: govie.Extractor) -> None:
    report = extractor.extract_file(FOLDER / "baihe_2017.html")
    [finding] = [finding for finding in report.findings if finding.code == "text_table.mismatch"]
    assert [span.text for span in finding.evidence] == ["328条", "326"]
