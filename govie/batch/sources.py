"""Sources: files and URLs, what tells one version of them from the next, and a way to read them.

A source's *stamp* is cheap (size and times); its hash is read from its bytes. Equal stamps mean the same bytes, with
one exception that version control knows too: a file touched in the very moment it was stamped may change again
without a trace. Such a stamp is marked, and never taken for a proof.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from govie.batch.stores import driver_errors, filesystem, is_url
from govie.errors import ReadError
from govie.files import find_files, is_archive, is_taken
from govie.readers import MAX_FILE_BYTES, read_bytes

__all__ = ["digest", "find_sources", "is_proof", "stamp", "with_local_file"]

Result = TypeVar("Result")

_TICK = 2_000_000_000
"""Nanoseconds in which some file system may give two changes the same time."""
_DOUBTFUL = "?"
_PIECE = 1 << 20


def find_sources(paths: Iterable[str]) -> Iterator[str | ReadError]:
    """Yield the sources of ``paths`` in order, as :func:`govie.files.find_files` does; URLs may be among them."""
    for path in paths:
        if is_url(path):
            yield from _find_at_url(path)
        else:
            for found in find_files(path):
                yield found if isinstance(found, ReadError) else str(found)


def stamp(source: str) -> str | None:
    """Return what tells the file as it is now from what it may become, None if it cannot be seen."""
    if is_url(source):
        return _stamp_at_url(source)
    seen = _stat(source)
    if seen is None:
        return None
    if not stat.S_ISREG(seen.st_mode):
        return None
    doubt = _DOUBTFUL if time.time_ns() - max(seen.st_mtime_ns, seen.st_ctime_ns) < _TICK else ""
    return f"{seen.st_size}-{seen.st_mtime_ns}-{seen.st_ctime_ns}{doubt}"


def _stat(source: str) -> os.stat_result | None:
    """What the system knows of a file; of the archive, where the path leads into one (``reports.zip/inside/a.html``)."""
    try:
        return os.stat(source)
    except (FileNotFoundError, NotADirectoryError):  # which of the two it is depends on the system
        above = os.path.dirname(source)
        return _stat(above) if above and above != source else None
    except (OSError, ValueError):
        return None


def is_proof(before: str | None, now: str | None) -> bool:
    """Return whether two stamps of a source prove that its bytes are the same."""
    return before is not None and before == now and not before.endswith(_DOUBTFUL)


def digest(source: str) -> str | None:
    """Return the SHA-256 of the source's bytes, None if they cannot be read or it is no file that govie reads."""
    try:
        if not is_url(source):
            return _digest_of_file(source)
        files, path = filesystem(source)
        with driver_errors(), files.open(path, "rb") as file:
            return _sha256(file)
    except (OSError, ValueError, ReadError):
        return None


def _digest_of_file(path: str) -> str | None:
    try:
        seen = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):  # it may lead into an archive: which of the two it is depends on the system
        return hashlib.sha256(read_bytes(path)).hexdigest()
    if not stat.S_ISREG(seen.st_mode) or seen.st_size > MAX_FILE_BYTES:
        return None  # a pipe or a device may have no end, and what is refused for its size need not be read to it
    with open(path, "rb") as file:
        return _sha256(file)


def _sha256(file: Any) -> str:
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    return found.hexdigest()


def with_local_file(source: str, read: Callable[[Path], Result]) -> Result:
    """Return what ``read`` makes of the source's file; one at a URL is fetched to a temporary file first.

    Raises ReadError if it cannot be fetched, or is an archive.
    """
    if not is_url(source):
        return read(Path(source))
    with tempfile.TemporaryDirectory(prefix="govie-") as folder:
        files, path = filesystem(source)
        copy = Path(folder, PurePosixPath(path).name)
        try:
            with driver_errors():
                files.get_file(path, str(copy))
        except FileNotFoundError:
            raise ReadError("there is no such file", where=source, hint="Check the path and its spelling.") from None
        except OSError as error:
            raise ReadError(
                f"the file cannot be fetched ({error.strerror or type(error).__name__})",
                where=source,
                hint="Check the address and the rights to it.",
            ) from None
        if is_archive(copy):
            raise ReadError(
                "archives at URLs are not searched", where=source, hint="Fetch it, or unpack it there: files and folders are read."
            )
        return read(copy)


def _stamp_at_url(source: str) -> str | None:
    files, path = filesystem(source)
    try:
        with driver_errors():
            seen = files.info(path)
    except OSError:
        return None
    version = next((seen[key] for key in ("ETag", "etag", "mtime", "LastModified", "updated") if seen.get(key)), None)
    return f"{seen.get('size')}-{version}" if version is not None else None


def _find_at_url(url: str) -> Iterator[str | ReadError]:
    files, root = filesystem(url)
    try:
        with driver_errors():
            found = sorted(files.find(root)) if files.isdir(root) else None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield ReadError(f"the folder cannot be read ({reason})", where=url, hint="Check the address and the rights to it.")
        return
    if found is None:
        yield url
        return
    empty = True
    for path in found:
        if is_taken(path[len(root) :].strip("/").split("/")):
            empty = False
            yield str(files.unstrip_protocol(path))
    if empty:
        yield ReadError("there are no reports in this folder", where=url, hint="Check the address.")
