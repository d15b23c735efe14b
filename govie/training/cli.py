"""The command ``govie train``.

Exit status: 0 if all is well, 1 if an annotation is wrong or the corpus is missing, 2 if the command was given something
it cannot work with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govie.errors import UsageError
from govie.terminal import errors_as_exit_status, say_on_one_line

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("train")(train)


def train(
    add: Annotated[
        list[Path] | None,
        typer.Option("--add", metavar="DIR", help="Newly annotated reports: the corpus' own format, brat, doccano, Label Studio (may be repeated)."),
    ] = None,
    corpus: Annotated[Path | None, typer.Option("--corpus", metavar="DIR", help="The corpus to add them to; without it, the checkout's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The new model's folder; without it, zh_govie-2 beside the old one.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of everything random.")] = 0,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Rounds over the sentences; fewer are quicker and worse.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the annotations, and say how they would be split.")] = False,
    leave_out_lost: Annotated[
        bool, typer.Option("--leave-out-lost", help="Train without gold numbers that no sentence reaches, instead of stopping at them.")
    ] = False,
) -> None:
    """Train the model again with newly annotated reports, and say whether it got better.

    Nothing is overwritten: the new model is a folder of its own, for `govie extract --model DIR` and `govie.load(DIR)`.
    """
    with errors_as_exit_status():
        if not add:
            raise UsageError("there is nothing to add", hint="Give annotated reports with --add DIR; `make train` trains on the corpus alone.")
        from govie.corpus.store import corpus_folder

        from . import adding, counted
        from .network import Settings

        base = corpus_folder(corpus)
        found = adding.read_annotations(add)
        for notice in found.notices:
            typer.echo(f"notice: {notice}", err=True)
        for error in found.errors:
            say_on_one_line(error)
        typer.echo(f"{counted(len(found.reports), 'report')} read, {counted(len(found.errors), 'error')}, {counted(len(found.notices), 'notice')}")
        if found.errors:
            raise typer.Exit(1)
        if dry_run:
            for line in adding.rehearse(found.reports, corpus=base):
                typer.echo(line)
            return
        settings = Settings() if epochs is None else Settings(epochs=epochs)
        trained = adding.train_with(
            found.reports, corpus=base, out=out, seed=seed, settings=settings, leave_out_lost=leave_out_lost, say=typer.echo
        )
        typer.echo(f"Use it: govie extract --model {trained.folder} PATH, or govie.load({str(trained.folder)!r})")
