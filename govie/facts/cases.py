"""Requests, reviews and lawsuits: what the words around a number add to what its rule says.

Who applied (自然人5件), and the outcome that is said behind the number (复议1件，予以维持): a fact of its own, beside
the number's.
"""

from __future__ import annotations

import re

from ..records import Applicant
from .lexicon import words
from .rules import Rule
from .state import SentenceState

__all__ = ["add_rule_facts", "applicant_of"]

_CONNECTIVE = words("connective")
_REFUSED = words("refused")
_BY_APPLICANT = re.compile("申请人(?:里|中|构成|类型|身份|情况|方面|看|分|为|：)")
_SHORT_LABEL = 12
_NO_CASES = frozenset("期 人 名 人次".split())
_ON_TIME = "requests.closed.on_time"
_LATE = re.compile("延期|延长|逾期")
_RECEIVED = "requests.received"
_REFUSAL = "requests.outcome.refused"


def add_rule_facts(state: SentenceState, index: int, rule: Rule) -> None:
    """Add the facts of a number that ``rule`` decides: none if the rule says it is of no concept."""
    if not rule.concepts:
        if not _add_outcome_behind(state, index, rule.id):
            state.pass_over(index, rule.id)
        return
    time = state.clock[index].with_scope("annual") if rule.annual else None
    for concept in rule.concepts:
        state.add(index, concept, rule.id, time=time)
    if rule.concepts == (_ON_TIME,) and _is_all_closed(state):
        state.add(index, "requests.closed", f"{rule.id}.all")
    if rule.concepts[0].startswith(f"{_REFUSAL}.") and _REFUSED.search(state.around.labels(index)[0]):
        state.add(index, _REFUSAL, f"{rule.id}.refused")  # 因涉及个人隐私不予公开1件
    _add_outcome_behind(state, index, rule.concepts[0])


def _is_all_closed(state: SentenceState) -> bool:
    """Whether 按时办结4件 says how many were closed at all: no other number says so, and none was late."""
    if _LATE.search(state.text):
        return False
    return all(draft.concept != "requests.closed" for draft in state.report.drafts)


def _add_outcome_behind(state: SentenceState, index: int, concept: str) -> bool:
    """不予公开1件（涉及个人隐私）, 复议1件，予以维持: the words behind the number name the child as well.

    ``concept`` may be the id of a rule for a parent that is no concept itself: 不予处理1件（重复申请）. Says whether one was found.
    """
    behind = state.rules.behind.get(concept)
    if behind is None or state.numbers[index].value == 0:
        return False
    gap = state.around.after(index)
    if concept == _REFUSAL:
        gap = state.around.before(index) + gap  # 因涉及商业秘密，不予公开1件
    if index + 1 < len(state.numbers):
        # Words that run on into the next number are its label (3宗，其中维持2宗), not this one's result.
        gap = gap[: max(map(gap.rfind, "，；。）")) + 1]
    found = False
    for outcome in behind:
        if outcome.pattern.search(gap):
            state.add(index, outcome.concept, outcome.id)
            found = True
            if concept != _RECEIVED:
                break  # a refusal has one reason, a case one result; requests have a way they came and an end
    return found


def applicant_of(state: SentenceState, index: int, left: str, right: str) -> Applicant | None:
    """Return the applicant that a count of requests is given for (自然人5件、律所1件), None if it is given for none."""
    whole = state.wholes.concept
    told = whole.startswith("requests.") and len(left) <= _SHORT_LABEL and _BY_APPLICANT.search(state.text, 0, state.numbers[index].start)
    if (whole != "requests.received" and not told) or state.numbers[index].unit in _NO_CASES:
        return None
    place = right if _CONNECTIVE.match(left) else ""
    for applicant, pattern in state.rules.applicants:
        if pattern.search(left) or (place and pattern.search(place)):
            return applicant
    return None
