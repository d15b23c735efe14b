"""Facts in prose, by rules. Read this first: how a number becomes a fact.

Sentence by sentence (:mod:`.context`), number by number, in this order:

1. its time (:mod:`.scope`): year and annual or cumulative, from the cues before it in its sentence;
2. its label (:mod:`.surroundings`): the words between it and the number before; for 分别为 and 均为 lists
   (:mod:`.lists`) the label that belongs to it;
3. the rules of ``data/prose.toml`` (:mod:`.rules`) decide requests, reviews, fees, staffing, training, response -
   and numbers of no concept; the words behind it may add an outcome (:mod:`.cases`);
4. what is left and counts items of information is a total, a channel's or a category's (:mod:`.disclosure`);
5. percentages are shares of the counts they stand beside (:mod:`.shares`);
6. statements of none are read separately (:mod:`.zeros`).

What is known while reading is kept in :mod:`.state`; which total a number is a part of is found in :mod:`.wholes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from ..normalise import Normalised
from ..records import Section
from ..taxonomy import concepts
from .cases import add_rule_facts, applicant_of
from .context import Sentence, sentences
from .disclosure import (
    among_categories,
    counts_items,
    follows_category,
    is_kind_of_interpretation,
    read_published,
    read_shared_label,
)
from .draft import Draft, ProseReading
from .lexicon import words
from .lists import each_labels
from .rules import Place, Rule, load_rules
from .scope import Time, times
from .shares import read_share
from .state import ReportState, SentenceState
from .told_forms import told_cells
from .zeros import Denial, denied_concepts, may_deny, section_concepts, zero_clauses

__all__ = ["read_prose", "states_facts"]

_FUTURE = words("future")
_CONNECTIVE = words("connective")
_SPAN_ONLY = words("span_only")
_SUMMED = words("summed")
_COMPARED_TIME = words("compared_time")
_BEFORE_BARE = words("before_bare_number")
_DENIAL_BEFORE = words("denial_before_one")
_DENIAL_AFTER = words("denial_after_number")
_SINCE_BEGINNING = re.compile("（?历年来?(?:累计|总计|合计|共计?)(?:为|是|有)?$")
_SINCE = words("zero_since")
_NOTHING_BUT_SUM = words("nothing_but_sum")
_DATE_OR_ITEM = re.compile("[年月日号.、]")  # behind a bare number: a date or an item number
_LABEL_BEFORE_COLON = re.compile("([^，。；：]{2,16})：[^：；]*$")
_CATEGORIES_TOO = frozenset(("response.interpretations", "none.motions", "none.documents", "none.documents_first"))
"""Rules for what can be a category as well."""
_MONEY = frozenset("元 万元 亿元".split())
_PEOPLE = frozenset("人 名 位".split())
_YEAR_IN_DIGITS = re.compile(r"\d{4}年")
_DIGITS = re.compile(r"\d+")
_SHORT_SENTENCE = 24
"""A sentence of a number alone, under a heading that says what it counts, is shorter than this."""


def read_prose(
    normalised: Normalised, sections: Sequence[Section], tables: Sequence[tuple[int, int]], *, year: int | None = None
) -> ProseReading:
    """Return what the prose of a report says, in normalised offsets.

    Args:
        normalised: the report's text.
        sections: its sections.
        tables: source spans to leave out.
        year: the report's year as far as it is known before reading; outcomes of requests have other names
            from 2019 on.
    """
    report = ReportState(load_rules(), year)
    found = tuple(sentences(normalised, sections, tables))
    for sentence in found:
        report.enter(sentence)
        if (sentence.numbers or may_deny(sentence.text)) and states_facts(sentence):
            if sentence.numbers:
                _read_numbers(report, sentence)
            _read_zeros(report, sentence)
        report.leave(sentence)
    return report.result(found)


def states_facts(sentence: Sentence) -> bool:
    """Return whether a sentence can state facts: problems and plans hold numbers, but none that say what was done."""
    return not any(kind.startswith("problems") for kind in sentence.kinds) and not _FUTURE.search(sentence.text)


def _read_numbers(report: ReportState, sentence: Sentence) -> None:
    state = SentenceState(report, sentence)
    for index, number in enumerate(sentence.numbers):
        if number.kind == "percent":
            _read_percentage(state, index)
        else:
            _read_number(state, index)
    last = report.drafts[-1] if report.drafts else None
    report.listing = last is not None and last.concept == "disclosure.by_category" and last.sentence == report.sentence


def _read_percentage(state: SentenceState, index: int) -> None:
    rule = state.rules.find(state.place(index, *state.around.labels(index)))
    if rule is not None and rule.concepts:
        add_rule_facts(state, index, rule)
    elif rule is None or rule.id != "none.growth":
        read_share(state, index)


def _read_number(state: SentenceState, index: int) -> None:
    """Find the label of a number and decide what it counts."""
    if _add_told_cells(state, index) or (state.numbers[index].kind == "bare" and not _bare_number_counts(state, index)):
        return
    if index in state.newly:
        _add_newly(state, index)
    elif index in state.respective:
        _decide(state, index, "".join(state.respective[index]), "")
    elif shared := each_labels(state.around.before(index)):
        _read_shared(state, index, shared)
    else:
        _read_labelled(state, index)


def _add_told_cells(state: SentenceState, index: int) -> bool:
    """行政许可：上一年项目数量5项，本年减少1项: the cells of the small tables."""
    if not state.tells_forms:
        return False
    number = state.numbers[index]
    gap = state.numbers[index - 1].end if index else 0
    forms = [form for form in state.rules.told_forms if form.era in (None, state.report.era)]
    cells = told_cells(forms, state.text, gap, number.start, number.unit)
    # 上一年 in a column's name is no year of its number, nor of those behind it.
    of_report_year = not _YEAR_IN_DIGITS.search(state.text)
    for cell in cells:
        time = Time(None, "annual", False) if of_report_year or cell.column.of_report_year else None
        state.add(index, cell.column.concept, f"told_form.{cell.form.id}", sign=cell.sign, time=time)
    return bool(cells)


def _bare_number_counts(state: SentenceState, index: int) -> bool:
    """Whether a number without a measure word is a count: 收到申请数：5."""
    around = state.around
    return bool(_BEFORE_BARE.search(around.before(index))) and not _DATE_OR_ITEM.match(around.after(index))


def _add_newly(state: SentenceState, index: int) -> None:
    """政府文件180条，新增31条: the same thing as the number before."""
    if (same := state.draft_of(index - 1)) is not None:
        state.add(index, same.concept, "newly", category=same.category, label=same.label)


def _read_shared(state: SentenceState, index: int, labels: Iterable[str]) -> None:
    """One number for several labels: 行政复议、行政诉讼均为0件."""
    for label in labels:
        rule = state.rules.find(state.place(index, label, ""))
        if rule is not None:
            add_rule_facts(state, index, rule)
        else:
            read_shared_label(state, index, label)


def _read_labelled(state: SentenceState, index: int) -> None:
    left, right = state.around.labels(index)
    number = state.numbers[index]
    if _SPAN_ONLY.match(left) and (lead := _LABEL_BEFORE_COLON.search(state.text, 0, number.start)):
        left = lead[1]  # 行政复议：本年度0件，历年累计1件
    # 没有一件, 一件也没有 are read as statements of none.
    denied = _DENIAL_AFTER.match(right) or (state.text[number.start] == "一" and _DENIAL_BEFORE.search(left))
    if not denied:
        _decide(state, index, left, right)


# ---- what a labelled number counts


def _decide(state: SentenceState, index: int, left: str, right: str) -> None:
    """Add the facts of a number with the words ``left`` and ``right`` as its labels."""
    if applicant := applicant_of(state, index, left, right):
        state.add(index, "requests.received", "requests.applicant", applicant=applicant)
        return
    if is_kind_of_interpretation(state, index):
        state.pass_over(index, "interpretation.kind")
        return
    rule = _rule(state, index, left, right)
    if state.numbers[index].value == 0 and (denials := _denied_by_zero(state, index, rule)):
        for denial in denials:
            state.add(index, denial.concept, denial.rule)
    elif rule is not None:
        add_rule_facts(state, index, rule)
    elif not (_add_by_heading(state, index, left) or _add_compared(state, index, left)) and counts_items(state, index):
        read_published(state, index, left, right)


def _rule(state: SentenceState, index: int, left: str, right: str) -> Rule | None:
    """The rule that decides: by the number's own labels, else by more of the words before it."""
    place = state.place(index, left, right)
    if place.unit in _MONEY:  # 免除1名申请人费用6元: what is said of the money stands before another number
        place = msgspec.structs.replace(place, left=_DIGITS.sub("#", state.around.clause(index)))
    rule = state.rules.find(place)
    if rule is None:
        rule = _rule_by_wider_label(state, index, place)
    if rule is not None and rule.id in _CATEGORIES_TOO and place.unit == "条" and among_categories(state, index):
        return None  # 政策解读9条 among categories is one of them
    if rule is not None and rule.id == "none.other_openness" and follows_category(state, index):
        return None  # 公告公示类96条、村务公开37条
    return rule


def _rule_by_wider_label(state: SentenceState, index: int, place: Place) -> Rule | None:
    for label in _wider_labels(state, index, place.left):
        rule = state.rules.find(msgspec.structs.replace(place, left=label))
        if rule is not None and rule.concepts and not rule.concepts[0].startswith("requests.carried"):
            return rule  # 新收7件，上年结转2件，合计9件: the sum is of both
    return None


def _wider_labels(state: SentenceState, index: int, left: str) -> Iterable[str]:
    """The clause, where the label is only connecting words; two clauses, where it says that this is a sum."""
    around = state.around
    clause = around.clause(index)
    if clause != left and _CONNECTIVE.match(left) and index not in state.respective:
        yield _DIGITS.sub("#", clause)
    if _SUMMED.match(left):
        yield _DIGITS.sub("#", around.two_clauses(index)).replace("各", "")


def _denied_by_zero(state: SentenceState, index: int, rule: Rule | None) -> list[Denial]:
    """行政复议、行政诉讼案件0件: one 0 for all that its clause names, if it names more than one thing."""
    clause = state.around.clause(index)
    if _NOTHING_BUT_SUM.match(clause):
        clause = state.around.two_clauses(index)  # 依申请公开和不予公开的政府信息，全年条数为0条
    decided = rule.concepts if rule is not None else ()
    if decided and decided != ("requests.received",) and not decided[0].endswith(".total"):
        return []
    if _DIGITS.search(clause):
        return []
    denials = list(denied_concepts(state.rules, clause, state.sentence.kinds))
    return denials if len(denials) > 1 else []


def _add_by_heading(state: SentenceState, index: int, left: str) -> bool:
    """五、行政复议情况 ⏎ 0宗。: a number alone is what its heading names; a 0 is for all it names."""
    if index or len(state.text) >= _SHORT_SENTENCE or (left and not _SPAN_ONLY.match(left)) or state.numbers[0].unit in _PEOPLE:
        return False
    named = section_concepts(state.sentence.kinds, state.sentence.headings)
    if not named or (state.numbers[index].value and len(named) > 1):
        return False
    for concept in named:
        state.add(index, concept, "heading")
    return True


def _add_compared(state: SentenceState, index: int, left: str) -> bool:
    """比上年的178条: the same thing as the last number on its bracket level, else as the whole; of another year."""
    if _of_all_years(state, index, left):
        same = state.draft_of(index - 1)
    elif _COMPARED_TIME.match(left):
        same = _compared_with(state, index)
    else:
        return False
    if same is None:
        return False
    state.add(index, same.concept, "comparison", category=same.category)
    return True


def _of_all_years(state: SentenceState, index: int, left: str) -> bool:
    """本年度受理5件，历年累计22件: the same thing as the number before, from the beginning."""
    return bool(index and _SINCE_BEGINNING.match(left)) and state.numbers[index].unit == state.numbers[index - 1].unit


def _compared_with(state: SentenceState, index: int) -> Draft | None:
    number = state.numbers[index]
    depth = state.around.depth(number.start)
    for place in reversed(state.wholes.draft_of.values()):
        draft = state.report.drafts[place]
        if draft.depth <= depth and draft.unit == number.unit:
            return draft
    whole = state.wholes.current
    return None if whole is None else state.report.drafts[whole]


# ---- statements of none


def _read_zeros(report: ReportState, sentence: Sentence) -> None:
    found = list(zero_clauses(report.rules, sentence.text, sentence.kinds, sentence.headings, sentence.alone))
    if not found:
        return
    clock = times(sentence.text, [zero.end for zero in found], report.year)
    for zero, time in zip(found, clock, strict=True):
        since = _SINCE.search(sentence.text, 0, zero.end)  # 截至年底没有 is no more than the year's none
        report.drafts.append(
            Draft(
                concept=zero.concept,
                category=None,
                value=0,
                unit=concepts()[zero.concept].unit,
                time=time if since else time.with_scope("annual"),
                approximate=False,
                start=sentence.start + zero.start,
                end=sentence.start + zero.end,
                section=sentence.kind,
                rule=zero.rule,
                sentence=report.sentence,
                origin="zero",
            )
        )
