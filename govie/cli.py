"""The command ``govie``: ``extract`` for files and folders, ``show`` for reports in the terminal.

Exit status: 0 if all went well, 1 if a file failed (each has its line on stderr; the rest is written), 2 if the command
was given something it cannot work with or cannot write, 130 if it was stopped with Ctrl-C (143 by SIGTERM).
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import govie
from govie.batch import Batch, Watcher
from govie.batch.stores import is_url
from govie.corpus.cli import app as corpus_app
from govie.errors import GovieError, UsageError
from govie.evaluation.cli import register as register_evaluation
from govie.outputs import SUFFIXES, check_output, only_confident, write
from govie.outputs.jsonl import line
from govie.pool import Limits, read_limits
from govie.terminal import BatchProgress, complain, errors_as_exit_status, progress
from govie.training.cli import register as register_training

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from govie.records import Failure

__all__ = ["app", "main"]

app = typer.Typer(
    name="govie",
    help="Chinese local governments' 政府信息公开工作年度报告 as data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_OUTPUTS = ", ".join(f"a {suffix} file" for suffix in SUFFIXES)
DEFAULT_TIMEOUT = 300.0
"""Seconds: a scan of thirty pages takes one or two minutes to recognise, a page of text some milliseconds."""
DEFAULT_MEMORY = "2GB"
"""A worker takes a fifth of that; recognising scans about half."""


class Engine(StrEnum):
    """Where a batch is worked on."""

    local = "local"
    ray = "ray"


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
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, and folders to search.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=f"Where to write: {_OUTPUTS}. Without it, JSON lines go to stdout."),
    ] = None,
    n_process: Annotated[
        int | None,
        typer.Option("--n-process", min=1, help="Processes that share the work: 1; with Ray, one for each CPU of the cluster."),
    ] = None,
    rules: Rules = False,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="FOLDER", help="Another trained model, as `govie train` writes them.")
    ] = None,
    min_confidence: Annotated[
        float | None, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts that the model is less sure of.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", help="Seconds that one file may take; 0: no limit.", metavar="SECONDS")
    ] = DEFAULT_TIMEOUT,
    memory_limit: Annotated[
        str, typer.Option("--memory-limit", help="Memory that a process may take over one file; 0: no limit.", metavar="SIZE")
    ] = DEFAULT_MEMORY,
    work: Annotated[
        str | None,
        typer.Option("--work", metavar="FOLDER", help="Where to keep what is not finished (without it: OUTPUT.govie)."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep that folder: the next run extracts only what is new or has changed.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try files that failed in an earlier run again.")
    ] = False,
    engine: Annotated[Engine, typer.Option("--engine", help="Work on this machine, or on a Ray cluster.")] = Engine.local,
    address: Annotated[
        str | None, typer.Option("--address", help="The Ray cluster; without it Ray's own default.", metavar="ADDRESS")
    ] = None,
) -> None:
    """Extract the reports in files and folders.

    With -o, a run that was stopped in any way goes on where it was when the same command is given again.
    """
    with errors_as_exit_status():
        if output is not None:
            check_output(output)
        elif engine is not Engine.local or work is not None or keep or retry_failed:
            raise UsageError("--engine, --work, --keep and --retry-failed need an output", hint="Name a file with -o.")
        elif any(map(is_url, paths)):
            raise UsageError("files at URLs need an output", hint="Name a file with -o.")
        if rules and model is not None:
            raise UsageError("--rules and --model contradict each other", hint="Give one of them.")
        limits = read_limits(timeout, memory_limit)
        extractor = govie.load(None if rules else model or "default")
        if output is None:
            failed = _extract_to_stdout(extractor, paths, n_process or 1, limits, min_confidence)
        else:
            with BatchProgress() as bar:
                batch = Batch(
                    paths,
                    output,
                    extractor,
                    n_process=n_process or (None if engine is Engine.ray else 1),
                    limits=limits,
                    work=work,
                    keep=keep,
                    retry=retry_failed,
                    engine=engine.value,
                    address=address,
                    watcher=_Shown(bar),
                    write=partial(write, min_confidence=min_confidence),
                )
                failed = _run(batch, output)
    if failed:
        raise typer.Exit(1)


def _extract_to_stdout(
    extractor: govie.Extractor, paths: list[str], n_process: int, limits: Limits, min_confidence: float | None
) -> bool:
    """Write JSON lines to stdout as they come; return whether a file failed."""
    outcomes = extractor.outcomes(
        paths, n_process=n_process, timeout=limits.seconds, memory_limit=limits.memory
    )
    complaints = _Complaints()
    stdout = sys.stdout.buffer
    with _stopping(lambda: "stopped"), progress("govie", lambda: _count_files(paths)) as advance:
        for report in _good(outcomes, complaints, advance):
            stdout.write(line(only_confident(report.to_extraction(), min_confidence)))
        stdout.flush()
    return complaints.count > 0


def _run(batch: Batch, output: Path) -> bool:
    """Run a batch to its end; return whether a file failed."""

    def stopped() -> str:
        return (
            f"stopped: {batch.done:,} of {batch.total:,} files are done and kept in {batch.work}."
            " Give the same command again to go on."
        )

    with _stopping(stopped):
        summary = batch.run()
    if sys.stderr.isatty():
        count = summary.reports
        words = f"{count:,} {'report' if count == 1 else 'reports'} written to {output}" if count else "nothing written"
        kept = f" ({summary.kept:,} files were done by earlier runs)" if summary.kept else ""
        typer.echo(f"{words}{kept}{f'; {summary.failures:,} files failed' if summary.failures else ''}", err=True)
    if batch.counts is not None and batch.counts.dropped:
        typer.echo(f"{batch.counts.dropped:,} facts below the least confidence left out", err=True)
    return summary.failures > 0


class _Stop(KeyboardInterrupt):
    """SIGTERM came: stop in good order, as for Ctrl-C."""


@contextmanager
def _stopping(message: Callable[[], str]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into a message and an exit status."""

    def stop(number: int, _: object) -> None:
        raise _Stop

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt as error:
        typer.echo(message(), err=True)
        raise typer.Exit(143 if isinstance(error, _Stop) else 130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


class _Shown(Watcher):
    """Shows on the terminal how a batch goes on."""

    def __init__(self, bar: BatchProgress) -> None:
        self._bar = bar
        self.begin = bar.begin  # type: ignore[method-assign]
        self.step = bar.step  # type: ignore[method-assign]

    def fail(self, failure: Failure) -> None:
        self._bar.complain(GovieError(failure.reason, where=failure.path, hint=failure.hint))


@app.command()
def show(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="A report; or several, or folders: one line each.")],
    rules: Rules = False,
) -> None:
    """Show a report in the terminal: metadata, sections, facts in their sentences, findings.

    Several files, or a folder, are listed one a line.
    """
    from govie.display import report_list, report_view

    complaints = _Complaints()
    with errors_as_exit_status():
        extractor = govie.load(None if rules else "default")
        if len(paths) == 1 and not paths[0].is_dir():
            report = extractor.extract_file(paths[0])
            _print(report_view(report.to_record(), report.text))
        else:
            with progress("govie", lambda: _count_files(paths)) as advance:
                records = [report.to_record() for report in _good(extractor.outcomes(paths), complaints, advance)]
            if records:
                _print(report_list(records))
    if complaints.count:
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


class _Complaints:
    """Prints a line for each file that failed, and counts them: they may be as many as there are files."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, error: GovieError) -> None:
        self.count += 1
        complain(error)


def _good(
    outcomes: Iterable[tuple[str, govie.Report | GovieError]], fail: Callable[[GovieError], None], advance: Callable[[], None]
) -> Iterator[govie.Report]:
    """Yield the reports; call ``fail`` with the error of each file that failed."""
    for _, result in outcomes:
        advance()
        if isinstance(result, GovieError):
            fail(result)
        else:
            yield result


def _count_files(paths: Sequence[str | Path]) -> int:
    from govie.files import find_files

    return sum(1 for _ in find_files(paths))
