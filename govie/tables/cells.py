"""Cells to facts: what each number of a recognised table is the value of.

Rows are matched by their label in the group they stand in (维持 below 复议 or below 诉讼), columns by the header
(本年度, 历年累计, 上年, 自然人 …). Rows that are no indicator of ours, rows that lost their number and rows of the
request table that lost columns give no fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from govie.records import Applicant, Cell, Fact, Scope, Table
from govie.tables import forms
from govie.taxonomy import concepts

__all__ = ["read_cells"]


class _Column(NamedTuple):
    """Where a column's numbers belong: scope, and the year it names or its distance to the report's."""

    place: int
    scope: Scope
    year: int | None


def read_cells(table: Table, year: int | None) -> tuple[Fact, ...]:
    """Return the facts in ``table``, in the order of its cells.

    Args:
        table: a table of :func:`~govie.tables.find_tables`; one with format None gives none.
        year: the year reported on; a column that names its own year (2017年度, 上年) goes by that.

    A fact's ``text`` is the number as it stands, with its unit if the cell holds one; ``rule`` names the form and the row
    (``form.2014.disclosure.total``). ``section`` stays None, ``confidence`` too.
    """
    if table.format is None:
        return ()
    rows: list[list[Cell]] = [[] for _ in table.rows]
    for cell in table.cells:
        rows[cell.row].append(cell)
    kind = _kind(table)
    return tuple(_READERS[kind](table, rows, year))


def _kind(table: Table) -> str:
    if table.format in ("2014", "pre2014"):
        return "rows"
    labels = [row[0] for row in table.rows if row]
    if any(forms.header_family(word) == "cases" for word in table.header if word) or any(
        "结果维持" in word for word in table.header
    ):
        return "cases"
    requests = sum(forms.request_row(label) is not None for label in labels)
    article = sum(forms.article_label(label) for label in labels)
    return "article" if article and article >= requests else "requests"


def _fact(
    table: Table,
    cell: Cell,
    concept: str,
    year: int | None,
    *,
    unit: str = "",
    scope: Scope = "annual",
    category: str | None = None,
    applicant: Applicant | None = None,
) -> Fact | None:
    """Return the fact of a number cell, None if the cell holds none; ``unit`` is what stands outside the cell."""
    number = forms.cell_number(cell.text)
    if number is None:
        return None
    text = cell.text.strip()
    start = cell.start + (cell.text.find(text) if len(text) < len(cell.text) else 0)
    return Fact(
        concept=concept,
        category=category,
        applicant=applicant,
        value=number.value,
        unit=number.unit or unit or concepts()[concept].unit,
        scope=scope,
        year=year,
        approximate=number.approximate,
        start=start,
        end=start + len(text),
        text=text,
        source="table",
        rule=f"form.{table.format}.{concept}",
    )


# --- indicators in rows: 2014 and before ---


def _read_rows(table: Table, rows: Sequence[list[Cell]], year: int | None) -> Iterator[Fact]:
    columns, label_at, unit_at = _columns(table, rows, year)
    walk = _Walk(table, label_at, columns)
    header_unit = _header_unit(table)
    for index, cells in enumerate(rows):
        label = table.rows[index][label_at] if label_at < len(table.rows[index]) else ""
        numbers = [(column, cells[column.place]) for column in columns if column.place < len(cells)]
        filled = [pair for pair in numbers if forms.cell_kind(pair[1].text) == "N"]
        concept, category = walk.step(index, label, has_number=bool(filled))
        if not concept:
            continue
        unit = _unit(table.rows[index][unit_at] if unit_at is not None else "") or _label_unit(label) or header_unit
        for column, cell in filled:
            fact = _fact(
                table, cell, concept, column.year, scope=column.scope, category=category, unit=_fitting(unit, concept)
            )
            if fact:
                yield fact


def _columns(table: Table, rows: Sequence[list[Cell]], year: int | None) -> tuple[list[_Column], int, int | None]:
    """Return the value columns, the label column and the unit column of a table of indicators."""
    roles = [forms.column_role(word) for word in table.header]
    if any(role in ("annual", "cumulative", "prior") for role in roles):
        label = roles.index("label") if "label" in roles else 0
        unit = roles.index("unit") if "unit" in roles else None
        return _header_columns(table, roles, year), label, unit
    width = max((len(cells) for cells in rows), default=0)
    kinds = [[forms.cell_kind(cells[c].text) for cells in rows if c < len(cells)] for c in range(width)]
    unit = next((c for c in range(1, width) if kinds[c].count("U") * 2 > len([k for k in kinds[c] if k in "UN"])), None)
    values = [
        c
        for c in range(1, width)
        if c != unit and "N" in kinds[c] and not _counts_up([cells[c].text for cells in rows if c < len(cells)])
    ]
    if len(values) > 1 and not _grows(rows, values[0], values[1]):
        values = values[:1]
    scopes: tuple[Scope, ...] = ("annual", "cumulative")
    return [_Column(c, scope, year) for c, scope in zip(values, scopes, strict=False)], 0, unit


def _header_columns(table: Table, roles: Sequence[str], year: int | None) -> list[_Column]:
    found: list[_Column] = []
    annual: set[int | None] = set()
    for index, role in enumerate(roles):
        named = forms.column_year(table.header[index])
        if role == "cumulative":
            found.append(_Column(index, "cumulative", year))
        elif role == "prior":
            found.append(_Column(index, "annual", named or (year - 1 if year else None)))
        elif role == "annual":
            of = named or year
            if of in annual:
                continue  # a second column for the same year (本期, 合计) is not a second value
            annual.add(of)
            found.append(_Column(index, "annual", of))
    return found


def _counts_up(texts: Sequence[str]) -> bool:
    """Say whether a column is only the number of its row (01, 02, 03 …)."""
    numbers = [int(t) for t in (forms.joined(text) for text in texts) if t.isdigit()]
    return len(numbers) >= 4 and all(b - a == 1 for a, b in pairwise(numbers))


def _grows(rows: Sequence[list[Cell]], first: int, second: int) -> bool:
    pairs = [(_number(c[first].text), _number(c[second].text)) for c in rows if second < len(c)]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(known) and all(a <= b for a, b in known)


def _number(text: str) -> int | float | None:
    number = forms.cell_number(text)
    return number.value if number else None


def _header_unit(table: Table) -> str:
    return next((unit for word in table.header if (unit := _label_unit(word))), "")


def _label_unit(label: str) -> str:
    """Return the unit in a label's brackets: 举报投诉数量（件）, 金额（单位：万元）."""
    words = forms.joined(label)
    for part in words.split("（")[1:]:
        unit = _unit(part.partition("）")[0].removeprefix("单位").lstrip("：:"))
        if unit:
            return unit
    return ""


def _unit(text: str) -> str:
    words = forms.joined(text).strip("（）()")
    if forms.cell_kind(words) != "U":
        return ""
    return words.replace("人/次", "人次").replace("/", "")


_MONEY = {"万元", "元", "亿元"}


def _fitting(unit: str, concept: str) -> str:
    """Return the unit if it can be the concept's: 万元 over a table's head does not make counts amounts."""
    default = concepts()[concept].unit
    return unit if (unit in _MONEY) == (default in _MONEY) and (unit == "%") == (default == "%") else ""


class _Walk:
    """Goes down the rows and knows which group it is in."""

    def __init__(self, table: Table, label_at: int, columns: Sequence[_Column]) -> None:
        self.labels = [row[label_at] if label_at < len(row) else "" for row in table.rows]
        self.group = ""
        self.style = ""  # numbering of the row that opened the group
        self.total_style = ""  # numbering of 主动公开…数, so that rows on its level end its categories
        self.seen: set[str] = set()
        self.category_table = bool(table.header) and forms.is_category_header(
            table.header[label_at] if label_at < len(table.header) else ""
        )
        if self.category_table:
            self.group = "categories"

    def step(self, index: int, label: str, *, has_number: bool) -> tuple[str, str | None]:
        """Return the concept and category of a row, "" if it has none."""
        if not label:
            return "", None
        style = forms.numbering_style(label)
        if style and style == self.style and self.group == "refused":
            self.group = "outcome"
        if self.group == "categories" and has_number and self._category(label):
            return "disclosure.by_category", forms.category_name(label)
        options = forms.indicator(label)
        option = self._choose(options, index)
        if option is None:
            return self._unknown(label, style, has_number=has_number, ignored=bool(options) and not options[0].concept)
        if option.heading and not has_number:
            self._open(option, style)
            return "", None
        if not option.concept:
            self._open(option, style)
            return "", None
        concept = self._second_time(option.concept)
        if not (option.concept.startswith("disclosure") and self.group == "categories" and self.category_table):
            self.group, self.style = forms.group_of(concept), style
        self.seen.add(concept)
        return concept, None

    def _open(self, option: forms.Option, style: str) -> None:
        if option.group:
            self.group, self.style = ("" if option.group == "none" else option.group), style

    def _category(self, label: str) -> bool:
        if forms.label_key(label) in ("合计", "总计", "小计", "总"):
            return False
        if self.category_table:
            options = forms.indicator(label)
            return not any(o.exact and o.concept and not o.within for o in options) or forms.is_category(label)
        return forms.is_category(label)

    def _unknown(self, label: str, style: str, *, has_number: bool, ignored: bool) -> tuple[str, str | None]:
        if not ignored and has_number and self.group == "disclosure" and forms.is_category(label):
            return "disclosure.by_category", forms.category_name(label)
        if style == "一、" and not ignored:
            self.group, self.style = "", style
        return "", None

    def _choose(self, options: Sequence[forms.Option], index: int) -> forms.Option | None:
        for option in options:
            if option.within and forms.within_group(option, self.group):
                return option
        for option in options:
            if not option.within:
                if not option.exact and self.group == "categories":
                    return None
                return option
        if options and not self.group:
            after = self._group_after(index)
            return next((o for o in options if after and forms.within_group(o, after)), None)
        return None

    def _group_after(self, index: int) -> str:
        """Return the group of a row whose own heading was cut off, by the row that follows its group."""
        for label in self.labels[index + 1 :]:
            options = forms.indicator(label)
            if options and not options[0].within and (options[0].concept or options[0].heading):
                group = options[0].group
                return {"litigation": "review", "complaints": "litigation", "fees": "litigation"}.get(group, group)
        return ""

    def _second_time(self, concept: str) -> str:
        # The same row again below 复议 means that the heading 行政诉讼数量 is lost.
        if (
            concept in self.seen
            and concept.startswith("review.")
            and "litigation.total" not in self.seen
            and concept != "review.total"
        ):
            return "litigation" + concept[len("review") :] if concept != "review.pending" else concept
        return concept


# --- the forms of 2019 and 2021 ---


def _read_requests(table: Table, rows: Sequence[list[Cell]], year: int | None) -> Iterator[Fact]:
    total_only = len(table.header) == 2
    form = table.format
    for index, cells in enumerate(rows):
        concept = _request_concept(table.rows[index][0], form)
        values = cells[1:]
        if not concept or not (total_only or len(values) == 7):
            continue
        applicants = (None,) if total_only else forms.APPLICANT_ORDER
        for applicant, cell in zip(applicants, values, strict=False):
            if fact := _fact(table, cell, concept, year, applicant=applicant):
                yield fact


def _request_concept(label: str, form: str | None) -> str | None:
    concept = forms.request_row(label)
    if concept is None and forms.label_key(label) == "其他":
        return "requests.outcome.other.rest" if form == "2021" else "requests.outcome.other"
    return concept


def _read_cases(table: Table, rows: Sequence[list[Cell]], year: int | None) -> Iterator[Fact]:
    names = case_names(table)
    for index, cells in enumerate(rows):
        values = [cell for cell in cells if forms.cell_kind(cell.text) in "NDB"]
        while len(values) > 15 and not values[-1].text:
            values.pop()
        words = [text for text in table.rows[index] if forms.cell_kind(text) == "T"]
        for concept, cell in zip(_case_row(len(values), words or names), values, strict=False):
            if fact := _fact(table, cell, concept, year):
                yield fact


def case_names(table: Table) -> list[str]:
    """Return the words of a case table's header and caption that name its groups."""
    return [*table.header, table.caption or ""]


def _case_row(count: int, words: Sequence[str]) -> Sequence[str]:
    """Return the concepts of a row of ``count`` numbers, by its own label or the header's words."""
    review, direct, after = forms.case_concepts()
    joined = "".join(forms.joined(word) for word in words)
    if count == 15:
        return (*review, *direct, *after)
    if count == 10 and "复议后" in joined:
        return (*direct, *after)
    if count == 5:
        if "未经复议" in joined or "直接起诉" in joined:
            return () if "复议后" in joined else direct
        if "复议后" in joined:
            return after
        return review if "行政复议" in joined and "诉讼" not in joined else ()
    return ()


def _read_articles(table: Table, rows: Sequence[list[Cell]], year: int | None) -> Iterator[Fact]:
    unit = _header_unit(table)
    for index, cells in enumerate(rows):
        row, columns = _article_row(table, table.rows[index][0])
        values = cells[1:]
        while len(values) > len(columns) and not values[-1].text:
            values = values[:-1]
        if row is None or len(values) != len(columns):
            continue
        for concept, cell in zip(columns, values, strict=True):
            if concept and (fact := _fact(table, cell, concept, year, unit=_fitting(unit, concept))):
                yield fact


def _article_row(table: Table, label: str) -> tuple[forms.Row | None, tuple[str, ...]]:
    """Return the row of the form and its concepts in the order of the table's columns."""
    key = forms.label_key(label)
    for article in forms.articles():
        if article.form == table.format and key in article.rows:
            row = article.rows[key]
            given = [forms.label_key(word) for word in table.header[1:]]
            official = [forms.label_key(word) for word in article.header[1:]]
            if len(given) == len(official) and sorted(given) == sorted(official):
                return row, tuple(row.concepts[official.index(word)] for word in given)
            return row, row.concepts
    return None, ()


_READERS = {"rows": _read_rows, "requests": _read_requests, "cases": _read_cases, "article": _read_articles}
