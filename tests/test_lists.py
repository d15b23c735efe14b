"""Labels that stand apart from their numbers."""

from __future__ import annotations

import pytest

from govie.facts.lists import each_labels, respective_labels, split_labels
from govie.numerals import find_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会议、财政、人事分别为5条、6条、7条", {0: "会议", 1: "财政", 2: "人事"}),
        ("会议类和财政类分别公开5条和6条", {0: "会议类", 1: "财政类"}),
        ("会议、财政等两类信息分别为5条、6条", {1: "会议", 2: "财政"}),
        ("共11条，会议、财政依次5条、6条", {1: "会议", 2: "财政"}),
        ("会议分别为5条、6条", {}),
        ("分别为5条、6条", {}),
        ("会议5条、财政6条", {}),
    ],
)
def test_respective_labels(text: str, expected: dict[int, str]) -> None:
    found = respective_labels(text, find_numbers(text))
    assert {index: label for index, (label, _) in found.items()} == expected


@pytest.mark.parametrize(
    ("before", "labels"),
    [
        ("行政复议、行政诉讼均为", ["行政复议", "行政诉讼"]),
        ("全年，微博、微信各", ["微博", "微信"]),
        ("举报和投诉都是", ["举报", "投诉"]),
        ("网站各", []),
        ("行政复议、行政诉讼", []),
        ("", []),
    ],
)
def test_each_labels(before: str, labels: list[str]) -> None:
    assert each_labels(before) == labels


def test_split_labels_keeps_words_whole() -> None:
    assert split_labels("公共和谐、及时和解以及平安") == ["公共和谐", "及时和解", "平安"]
