"""What several test files share: where the sample reports are, and an extractor that works by rules alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import govie

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def extractor() -> govie.Extractor:
    return govie.load(model=None)


@pytest.fixture(scope="session")
def liuqiao(extractor: govie.Extractor) -> govie.Report:
    """The report of the invented town 柳桥镇 for 2017: prose only, nothing wrong with it."""
    return extractor.extract_file(DATA / "liuqiao_2017.txt")


@pytest.fixture(scope="session")
def baitang(extractor: govie.Extractor) -> govie.Report:
    """The report of the invented town 白塘镇 for 2022: a GB18030 page with tables of the 2021 format."""
    return extractor.extract_file(DATA / "baitang_2022.html")
