"""Statements that there was none: 未收到申请, 没有发生行政复议、行政诉讼, 实行免费, 无.

The words that deny (未 没有 无 零 …) and what they are said of are looked for clause by clause; what is denied is
looked up in the ``zero`` rules of ``data/prose.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .lexicon import words
from .rules import Rules

__all__ = ["Denial", "Zero", "denied_concepts", "may_deny", "section_concepts", "zero_clauses"]

_CLAUSE = re.compile(r"[^，；。！？\n\t]+")
_NEGATION = words("negation")
_OTHER_NEGATION = words("other_negation")
_MAY_DENY = words("may_deny")
_CAUSE = words("cause")
_NOT_A_REQUEST = words("not_a_request")
_BARE_DENIAL = words("bare_denial")
_COUNTED = words("counted")
_NOT_CHARGED = words("not_charged")
_SUCH_CASE = words("such_case")
_OPENS_DENIAL = words("opens_denial")
_REQUESTS_AS_SUCH = words("requests_as_such")
_CASES_IN_HEADING = words("cases_in_heading")
_FEES_IN_HEADING = words("fees_in_heading")
_COMPLAINTS_IN_HEADING = words("complaints_in_heading")
_REQUESTS_IN_HEADING = words("requests_in_heading")
_KIND_CONCEPTS = {
    "requests": ("requests.received",),
    "review_litigation": ("review.total", "litigation.total"),
    "fees": ("fees.charged",),
    "complaints": ("complaints.total",),
}
_LONGEST_CLAUSE = 160
"""Characters; a denial in a longer clause is not read (text that has lost its commas says nothing sure)."""
_SHORT_CLAUSE = 24
_FEW_CHANNELS = 18
"""A clause that denies single ways of applying (没有当面和传真申请) is not longer than this."""


class Denial(msgspec.Struct, frozen=True):
    """A concept of which there was none, and the rule that says so."""

    concept: str
    rule: str


class Zero(msgspec.Struct, frozen=True):
    """A denial with its place: ``start`` and ``end`` in the sentence cover the clause that says so."""

    concept: str
    rule: str
    start: int
    end: int


def may_deny(text: str) -> bool:
    """Return whether a sentence has any of the signs of a denial."""
    return _MAY_DENY.search(text) is not None


def zero_clauses(
    rules: Rules, text: str, kinds: tuple[str, ...], headings: tuple[str, ...], alone: bool
) -> Iterator[Zero]:
    """Yield what a sentence (normalised) says there was none of.

    Args:
        rules: the rules.
        text: the sentence.
        kinds: the kinds of its section.
        headings: the headings above it.
        alone: whether it is its section's whole body, so that a bare 无 is said of the heading.
    """
    if not may_deny(text):
        return
    if (alone or _SUCH_CASE.search(text)) and _BARE_DENIAL.match(text.strip()):
        for concept in section_concepts(kinds, headings):
            yield Zero(concept, "zero.bare", 0, len(text.rstrip("。！；")))
        return
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    for index, (start, end) in enumerate(clauses):
        clause = text[start:end]
        if not _denies(clause):
            continue
        denials = list(denied_concepts(rules, clause, kinds, headings))
        if _COUNTED.search(clause):
            charge = "元" not in clause and _NOT_CHARGED.search(clause)
            denials = [denial for denial in denials if charge and denial.concept == "fees.charged"]
            if not denials:
                continue  # a clause that counts something denies nothing but a charge for it (3件申请未收取费用)
        if not denials and len(clause) <= _SHORT_CLAUSE:
            before, before_end = clauses[index - 1] if index else (start, start)
            if denials := _denied_before(rules, text[before:before_end], text[before:end], kinds):
                start = before
            elif _SUCH_CASE.search(clause) or _BARE_DENIAL.match(clause):
                denials = [Denial(concept, "zero.such") for concept in section_concepts(kinds, headings)]
        for denial in denials:
            yield Zero(denial.concept, denial.rule, start, end)


def _denies(clause: str) -> bool:
    if len(clause) > _LONGEST_CLAUSE or not _NEGATION.search(clause):
        return False
    return bool(_NEGATION.search(_OTHER_NEGATION.sub("", clause)))


def _denied_before(rules: Rules, before: str, both: str, kinds: tuple[str, ...]) -> list[Denial]:
    """A denial without an object: 行政复议、行政诉讼方面，未发生."""
    if not before or not _OPENS_DENIAL.search(before) or _denies(before) or len(both) > _LONGEST_CLAUSE:
        return []
    return list(denied_concepts(rules, both, kinds))


def denied_concepts(rules: Rules, clause: str, kinds: tuple[str, ...], headings: tuple[str, ...] = ()) -> Iterator[Denial]:
    """Yield each thing that a denying clause names, in a section of these kinds under these headings."""
    of_requests = _NOT_A_REQUEST.sub("", _CAUSE.sub("", clause)) if "申请" in clause else clause
    for rule in rules.zeros:
        named = clause
        if rule.concepts == ("requests.received",):
            named = of_requests
            if rule.id == "zero.requests" and (channels := _denied_channels(rules, named, kinds, headings)):
                yield from (Denial(concept, "zero.requests_channel") for concept in channels)
                continue
        if rule.denies(named, kinds):
            yield from (Denial(concept, rule.id) for concept in rule.concepts)


def _denied_channels(rules: Rules, clause: str, kinds: tuple[str, ...], headings: tuple[str, ...]) -> list[str]:
    """没有当面和传真申请 denies these two; 未收到当面、传真等形式的申请 denies all requests."""
    of_requests = "申请" in clause or "requests" in kinds or _REQUESTS_IN_HEADING.search("".join(headings[-1:]))
    if len(clause) > _FEW_CHANNELS or not of_requests or _REQUESTS_AS_SUCH.search(clause):
        return []
    named = [concept for concept, pattern in rules.ways_of_applying if pattern.search(clause)]
    return named if len(named) < len(rules.ways_of_applying) else []


def section_concepts(kinds: tuple[str, ...], headings: tuple[str, ...]) -> list[str]:
    """Return the concepts that a bare 无 denies: those of the section, as far as its heading names them."""
    nearest = headings[-1] if headings else ""
    named = []
    if "复议" in nearest:
        named.append("review.total")
    if "诉讼" in nearest:
        named.append("litigation.total")
    if _FEES_IN_HEADING.search(nearest):
        named.append("fees.charged")
    if _COMPLAINTS_IN_HEADING.search(nearest):
        named.append("complaints.total")
    if _REQUESTS_IN_HEADING.search(nearest) and not _CASES_IN_HEADING.search(nearest):
        named.append("requests.received")
        if "不予公开" in nearest:
            named.append("requests.outcome.refused")
    return named or [concept for kind in kinds for concept in _KIND_CONCEPTS.get(kind, ())]
