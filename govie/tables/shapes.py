"""Rows of a table sorted out: header and body, the kind of form, its format, and the cells under their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from govie.tables import forms
from govie.tables.lines import Piece, known

_TITLE = re.compile(r"统计表|情况表|一览表|汇总表|统计报表")

__all__ = ["Shape", "form_of", "laid_out", "shape_of", "shown"]


class Shape(NamedTuple):
    """The rows of a table, sorted out: header cells, body rows, and which kind of form it is."""

    kind: str
    header: list[Piece]
    body: list[list[Piece]]
    caption: Piece | None


def shape_of(rows: list[list[Piece]], caption: Piece | None) -> Shape | None:
    """Sort rows into header and body and tell the kind; None if no row says anything of ours."""
    if rows and any(forms.is_caption(p.text) for p in rows[0]):
        caption = next(p for p in rows[0] if forms.is_caption(p.text))
        rest = [p for p in rows[0] if p.text and p is not caption]
        rows = ([rest] if rest else []) + rows[1:]
    split = _header_end(rows)
    header = [piece for row in rows[:split] for piece in row]
    body = rows[split:]
    if not body:
        return None
    header, body = _unfolded(header, _upright(body))
    caption = caption or next((p for p in header if _TITLE.search(p.text) and len(p.text) <= 45), None)
    kind = _kind(header, body)
    return Shape(kind, header, body, caption) if kind else None


def _upright(body: list[list[Piece]]) -> list[list[Piece]]:
    """Turn a table with the indicators in its first row and their numbers in the second."""
    if len(body) != 2 or len(body[0]) != len(body[1]) or len(body[0]) < 3:
        return body
    labels, values = body
    if not all(forms.cell_kind(p.text) in "NDBU" for p in values) or sum(
        bool(forms.indicator(p.text)) for p in labels
    ) * 2 <= len(labels):
        return body
    return [[label, value] for label, value in zip(labels, values, strict=True)]


def _unfolded(header: list[Piece], body: list[list[Piece]]) -> tuple[list[Piece], list[list[Piece]]]:
    """Turn a table that stands in two or three parts side by side (项目 数量 项目 数量) into one."""
    words = [forms.joined(p.text) for p in header]
    for parts in (2, 3):
        width = len(words) // parts
        if width >= 2 and words == words[:width] * parts and forms.column_role(words[0]) == "label":
            rows = [row[at : at + width] for at in range(0, width * parts, width) for row in body if len(row) > at]
            return header[:width], [row for row in rows if any(p.text for p in row)]
    return header, body


def _header_end(rows: Sequence[Sequence[Piece]]) -> int:
    for index, row in enumerate(rows):
        words = [p.text for p in row if p.text]
        values = [text for text in words if forms.cell_kind(text) == "N"]
        heads = [text for text in words if forms.is_header(text)]
        if values and len(heads) < len(values):
            return index
        if not heads and any(known(text) for text in words):
            return index
        if heads and values and index:
            # 总计 with the numbers of table four behind it, one cell a line.
            return index
    return len(rows)


def _kind(header: Sequence[Piece], body: Sequence[Sequence[Piece]]) -> str | None:
    families = {forms.header_family(p.text) for p in header if p.text and forms.is_header(p.text)}
    labels = [p.text for row in body for p in row if forms.cell_kind(p.text) == "T"]
    requests = sum(forms.request_row(text) is not None for text in labels)
    indicators = sum(map(forms.is_indicator, labels))
    article = sum(forms.article_label(text) for text in labels)
    if article and ("article" in families or not requests and article >= indicators):
        return "article"
    if "cases" in families and requests < 2 and _width(body) >= 5:
        return "cases"
    if requests >= 1 and (
        requests > indicators or requests == indicators and _width(body) >= 6 or "requests" in families
    ):
        return "requests"
    if indicators:
        return "rows"
    categories = sum(forms.is_category(text) for text in labels)
    if any(forms.is_category_header(p.text) for p in header) and categories * 2 >= len(labels) and categories >= 2:
        return "rows"
    return None


def _width(body: Sequence[Sequence[Piece]]) -> int:
    return max(map(_values, body))


def form_of(shape: Shape) -> str:
    """Return the format by the header; "" where it does not say and the report's other tables have to."""
    header = "".join(forms.joined(p.text) for p in shape.header)
    labels = [p.text for row in shape.body for p in row if forms.cell_kind(p.text) == "T"]
    if shape.kind == "article":
        form = forms.article_form(header)
        if form:
            return form
        width = max(sum(forms.cell_kind(p.text) in "ND" for p in row) for row in shape.body)
        if any(forms.joined(text) in ("行政许可", "行政处罚", "行政强制") for text in labels):
            return "2021" if width == 1 else "2019"
        return ""
    if shape.kind == "requests":
        keys = {forms.request_row(text) for text in labels}
        if keys & {
            "requests.outcome.other.rest",
            "requests.outcome.other.unpaid",
            "requests.outcome.other.uncorrected",
        }:
            return "2021"
        if any(
            forms.request_row(p.text) == "requests.outcome.other" and any(forms.cell_kind(q.text) == "N" for q in row)
            for row in shape.body
            for p in row
            if p.text
        ):
            return "2019"
        return ""
    if shape.kind == "cases":
        return ""
    return _row_form(shape, labels)


def _row_form(shape: Shape, labels: Sequence[str]) -> str:
    heads = _column_heads(shape)
    roles = [forms.column_role(p.text) for p in heads]
    words = {forms.joined(p.text) for p in heads}
    ours = [text for text in labels if forms.indicator(text)]
    official = sum(forms.is_official(text) for text in ours)
    if "cumulative" in roles or "prior" in roles:
        return "pre2014"
    if official >= 12 and official * 5 >= len(ours) * 4:
        return "2014"
    if "指标名称" in words or any(forms.column_year(p.text) for p in heads):
        return "pre2014"
    if not shape.header and max(sum(forms.cell_kind(p.text) == "N" for p in _plain_row(row)) for row in shape.body) > 1:
        return "pre2014"
    if not shape.header and len(ours) < 5 and not any(forms.numbering_style(text) for text in ours):
        return "pre2014"
    if words & {"统计指标", "统计数"} or not shape.header:
        return "2014" if official * 2 >= len(ours) else "pre2014"
    return "2014" if official >= 6 and official * 5 >= len(ours) * 4 else "pre2014"


# --- header and body by kind ---


def _layer_requests(shape: Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    names = forms.forms()["applicants"]
    first = next((shown(p.text) for p in shape.header if "勾稽" in p.text or "第一项" in p.text), "")
    body = _labelled(shape.body)
    width = max((len(row) for row in body), default=0)
    columns = [names[a] if a else names["total"] for a in forms.APPLICANT_ORDER]
    if width <= 3 and not any(forms.header_family(p.text) == "requests" for p in shape.header):
        columns = [names["total"]]
    return (first, *columns), body


def _layer_cases(shape: Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    cases = forms.forms()["cases"]
    body = [[p for p in row if forms.joined(p.text) not in cases["results"]] for row in shape.body]
    body = [row for row in body if row]
    if any(_values(row) >= 15 for row in body):
        return tuple(f"{group} {result}" for group in cases["groups"] for result in cases["results"]), body
    words = [shown(p.text) for p in shape.header if p.text]
    return tuple(words), body


def _layer_article(shape: Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    header = tuple(shown(p.text) for p in shape.header if p.text)
    return header, _labelled(shape.body)


def _layer_rows(shape: Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    header = _column_heads(shape)
    roles = [forms.column_role(p.text) for p in header]
    if not any(role in _VALUE_ROLES for role in roles):
        return tuple(shown(p.text) for p in shape.header if p.text), [_plain_row(row) for row in shape.body]
    body: list[list[Piece]] = []
    for row in shape.body:
        body.extend(_aligned(row, roles))
    return tuple(shown(p.text) for p in header), body


_VALUE_ROLES = ("annual", "cumulative", "prior")


def _column_heads(shape: Shape) -> list[Piece]:
    """Return the header cells that head a column: titles above and repeated cells are left out."""
    heads = [p for p in shape.header if p.text and forms.column_role(p.text)]
    words = [forms.joined(p.text) for p in shape.header]
    if "甲" in words and "乙" in words:
        heads = [p for p in heads if forms.cell_kind(p.text) == "T" and len(forms.joined(p.text)) > 1]
    first = next((i for i, p in enumerate(heads) if forms.column_role(p.text) in ("label", "code")), 0)
    found: list[Piece] = []
    for piece in heads[first:]:
        if forms.joined(piece.text) not in {forms.joined(p.text) for p in found}:
            found.append(piece)
    values = [p for p in found if forms.column_role(p.text) in _VALUE_ROLES]
    if (
        len(values) > 1
        and len(values) > _most_values(shape.body)
        and (spare := next((p for p in values if forms.joined(p.text) in _GENERIC), None))
    ):
        found.remove(spare)  # 数量 above 本年度 and 累计
    return found


def _most_values(body: Sequence[Sequence[Piece]]) -> int:
    return max((sum(forms.cell_kind(p.text) in "ND" for p in row) for row in body), default=0)


_GENERIC = ("数量", "统计数", "统计数据", "数据", "件数", "条数", "信息数量")


_LAYERS: dict[str, Callable[[Shape], tuple[tuple[str, ...], list[list[Piece]]]]] = {
    "requests": _layer_requests,
    "cases": _layer_cases,
    "article": _layer_article,
    "rows": _layer_rows,
}


def laid_out(shape: Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    """Return the header and the body with every cell under its column."""
    return _LAYERS[shape.kind](shape)


def _values(row: Sequence[Piece]) -> int:
    return sum(forms.cell_kind(p.text) in "NDB" for p in row)


def _labelled(body: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Return rows as label and values; the merged cells in front of a label become rows of their own."""
    found: list[list[Piece]] = []
    for row in body:
        words = [i for i, p in enumerate(row) if forms.cell_kind(p.text) == "T"]
        if not words:
            found.append(list(row))
            continue
        found.extend([row[i]] for i in words[:-1])
        found.append(
            [row[words[-1]], *_without_tail([p for p in row[words[-1] + 1 :] if forms.cell_kind(p.text) != "U"], 7)]
        )
    return found


def _without_tail(values: list[Piece], most: int) -> list[Piece]:
    while len(values) > most and not values[-1].text:
        values.pop()
    return values


def _plain_row(row: Sequence[Piece]) -> list[Piece]:
    """Return a row of a table that lost its header as label, unit and values: item numbers in front are dropped."""
    first = next((i for i, p in enumerate(row) if forms.cell_kind(p.text) == "T"), 0)
    return list(row[first:])


def _aligned(row: Sequence[Piece], roles: Sequence[str]) -> list[list[Piece]]:
    """Return the row with its cells under the header's columns; merged cells in front become rows of their own."""
    kinds = [forms.cell_kind(p.text) for p in row]
    if len(row) == len(roles) and all(map(_fits, kinds, roles)):
        return [list(row)]
    words = [i for i, kind in enumerate(kinds) if kind == "T"]
    first_value = next((i for i, kind in enumerate(kinds) if kind in "ND" and words and i > words[0]), len(row))
    labels = [i for i in words if i < first_value]
    if not labels:
        return [list(row)]
    at = labels[-1]
    placed: dict[int, Piece] = {}
    column = {role: roles.index(role) for role in ("label", "unit", "code") if role in roles}
    placed[column.get("label", 0)] = row[at]
    rest = [(kinds[i], row[i]) for i in range(at + 1, len(row))]
    if rest and (rest[0][0] == "U" or rest[0][0] in "DB" and "unit" in column and len(rest) > 1):
        if "unit" in column:
            placed[column["unit"]] = rest[0][1]
        rest = rest[1:]
    slots = [i for i, role in enumerate(roles) if role in ("annual", "cumulative", "prior", "ignored")]
    numbers = [piece for kind, piece in rest if kind in "NDB"]
    if (
        "code" in column
        and column["code"] > column.get("label", 0)
        and len(numbers) > len([s for s in slots if roles[s] != "ignored"])
    ):
        placed[column["code"]] = numbers.pop(0)
    elif "code" in column and at and kinds[at - 1] == "N":
        placed[column["code"]] = row[at - 1]
    placed.update(zip(slots, numbers, strict=False))
    end = row[at].end
    whole = [placed.get(i, Piece(end, end, "")) for i in range(len(roles))]
    front = [
        [row[i]] if not column.get("label", 0) else [Piece(row[i].start, row[i].start, "")] * column["label"] + [row[i]]
        for i in labels[:-1]
    ]
    return [*front, whole]


_ALLOWED = {"label": "T", "unit": "UDB", "code": "NBD", "annual": "NDB", "cumulative": "NDB", "prior": "NDB"}
_ANYTHING = "NDBUT"


def _fits(kind: str, role: str) -> bool:
    return kind in _ALLOWED.get(role, _ANYTHING)


def shown(text: str) -> str:
    """Return a cell's words as ``Table.rows`` shows them: without the line breaks inside a label."""
    return re.sub(r"\s*\n\s*", "", text).strip() if "\n" in text else text
