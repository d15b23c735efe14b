"""Find the tables of a report: lines and grids to :class:`~govie.records.Table`.

A stretch of lines is a table where at least two rows that we know have their numbers beside or below them (one
is enough under a header). Prose, headings, signatures and page furniture around it stay outside: a table ends with
its last row. Tables of other kinds are returned only where they were HTML tables, with format None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from govie.records import Cell, Document, Grid, Table
from govie.tables import forms
from govie.tables.lines import Line, Piece, grid_lines, known, text_lines

__all__ = ["find_tables"]

_CAPTION = re.compile(r"统计表|情况表|一览表|汇总表|统计报表|附表|统计情况|数据表|指标表")
_CAPTION_SKIP = re.compile(r"[（(]?(?:20\d\d|二[〇○零]).{0,8}[)）]?|填报|填表|单位[:：(（盖]|制表|统计时间|统计期|报送|审核|年度")
_FURNITURE = re.compile(r"浏览|点击|访问|阅读|字号|打印|关闭|分享|扫一扫|页|次数|电话|邮编|传真|日期|时间|来源|字体")


class _Shape(NamedTuple):
    """The rows of a table, sorted out: header cells, body rows, and which kind of form it is."""

    kind: str
    header: list[Piece]
    body: list[list[Piece]]
    caption: Piece | None


def find_tables(document: Document) -> tuple[Table, ...]:
    """Return the tables of ``document`` in the order of the text.

    ``rows`` hold the body (without header and caption rows) padded to one length; ``cells`` are the cells of the body,
    ``cell.row`` and ``cell.column`` index ``rows``, empty cells included. A label broken over two lines is whole in ``rows``
    and has the span of its first part in ``cells``. Tables of other kinds have format None.
    """
    found: list[tuple[_Shape | None, Table]] = []
    masked = []
    for grid in document.grids:
        tables = _grid_tables(document, grid)
        if tables or all(len(cell.text) <= 200 for cell in grid.cells):
            masked.append((grid.start, grid.end))
        found.extend(tables)
    lines = text_lines(document, masked)
    for first, last in _stretches(lines):
        if made := _table(document, lines[first:last], _caption_above(lines, first)):
            found.append(made)
    found.sort(key=lambda pair: (pair[1].start, pair[1].end))
    return _settle_formats(document, found)


# --- stretches of lines ---


def _stretches(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the stretches of lines that are tables, as index pairs."""
    found = []
    place = 0
    while place < len(lines):
        if lines[place].kind in "RHCLlGA":
            last, rows, header = _extent(lines, place)
            if rows >= 2 or (rows >= 1 and header):
                found.append((place, last))
            place = max(last, place + 1)
        else:
            place += 1
    return found


def _extent(lines: Sequence[Line], first: int) -> tuple[int, float, bool]:
    """Return where the table from line ``first`` on ends, how many rows it has, and whether it has a header."""
    last, rows, header = first, 0.0, False
    waiting: list[str] = []  # kinds of the lines since the last one that is surely part of the table
    values = False
    family = ""
    loose = 0
    place = first
    while place < len(lines):
        line = lines[place]
        kind = line.kind
        if kind == "A":
            kind = _settle(lines, place)
        if kind in ("X", "c") and not (kind == "c" and not values and header):
            break
        if kind == "C" and place > first and (values or waiting):
            break
        if kind == "H":
            here = _family(line)
            if values and not _is_continuation(family, here):
                break
            if not values and not header and waiting:
                break  # a heading above the table, not its first row
            family = family or here
            header = True
            waiting.clear() if not values else waiting.append(kind)
            if not values:
                last = place + 1
        elif kind == "C":
            header, last = True, place + 1
        elif kind == "R":
            rows += 1
            values, loose, last = True, 0, place + 1
            waiting.clear()
        elif kind == "r":
            rows += 0.25
            loose += 1
            if loose > 4 and not header:
                break
            values, last = True, place + 1
            waiting.clear()
        elif kind == "P":
            if not waiting and last == place:
                last = place + 1
        elif kind in "NDU":
            if not (header or values or waiting):
                break
            label = _label_before(waiting)
            if kind in "ND":
                rows += {"L": 1, "l": 0.5, "G": 0.5}.get(label, 1 if family == "cases" and not rows else 0.0)
                loose = loose + 1 if label == "F" else 0 if label else loose
                values = True
                waiting.clear()
            last = place + 1
        elif kind in "LlG":
            waiting.append(kind)
        elif kind == "F":
            waiting.append(kind)
            if waiting.count("F") > (6 if header and not values else 3) or (loose >= 3 and not header):
                break
        place += 1
    last = _trim(lines, first, last)
    if values and (label := _cut_row(lines, last)):
        last = label
    return last, rows, header


def _settle(lines: Sequence[Line], place: int) -> str:
    """Return whether a word that heads columns and rows alike (行政复议, 总计) is a label or a header cell here."""
    following = next((line.kind for line in lines[place + 1 : place + 4] if line.kind not in "PS"), "X")
    return "L" if following in "NDU" else "H"


def _family(line: Line) -> str:
    return next((family for piece in line.pieces if piece.text and (family := forms.header_family(piece.text))), "")


def _is_continuation(family: str, here: str) -> bool:
    # A page break repeats the header of a long table; the other forms start a new table with theirs.
    return here == "" or (family == here == "rows")


def _label_before(waiting: Sequence[str]) -> str:
    for kind in reversed(waiting):
        if kind in "LlG":
            return kind
    return "F" if "F" in waiting else ""


def _cut_row(lines: Sequence[Line], last: int) -> int | None:
    """Return the end of a last row that lost its number: a label we know, with nothing but the text's end behind it."""
    end = last
    while end < len(lines) and lines[end].kind in "LlGP" and not lines[end].columns:
        end += 1
    if end == last:
        return None
    labels = [line.kind for line in lines[last:end]]
    if "L" in labels[:1] or end == len(lines):
        return end if end == len(lines) else last + 1
    return None


def _trim(lines: Sequence[Line], first: int, last: int) -> int:
    """Take page furniture that looks like a row (浏览次数 ⏎ 123) off the end."""
    while last - first > 2:
        index = last - 1
        while index > first and lines[index].kind in "NDUP":
            index -= 1
        line = lines[index]
        if line.columns:
            return last
        words = forms.joined(line.pieces[0].text) if line.pieces else ""
        if line.kind != "F" or not _FURNITURE.search(words):
            return last
        last = index
    return last


def _caption_above(lines: Sequence[Line], first: int) -> Piece | None:
    """Return the caption directly above a table; the year, the unit and who filled it in may stand between."""
    for back in range(1, 6):
        if first - back < 0:
            return None
        line = lines[first - back]
        if line.kind == "X" and not line.pieces:
            return None
        words = "".join(forms.joined(piece.text) for piece in line.pieces)
        piece = line.pieces[0] if line.pieces else None
        if piece and len(words) <= 45 and _CAPTION.search(words) and "。" not in words and not re.match(r"附件?[:：]", words):
            return piece
        if line.kind not in "S" and not _CAPTION_SKIP.search(words):
            return None
    return None


# --- rows ---


def _rows(lines: Sequence[Line]) -> list[list[Piece]]:
    """Return the rows of a table: a line with columns is one, single cells are gathered up to the next label."""
    rows: list[list[Piece]] = []
    piped = any(None in line.tokens for line in lines)
    open_row = False  # whether single cells may still be added to the last row
    after_pipe = True
    for line in lines:
        if line.kind == "S" and not line.columns:
            continue
        if line.columns:
            _add_columns(rows, list(line.pieces))
            open_row, after_pipe = False, True
            continue
        for token in line.tokens:
            if token is None:
                if after_pipe and open_row and rows:
                    end = rows[-1][-1].end
                    rows[-1].append(Piece(end, end, ""))
                after_pipe = True
            elif forms.cell_kind(token.text) in "NDU":
                if not open_row:
                    rows.append([])
                rows[-1].append(token)
                open_row, after_pipe = True, False
            else:
                _add_words(rows, token, same_cell=piped and not after_pipe and open_row)
                open_row, after_pipe = True, False
    rows = [row for row in rows if row]
    return rows if any(line.columns for line in lines) else _codes_first(rows)


def _codes_first(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Give item numbers back to their rows: one cell a line, 序号 stands below the row before."""
    last = [int(words) if (words := forms.joined(row[-1].text)).isdigit() else -9 for row in rows[:-1]]
    steps = [b - a for a, b in zip(last, last[1:], strict=False) if a >= 0 or b >= 0]
    if len(steps) < 4 or steps.count(1) * 5 < len(steps) * 4:
        return rows
    shifted: list[list[Piece]] = []
    code: list[Piece] = []
    for row in rows:
        moves = row is not rows[-1] and forms.joined(row[-1].text).isdigit()
        shifted.append(code + (row[:-1] if moves else row))
        code = [row[-1]] if moves else []
    return [row for row in shifted if row]


def _add_words(rows: list[list[Piece]], piece: Piece, *, same_cell: bool) -> None:
    if rows and all(forms.cell_kind(p.text) == "T" for p in rows[-1]):
        last = rows[-1][-1]
        if same_cell or _continues(last.text, piece.text):
            rows[-1][-1] = Piece(last.start, last.end, last.text + piece.text)
            return
        for count in (3, 2, 1):
            parts = rows[-count:]
            if len(parts) == count and all(len(r) == 1 and not known(r[0].text) and forms.cell_kind(r[0].text) == "T" for r in parts):
                whole = "".join(r[0].text for r in parts) + piece.text
                if len(whole) <= 70 and known(whole):
                    rows[-count:] = [[Piece(parts[0][0].start, parts[0][0].end, whole)]]
                    return
    rows.append([piece])


def _add_columns(rows: list[list[Piece]], pieces: list[Piece]) -> None:
    filled = [index for index, piece in enumerate(pieces) if piece.text]
    words = [index for index in filled if forms.cell_kind(pieces[index].text) == "T"]
    if words and rows and len(rows[-1]) == 1 and forms.cell_kind(rows[-1][0].text) == "T":
        before, here = rows[-1][0], pieces[words[-1]]
        whole = before.text + here.text
        if len(filled) > 1 and len(whole) <= 110 and known(whole) and (not known(here.text) or _continues(before.text, here.text)) and not forms.is_header(before.text):
            pieces[words[-1]] = Piece(before.start, before.end, whole)
            rows[-1] = pieces
            return
    if len(filled) == 1 and words and rows and len(rows[-1]) > 1:
        labels = [index for index, piece in enumerate(rows[-1]) if forms.cell_kind(piece.text) == "T"]
        if labels and _continues(rows[-1][labels[-1]].text, pieces[words[0]].text):
            label = rows[-1][labels[-1]]
            rows[-1][labels[-1]] = Piece(label.start, label.end, label.text + pieces[words[0]].text)
            return
    rows.append(pieces)


def _continues(label: str, words: str) -> bool:
    """Say whether ``words`` on the next line go on with a label broken inside its cell."""
    opened = forms.joined(label)
    if opened.count("（") > opened.count("）"):
        return len(opened) < 80
    if forms.numbering_style(words) or forms.is_header(words):
        return False
    if not forms.label_key(words):
        return forms.joined(words).startswith("（")
    return not known(words) and len(label) + len(words) <= 70 and known(label + words) and _same_meaning(label, label + words)


def _same_meaning(label: str, whole: str) -> bool:
    # 收到申请数 and a local row below it do not make one label; 危及国家安全、公共安全 and 和社会稳定 do.
    return not known(label) or any(option.exact for option in forms.indicator(whole)) or forms.begins_label(whole) or forms.request_row(whole) not in (None, "")


# --- one table ---


def _grid_tables(document: Document, grid: Grid) -> list[tuple[_Shape | None, Table]]:
    lines = grid_lines(grid)
    cuts = [0]
    values, family = False, ""
    for index, line in enumerate(lines):
        here = _family(line) if line.kind == "H" else ""
        if index and (line.kind == "C" and cuts[-1] != index or here and values and not _is_continuation(family, here)):
            cuts.append(index)
            values, family = False, ""
        family = family or here
        values = values or line.kind in "Rr" and any(forms.cell_kind(p.text) in "ND" for p in line.pieces)
    caption = Piece(grid.start, grid.start, grid.caption) if grid.caption else _caption_before(document, grid.start)
    found: list[tuple[_Shape | None, Table]] = []
    for first, last in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        if made := _table(document, lines[first:last], caption):
            found.append(made)
    if found:
        return found
    other = _other_table(document, grid, lines)
    return [(None, other)] if other else []


def _caption_before(document: Document, start: int) -> Piece | None:
    head = document.text[max(0, start - 200) : start]
    offset = max(0, start - 200)
    lines = text_lines(Document(text=head, source=document.source), ())
    piece = _caption_above([*lines, Line("H", (), True)], len(lines))
    return Piece(piece.start + offset, piece.end + offset, piece.text) if piece else None


def _other_table(document: Document, grid: Grid, lines: Sequence[Line]) -> Table | None:
    rows = [list(line.pieces) for line in lines]
    if len(rows) < 2 or max(map(len, rows)) < 2 or any(len(cell.text) > 200 for cell in grid.cells):
        return None
    header = tuple(_shown(piece.text) for piece in rows[0])
    texts, cells = _body(document.text, rows[1:], len(header))
    return Table(format=None, caption=grid.caption, header=header, rows=texts, start=grid.start, end=grid.end, cells=cells)


def _table(document: Document, lines: Sequence[Line], caption: Piece | None) -> tuple[_Shape | None, Table] | None:
    shape = _shape(_rows(lines), caption)
    if shape is None:
        return None
    pieces = [piece for line in lines for piece in line.pieces if piece.text]
    start, end = min(p.start for p in pieces), max(p.end for p in pieces)
    header, body = _LAYERS[shape.kind](shape)
    body = [[Piece(min(p.start, end), min(p.end, end), p.text) for p in row] for row in body]
    rows, cells = _body(document.text, body, len(header))
    form = _form(shape)
    table = Table(
        format=form,
        caption=_shown(shape.caption.text) if shape.caption else None,
        header=header,
        rows=rows,
        start=start,
        end=end,
        cells=cells,
    )
    return shape, table


def _shape(rows: list[list[Piece]], caption: Piece | None) -> _Shape | None:
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
    kind = _kind(header, body)
    return _Shape(kind, header, body, caption) if kind else None


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
    indicators = sum(any(o.concept or o.group for o in forms.indicator(text)) for text in labels)
    article = sum(forms.article_label(text) for text in labels)
    width = max(sum(forms.cell_kind(p.text) in "NDB" for p in row) for row in body)
    if article and ("article" in families or not requests and article >= indicators):
        return "article"
    if "cases" in families and width >= 5 and requests < 2:
        return "cases"
    if requests >= 1 and (requests > indicators or requests == indicators and width >= 6 or "requests" in families):
        return "requests"
    if indicators:
        return "rows"
    categories = sum(forms.is_category(text) for text in labels)
    if any(forms.is_category_header(p.text) for p in header) and categories * 2 >= len(labels) and categories >= 2:
        return "rows"
    return None


def _form(shape: _Shape) -> str:
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
        if keys & {"requests.outcome.other.rest", "requests.outcome.other.unpaid", "requests.outcome.other.uncorrected"}:
            return "2021"
        if any(forms.request_row(p.text) == "requests.outcome.other" and any(forms.cell_kind(q.text) == "N" for q in row) for row in shape.body for p in row if p.text):
            return "2019"
        return ""
    if shape.kind == "cases":
        return ""
    return _row_form(shape, labels)


def _row_form(shape: _Shape, labels: Sequence[str]) -> str:
    roles = [forms.column_role(p.text) for p in shape.header]
    words = {forms.joined(p.text) for p in shape.header}
    if "cumulative" in roles or "prior" in roles or "指标名称" in words or any(forms.column_year(p.text) for p in shape.header):
        return "pre2014"
    ours = [text for text in labels if forms.indicator(text)]
    official = sum(forms.is_official(text) for text in ours)
    if not shape.header and max(sum(forms.cell_kind(p.text) == "N" for p in _plain_row(row)) for row in shape.body) > 1:
        return "pre2014"
    if words & {"统计指标", "统计数"} or not shape.header:
        return "2014" if official * 2 >= len(ours) else "pre2014"
    return "2014" if official >= 6 and official * 5 >= len(ours) * 4 else "pre2014"


def _settle_formats(document: Document, found: Sequence[tuple[_Shape | None, Table]]) -> tuple[Table, ...]:
    """Give tables whose own words leave the format open that of the report's other tables."""
    told = [table.format for _, table in found if table.format in ("2019", "2021")]
    if told:
        usual = max(set(told), key=told.count)
    else:
        years = re.findall(r"20(?:19|20)(?=年)", document.text[:600])
        later = re.findall(r"202[1-9](?=年)", document.text[:600])
        usual = "2019" if len(years) > len(later) else "2021"
    return tuple(
        Table(
            format=usual, caption=table.caption, header=table.header, rows=table.rows,
            start=table.start, end=table.end, cells=table.cells,
        ) if table.format == "" else table
        for _, table in found
    )  # fmt: skip


# --- header and body by kind ---


def _layer_requests(shape: _Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    names = forms.forms()["applicants"]
    first = next((_shown(p.text) for p in shape.header if "勾稽" in p.text or "第一项" in p.text), "")
    body = _labelled(shape.body)
    width = max((len(row) for row in body), default=0)
    columns = [names[a] if a else names["total"] for a in forms.APPLICANT_ORDER]
    if width <= 3 and not any(forms.header_family(p.text) == "requests" for p in shape.header):
        columns = [names["total"]]
    return (first, *columns), body


def _layer_cases(shape: _Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    cases = forms.forms()["cases"]
    body = [[p for p in row if not forms.joined(p.text) in cases["results"]] for row in shape.body]
    body = [row for row in body if row]
    if any(_values(row) >= 15 for row in body):
        return tuple(f"{group} {result}" for group in cases["groups"] for result in cases["results"]), body
    words = [_shown(p.text) for p in shape.header if p.text]
    return tuple(words), body


def _layer_article(shape: _Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    header = tuple(_shown(p.text) for p in shape.header if p.text)
    return header, _labelled(shape.body)


def _layer_rows(shape: _Shape) -> tuple[tuple[str, ...], list[list[Piece]]]:
    header = [p for p in shape.header if p.text and forms.column_role(p.text)]
    pages = {forms.joined(p.text) for p in shape.header}
    if {"甲", "乙"} & pages:
        header = [p for p in header if forms.cell_kind(p.text) == "T" and len(forms.joined(p.text)) > 1]
    seen: list[Piece] = []
    for piece in header:
        if forms.joined(piece.text) not in {forms.joined(p.text) for p in seen} or not any(forms.column_role(p.text) == "label" for p in seen):
            seen.append(piece)
    roles = [forms.column_role(p.text) for p in seen]
    if not any(role in ("annual", "cumulative", "prior") for role in roles):
        return tuple(_shown(p.text) for p in shape.header if p.text), [_plain_row(row) for row in shape.body]
    body: list[list[Piece]] = []
    for row in shape.body:
        body.extend(_aligned(row, roles))
    return tuple(_shown(p.text) for p in seen), body


_LAYERS = {"requests": _layer_requests, "cases": _layer_cases, "article": _layer_article, "rows": _layer_rows}


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
        found.append([row[words[-1]], *_without_tail([p for p in row[words[-1] + 1 :] if forms.cell_kind(p.text) != "U"], 7)])
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
    if len(row) == len(roles) and all(_fits(kind, role) for kind, role in zip(kinds, roles, strict=True)):
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
    if "code" in column and column["code"] > column.get("label", 0) and len(numbers) > len([s for s in slots if roles[s] != "ignored"]):
        placed[column["code"]] = numbers.pop(0)
    elif "code" in column and at and kinds[at - 1] == "N":
        placed[column["code"]] = row[at - 1]
    placed.update(zip(slots, numbers, strict=False))
    end = row[at].end
    whole = [placed.get(i, Piece(end, end, "")) for i in range(len(roles))]
    front = [[row[i]] if not column.get("label", 0) else [Piece(row[i].start, row[i].start, "")] * column["label"] + [row[i]] for i in labels[:-1]]
    return [*front, whole]


def _fits(kind: str, role: str) -> bool:
    allowed = {"label": "T", "unit": "UDB", "code": "NBD", "annual": "NDB", "cumulative": "NDB", "prior": "NDB"}
    return role not in allowed or kind in allowed[role]


def _body(text: str, rows: Sequence[Sequence[Piece]], width: int) -> tuple[tuple[tuple[str, ...], ...], tuple[Cell, ...]]:
    width = max([width, *(len(row) for row in rows)])
    texts = tuple(tuple(_shown(p.text) for p in row) + ("",) * (width - len(row)) for row in rows)
    cells = tuple(
        Cell(index, column, piece.start, piece.end, text[piece.start : piece.end])
        for index, row in enumerate(rows)
        for column, piece in enumerate(row)
    )
    return texts, cells


def _shown(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()
