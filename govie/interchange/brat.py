"""brat standoff: the canonical form of the corpus, plain text that shows in a diff.

A report is three files of one name: ``NAME.txt`` (the text, never edited), ``NAME.ann`` (spans and facts) and
``NAME.toml`` (the card: what is true of the whole report). An ``.ann`` line is one of::

    T4	CATEGORY 132 138	机构职能类信息
    T5	COUNT 139 141	6条
    T1	TITLE 0 6;7 15	青石镇2017 年度工作报告       (a span over a line break has a fragment a line)
    A1	Level T3 1                            (Level, Kind, RunIn, Optional of a HEADING; ContactKind of a CONTACT)
    #1	AnnotatorNotes T9	value=2018-01-12      (PERIOD, DATE, CONTACT: the value read off the words)
    #2	AnnotatorNotes T5	concept=disclosure.by_category value=6 unit=条 scope=annual year=2017
    R1	Category Arg1:T5 Arg2:T4              (the category label of a count, one relation a category fact)

A fact's note may go on with ``applicant=enterprise``, ``approximate`` and ``optional``. The format is that of
brat 1.3 (https://brat.nlplab.org/standoff.html); ``corpus/reports/annotation.conf`` declares labels and attributes.
Spans come back in the order of their lines, facts in the order of their spans.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from ..errors import CorpusError
from ..taxonomy import APPLICANTS
from .annotation import LABELS, AnnotatedFact, AnnotatedReport, AnnotatedSpan, ReportCard
from .inline import clean_category

__all__ = ["SUFFIXES", "configuration", "dumps", "fact_note", "line_numbers", "names", "parse", "read", "read_note", "write"]

SUFFIXES = (".txt", ".ann", ".toml")
# What Python and brat take for the end of a line; a fragment of a span never holds one.
_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_BREAKS = re.compile(f"[{_LINE_ENDS}]+")
_FRAGMENT = re.compile(f"[^{_LINE_ENDS}]+")
_PAIR = re.compile(r"([a-z]+)=(\S+)")
_ATTRIBUTES = {
    ("HEADING", "level"): "Level",
    ("HEADING", "kind"): "Kind",
    ("HEADING", "run_in"): "RunIn",
    ("HEADING", "optional"): "Optional",
    ("CONTACT", "kind"): "ContactKind",
}
_FLAGS = {"RunIn", "Optional"}
_VALUED = {"PERIOD", "DATE", "CONTACT"}


# ---- files


def names(folder: Path | str) -> list[str]:
    """Return the names of the reports in ``folder``, sorted: every ``NAME.ann``."""
    return sorted(path.stem for path in Path(folder).glob("*.ann"))


def read(path: Path | str, *, card: str | None = None) -> AnnotatedReport:
    """Return the report of ``path``: its ``.ann`` file, or any of its three files, or the name without suffix.

    ``card`` is what its ``.toml`` would hold, where there is none.

    Raises:
        CorpusError: a file is missing or wrong; the message names the file and line.
    """
    base = Path(path)
    base = base.with_suffix("") if base.suffix in SUFFIXES else base
    text, annotation = (_read_text(base.with_name(base.name + suffix)) for suffix in SUFFIXES[:2])
    return parse(base.name, text, annotation, _read_text(base.with_name(f"{base.name}.toml")) if card is None else card)


def write(report: AnnotatedReport, folder: Path | str) -> Path:
    """Write the three files of ``report`` into ``folder``; returns the path of its ``.ann``.

    Raises:
        CorpusError: the report cannot be written so that it would come back the same.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for suffix, content in zip(SUFFIXES, dumps(report), strict=True):
        # No translation of line ends: offsets count every code point.
        with (target / (report.name + suffix)).open("w", encoding="utf-8", newline="") as file:
            file.write(content)
    return target / f"{report.name}.ann"


def _read_text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        hint = "A report is NAME.txt, NAME.ann and NAME.toml."
        raise CorpusError("the file is missing", where=str(path), hint=hint) from None
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 at byte {error.start}", where=str(path), hint="Save it as UTF-8.") from None


# ---- writing


def dumps(report: AnnotatedReport) -> tuple[str, str, str]:
    """Return what the three files of ``report`` hold: text, annotation, card. Raises CorpusError as :func:`write`."""
    return report.text, "".join(f"{line}\n" for line in _ann_lines(report)), _card_toml(report)


def _ann_lines(report: AnnotatedReport) -> Iterator[str]:
    facts: dict[str, list[AnnotatedFact]] = {}
    for fact in report.facts:
        facts.setdefault(fact.span, []).append(fact)
    if unknown := facts.keys() - {span.id for span in report.spans}:
        raise CorpusError(f"facts point to no span: {', '.join(sorted(unknown))}", where=report.name)
    relations: list[str] = []
    attributes = notes = 0
    for span in report.spans:
        yield _span_line(report, span)
        for key, value in span.attributes.items():
            if (name := _ATTRIBUTES.get((span.label, key))) is not None:
                attributes += 1
                yield f"A{attributes}\t{name} {span.id}" + ("" if name in _FLAGS else f" {value}")
            elif key == "value" and span.label in _VALUED:
                notes += 1
                yield f"#{notes}\tAnnotatorNotes {span.id}\tvalue={_one_line(value, report.name)}"
            else:
                raise CorpusError(f"{span.label} takes no attribute {key!r}", where=f"{report.name}: {span.id}")
        for fact in facts.get(span.id, ()):
            notes += 1
            yield f"#{notes}\tAnnotatorNotes {span.id}\t{fact_note(fact, report.name)}"
            if fact.category_span is not None:
                relations.append(f"R{len(relations) + 1}\tCategory Arg1:{span.id} Arg2:{fact.category_span}")
    yield from relations


def _span_line(report: AnnotatedReport, span: AnnotatedSpan) -> str:
    words = report.text[span.start : span.end]
    if span.label not in LABELS or not words or len(words) != span.end - span.start or words != words.strip(_LINE_ENDS):
        what = f"{span.label} {span.start} {span.end} is no span of this text"
        raise CorpusError(what, where=f"{report.name}: {span.id}", hint="A span begins and ends on a written character.")
    fragments = [(span.start + m.start(), span.start + m.end()) for m in _FRAGMENT.finditer(words)]
    offsets = ";".join(f"{start} {end}" for start, end in fragments)
    return f"{span.id}\t{span.label} {offsets}\t" + " ".join(report.text[start:end] for start, end in fragments)


def fact_note(fact: AnnotatedFact, name: str) -> str:
    """Return ``fact`` as a note, without its category; ``name`` is the report's, for the CorpusError of a value that has a blank."""
    words = [f"concept={fact.concept}", f"value={fact.value!r}", f"unit={fact.unit}", f"scope={fact.scope}", f"year={fact.year}"]
    words += [f"applicant={fact.applicant}"] if fact.applicant else []
    words += ["approximate"] if fact.approximate else []
    words += ["optional"] if fact.optional else []
    if any(len(word.split()) != 1 or word.endswith("=") for word in words):
        raise CorpusError("a value of the fact is empty or holds a blank", where=f"{name}: {' '.join(words)}")
    return " ".join(words)


def _one_line(value: str, name: str) -> str:
    if _BREAKS.search(value) or value != value.strip():
        raise CorpusError(f"value {value!r} holds a line break or outer blanks", where=name)
    return value


def _card_toml(report: AnnotatedReport) -> str:
    lines = []
    for key in ReportCard.__struct_fields__:
        value = getattr(report.card, key)
        if value is not None:
            lines.append(f"{key} = {_toml_value(value)}\n")
    return "".join(lines)


def _toml_value(value: str | int | tuple[str, ...]) -> str:
    if isinstance(value, int):
        return str(value)
    # A JSON string is a TOML string, but for DEL.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")


# ---- reading


def parse(name: str, text: str, annotation: str, card: str) -> AnnotatedReport:
    """Return the report that the contents of its three files describe; raises CorpusError naming the line."""
    reading = _Reading(name, text)
    for number, line in _lines(annotation):
        reading.line(line, f"{name}.ann:{number}")
    return AnnotatedReport(
        name=name,
        text=text,
        card=_read_card(name, card),
        spans=tuple(reading.finished_spans()),
        facts=tuple(reading.finished_facts()),
    )


def line_numbers(annotation: str) -> dict[str, int]:
    """Return the line, from 1, on which each id of an ``.ann`` file stands."""
    return {line.partition("\t")[0]: number for number, line in _lines(annotation)}


def _lines(annotation: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(annotation.split("\n"), 1):
        if line.rstrip("\r"):
            yield number, line.rstrip("\r")


class _Reading:
    """What the lines of one ``.ann`` file have said so far."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.ids: set[str] = set()
        self.spans: dict[str, tuple[str, int, int]] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self.facts: list[dict[str, Any]] = []
        self.relations: dict[str, list[str]] = {}
        self.places: dict[str, str] = {}

    def line(self, line: str, where: str) -> None:
        """Take in one line."""
        identifier, _, rest = line.partition("\t")
        if identifier in self.ids:
            raise CorpusError(f"{identifier} stands twice", where=where, hint="Ids are unique in a file.")
        self.ids.add(identifier)
        kind = identifier[:1] if re.fullmatch(r"[TAR#]\d+", identifier) else ""
        data, _, tail = rest.partition("\t")
        words = data.split(" ")
        if kind == "T":
            self._span(identifier, data, tail, where)
        elif kind == "A" and len(words) in (2, 3):
            self._attribute(words, where)
        elif kind == "#" and len(words) == 2 and words[0] == "AnnotatorNotes":
            self._note(words[1], tail, where)
        elif kind == "R" and (match := re.fullmatch(r"Category Arg1:(T\d+) Arg2:(T\d+)", data)):
            self.relations.setdefault(match[1], []).append(match[2])
            self.places[match[1]] = where
        else:
            raise CorpusError(f"{line[:40]!r} is not understood", where=where, hint="Lines are T, A, # AnnotatorNotes and R Category.")

    def _span(self, identifier: str, data: str, tail: str, where: str) -> None:
        match = re.fullmatch(r"([A-Z]+) (\d+ \d+(?:;\d+ \d+)*)", data)
        if match is None or match[1] not in LABELS:
            raise CorpusError(f"{data!r} is no label with offsets", where=where, hint=f"Labels: {', '.join(LABELS)}.")
        fragments = [tuple(map(int, pair.split())) for pair in match[2].split(";")]
        start, end = fragments[0][0], fragments[-1][1]
        words = " ".join(self.text[a:b] for a, b in fragments)
        if end > len(self.text) or any(a >= b for a, b in fragments) or words != tail:
            hint = f"At these offsets the text reads {words[:30]!r}."
            raise CorpusError(f"{identifier} does not cover {tail[:30]!r}", where=where, hint=hint)
        for (_, left), (right, _) in pairwise(fragments):
            if left >= right or not _BREAKS.fullmatch(self.text, left, right):
                raise CorpusError("fragments are parted by more than a line break", where=where, hint="One span is one stretch of text.")
        self.spans[identifier] = (match[1], start, end)
        self.places[identifier] = where

    def _attribute(self, words: list[str], where: str) -> None:
        for (label, key), name in _ATTRIBUTES.items():
            span = self.spans.get(words[1])
            if name == words[0] and span is not None and span[0] == label:
                value = "yes" if name in _FLAGS else words[2] if len(words) == 3 else ""
                if not value or (name in _FLAGS) != (len(words) == 2):
                    raise CorpusError(f"{name} has a wrong value", where=where)
                self.attributes.setdefault(words[1], {})[key] = value
                return
        hint = "Level, Kind, RunIn, Optional stand on a HEADING, ContactKind on a CONTACT, below its T line."
        raise CorpusError(f"attribute {' '.join(words)!r} has no place", where=where, hint=hint)

    def _note(self, target: str, note: str, where: str) -> None:
        span = self.spans.get(target)
        if span is None:
            raise CorpusError(f"the note is on {target}, which has no line above", where=where)
        if span[0] in _VALUED and note.startswith("value="):
            self.attributes.setdefault(target, {})["value"] = note.removeprefix("value=")
        elif note.startswith("concept="):
            self.facts.append({"span": target, **read_note(note, where)})
            self.places[f"{target}#{len(self.facts) - 1}"] = where
        else:
            raise CorpusError(f"note {note[:40]!r} is not understood", where=where, hint="Notes: value=… or concept=… value=… unit=… scope=… year=….")

    def finished_spans(self) -> Iterator[AnnotatedSpan]:
        """Yield the spans in the order of their lines."""
        for identifier, (label, start, end) in self.spans.items():
            attributes = self.attributes.get(identifier, {})
            yield AnnotatedSpan(id=identifier, label=label, start=start, end=end, attributes=attributes)

    def finished_facts(self) -> Iterator[AnnotatedFact]:
        """Yield the facts, each category fact with the next relation of its span."""
        order = {identifier: place for place, identifier in enumerate(self.spans)}
        waiting = {span: list(targets) for span, targets in self.relations.items()}
        for fact in sorted(self.facts, key=lambda f: order[f["span"]]):
            if fact["concept"] == "disclosure.by_category":
                fact |= self._category(fact["span"], waiting)
            yield AnnotatedFact(**fact)
        for span, left in waiting.items():
            if left:
                raise CorpusError(f"{span} has more Category relations than category facts", where=self.places[span])

    def _category(self, span: str, waiting: dict[str, list[str]]) -> dict[str, str]:
        if not waiting.get(span):
            raise CorpusError(f"{span} has a category fact and no Category relation left for it", where=self.places[span])
        target = waiting[span].pop(0)
        if self.spans.get(target, ("",))[0] != "CATEGORY":
            raise CorpusError(f"{target} is no CATEGORY span", where=self.places[span])
        _, start, end = self.spans[target]
        return {"category_span": target, "category": clean_category(self.text[start:end])}


def read_note(note: str, where: str) -> dict[str, Any]:
    """Return what a fact's note says, as the keys of an AnnotatedFact without its span; raises CorpusError naming ``where``."""
    words = note.split(" ")
    given: dict[str, str] = {match[1]: match[2] for word in words if (match := _PAIR.fullmatch(word))}
    flags = {word for word in words if "=" not in word}
    value = given.get("value", "")
    wrong = (
        not {"concept", "value", "unit", "scope", "year"} <= given.keys() <= {"concept", "value", "unit", "scope", "year", "applicant"}
        or len(given) + len(flags) != len(words)
        or not flags <= {"approximate", "optional"}
        or not re.fullmatch(r"\d{4}", given["year"])
        or not re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", value)
        or given["scope"] not in ("annual", "cumulative")
        or given.get("applicant", "other") not in APPLICANTS
    )
    if wrong:
        hint = "concept=… value=1 unit=件 scope=annual year=2017 [applicant=…] [approximate] [optional]"
        raise CorpusError(f"fact {note!r} is not understood", where=where, hint=hint)
    number = int(value) if re.fullmatch(r"-?\d+", value) else float(value)
    return given | {"value": number, "year": int(given["year"])} | dict.fromkeys(flags, True)


def _read_card(name: str, card: str) -> ReportCard:
    try:
        return msgspec.convert(tomllib.loads(card) | {}, ReportCard)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        hint = f"Known keys: {', '.join(ReportCard.__struct_fields__)}."
        raise CorpusError(f"the card is wrong: {error}", where=f"{name}.toml", hint=hint) from None


# ---- brat's own configuration


def configuration(kinds: Mapping[str, tuple[str, ...]]) -> str:
    """Return ``annotation.conf`` for brat; ``kinds`` gives the values of ``Kind`` and ``ContactKind``."""
    entities = "\n".join(LABELS)
    values = {"Level": ("1", "2", "3", "4", "5"), **kinds}
    attributes = []
    for (label, _), attribute in _ATTRIBUTES.items():
        rest = f", Value:{'|'.join(values[attribute])}" if attribute in values else ""
        attributes.append(f"{attribute}\tArg:{label}{rest}")
    return (
        f"[entities]\n{entities}\n\n[relations]\nCategory\tArg1:COUNT|CELL|ZERO, Arg2:CATEGORY\n"
        f"<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n\n[events]\n\n[attributes]\n" + "\n".join(attributes) + "\n"
    )
