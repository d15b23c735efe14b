"""Inline mark-up: a report written together with its annotation, for people who write by hand.

::

    ---
    year: 2017
    town: 青石镇
    county: 白河县
    province: 陕西省
    hand: A1
    ---
    ⟦青石镇2017年政府信息公开工作年度报告¦TITLE⟧
    一、⟦概述¦H1 overview⟧
    全年主动公开信息⟦66条¦disclosure.total⟧，其中⟦机构职能类¦CAT⟧⟦6条¦cat⟧。

``⟦words¦annotation⟧`` marks ``words``; marks do not nest. Annotations:

* ``TITLE``, ``AUTH``, ``PERIOD 2017-01-01/2017-12-31``, ``DATE 2018-01-12``, ``PHONE``, ``FAX``, ``EMAIL``,
  ``ADDRESS``, ``POSTCODE``, ``WEBSITE``, ``NAME`` (contacts take ``=value`` where it is not just the words);
* ``H1 overview``, ``H2``, ``H2r problems.measures`` (r: run into its paragraph), ``H1 fees+review_litigation``;
* ``CAT`` or ``CAT b``: a category label; a count takes the nearest unpaired label before it, else ``cat=b``;
* a concept id (``cat`` is short for ``disclosure.by_category``), with ``=12`` or ``=12条`` where the words are not
  plain digits, ``@2016`` for another year, ``cum`` for cumulative, ``~`` for approximate, ``?`` for optional,
  ``appl=enterprise``; several facts of one span are joined by `` + ``;
* ``PCT`` a share that is no fact, ``NUM`` a number of no concept.

A table is given by its cells: ``@table 2014 tabs`` … ``@end`` (see :mod:`govie.interchange.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import CorpusError
from ..taxonomy import APPLICANTS, concepts
from .annotation import AnnotatedFact, AnnotatedReport, AnnotatedSpan, ReportCard

__all__ = ["clean_category", "parse"]

_MARK = re.compile(r"⟦([^⟦⟧¦]*)¦([^⟦⟧¦]*)⟧")
_HEADING = re.compile(r"H([1-5])(r?)(\??)(?: ([a-z_.+]+))?$")
_PLAIN = re.compile(r"(?P<number>[+\-−]?\d[\d,]*(?:\.\d+)?)(?P<unit>[^\d,.]*)")
_VALUE = re.compile(r"=(?P<number>-?\d+(?:\.\d+)?)(?P<unit>\D*)$")
_CONTACTS = {"PHONE", "FAX", "EMAIL", "ADDRESS", "POSTCODE", "WEBSITE", "NAME"}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．％", "0123456789,.%")
_CONTACT_SIGNS = str.maketrans("０１２３４５６７８９－—–（）", "0123456789---()")
_BLANKS = re.compile(r"[\s\u3000\u200b\u00a0]+")


def parse(name: str, source: str) -> AnnotatedReport:
    """Return the report that ``source`` writes in inline mark-up.

    Raises:
        CorpusError: the header or a mark is wrong; the message names the line.
    """
    header, body, first_line = _split(name, source)
    year = _whole_number(name, "year", header["year"])
    text, marks = _strip(name, body, first_line)
    builder = _Builder(name, text, year)
    for start, end, annotation, line in marks:
        builder.add(start, end, annotation, line)
    builder.pair_categories()
    return AnnotatedReport(
        name=name,
        text=text,
        card=_card(header, builder),
        spans=tuple(builder.spans),
        facts=tuple(builder.finished()),
    )


def _split(name: str, source: str) -> tuple[dict[str, str], str, int]:
    match = re.match(r"---\n(.*?)\n---\n", source, re.S)
    if not match:
        raise CorpusError("no header", where=name, hint="Start the file with --- lines around 'key: value' lines.")
    header = {}
    for line in match[1].splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise CorpusError(f"header line {line!r} has no colon", where=name, hint="Write 'key: value'.")
        header[key.strip()] = value.strip()
    unknown = set(header) - {*ReportCard.__struct_fields__}
    if unknown or not {"year", "town"} <= set(header):
        wrong = ", ".join(sorted(unknown)) or "year or town is missing"
        raise CorpusError(f"header keys: {wrong}", where=name, hint=f"Known keys: {', '.join(ReportCard.__struct_fields__)}.")
    return header, source[match.end() :], source[: match.end()].count("\n") + 1


def _whole_number(name: str, key: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,6}", value):
        raise CorpusError(f"{key} {value!r} is not a number", where=name, hint=f"Write '{key}: 2017'.")
    return int(value)


def _strip(name: str, body: str, first_line: int) -> tuple[str, list[tuple[int, int, str, int]]]:
    """Return the text without marks, and the marks as (start, end, annotation, line)."""
    pieces: list[str] = []
    marks = []
    length = last = 0
    for match in _MARK.finditer(body):
        pieces.append(body[last : match.start()])
        length += match.start() - last
        marks.append((length, length + len(match[1]), match[2].strip(), first_line + body.count("\n", 0, match.start())))
        pieces.append(match[1])
        length += len(match[1])
        last = match.end()
    pieces.append(body[last:])
    text = "".join(pieces)
    stray = re.search("[⟦⟧¦]", text)
    if stray:
        near = text[max(0, stray.start() - 20) : stray.end() + 20]
        where = f"{name}: near {near!r}"
        raise CorpusError("a mark is not closed or is nested", where=where, hint="Write ⟦words¦annotation⟧.")
    return text, marks


class _Builder:
    """Collects spans and facts, mark by mark."""

    def __init__(self, name: str, text: str, year: int) -> None:
        self.name, self.text, self.year = name, text, year
        self.spans: list[AnnotatedSpan] = []
        self.facts: list[dict[str, Any]] = []
        self._labels: dict[str, AnnotatedSpan] = {}
        self._named: set[str] = set()

    def add(self, start: int, end: int, annotation: str, line: int) -> None:
        where = f"{self.name}: line {line}: ⟦{self.text[start:end]}¦{annotation}⟧"
        words = self.text[start:end]
        # A span has no blanks at its edges, whatever the hand marked.
        start, end = end - len(words.lstrip()), start + len(words.rstrip())
        word, _, rest = annotation.partition(" ")
        if word in ("TITLE", "NUM", "PCT", "AUTH"):
            label = {"NUM": "NUMBER", "PCT": "SHARE", "AUTH": "AUTHORITY"}.get(word, word)
            self._span(label, start, end, {})
        elif word in ("PERIOD", "DATE"):
            if not re.fullmatch(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?", rest):
                raise CorpusError(f"{word} needs an ISO date", where=where, hint="PERIOD 2017-01-01/2017-12-31, DATE 2018-01-12.")
            self._span(word, start, end, {"value": rest})
        elif word in _CONTACTS:
            value = rest.removeprefix("=") or _BLANKS.sub("", self.text[start:end]).translate(_CONTACT_SIGNS)
            self._span("CONTACT", start, end, {"kind": word.lower(), "value": value})
        elif word == "CAT":
            span = self._span("CATEGORY", start, end, {})
            if rest:
                self._labels[rest] = span
                self._named.add(span.id)
        elif match := _HEADING.match(annotation):
            attributes = {"level": match[1]} | ({"run_in": "yes"} if match[2] else {})
            attributes |= ({"optional": "yes"} if match[3] else {}) | ({"kind": match[4]} if match[4] else {})
            self._span("HEADING", start, end, attributes)
        else:
            self._facts(start, end, annotation, where)

    def _span(self, label: str, start: int, end: int, attributes: dict[str, str]) -> AnnotatedSpan:
        if start >= end:
            raise CorpusError("an empty mark", where=f"{self.name}: offset {start}", hint="Mark at least one character.")
        span = AnnotatedSpan(id=f"T{len(self.spans) + 1}", label=label, start=start, end=end, attributes=attributes)
        self.spans.append(span)
        return span

    def _facts(self, start: int, end: int, annotation: str, where: str) -> None:
        words = _BLANKS.sub("", self.text[start:end]).translate(_FULL_WIDTH)
        cell = annotation.startswith("cell ")
        drafts = [self._draft(part.split(), words, where) for part in annotation.removeprefix("cell ").split(" + ")]
        zero = not cell and all(d["value"] == 0 for d in drafts) and not re.search(r"[0零〇○]", words)
        span = self._span("CELL" if cell else "ZERO" if zero else "COUNT", start, end, {})
        self.facts += [draft | {"span": span.id} for draft in drafts]

    def _draft(self, tokens: list[str], words: str, where: str) -> dict[str, Any]:
        first, equals, value = tokens[0].partition("=")
        if equals:
            tokens = [first, f"={value}", *tokens[1:]]
        concept = {"cat": "disclosure.by_category"}.get(first, first)
        if concept not in concepts():
            raise CorpusError(f"{tokens[0]!r} is no concept or label", where=where, hint="See govie/data/concepts.csv.")
        plain = _PLAIN.search(words)
        draft: dict[str, Any] = {"concept": concept, "scope": "annual", "year": self.year, "value": None, "unit": ""}
        if plain and len(_PLAIN.findall(words)) == 1:
            draft |= {"value": _number(plain["number"]), "unit": plain["unit"]}
        for token in tokens[1:]:
            draft |= self._option(token, where)
        if draft["value"] is None:
            raise CorpusError("the value cannot be read off the words", where=where, hint="Add =VALUE, as in =12 or =0.")
        unit = re.sub("^[余多]|(左右|以上|余|多)$", "", draft["unit"])
        return draft | {"unit": unit or concepts()[concept].unit}

    def _option(self, token: str, where: str) -> dict[str, Any]:
        if match := _VALUE.match(token):
            return {"value": _number(match["number"])} | ({"unit": match["unit"]} if match["unit"] else {})
        if match := re.fullmatch(r"@(\d{4})", token):
            return {"year": int(match[1])}
        if token.startswith("cat="):
            return {"ref": token[4:]}
        if token.startswith("appl=") and token[5:] in APPLICANTS:
            return {"applicant": token[5:]}
        flags: dict[str, dict[str, Any]] = {"cum": {"scope": "cumulative"}, "~": {"approximate": True}, "?": {"optional": True}}
        if token in flags:
            return flags[token]
        raise CorpusError(f"{token!r} is not understood", where=where, hint="Options: =12 @2016 cum ~ ? cat=x appl=enterprise.")

    def pair_categories(self) -> None:
        """Give every by_category fact its CATEGORY span."""
        by_id = {s.id: s for s in self.spans}
        taken: set[str] = set()
        for fact in self.facts:
            if fact["concept"] != "disclosure.by_category":
                continue
            count = by_id[fact["span"]]
            ref = fact.pop("ref", None)
            label = self._labels.get(ref) if ref else self._nearest(count, taken)
            if label is None:
                words = self.text[max(0, count.start - 15) : count.end]
                hint = "Mark its label ⟦…¦CAT x⟧ and give cat=x."
                raise CorpusError("a category count has no label", where=f"{self.name}: {words!r}", hint=hint)
            taken.add(label.id)
            fact |= {"category_span": label.id, "category": clean_category(self.text[label.start : label.end])}

    def _nearest(self, count: AnnotatedSpan, taken: set[str]) -> AnnotatedSpan | None:
        free = [s for s in self.spans if s.label == "CATEGORY" and s.id not in taken | self._named]
        before = [s for s in free if s.end <= count.start and "\n\n" not in self.text[s.end : count.start]]
        return before[-1] if before else None

    def finished(self) -> Iterator[AnnotatedFact]:
        for fact in self.facts:
            yield AnnotatedFact(**fact)


def clean_category(label: str) -> str:
    """Return a category label as the gold has it: no blanks, no leading number, no closing 类/信息/公开/情况."""
    label = re.sub(r"^[（(]?[\d一二三四五六七八九十]{1,2}[）)．.、]+", "", _BLANKS.sub("", label))
    while len(shorter := re.sub("(类|信息|公开|情况)$", "", label)) < len(label) and len(shorter) >= 2:
        label = shorter
    return label


def _number(digits: str) -> int | float:
    plain = digits.replace(",", "").replace("−", "-")
    return float(plain) if "." in plain else int(plain)


def _card(header: dict[str, str], builder: _Builder) -> ReportCard:
    def words(label: str) -> list[AnnotatedSpan]:
        return [s for s in builder.spans if s.label == label]

    titles = [_BLANKS.sub("", builder.text[s.start : s.end]) for s in words("TITLE")]
    authorities = [_BLANKS.sub("", builder.text[s.start : s.end]) for s in words("AUTHORITY")]
    periods = [s.attributes["value"] for s in words("PERIOD")]
    dates = [s.attributes["value"] for s in words("DATE")]
    given: dict[str, Any] = {
        "title": "".join(titles) or None,
        "authority": tuple(authorities),
        "period": tuple(periods[0].split("/")) if periods else None,
        "issued": dates[-1] if dates else None,
    }
    lists = {"authority", "findings", "findings_optional"}
    for key, value in header.items():
        if key in lists:
            given[key] = tuple(v for v in re.split(r"[,，\s]+", value) if v)
        elif key == "period":
            given[key] = tuple(value.split("/"))
        elif key in ("year", "candidates"):
            given[key] = _whole_number(builder.name, key, value)
        else:
            given[key] = None if value in ("", "null") else value
    return ReportCard(**given)
