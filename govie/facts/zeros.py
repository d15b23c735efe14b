"""Statements that there was none: 未收到申请, 没有发生行政复议、行政诉讼, 实行免费, 无.

The words that deny (未 没有 无 零 …) and what they are said of are looked for clause by clause; what is denied is
looked up in the ``zero`` rules of ``data/prose.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .rules import Rules

__all__ = ["denied_concepts", "section_concepts", "zero_clauses"]

_CLAUSE = re.compile(r"[^，；。！？\n\t]+")
_NEGATION = re.compile(
    r"没有|未(?!来|必|成年|央)|无(?!正当|关|法|偿|障碍|论|须|需|疑|线|纸|缝|处|所|锡|为|极|棣|逾期|超期|失|泄|差错|积压|遗漏|人机)|没(?=有|收|接|人|发)|从未|尚无|暂无|均无|不存在(?!数)|零(?=申请|收费|投诉|诉讼|复议|举报|件|受理|起|宗)|分文|不涉及|未涉及|并未|免费|免收|不收取?|没收|0申请|一(?:件|起|次|宗|条)(?:也|都)没"
)
# Negations that say something else: deadlines kept, work not done well, conditions.
_OTHER = re.compile(
    r"未(?:按|及时|能|经|公开的|予公开|主动|建立|完善|更新|形成|达到|超过|超出|超期|逾期|解决|完全|充分|真正|开通|单独|另行|承办|安排|列入|纳入)|"
    r"(?:尚|仍)?未(?:作出(?!不予)|审结|判决|开庭|结案|办结)|没有(?:专人|单独|及时|完全|规定|明确|按|出现(?:失|泄)|发生(?:失|泄)|其他|需要)|无(?:失|泄|涉密)|泄密|失密|差错|不(?:少于|低于)|无一"
)
_CAUSE = re.compile(r"(?:因|由于|针对|就|围绕|涉及|对)[^，；。]*?(?:申请|公开|信息)[^，；。、]*?(?=(?:引起|引发|导致|产生|发生|提起|提出|被|而|的|的?行政)?[^，；。、]{0,8}(?:复议|诉讼|举报|投诉|申诉|收费|费用|收取))")
_NOT_REQUEST = re.compile(
    r"(?:申请|依申请公开|公开申请)(?:人)?[^，；。、和及]{0,16}?(?=复议|诉讼|收费|费用|收取|举报|投诉|减免|免费|不收)|复议申请|申请(?:行政)?复议|申请(?:减免|免)|向申请人|对申请人|申请人"
)
_BARE = re.compile(
    r"^(?:本年度?|今年|全年|年内|\d{4}年度?)?，?(?:我|本|全|该)?(?:镇|乡|街道|局|机关|单位|办|办事处|镇政府|乡政府)?，?(?:一(?:件|起|次|宗)(?:也|都)没有|皆无|均无|无|没有|暂无|未发生|无此类情况|无此项|无相关情况|没有发生|零|无申请|未发生过?|没有相关情况|无情况|没有此类情况|无此情况|未涉及|不涉及|无发生|尚未发生|为零)(?:此类|上述|相关|该类|此项|这类|有关|以上)?(?:的)?(?:情况|事项|情形|现象|问题|事件|业务|工作)?(?:发生|出现)?[。！；]?$"
)
# A clause that counts something denies nothing (申请信息不存在3例).
_COUNTED = re.compile(r"[1-9]\d*(?:件|条|起|宗|元|万元|次|例|份|个|项)|[二三四五六七八九十两]+(?:件|宗|起|例|条)")
_SUCH = re.compile(r"(?:此类|上述|该类|这类|以上|相关|有关|此项|该项)(?:的)?(?:情况|情形|事项|现象|事件|案件|问题|业务)")
_KIND_CONCEPTS = {
    "requests": ("requests.received",),
    "review_litigation": ("review.total", "litigation.total"),
    "fees": ("fees.charged",),
    "complaints": ("complaints.total",),
}
_CHANNELS = (
    (re.compile("当面|现场|窗口"), "requests.received.in_person"),
    (re.compile("传真"), "requests.received.fax"),
    (re.compile("网络|网上|电子邮件|在线|邮箱"), "requests.received.online"),
    (re.compile("信函|邮寄|信件"), "requests.received.mail"),
)


def zero_clauses(rules: Rules, text: str, kinds: tuple[str, ...], headings: tuple[str, ...], alone: bool) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, concept, rule) for each thing that the sentence says there was none of.

    Offsets are in ``text`` (normalised) and cover the clause that says so.
    """
    if _BARE.match(text.strip()) and (alone or _SUCH.search(text)):
        for concept in section_concepts(kinds, headings):
            yield 0, len(text.rstrip("。！；")), concept, "zero.bare"
        return
    clauses = [(m.start(), m.end()) for m in _CLAUSE.finditer(text)]
    for index, (start, end) in enumerate(clauses):
        clause = text[start:end]
        if not _denies(clause) or _COUNTED.search(clause):
            continue
        concepts = list(denied_concepts(rules, clause, kinds))
        if not concepts:
            start, concepts = _from_context(rules, text, clauses, index, kinds, headings)
        for concept, rule in concepts:
            yield start, end, concept, rule


def _denies(clause: str) -> bool:
    plain = _OTHER.sub("", clause)
    return bool(_NEGATION.search(plain))


def denied_concepts(rules: Rules, clause: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (concept, rule) for each thing that a denying clause names."""
    without_cause = _CAUSE.sub("", clause)
    for rule, concepts, pattern, unless, topics in rules.zeros:
        words = clause
        if concepts == ("requests.received",):
            words = _NOT_REQUEST.sub("", without_cause)
            if rule == "zero.requests" and (channels := _channel_zeros(words, kinds)):
                yield from ((c, "zero.requests_channel") for c in channels)
                continue
        if topics and not topics & set(kinds):
            continue
        if pattern.search(words) and not (unless is not None and unless.search(words)):
            yield from ((c, rule) for c in concepts)


def _channel_zeros(words: str, kinds: tuple[str, ...]) -> list[str]:
    """没有当面和传真申请 denies these two; 未收到当面、传真等形式的申请 denies all requests."""
    if len(words) > 18 or re.search("等|形式|方式|渠道|途径|任何|收到|信件$|公民", words) or not ("申请" in words or "requests" in kinds):
        return []
    named = [concept for pattern, concept in _CHANNELS if pattern.search(words)]
    return named if len(named) < 4 else []


def _from_context(
    rules: Rules, text: str, clauses: list[tuple[int, int]], index: int, kinds: tuple[str, ...], headings: tuple[str, ...]
) -> tuple[int, list[tuple[str, str]]]:
    """A denial without an object: 行政复议、行政诉讼方面，未发生; 此类情况没有发生."""
    start, end = clauses[index]
    clause = text[start:end]
    if len(clause) > 24:
        return start, []
    if index and re.search(r"(?:方面|情况|的|：)$|^(?:因|就|对|关于|涉及|行政|申请|有关)", text[clauses[index - 1][0] : clauses[index - 1][1]]) and not _denies(text[clauses[index - 1][0] : clauses[index - 1][1]]):
        before = text[clauses[index - 1][0] : end]
        if found := list(denied_concepts(rules, before, kinds)):
            return clauses[index - 1][0], found
    if _SUCH.search(clause) or _BARE.match(clause):
        return start, [(c, "zero.such") for c in section_concepts(kinds, headings)]
    return start, []


def section_concepts(kinds: tuple[str, ...], headings: tuple[str, ...]) -> list[str]:
    """Return the concepts that a bare 无 denies: those of the section, as far as its heading names them."""
    nearest = headings[-1] if headings else ""
    named = []
    if re.search("复议|诉讼", nearest):
        named += ["review.total"] * ("复议" in nearest) + ["litigation.total"] * ("诉讼" in nearest)
    if re.search("收费|费用", nearest):
        named.append("fees.charged")
    if re.search("举报|投诉|申诉", nearest):
        named.append("complaints.total")
    if re.search("依申请|申请公开|公开申请", nearest) and not re.search("复议|诉讼|收费", nearest):
        named.append("requests.received")
        named += ["requests.outcome.refused"] * ("不予公开" in nearest)
    if named:
        return named
    return [concept for kind in kinds for concept in _KIND_CONCEPTS.get(kind, ())]
