"""Year and scope of a number, by the cues before it."""

from __future__ import annotations

import pytest

from govie.facts.scope import times
from govie.numerals import find_numbers


def scopes(text: str, year: int | None = 2017) -> list[tuple[int | str | None, str]]:
    """Year (or offset, as text) and scope of each number."""
    clock = times(text, [number.start for number in find_numbers(text)], year)
    return [(f"{time.offset}" if time.offset else time.year, time.scope) for time in clock]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公开信息5条", [(None, "annual")]),
        ("2017年公开信息5条", [(2017, "annual")]),
        ("二〇一六年公开信息5条", [(2016, "annual")]),
        ("全年累计公开信息5条", [(None, "annual")]),
        ("累计公开信息5条", [(None, "cumulative")]),
        ("历年累计公开信息5条", [(None, "cumulative")]),
        ("全年公开5条，累计公开50条", [(None, "annual"), (None, "cumulative")]),
        ("自2008年以来公开信息5条", [(None, "cumulative")]),
        ("今年以来公开信息5条", [(None, "annual")]),
        ("自年初以来公开信息5条", [(None, "annual")]),
        ("从源头抓起，公开信息5条", [(None, "annual")]),
        ("截至2017年底，共公开信息5条", [(2017, "cumulative")]),
        ("截至2017年底，公开信息5条", [(2017, "annual")]),
        ("2017年，截至12月31日共公开信息5条", [(2017, "annual")]),
        ("截至去年底，共公开信息5条", [("-1", "cumulative")]),
        ("1月至12月累计公开信息5条", [(None, "annual")]),
        ("2015至2017年公开信息5条", [(2017, "cumulative")]),
        ("上年公开5条", [("-1", "annual")]),
        ("去年全年公开5条，今年公开6条", [("-1", "annual"), (None, "annual")]),
        ("公开6条，比上年的5条多，其中网站3条", [(None, "annual"), ("-1", "annual"), (None, "annual")]),
        ("上年结转2件", [(None, "annual")]),
        ("2016年结转的2件", [(None, "annual")]),
        ("《2016年工作要点》公开5条", [(None, "annual")]),
        ("2004年退耕还林台账5条", [(None, "annual")]),
        ("2016年度工作报告5条", [(None, "annual")]),
        ("公开5条（累计9条）", [(None, "annual"), (None, "annual")]),
    ],
)
def test_times(text: str, expected: list[tuple[int | str | None, str]]) -> None:
    assert scopes(text) == expected


def test_a_far_year_counts_where_the_reports_is_unknown() -> None:
    assert scopes("2004年公开信息5条", None) == [(2004, "annual")]


def test_a_time_may_be_changed_and_inherited() -> None:
    (time,) = times("累计5条", [2])
    assert time.named
    assert time.with_scope("annual").scope == "annual"
    assert not time.inherited().named
