"""From annotated reports to examples, with no gold number lost on the way.

A gold number that no sentence holds (a heading taken for a paragraph's number, a figure that is no numeral to the
rules) could neither be learned nor scored: :func:`prepare` stops and names it. Those that are known to be out of reach
are listed, one by one, in a file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from govie.errors import CorpusError
from govie.interchange.annotation import AnnotatedReport

from . import counted
from .examples import ReportExamples, examples_of

__all__ = ["known_unreached", "prepare"]


def prepare(
    reports: Iterable[AnnotatedReport],
    *,
    where: str,
    known: frozenset[tuple[str, str]] | None = frozenset(),
    quote: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> list[ReportExamples]:
    """Return the examples of ``reports``.

    Args:
        reports: the gold.
        where: what they are, for messages.
        known: (report, span id) of numbers known to be out of reach; they are left out. None leaves out any, and says which.
        quote: whether a message may quote them; test reports are scored and never read.
        say: gets a line with the counts.

    Raises:
        CorpusError: there are no reports, or a gold number that is not in ``known`` would be lost; all are named.
    """
    made = [examples_of(report) for report in reports]
    if not made:
        raise CorpusError("no reports in this split", where=where, hint="Make it with `govie corpus split`.")
    lost = [(report.name, *span.split(" ", 1)) for report in made for span in report.unreached]
    new = [" ".join(words if quote else words[:2]) for words in lost if known is None or words[:2] not in known]
    gold = sum(number.gold != ("none",) for report in made for example in report.examples for number in example.numbers)
    say(f"{where}: {counted(len(made), 'report')}, {counted(gold, 'number')} that state facts, {len(lost)} more out of reach")
    if new and known is None:
        say(f"{where}: left out: {', '.join(new)}")
    elif new:
        hint = "Look at the sections and tables found there, or correct the spans; what cannot be reached is listed in corpus/unreached.csv."
        raise CorpusError(f"{counted(len(new), 'gold number')} would be lost: {', '.join(new)}", where=where, hint=hint)
    return made


def known_unreached(path: Path) -> frozenset[tuple[str, str]]:
    """Return the (report, span id) that the CSV file ``path`` lists under ``report`` and ``span``; none if there is no file."""
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return frozenset((row["report"], row["span"]) for row in csv.DictReader(file))
        except KeyError as error:
            raise CorpusError(f"no column {error}", where=str(path), hint="Columns: report, span, why.") from None
