"""Annotated reports in whichever of the formats they came: the corpus' own (brat), doccano or Label Studio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import CorpusError
from . import brat, doccano, label_studio
from .marks import CARD_LABELS, Imported, Mark, assemble

__all__ = ["files", "read"]


def read(path: Path | str) -> Imported:
    """Return the annotated reports of a file or folder.

    A folder holds ``NAME.txt/.ann/.toml`` (brat), ``.jsonl`` (doccano) or ``.json`` (Label Studio), or several of them; a
    file is one of these. In brat the card (``.toml``) may be missing: year and town are then read off the marks.

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


def files(place: Path) -> list[Path]:
    """Return the files of annotations in a folder, by name; the file itself where ``place`` is one."""
    if not place.is_dir():
        return [place]
    wanted = {".ann", ".jsonl", ".json"}
    return sorted(file for file in place.iterdir() if file.suffix in wanted and not file.name.endswith(".gold.json"))


def _parts(place: Path) -> Iterator[Imported]:
    for file in files(place):
        if file.suffix == ".jsonl":
            yield doccano.read(file)
        elif file.suffix == ".json":
            yield label_studio.read(file)
        elif file.suffix in brat.SUFFIXES:
            yield _standoff(file)


def _standoff(file: Path) -> Imported:
    """A report in standoff; one that brat alone made has no card, which is then read off the marks."""
    if file.with_suffix(".toml").exists():
        return Imported(reports=(brat.read(file),))
    report = brat.read(file, card='year = 0\ntown = ""')
    marks = [Mark(key=s.id, id=s.id, start=s.start, end=s.end, label=s.label, notes=()) for s in report.spans if s.label in CARD_LABELS]
    notices: list[str] = []
    card = assemble(name=report.name, text=report.text, card=None, marks=marks, relations=(), where=file.name, notices=notices).card
    return Imported(reports=(msgspec.structs.replace(report, card=card),), notices=tuple(notices[:1]))
