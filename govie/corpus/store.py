"""Where the corpus is, what is in it, and which report belongs to which split.

The corpus is a folder of the repository, not of the installed package: ``corpus/reports`` (brat standoff) and
``corpus/splits.csv``.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from govie.errors import CorpusError, UsageError
from govie.interchange import brat
from govie.interchange.annotation import AnnotatedReport

__all__ = ["SPLITS", "VARIABLE", "corpus_folder", "report_folder", "reports", "splits"]

SPLITS = ("train", "dev", "test")
VARIABLE = "GOVIE_CORPUS"


def corpus_folder(folder: Path | str | None = None) -> Path:
    """Return the corpus folder: the argument, else ``$GOVIE_CORPUS``, else ``corpus`` of the checkout govie runs from.

    Raises:
        CorpusError: there is no ``reports`` folder in it.
    """
    given = folder or os.environ.get(VARIABLE)
    place = Path(given) if given else Path(__file__).parents[2] / "corpus"
    if not (place / "reports").is_dir():
        hint = f"The corpus is in govie's repository, not in the package: give its corpus folder, or set {VARIABLE}."
        raise CorpusError("no corpus here (no folder 'reports')", where=str(place), hint=hint)
    return place


def report_folder(folder: Path | str | None = None) -> Path:
    """Return the folder that holds the reports: ``folder`` itself, or its ``reports``, or that of :func:`corpus_folder`."""
    if folder is not None and not (Path(folder) / "reports").is_dir():
        if not brat.names(folder):
            raise CorpusError("no reports here", where=str(folder), hint="A folder of NAME.txt, NAME.ann and NAME.toml.")
        return Path(folder)
    return corpus_folder(folder) / "reports"


def splits(folder: Path | str | None = None) -> dict[str, str]:
    """Return the split (``train``, ``dev``, ``test``) of each report by name, as ``splits.csv`` has them."""
    path = corpus_folder(folder) / "splits.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["name"]: row["split"] for row in csv.DictReader(file)}
    except FileNotFoundError:
        raise CorpusError("the file is missing", where=str(path), hint="Make it with `govie corpus split`.") from None
    except KeyError as error:
        raise CorpusError(f"no column {error}", where=str(path), hint="Columns: name, group, split.") from None


def reports(split: str | None = None, *, folder: Path | str | None = None) -> Iterator[AnnotatedReport]:
    """Yield the annotated reports of a split, by name; all of them where ``split`` is None.

    Raises:
        UsageError: there is no such split.
        CorpusError: the corpus or a file of it is missing or wrong.
    """
    if split is not None and split not in SPLITS:
        raise UsageError(f"there is no split {split!r}", hint=f"Splits: {', '.join(SPLITS)}.")
    place = report_folder(folder)
    of = splits(folder) if split is not None else {}
    for name in brat.names(place):
        if split is None or of.get(name) == split:
            yield brat.read(place / f"{name}.ann")
