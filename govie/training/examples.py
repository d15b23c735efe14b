"""What a training step hands to the next: the sentences of a report with what their numbers mean.

Annotated reports become examples by the stages that read any report, so that the model is trained on what it will
meet; the gold of a number is that of the COUNT span over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from govie.errors import CorpusError
from govie.facts import Draft, read_prose
from govie.interchange.annotation import AnnotatedFact, AnnotatedReport
from govie.linking import passages, read_as
from govie.mentions import NONE, Passage
from govie.normalise import Normalised
from govie.numerals import find_numbers
from govie.readers import read_text
from govie.sections import find_sections
from govie.tables import find_tables

__all__ = ["Example", "Numbered", "ReportExamples", "examples_of", "numbers_of", "read_examples", "write_examples"]


class Numbered(msgspec.Struct, frozen=True):
    """A number's gold meanings (``none`` if it states nothing), and what the rules read it as (:func:`govie.linking.read_as`)."""

    gold: tuple[str, ...]
    optional: bool
    read: tuple[tuple[str, str], ...]


class Example(msgspec.Struct, frozen=True):
    """A sentence, its numbers' gold, and the spans of its category labels."""

    passage: Passage
    numbers: tuple[Numbered, ...]
    categories: tuple[tuple[int, int], ...]


class ReportExamples(msgspec.Struct, frozen=True):
    """A report's examples; ``unreached`` are gold spans with a figure that no number of a sentence covers, as
    ``T3 66条``. Spans of words alone (均为当面申请, said of a number before) are no numbers to be reached."""

    name: str
    group: str
    examples: tuple[Example, ...]
    unreached: tuple[str, ...]


def examples_of(report: AnnotatedReport) -> ReportExamples:
    """Return the examples of an annotated report.

    Raises:
        CorpusError: the reader changes the text, so that offsets would not hold.
    """
    document = read_text(report.text)
    if document.text != report.text:
        raise CorpusError("the reader changes the text", where=report.name, hint="Save the text as the reader gives it.")
    normalised = Normalised(report.text)
    tables = tuple((table.start, table.end) for table in find_tables(document))
    sections = find_sections(document, tables)
    drafts: dict[tuple[int, int], list[Draft]] = defaultdict(list)
    reading = read_prose(normalised, sections, tables, year=report.card.year)
    for draft in reading.drafts:
        if draft.origin == "count":
            drafts[draft.start, draft.end].append(draft)
    gold = _gold(report, normalised)
    labels = [(normalised.from_source(s.start), normalised.from_source(s.end)) for s in report.spans if s.label == "CATEGORY"]
    reached: set[str] = set()
    examples = []
    for sentence, passage, _ in passages(reading.sentences):
        numbered = []
        for number in passage.numbers:
            start, end = sentence.start + number.start, sentence.start + number.end
            found = next((g for g in gold if g[0] < end and start < g[1]), None)
            reached |= {found[2]} if found else set()
            facts = found[3] if found else []
            numbered.append(
                Numbered(
                    gold=tuple(dict.fromkeys(map(_meaning, facts))) or (NONE,),
                    optional=bool(facts) and facts[0].optional,
                    read=tuple(read_as(drafts.get((start, end), ()), reading.passed.get((start, end)))),
                )
            )
        last = sentence.start + len(sentence.text)
        inside = tuple((a - sentence.start, b - sentence.start) for a, b in labels if sentence.start <= a and b <= last)
        examples.append(Example(passage, tuple(numbered), inside))
    unreached = tuple(f"{g[2]} {normalised.text[g[0]:g[1]]}" for g in gold if g[2] not in reached and find_numbers(normalised.text[g[0] : g[1]]))
    group = f"{report.card.province}:{report.card.county or report.card.town}"
    return ReportExamples(report.name, group, tuple(examples), unreached)


def _gold(report: AnnotatedReport, normalised: Normalised) -> list[tuple[int, int, str, list[AnnotatedFact]]]:
    facts: dict[str, list[AnnotatedFact]] = defaultdict(list)
    for fact in report.facts:
        facts[fact.span].append(fact)
    return [
        (normalised.from_source(span.start), normalised.from_source(span.end), span.id, facts[span.id])
        for span in report.spans
        if span.label == "COUNT" and facts[span.id]
    ]


def _meaning(fact: AnnotatedFact) -> str:
    return f"{fact.concept}@{fact.applicant}" if fact.applicant else fact.concept


def write_examples(reports: Iterable[ReportExamples], path: Path) -> None:
    """Write one report a line, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for report in reports:
            file.write(msgspec.json.encode(report) + b"\n")


def read_examples(path: Path) -> list[ReportExamples]:
    """Return what :func:`write_examples` wrote."""
    decoder = msgspec.json.Decoder(ReportExamples)
    return [decoder.decode(line) for line in path.read_bytes().splitlines()]


def numbers_of(reports: Sequence[ReportExamples]) -> Iterator[tuple[ReportExamples, Numbered]]:
    """Yield every number with its report, in the order in which :func:`govie.mentions.encode` makes rows."""
    for report in reports:
        for example in report.examples:
            for number in example.numbers:
                yield report, number
