"""Annotated reports in whichever of the formats they came: the corpus' own (brat), doccano or Label Studio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import CorpusError
from . import brat, doccano, label_studio
from .marks import Imported

__all__ = ["read"]


def read(path: Path | str) -> Imported:
    """Return the annotated reports of a file or folder.

    A folder holds ``NAME.txt/.ann/.toml`` triples (brat), ``.jsonl`` (doccano) or ``.json`` (Label Studio), or several of
    them; a file is one of these.

    Raises:
        CorpusError: there are none, an annotation is wrong, or two reports have one name.
    """
    place = Path(path)
    if not place.exists():
        raise CorpusError("there is no such file or folder", where=str(path), hint="Give annotated reports.")
    found = list(_parts(place))
    reports = tuple(report for part in found for report in part.reports)
    if not reports:
        hint = "Looked for NAME.ann (with .txt and .toml), doccano's .jsonl and Label Studio's .json."
        raise CorpusError("no annotated reports here", where=str(path), hint=hint)
    names = [report.name for report in reports]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CorpusError(f"two reports are called {twice[0]}", where=str(path), hint="Rename one, or leave one file out.")
    return Imported(reports=reports, notices=tuple(notice for part in found for notice in part.notices))


def _parts(place: Path) -> Iterator[Imported]:
    files = sorted(place.iterdir()) if place.is_dir() else [place]
    for file in files:
        if file.suffix == ".ann":
            yield Imported(reports=(brat.read(file),))
        elif file.suffix == ".jsonl":
            yield doccano.read(file)
        elif file.suffix == ".json" and not file.name.endswith(".gold.json"):
            yield label_studio.read(file)
        elif file == place and file.suffix in brat.SUFFIXES:
            yield Imported(reports=(brat.read(file),))
