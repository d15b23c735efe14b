"""Drawn rules to tables: the cells are what the rules enclose.

Read this first. :func:`find_lattices` joins rules on one line (dashes, cell borders drawn one by one, double lines), gathers
rules that touch, and takes their places as the edges of rows and columns. A piece of edge that is not drawn joins the two
cells beside it, so merged cells come out with their spans. Left out on purpose: frames around a single cell or column, and
tables without rules down the page (their columns are found by alignment, see :mod:`govie.readers.pages`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from govie.readers.layout import Box, Lattice, Rule

__all__ = ["find_lattices"]

_TOUCH = 3.0  # points: rules this near touch, or are one (a double line, borders of neighbouring cells)
_DASH_GAP = 4.5  # between the dashes of a line
_SHORTEST = 6.0  # what is shorter is no border but a part of a sign
_THINNEST_ROW = 4.5  # a row lower than this is the space within a double line
_DRAWN = 0.6  # share of an edge that must be drawn
_OPEN_END = 6.0  # rules that go on this far beyond the last crossing were cut by the page's end
_MOST_RULES = 4000  # more are a map or a chart
_MOST_PLACES = 400  # rows or columns of one page's table


def find_lattices(across: Sequence[Rule], down: Sequence[Rule]) -> list[Lattice]:
    """Return the tables that the rules of one page draw, from top to bottom: at least two columns and one row each."""
    rows, columns = _joined(across), _joined(down)
    if not rows or not columns or len(rows) + len(columns) > _MOST_RULES:
        return []
    found = []
    for group_across, group_down in _touching(rows, columns):
        lattice = _lattice(group_across, group_down)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda lattice: lattice.ys[0])


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules with those on one line and in touch made one, the short ones left out."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.place - groups[-1][0].place <= _TOUCH:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    joined = []
    for group in groups:
        for start, end in _runs([(rule.start, rule.end) for rule in group], _DASH_GAP):
            if end - start >= _SHORTEST:
                parts = [rule.place for rule in group if rule.end >= start and rule.start <= end]
                joined.append(Rule(sum(parts) / len(parts), start, end))
    return joined


def _runs(spans: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    spans.sort()
    found: list[tuple[float, float]] = []
    for start, end in spans:
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _touching(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of rules that cross or touch one another."""
    down = sorted(down)
    places = [rule.place for rule in down]
    leader = list(range(len(across) + len(down)))

    def head(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for index, rule in enumerate(across):
        first, last = bisect_left(places, rule.start - _TOUCH), bisect_right(places, rule.end + _TOUCH)
        for other in range(first, last):
            if down[other].start - _TOUCH <= rule.place <= down[other].end + _TOUCH:
                leader[head(index)] = head(len(across) + other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate([*across, *down]):
        groups.setdefault(head(index), ([], []))[index >= len(across)].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    ys, xs = _places(across), _places(down)
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    open_top, open_bottom = top < ys[0] - _OPEN_END, bottom > ys[-1] + _OPEN_END
    ys = [*([top] if open_top else []), *ys, *([bottom] if open_bottom else [])]
    open_left, open_right = left < xs[0] - _OPEN_END, right > xs[-1] + _OPEN_END
    xs = [*([left] if open_left else []), *xs, *([right] if open_right else [])]
    if len(xs) < 3 or len(ys) < 2 or len(xs) > _MOST_PLACES or len(ys) > _MOST_PLACES:
        return None
    drawn_down = [_spans_at(down, x) for x in xs]
    drawn_across = [_spans_at(across, y) for y in ys]
    return _compressed(xs, ys, _boxes(xs, ys, drawn_across, drawn_down), open_top, open_bottom)


def _places(rules: list[Rule]) -> list[float]:
    """Return the places of the rules, those nearer than any row is high taken as one."""
    found: list[float] = []
    for place in sorted(rule.place for rule in rules):
        if not found or place - found[-1] >= _THINNEST_ROW:
            found.append(place)
    return found


def _spans_at(rules: list[Rule], place: float) -> list[tuple[float, float]]:
    return [(rule.start, rule.end) for rule in rules if -_TOUCH <= rule.place - place < _THINNEST_ROW]


def _is_drawn(spans: list[tuple[float, float]], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(end, high) - max(start, low)) for low, high in spans)
    return covered >= _DRAWN * (end - start)


def _boxes(
    xs: list[float],
    ys: list[float],
    across: list[list[tuple[float, float]]],
    down: list[list[tuple[float, float]]],
) -> list[Box]:
    """Return the cells: places of the lattice with no edge drawn between them are one, where they make a rectangle."""
    height, width = len(ys) - 1, len(xs) - 1
    leader = list(range(height * width))

    def head(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column + 1 < width and not _is_drawn(down[column + 1], ys[row], ys[row + 1]):
                leader[head(here)] = head(here + 1)
            if row + 1 < height and not _is_drawn(across[row + 1], xs[column], xs[column + 1]):
                leader[head(here)] = head(here + width)
    groups: dict[int, list[tuple[int, int]]] = {}
    for here in range(height * width):
        groups.setdefault(head(here), []).append(divmod(here, width))
    boxes: list[Box] = []
    for places in groups.values():
        boxes.extend(_rectangles(places))
    return sorted(boxes)


def _rectangles(places: list[tuple[int, int]]) -> list[Box]:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width == len(places):
        return [Box(min(rows), min(columns), height, width)]
    # An edge was lost: cells that make no rectangle are kept row by row.
    found: list[Box] = []
    for row, column in sorted(places):
        last = found[-1] if found else None
        if last is not None and last.row == row and last.column + last.colspan == column:
            found[-1] = last._replace(colspan=last.colspan + 1)
        else:
            found.append(Box(row, column, 1, 1))
    return found


def _compressed(
    xs: list[float], ys: list[float], boxes: list[Box], open_top: bool, open_bottom: bool
) -> Lattice | None:
    """Return the lattice without rows and columns in which no cell begins; None if a single column is left."""
    rows, columns = sorted({box.row for box in boxes}), sorted({box.column for box in boxes})
    if len(columns) < 2:
        return None
    row_at = {row: number for number, row in enumerate(rows)}
    column_at = {column: number for number, column in enumerate(columns)}
    kept = tuple(
        Box(
            row_at[box.row],
            column_at[box.column],
            bisect_left(rows, box.row + box.rowspan) - row_at[box.row],
            bisect_left(columns, box.column + box.colspan) - column_at[box.column],
        )
        for box in boxes
    )
    return Lattice(
        (*(xs[column] for column in columns), xs[-1]), (*(ys[row] for row in rows), ys[-1]), kept, open_top, open_bottom
    )
