"""The official forms written out, in every layout that web pages give them.

For authors and for training data: :func:`expand` turns the ``@table`` and ``@rows`` blocks of inline mark-up
into laid-out tables whose cells carry their annotation.

::

    @table 2014 tabs until=40
    disclosure.total 56
    staffing.staff.full_time 1
    @end

    @rows lines
    主动公开文件数 | 条 | ⟦67¦cell disclosure.total⟧ | ⟦227¦cell disclosure.total cum⟧
    @end

A concept that is not listed stands as 0; ``-`` leaves its cell empty. ``@table`` names: ``2014``; ``2019.1``
(the small tables of section two), ``2019.3`` (requests), ``2019.4`` (reviews), and the same for 2021. A line of a
request table gives one number (a natural person's, and the total) or seven. Layouts: ``tabs``, ``pipes``,
``spaces``, ``lines`` (one cell a line), ``cellpipe`` (``cell⏎|⏎``). Options: ``unit=no`` (no unit column), ``until=N``,
``from=N`` (cut short, in rows), ``drop=A-B`` (rows lost in the middle), ``code=yes`` (a column of row numbers),
``empty=——`` (header cells), ``header=no``, ``default=`` (what unlisted cells hold).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from ..errors import CorpusError
from ..taxonomy import APPLICANTS, data_text

__all__ = ["LAYOUTS", "expand"]

LAYOUTS = ("tabs", "pipes", "spaces", "lines", "cellpipe")
_BLOCK = re.compile(r"^@(table|rows) ([^\n]*)\n(.*?)^@end$", re.S | re.M)

Row = list[str]


@cache
def _forms() -> dict[str, Any]:
    return tomllib.loads(data_text("forms.toml"))


def expand(name: str, source: str) -> str:
    """Return ``source`` with its ``@table`` and ``@rows`` blocks laid out; raises CorpusError on a wrong block."""

    def block(match: re.Match[str]) -> str:
        words = match[2].split()
        options = dict(w.split("=", 1) for w in words if "=" in w)
        plain = [w for w in words if "=" not in w]
        layout = plain[-1] if plain else ""
        if layout not in LAYOUTS:
            raise CorpusError(f"layout {layout!r} is not known", where=f"{name}: @{match[1]} {match[2]}", hint=f"Layouts: {', '.join(LAYOUTS)}.")
        if match[1] == "rows":
            return lay_out([[c.strip() for c in line.split(" | ")] for line in match[3].splitlines() if line.strip()], layout)
        return "\n".join(lay_out(_cut(rows, options), layout) for rows in _table(name, plain[0], match[3], options))

    return _BLOCK.sub(block, source)


def lay_out(rows: list[Row], layout: str) -> str:
    """Return the rows as text in ``layout``."""
    if layout == "tabs":
        return "\n".join("\t".join(row) for row in rows)
    if layout == "spaces":
        return "\n".join("  ".join(cell or "—" for cell in row) for row in rows)
    if layout == "pipes":
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)
    if layout == "lines":
        return "\n".join(cell for row in rows for cell in row if cell)
    return "\n".join(f"{cell}\n|" for row in rows for cell in row)


def _cut(rows: list[Row], options: dict[str, str]) -> list[Row]:
    head, body = (rows[:1], rows[1:]) if options.get("header", "yes") == "yes" else ([], rows[1:])
    numbered = list(enumerate(body, 1))
    if "drop" in options:
        first, last = map(int, options["drop"].split("-"))
        numbered = [(i, r) for i, r in numbered if not first <= i <= last]
    numbered = [(i, r) for i, r in numbered if int(options.get("from", 1)) <= i <= int(options.get("until", 999))]
    if options.get("code") == "yes":
        return [["序号", *r] for r in head] + [[str(i), *r] for i, r in numbered]
    return head + [r for _, r in numbered]


def _table(name: str, form: str, lines: str, options: dict[str, str]) -> list[list[Row]]:
    values = _Values(name, lines, options.get("default", "0"))
    year, _, part = form.partition(".")
    if form == "2014":
        tables = [_form_2014(values, options)]
    elif year in ("2019", "2021") and part == "1":
        tables = [_article(article, values) for article in _forms()["article"] if article["form"] == year]
    elif year in ("2019", "2021") and part == "3":
        tables = [_requests(next(t for t in _forms()["requests"] if t["form"] == year), values, options)]
    elif year in ("2019", "2021") and part == "4":
        tables = [_cases(values, options)]
    else:
        raise CorpusError(f"form {form!r} is not known", where=name, hint="Forms: 2014, 2019.1, 2019.3, 2019.4, 2021.1, 2021.3, 2021.4.")
    values.all_used()
    return tables


class _Values:
    """What the author listed: concept -> numbers as written."""

    def __init__(self, name: str, lines: str, default: str) -> None:
        self.name, self.default = name, default
        self.given = {w[0]: w[1:] for w in (line.split() for line in lines.splitlines()) if w}
        self.used: set[str] = set()

    def cell(self, concept: str, column: int | None = None) -> str:
        """The cell of a concept; ``column`` 0-6 in the request table, where 6 is the total."""
        if not concept:
            return ""
        self.used.add(concept)
        words = self.given.get(concept, [self.default] if column is None else [self.default] * 7)
        if column is not None and len(words) == 1:
            words = [words[0], "0", "0", "0", "0", "0", words[0]]
        word = words[column or 0]
        if word == "-":
            return ""
        if not re.search(r"\d", word):
            return word
        applicant = f" appl={APPLICANTS[column]}" if column is not None and column < len(APPLICANTS) else ""
        return f"⟦{word}¦cell {concept}{applicant}⟧"

    def all_used(self) -> None:
        if unknown := set(self.given) - self.used:
            raise CorpusError(f"not in this form: {', '.join(sorted(unknown))}", where=self.name, hint="See govie/data/forms.toml.")


def _form_2014(values: _Values, options: dict[str, str]) -> list[Row]:
    form = _forms()["form"][0]
    empty = options.get("empty", "")
    rows = [list(form["header"])] + [[label, unit, values.cell(concept) or empty] for label, unit, concept in form["rows"]]
    return [[r[0], r[2]] for r in rows] if options.get("unit") == "no" else rows


def _article(article: dict[str, Any], values: _Values) -> list[Row]:
    return [[article["caption"]], list(article["header"])] + [[label, *(values.cell(c) for c in concepts)] for label, *concepts in article["rows"]]


def _requests(table: dict[str, Any], values: _Values, options: dict[str, str]) -> list[Row]:
    names = _forms()["applicants"]
    columns = [names[a] for a in APPLICANTS]
    rows: list[Row] = [
        [table["note"], names["head"]],
        [names["natural_person"], names["group"], names["total"]],
        columns[1:],
    ]
    for label, concept in table["rows"]:
        rows.append([label, *(values.cell(concept, i) for i in range(7))] if concept else [label])
    return rows


def _cases(values: _Values, options: dict[str, str]) -> list[Row]:
    cases = _forms()["cases"]
    numbers = [values.cell(c) for group in ("review", "direct", "after_review") for c in cases[group]]
    return [[cases["groups"][0], cases["head"]], cases["groups"][1:], cases["results"] * 3, numbers]
