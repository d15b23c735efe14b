"""What the tables must satisfy: every parent the sum of its children, 总计 the sum of its columns.

The identities are those of the official forms (国办发〔2014〕32号, 国办公开办函〔2019〕60号 and 〔2021〕30号). Provincial tables
before 2014 print rows of their own, so there a shortfall only counts where no row of the group is unknown to us.
Channels are measured against 主动公开政府信息数 from below only: one item can go out on two channels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from govie.records import Fact, Finding, Span, Table
from govie.taxonomy import APPLICANTS, concepts

__all__ = ["table_findings"]

_REFUSED = (
    "state_secret",
    "other_law",
    "safety_stability",
    "third_party",
    "internal_affairs",
    "process_information",
    "enforcement_file",
    "administrative_query",
)
_REQUEST_OUTCOMES = (
    "requests.outcome.granted",
    "requests.outcome.partly_granted",
    *(f"requests.outcome.refused.{name}" for name in _REFUSED),
    *(f"requests.outcome.unavailable.{name}" for name in ("not_held", "requires_creation", "unclear")),
    *(
        f"requests.outcome.not_processed.{name}"
        for name in ("petition", "repeated", "publication", "excessive", "reissue")
    ),
)
_OTHER_2021 = tuple(f"requests.outcome.other.{name}" for name in ("uncorrected", "unpaid", "rest"))

_CHILDREN_2014: dict[str, tuple[str, ...]] = {
    "requests.received": tuple(f"requests.received.{name}" for name in ("in_person", "fax", "online", "mail")),
    "requests.closed": ("requests.closed.on_time", "requests.closed.extended"),
    "requests.outcome.total": tuple(
        f"requests.outcome.{name}"
        for name in (
            "already_public",
            "granted",
            "partly_granted",
            "refused",
            "not_this_agency",
            "not_exist",
            "clarification",
            "other_channel",
        )
    ),
    "requests.outcome.refused": tuple(
        f"requests.outcome.refused.{name}"
        for name in (
            "state_secret",
            "trade_secret",
            "privacy",
            "safety_stability",
            "not_government_information",
            "other_law",
        )
    ),
    "review.total": ("review.upheld", "review.corrected", "review.other"),
    "litigation.total": ("litigation.upheld", "litigation.corrected", "litigation.other"),
    "staffing.staff": ("staffing.staff.full_time", "staffing.staff.part_time"),
}
_CHILDREN_CASES: dict[str, tuple[str, ...]] = {
    f"{group}.total": tuple(f"{group}.{name}" for name in ("upheld", "corrected", "other", "pending"))
    for group in ("review", "litigation.direct", "litigation.after_review")
}
_CHANNELS_2014 = tuple(f"disclosure.channel.{name}" for name in ("gazette", "website", "weibo", "wechat", "other"))
# Below these of a provincial table, other outcomes may stand as reasons of a refusal: both readings are tried.
_DIRECT_OUTCOMES = (
    "requests.outcome.granted",
    "requests.outcome.partly_granted",
    "requests.outcome.refused",
    "requests.outcome.other",
)

Key = tuple[str, int | None, str | None]


class _Group(NamedTuple):
    """The facts of one table that belong together: one scope, year and applicant, by concept."""

    table: Table
    facts: dict[str, list[Fact]]

    def one(self, concept: str) -> Fact | None:
        """Return the fact of ``concept`` if there is exactly one with a value of its own."""
        found = self.facts.get(concept, [])
        return found[0] if found and len({fact.value for fact in found}) == 1 else None

    def all(self, names: Sequence[str]) -> list[Fact]:
        """Return the facts of the concepts ``names``, in that order."""
        return [fact for name in names for fact in self.facts.get(name, [])]

    def has(self, names: Sequence[str]) -> bool:
        """Say whether every concept of ``names`` has a number."""
        return all(name in self.facts for name in names)


def table_findings(tables_with_facts: Sequence[tuple[Table, Sequence[Fact]]]) -> tuple[Finding, ...]:
    """Return what contradicts itself inside the tables.

    Args:
        tables_with_facts: each table with its facts as :func:`govie.tables.read_cells` gave them.

    Codes: ``table.identity`` where a parent is not the sum of its children or 总计 not that of its columns; ``sum.channels``
    where the channels add up to less than 主动公开政府信息数; ``sum.categories`` where a table of categories does not add up to its
    total. A sum is only tested where all its parts that the form prints have a number, or where the parts exceed it.
    Evidence: the total first, then its parts.
    """
    found: list[Finding] = []
    for table, facts in tables_with_facts:
        groups: dict[Key, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for fact in facts:
            if fact.source == "table" and not fact.approximate:
                groups[fact.scope, fact.year, fact.applicant][fact.concept].append(fact)
        checked = {key: _Group(table, dict(by_concept)) for key, by_concept in groups.items()}
        for group in checked.values():
            found.extend(_in_group(group))
        found.extend(_across_applicants(checked))
    return tuple(found)


def _in_group(group: _Group) -> Iterator[Finding]:
    if group.table.format == "2014":
        for parent, children in _CHILDREN_2014.items():
            yield from _sum(group, parent, children)
        yield from _channels(group, exhaustive=group.has(_CHANNELS_2014))
    elif group.table.format == "pre2014":
        yield from _provincial(group)
    else:
        others = ("requests.outcome.other",) if "requests.outcome.other" in group.facts else _OTHER_2021
        yield from _sum(group, "requests.outcome.total", (*_REQUEST_OUTCOMES, *others))
        yield from _balance(group)
        for parent, children in _CHILDREN_CASES.items():
            yield from _sum(group, parent, children)


def _sum(group: _Group, parent: str, children: Sequence[str]) -> Iterator[Finding]:
    total, parts = group.one(parent), group.all(children)
    if total is None or not parts:
        return
    value = _add(parts)
    if value > total.value or (value < total.value and group.has(children)):
        yield _finding(
            "table.identity",
            total,
            parts,
            f"{_name(parent)}{_who(total)}为{_number(total)}，各分项相加为{_figure(value)}（{_terms(parts)}），两者不符。",
        )


def _balance(group: _Group) -> Iterator[Finding]:
    received, carried_in = group.one("requests.received"), group.one("requests.carried_in")
    total, carried_out = group.one("requests.outcome.total"), group.one("requests.carried_out")
    if received is None or carried_in is None or total is None or carried_out is None:
        return
    incoming, outgoing = received.value + carried_in.value, total.value + carried_out.value
    if incoming != outgoing:
        yield _finding(
            "table.identity",
            received,
            [carried_in, total, carried_out],
            f"本年新收与上年结转之和为{_figure(incoming)}（{_terms([received, carried_in])}），办理结果总计与结转下年度之和为{_figure(outgoing)}"
            f"（{_terms([total, carried_out])}）{_who(received)}，两者不符。",
        )


def _across_applicants(groups: dict[Key, _Group]) -> Iterator[Finding]:
    """Test 总计 against the six applicant columns, row by row."""
    for (scope, year, applicant), group in groups.items():
        if applicant is not None:
            continue
        columns = [groups.get((scope, year, name)) for name in APPLICANTS]
        if any(column is None for column in columns):
            continue
        for concept in group.facts:
            total = group.one(concept)
            parts = [fact for column in columns if column is not None and (fact := column.one(concept))]
            if total is None or len(parts) != len(APPLICANTS):
                continue
            value = _add(parts)
            if value != total.value:
                yield _finding(
                    "table.identity",
                    total,
                    parts,
                    f"{_name(concept)}总计为{_number(total)}，各类申请人相加为{_figure(value)}（{_terms(parts)}），两者不符。",
                )


# --- provincial tables ---


def _provincial(group: _Group) -> Iterator[Finding]:
    for parent, children in _CHILDREN_2014.items():
        total, parts = group.one(parent), group.all(children)
        if total is None or not parts:
            continue
        if parent == "requests.outcome.total":
            yield from _provincial_outcomes(group, total)
            continue
        value = _add(parts)
        complete = len(parts) >= 2 and _block_is_known(group, total, parts)
        if parent in ("requests.outcome.refused", "review.total", "litigation.total"):
            complete = complete and group.has(children)
        if value > total.value or (value < total.value and complete):
            yield _finding(
                "table.identity",
                total,
                parts,
                f"{_name(parent)}为{_number(total)}，各分项相加为{_figure(value)}（{_terms(parts)}），两者不符。",
            )
    channels = [
        fact for concept, facts in group.facts.items() if concept.startswith("disclosure.channel.") for fact in facts
    ]
    total = group.one("disclosure.total")
    if total is not None and len(channels) >= 2:
        yield from _channels(group, exhaustive=_block_is_known(group, total, channels))
    yield from _categories(group)


def _provincial_outcomes(group: _Group, total: Fact) -> Iterator[Finding]:
    direct = group.all(_DIRECT_OUTCOMES)
    every = [
        f
        for c, facts in group.facts.items()
        if c.startswith("requests.outcome.") and c != "requests.outcome.total" and ".refused." not in c
        for f in facts
    ]
    if len(direct) < 2:
        return
    low, high = _add(direct), _add(every)
    if total.value in (low, high) or (high < total.value and not _block_is_known(group, total, every)):
        return
    if low < total.value < high:
        return  # some of the others stand below the refusals, some beside them
    yield _finding(
        "table.identity",
        total,
        every,
        f"{_name('requests.outcome.total')}为{_number(total)}，各分项相加为{_figure(high)}（{_terms(every)}），两者不符。",
    )


def _categories(group: _Group) -> Iterator[Finding]:
    total, parts = group.one("disclosure.total"), group.facts.get("disclosure.by_category", [])
    if total is None or len(parts) < 2:
        return
    value = _add(parts)
    last_row = total.start > max(fact.start for fact in parts)  # 合计 below its parts promises that they are all
    if value > total.value or (value < total.value and last_row):
        yield _finding(
            "sum.categories",
            total,
            parts,
            f"主动公开信息共{_number(total)}，各类别相加为{_figure(value)}（{_terms(parts)}），两者不符。",
        )


def _block_is_known(group: _Group, total: Fact, parts: Sequence[Fact]) -> bool:
    """Say whether every numbered row from the total to just below its last part is one of ours."""
    table = group.table
    row_of = {cell.start: cell.row for cell in table.cells if cell.end > cell.start}
    ours = {row_of.get(fact.start) for facts in group.facts.values() for fact in facts}
    first, last = row_of.get(total.start), max((row_of.get(fact.start, -1) for fact in parts), default=-1)
    if first is None or last < first:
        return False
    column = next((cell.column for cell in table.cells if cell.start == total.start and cell.end > cell.start), None)
    for index in range(first, min(last + 2, len(table.rows))):
        cell = table.rows[index][column] if column is not None and column < len(table.rows[index]) else ""
        if index not in ours and any(char.isdigit() for char in cell):
            return False
    return True


# --- channels, wording ---


def _channels(group: _Group, *, exhaustive: bool) -> Iterator[Finding]:
    total = group.one("disclosure.total")
    parts = [
        fact for concept, facts in group.facts.items() if concept.startswith("disclosure.channel.") for fact in facts
    ]
    if total is None or not parts or not exhaustive:
        return
    value = _add(parts)
    if value < total.value:
        yield _finding(
            "sum.channels",
            total,
            parts,
            f"主动公开政府信息{_number(total)}，各渠道相加只有{_figure(value)}（{_terms(parts)}）。",
        )


def _finding(code: str, total: Fact, parts: Sequence[Fact], message: str) -> Finding:
    severity: Literal["error", "warning"] = "error" if code == "table.identity" else "warning"
    return Finding(
        code=code,
        severity=severity,
        message=message,
        evidence=tuple(Span(f.start, f.end, f.text) for f in (total, *parts)),
    )


def _add(parts: Sequence[Fact]) -> int | float:
    return round(sum(fact.value for fact in parts), 6)


def _name(concept: str) -> str:
    if concept == "requests.outcome.total":
        return "申请答复（办理结果）总数"
    label = concepts()[concept].label.partition("（")[0].partition(" / ")[0]
    return label.replace(" ", "")


_WHO = {
    "natural_person": "自然人", "enterprise": "商业企业", "research": "科研机构",
    "nonprofit": "社会公益组织", "legal_service": "法律服务机构", "other": "其他",
}  # fmt: skip


def _who(fact: Fact) -> str:
    return f"（{_WHO[fact.applicant]}）" if fact.applicant else ""


def _number(fact: Fact) -> str:
    return f"{fact.value}{fact.unit}"


def _figure(value: int | float) -> str:
    return str(int(value) if value == int(value) else value)


def _terms(parts: Sequence[Fact]) -> str:
    return "+".join(_figure(fact.value) for fact in parts)
