"""What all commands share at the terminal: errors as one line and an exit status, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from govie.errors import GovieError, UsageError

__all__ = ["complain", "errors_as_exit_status", "progress"]


def complain(error: GovieError) -> None:
    """Print an error on stderr, on one line."""
    typer.echo(" ".join(str(error).split()), err=True)


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
