"""The plots of an evaluation as SVG to stand inside a page; Chinese stays text, and the browser finds a font for it.

matplotlib is imported when a plot is drawn (``pip install "govie[corpus]"``).
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from govie.errors import UsageError

from .records import Confusion, Evaluation, Score, SystemResult

__all__ = ["COLOURS", "bars", "confusion_map", "learning_curve", "most_confused", "reliability", "towns"]

COLOURS = ("#3b6ea5", "#d98c2b", "#4f9d69", "#9b5fa8", "#b5525c")
_MOST = 40


def bars(evaluation: Evaluation, grouping: str, *, name: str, most: int = _MOST) -> str:
    """Return F1 of the groups of ``grouping`` as bars, one colour an extractor; the largest ``most`` groups."""
    groups = list(evaluation.systems[0].groups.get(grouping, {}))[:most]
    systems = evaluation.systems
    with _figure(name, 9.2, 0.7 + len(groups) * (0.17 + 0.11 * len(systems))) as (figure, axis, done):
        height = 0.8 / len(systems)
        for place, system in enumerate(systems):
            scores = [system.groups.get(grouping, {}).get(group, Score()) for group in groups]
            rows = [row + place * height for row in range(len(groups))]
            axis.barh(rows, [s.f1 for s in scores], height=height * 0.92, color=COLOURS[place % len(COLOURS)], label=system.name)
            for row, score in zip(rows, scores, strict=True):
                axis.text(1.01, row, f"{score.f1:.3f} of {score.gold}", va="center", fontsize=7, color="#555")
        axis.set_yticks([row + height * (len(systems) - 1) / 2 for row in range(len(groups))], groups)
        axis.set_ylim(len(groups) - 0.4, -0.6)
        axis.set_xlim(0, 1)
        axis.set_xlabel("F1")
        if len(systems) > 1:
            figure.legend(loc="outside upper right", ncols=len(systems), frameon=False)
        return done()


def towns(evaluation: Evaluation, measure: str = "facts in prose") -> str:
    """Return the towns' F1 in ascending order, with the mean and its interval."""
    with _figure("towns", 9.2, 3.4) as (_, axis, done):
        for place, system in enumerate(evaluation.systems):
            colour = COLOURS[place % len(COLOURS)]
            f1 = [t.score.f1 for t in system.town_scores if t.score.tp + t.score.fp + t.score.fn]
            axis.plot(range(1, len(f1) + 1), f1, ".", color=colour, label=system.name)
            macro = system.towns[measure]
            axis.axhline(macro.macro, color=colour, linewidth=1)
            axis.axhspan(macro.macro_low, macro.macro_high, color=colour, alpha=0.15, linewidth=0)
        axis.set_xlabel("towns, the worst first")
        axis.set_ylabel(f"F1 ({measure})")
        axis.set_ylim(None, 1.01)
        axis.legend(frameon=False, loc="lower right")
        return done()


def reliability(systems: Sequence[SystemResult]) -> str:
    """Return stated confidence against the share that is right, for the extractors that state confidences."""
    with _figure("reliability", 4.6, 4.2) as (_, axis, done):
        axis.plot([0, 1], [0, 1], "--", color="#999", linewidth=1)
        for place, system in enumerate(systems):
            found = system.calibration
            if found is not None:
                colour = COLOURS[place % len(COLOURS)]
                axis.plot([b.confidence for b in found.bins], [b.right for b in found.bins], "o-", color=colour, label=f"{system.name} (ECE {found.error:.3f})")
                for b in found.bins:
                    axis.annotate(str(b.facts), (b.confidence, b.right), textcoords="offset points", xytext=(4, -9), fontsize=6, color="#555")
        axis.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="mean confidence", ylabel="share that is right")
        axis.legend(frameon=False, loc="lower right")
        return done()


def confusion_map(system: SystemResult, *, name: str) -> str:
    """Return what numbers of prose were read as, by family of concepts, as a map of counts."""
    counts: dict[tuple[str, str], int] = {}
    for confusion in system.confusions:
        pair = (_family(confusion.gold, "(no fact)"), _family(confusion.got, "(none)"))
        counts[pair] = counts.get(pair, 0) + confusion.count
    rows = [*sorted({gold for gold, _ in counts} - {"(no fact)"}), "(no fact)"]
    columns = [*sorted({got for _, got in counts} - {"(none)"}), "(none)"]
    with _figure(name, 1.9 + 0.5 * len(columns), 1.4 + 0.26 * len(rows)) as (_, axis, done):
        shares = [[counts.get((r, c), 0) / max(1, sum(counts.get((r, k), 0) for k in columns)) for c in columns] for r in rows]
        axis.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors="white", linewidth=0.5)
        for y, row in enumerate(rows):
            for x, column in enumerate(columns):
                if count := counts.get((row, column), 0):
                    colour = "white" if shares[y][x] > 0.5 else "black" if row == column else "#a32"
                    axis.text(x + 0.5, y + 0.5, str(count), ha="center", va="center", fontsize=7, color=colour)
        axis.set_xticks([x + 0.5 for x in range(len(columns))], columns, rotation=40, ha="right")
        axis.set_yticks([y + 0.5 for y in range(len(rows))], rows)
        axis.invert_yaxis()
        axis.set(xlabel="read as", ylabel="gold")
        return done()


def _family(concept: str | None, none: str) -> str:
    """The first word of a concept, the first two under disclosure."""
    if concept is None:
        return none
    words = concept.split(".")
    return ".".join(words[:2]) if words[0] == "disclosure" else words[0]


def learning_curve(evaluation: Evaluation) -> str:
    """Return F1 against the share of the corpus trained on, each seed a point, the mean a line."""
    with _figure("learning", 5.2, 3.4) as (_, axis, done):
        points = sorted(evaluation.learning_curve, key=lambda point: point.share)
        for point in points:
            axis.plot([point.share * 100] * len(point.f1), point.f1, ".", color=COLOURS[0], alpha=0.6)
        axis.plot([p.share * 100 for p in points], [sum(p.f1) / len(p.f1) for p in points], "-", color=COLOURS[0])
        axis.set(xlabel="share of the training reports, %", ylabel="F1", xlim=(0, 103))
        return done()


@contextmanager
def _figure(name: str, width: float, height: float) -> Iterator[tuple[Any, Any, Callable[[], str]]]:
    """A figure with one pair of axes, and the function that gives its SVG; ``name`` keeps ids apart on a page."""
    try:
        import matplotlib
    except ImportError:
        raise UsageError("matplotlib is not installed", hint='Run: pip install "govie[corpus]"') from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    style: Any = {"svg.fonttype": "none", "svg.hashsalt": f"govie {name}", "font.size": 8, "axes.grid": True, "grid.color": "#e6e6e6"}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # The font here need not have the characters: the SVG holds text, and the browser's font shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure, axis = pyplot.subplots(figsize=(width, height), layout="constrained")
        axis.set_axisbelow(True)
        axis.spines[["top", "right"]].set_visible(False)

        def done() -> str:
            buffer = io.StringIO()
            figure.savefig(buffer, format="svg", metadata={"Date": None})
            return _inline(buffer.getvalue(), name)

        try:
            yield figure, axis, done
        finally:
            pyplot.close(figure)


def _inline(svg: str, name: str) -> str:
    """The SVG element alone, with its own ids: a page holds several."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    ids = set(re.findall(r'\bid="([^"]+)"', body))
    for old in sorted(ids, key=len, reverse=True):
        body = re.sub(rf'(id="|href="#|url\(#){re.escape(old)}(?=["\)])', rf"\g<1>{name}-{old}", body)
    return body


def most_confused(system: SystemResult, limit: int = 30) -> list[Confusion]:
    """Return the most frequent wrong readings of numbers in prose."""
    return [confusion for confusion in system.confusions if confusion.gold != confusion.got][:limit]
