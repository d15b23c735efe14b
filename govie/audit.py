"""Findings: what in one report contradicts itself or the law.

Each check is a function that yields findings from the records of the earlier stages; the codes and when they
apply are listed in ``docs/output.md``. A check that cannot be sure (an approximate total, a remainder put in
words) says nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .facts import ProseReading, ProseShare
from .identities import table_findings
from .normalise import Normalised
from .numerals import parse_year
from .records import Document, Fact, Finding, Metadata, Section, Span, Table
from .sections import flatten
from .taxonomy import concepts

__all__ = ["Case", "audit"]

# 《条例》2007 art. 32 (reports for 2008-2018) and the 2019 revision, art. 50 (2019 and later).
_PROBLEMS = ("problems", "problems.issues", "problems.measures")
STATUTORY_2007 = (("disclosure",), ("requests",), ("fees",), ("review_litigation",), _PROBLEMS, ("other",))
STATUTORY_2019 = (("overview",), ("disclosure",), ("requests",), ("review_litigation",), _PROBLEMS, ("other",))
"""The kinds of which a report must have one each."""
SECTION_NAMES = {
    "overview": "总体情况",
    "disclosure": "主动公开",
    "requests": "依申请公开",
    "fees": "收费及减免",
    "review_litigation": "行政复议、行政诉讼",
    "problems": "主要问题及改进情况",
    "other": "其他需要报告的事项",
}
SHARE_TOLERANCE = 0.1
"""Percentage points, beyond which a stated share differs."""
SHARE_SUM_LIMIT = 100.5
"""Percent, beyond which the shares of a whole are too many."""
_ROUNDING = 1e-9  # of floating point numbers
_YEAR_WORDS = r"((?:19|20)\d\d|[一二][〇○零0O九][〇○零0O一二三四五六七八九]{2})"
# The report's own name in its introduction: 现将2017年度政府信息公开工作年度报告公布如下.
_OWN_TITLE = re.compile(
    rf"""
    (?:公布|公开|编制|报告|发布|形成|现将|是|为) [^。；\n]{{0,40}}? {_YEAR_WORDS}年(?:度)?
    (?:[^。；，\n]{{0,16}}?) (?:信息公开|政务公开)(?:工作)?(?:年度)?(?:工作)?报告
    """,
    re.VERBOSE,
)
# A number that the page lost (共计条) or masked (发布**条): a measure word with nothing, or with signs, before it.
_LOST = re.compile(
    r"(?:共计?|合计|总计|公开|发布|收到|受理|达到?|信息|申请|约|为|计)(?:[*＊]+|[×xX]{2,}|_{2,}|□+)?(条|件|篇|人次)(?=[，。；、])"
)
# The lookbehinds begin a run of signs at its first one, so that long runs are read once.
_MASKED = re.compile(
    r"[*＊×](?<![*＊×]{2})[*＊×]*余?(?:条|件|篇|次|人次|人|万元|元)|[xX](?<![xX]{2})[xX]+(?:条|件|篇|次|人次|人|万元|元)"
)
_SIGN_OF_MASK = re.compile("[*＊×xX]")  # most texts have none
_ANNOUNCED_TABLE = re.compile(r"见(?:下表|附表|附件|统计表)|详见(?:下表|附表|附件|统计表)|如(?:下表|附表|附件|统计表)|附(?:件|表)?[:：]?[^。\n]{0,20}统计表")


class Case:
    """Everything the checks look at; read only."""

    def __init__(
        self,
        document: Document,
        normalised: Normalised,
        metadata: Metadata,
        sections: Sequence[Section],
        year: int | None,
        prose: ProseReading,
        stated: Sequence[Fact],
        tables: Sequence[tuple[Table, Sequence[Fact]]],
    ) -> None:
        self.document, self.normalised, self.metadata = document, normalised, metadata
        self.sections = list(flatten(sections))
        self.year, self.prose, self.stated, self.tables = year, prose, stated, tables
        self.cells = [fact for _, facts in tables for fact in facts]

    def span(self, start: int, end: int) -> Span:
        """The source span of a normalised one."""
        begin, stop = self.normalised.to_source(start, end)
        return Span(begin, stop, self.document.text[begin:stop])


def audit(case: Case) -> tuple[Finding, ...]:
    """Return the findings of one report, in the order of the codes."""
    checks = (_years, _parts, _shares, _tables, _text_against_tables, _missing_sections, _implausible, _missing_values)
    return tuple(_once(finding for check in checks for finding in check(case)))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each total that its parts don't add up to once: prose and table checks may both see it."""
    seen = set()
    for finding in findings:
        if finding.code.startswith("sum."):
            key = (finding.code, finding.evidence[0].start, finding.evidence[0].end)
            if key in seen:
                continue
            seen.add(key)
        yield finding


def _evidence(fact: Fact) -> Span:
    return Span(fact.start, fact.end, fact.text)


def _label(fact: Fact) -> str:
    return fact.category or concepts()[fact.concept].label.split("（")[0].split(" / ")[0]


# ---- year.mismatch


def _years(case: Case) -> Iterator[Finding]:
    """Years of title, period, body and tables that don't agree; a comparison with last year is none."""
    year, meta = case.year, case.metadata
    if year is None:
        return
    evidence: list[Span] = []
    named: list[str] = []
    if meta.title_year is not None and meta.title_year != year and meta.title_span is not None:
        evidence.append(meta.title_span)
        named.append(f"标题{meta.title_year}年")
    for fact in _stray_years(case, [*case.stated, *case.cells]):
        evidence.append(_evidence(fact))
        named.append(f"正文{fact.year}年")
    for other, span in _other_names(case):
        evidence.append(span)
        named.append(f"文中报告名{other}年")
    if evidence:
        listed = "、".join(dict.fromkeys(named))
        yield Finding(code="year.mismatch", severity="warning", message=f"报告年度为{year}年，但{listed}", evidence=tuple(evidence))


def _stray_years(case: Case, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Facts of another year that no fact of the report's year stands beside."""
    own = {(f.concept, f.category, f.scope) for f in case.stated if f.year == case.year}
    for fact in facts:
        if fact.year is None or fact.year == case.year or fact.rule == "comparison":
            continue
        if fact.source == "table" or (fact.concept, fact.category, fact.scope) not in own:
            yield fact


def _other_names(case: Case) -> Iterator[tuple[int, Span]]:
    """The report's own name in its introduction, with another year."""
    first = case.sections[0].start if case.sections else min(len(case.document.text), 600)
    stop = case.normalised.from_source(first)
    for match in _OWN_TITLE.finditer(case.normalised.text, 0, stop):
        other = parse_year(match[1])
        if other is not None and other != case.year:
            yield other, case.span(match.start(1), match.end())


# ---- sum.categories, sum.channels


def _parts(case: Case) -> Iterator[Finding]:
    """Parts that were said to be all of a total and don't add up to it."""
    parts: dict[int, list[int]] = defaultdict(list)
    for index, draft in enumerate(case.prose.drafts):
        if draft.part_of is not None:
            parts[draft.part_of].append(index)
    for whole, members in parts.items():
        total = case.stated[whole]
        if not total.concept.startswith("disclosure.") or total.approximate:
            continue
        if _adds_up_somewhere(case, total, members):
            continue
        categories = _distinct([i for i in members if case.stated[i].concept == "disclosure.by_category"], case)
        channels = _distinct([i for i in members if case.stated[i].concept.startswith("disclosure.channel")], case)
        complete = whole in case.prose.complete
        yield from _category_sum(case, total, categories, channels, complete)
        yield from _channel_sum(case, total, channels, categories, complete)


def _adds_up_somewhere(case: Case, total: Fact, members: Sequence[int]) -> bool:
    """Whether one sentence's parts make the total: a total broken down twice (by topic, by channel) is consistent."""
    sums: dict[tuple[int, bool], float] = defaultdict(float)
    for index in members:
        fact = case.stated[index]
        if (fact.year, fact.scope) == (total.year, total.scope):
            sums[case.prose.drafts[index].sentence, fact.concept == "disclosure.by_category"] += fact.value
    whole = {sentence: sums[sentence, True] + sums[sentence, False] for sentence, _ in list(sums)}
    return any(amount == total.value for amount in (*sums.values(), *whole.values()))


def _distinct(members: Sequence[int], case: Case) -> list[Fact]:
    """The parts, each once; parts of another year or scope than their total are comparisons."""
    seen: dict[Any, Fact] = {}
    for index in members:
        fact = case.stated[index]
        key = (fact.category, fact.value) if fact.category else (fact.concept, fact.value, fact.start)
        seen.setdefault(key, fact)
    return list(seen.values())


def _same_time(total: Fact, parts: Sequence[Fact]) -> list[Fact]:
    return [f for f in parts if f.year == total.year and f.scope == total.scope]


def _category_sum(case: Case, total: Fact, categories: Sequence[Fact], channels: Sequence[Fact], complete: bool) -> Iterator[Finding]:
    parts = _same_time(total, categories)
    if not parts or any(f.approximate for f in parts):
        return
    amount = sum(f.value for f in parts)
    mixed = amount + sum(f.value for f in _same_time(total, channels))
    short = complete and len(parts) >= 2 and amount != total.value and mixed != total.value
    if short or (amount > total.value and len(parts) >= 2):
        yield Finding(
            code="sum.categories",
            severity="warning",
            message=f"各类别合计{amount:g}，与{_label(total)}{total.value:g}不符",
            evidence=(_evidence(total), *(_evidence(f) for f in parts)),
        )


def _channel_sum(case: Case, total: Fact, channels: Sequence[Fact], categories: Sequence[Fact], complete: bool) -> Iterator[Finding]:
    parts = _same_time(total, channels)
    if len(parts) < 2 or not complete or any(f.approximate for f in parts) or total.concept != "disclosure.total":
        return
    amount = sum(f.value for f in parts) + sum(f.value for f in _same_time(total, categories))
    if amount < total.value:
        yield Finding(
            code="sum.channels",
            severity="warning",
            message=f"各渠道合计{amount:g}，少于{_label(total)}{total.value:g}",
            evidence=(_evidence(total), *(_evidence(f) for f in parts)),
        )


# ---- share.mismatch


def _shares(case: Case) -> Iterator[Finding]:
    sums: dict[int, float] = defaultdict(float)
    for share in case.prose.shares:
        if share.part is None or share.whole is None:
            continue
        if case.stated[share.part].concept == "disclosure.by_category":
            sums[share.whole] += share.percent
        yield from _share(case, share, share.part, share.whole)
    for whole, amount in sums.items():
        if amount > SHARE_SUM_LIMIT:
            message = f"各部分占比合计{amount:g}%，超过100%"
            yield Finding(
                code="share.mismatch", severity="warning", message=message, evidence=(_evidence(case.stated[whole]),)
            )


def _share(case: Case, share: ProseShare, part_index: int, whole_index: int) -> Iterator[Finding]:
    """A share that fits none of the wholes its part belongs to, the nearest or those around it."""
    part, whole = case.stated[part_index], case.stated[whole_index]
    if part.approximate or not whole.value:
        return
    wholes = _wholes_around(case, part_index)
    tolerance = max(SHARE_TOLERANCE, 0.5 * 10**-share.decimals) + _ROUNDING
    for other in wholes:
        if other.approximate or (other.value and abs(100 * part.value / other.value - share.percent) <= tolerance):
            return
    yield Finding(
        code="share.mismatch",
        severity="warning",
        message=f"{_label(part)}{part.value:g}占{whole.value:g}的{100 * part.value / whole.value:.1f}%，文中为{share.percent:g}%",
        evidence=(case.span(share.start, share.end), _evidence(part), _evidence(whole)),
    )


def _wholes_around(case: Case, part: int) -> Iterator[Fact]:
    """The wholes that a part belongs to, from the nearest out."""
    whole = case.prose.drafts[part].part_of
    while whole is not None:
        yield case.stated[whole]
        whole = case.prose.drafts[whole].part_of


# ---- tables


def _tables(case: Case) -> Iterator[Finding]:
    yield from table_findings(case.tables)


def _text_against_tables(case: Case) -> Iterator[Finding]:
    """The same fact with different values in prose and table, in one unit."""
    if not case.cells:
        return
    stated: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    for fact in case.stated:
        stated[_identity(fact)].append(fact)
    both = {fact.concept for fact in case.stated} - {"disclosure.by_category"}
    cells: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    for cell in case.cells:
        if cell.concept in both:
            cells[_identity(cell)].append(cell)
    for key, facts in stated.items():
        others = cells.get(key, [])
        if not others or any(_agree(fact, cell) for fact in facts for cell in others):
            continue
        fact, cell = facts[0], others[0]
        yield Finding(
            code="text_table.mismatch",
            severity="warning",
            message=f"{_label(fact)}：正文为{fact.text.strip()}，表格为{cell.text.strip()}",
            evidence=(_evidence(fact), _evidence(cell)),
        )


def _identity(fact: Fact) -> tuple[Any, ...]:
    return (fact.concept, fact.category, fact.applicant, fact.scope, fact.year)


def _amount(fact: Fact) -> float:
    """The value in one unit: money in 万元."""
    return fact.value / 10000 if fact.unit == "元" else float(fact.value)


def _agree(one: Fact, other: Fact) -> bool:
    if one.approximate or other.approximate:
        return abs(_amount(one) - _amount(other)) <= 0.1 * max(_amount(one), _amount(other))
    return abs(_amount(one) - _amount(other)) < 1e-6


# ---- section.missing


def _missing_sections(case: Case) -> Iterator[Finding]:
    if case.year is None:
        return
    statutory = STATUTORY_2007 if case.year <= 2018 else STATUTORY_2019
    present = {kind for section in case.sections for kind in (section.kinds or ((section.kind,) if section.kind else ()))}
    missing = [SECTION_NAMES[kinds[0]] for kinds in statutory if not present & set(kinds)]
    if missing:
        law = "《条例》（2007）第三十二条" if case.year <= 2018 else "《条例》（2019）第五十条"
        yield Finding(code="section.missing", severity="warning", message=f"缺少{law}规定的栏目：{'、'.join(missing)}")


# ---- value.implausible


def _implausible(case: Case) -> Iterator[Finding]:
    yield from _cumulative_below_annual(case)
    yield from _part_above_whole(case)
    for share in case.prose.shares:
        if share.percent > 100:
            yield Finding(
                code="value.implausible",
                severity="warning",
                message=f"占比{share.percent:g}%超过100%",
                evidence=(case.span(share.start, share.end),),
            )


def _cumulative_below_annual(case: Case) -> Iterator[Finding]:
    facts = [*case.stated, *case.cells]
    if not any(fact.scope == "cumulative" for fact in facts):
        return
    annual = {(f.concept, f.category, f.applicant, f.year): f for f in facts if f.scope == "annual" and not f.approximate}
    for fact in facts:
        if fact.scope != "cumulative" or fact.approximate:
            continue
        own = annual.get((fact.concept, fact.category, fact.applicant, fact.year))
        if own is not None and _amount(fact) < _amount(own):
            yield Finding(
                code="value.implausible",
                severity="warning",
                message=f"{_label(fact)}累计{fact.value:g}小于当年{own.value:g}",
                evidence=(_evidence(fact), _evidence(own)),
            )


def _part_above_whole(case: Case) -> Iterator[Finding]:
    for index, draft in enumerate(case.prose.drafts):
        if draft.part_of is None:
            continue
        part, whole = case.stated[index], case.stated[draft.part_of]
        if part.value > whole.value and _comparable(part, whole):
            yield Finding(
                code="value.implausible",
                severity="warning",
                message=f"{_label(part)}{part.value:g}大于其总数{whole.value:g}",
                evidence=(_evidence(part), _evidence(whole)),
            )


def _comparable(part: Fact, whole: Fact) -> bool:
    """Whether a part must not be above its whole: categories and ways of applying, of one unit and time."""
    if part.approximate or whole.approximate or part.unit != whole.unit:
        return False
    if (part.year, part.scope) != (whole.year, whole.scope):
        return False
    if part.concept == "disclosure.by_category":
        return True
    return part.concept.startswith("requests.received.") and whole.concept == "requests.received"


# ---- value.missing, table.missing


def _missing_values(case: Case) -> Iterator[Finding]:
    text = case.normalised.text
    for pattern in (_LOST, _MASKED) if _SIGN_OF_MASK.search(text) else (_LOST,):
        for match in pattern.finditer(text):
            yield Finding(code="value.missing", severity="info", message="此处的数字缺失", evidence=(case.span(*match.span()),))
    announced = None if case.tables else _ANNOUNCED_TABLE.search(text)
    if announced:
        yield Finding(code="table.missing", severity="info", message="提到的统计表不在本页", evidence=(case.span(*announced.span()),))
