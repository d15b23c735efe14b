"""doccano: JSON lines, one report a line, in both forms that a Sequence Labeling project exports.

Without relations (doccano 1.8, ``data_export/pipeline/examples/sequence_labeling/example.jsonl`` of its repository)::

    {"id": 1, "text": "收到申请3件。", "label": [[4, 6, "COUNT/requests.received"]], "Comments": []}

With "use relation" (https://github.com/doccano/doccano/pull/1703 the export, /pull/1823 the import)::

    {"id": 1, "text": "…", "entities": [{"id": 7, "label": "CATEGORY", "start_offset": 0, "end_offset": 4}],
     "relations": [{"id": 2, "from_id": 8, "to_id": 7, "type": "Category"}], "Comments": []}

Every other key is metadata, which doccano keeps and puts beside them again on export (issues/1848, issues/2041). govie
puts one there, ``govie``: the report's name, its card, and for each span the attributes and facts that a label cannot
say. Entities that somebody added, moved or relabelled in the tool count as they stand in the tool. Older exports that
name labels by number (``annotations``) cannot be read.

Offsets are UTF-16 code units, as doccano writes and reads them (issues/2290, issues/2484); leave its option "Count
grapheme clusters as one character" off. What ``govie`` quotes of each span is checked on import.
Labels: :mod:`govie.interchange.marks`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..errors import CorpusError
from . import brat
from .annotation import AnnotatedFact, AnnotatedReport
from .marks import NUMBER_LABELS, Imported, Mark, assemble, label_of, parse_label
from .offsets import Utf16

__all__ = ["dumps", "loads", "read", "write"]

RELATION = "Category"
EXTRA = "govie"


# ---- writing


def write(reports: Iterable[AnnotatedReport], path: Path | str, *, relations: bool = True) -> int:
    """Write ``reports`` as JSON lines to ``path`` and return how many they are; see :func:`dumps`."""
    count = 0
    first = 1
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        for count, report in enumerate(reports, 1):
            file.write(dumps(report, number=count, first_entity=first, relations=relations) + "\n")
            first += len(report.spans)
    return count


def dumps(report: AnnotatedReport, *, number: int = 1, first_entity: int = 1, relations: bool = True) -> str:
    """Return ``report`` as one line of JSON: with entities and relations, or with ``label`` triples alone.

    Entities are numbered from ``first_entity`` on. In both forms ``govie`` holds what makes the round trip exact.
    """
    utf16 = Utf16(report.text)
    facts: dict[str, list[AnnotatedFact]] = {}
    for fact in report.facts:
        facts.setdefault(fact.span, []).append(fact)
    numbers = {span.id: first_entity + place for place, span in enumerate(report.spans)}
    triples = [(utf16.units(s.start), utf16.units(s.end), label_of(s, facts.get(s.id, ()))) for s in report.spans]
    pairs = [(f.span, f.category_span) for f in report.facts if f.category_span is not None]
    stored = [
        {"id": s.id, "label": s.label, "start": s.start, "end": s.end, "text": report.text[s.start : s.end]}
        | ({"attributes": s.attributes} if s.attributes else {})
        | ({"facts": [brat.fact_note(f, report.name) for f in facts.get(s.id, ())]} if s.label in NUMBER_LABELS else {})
        for s in report.spans
    ]
    record: dict[str, Any] = {"id": number, "text": report.text}
    if relations:
        record["entities"] = [
            {"id": numbers[s.id], "label": label, "start_offset": start, "end_offset": end}
            for s, (start, end, label) in zip(report.spans, triples, strict=True)
        ]
        record["relations"] = [
            {"id": place, "from_id": numbers[one], "to_id": numbers[other], "type": RELATION} for place, (one, other) in enumerate(pairs, 1)
        ]
    else:
        record["label"] = sorted(map(list, triples))
    record[EXTRA] = {"name": report.name, "card": msgspec.to_builtins(report.card), "spans": stored, "relations": pairs}
    return json.dumps(record, ensure_ascii=False)


# ---- reading


def read(path: Path | str) -> Imported:
    """Return the reports of a file that doccano exported (or :func:`write` wrote).

    Raises:
        CorpusError: the file or an annotation in it is wrong; the message names file, line, record and span.
    """
    place = Path(path)
    try:
        content = place.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"the file cannot be read: {error.strerror}", where=str(path), hint="Give the .jsonl that doccano exported.") from None
    except UnicodeDecodeError as error:
        hint = "Give the .jsonl itself; an export that came as .zip has to be unpacked."
        raise CorpusError(f"not UTF-8 at byte {error.start}", where=str(path), hint=hint) from None
    return loads(content, place.name)


def loads(content: str, name: str = "doccano.jsonl") -> Imported:
    """Return the reports in the lines of ``content``; ``name`` is the file's, for messages."""
    notices: list[str] = []
    reports = []
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise CorpusError(f"no JSON: {error.msg}", where=f"{name}:{number}", hint="Each line is one report.") from None
            reports.append(_report(record, name, number, notices))
    return Imported(reports=tuple(reports), notices=tuple(notices))


def _report(record: Any, name: str, number: int, notices: list[str]) -> AnnotatedReport:
    where = f"{name}:{number}"
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise CorpusError("a record without its text", where=where, hint='A line is {"id": …, "text": …, "label" or "entities": …}.')
    where = f"{where}: record {record.get('id', number)}"
    text = record["text"]
    extra = _extra(record, where)
    entities = list(_entities(record, where))
    stored = _checked(extra.get("spans") or [], text, where)
    marks = _marks(entities, stored, text, where)
    if isinstance(native := record.get("relations"), list):
        pairs = [_pair(relation, where) for relation in native]
    else:
        keys = {mark.id: mark.key for mark in marks if mark.id}
        pairs = [(keys[one], keys[other]) for one, other in extra.get("relations") or () if one in keys and other in keys]
    own = str(extra.get("name") or f"{Path(name).stem}_{number}")
    card = extra.get("card")
    return assemble(name=own, text=text, card=card, marks=marks, relations=pairs, where=where, notices=notices)


def _extra(record: dict[str, Any], where: str) -> dict[str, Any]:
    """What govie put beside the record: an object, or its JSON, or under ``meta`` as old exports have it."""
    meta = record.get("meta")
    found = record.get(EXTRA) or (meta.get(EXTRA) if isinstance(meta, dict) else None)
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except json.JSONDecodeError as error:
            raise CorpusError(f"its 'govie' is no JSON: {error.msg}", where=where) from None
    # doccano makes a table of all records: one that has no such key gets NaN.
    return found if isinstance(found, dict) else {}


def _entities(record: dict[str, Any], where: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield key, start, end (as the tool counts) and label of each entity, in either form."""
    found = next((record[key] for key in ("entities", "label", "labels", "spans") if isinstance(record.get(key), list)), None)
    if found is None:
        hint = "Export a Sequence Labeling project as JSONL; 'annotations' with label numbers is a format of old versions."
        raise CorpusError("no 'label' and no 'entities'", where=where, hint=hint)
    for place, entity in enumerate(found):
        try:
            if isinstance(entity, dict):
                yield str(entity.get("id", f"#{place}")), int(entity["start_offset"]), int(entity["end_offset"]), str(entity["label"])
            else:
                start, end, label = entity
                yield f"#{place}", int(start), int(end), str(label)
        except (KeyError, TypeError, ValueError):
            hint = '[4, 6, "COUNT"] or {"id": 7, "label": "COUNT", "start_offset": 4, "end_offset": 6}'
            raise CorpusError(f"entity {json.dumps(entity, ensure_ascii=False)[:80]} is not understood", where=where, hint=hint) from None


def _pair(relation: Any, where: str) -> tuple[str, str]:
    try:
        return str(relation["from_id"]), str(relation["to_id"])
    except (KeyError, TypeError):
        raise CorpusError(f"relation {relation!r} is not understood", where=where, hint="It has from_id and to_id.") from None


def _checked(spans: list[dict[str, Any]], text: str, where: str) -> list[dict[str, Any]]:
    """The spans that govie stored, after a look whether the text still has them."""
    for span in spans:
        try:
            start, end, quote = span["start"], span["end"], span["text"]
            span["id"], span["label"]
        except (KeyError, TypeError):
            raise CorpusError(f"stored span {span!r} lacks a key", where=where, hint="Keys: id, label, start, end, text.") from None
        if text[start:end] != quote:
            what = f"{span['label']} {start}-{end} reads {text[start:end]!r}, expected {quote!r}"
            raise CorpusError(what, where=where, hint="The text was changed after govie wrote it; import the unchanged text.")
    return spans


def _marks(entities: list[tuple[str, int, int, str]], stored: list[dict[str, Any]], text: str, where: str) -> list[Mark]:
    """The entities in code points, with what govie stored of them: known spans first, in their old order."""
    utf16 = Utf16(text)
    known: dict[tuple[int, int], list[tuple[int, dict[str, Any]]]] = {}
    for place, span in enumerate(stored):
        known.setdefault((span["start"], span["end"]), []).append((place, span))
    placed: list[tuple[tuple[int, int], Mark]] = []
    for key, first, last, label in entities:
        start, end = utf16.place(first), utf16.place(last)
        if start is None or end is None or not 0 <= start < end <= len(text):
            what = f"{label} {first}-{last} is no stretch of the text ({utf16.units(len(text))} UTF-16 units)"
            raise CorpusError(what, where=where, hint="Offsets count UTF-16 units; turn 'Count grapheme clusters as one character' off.")
        base = parse_label(label, f"{where}: {label} {first}-{last}")[0]
        candidates = known.get((start, end), [])
        same = next((item for item in candidates if item[1]["label"] == base), candidates[0] if candidates else None)
        if same is None:
            placed.append(((len(stored), start), Mark(key=key, start=start, end=end, label=label)))
            continue
        candidates.remove(same)
        order, span = same
        notes = span.get("facts") if base in NUMBER_LABELS else None
        mark = Mark(
            key=key, start=start, end=end, label=label, id=str(span["id"]),
            attributes=span.get("attributes", {}) if base == span["label"] else {},
            notes=tuple(notes) if notes is not None else None,
        )  # fmt: skip
        placed.append(((order, start), mark))
    return [mark for _, mark in sorted(placed, key=lambda item: item[0])]
