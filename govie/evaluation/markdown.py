"""An evaluation as Markdown: the tables, without plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean, stdev

from .plots import most_confused
from .records import Evaluation, Macro, Mistake, Score, SystemResult

__all__ = [
    "CURVE_HEADER",
    "GROUPINGS",
    "GROUPING_NOTES",
    "SCORES",
    "SEED_HEADER",
    "SEGMENTATION_HEADER",
    "SEGMENTATION_NOTE",
    "as_markdown",
    "curve_rows",
    "heading",
    "interval",
    "mistake_counts",
    "over_towns",
    "phenomenon_rows",
    "seed_rows",
    "segmentation_rows",
    "signed",
    "table",
]

SCORES = (
    "facts", "facts in prose", "facts in tables", "zeros in prose", "category pairs",
    "headings", "own-line headings", "kinds", "findings",
)  # fmt: skip
GROUPINGS = ("category label", "label", "table format", "era", "concept, prose", "concept, tables", "province", "hand")
GROUPING_NOTES = {
    "label": "COUNT, ZERO and CELL: the facts that such spans state; CATEGORY: counts by category, with their label; HEADING: headings"
    " on a line of their own; TITLE, AUTHORITY, PERIOD, DATE and CONTACT: the field of the metadata, one a report, a wrong one being missed and made up.",
}
CURVE_HEADER = ("scored on", "share of the counties", "reports", "seeds", "F1 of facts in prose", "model alone")
SEED_HEADER = ("figure", "scored on", "seeds", "mean ± sd", "each seed")
SEGMENTATION_HEADER = (
    "tokens", "seeds", "F1 (mean ± sd)", "precision", "recall", "gold spans off boundaries, train", "dev", "characters a second, cut", "read",
)  # fmt: skip
SEGMENTATION_NOTE = (
    "Exact spans of counts and category labels on dev, found by the same spaCy spancat with three tokenizers (training/segmentation.py)."
    " A gold span off the tokens' boundaries cannot be found. This decided that a token is a character."
)


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
        rows = ([c.measure, f"{c.other} - {c.one}", signed(c.difference), f"{signed(c.low)} to {signed(c.high)}"] for c in evaluation.comparisons)
        yield table(["measure", "difference of", "F1", "95 % interval"], rows)
    if phenomena := evaluation.phenomena:
        one, other = phenomena[0].one, phenomena[0].other
        yield f"## By phenomenon: {other} against {one} (facts in prose)"
        header = ["facts in prose that are or have", "gold", "towns", f"{one} F1", f"{other} F1", "difference", "95 % interval"]
        yield table(header, phenomenon_rows(evaluation))
    if seeds := seed_rows(evaluation):
        yield "## Seeds of the training"
        yield table(SEED_HEADER, seeds)
    if evaluation.learning_curve:
        yield "## Learning curve"
        yield table(CURVE_HEADER, curve_rows(evaluation))
    yield "## Metadata, right of all"
    fields = systems[0].metadata
    yield table(["field", *(s.name for s in systems)], ([f, *(f"{s.metadata[f].right}/{s.metadata[f].total}" for s in systems)] for f in fields))
    for grouping in GROUPINGS:
        if groups := systems[0].groups.get(grouping):
            yield f"## By {grouping}"
            if note := GROUPING_NOTES.get(grouping):
                yield note
            yield table(
                [grouping, "gold", *(f"{system.name}: {figure}" for system in systems for figure in ("P", "R", "F1", "over towns"))],
                ([g, str(groups[g].gold), *_group_cells(systems, grouping, g)] for g in groups),
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
            if evaluation.mistakes_of:
                yield f"The worst on {evaluation.mistakes_of}:"
            yield "\n".join(_mistake(place, mistake) for place, mistake in enumerate(system.mistakes, 1))
    if rows_of_segmenters := segmentation_rows(evaluation):
        yield "## Segmentation"
        yield SEGMENTATION_NOTE
        yield table(SEGMENTATION_HEADER, rows_of_segmenters)


def signed(figure: float) -> str:
    """Return a difference with its sign, to four places."""
    return f"{figure:+.4f}".replace("-", "−") if round(figure, 4) else "0.0000"


def phenomenon_rows(evaluation: Evaluation) -> list[list[str]]:
    """Return the phenomena as rows: name, facts, towns, both F1, the difference and its interval."""
    return [
        [p.name, str(p.gold), str(p.towns), f"{p.one_f1:.3f}", f"{p.other_f1:.3f}", signed(p.difference), f"{signed(p.low)} to {signed(p.high)}"]
        for p in evaluation.phenomena
    ]


def _spread(figures: Sequence[float]) -> str:
    """Mean and standard deviation (of a sample); the figure alone where there is one."""
    return f"{fmean(figures):.4f} ± {stdev(figures):.4f}" if len(figures) > 1 else f"{fmean(figures):.4f}"


def curve_rows(evaluation: Evaluation) -> list[list[str]]:
    """Return the learning curve as rows of :data:`CURVE_HEADER`."""
    rows = []
    for p in evaluation.learning_curve:
        alone = p.figures.get("model alone, facts in prose")
        rows.append([p.split or "", f"{p.share:.0%}", str(p.reports or ""), str(len(p.f1)), _spread(p.f1), _spread(alone) if alone else ""])
    return rows


def seed_rows(evaluation: Evaluation) -> list[list[str]]:
    """Return the figures of models that differ by their seed alone, trained on everything, as rows of :data:`SEED_HEADER`."""
    whole = [p for p in evaluation.learning_curve if p.share == 1 and len(p.f1) > 1 and p.figures]
    names = dict.fromkeys(name for p in whole for name in p.figures)
    return [
        [name, p.split or "", str(len(figures)), _spread(figures), ", ".join(f"{figure:.4f}" for figure in figures)]
        for name in names
        for p in whole
        if (figures := p.figures.get(name))
    ]


def segmentation_rows(evaluation: Evaluation) -> list[list[str]]:
    """Return the comparison of segmenters as rows of :data:`SEGMENTATION_HEADER`."""
    rows = []
    for name, scores in evaluation.segmentation.items():
        if scores:
            means = [f"{fmean(getattr(score, field) for score in scores):.4f}" for field in ("precision", "recall")]
            lost = [str(scores[0].off_boundaries_train), str(scores[0].off_boundaries_dev)]
            speed = [f"{fmean(getattr(s, f'characters_per_second_{what}') for s in scores):,.0f}" for what in ("cut", "read")]
            rows.append([name, str(len(scores)), _spread([score.f1 for score in scores]), *means, *lost, *speed])
    return rows


def _group_cells(systems: Sequence[SystemResult], grouping: str, group: str) -> Iterator[str]:
    for system in systems:
        yield from _cells([system.groups[grouping].get(group, Score())])
        yield over_towns(system.group_towns[grouping].get(group))


def over_towns(macro: Macro | None) -> str:
    """Return the mean of the towns' F1 with its interval; of one town alone the figure, of none nothing."""
    if macro is None or not macro.towns:
        return ""
    return f"{macro.macro:.3f}" + (f" ({macro.macro_low:.3f}–{macro.macro_high:.3f})" if macro.towns > 1 else " (1 town)")


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
