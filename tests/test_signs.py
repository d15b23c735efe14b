"""The characters by which rules are passed over: no rule may be passed over that would match."""

from __future__ import annotations

import re

import pytest

from govie.facts.rules import load_rules
from govie.facts.signs import required_words, signs


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("甲乙", {"甲乙"}),
        ("甲|乙丙", {"甲", "乙丙"}),
        ("(?:甲|乙)?丙", {"丙"}),
        ("(?:甲|乙)丙№", {"丙"}),
        ("(?:甲子|乙丑)+[^丁]*№", {"甲子", "乙丑"}),
        ("甲|[乙丙]", set()),
        ("甲*", set()),
        ("(?!甲)乙", {"乙"}),
        ("(?<=甲)(?:乙丑|丙寅)", {"乙丑", "丙寅"}),
        ("(?i)a", set()),
        ("№", set()),
    ],
)
def test_required_words(pattern: str, words: set[str]) -> None:
    assert required_words(re.compile(pattern), but="№") == words


def test_signs_take_the_rarest_character() -> None:
    assert signs([frozenset({"公开栏"}), frozenset({"公开", "公告"})])[0] == {"栏"}


def test_every_number_rule_but_few_has_signs() -> None:
    without = [rule.id for rule in load_rules().numbers if not required_words(rule.pattern, but="№")]
    assert len(without) <= 4
