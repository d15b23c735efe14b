"""The commands ``govie corpus ...``: for those who keep the annotated corpus.

Exit status: 0 if all is well, 1 if the check found errors or a corpus file is wrong, 2 if the command was given
something it cannot work with.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from govie.errors import CorpusError, UsageError
from govie.terminal import errors_as_exit_status, say_on_one_line

__all__ = ["app"]

app = typer.Typer(name="corpus", help="The annotated corpus: check, import, split, count.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="A folder of reports, or the corpus folder; without it, the checkout's."),
]


@app.command()
def check(
    folder: Folder = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Also list numbers without a mark.")] = False,
    show_test: Annotated[
        bool, typer.Option("--show-test", help="Quote test reports, which those who write rules must not read.")
    ] = False,
) -> None:
    """Check every report: offsets, labels, concepts, values, card, tokens, length, near duplicates.

    Errors end with status 1; notices ask for a second look.
    """
    from govie.corpus.check import check_folder
    from govie.corpus.duplicates import likenesses
    from govie.corpus.store import report_folder
    from govie.interchange import brat

    with errors_as_exit_status():
        place = report_folder(folder)
        counts: Counter[str] = Counter()
        broken = set()
        hidden = set() if show_test else _test_names(place)
        for problem in check_folder(place):
            counts[problem.severity] += 1
            if problem.code == "file":
                broken.add(problem.report)
            if verbose or problem.code != "number.unmarked":
                line = f":{problem.line}" if problem.line else ""
                blind = f"{problem.report}{line}: {problem.code}. A test report: --show-test quotes it."
                typer.echo(f"{problem.severity}: {blind if problem.report in hidden else problem}")
        names = brat.names(place)
        for pair in likenesses(brat.read(place / f"{name}.ann") for name in names if name not in broken):
            counts["error"] += 1
            hint = "Rewrite one of them."
            typer.echo(f"error: {pair.one}.txt: shares {pair.similarity:.0%} of its own words with {pair.other}.txt. {hint}")
        quiet = "" if verbose else " (-v lists unmarked numbers)"
        typer.echo(f"{len(names)} reports, {counts['error']} errors, {counts['notice']} notices{quiet}")
    if counts["error"]:
        raise typer.Exit(1)


def _test_names(place: Path) -> set[str]:
    from govie.corpus.splitting import assign, read_rows
    from govie.interchange import brat

    readable = []
    for name in brat.names(place):
        try:
            readable.append(brat.read(place / f"{name}.ann"))
        except CorpusError:
            continue  # the check says so
    return {row.name for row in assign(readable, read_rows(place.parent / "splits.csv")) if row.split == "test"}


@app.command("import-inline")
def import_inline(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC...", help="Reports in inline mark-up.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write NAME.txt/.ann/.toml into.")],
) -> None:
    """Turn reports in inline mark-up (NAME.src) into the corpus's standoff files of the same NAME."""
    from govie.corpus.importing import import_sources

    with errors_as_exit_status():
        failed = 0
        for source, error in import_sources(sources, output):
            if error is not None:
                failed += 1
                say_on_one_line(f"{source}: {error}")
        typer.echo(f"{len(sources) - failed} reports written to {output}")
    if failed:
        raise typer.Exit(1)


@app.command()
def split(
    folder: Folder = None,
    move: Annotated[
        list[str] | None,
        typer.Option("--move", metavar="GROUP=SPLIT", help="Take a group out of test, as 陕西省:白河县=dev."),
    ] = None,
) -> None:
    """Assign every report to train, dev or test by its county, and write splits.csv beside the reports' folder.

    Groups of an existing splits.csv stay where they are.
    """
    from govie.corpus.splitting import assign, gaps, leaks, read_rows, shares, write_rows
    from govie.corpus.store import report_folder, reports

    with errors_as_exit_status():
        place = report_folder(folder)
        target = place.parent / "splits.csv"
        moves = dict(_pair(word) for word in move or ())
        annotated = list(reports(folder=place))
        cards = {report.name: report.card for report in annotated}
        rows = assign(annotated, read_rows(target), moves)
        if found := leaks(rows, cards):
            raise CorpusError("a place is on two sides: " + "; ".join(found), where=str(target), hint="Give its reports one county.")
        write_rows(rows, target)
        total = sum(groups for groups, _ in shares(rows).values()) or 1
        for name, (groups, count) in shares(rows).items():
            typer.echo(f"{name}: {groups} groups ({groups / total:.1%}), {count} reports")
        for gap in gaps(rows, cards):
            typer.echo(f"missing in {gap}")


def _pair(word: str) -> tuple[str, str]:
    group, equals, name = word.rpartition("=")
    if not equals:
        raise UsageError(f"cannot read --move {word}", hint="Write --move 陕西省:白河县=dev.")
    return group, name


@app.command()
def stats(
    folder: Folder = None,
    plot: Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Also draw the make-up.")] = None,
) -> None:
    """Print what the corpus is made of, and draw it."""
    from rich.columns import Columns
    from rich.console import Console
    from rich.table import Table

    from govie.corpus import stats as counting
    from govie.corpus.store import report_folder, reports

    with errors_as_exit_status():
        found = counting.stats(reports(folder=report_folder(folder)))
        console = Console()
        console.print(
            f"{found.reports} reports of {found.towns} towns in {found.counties} counties, by {found.hands} hands; "
            f"{found.spans:,} spans, {found.facts:,} facts; {found.contradictory} reports with a contradiction"
        )
        tables = []
        years = {str(year): number for year, number in found.years.items()}
        panels: dict[str, dict[str, int]] = {
            "province": found.provinces, "year": years, "era": found.eras, "table": found.formats,
            "length": found.lengths, "finding": found.findings, "label": found.labels,
        }  # fmt: skip
        for title, counts in panels.items():
            table = Table(title, "", title_justify="left")
            for name, number in counts.items():
                table.add_row(name, f"{number:,}")
            tables.append(table)
        console.print(Columns(tables))
        table = Table("concept", "prose", "table")
        for concept in found.prose_concepts | found.table_concepts:
            table.add_row(concept, str(found.prose_concepts.get(concept, "")), str(found.table_concepts.get(concept, "")))
        console.print(table)
        prose, cells = len(found.prose_concepts), len(found.table_concepts)
        console.print(f"{prose} concepts met in prose, {cells} in tables; never: {', '.join(found.never_met) or 'none'}")
        if plot is not None:
            counting.plot(found, plot)


@app.command()
def agree(
    one: Annotated[Path, typer.Argument(metavar="DIR_A", help="A folder of annotated reports.")],
    other: Annotated[Path, typer.Argument(metavar="DIR_B", help="Another annotation of (some of) them.")],
) -> None:
    """Print the F1 of two annotations of the same texts, for each label, for facts and findings."""
    from rich.console import Console
    from rich.table import Table

    from govie.corpus.agreement import agreement_of_folders
    from govie.corpus.store import report_folder

    with errors_as_exit_status():
        found, count = agreement_of_folders(report_folder(one), report_folder(other))
        table = Table("label", "both", "only A", "only B", "F1", title=f"{count} reports annotated twice")
        for item in found:
            table.add_row(item.label, str(item.both), str(item.only_one), str(item.only_other), f"{item.f1:.3f}")
        Console().print(table)


@app.command()
def gold(
    folder: Folder = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The folder to write into.")] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only this split: train, dev or test.")] = None,
) -> None:
    """Write NAME.txt and NAME.gold.json as the scorer reads them."""
    from govie.corpus.store import corpus_folder, report_folder, reports

    with errors_as_exit_status():
        if output is None:
            raise UsageError("no folder to write into", hint="Add -o OUT.")
        place = corpus_folder(folder) if split else report_folder(folder)
        output.mkdir(parents=True, exist_ok=True)
        count = 0
        for report in reports(split, folder=place):
            with (output / f"{report.name}.txt").open("w", encoding="utf-8", newline="") as file:
                file.write(report.text)
            answer = json.dumps(report.to_gold(), ensure_ascii=False, indent=1)
            (output / f"{report.name}.gold.json").write_text(answer + "\n", encoding="utf-8")
            count += 1
        typer.echo(f"{count} reports written to {output}")


@app.command()
def datasheet(
    folder: Folder = None,
    score: Annotated[
        Path | None, typer.Option("--score", metavar="JSON", help="What the scorer wrote with --json on the test split.")
    ] = None,
    plot: Annotated[bool, typer.Option("--plot/--no-plot", help="Draw corpus/stats.svg too.")] = True,
) -> None:
    """Fill in the figures of corpus/README.md and draw its picture."""
    from govie.corpus import datasheet as sheet
    from govie.corpus import stats as counting
    from govie.corpus.agreement import agreement_of_folders
    from govie.corpus.splitting import read_rows, shares
    from govie.corpus.store import corpus_folder, reports
    from govie.interchange import brat

    with errors_as_exit_status():
        place = corpus_folder(folder)
        found = counting.stats(reports(folder=place))
        blocks = {"stats": counting.as_markdown(found), "splits": sheet.splits_markdown(shares(read_rows(place / "splits.csv")))}
        if brat.names(place / "second"):
            blocks["agreement"] = sheet.agreement_markdown(*agreement_of_folders(place / "reports", place / "second"))
        if score is not None:
            blocks["score"] = sheet.score_markdown(score)
        page = place / "README.md"
        page.write_text(sheet.fill(page.read_text(encoding="utf-8"), blocks), encoding="utf-8")
        if plot:
            counting.plot(found, place / "stats.svg")
        typer.echo(f"{page}: {', '.join(blocks)} filled")
