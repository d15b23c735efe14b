"""Training with newly annotated reports beside the corpus: what ``govie train --add DIR`` does.

The order: read the annotations in whatever format they came, and say of every one that is wrong where it stands; assign
the new reports to train, dev and test by their counties, as the corpus' own are (a county of the corpus stays on its
side); train on the training reports of both; score rules, old model and new model on the corpus' old test split and on
the new reports that were held out; write a model folder with its card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

import govie
from govie.corpus import splitting, store
from govie.corpus.check import check_report
from govie.errors import CorpusError, UsageError
from govie.evaluation import running
from govie.evaluation.records import Evaluation
from govie.interchange import anyformat, brat
from govie.interchange.annotation import AnnotatedReport
from govie.pipeline import default_folder, save_weights

from . import counted, require
from .examples import ReportExamples
from .fitting import VERSION, train
from .network import Settings
from .packaging import Origin, digest, package
from .preparing import known_unreached, prepare
from .scoring import score

__all__ = ["Annotations", "Trained", "assigned", "free_folder", "read_annotations", "rehearse", "train_with"]

_TAUGHT = ("span.offsets", "span.label", "span.id", "span.token", "span.overlap", "fact.")
"""The problems of a report that stop the training: those of the spans and facts that it learns from."""
OLD_TEST = "the corpus' test split"
NEW_TEST = "new reports held out"


class Annotations(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: the reports, what was missing in them (``notices``), and what is wrong (``errors``), one line each."""

    reports: tuple[AnnotatedReport, ...]
    notices: tuple[str, ...]
    errors: tuple[str, ...]


class Trained(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a training: the folder, the new reports of each split, and the evaluations by what was scored."""

    folder: Path
    added: dict[str, int]
    evaluations: dict[str, Evaluation]


def read_annotations(places: Iterable[Path | str]) -> Annotations:
    """Return the annotated reports in files and folders of any format that :mod:`govie.interchange.anyformat` reads.

    A file that is wrong never hides what is wrong in the others.
    """
    reports: list[AnnotatedReport] = []
    notices: list[str] = []
    errors: list[str] = []
    seen: dict[str, Path] = {}
    for file in _files(places):
        try:
            found = anyformat.read(file)
        except CorpusError as error:
            errors.append(str(error))
            continue
        notices += found.notices
        for report in found.reports:
            if report.name in seen:
                errors.append(f"{file}: two reports are called {report.name}; the other one is in {seen[report.name]}. Rename one.")
                continue
            seen[report.name] = file
            wrong, odd = _problems(report, file)
            errors += wrong
            notices += odd
            reports.append(report)
    return Annotations(reports=tuple(reports), notices=tuple(notices), errors=tuple(errors))


def _files(places: Iterable[Path | str]) -> Iterable[Path]:
    for given in places:
        place = Path(given)
        place = place / "reports" if (place / "reports").is_dir() else place
        if not place.exists():
            raise CorpusError("there is no such file or folder", where=str(place), hint="Give annotated reports.")
        files = anyformat.files(place)
        if not files:
            hint = "Looked for NAME.ann (with .txt and .toml), doccano's .jsonl and Label Studio's .json."
            raise CorpusError("no annotated reports here", where=str(place), hint=hint)
        yield from files


def _problems(report: AnnotatedReport, file: Path) -> tuple[list[str], list[str]]:
    """What is wrong with a report, and what is odd about it, each with the place: a line of the .ann, or report and span."""
    lines = brat.line_numbers(file.read_text(encoding="utf-8")) if file.suffix == ".ann" else {}
    wrong: list[str] = []
    odd: list[str] = []
    for problem in check_report(report):
        if problem.severity != "error" or problem.code.startswith(("card.", "text.")):
            continue  # what the corpus asks of its own reports is no matter of others
        where = f"{file}:{lines[problem.place]}" if problem.place in lines else f"{file}: {report.name}"
        where += f": {problem.place}" if problem.place not in lines and problem.place else ""
        text = f"{where}: {problem.what}." + (f" {problem.hint}" if problem.hint else "")
        (wrong if problem.code.startswith(_TAUGHT) else odd).append(text)
    return wrong, odd


def assigned(reports: Sequence[AnnotatedReport], corpus: Path) -> dict[str, list[AnnotatedReport]]:
    """Return new ``reports`` by split: counties of the corpus stay on their side, others go by the hash of their name.

    Raises:
        CorpusError: a report has the name or the text of one of the corpus.
    """
    rows = splitting.read_rows(corpus / "splits.csv")
    names = {row.name for row in rows}
    if twice := sorted(names & {report.name for report in reports}):
        raise CorpusError(f"the corpus has a report of this name: {', '.join(twice)}", where=str(corpus), hint="Rename the new one.")
    texts = {report.text: report.name for report in store.reports(folder=corpus)}
    if known := [f"{report.name} is {texts[report.text]}" for report in reports if report.text in texts]:
        raise CorpusError(f"the corpus has this text already: {', '.join(known)}", where=str(corpus), hint="Leave it out.")
    own = {row.name: row.split for row in splitting.assign(reports, rows)}
    return {split: [report for report in reports if own[report.name] == split] for split in store.SPLITS}


def free_folder(old: Path | None) -> Path:
    """Return a folder that is not there yet: ``zh_govie-2`` (or -3, …) beside the old model, in the working folder where
    that is the one inside the installed package, or there is none."""
    package_folder = Path(govie.__file__).resolve().parent
    parent = Path() if old is None or old.resolve().is_relative_to(package_folder) else old.parent
    name = old.name if old is not None else "zh_govie"
    return next(folder for number in range(2, 1_000_000) if not (folder := parent / f"{name}-{number}").exists())


def train_with(
    reports: Sequence[AnnotatedReport],
    *,
    corpus: Path | str | None = None,
    out: Path | None = None,
    seed: int = 0,
    settings: Settings | None = None,
    leave_out_lost: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Train a model on the corpus and ``reports``, score it against the shipped one, and write its folder.

    Args:
        reports: newly annotated reports (:func:`read_annotations`).
        corpus: the corpus' folder; the checkout's where None.
        out: the folder to write, which must not exist; :func:`free_folder` where None.
        seed: of everything random.
        settings: sizes and lengths of the training.
        leave_out_lost: train without the gold numbers that no sentence reaches, instead of stopping at them.
        say: gets a line at each stage.

    Raises:
        CorpusError: there is no corpus, or gold numbers of the new reports would be lost; they are named.
        UsageError: ``out`` is there already, or a library is not installed.
        ModelError: the model that came out does not pass the checks of a model folder.
    """
    require()
    old = default_folder()
    target = out if out is not None else free_folder(old)
    if target.exists():
        raise UsageError("this folder is there already", where=str(target), hint="Give --out a new one.")
    base = store.corpus_folder(corpus)
    new = assigned(reports, base)
    say(_said(new))
    known = known_unreached(base / "unreached.csv")
    examples = {split: _examples(split, new[split], base, known, leave_out_lost, say) for split in store.SPLITS}
    version = f"{VERSION}.{target.name}"
    linker = train(examples["train"], examples["dev"], seed=seed, settings=settings, version=version, say=say)
    with TemporaryDirectory() as place:
        save_weights(linker, Path(place))
        evaluations = _evaluations(new["test"], base, {"old model": old, "new model": Path(place)}, say)
    origin = Origin(
        name=target.name,
        data=digest(examples["train"]),
        made_by="`govie train`",
        seed=seed,
        reports=len(examples["train"]),
        counties=len({report.group for report in examples["train"]}),
    )
    scores = {split: score(linker, examples[split]) for split in ("dev", "test") if examples[split]}
    notes = [_said(new), *(_table(name, found) for name, found in evaluations.items())]
    package(linker, target, origin=origin, scores=scores, notes=notes)
    say(f"{target}: written, with its card (README.md)")
    return Trained(folder=target, added={split: len(part) for split, part in new.items()}, evaluations=evaluations)


def rehearse(reports: Sequence[AnnotatedReport], *, corpus: Path) -> list[str]:
    """Return what :func:`train_with` would say of ``reports`` before it trains: their splits, and what would be learnt.

    Raises:
        CorpusError: as :func:`train_with`.
    """
    said: list[str] = []
    new = assigned(reports, corpus)
    said.append(_said(new))
    for split, part in new.items():
        if part:
            prepare(part, where=f"new reports, {split}", say=said.append)
    return said


def _said(new: Mapping[str, Sequence[AnnotatedReport]]) -> str:
    """How the new reports were split, in a line."""
    counts = ", ".join(f"{len(part)} to {split}" for split, part in new.items() if split != "test")
    held = new["test"]
    counties = len({splitting.group_of(report.card) for report in held})
    out = f"{len(held)} of {counted(counties, 'county')} held out for testing" if held else "none held out for testing (their counties' hash gives none)"
    return f"{counted(sum(map(len, new.values())), 'new report')}: {counts}, {out}."


def _examples(
    split: str, new: Sequence[AnnotatedReport], base: Path, known: frozenset[tuple[str, str]], leave_out: bool, say: Callable[[str], None]
) -> list[ReportExamples]:
    """The examples of a split: the corpus' own, which must lose nothing that is not known, and the new ones."""
    quiet = split == "test"
    made = prepare(store.reports(split, folder=base), where=f"{base.name}, {split}", known=known, quote=not quiet, say=say)
    if not new:
        return made
    return made + prepare(new, where=f"new reports, {split}", known=None if leave_out else frozenset(), say=say)


def _evaluations(
    held_out: Sequence[AnnotatedReport], base: Path, models: Mapping[str, Path | None], say: Callable[[str], None]
) -> dict[str, Evaluation]:
    extractors = {"rules": govie.load(None)} | {name: govie.load(folder) for name, folder in models.items() if folder is not None}
    found = {}
    for name, gold in ((OLD_TEST, list(store.reports("test", folder=base))), (NEW_TEST, list(held_out))):
        if gold:
            say(f"evaluating on {counted(len(gold), 'report')}: {name}")
            # Test reports are scored and never read, the new ones like the old.
            found[name] = running.evaluate(gold, extractors, show=False, split="test", source=name)
            say(_table(name, found[name]))
    return found


def _table(name: str, found: Evaluation) -> str:
    """F1 of facts in prose and of all facts, and what the new model adds to the first and to the old one, as Markdown."""
    measures = ("facts", "facts in prose", "category pairs")
    lines = [f"F1 of whole reports, {name} ({counted(found.reports, 'report')} of {counted(found.towns, 'town')}):", ""]
    lines += [f"| what | {' | '.join(system.name for system in found.systems)} |", "|---|" + "---|" * len(found.systems)]
    for measure in measures:
        lines.append(f"| {measure} | {' | '.join(f'{system.scores[measure].f1:.3f}' for system in found.systems)} |")
    lines.append("")
    for c in found.comparisons:
        if c.other == "new model" and c.measure == "facts in prose, micro":
            lines.append(f"New model less {c.one}, facts in prose: {c.difference:+.4f} ({c.low:+.4f} to {c.high:+.4f}).")
    return "\n".join(lines)
