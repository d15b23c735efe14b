"""Extractors over annotated reports, to the one record of an evaluation.

Reports are read once, whatever number of extractors goes over them.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, pairwise

import msgspec

import govie
from govie.corpus.splitting import era
from govie.errors import UsageError
from govie.export import ReportRecord
from govie.interchange.annotation import AnnotatedReport, ReportCard

from . import statistics
from .mistakes import worst
from .phenomena import BY_CATEGORY, PHENOMENA, phenomena_of
from .records import (
    Comparison,
    Evaluation,
    LearningPoint,
    Macro,
    MetadataScore,
    Phenomenon,
    Score,
    SegmentationScore,
    SystemResult,
    TownScore,
)
from .scoring import FactOutcome, ReportScore, category_key, score_report

__all__ = ["MEASURES", "METADATA_LABELS", "categories", "evaluate", "plain", "town_of", "with_mistakes_of"]

METADATA_LABELS = {"title": "TITLE", "authority": "AUTHORITY", "period": "PERIOD", "issued": "DATE", "contacts": "CONTACT"}
"""The labels of spans whose words are a field of the metadata."""
SAMPLES = 1000
SEED = 20

MEASURES: dict[str, Callable[[FactOutcome], bool]] = {
    "facts": lambda o: True,
    "facts in prose": lambda o: o.prose,
    "facts in tables": lambda o: not o.prose,
    "zeros in prose": lambda o: o.prose and _value(o) == 0,
    "category pairs": lambda o: _concept(o) == BY_CATEGORY,
}
"""The choices of facts that are scored, by name."""


def _value(outcome: FactOutcome) -> float:
    key = outcome.gold or outcome.got
    return key[5] if key else 0.0


def _concept(outcome: FactOutcome) -> str:
    key = outcome.gold or outcome.got
    return key[0] if key else ""


def town_of(card: ReportCard) -> str:
    """Return the town of a report as province, county and name."""
    return " ".join(dict.fromkeys(filter(None, (card.province, card.county, card.town))))


def categories(reports: Iterable[AnnotatedReport]) -> frozenset[str]:
    """Return the category labels of ``reports``, as labels are compared."""
    return frozenset(key for report in reports for fact in report.facts if (key := category_key(fact.category)) is not None)


def evaluate(
    reports: Sequence[AnnotatedReport],
    extractors: Mapping[str, govie.Extractor],
    *,
    known_categories: frozenset[str] | None = None,
    show: bool | Callable[[AnnotatedReport], bool] = True,
    split: str | None = None,
    source: str = "",
    learning_curve: Iterable[LearningPoint] = (),
    segmentation: Mapping[str, Sequence[SegmentationScore]] | None = None,
    gain: tuple[str, str] | None = None,
    notices: Iterable[str] = (),
    samples: int = SAMPLES,
    seed: int = SEED,
    advance: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Return how ``extractors``, by name, do on ``reports``; the first one is what the others are compared with.

    Args:
        reports: the gold.
        extractors: what to evaluate.
        known_categories: the labels of the training reports (:func:`categories`), for seen against unseen ones.
        show: whether sentences may be quoted, of all reports or of one.
        split: the split they belong to, for the heading.
        source: where they come from, for the heading.
        learning_curve: what training found, to be shown along.
        segmentation: what the comparison of segmenters found, to be shown along.
        gain: the two extractors that are compared by phenomenon; the first and the last one where None.
        notices: what else to say of the evaluation.
        samples: how many bootstrap draws.
        seed: the seed of the draws.
        advance: called after each report and extractor.

    Raises:
        UsageError: there are no reports or no extractors.
    """
    if not reports or not extractors:
        raise UsageError("there is nothing to evaluate", hint="Give at least one annotated report and one extractor.")
    shown = show if callable(show) else (lambda _: bool(show))
    systems, towns, read = [], [], {}
    for name, extractor in extractors.items():
        scores, broken, seconds = _scores(reports, extractor, advance)
        read[name] = scores
        by_town = _by_town(reports, scores)
        towns.append(by_town)
        systems.append(_system(name, reports, scores, by_town, broken, seconds, known_categories, shown, samples, seed))
    names = list(extractors)
    curve = tuple(learning_curve)
    pair = gain or (names[0], names[-1])
    sides = (read[pair[0]], read[pair[1]])
    return Evaluation(
        version=govie.__version__,
        split=split,
        source=source,
        reports=len(reports),
        towns=len({town_of(report.card) for report in reports}),
        seed=seed,
        samples=samples,
        systems=tuple(systems),
        comparisons=tuple(_comparisons(names, towns, samples, seed)),
        phenomena=tuple(_phenomena(reports, pair, sides, known_categories, samples, seed)) if len(names) > 1 else (),
        learning_curve=curve,
        segmentation={name: tuple(scores) for name, scores in (segmentation or {}).items()},
        notices=(*notices, *_outdated(curve, split, len(reports))),
    )


def _outdated(curve: Sequence[LearningPoint], split: str | None, reports: int) -> list[str]:
    """What to say of a learning curve that was scored on other reports than these."""
    others = sorted({p.scored for p in curve if p.split == split and p.scored not in (None, reports)} - {None}, key=str)
    if not others:
        return []
    counts = ", ".join(map(str, others))
    return [f"Seeds and learning curve were scored on {counts} reports of {split}, not on these {reports}: run training/curve.py again."]


def _scores(
    reports: Sequence[AnnotatedReport], extractor: govie.Extractor, advance: Callable[[], None]
) -> tuple[list[ReportScore], dict[str, str], float]:
    scores, broken, seconds = [], {}, 0.0
    extractor.extract("政府信息公开工作年度报告")  # what is loaded at the first report is no part of the speed
    for gold in reports:
        start = time.perf_counter()
        got: ReportRecord | None = None
        try:
            got = extractor.extract(gold.text).to_record()
        except Exception as error:  # a report that breaks the extractor counts as wholly missed, and the others go on
            broken[gold.name] = f"{type(error).__name__}: {error}"[:200]
        seconds += time.perf_counter() - start
        scores.append(score_report(gold, got))
        advance()
    return scores, broken, seconds


Towns = dict[str, dict[str, Score]]
"""From a measure to the towns to their counts."""


def _by_town(reports: Sequence[AnnotatedReport], scores: Sequence[ReportScore]) -> Towns:
    found: Towns = {measure: defaultdict(Score) for measure in MEASURES}
    for gold, score in zip(reports, scores, strict=True):
        for measure, wanted in MEASURES.items():
            found[measure][town_of(gold.card)] += statistics.score_of(filter(wanted, score.facts))
    return found


def _comparisons(names: list[str], towns: list[Towns], samples: int, seed: int) -> Iterable[Comparison]:
    pairs = {(0, other) for other in range(1, len(names))} | set(pairwise(range(len(names))))
    for one, other in sorted(pairs):
        for measure in ("facts", "facts in prose"):
            both = (towns[one][measure], towns[other][measure])
            yield from statistics.comparison((names[one], names[other]), measure, both, samples=samples, seed=seed)


def _phenomena(
    reports: Sequence[AnnotatedReport],
    names: tuple[str, str],
    sides: tuple[Sequence[ReportScore], Sequence[ReportScore]],
    known: frozenset[str] | None,
    samples: int,
    seed: int,
) -> Iterable[Phenomenon]:
    """The two extractors on each phenomenon, paired over towns."""
    counts: list[Towns] = [{}, {}]
    for side, scores in zip(counts, sides, strict=True):
        for gold, score in zip(reports, scores, strict=True):
            for outcome, name in phenomena_of(gold, score.facts, known):
                towns = side.setdefault(name, {})
                towns[town_of(gold.card)] = towns.get(town_of(gold.card), Score()) + statistics.score_of([outcome])
    for name in PHENOMENA:
        one, other = (side.get(name, {}) for side in counts)
        places = one.keys() | other.keys()
        if not places:
            continue
        both = ({town: one.get(town, Score()) for town in places}, {town: other.get(town, Score()) for town in places})
        totals = [sum(side.values(), Score()) for side in both]
        found = statistics.comparison(names, name, both, samples=samples, seed=seed)[0]
        yield Phenomenon(
            name=name, gold=totals[0].gold, towns=len(places), one=names[0], other=names[1], one_f1=totals[0].f1,
            other_f1=totals[1].f1, difference=found.difference, low=found.low, high=found.high,
        )  # fmt: skip


def _system(
    name: str,
    reports: Sequence[AnnotatedReport],
    scores: Sequence[ReportScore],
    towns: Towns,
    broken: dict[str, str],
    seconds: float,
    known: frozenset[str] | None,
    shown: Callable[[AnnotatedReport], bool],
    samples: int,
    seed: int,
) -> SystemResult:
    macros = {measure: _over_towns(towns[measure], samples, seed) for measure in ("facts", "facts in prose")}
    groups, group_towns = _groups(reports, scores, known, samples, seed)
    outcomes = [score.facts for score in scores]
    quoted = [(gold, score.facts) for gold, score in zip(reports, scores, strict=True) if shown(gold)]
    counts = Counter(o.kind for o in chain.from_iterable(outcomes) if o.kind is not None)
    prose = towns["facts in prose"]
    return SystemResult(
        name=name,
        seconds=round(seconds, 3),
        perfect_reports=sum(all(outcome.right for outcome in one) for one in outcomes),
        broken=broken,
        wrong_offsets=sum(score.wrong_offsets for score in scores),
        scores=_totals(scores),
        metadata=_metadata(scores),
        groups=groups,
        group_towns=group_towns,
        towns=macros,
        town_scores=tuple(TownScore(town, score) for town, score in sorted(prose.items(), key=lambda item: (item[1].f1, item[0]))),
        confusions=statistics.confusions(outcomes),
        calibration=statistics.calibration([r for s in scores for r in s.rated], sum(s.unrated for s in scores)),
        mistake_counts={kind: counts[kind] for kind in ("another concept", "other details", "invented", "missed")},
        mistakes=worst(quoted) if quoted else None,
    )


def _totals(scores: Sequence[ReportScore]) -> dict[str, Score]:
    facts = list(chain.from_iterable(score.facts for score in scores))
    found = {measure: statistics.score_of(filter(wanted, facts)) for measure, wanted in MEASURES.items()}
    for field in ("headings", "own_line_headings", "kinds", "findings"):
        found[field.replace("_", " ").replace("own line", "own-line")] = sum((getattr(score, field) for score in scores), Score())
    return found


def _metadata(scores: Sequence[ReportScore]) -> dict[str, MetadataScore]:
    fields = dict.fromkeys(chain.from_iterable(score.metadata for score in scores))
    found = {}
    for field in fields:
        given = [score.metadata[field] for score in scores if field in score.metadata]
        found[field] = MetadataScore(sum(given), len(given))
    return found


Groups = dict[str, dict[str, Score]]


def _groups(
    reports: Sequence[AnnotatedReport], scores: Sequence[ReportScore], known: frozenset[str] | None, samples: int, seed: int
) -> tuple[Groups, dict[str, dict[str, Macro]]]:
    """The counts of each group, and F1 over the towns that have any item of it."""
    counts: dict[str, dict[str, dict[str, Score]]] = {}
    for gold, score in zip(reports, scores, strict=True):
        for grouping, group, one in _grouped(gold, score, known):
            towns = counts.setdefault(grouping, {}).setdefault(group, {})
            towns[town_of(gold.card)] = towns.get(town_of(gold.card), Score()) + one
    totals: Groups = {}
    over_towns: dict[str, dict[str, Macro]] = {}
    for grouping, groups in counts.items():
        summed = {group: sum(towns.values(), Score()) for group, towns in groups.items()}
        totals[grouping] = dict(sorted(summed.items(), key=_by_size))
        over_towns[grouping] = {group: _over_towns(groups[group], samples, seed) for group in totals[grouping]}
    return totals, over_towns


def _over_towns(towns: Mapping[str, Score], samples: int, seed: int) -> Macro:
    present = [score for _, score in sorted(towns.items()) if score.tp + score.fp + score.fn]
    return statistics.macro(present, statistics.draws(len(present), samples=samples, seed=seed))


def _grouped(gold: AnnotatedReport, score: ReportScore, known: frozenset[str] | None) -> Iterable[tuple[str, str, Score]]:
    """The counts of one report: grouping, group, score."""
    card = gold.card
    everything = statistics.score_of(score.facts)
    yield "table format", card.table or "no table", everything
    yield "era", era(card.year), everything
    yield "province", card.province or "not given", everything
    yield "hand", card.hand or "not given", statistics.score_of(o for o in score.facts if o.prose)
    yield "label", "HEADING", score.own_line_headings
    for field, label in METADATA_LABELS.items():
        if field in score.metadata:
            # A field of the metadata is one item: a wrong one is missed and made up.
            yield "label", label, Score(tp=1) if score.metadata[field] else Score(fp=1, fn=1)
    for outcome in score.facts:
        yield "label", outcome.label, statistics.score_of([outcome])
        for concept, one in _concept_counts(outcome):
            yield "concept, prose" if outcome.prose else "concept, tables", concept, one
        if _concept(outcome) == BY_CATEGORY:
            for category, one in _label_counts(outcome):
                yield "label", "CATEGORY", one
                if known is not None:
                    yield "category label", "seen in training" if category in known else "never seen", one


def _by_size(item: tuple[str, Score]) -> tuple[int, str]:
    return -item[1].gold, item[0]


def _concept_counts(outcome: FactOutcome) -> Iterable[tuple[str, Score]]:
    if outcome.right and outcome.gold:
        yield outcome.gold[0], Score(tp=1)
        return
    if outcome.gold:
        yield outcome.gold[0], Score(fn=1)
    if outcome.got:
        yield outcome.got[0], Score(fp=1)


def _label_counts(outcome: FactOutcome) -> Iterable[tuple[str | None, Score]]:
    if outcome.right and outcome.gold:
        yield outcome.gold[1], Score(tp=1)
        return
    if outcome.gold and outcome.gold[0] == BY_CATEGORY:
        yield outcome.gold[1], Score(fn=1)
    if outcome.got and outcome.got[0] == BY_CATEGORY:
        yield outcome.got[1], Score(fp=1)


def with_mistakes_of(found: Evaluation, other: Evaluation) -> Evaluation:
    """Return ``found`` with the quoted mistakes of ``other``, the same extractors on reports that may be quoted."""
    systems = [
        msgspec.structs.replace(one, mistakes=same.mistakes) for one, same in zip(found.systems, other.systems, strict=True)
    ]
    return msgspec.structs.replace(found, systems=tuple(systems), mistakes_of=other.split)


def plain(evaluation: Evaluation) -> dict[str, object]:
    """Return ``evaluation`` as plain values for JSON, with precision, recall and F1 beside all counts."""

    def with_ratios(value: object) -> object:
        if isinstance(value, dict):
            if value.keys() == {"tp", "fp", "fn"}:
                score = msgspec.convert(value, Score)
                return value | {"precision": round(score.precision, 4), "recall": round(score.recall, 4), "f1": round(score.f1, 4)}
            return {key: with_ratios(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [with_ratios(item) for item in value]
        return round(value, 6) if isinstance(value, float) else value

    found = with_ratios(msgspec.to_builtins(evaluation))
    return found if isinstance(found, dict) else {}
