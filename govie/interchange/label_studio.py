"""Label Studio: JSON, a list of tasks with ``annotations`` (or ``predictions``) of result items.

The raw format (https://labelstud.io/guide/task_format, https://labelstud.io/guide/predictions, tags/text, tags/textarea)::

    [{"id": 1, "data": {"text": "收到申请3件。", "name": "…", "card": {…}}, "annotations": [{"result": [
      {"id": "T1", "from_name": "label", "to_name": "text", "type": "labels",
       "value": {"start": 4, "end": 6, "text": "3件", "labels": ["COUNT"]}},
      {"id": "T1", "from_name": "facts", "to_name": "text", "type": "textarea",
       "value": {"start": 4, "end": 6, "text": ["concept=requests.received value=3 unit=件 scope=annual year=2017"]}},
      {"type": "relation", "from_id": "T1", "to_id": "T2", "direction": "right", "labels": ["Category"]}]}]}]

What belongs to a region carries the region's id: textareas ``facts`` (one note a line, in the words of
:mod:`govie.interchange.brat`) and ``value``; choices ``level``, ``kind``, ``flags`` and ``contact``. The labelling
interface that has all of them is :func:`configuration`. Per-region textareas need ``perRegion`` and the labels item
before them (https://github.com/HumanSignal/label-studio/issues/2470). Labels may also carry their details
(``COUNT/requests.received``, :mod:`govie.interchange.marks`), and notes on a region (its ``meta``) are read as facts if
they begin with ``concept=``. JSON-MIN is read too; it has no relations (issues/1803).

Offsets are code points in current versions, UTF-16 code units before and in some between (issues/1347, pull/1559,
pull/6135): each region's quote decides. A quote may have lost blanks (issues/3078) or show a line break as ``\\n``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec

from ..errors import CorpusError
from . import brat
from .annotation import LABELS, AnnotatedFact, AnnotatedReport, AnnotatedSpan
from .marks import CONTACT_KINDS, NUMBER_LABELS, Imported, Mark, assemble
from .offsets import Utf16

__all__ = ["configuration", "loads", "read", "task", "write"]

RELATION = "Category"
_FLAGS = ("run_in", "optional")
_COLOURS = ("#8dd3c7", "#bebada", "#fb8072", "#80b1d3", "#fdb462", "#b3de69", "#fccde5", "#ffed6f", "#d9d9d9", "#bc80bd", "#ccebc5", "#eeeeee")


# ---- writing


def write(
    reports: Iterable[AnnotatedReport], path: Path | str, *, predictions: str | None = None, scores: Mapping[str, float] | None = None
) -> int:
    """Write ``reports`` as tasks to ``path`` and return how many they are; see :func:`task`."""
    tasks = [
        task(report, number, predictions=predictions, score=(scores or {}).get(report.name)) for number, report in enumerate(reports, 1)
    ]
    Path(path).write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(tasks)


def task(report: AnnotatedReport, number: int = 1, *, predictions: str | None = None, score: float | None = None) -> dict[str, Any]:
    """Return ``report`` as a task: annotated, or with ``predictions`` (a model version) as suggestions with a score."""
    result = list(_results(report))
    found: dict[str, Any] = {
        "id": number,
        "data": {"text": report.text, "name": report.name, "card": msgspec.to_builtins(report.card)},
        "annotations": [],
        "predictions": [],
    }
    if predictions is None:
        found["annotations"] = [{"result": result, "was_cancelled": False, "ground_truth": False}]
    else:
        found["predictions"] = [{"model_version": predictions, "result": result} | ({"score": score} if score is not None else {})]
    return found


def _results(report: AnnotatedReport) -> Iterator[dict[str, Any]]:
    facts: dict[str, list[AnnotatedFact]] = {}
    for fact in report.facts:
        facts.setdefault(fact.span, []).append(fact)
    for span in report.spans:
        place = {"start": span.start, "end": span.end, "text": report.text[span.start : span.end]}
        yield {"id": span.id, "from_name": "label", "to_name": "text", "type": "labels", "value": place | {"labels": [span.label]}}
        for control, kind, words in _controls(span, [brat.fact_note(f, report.name) for f in facts.get(span.id, ())]):
            content = {"text": words} if kind == "textarea" else {"choices": words}
            yield {"id": span.id, "from_name": control, "to_name": "text", "type": kind, "value": place | content}
    for fact in report.facts:
        if fact.category_span is not None:
            yield {"type": "relation", "from_id": fact.span, "to_id": fact.category_span, "direction": "right", "labels": [RELATION]}


def _controls(span: AnnotatedSpan, notes: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    if span.label in NUMBER_LABELS:
        yield "facts", "textarea", notes
    attributes = span.attributes
    if "value" in attributes:
        yield "value", "textarea", [attributes["value"]]
    if span.label == "HEADING":
        if "level" in attributes:
            yield "level", "choices", [attributes["level"]]
        if "kind" in attributes:
            yield "kind", "choices", attributes["kind"].split("+")
        if flags := [flag for flag in _FLAGS if flag in attributes]:
            yield "flags", "choices", flags
    elif "kind" in attributes:
        yield "contact", "choices", [attributes["kind"]]


def configuration(kinds: Iterable[str]) -> str:
    """Return the labelling interface (XML) that fits what :func:`write` writes; ``kinds`` are the kinds of headings."""

    def choices(name: str, values: Iterable[str], label: str, choice: str = "single") -> str:
        items = "".join(f"<Choice value={quoteattr(value)}/>" for value in values)
        when = f'whenTagName="label" whenLabelValue={quoteattr(label)} visibleWhen="region-selected"'
        return f'  <Choices name="{name}" toName="text" perRegion="true" choice="{choice}" showInline="true" {when}>{items}</Choices>'

    def textarea(name: str, labels: Iterable[str], hint: str) -> str:
        when = f'whenTagName="label" whenLabelValue="{",".join(labels)}" visibleWhen="region-selected"'
        return f'  <TextArea name="{name}" toName="text" perRegion="true" editable="true" rows="1" placeholder={quoteattr(hint)} {when}/>'

    labels = "".join(f'<Label value="{label}" background="{colour}"/>' for label, colour in zip(LABELS, _COLOURS, strict=True))
    lines = [
        "<View>",
        # Without this, blanks are trimmed in what is shown and quoted (labelstud.io/tags/text).
        "  <Style>.htx-text{ white-space: pre-wrap; }</Style>",
        f'  <Relations><Relation value="{RELATION}"/></Relations>',
        f'  <Labels name="label" toName="text">{labels}</Labels>',
        '  <Text name="text" value="$text" granularity="symbol"/>',
        textarea("facts", NUMBER_LABELS, "concept=requests.received value=3 unit=件 scope=annual year=2017"),
        textarea("value", ("PERIOD", "DATE", "CONTACT"), "2018-01-12"),
        choices("level", "12345", "HEADING"),
        choices("kind", kinds, "HEADING", "multiple"),
        choices("flags", _FLAGS, "HEADING", "multiple"),
        choices("contact", CONTACT_KINDS, "CONTACT"),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


# ---- reading


def read(path: Path | str, *, predictions: bool = False) -> Imported:
    """Return the reports of a file that Label Studio exported as JSON or JSON-MIN (or :func:`write` wrote).

    Tasks that nobody annotated are left out with a notice; with ``predictions`` their suggestions are taken.

    Raises:
        CorpusError: the file or an annotation in it is wrong; the message names file, task and region.
    """
    place = Path(path)
    try:
        content = place.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"the file cannot be read: {error.strerror}", where=str(path), hint="Give the .json that Label Studio exported.") from None
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 at byte {error.start}", where=str(path), hint="Export it again as JSON.") from None
    return loads(content, place.name, predictions=predictions)


def loads(content: str, name: str = "label_studio.json", *, predictions: bool = False) -> Imported:
    """Return the reports of the tasks in ``content``; ``name`` is the file's, for messages."""
    try:
        tasks = json.loads(content)
    except json.JSONDecodeError as error:
        raise CorpusError(f"no JSON: {error.msg} in line {error.lineno}", where=name, hint="Export the project as JSON.") from None
    notices: list[str] = []
    reports = []
    for number, item in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        if not isinstance(item, dict):
            raise CorpusError(f"task {number} is no object", where=name, hint="Export the project as JSON.")
        report = _report(item, name, number, predictions, notices)
        if report is not None:
            reports.append(report)
    return Imported(reports=tuple(reports), notices=tuple(notices))


def _report(item: dict[str, Any], name: str, number: int, predictions: bool, notices: list[str]) -> AnnotatedReport | None:
    where = f"{name}: task {item.get('id', number)}"
    data = item["data"] if isinstance(item.get("data"), dict) else item
    text = data.get("text")
    if not isinstance(text, str):
        raise CorpusError("a task without its text", where=where, hint='The text is data["text"]; the interface has <Text name="text" value="$text"/>.')
    if data is item:
        result = [_from_min(region, place) for place, region in enumerate(item.get("label") or [])]
    else:
        chosen = _chosen(item, predictions, where, notices)
        if chosen is None:
            return None
        result = chosen
    marks = list(_marks(result, text, where, notices))
    pairs = [(str(r.get("from_id")), str(r.get("to_id"))) for r in result if r.get("type") == "relation"]
    own = str(data.get("name") or f"{Path(name).stem}_{item.get('id', number)}")
    card = data.get("card") if isinstance(data.get("card"), dict) else None
    return assemble(name=own, text=text, card=card, marks=marks, relations=pairs, where=where, notices=notices)


def _from_min(region: dict[str, Any], place: int) -> dict[str, Any]:
    return {"id": f"#{place}", "type": "labels", "value": region}


def _chosen(item: dict[str, Any], predictions: bool, where: str, notices: list[str]) -> list[dict[str, Any]] | None:
    """The result of the one annotation that counts: the ground truth, else the last that was not cancelled."""
    done = [a for a in item.get("annotations") or item.get("completions") or [] if not a.get("was_cancelled")]
    if not done and predictions:
        done = list(item.get("predictions") or [])
    if not done:
        notices.append(f"{where}: nobody annotated it; left out.")
        return None
    if len(done) > 1:
        notices.append(f"{where}: {len(done)} annotations; the {'ground truth' if any(a.get('ground_truth') for a in done) else 'last'} is taken.")
    best = next((a for a in done if a.get("ground_truth")), done[-1])
    result = best.get("result")
    if not isinstance(result, list) or any(not isinstance(entry, dict) for entry in result):
        raise CorpusError("an annotation without its result", where=where, hint="Export the project as JSON.")
    return result


def _marks(result: list[dict[str, Any]], text: str, where: str, notices: list[str]) -> Iterator[Mark]:
    utf16 = Utf16(text)
    controls: dict[str, dict[str, list[str]]] = {}
    for entry in result:
        # The value of choices has a quote of the region under "text", too.
        if (held := {"textarea": "text", "choices": "choices"}.get(str(entry.get("type")))) is not None:
            words = (entry.get("value") or {}).get(held) or []
            found = controls.setdefault(str(entry.get("id")), {}).setdefault(str(entry.get("from_name")), [])
            found += [words] if isinstance(words, str) else [str(word) for word in words]
    for entry in result:
        if entry.get("type") not in ("labels", "hypertextlabels"):
            continue
        key = str(entry.get("id"))
        value = entry.get("value") or {}
        labels = value.get("labels") or value.get("hypertextlabels") or []
        if len(labels) != 1:
            raise CorpusError(f"a region has {len(labels)} labels", where=f"{where}: region {key}", hint="Give it one label.")
        start, end = _place(value, text, utf16, f"{where}: region {key} {labels[0]}", notices)
        own = controls.get(key, {})
        notes = [line.strip() for note in own["facts"] for line in note.splitlines() if line.strip()] if "facts" in own else None
        for note in (entry.get("meta") or {}).get("text") or []:
            if str(note).startswith("concept="):
                notes = [*(notes or []), str(note).strip()]
        yield Mark(
            key=key, start=start, end=end, label=str(labels[0]), id=key if re.fullmatch(r"T\d+", key) else None,
            attributes=_attributes(str(labels[0]), own), notes=tuple(notes) if notes is not None else None,
        )  # fmt: skip


def _attributes(label: str, own: dict[str, list[str]]) -> dict[str, str]:
    found = {"value": own["value"][-1]} if own.get("value") else {}
    if label.startswith("HEADING"):
        found |= {"level": own["level"][-1]} if own.get("level") else {}
        found |= {"kind": "+".join(own["kind"])} if own.get("kind") else {}
        found |= dict.fromkeys((flag for flag in own.get("flags", ()) if flag in _FLAGS), "yes")
    elif own.get("contact"):
        found["kind"] = own["contact"][-1]
    return found


def _place(value: dict[str, Any], text: str, utf16: Utf16, where: str, notices: list[str]) -> tuple[int, int]:
    """The region's code points: those at which its quote stands, in either way of counting."""
    offsets = value.get("globalOffsets") or value
    try:
        first, last = int(offsets["start"]), int(offsets["end"])
    except (KeyError, TypeError, ValueError):
        hint = "The interface has to show the report as <Text>, not as <HyperText> or <Paragraphs>."
        raise CorpusError("a region without offsets into the text", where=where, hint=hint) from None
    ways = [(first, last)]
    if not utf16.plain and (start := utf16.place(first)) is not None and (end := utf16.place(last)) is not None:
        ways.append((start, end))
    quote = value.get("text")
    if not isinstance(quote, str):
        notices.append(f"{where} {first}-{last}: no quote; its offsets are taken as code points, unchecked.")
        return ways[0]
    for same in (str, _squashed):
        for start, end in ways:
            if 0 <= start < end <= len(text) and same(text[start:end]) == same(quote):
                return start, end
    what = f"{first}-{last} reads {text[max(0, first) : max(0, last)][:40]!r}, expected its quote {quote[:40]!r}"
    hint = "The text was changed, or the interface lacks <Style>.htx-text{ white-space: pre-wrap; }</Style>."
    raise CorpusError(what, where=where, hint=hint)


def _squashed(words: str) -> str:
    return re.sub(r"\s+", "", words.replace("\\r", "").replace("\\n", "").replace("\\t", ""))
