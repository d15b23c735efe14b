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

from govie.batch.stores import filesystem, is_url
from govie.errors import ReadError
from govie.files import SUFFIXES, find_files

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
    except NotADirectoryError:
        above = os.path.dirname(source)
        return _stat(above) if above and above != source else None
    except (OSError, ValueError):
        return None


def is_proof(before: str | None, now: str | None) -> bool:
    """Return whether two stamps of a source prove that its bytes are the same."""
    return before is not None and before == now and not before.endswith(_DOUBTFUL)


def digest(source: str) -> str | None:
    """Return the SHA-256 of the source's bytes, None if they cannot be read or it is no regular file."""
    try:
        if not is_url(source) and not stat.S_ISREG(os.stat(source).st_mode):
            return None  # a pipe or a device may have no end
        with _open(source) as file:
            found = hashlib.sha256()
            while piece := file.read(_PIECE):
                found.update(piece)
            return found.hexdigest()
    except (OSError, ValueError):
        return None


def with_local_file(source: str, read: Callable[[Path], Result]) -> Result:
    """Return what ``read`` makes of the source's file; one at a URL is fetched to a temporary file first.

    Raises ReadError if it cannot be fetched.
    """
    if not is_url(source):
        return read(Path(source))
    with tempfile.TemporaryDirectory(prefix="govie-") as folder:
        files, path = filesystem(source)
        copy = Path(folder, PurePosixPath(path).name)
        try:
            files.get_file(path, str(copy))
        except FileNotFoundError:
            raise ReadError("there is no such file", where=source, hint="Check the path and its spelling.") from None
        except OSError as error:
            raise ReadError(
                f"the file cannot be fetched ({error.strerror or type(error).__name__})",
                where=source,
                hint="Check the address and the rights to it.",
            ) from None
        return read(copy)


def _open(source: str) -> Any:
    if not is_url(source):
        return open(source, "rb")
    files, path = filesystem(source)
    return files.open(path, "rb")


def _stamp_at_url(source: str) -> str | None:
    files, path = filesystem(source)
    try:
        seen = files.info(path)
    except OSError:
        return None
    version = next((seen[key] for key in ("ETag", "etag", "mtime", "LastModified", "updated") if seen.get(key)), None)
    return f"{seen.get('size')}-{version}" if version is not None else None


def _find_at_url(url: str) -> Iterator[str | ReadError]:
    files, root = filesystem(url)
    if not files.isdir(root):
        yield url
        return
    empty = True
    for path in sorted(files.find(root)):
        inside = PurePosixPath(path[len(root) :])
        if inside.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in inside.parts):
            empty = False
            yield str(files.unstrip_protocol(path))
    if empty:
        yield ReadError("there are no reports in this folder", where=url, hint="Check the address.")
