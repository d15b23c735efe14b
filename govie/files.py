"""The files behind a list of paths: folders and ZIP archives searched, in a fixed order, one path at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from govie.errors import ReadError

__all__ = ["SUFFIXES", "find_files", "is_archive", "is_taken"]

SUFFIXES = frozenset(
    ".txt .text .md .html .htm .shtml .xhtml .mht .mhtml .doc .docx .wps .pdf .png .jpg .jpeg .tif .tiff .bmp .webp .zip".split()
)
"""The suffixes that make a file in a folder or archive a report, and so does no suffix; a file named by itself may have any."""


def find_files(paths: str | Path | Iterable[str | Path]) -> Iterator[Path | ReadError]:
    """Yield the files of ``paths`` in order, and a ReadError for each path that leads to none.

    A file is yielded as it is, whatever its suffix; a folder gives the files below it whose suffix govie reads and
    those without one, sorted by name, files before sub-folders. A ZIP archive, named or found in a folder, gives the
    files in it the same way, as paths that lead into it (``reports.zip/inside/a.html``), and a ReadError for each file
    in it that is refused. Hidden files and folders (``.name``), folders in which a browser saves what belongs to a page
    (``name_files``, ``name.files``) and symbolic links to folders are left out. Nothing is held in memory but one
    folder's listing or one archive's index.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        place = Path(path)
        if is_archive(place):
            yield from _unpacked(place)
        elif not _is_folder(place):
            yield place
        else:
            yield from _in_folder(place)


def _in_folder(folder: Path) -> Iterator[Path | ReadError]:
    empty = True
    for file in _walk(folder):
        empty = False
        if isinstance(file, Path) and is_archive(file):
            yield from _unpacked(file)
        else:
            yield file
    if empty:
        yield _nothing_in("folder", folder)


def _walk(folder: Path) -> Iterator[Path | ReadError]:
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not _is_left_out(name))
        for name in sorted(names):
            if _is_report(name):
                yield Path(parent, name)
    for error in unreadable:
        yield ReadError(
            f"the folder cannot be read ({error.strerror})", where=str(error.filename), hint="Check its permissions."
        )


def _is_left_out(folder: str) -> bool:
    """Whether a folder is hidden, or holds the pictures and scripts of a saved page."""
    return folder.startswith(".") or folder.endswith(("_files", ".files"))


def _unpacked(path: Path) -> Iterator[Path | ReadError]:
    """Yield the files in an archive, a ReadError for those that are refused and for an archive that cannot be read."""
    from govie.readers import archive

    try:
        members = archive.members(str(path))
    except ReadError as error:
        yield error
        return
    empty = True
    for member in sorted(members, key=lambda member: (member.name.split("/")[:-1], member.name)):
        *folders, name = member.name.split("/")
        if not is_taken([*(folder for folder in folders if folder != ".."), name]):
            continue
        empty = False
        if member.refused is None:
            yield path / member.name
        else:
            yield archive.refusal(str(path), member)
    if empty:
        yield _nothing_in("archive", path)


def is_taken(parts: Sequence[str]) -> bool:
    """Return whether a file below a folder is taken; ``parts`` are the folders on the way to it and its name."""
    return _is_report(parts[-1]) and not any(map(_is_left_out, parts[:-1]))


def _is_report(name: str) -> bool:
    """Whether a file in a folder is taken for a report by its name; what explains a folder (README) is none."""
    return os.path.splitext(name)[0].lower() != "readme" and not name.startswith(".") and (os.path.splitext(name)[1].lower() in SUFFIXES or "." not in name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a folder on the way not to be entered: reading the path says what is wrong
        return False


def is_archive(path: Path) -> bool:
    """Return whether a path is a ZIP archive of files; an Office document called ``.zip`` is read as what it is."""
    try:
        if path.suffix.lower() != ".zip" or not path.is_file():
            return False
    except OSError:
        return False
    from govie.readers.archive import is_office

    return not is_office(str(path))


def _nothing_in(kind: str, path: Path) -> ReadError:
    suffixes = ", ".join(sorted(SUFFIXES))
    return ReadError(
        f"there are no reports in this {kind}",
        where=str(path),
        hint=f"Looked in it and all folders below for files ending in {suffixes}, or without a suffix.",
    )
