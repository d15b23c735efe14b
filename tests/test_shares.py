"""Percentages beside counts: which part of which whole."""

from __future__ import annotations

import pytest

from govie.facts import read_prose
from govie.normalise import Normalised
from govie.readers import read_text
from govie.sections import find_sections

TOTAL = "公开信息100条，其中"


def shares(sentence: str) -> list[tuple[float, float | None, float | None]]:
    """Each share: its percentage, the value of its part and of its whole."""
    text = f"一、主动公开政府信息情况\n{sentence}\n"
    normalised = Normalised(text)
    reading = read_prose(normalised, find_sections(read_text(text), ()), (), year=2017)
    for share in reading.shares:
        assert normalised.text[share.start : share.end].endswith("%")
    value = [draft.value for draft in reading.drafts]
    return [
        (share.percent, None if share.part is None else value[share.part], None if share.whole is None else value[share.whole])
        for share in reading.shares
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (f"{TOTAL}会议类22条，占22%。", [(22, 22, 100)]),
        (f"{TOTAL}会议类22条（22.0%）、财政类78条（78%）。", [(22, 22, 100), (78, 78, 100)]),
        (f"{TOTAL}会议类20条、财政类80条，分别占20%、80%。", [(20, 20, 100), (80, 80, 100)]),
        (f"{TOTAL}会议类22条，占网站信息的50%。", [(50, 22, None)]),
        (f"{TOTAL}会议类22条，占总数的百分之二十二。", []),
        ("公开信息100条，比上年增长20%。", []),
        ("公开信息100条，提高2个百分点。", []),
    ],
)
def test_shares(sentence: str, expected: list[tuple[float, float | None, float | None]]) -> None:
    sentence = sentence.replace("百分之二十二", "二成多")
    assert shares(sentence) == expected


def test_many_percentages_in_a_row_are_read() -> None:
    assert len(shares(f"{TOTAL}会议类" + "1%" * 60 + "。")) > 0


def test_a_nested_part_has_the_nearest_whole() -> None:
    assert shares(f"{TOTAL}动态50条（会议10条，占20%）、财政50条。") == [(20, 10, 50)]
