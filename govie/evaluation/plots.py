"""The plots of an evaluation as SVG to stand inside a page; Chinese stays text, and the browser finds a font for it.

matplotlib is imported when a plot is drawn (``pip install "govie[corpus]"``).
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from govie.errors import not_installed

from .records import Confusion, Evaluation, Phenomenon, Score, SystemResult

__all__ = ["COLOURS", "confusion_map", "gains", "groups", "learning_curve", "most_confused", "reliability", "towns"]

COLOURS = ("#3b6ea5", "#d98c2b", "#4f9d69", "#9b5fa8", "#b5525c")
_MOST = 40


def groups(evaluation: Evaluation, grouping: str, *, name: str, most: int = _MOST) -> str:
    """Return F1 of the groups of ``grouping`` as dots with their intervals, one colour an extractor; the largest ``most`` groups."""
    shown = list(evaluation.systems[0].groups.get(grouping, {}))[:most]
    systems = evaluation.systems
    every = [system.groups.get(grouping, {}).get(group, Score()).f1 for system in systems for group in shown]
    left = max(0.0, math.floor(min(every, default=0.0) * 20 - 1) / 20)
    with _figure(name, 9.2, 0.8 + len(shown) * (0.12 + 0.09 * len(systems))) as (figure, axis, done):
        height = 0.75 / len(systems)
        for place, system in enumerate(systems):
            colour = COLOURS[place % len(COLOURS)]
            scores = [system.groups.get(grouping, {}).get(group, Score()) for group in shown]
            rows = [row + place * height for row in range(len(shown))]
            axis.plot([score.f1 for score in scores], rows, "o", markersize=4, color=colour, label=system.name, clip_on=False)
            for row, group, score in zip(rows, shown, scores, strict=True):
                figures = f"{score.f1:.3f} of {score.gold}" if place == 0 else f"{score.f1:.3f}"
                axis.text(1.012, row, figures, transform=axis.get_yaxis_transform(), va="center", fontsize=6.5, color="#555")
                over = system.group_towns.get(grouping, {}).get(group)
                if over is not None and over.towns > 1:
                    axis.plot([max(left, over.micro_low), max(left, over.micro_high)], [row, row], color=colour, linewidth=1.2, alpha=0.55)
        axis.set_yticks([row + height * (len(systems) - 1) / 2 for row in range(len(shown))], shown)
        axis.set_ylim(len(shown) - 0.3, -0.4)
        for row in range(1, len(shown)):
            axis.axhline(row - (1 - height * (len(systems) - 1)) / 2, color="#eee", linewidth=0.8)
        axis.grid(axis="y", visible=False)
        axis.set_xlim(left, 1)
        axis.set_xlabel("F1, with the interval of a bootstrap over towns")
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
    with _figure("reliability", 5.2, 4.6) as (_, axis, done):
        axis.plot([0, 1], [0, 1], "--", color="#999", linewidth=1)
        for place, system in enumerate(systems):
            found = system.calibration
            if found is not None:
                colour = COLOURS[place % len(COLOURS)]
                axis.plot([b.confidence for b in found.bins], [b.right for b in found.bins], "-", color=colour, linewidth=1, alpha=0.5)
                # The larger the dot, the more facts: a bin of a few says little.
                sizes = [8 + 14 * math.log10(b.facts) for b in found.bins]
                label = f"{system.name} (ECE {found.error:.3f})"
                axis.scatter([b.confidence for b in found.bins], [b.right for b in found.bins], s=sizes, color=colour, label=label, zorder=3)
                for b in found.bins:
                    axis.annotate(
                        str(b.facts), (b.confidence, b.right), textcoords="offset points", xytext=(5, -9 + 11 * (place % 2)), fontsize=6, color=colour
                    )
        axis.set(xlim=(-0.02, 1.06), ylim=(-0.04, 1.04), xlabel="mean confidence", ylabel="share that is right")
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


def gains(phenomena: Sequence[Phenomenon]) -> str:
    """Return the differences in F1 by phenomenon, each with its interval."""
    with _figure("phenomena", 9.2, 0.9 + 0.24 * len(phenomena)) as (_, axis, done):
        for row, p in enumerate(phenomena):
            sure = p.low > 0 or p.high < 0
            colour = COLOURS[2] if p.difference > 0 else COLOURS[4] if p.difference < 0 else "#888"
            axis.plot([p.low, p.high], [row, row], color=colour, linewidth=1.5, alpha=1 if sure else 0.45)
            axis.plot([p.difference], [row], "o", color=colour, alpha=1 if sure else 0.45)
        axis.axvline(0, color="#999", linewidth=1)
        axis.set_yticks(range(len(phenomena)), [f"{p.name} ({p.gold})" for p in phenomena])
        axis.set_ylim(len(phenomena) - 0.5, -0.5)
        axis.set_xlabel(f"F1 of {phenomena[0].other} less F1 of {phenomena[0].one}; faint where the interval holds 0")
        return done()


def learning_curve(evaluation: Evaluation) -> str:
    """Return F1 against the share of the corpus trained on, each seed a point, the means a line; the model alone dashed."""
    with _figure("learning", 6.4, 3.6) as (_, axis, done):
        splits = list(dict.fromkeys(point.split for point in evaluation.learning_curve))
        for place, split in enumerate(splits):
            colour = COLOURS[place % len(COLOURS)]
            points = sorted((p for p in evaluation.learning_curve if p.split == split), key=lambda p: p.share)
            alone = [(p.share, p.figures["model alone, facts in prose"]) for p in points if "model alone, facts in prose" in p.figures]
            of = f" ({split})" if split else ""
            for name, style, line in (("rules and model", "-", [(p.share, p.f1) for p in points]), ("model alone", "--", alone)):
                for share, figures in line:
                    axis.plot([share * 100] * len(figures), figures, ".", color=colour, alpha=0.5)
                if line:
                    means = [sum(figures) / len(figures) for _, figures in line]
                    axis.plot([share * 100 for share, _ in line], means, style, color=colour, label=f"{name}{of}")
        axis.set(xlabel="share of the training counties, %", ylabel="F1 (facts in prose)", xlim=(0, 103))
        axis.legend(frameon=False, loc="lower right")
        return done()


@contextmanager
def _figure(name: str, width: float, height: float) -> Iterator[tuple[Any, Any, Callable[[], str]]]:
    """A figure with one pair of axes, and the function that gives its SVG; ``name`` keeps ids apart on a page."""
    try:
        import matplotlib
    except ImportError:
        raise not_installed("matplotlib", "corpus") from None
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
