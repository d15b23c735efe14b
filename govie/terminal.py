"""What all commands share at the terminal: errors as one line and an exit status, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from govie.errors import GovieError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress, Task
    from rich.text import Text

__all__ = ["BatchProgress", "complain", "errors_as_exit_status", "progress", "say_on_one_line"]


def complain(error: GovieError) -> None:
    """Print an error on stderr, on one line."""
    say_on_one_line(str(error))


def say_on_one_line(message: str) -> None:
    """Print a message on stderr, on one line."""
    typer.echo(_on_one_line(message), err=True)


def _on_one_line(message: str) -> str:
    return " ".join(message.split())


@contextmanager
def errors_as_exit_status() -> Iterator[None]:
    """Turn an error of govie into its line on stderr and an exit status: 2 for wrong usage, else 1."""
    try:
        yield
    except GovieError as error:
        complain(error)
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from None


@contextmanager
def progress(what: str, total: Callable[[], int]) -> Iterator[Callable[[], None]]:
    """Show a progress bar on stderr if that is a terminal; gives the function to call for each step.

    ``total`` counts the steps; it is not called where no bar is shown.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total())
        yield lambda: bar.advance(task)


class BatchProgress:
    """The progress of a batch on stderr, if that is a terminal: files done, rate, time left, failures."""

    def __init__(self) -> None:
        self._bar = _batch_bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task("", total=None, failed="") if self._bar else None
        self._failed = 0

    def __enter__(self) -> BatchProgress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, what: str, total: int | None, done: int = 0) -> None:
        """Show the step ``what``: of ``total`` files (None: not known) ``done`` are done already."""
        self._failed = 0
        if self._bar is not None and self._task is not None:
            self._bar.reset(self._task, description=what, total=total, completed=done, failed="")

    def step(self, failed: bool = False) -> None:
        """Show one file more."""
        if self._bar is None or self._task is None:
            return
        self._failed += failed
        self._bar.update(self._task, advance=1, failed=f"{self._failed:,} failed" if self._failed else "")

    def complain(self, error: GovieError) -> None:
        """Print an error above the bar, on one line."""
        if self._bar is None:
            complain(error)
        else:
            self._bar.console.print(_on_one_line(str(error)), markup=False, highlight=False, soft_wrap=True)


def _batch_bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} files/s" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
