"""What the rules read in a sentence: the cases of ``tests/cases``, each fact with its place, and each rule used."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from govie.facts import draft_facts, read_prose
from govie.facts.lexicon import lexicon_ids
from govie.facts.rules import Place, Rule, Rules, load_rules
from govie.interchange import inline
from govie.normalise import Normalised
from govie.numerals import find_numbers
from govie.readers import read_text
from govie.records import Fact
from govie.sections import find_sections

CASES = Path(__file__).parent / "cases"
FACTS = Path(__file__).parent.parent / "govie" / "facts"
HEADINGS = {
    "disclosure": "主动公开政府信息情况",
    "requests": "依申请公开政府信息情况",
    "review_litigation": "行政复议、行政诉讼情况",
    "complaints": "举报投诉情况",
    "fees": "收费及减免情况",
    "staffing": "机构建设和人员情况",
    "training": "会议和培训情况",
    "response": "回应解读情况",
    "problems": "存在的主要问题及改进情况",
}
Found = set[tuple[object, ...]]


LINES = {
    f"{path.stem}:{number}": line
    for path in sorted(CASES.glob("*.txt"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    if line and not line.startswith("#")
}


def read(text: str, year: int) -> list[Fact]:
    normalised = Normalised(text)
    reading = read_prose(normalised, find_sections(read_text(text), ()), (), year=year)
    return draft_facts(normalised, reading.drafts, year)


def parse(line: str) -> tuple[str, int, Found]:
    """The text of a case, its year, and its facts."""
    match = re.fullmatch(r"([a-z_]+)(?: (\d{4}))?: (.+)", line)
    assert match, f"no case: {line}"
    year = int(match[2] or 2017)
    body = f"一、{HEADINGS[match[1]]}\n{match[3]}\n".replace("¶", "\n")
    annotated = inline.parse("case", f"---\nyear: {year}\ntown: 鹭渡镇\n---\n{body}")
    spans = {span.id: (span.start, span.end) for span in annotated.spans}
    expected = {
        (fact.concept, fact.category, fact.applicant, fact.value, fact.unit, fact.scope, fact.year, fact.approximate,
         *spans[fact.span])
        for fact in annotated.facts
    }  # fmt: skip
    return annotated.text, year, expected


def found(facts: list[Fact]) -> Found:
    return {
        (fact.concept, fact.category, fact.applicant, fact.value, fact.unit, fact.scope, fact.year, fact.approximate,
         fact.start, fact.end)
        for fact in facts
    }  # fmt: skip


@pytest.mark.parametrize("line", tuple(LINES.values()), ids=tuple(LINES))
def test_sentence(line: str) -> None:
    text, year, expected = parse(line)
    facts = read(text, year)
    assert found(facts) == expected
    assert all(text[fact.start : fact.end] == fact.text for fact in facts)


def test_every_rule_decides_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that no case needs is no rule, or lacks a case."""
    used: set[str] = set()
    find = Rules.find

    def noting(rules: Rules, place: Place) -> Rule | None:
        rule = find(rules, place)
        if rule is not None:
            used.add(rule.id)
        return rule

    monkeypatch.setattr(Rules, "find", noting)
    for line in LINES.values():
        text, year, _ = parse(line)
        facts = read(text, year)
        used |= {fact.rule for fact in facts if fact.rule}
        used |= {f"applicant.{fact.applicant}" for fact in facts}
    rules = load_rules()
    wanted = {rule.id for rule in rules.numbers} | {rule.id for rule in rules.zeros}
    wanted |= {f"channel.{channel.id}" for channel in rules.channels}
    wanted |= {outcome.id for outcomes in rules.behind.values() for outcome in outcomes}
    wanted |= {f"applicant.{applicant}" for applicant, _ in rules.applicants}
    wanted |= {f"told_form.{form.id}" for form in rules.told_forms}
    assert sorted(wanted - used) == []


def test_ids_of_rules_are_unique() -> None:
    rules = load_rules()
    ids = [rule.id for rule in rules.numbers] + [rule.id for rule in rules.zeros]
    assert len(ids) == len(set(ids))


def test_lexicon_is_used() -> None:
    """Every entry is named in the code or in another entry, and no code names one that is not there."""
    code = "".join(path.read_text(encoding="utf-8") for path in FACTS.glob("*.py"))
    named = set(re.findall(r'words\("([a-z_]+)"\)', code))
    lexicon = (FACTS.parent / "data" / "lexicon.toml").read_text(encoding="utf-8")
    referred = set(re.findall(r"\{([a-z_]+)\}", lexicon))
    assert named - lexicon_ids() == set()
    assert lexicon_ids() - named - referred == set()


# --- sentences that go on ---------------------------------------------------------------------------------------


def test_parts_in_the_next_sentence_have_the_time_of_their_total() -> None:
    facts = read("一、主动公开情况\n截至2016年底，累计公开信息90条。其中会议类40条、财政类50条。\n", 2017)
    assert {(fact.category, fact.scope, fact.year) for fact in facts} == {
        (None, "cumulative", 2016),
        ("会议", "cumulative", 2016),
        ("财政", "cumulative", 2016),
    }


def test_a_broken_line_is_joined() -> None:
    facts = read("一、主动公开情况\n全年主动公开政府信息共计\n66条，方便群众。\n", 2017)
    assert [(fact.concept, fact.value) for fact in facts] == [("disclosure.total", 66)]


def test_a_section_ends_a_whole() -> None:
    text = "一、主动公开情况\n公开信息90条。\n二、其他事项\n其中会议类40条。\n"
    assert [fact.category for fact in read(text, 2017)] == [None]


def test_a_report_reads_the_same_after_another() -> None:
    first, second = "一、主动公开情况\n公开信息90条。\n", "一、主动公开情况\n其中会议类40条、财政类50条。\n"
    alone = read(second, 2017)
    read(first, 2017)
    assert read(second, 2017) == alone


# --- any text -------------------------------------------------------------------------------------------------

UNITS = (
    "其中1条，", "网站1条、", "一", "1", "1,", "（", "（1条", "1条）", "没有", "自2017年", "截至", "1%", "1a", "1条", "条1", "其中1条",
    "代表建议公开", "对申请复议", "分别1条、", "占1%，", "点击：1次，", "1.", "1-", "a@", "比上年", "〔2017〕", "均为0件、", "信息类1条、",
    "未收到申请、", "新增1条，", "1条\n", "“", "《", "行政复议0件、", "通过网站", "*", "申请", "、", "因公开申请",
)  # fmt: skip
LENGTH = 20_000
SECONDS = 0.6
"""Twice what is aimed at, for machines that are slow or shared; quadratic work takes many times that."""


@pytest.mark.parametrize("heading", ["主动公开政府信息情况", "依申请公开政府信息情况"])
@pytest.mark.parametrize("unit", UNITS)
def test_time_is_in_proportion_to_length(unit: str, heading: str) -> None:
    text = f"一、{heading}\n主动公开政府信息" + unit * (LENGTH // len(unit)) + "条"
    sections = find_sections(read_text(text), ())
    began = time.process_time()
    normalised = Normalised(text)
    read_prose(normalised, sections, (), year=2017)
    find_numbers(normalised.text)
    assert time.process_time() - began < SECONDS
