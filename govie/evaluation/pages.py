"""An evaluation as one HTML file that needs nothing else: tables, plots as inline SVG, the worst mistakes in their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from . import plots
from .markdown import GROUPINGS, SCORES, heading, interval, mistake_counts
from .records import Evaluation, Mistake, Score, SystemResult

__all__ = ["as_html"]

_FONTS = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'
_STYLE = f"""
body {{ font: 14px/1.5 {_FONTS}; color: #222; max-width: 1080px; margin: 2em auto; padding: 0 1em; }}
h1 {{ font-size: 1.6em; margin-bottom: .2em; }} h2 {{ font-size: 1.2em; margin: 2em 0 .5em; border-bottom: 1px solid #ddd; }} h3 {{ font-size: 1em; }}
table {{ border-collapse: collapse; margin: .5em 0 1em; font-size: 13px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .2em .7em; text-align: right; border-bottom: 1px solid #eee; }} th {{ font-weight: 600; border-bottom: 1px solid #999; }}
th:first-child, td:first-child, td.words, th.words {{ text-align: left; }}
td.best {{ font-weight: 600; }} .notice {{ background: #fff6e0; border-left: 3px solid #d98c2b; padding: .4em .8em; }}
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
    yield "<h2>Over towns</h2>" + plots.towns(evaluation)
    if labels := systems[0].groups.get("category label"):
        yield "<h2>Category labels seen in training and new ones</h2>" + _groups(systems, "category label", labels)
    for grouping in ("table format", "era"):
        yield f"<h2>By {grouping}</h2>" + plots.bars(evaluation, grouping, name=grouping.replace(" ", "-"))
    yield "<h2>By concept, in prose</h2>" + plots.bars(evaluation, "concept, prose", name="concept")
    for grouping in GROUPINGS[3:]:
        if groups := systems[0].groups.get(grouping):
            yield f"<details><summary>Table: by {escape(grouping)}</summary>{_groups(systems, grouping, groups)}</details>"
    yield "<h2>By province</h2>" + plots.bars(evaluation, "province", name="province")
    yield from _confidences(systems)
    for place, system in enumerate(systems):
        yield from _mistaken(system, place)
    if evaluation.learning_curve:
        yield "<h2>Learning curve</h2>" + plots.learning_curve(evaluation)


def _summary(evaluation: Evaluation) -> str:
    systems = evaluation.systems
    rows = [[name, str(systems[0].scores[name].gold), *_figures([s.scores[name] for s in systems])] for name in SCORES]
    parts = [_table(["", "gold", *_columns(systems)], rows)]
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
        ["reports a second", *(f"{evaluation.reports / s.seconds:.0f}" if s.seconds else "" for s in systems)],
    ]
    parts.append(_table(["metadata right, and the run", *(s.name for s in systems)], [*metadata, *rest]))
    return "\n".join(parts)


def _differences(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.comparisons:
        rows = [[c.measure, f"{c.other} − {c.one}", f"{c.difference:+.4f}", f"{c.low:+.4f} to {c.high:+.4f}"] for c in evaluation.comparisons]
        yield "<h2>Differences in F1</h2>" + _table(["measure", "difference of", "F1", "95 % interval"], rows)
        yield "<h3>Where they differ most (concepts in prose)</h3>" + _gains(evaluation.systems[0], evaluation.systems[-1])


def _gains(one: SystemResult, other: SystemResult, most: int = 15) -> str:
    """The concepts at which two extractors differ most, by right facts less wrong ones."""

    def balance(score: Score) -> int:
        return score.tp - score.fp - score.fn

    groups = one.groups.get("concept, prose", {}), other.groups.get("concept, prose", {})
    names = sorted(set(groups[0]) | set(groups[1]), key=lambda n: -abs(balance(groups[1].get(n, Score())) - balance(groups[0].get(n, Score()))))
    rows = [
        [name, str(groups[0].get(name, Score()).gold), f"{groups[0].get(name, Score()).f1:.3f}", f"{groups[1].get(name, Score()).f1:.3f}"]
        for name in names[:most]
    ]
    return _table(["concept", "gold", one.name, other.name], rows)


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


def _mistaken(system: SystemResult, place: int) -> Iterator[str]:
    yield f"<h2>What {escape(system.name)} got wrong</h2><p>{escape(mistake_counts(system))}.</p>"
    yield "<h3>What numbers of prose were read as, by family of concepts</h3>" + plots.confusion_map(system, name=f"confusion{place}")
    rows = [[c.gold or "(no fact)", c.got or "(none)", str(c.count)] for c in plots.most_confused(system)]
    yield f"<details><summary>The {len(rows)} most frequent wrong readings</summary>{_table(['gold', 'read as', 'times'], rows)}</details>"
    if system.mistakes is None:
        yield '<p class="notice">Sentences are not shown: these are test reports, which those who write rules or tune models do not read.</p>'
    else:
        items = "\n".join(_mistake(mistake) for mistake in system.mistakes)
        yield f'<h3>The {len(system.mistakes)} worst mistakes</h3><ol class="mistakes">{items}</ol>'


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
        rows.append([group, str(scores[0].gold), *_figures(scores)])
    return _table([grouping, "gold", *_columns(systems)], rows)


def _columns(systems: Sequence[SystemResult]) -> list[str]:
    return [f"{system.name} {figure}" if len(systems) > 1 else figure for system in systems for figure in ("P", "R", "F1")]


def _figures(scores: Iterable[Score]) -> list[str]:
    return [f"{figure:.3f}" for score in scores for figure in (score.precision, score.recall, score.f1)]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return f"<table>{line(header, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"
