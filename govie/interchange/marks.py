"""What annotation tools know of a report - marks with labels, and lines between them - to govie's spans and facts.

A tool's label is one of govie's labels, alone or with a detail behind a slash, so that a report can be annotated
from scratch with labels alone::

    COUNT/requests.received            a number of this concept; the value is read off the words
    ZERO/review.total+litigation.total two facts on one span
    HEADING/1/overview                 level and kind
    CONTACT/phone
    requests.received                  short for COUNT/requests.received, or ZERO/... where the words have no number

What a tool cannot say by a label (scope, another year, approximate, optional) goes as a note, in the words of
:mod:`govie.interchange.brat`; where there is none, it is taken to be the plain case, and a notice says what was missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ..errors import CorpusError
from ..normalise import Normalised, collapse
from ..numerals import find_numbers, parse_number, parse_year
from ..taxonomy import concepts
from . import brat
from .annotation import LABELS, AnnotatedFact, AnnotatedReport, AnnotatedSpan, ReportCard
from .inline import clean_category

__all__ = ["CARD_LABELS", "CONTACT_KINDS", "NUMBER_LABELS", "Imported", "Mark", "assemble", "label_of", "parse_label"]

NUMBER_LABELS = ("COUNT", "CELL", "ZERO")
CONTACT_KINDS = ("phone", "fax", "email", "address", "postcode", "website", "name")
CARD_LABELS = ("TITLE", "AUTHORITY", "PERIOD")
"""The labels that a report without a card is told apart by."""
BY_CATEGORY = "disclosure.by_category"
_DATE = re.compile(r"(.{4})年(.{1,2})月(.{1,3})[日号]?$")
_CONTACT_SIGNS = str.maketrans("０１２３４５６７８９－—–（）", "0123456789---()")


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """The reports of a file or folder; ``notices`` say what an annotation lacked, one line each."""

    reports: tuple[AnnotatedReport, ...]
    notices: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch marked in a tool: ``key`` is the tool's id, ``id`` govie's, if it is known.

    ``start`` and ``end`` count code points; ``notes`` are the facts it states, None where the tool says nothing of them.
    """

    key: str
    start: int
    end: int
    label: str
    id: str | None = None
    attributes: dict[str, str] = {}
    notes: tuple[str, ...] | None = None


def label_of(span: AnnotatedSpan, facts: Iterable[AnnotatedFact]) -> str:
    """Return the label with its detail: the concepts of a number, level and kind of a heading, kind of a contact."""
    details: list[str] = []
    if span.label in NUMBER_LABELS:
        details = ["+".join(fact.concept for fact in facts)]
    elif span.label == "HEADING":
        details = [span.attributes.get("level", ""), span.attributes.get("kind", "")]
    elif span.label == "CONTACT":
        details = [span.attributes.get("kind", "")]
    return "/".join([span.label, *filter(None, details)])


def parse_label(label: str, where: str) -> tuple[str, list[str]]:
    """Return govie's label and the details of a tool's label; raises CorpusError where it is neither label nor concept."""
    base, *details = label.strip().split("/")
    if base in concepts() and not details:
        return "", [base]
    known = base in LABELS
    if known and base in NUMBER_LABELS:
        names = [name for detail in details for name in detail.split("+")]
        if not (wrong := [name for name in names if name not in concepts()]):
            return base, names
        raise CorpusError(f"label {label!r} names no concept: {wrong[0]!r}", where=where, hint="See govie/data/concepts.csv.")
    if known:
        return base, details
    hint = f"Labels: {', '.join(LABELS)}, or a concept of govie/data/concepts.csv; rename it in the tool."
    raise CorpusError(f"label {label!r} is not known", where=where, hint=hint)


def assemble(
    *,
    name: str,
    text: str,
    card: dict[str, Any] | None,
    marks: Sequence[Mark],
    relations: Iterable[tuple[str, str]],
    where: str,
    notices: list[str],
) -> AnnotatedReport:
    """Return the report that ``marks`` and ``relations`` (pairs of mark keys) describe; spans in the order of ``marks``.

    What was missing is added to ``notices``.

    Raises:
        CorpusError: a label, note or the card is wrong; the message names ``where`` and the span.
    """
    work = _Assembly(name, text, where, notices)
    work.reserved = {mark.id for mark in marks if mark.id}
    work.marks = [work.understood(mark) for mark in marks]
    work.card = work.read_card(card)
    spans = tuple(work.spans())
    facts = tuple(work.facts(list(relations)))
    return AnnotatedReport(name=name, text=text, card=work.card, spans=spans, facts=facts)


class _Understood(msgspec.Struct, frozen=True, kw_only=True):
    mark: Mark
    id: str
    label: str
    details: list[str]
    start: int
    end: int
    words: str
    where: str


class _Assembly:
    def __init__(self, name: str, text: str, where: str, notices: list[str]) -> None:
        self.name, self.text, self.where, self.notices = name, text, where, notices
        self.marks: list[_Understood] = []
        self.card = ReportCard(year=0, town="")
        self.ids: set[str] = set()
        self.reserved: set[str] = set()
        """Ids that marks bring along: no new mark may get one of them."""

    def say(self, where: str, what: str) -> None:
        self.notices.append(f"{where}: {what}.")

    def understood(self, mark: Mark) -> _Understood:
        """Check a mark against the text, give it an id, and read its label."""
        start, end = mark.start, mark.end
        where = f"{self.where}: {mark.label} {start}-{end}"
        words = self.text[start:end]
        if not 0 <= start < end <= len(self.text) or (mark.id is None and not words.strip()):
            hint = f"The text has {len(self.text)} characters; export it again from the tool."
            raise CorpusError("the span is not in the text, or is blank", where=where, hint=hint)
        if mark.id is None:
            # A hand that drags over a line takes its blanks along.
            start, end = end - len(words.lstrip()), start + len(words.rstrip())
            words = self.text[start:end]
        label, details = parse_label(mark.label, where)
        if not label:
            label = "COUNT" if find_numbers(Normalised(words).text) else "ZERO"
        return _Understood(
            mark=mark, id=self._id(mark), label=label, details=details, start=start, end=end, words=words, where=f"{where} {words[:20]!r}"
        )

    def _id(self, mark: Mark) -> str:
        number = len(self.ids) + 1
        wanted = mark.id or f"T{number}"
        while wanted in self.ids or (wanted in self.reserved and wanted != mark.id):
            number += 1
            wanted = f"T{number}"
        self.ids.add(wanted)
        return wanted

    # ---- the card

    def read_card(self, given: dict[str, Any] | None) -> ReportCard:
        """The card as given, else what the marks say of it."""
        if given is not None:
            try:
                return msgspec.convert(given, ReportCard)
            except msgspec.ValidationError as error:
                hint = f"Known keys: {', '.join(ReportCard.__struct_fields__)}."
                raise CorpusError(f"the card is wrong: {error}", where=self.where, hint=hint) from None
        words = {label: [collapse(m.words) for m in self.marks if m.label == label] for label in CARD_LABELS}
        title = "".join(words["TITLE"])
        year = next(filter(None, (_year_in(text) for text in (*words["PERIOD"], title, collapse(self.text[:2000])))), None)
        if year is None:
            hint = 'Mark the TITLE or PERIOD with its year, or give the record a card: {"year": 2017, "town": "…"}.'
            raise CorpusError("the year of the report cannot be told", where=self.where, hint=hint)
        town = next((m[1] for source in (title, *words["AUTHORITY"]) if (m := re.search(r"([^省市县区旗年关于]{1,8}?(?:街道|镇|乡))", source))), "")
        missing = [] if town else ["the town's name"]
        missing += ["county, province and findings"]
        self.say(self.where, f"no card; year {year}{f' and town {town}' if town else ''} are read off the marks, missing: {', '.join(missing)}")
        return ReportCard(year=year, town=town, title=title or None, authority=tuple(words["AUTHORITY"]))

    # ---- spans

    def spans(self) -> Iterable[AnnotatedSpan]:
        for mark in self.marks:
            yield AnnotatedSpan(id=mark.id, label=mark.label, start=mark.start, end=mark.end, attributes=self._attributes(mark))

    def _attributes(self, mark: _Understood) -> dict[str, str]:
        found = dict(mark.mark.attributes)
        if mark.label == "HEADING":
            level, kind = (*mark.details, "", "")[:2]
            found |= ({"level": level} if level else {}) | ({"kind": kind} if kind else {})
            if found.get("level", "") not in ("1", "2", "3", "4", "5"):
                self.say(mark.where, "a heading without its level; taken as level 1 (HEADING/1/overview says both)")
                found["level"] = "1"
        elif mark.label == "CONTACT":
            found |= {"kind": mark.details[0]} if mark.details else {}
            if found.get("kind") not in CONTACT_KINDS:
                found["kind"] = "email" if "@" in mark.words else "phone" if re.search(r"\d{5}", collapse(mark.words)) else "name"
                self.say(mark.where, f"a contact without its kind; taken as {found['kind']} (CONTACT/phone says it)")
            found.setdefault("value", re.sub(r"\s+", "", mark.words).translate(_CONTACT_SIGNS))
        elif mark.label in ("DATE", "PERIOD") and "value" not in found:
            value = _dates(mark.words, parts=2 if mark.label == "PERIOD" else 1)
            if value:
                found["value"] = value
            else:
                self.say(mark.where, f"the {mark.label.lower()} is not given and cannot be read off the words")
        return found

    # ---- facts

    def facts(self, relations: list[tuple[str, str]]) -> Iterable[AnnotatedFact]:
        by_key = {mark.mark.key: mark for mark in self.marks}
        waiting = self._waiting(relations, by_key)
        taken = {target for targets in waiting.values() for target in targets}
        by_id = {mark.id: mark for mark in self.marks}
        for mark in self.marks:
            if mark.label not in NUMBER_LABELS:
                continue
            for fact in self._drafts(mark, bool(waiting.get(mark.id))):
                if fact["concept"] == BY_CATEGORY:
                    targets = waiting.get(mark.id, [])
                    target = targets.pop(0) if targets else self._nearest(mark, taken)
                    if target is None:
                        self.say(mark.where, "a category count without its label; it gives no fact (draw a line to its CATEGORY)")
                        continue
                    taken.add(target)
                    label = by_id[target]
                    fact |= {"category_span": target, "category": clean_category(label.words)}
                yield AnnotatedFact(span=mark.id, **fact)
        for source, left in waiting.items():
            for target in left:
                self.say(by_id[source].where, f"the line to {by_id[target].words!r} belongs to no category count; it is left out")

    def _waiting(self, relations: list[tuple[str, str]], by_key: dict[str, _Understood]) -> dict[str, list[str]]:
        """The labels that each number has lines to, by id and in order; the direction of a line does not matter."""
        found: dict[str, list[str]] = {}
        for one, other in relations:
            if one not in by_key or other not in by_key:
                raise CorpusError(f"a relation goes from {one} to {other}, and one of them is no span", where=self.where)
            ends = (by_key[one], by_key[other])
            number, label = ends if ends[1].label == "CATEGORY" else ends[::-1]
            if number.label not in NUMBER_LABELS or label.label != "CATEGORY":
                what = f"a relation joins {ends[0].label} {ends[0].words[:20]!r} and {ends[1].label} {ends[1].words[:20]!r}"
                raise CorpusError(what, where=self.where, hint="It joins a COUNT, CELL or ZERO and its CATEGORY.")
            found.setdefault(number.id, []).append(label.id)
        return found

    def _drafts(self, mark: _Understood, has_line: bool) -> list[dict[str, Any]]:
        stored = [brat.read_note(note, mark.where) for note in mark.mark.notes or ()]
        if [fact["concept"] for fact in stored] == mark.details or not mark.details:
            if stored or mark.mark.notes is not None:
                return stored
            if not has_line:
                self.say(mark.where, "a number without its concept; it gives no fact (COUNT/requests.received says it)")
                return []
        kept = {fact["concept"]: fact for fact in stored}
        return [fact for c in mark.details or [BY_CATEGORY] if (fact := kept.get(c) or self._read(mark, c)) is not None]

    def _read(self, mark: _Understood, concept: str) -> dict[str, Any] | None:
        """The fact of ``concept`` that the words state in the plain case: of the report's year, annual."""
        words = Normalised(mark.words).text
        numbers = find_numbers(words)
        plain = {"concept": concept, "scope": "annual", "year": self.card.year}
        if numbers and mark.label != "ZERO":
            number = numbers[0]
            unit = number.unit or concepts()[concept].unit
            return plain | {"value": number.value, "unit": unit, "approximate": number.approximate}
        if mark.label == "ZERO":
            return plain | {"value": 0, "unit": concepts()[concept].unit}
        value = parse_number(collapse(words))
        if value is None:
            self.say(mark.where, "no number can be read off the words; it gives no fact")
            return None
        return plain | {"value": value, "unit": concepts()[concept].unit}

    def _nearest(self, count: _Understood, taken: set[str]) -> str | None:
        before = [
            m for m in self.marks
            if m.label == "CATEGORY" and m.id not in taken and m.end <= count.start and "\n" not in self.text[m.end : count.start]
        ]  # fmt: skip
        return max(before, key=lambda m: m.end).id if before else None


def _year_in(text: str) -> int | None:
    for match in re.finditer(r"(.{4})年", text):
        if (year := parse_year(match[1])) is not None:
            return year
    return None


def _dates(words: str, *, parts: int) -> str | None:
    """The ISO dates, parted by a slash, that ``words`` write out; None unless there are just ``parts`` of them."""
    pieces = [piece for piece in re.split(r"[至到~～—–-]", collapse(words)) if piece]
    dates: list[str] = []
    for piece in pieces:
        if dates and "年" not in piece:
            piece = f"{dates[0][:4]}年{piece}"
        match = _DATE.search(piece.rstrip("止期间日") + "日")
        year = parse_year(match[1]) if match else None
        month, day = (parse_number(match[2]), parse_number(match[3].rstrip("日"))) if match else (None, None)
        if year is None or not isinstance(month, int) or not isinstance(day, int) or not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        dates.append(f"{year}-{month:02}-{day:02}")
    return "/".join(dates) if len(dates) == parts else None
