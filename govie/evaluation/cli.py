"""The commands ``govie evaluate``, ``govie pre-annotate`` and ``govie select``.

Exit status: 0 if all is well, 1 if a file is wrong or could not be read, 2 if the command was given something it
cannot work with.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
import typer

import govie
from govie.errors import CorpusError, GovieError, UsageError
from govie.terminal import complain, errors_as_exit_status, progress

if TYPE_CHECKING:
    from govie.interchange.annotation import AnnotatedReport

    from .records import Evaluation, LearningPoint, SegmentationScore

__all__ = ["register"]

SUFFIXES = (".html", ".json", ".md")
BOTH = "rules and model"
_CHECK = "Check the path and its permissions."
FORMATS = ("brat", "doccano", "label-studio")
Rules = Annotated[bool, typer.Option("--rules", help="Work by rules alone, without the trained model.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("evaluate")(evaluate)
    app.command("pre-annotate")(pre_annotate)
    app.command("select")(select)


def evaluate(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Annotated reports (brat, doccano, Label Studio) or a corpus; without it, the checkout's corpus."),
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only this split of the corpus: train, dev or test. Without DIR: dev.")] = None,
    rules: Rules = False,
    model: Annotated[list[Path] | None, typer.Option("--model", metavar="DIR", help="Compare this model too (may be repeated).")] = None,
    output: Annotated[
        list[Path] | None, typer.Option("-o", "--output", help="Where to write: .html, .json or .md (may be repeated).")
    ] = None,
    show_test: Annotated[
        bool, typer.Option("--show-test", help="Quote sentences of test reports, which those who write rules must not read.")
    ] = False,
    learning_curve: Annotated[
        Path | None, typer.Option("--learning-curve", metavar="JSON", help="What training/curve.py wrote, to show along: the curve, the seeds.")
    ] = None,
    segmentation: Annotated[
        Path | None, typer.Option("--segmentation", metavar="JSON", help="What training/segmentation.py wrote, to show along.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the bootstrap over towns.")] = 20,
) -> None:
    """Score the extractor on annotated reports: facts, headings, metadata, findings; where it fails, and on what.

    Rules alone, the shipped model alone and both together are compared where there is a model; --rules leaves the model out.
    For the test split, the mistakes that are quoted are those of the dev split.
    """
    with errors_as_exit_status():
        targets = output or []
        for target in targets:
            if target.suffix not in SUFFIXES:
                raise UsageError(f"cannot write a report of {target.suffix or 'no'} suffix", where=str(target), hint=f"Give {', '.join(SUFFIXES)}.")
        along = _Along(_learning_curve(learning_curve) if learning_curve else (), _segmentation(segmentation) if segmentation else {})
        found = _evaluation(folder, split, rules, model or [], show_test, along, seed)
        for target in targets:
            _write(target, _rendered(found, target.suffix))
        _print_summary(found)
        for target in targets:
            typer.echo(f"written to {target}", err=True)


class _Along(NamedTuple):
    """What other programs found, to be shown along."""

    learning_curve: tuple[LearningPoint, ...]
    segmentation: dict[str, tuple[SegmentationScore, ...]]


def _evaluation(
    folder: Path | None, split: str | None, rules: bool, models: Sequence[Path], show_test: bool, along: _Along, seed: int
) -> Evaluation:
    from govie.corpus import store

    from . import running

    split = split or ("dev" if folder is None else None)
    reports, notices = _gold(folder, split)
    test = {name for name, of in _splits(folder).items() if of == "test"} | ({r.name for r in reports} if split == "test" else set())
    if show_test and any(report.name in test for report in reports):
        typer.echo("These are test reports: whoever writes rules or tunes models on what stands here has no test split left.", err=True)
    try:
        known = running.categories(store.reports("train"))
    except CorpusError:
        known = None
        notices.append("No training split found: labels seen in training and new ones are not told apart.")
    if split == "train":
        notices.append("This is the training split: rules and models have seen it.")
    instead = [] if show_test or split != "test" else _dev(folder)
    with _extractors(rules, models) as extractors, progress("evaluate", lambda: (len(reports) + len(instead)) * len(extractors)) as advance:
        found = running.evaluate(
            reports,
            extractors,
            known_categories=known,
            show=lambda report: show_test or report.name not in test,
            split=split,
            source=str(folder) if folder else "govie's corpus",
            learning_curve=along.learning_curve,
            segmentation=along.segmentation,
            gain=("rules", BOTH) if BOTH in extractors else None,
            notices=notices,
            seed=seed,
            advance=advance,
        )
        if not instead:
            return found
        return running.with_mistakes_of(found, running.evaluate(instead, extractors, split="dev", samples=1, advance=advance))


def _dev(folder: Path | None) -> list[AnnotatedReport]:
    """The reports whose mistakes may be quoted where those of the test split may not; none where there are none."""
    from govie.corpus import store

    try:
        return list(store.reports("dev", folder=folder))
    except CorpusError:
        return []


def _gold(folder: Path | None, split: str | None) -> tuple[list[AnnotatedReport], list[str]]:
    from govie.corpus import store
    from govie.interchange import anyformat

    if split is not None:
        return list(store.reports(split, folder=folder)), []
    place = store.corpus_folder() if folder is None else folder
    found = anyformat.read(place / "reports" if (place / "reports").is_dir() else place)
    for notice in found.notices:
        typer.echo(notice, err=True)
    said = f"{len(found.notices)} things were missing in the annotation (listed when it was read)."
    return list(found.reports), [said] if found.notices else []


def _splits(folder: Path | None) -> dict[str, str]:
    """The splits of the corpus that the reports may come from; none where there is no corpus."""
    from govie.corpus import store

    for place in (folder, None):
        try:
            return store.splits(place)
        except CorpusError:
            continue
    return {}


@contextmanager
def _extractors(rules: bool, models: Sequence[Path]) -> Iterator[dict[str, govie.Extractor]]:
    """Rules alone first, then the model that comes with govie, alone and with the rules, then the ones named."""
    from .alone import model_alone

    found = {"rules": govie.load(None)}
    with ExitStack() as stack:
        if not rules:
            shipped = govie.load("default")
            if shipped.model is not None:
                found["model alone"] = stack.enter_context(model_alone(Path(shipped.model)))
                found[BOTH] = shipped
        for folder in models:
            found[folder.name or str(folder)] = govie.load(folder)
        yield found


def _learning_curve(path: Path) -> tuple[LearningPoint, ...]:
    from .records import LearningPoint

    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[LearningPoint, ...])
    except OSError as error:
        raise UsageError(f"the learning curve cannot be read: {error.strerror}", where=str(path), hint=_CHECK) from None
    except msgspec.DecodeError as error:
        raise UsageError(f"no learning curve: {error}", where=str(path), hint='[{"share": 0.1, "f1": [0.81, 0.82], "reports": 22}, …]') from None


def _segmentation(path: Path) -> dict[str, tuple[SegmentationScore, ...]]:
    from .records import SegmentationScore

    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[SegmentationScore, ...]])
    except OSError as error:
        raise UsageError(f"the comparison of segmenters cannot be read: {error.strerror}", where=str(path), hint=_CHECK) from None
    except msgspec.DecodeError as error:
        raise UsageError(f"no comparison of segmenters: {error}", where=str(path), hint="Give what training/segmentation.py wrote.") from None


def _rendered(found: Evaluation, suffix: str) -> bytes:
    from . import markdown, pages, running

    if suffix == ".json":
        return msgspec.json.format(msgspec.json.encode(running.plain(found)), indent=1) + b"\n"
    return (markdown.as_markdown(found) if suffix == ".md" else pages.as_html(found)).encode()


def _write(target: Path, content: bytes) -> None:
    """Write ``target`` when it is complete: beside it first, then renamed."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"cannot be written: {error.strerror}", where=str(target), hint="Give a path in a folder that exists.") from None


def _print_summary(found: Evaluation) -> None:
    from rich.console import Console
    from rich.table import Table

    from . import markdown

    console = Console(highlight=False)
    console.print(markdown.heading(found))
    for notice in found.notices:
        console.print(notice)
    single = len(found.systems) == 1
    # Three columns for each of several would be cut off; precision and recall stand in what is written.
    figures = ("precision", "recall", "f1") if single else ("f1",)
    columns = ("P", "R", "F1") if single else tuple(f"{system.name} F1" for system in found.systems)
    table = Table("", "gold", *columns)
    for name in markdown.SCORES:
        scores = [system.scores[name] for system in found.systems]
        table.add_row(name, str(scores[0].gold), *(f"{getattr(score, figure):.3f}" for score in scores for figure in figures))
    console.print(table)
    for system in found.systems:
        prose = markdown.interval(system, "facts in prose", "macro")
        towns = system.towns["facts in prose"].towns
        console.print(f"{system.name}: facts in prose, macro over {towns} towns {prose}; mistakes: {markdown.mistake_counts(system)}")
        calibration = system.calibration
        console.print(f"{system.name}: {'no confidences' if calibration is None else f'calibration error {calibration.error:.4f}'}")
    for c in found.comparisons:
        console.print(f"{c.other} less {c.one}, {c.measure}: {c.difference:+.4f} ({c.low:+.4f} to {c.high:+.4f})")


def pre_annotate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Reports to be annotated: a folder, or a file.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="brat: a folder; doccano: a .jsonl; label-studio: a .json.")],
    form: Annotated[str, typer.Option("--format", help=f"{', '.join(FORMATS)}.")] = "brat",
    rules: Rules = False,
) -> None:
    """Write what the extractor reads as suggestions, for people to correct in an annotation tool.

    label-studio also writes the labelling interface beside the tasks (.xml).
    """
    from govie.interchange import doccano, label_studio

    with errors_as_exit_status():
        if form not in FORMATS:
            raise UsageError(f"there is no format {form!r}", hint=f"Formats: {', '.join(FORMATS)}.")
        suffix = {"doccano": ".jsonl", "label-studio": ".json"}.get(form, "")
        if output.suffix != suffix:
            raise UsageError(f"-o {output.name} does not fit {form}", hint=f"Give {'a file ending in ' + suffix if suffix else 'a folder'}.")
        extractor = govie.load(None if rules else "default")
        failed: list[str] = []
        scores: dict[str, float] = {}
        suggestions = list(_suggestions(folder, extractor, failed, scores))
        if form == "brat":
            _write_brat(suggestions, output)
        elif form == "doccano":
            lines, first = [], 1
            for number, report in enumerate(suggestions, 1):
                lines.append(doccano.dumps(report, number=number, first_entity=first))
                first += len(report.spans)
            _write(output, "".join(f"{line}\n" for line in lines).encode())
        else:
            from govie.corpus.check import KINDS

            version = f"govie {govie.__version__} {extractor.model or 'rules'}"
            tasks = [
                label_studio.task(report, number, predictions=version, score=scores.get(report.name)) for number, report in enumerate(suggestions, 1)
            ]
            _write(output, msgspec.json.format(msgspec.json.encode(tasks), indent=1) + b"\n")
            _write(output.with_suffix(".xml"), label_studio.configuration(KINDS).encode())
        spans, facts = sum(len(r.spans) for r in suggestions), sum(len(r.facts) for r in suggestions)
        typer.echo(f"{len(suggestions)} reports with {spans:,} spans and {facts:,} facts written to {output}")
    if failed:
        raise typer.Exit(1)


def _suggestions(folder: Path, extractor: govie.Extractor, failed: list[str], scores: dict[str, float]) -> Iterator[AnnotatedReport]:
    from .suggesting import suggestion

    names: set[str] = set()
    for path, report in _read(folder, extractor, failed, "pre-annotate"):
        name = _name(path, folder, names)
        rated = [fact.confidence for fact in report.facts if fact.confidence is not None]
        if rated:
            scores[name] = round(sum(rated) / len(rated), 4)
        annotated, notices = suggestion(report, name)
        for notice in notices:
            typer.echo(notice, err=True)
        yield annotated


def _name(path: str, folder: Path, names: set[str]) -> str:
    """The file's name without suffix, with its folders where that is taken, with a number where that is taken too."""
    place = Path(path)
    relative = place.relative_to(folder) if folder.is_dir() and place.is_relative_to(folder) else Path(place.name)
    choices = [place.stem, "_".join(relative.with_suffix("").parts)]
    name = next((choice for choice in choices if choice not in names), None)
    number = 2
    while name is None or name in names:
        name, number = f"{choices[1]}_{number}", number + 1
    names.add(name)
    return name


def _write_brat(suggestions: Iterable[AnnotatedReport], output: Path) -> None:
    from govie.corpus.importing import write_configuration
    from govie.interchange import brat

    for report in suggestions:
        if (output / f"{report.name}.ann").exists():
            hint = "Give a new folder, so that no annotation is lost."
            raise UsageError("an annotation of this name is there already", where=str(output / f"{report.name}.ann"), hint=hint)
        brat.write(report, output)
    write_configuration(output)


def select(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Reports to choose from.")],
    count: Annotated[int, typer.Option("-n", "--number", min=1, help="How many to pick.")] = 50,
    known: Annotated[
        list[Path] | None, typer.Option("--known", metavar="DIR", help="Reports annotated already, to stay away from (may be repeated).")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="CSV", help="Also write path, score and reason.")] = None,
    rules: Rules = False,
) -> None:
    """Pick the reports whose annotation would teach most, and say why each was picked."""
    from govie.files import find_files

    from . import selecting

    with errors_as_exit_status():
        extractor = govie.load(None if rules else "default")
        failed: list[str] = []
        candidates = [selecting.candidate(report, path) for path, report in _read(folder, extractor, failed, "select")]
        sketches = []
        for place in find_files(known or []):
            if isinstance(place, GovieError):
                raise place
            sketches.append(selecting.sketch(extractor.extract_file(place).text))
        picked = selecting.pick(candidates, count, sketches)
        for number, one in enumerate(picked, 1):
            typer.echo(f"{number}. {one.candidate.path}: {one.why}")
        if len(picked) < count:
            typer.echo(f"only {len(picked)} reports could be read in {folder}", err=True)
        if output is not None:
            import io

            buffer = io.StringIO()
            writer = csv.writer(buffer, lineterminator="\n")
            writer.writerow(["path", "score", "why"])
            writer.writerows([one.candidate.path, f"{one.score:.4f}", one.why] for one in picked)
            _write(output, buffer.getvalue().encode("utf-8-sig"))
    if failed:
        raise typer.Exit(1)


# ---- what the commands share


def _read(folder: Path, extractor: govie.Extractor, failed: list[str], what: str) -> Iterator[tuple[str, govie.Report]]:
    """Yield path and report of each file; print a line for each that failed, and put its path in ``failed``."""
    from govie.files import find_files

    with progress(what, lambda: sum(1 for _ in find_files(folder))) as advance:
        for path, result in extractor.outcomes(folder):
            advance()
            if isinstance(result, GovieError):
                failed.append(path)
                complain(result)
            else:
                yield path, result
