"""The normalised twin of a text, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.normalise import Normalised, collapse

TEXTS = st.text(alphabet="１2，,.。（(:：a条公開 \u3000\u200b\n\t报（gong）", max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("１，０84　条", "1，084条"),
        ("1 , 084条", "1,084条"),
        ("5,6,7条", "5，6，7条"),
        ("12,345", "12,345"),
        ("公开(5条),共3条;好?", "公开（5条），共3条；好？"),
        ("8：30", "8:30"),
        ("共：30", "共：30"),
        ("报告.\n二", "报告。\n二"),
        ("1.5万元", "1.5万元"),
        ("報(bào)告", "报告"),
        ("經濟", "经济"),
        ("a\rb\u2028c\td", "a\nb\nc\td"),
        ("50％", "50%"),
    ],
)
def test_text(source: str, text: str) -> None:
    assert Normalised(source).text == text


def test_a_plain_text_is_its_own_twin() -> None:
    normalised = Normalised("公开信息6条。")
    assert normalised.text == normalised.source
    assert normalised.to_source(4, 6) == (4, 6)
    assert normalised.from_source(4) == 4


def test_offsets_lead_back_without_the_blanks_at_the_edges() -> None:
    normalised = Normalised("共 1 , 084 条。")
    start = normalised.text.index("1,084条")
    begin, end = normalised.to_source(start, start + len("1,084条"))
    assert normalised.source[begin:end] == "1 , 084 条"


@given(TEXTS)
def test_each_character_leads_back_to_the_one_it_came_from(source: str) -> None:
    normalised = Normalised(source)
    places = [normalised.to_source(place, place + 1) for place in range(len(normalised.text))]
    assert all(end == start + 1 for start, end in places)
    assert places == sorted(set(places))
    for place, (start, _) in enumerate(places):
        assert normalised.from_source(start) == place
        if source[start].isdigit() and source[start].isascii():
            assert normalised.text[place] == source[start]


@given(TEXTS)
def test_places_in_the_source_keep_their_order(source: str) -> None:
    normalised = Normalised(source)
    places = [normalised.from_source(offset) for offset in range(len(source) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(normalised.text)


@given(TEXTS)
def test_no_blanks_are_left(source: str) -> None:
    assert not set(Normalised(source).text) & set(" \u3000\u200b\u00a0\r")
    assert not any(char.isspace() for char in collapse(source))


def test_collapse() -> None:
    assert collapse(" 概 \n\t述 ") == "概述"
