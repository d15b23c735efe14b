"""An evaluation as one HTML file that needs nothing else: tables, plots as inline SVG, the worst mistakes in their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from . import plots
from .markdown import (
    CURVE_HEADER,
    GROUPING_NOTES,
    GROUPINGS,
    SCORES,
    SEED_HEADER,
    SEGMENTATION_HEADER,
    SEGMENTATION_NOTE,
    curve_rows,
    heading,
    interval,
    mistake_counts,
    over_towns,
    phenomenon_rows,
    seed_rows,
    segmentation_rows,
    signed,
)
from .records import Evaluation, Macro, Mistake, Score, SystemResult

__all__ = ["as_html"]

DRAWN = ("label", "table format", "era", "concept, prose", "province")
_FONTS = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'
_STYLE = f"""
body {{ font: 14px/1.5 {_FONTS}; color: #222; max-width: 1200px; margin: 2em auto; padding: 0 1em; }}
h1 {{ font-size: 1.6em; margin-bottom: .2em; }} h2 {{ font-size: 1.2em; margin: 2em 0 .5em; border-bottom: 1px solid #ddd; }} h3 {{ font-size: 1em; }}
table {{ border-collapse: collapse; margin: .5em 0 1em; font-size: 13px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .2em .7em; text-align: right; border-bottom: 1px solid #eee; }} th {{ font-weight: 600; border-bottom: 1px solid #999; }}
th:first-child, td:first-child {{ text-align: left; }}
th.over {{ text-align: center; border-bottom: 0; padding-bottom: 0; }} .wide {{ overflow-x: auto; }} .wide td {{ white-space: nowrap; }}
th.begins, td.begins {{ border-left: 1px solid #ddd; }} .notice {{ background: #fff6e0; border-left: 3px solid #d98c2b; padding: .4em .8em; }}
svg {{ max-width: 100%; height: auto; }} svg text {{ font-family: {_FONTS} !important; }}
ol.mistakes li {{ margin-bottom: .9em; }} ol.mistakes q {{ display: block; quotes: none; background: #f7f7f7; padding: .3em .6em; white-space: pre-wrap; }}
mark {{ background: #ffd9a8; padding: 0 .1em; }} .gold {{ color: #1c6b3c; }} .got {{ color: #a32; }} .quiet {{ color: #777; font-size: 12px; }}
nav a {{ margin-right: 1em; }} details {{ margin: .5em 0; }}
"""


def as_html(evaluation: Evaluation) -> str:
    """Return ``evaluation`` as an HTML page.

    Raises:
        UsageError: matplotlib is not installed.
    """
    body = "\n".join(_body(evaluation))
    title = f"govie: {escape(heading(evaluation))}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}<style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n'


def _body(evaluation: Evaluation) -> Iterator[str]:
    systems = evaluation.systems
    drawn = f"Intervals: 95 %, bootstrap over towns, {evaluation.samples} draws, seed {evaluation.seed}."
    yield f"<h1>Evaluation of govie</h1><p>{escape(heading(evaluation))}. {drawn}</p>"
    for notice in evaluation.notices:
        yield f'<p class="notice">{escape(notice)}</p>'
    yield _summary(evaluation)
    yield from _differences(evaluation)
    yield from _phenomena(evaluation)
    yield from _training(evaluation)
    yield "<h2>By town</h2>" + plots.towns(evaluation) + _towns(systems)
    if labels := systems[0].groups.get("category label"):
        yield "<h2>Category labels seen in training and new ones</h2>" + _groups(systems, "category label", labels)
    for grouping in GROUPINGS[1:]:
        if groups := systems[0].groups.get(grouping):
            yield f"<h2>By {escape(grouping)}</h2>"
            if note := GROUPING_NOTES.get(grouping):
                yield f"<p>{escape(note)}</p>"
            if grouping in DRAWN:
                yield plots.groups(evaluation, grouping, name=grouping.replace(", ", "-").replace(" ", "-"))
            yield f"<details><summary>Table: by {escape(grouping)}</summary>{_groups(systems, grouping, groups)}</details>"
    yield from _confidences(systems)
    for place, system in enumerate(systems):
        yield from _mistaken(system, place, evaluation)
    yield from _segmentation(evaluation)


def _summary(evaluation: Evaluation) -> str:
    systems = evaluation.systems
    parts = [_scores("", systems, [(name, [system.scores[name] for system in systems], None) for name in SCORES])]
    towns = [
        [f"{measure}, {label}", *(interval(system, measure, which) for system in systems)]
        for measure in systems[0].towns
        for label, which in (("macro over towns", "macro"), ("micro", "micro"))
    ]
    parts.append(_table(["F1 with interval", *(s.name for s in systems)], towns))
    metadata = [[field, *(f"{s.metadata[field].right}/{s.metadata[field].total}" for s in systems)] for field in systems[0].metadata]
    rest = [
        ["reports with every fact right", *(f"{s.perfect_reports}/{evaluation.reports}" for s in systems)],
        ["reports that could not be read", *(str(len(s.broken)) for s in systems)],
        ["offsets that do not hold", *(str(s.wrong_offsets) for s in systems)],
    ]
    parts.append(_table(["metadata right, and the run", *(s.name for s in systems)], [*metadata, *rest]))
    return "\n".join(parts)


def _differences(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.comparisons:
        rows = [[c.measure, f"{c.other} − {c.one}", signed(c.difference), f"{signed(c.low)} to {signed(c.high)}"] for c in evaluation.comparisons]
        yield "<h2>Differences in F1</h2>" + _table(["measure", "difference of", "F1", "95 % interval"], rows)


def _phenomena(evaluation: Evaluation) -> Iterator[str]:
    if found := evaluation.phenomena:
        one, other = found[0].one, found[0].other
        yield f"<h2>By phenomenon: {escape(other)} against {escape(one)} (facts in prose)</h2>"
        yield plots.gains(found)
        header = ["facts in prose that are or have", "gold", "towns", f"{one} F1", f"{other} F1", "difference", "95 % interval"]
        yield f'<div class="wide">{_table(header, phenomenon_rows(evaluation))}</div>'


def _training(evaluation: Evaluation) -> Iterator[str]:
    if rows := seed_rows(evaluation):
        yield "<h2>What a figure owes to the seed of the training</h2>" + _table(SEED_HEADER, rows)
    if evaluation.learning_curve:
        yield "<h2>Learning curve</h2>" + plots.learning_curve(evaluation)
        yield _table(CURVE_HEADER, curve_rows(evaluation))


def _segmentation(evaluation: Evaluation) -> Iterator[str]:
    if rows := segmentation_rows(evaluation):
        yield "<h2>Segmentation</h2>"
        yield f"<p>{escape(SEGMENTATION_NOTE)}</p>"
        yield f'<div class="wide">{_table(SEGMENTATION_HEADER, rows)}</div>'


def _towns(systems: Sequence[SystemResult]) -> str:
    scores = [{town.town: town.score for town in system.town_scores} for system in systems]
    rows = [(town, [of.get(town, Score()) for of in scores], None) for town in sorted(scores[0], key=lambda t: (scores[-1][t].f1, t))]
    return f"<details><summary>Table: by town (facts in prose)</summary>{_scores('town', systems, rows)}</details>"


def _confidences(systems: Sequence[SystemResult]) -> Iterator[str]:
    yield "<h2>Confidences</h2>"
    if any(system.calibration for system in systems):
        yield plots.reliability(systems)
    for system in systems:
        found = system.calibration
        said = (
            "no confidences"
            if found is None
            else f"expected calibration error {found.error:.4f} over {found.facts} facts; {found.unrated} carry no confidence"
        )
        yield f"<p>{escape(system.name)}: {said}.</p>"


def _mistaken(system: SystemResult, place: int, evaluation: Evaluation) -> Iterator[str]:
    yield f"<h2>What {escape(system.name)} got wrong</h2><p>{escape(mistake_counts(system))}.</p>"
    yield "<h3>What numbers of prose were read as, by family of concepts</h3>" + plots.confusion_map(system, name=f"confusion{place}")
    rows = [[c.gold or "(no fact)", c.got or "(none)", str(c.count)] for c in plots.most_confused(system)]
    of = f" on {evaluation.mistakes_of}" if evaluation.mistakes_of else ""
    yield f"<details><summary>The {len(rows)} most frequent wrong readings</summary>{_table(['gold', 'read as', 'times'], rows)}</details>"
    if system.mistakes is None or evaluation.mistakes_of:
        below = f" Below are the worst mistakes{escape(of)}." if evaluation.mistakes_of else ""
        why = "these are test reports, which those who write rules or tune models do not read"
        yield f'<p class="notice">Sentences are not shown: {why}.{below}</p>'
    if system.mistakes is not None:
        items = "\n".join(_mistake(mistake) for mistake in system.mistakes)
        yield f'<h3>The {len(system.mistakes)} worst mistakes{escape(of)}</h3><ol class="mistakes">{items}</ol>'


def _mistake(mistake: Mistake) -> str:
    confidence = "" if mistake.confidence is None else f", confidence {mistake.confidence:.2f}"
    origin = f" ({mistake.source}{confidence})" if mistake.source else ""
    return (
        f'<li>{escape(mistake.kind)}: <span class="gold">{escape(mistake.gold or "no fact")}</span> → '
        f'<span class="got">{escape(mistake.got or "nothing")}</span>{escape(origin)} <span class="quiet">{escape(mistake.report)}</span>'
        f"<q>{escape(mistake.before)}<mark>{escape(mistake.words)}</mark>{escape(mistake.after)}</q></li>"
    )


def _groups(systems: Sequence[SystemResult], grouping: str, groups: Iterable[str]) -> str:
    rows = []
    for group in groups:
        scores = [system.groups.get(grouping, {}).get(group, Score()) for system in systems]
        rows.append((group, scores, [system.group_towns.get(grouping, {}).get(group) for system in systems]))
    return _scores(grouping, systems, rows)


def _scores(first: str, systems: Sequence[SystemResult], rows: Iterable[tuple[str, Sequence[Score], Sequence[Macro | None] | None]]) -> str:
    """A table of scores: precision, recall and F1 of each extractor, and F1 over towns where ``rows`` have it."""
    rows = list(rows)
    towns = any(macros is not None for _, _, macros in rows)
    columns = ["P", "R", "F1", *(["over towns"] if towns else [])]
    over = "".join(f'<th class="over begins" colspan="{len(columns)}">{escape(system.name)}</th>' for system in systems)
    under = "".join(f"<th{_begins(place)}>{column}</th>" for _ in systems for place, column in enumerate(columns))
    lines = [f'<tr><th class="over"></th><th class="over"></th>{over}</tr>', f"<tr><th>{escape(first)}</th><th>gold</th>{under}</tr>"]
    for name, scores, macros in rows:
        cells = ""
        for score, macro in zip(scores, macros or [None] * len(scores), strict=True):
            figures = [f"{figure:.3f}" for figure in (score.precision, score.recall, score.f1)]
            figures += [over_towns(macro)] if towns else []
            cells += "".join(f"<td{_begins(place)}>{figure}</td>" for place, figure in enumerate(figures))
        lines.append(f"<tr><td>{escape(name)}</td><td>{scores[0].gold}</td>{cells}</tr>")
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _begins(place: int) -> str:
    return ' class="begins"' if place == 0 else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return f"<table>{line(header, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"
