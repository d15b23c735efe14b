"""What the corpus is made of: counts for the terminal, for the data sheet and for its picture."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from govie.errors import UsageError, not_installed
from govie.interchange.annotation import INFORMATIVE, LABELS, AnnotatedReport
from govie.taxonomy import concepts

from .splitting import era

__all__ = ["Stats", "as_markdown", "plot", "stats"]

LENGTH_STEP = 500


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of reports, spans and facts; the counters are in a sensible order, not by size."""

    reports: int
    towns: int
    counties: int
    hands: int
    characters: int
    spans: int
    facts: int
    contradictory: int
    provinces: dict[str, int]
    years: dict[int, int]
    eras: dict[str, int]
    formats: dict[str, int]
    lengths: dict[str, int]
    findings: dict[str, int]
    labels: dict[str, int]
    prose_concepts: dict[str, int]
    table_concepts: dict[str, int]

    @property
    def never_met(self) -> list[str]:
        """The concepts that stand in no table and no prose of the corpus."""
        return [concept for concept in concepts() if not (self.prose_concepts.get(concept) or self.table_concepts.get(concept))]


def stats(reports: Iterable[AnnotatedReport]) -> Stats:
    """Return the make-up of ``reports``; lengths are counted without white space, tables included."""
    reports = list(reports)
    cards = [report.card for report in reports]
    lengths = [len(re.sub(r"\s", "", report.text)) for report in reports]
    cells = {(r.name, s.id) for r in reports for s in r.spans if s.label == "CELL"}
    facts = [((report.name, fact.span) in cells, fact.concept) for report in reports for fact in report.facts]
    prose, table = (Counter(c for is_cell, c in facts if is_cell is wanted) for wanted in (False, True))
    labels = Counter(span.label for report in reports for span in report.spans)
    formats = Counter(card.table or "none" for card in cards)
    buckets = Counter(length // LENGTH_STEP for length in lengths)
    return Stats(
        reports=len(reports),
        towns=len({(c.province, c.county, c.town) for c in cards if c.level == "town"}),
        counties=len({(c.province, c.county or c.town) for c in cards}),
        hands=len({c.hand for c in cards if c.hand}),
        characters=sum(lengths),
        spans=sum(labels.values()),
        facts=len(facts),
        contradictory=sum(bool(set(c.findings) - set(INFORMATIVE)) for c in cards),
        provinces=dict(Counter(c.province or "?" for c in cards).most_common()),
        years=dict(sorted(Counter(c.year for c in cards).items())),
        eras={name: sum(era(c.year) == name for c in cards) for name in ("to 2013", "2014-2018", "from 2019")},
        formats={name: formats[name] for name in ("pre2014", "2014", "2019", "2021", "none")},
        lengths={f"{b * LENGTH_STEP}-{(b + 1) * LENGTH_STEP - 1}": buckets[b] for b in sorted(buckets)},
        findings=dict(Counter(code for c in cards for code in c.findings).most_common()),
        labels={label: labels[label] for label in LABELS},
        prose_concepts={c: prose[c] for c in concepts() if prose[c]},
        table_concepts={c: table[c] for c in concepts() if table[c]},
    )


def as_markdown(found: Stats) -> str:
    """Return the counts as the Markdown that stands in ``corpus/README.md`` between its two marks."""
    shares = ", ".join(f"{name} {number} ({number / max(1, found.reports):.0%})" for name, number in found.eras.items())
    lines = [
        "| what | how many |",
        "|---|---|",
        f"| reports | {found.reports}, of {found.towns} towns in {found.counties} counties and {len(found.provinces)} provinces, by {found.hands} hands |",
        f"| characters without blanks | {found.characters:,} ({found.characters // max(1, found.reports):,} a report) |",
        f"| report years | {shares} |",
        f"| tables | {_listed(found.formats)} |",
        f"| reports with a contradiction | {found.contradictory} ({found.contradictory / max(1, found.reports):.0%}) |",
        f"| findings | {_listed(found.findings)} |",
        f"| spans | {found.spans:,}: {_listed(found.labels)} |",
        f"| facts | {found.facts:,} ({sum(found.prose_concepts.values()):,} in prose, {sum(found.table_concepts.values()):,} in tables) |",
        f"| concepts met | {len(found.prose_concepts)} in prose, {len(found.table_concepts)} in tables, of {len(concepts())} |",
        f"| provinces | {_listed(found.provinces)} |",
        f"| length | {_listed(found.lengths)} |",
    ]
    return "\n".join(lines) + "\n"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())


def plot(found: Stats, path: Path) -> None:
    """Draw the make-up as an SVG whose Chinese stays text.

    Raises:
        UsageError: matplotlib is not installed, or ``path`` is no .svg.
    """
    if path.suffix != ".svg":
        raise UsageError(f"cannot plot to {path.name}", hint="Give a .svg file.")
    try:
        import matplotlib
    except ImportError:
        raise not_installed("matplotlib", "corpus") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    concept_counts = Counter(found.prose_concepts) + Counter(found.table_concepts)
    panels = (
        ("reports by province", found.provinces),
        ("most frequent concepts (facts)", dict(concept_counts.most_common(31))),
        ("reports by year", {str(year): number for year, number in found.years.items()}),
        ("reports by table format", found.formats),
        ("reports by length (characters without blanks)", found.lengths),
        ("spans by label", found.labels),
    )
    # A fixed salt and no date: the same corpus gives the same file.
    style = {"svg.fonttype": "none", "svg.hashsalt": "govie", "font.size": 8}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # The font here need not have the characters: the SVG holds text, and the viewer's font shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure, axes = pyplot.subplots(3, 2, figsize=(11, 13), height_ratios=(2.2, 1, 1), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.4)  # room for characters wider than the font's empty box
        for axis, (title, counts) in zip(axes.flat, panels, strict=True):
            axis.set_title(title, loc="left", fontweight="bold")
            axis.spines[["top", "right"]].set_visible(False)
            upright = title == "reports by year"
            draw = axis.bar if upright else axis.barh
            bars = draw(list(counts), list(counts.values()), color="#3b6ea5")
            axis.bar_label(bars, fontsize=7, padding=2)
            if upright:
                axis.tick_params("x", rotation=90)
            else:
                axis.invert_yaxis()
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
