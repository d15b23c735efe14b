"""The command ``govie``: ``extract`` for files and folders, ``show`` for reports in the terminal.

Exit status: 0 if all went well, 1 if a file failed (each has its line on stderr; the rest is written),
2 if the command was given something it cannot work with.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import govie
from govie.batch import items
from govie.corpus.cli import app as corpus_app
from govie.errors import GovieError
from govie.evaluation.cli import register as register_evaluation
from govie.outputs import SUFFIXES, check_output, write
from govie.outputs.jsonl import line
from govie.terminal import complain, errors_as_exit_status, progress
from govie.training.cli import register as register_training

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

__all__ = ["app", "main"]

app = typer.Typer(
    name="govie",
    help="Chinese local governments' 政府信息公开工作年度报告 as data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_OUTPUTS = "; ".join(f"{suffix} {what}" for suffix, what in SUFFIXES.items())
Rules = Annotated[bool, typer.Option("--rules", help="Work by rules alone, without the trained model.")]


def main() -> None:
    """Run the command; ends the process with its exit status."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"govie {govie.__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def extract(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders to search.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=f"Where to write: {_OUTPUTS}. Without it, JSON lines go to stdout."),
    ] = None,
    n_process: Annotated[int, typer.Option("--n-process", min=1, help="Processes that share the work.")] = 1,
    min_confidence: Annotated[
        float | None, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts that the model is less sure of.")
    ] = None,
    rules: Rules = False,
) -> None:
    """Extract the reports in files and folders."""
    with errors_as_exit_status():
        if output is not None:
            check_output(output)
        outcomes = govie.load(None if rules else "default").outcomes(paths, n_process=n_process)
        failed: list[str] = []
        with progress("govie", lambda: _count_files(paths)) as advance:
            if output is None:
                stdout = sys.stdout.buffer
                for report in _good(outcomes, failed, advance):
                    stdout.write(line(report.to_extraction()))
                stdout.flush()
            else:
                counts = write(items(_told(outcomes, failed, advance)), output, min_confidence=min_confidence)
        if output is not None and sys.stderr.isatty():
            count = counts.reports
            typer.echo(f"{count} {'report' if count == 1 else 'reports'} written to {output}" if count else "nothing written", err=True)
            if counts.dropped:
                typer.echo(f"{counts.dropped} facts below confidence {min_confidence} left out", err=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def show(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="A report; or several, or folders: one line each.")],
    rules: Rules = False,
) -> None:
    """Show a report in the terminal: metadata, sections, facts in their sentences, findings.

    Several files, or a folder, are listed one a line.
    """
    from govie.display import report_list, report_view

    failed: list[str] = []
    with errors_as_exit_status():
        extractor = govie.load(None if rules else "default")
        if len(paths) == 1 and not paths[0].is_dir():
            report = extractor.extract_file(paths[0])
            _print(report_view(report.to_record(), report.text))
        else:
            with progress("govie", lambda: _count_files(paths)) as advance:
                records = [report.to_record() for report in _good(extractor.outcomes(paths), failed, advance)]
            if records:
                _print(report_list(records))
    if failed:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the output."""
    import msgspec

    from govie.export import json_schema

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2) + b"\n")


# After the commands that most users want, so that --help lists them in this order.
app.add_typer(corpus_app, name="corpus")
register_evaluation(app)
register_training(app)


def _print(view: RenderableType) -> None:
    """Print ``view``; a pipe or a file gets plain lines without blanks at their ends."""
    from rich.console import Console

    from govie.display import plain_text

    console = Console(highlight=False)
    if console.is_terminal:
        console.print(view)
    else:
        typer.echo(plain_text(view, width=console.width))


def _good(
    outcomes: Iterable[tuple[str, govie.Report | GovieError]], failed: list[str], advance: Callable[[], None]
) -> Iterator[govie.Report]:
    """Yield the reports; print a line for each file that failed, and put its path in ``failed``."""
    for _, result in _told(outcomes, failed, advance):
        if not isinstance(result, GovieError):
            yield result


def _told(
    outcomes: Iterable[tuple[str, govie.Report | GovieError]], failed: list[str], advance: Callable[[], None]
) -> Iterator[tuple[str, govie.Report | GovieError]]:
    """Yield the outcomes as they are; print a line for each file that failed, and put its path in ``failed``."""
    for path, result in outcomes:
        advance()
        if isinstance(result, GovieError):
            failed.append(path)
            complain(result)
        yield path, result


def _count_files(paths: list[Path]) -> int:
    from govie.files import find_files

    return sum(1 for _ in find_files(paths))
