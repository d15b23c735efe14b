"""Statements that there was none, and those that say something else."""

from __future__ import annotations

import pytest

from govie.facts.rules import load_rules
from govie.facts.zeros import section_concepts, zero_clauses

REQUESTS = ("requests", "依申请公开情况")
CASES = ("review_litigation", "行政复议、行政诉讼情况")
FEES = ("fees", "收费及减免情况")
OTHER = ("other", "其他需要报告的事项")


def denied(text: str, section: tuple[str, str], alone: bool = False) -> dict[str, str]:
    """Each concept denied with the words that deny it."""
    kind, heading = section
    found = zero_clauses(load_rules(), text, (kind,), (heading,), alone)
    return {zero.concept: text[zero.start : zero.end] for zero in found}


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        ("全年未收到公开申请。", REQUESTS, {"requests.received": "全年未收到公开申请"}),
        ("未收到当面、传真等形式的申请。", REQUESTS, {"requests.received": "未收到当面、传真等形式的申请"}),
        ("没有当面申请。", REQUESTS, {"requests.received.in_person": "没有当面申请"}),
        ("未发生行政复议，也没有行政诉讼。", CASES, {"review.total": "未发生行政复议", "litigation.total": "也没有行政诉讼"}),
        ("行政复议、行政诉讼方面，未发生。", CASES, dict.fromkeys(("review.total", "litigation.total"), "行政复议、行政诉讼方面，未发生")),
        ("因公开申请引起的行政复议没有发生。", CASES, {"review.total": "因公开申请引起的行政复议没有发生"}),
        ("此类情况没有发生。", CASES, dict.fromkeys(("review.total", "litigation.total"), "此类情况没有发生")),
        ("实行免费，未收取费用。", FEES, {"fees.charged": "未收取费用"}),
        ("对申请人免费提供查阅服务。", OTHER, {}),
        ("未按时答复的情况已整改。", REQUESTS, {}),
        ("未来公开申请会更多。", REQUESTS, {}),
        ("申请信息不存在3例。", REQUESTS, {}),
        ("没有专人办理申请。", REQUESTS, {}),
        ("申请均及时办理。", REQUESTS, {}),
        ("无泄密事件。", OTHER, {}),
    ],
)  # fmt: skip
def test_zero_clauses(text: str, section: tuple[str, str], expected: dict[str, str]) -> None:
    assert denied(text, section) == expected


@pytest.mark.parametrize("text", ["无。", "没有。", "本年度未发生。", "全年我镇未发生此类情况。", "暂无"])
def test_a_bare_denial_is_of_the_heading(text: str) -> None:
    assert set(denied(text, CASES, alone=True)) == {"review.total", "litigation.total"}


def test_a_bare_denial_under_another_heading_is_of_nothing() -> None:
    assert denied("无。", OTHER, alone=True) == {}


def test_a_clause_without_commas_is_not_read_for_ever() -> None:
    assert denied("没有" + "事" * 200 + "申请。", REQUESTS) == {}


@pytest.mark.parametrize(
    ("kind", "heading", "concepts"),
    [
        ("requests", "依申请公开和不予公开情况", ["requests.received", "requests.outcome.refused"]),
        ("review_litigation", "行政诉讼情况", ["litigation.total"]),
        ("fees", "收费及减免情况", ["fees.charged"]),
        ("complaints", "申诉情况", ["complaints.total"]),
        ("review_litigation", "（二）其他", ["review.total", "litigation.total"]),
        ("other", "其他需要报告的事项", []),
    ],
)
def test_section_concepts(kind: str, heading: str, concepts: list[str]) -> None:
    assert section_concepts((kind,), (heading,)) == concepts
