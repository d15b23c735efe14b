"""The files behind a list of paths: folders searched, in a fixed order, one path at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from govie.errors import ReadError

__all__ = ["SUFFIXES", "find_files"]

SUFFIXES = frozenset({".txt", ".text", ".md", ".html", ".htm", ".shtml", ".xhtml"})
"""The suffixes that make a file in a folder a report; a file named by itself may have any."""


def find_files(paths: str | Path | Iterable[str | Path]) -> Iterator[Path | ReadError]:
    """Yield the files of ``paths`` in order, and a ReadError for each path that leads to none.

    A file is yielded as it is, whatever its suffix; a folder gives the files below it whose suffix govie reads,
    sorted by name, files before sub-folders. Hidden files and folders (``.name``) and symbolic links to
    folders are left out; a folder that may not be read is a ReadError. Nothing is held in memory but one folder's
    listing.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        place = Path(path)
        if not place.is_dir():
            yield place
            continue
        empty = True
        for file in _walk(place):
            empty = False
            yield file
        if empty:
            yield ReadError(
                "there are no reports in this folder",
                where=str(path),
                hint=f"Looked in it and all folders below for files ending in {', '.join(sorted(SUFFIXES))}.",
            )


def _walk(folder: Path) -> Iterator[Path | ReadError]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                yield Path(parent, name)
    for error in closed:
        yield ReadError(
            f"the folder cannot be read ({error.strerror})", where=str(error.filename), hint="Check its permissions."
        )
