"""An evaluation as Markdown: the tables, without plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .plots import most_confused
from .records import Evaluation, Mistake, Score, SystemResult

__all__ = ["GROUPINGS", "SCORES", "as_markdown", "heading", "interval", "mistake_counts", "table"]

SCORES = (
    "facts", "facts in prose", "facts in tables", "zeros in prose", "category pairs",
    "headings", "own-line headings", "kinds", "findings",
)  # fmt: skip
GROUPINGS = ("category label", "table format", "era", "concept, prose", "concept, tables", "province", "hand")


def as_markdown(evaluation: Evaluation) -> str:
    """Return the tables of ``evaluation`` as Markdown; mistakes are quoted where the record has them."""
    return "\n\n".join(_blocks(evaluation)) + "\n"


def heading(evaluation: Evaluation) -> str:
    """Return what was evaluated on what, in one line."""
    of = f"split {evaluation.split}" if evaluation.split else "annotated reports"
    names = ", ".join(system.name for system in evaluation.systems)
    return f"{names} on {evaluation.reports} reports of {evaluation.towns} towns ({of}, {evaluation.source}); govie {evaluation.version}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in line) + " |" for line in lines)


def mistake_counts(system: SystemResult) -> str:
    """Return how many mistakes of each kind there are, in one line."""
    return ", ".join(f"{kind} {count}" for kind, count in system.mistake_counts.items())


def _blocks(evaluation: Evaluation) -> Iterator[str]:
    systems = evaluation.systems
    yield "# Evaluation"
    yield heading(evaluation) + "."
    for notice in evaluation.notices:
        yield f"> {notice}"
    yield table(
        ["what", "gold", *(f"{system.name}: {figure}" for system in systems for figure in ("P", "R", "F1"))],
        ([name, str(systems[0].scores[name].gold), *_cells(system.scores[name] for system in systems)] for name in SCORES),
    )
    yield table(
        ["over towns, 95 % interval", *(system.name for system in systems)],
        (
            [f"{measure}, {which}", *(interval(system, measure, which) for system in systems)]
            for measure in systems[0].towns
            for which in ("macro", "micro")
        ),
    )
    if evaluation.comparisons:
        yield "## Differences in F1 (paired over towns)"
        rows = ([c.measure, f"{c.other} - {c.one}", f"{c.difference:+.4f}", f"{c.low:+.4f} to {c.high:+.4f}"] for c in evaluation.comparisons)
        yield table(["measure", "difference of", "F1", "95 % interval"], rows)
    yield "## Metadata, right of all"
    fields = systems[0].metadata
    yield table(["field", *(s.name for s in systems)], ([f, *(f"{s.metadata[f].right}/{s.metadata[f].total}" for s in systems)] for f in fields))
    for grouping in GROUPINGS:
        if groups := systems[0].groups.get(grouping):
            yield f"## By {grouping}"
            yield table(
                [grouping, "gold", *(f"{system.name}: {figure}" for system in systems for figure in ("P", "R", "F1"))],
                ([g, str(groups[g].gold), *_cells(s.groups[grouping].get(g, Score()) for s in systems)] for g in groups),
            )
    for system in systems:
        yield f"## {system.name}: confidences, confusions, mistakes"
        found = system.calibration
        if found is None:
            yield "No confidences."
        else:
            yield f"Expected calibration error {found.error:.4f} over {found.facts} facts ({found.unrated} without a confidence)."
        rows = ([c.gold or "(no fact)", c.got or "(none)", str(c.count)] for c in most_confused(system))
        yield table(["gold, in prose", "read as", "times"], rows)
        yield f"Mistakes: {mistake_counts(system)}."
        if system.mistakes is not None:
            yield "\n".join(_mistake(place, mistake) for place, mistake in enumerate(system.mistakes, 1))
    if evaluation.learning_curve:
        yield "## Learning curve"
        rows = ([f"{p.share:.0%}", str(p.reports or ""), f"{sum(p.f1) / len(p.f1):.4f}", str(len(p.f1))] for p in evaluation.learning_curve)
        yield table(["share of the training reports", "reports", "mean F1", "seeds"], rows)


def _cells(scores: Iterable[Score]) -> Iterator[str]:
    for score in scores:
        yield from (f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}")


def interval(system: SystemResult, measure: str, which: str) -> str:
    """Return F1 over towns with its interval; ``which`` is ``macro`` or ``micro``."""
    found = system.towns[measure]
    value, low, high = (getattr(found, which + suffix) for suffix in ("", "_low", "_high"))
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def _mistake(place: int, mistake: Mistake) -> str:
    sentence = f"{mistake.before}**{mistake.words}**{mistake.after}".replace("\n", " ⏎ ").replace("\t", " ")
    return f"{place}. {mistake.kind}: gold {mistake.gold or 'no fact'}, read {mistake.got or 'nothing'} ({mistake.report}): {sentence}"
