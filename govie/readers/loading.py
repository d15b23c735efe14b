"""The bytes of a file, taken within limits: from the disk, or from a ZIP archive.

A path may lead into an archive: ``reports.zip/inside/a.html``. Only regular files are opened (a pipe or a device
could wait for ever), and the size is asked for before anything is read.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from govie.errors import ReadError
from govie.readers.sniff import HEAD_BYTES, kind_of

__all__ = ["MAX_FILE_BYTES", "MAX_TEXT_BYTES", "read_bytes"]

MAX_FILE_BYTES = 512 * 1024**2
"""The largest file that is read at all: scans of long reports are large."""
MAX_TEXT_BYTES = 32 * 1024**2
"""The largest text, HTML page or web archive that is read; a report has some ten kilobytes, its page rarely a hundred."""

_NO_FILE = "there is no such file"
_CHECK = "Check the path and its spelling."


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a file or of a member of a ZIP archive.

    Raises:
        ReadError: no such file, no regular file, not readable, or larger than the limits.
    """
    place = os.fspath(path)
    try:
        state = os.stat(place)
    except (FileNotFoundError, NotADirectoryError):
        found = _inside_archive(place)
        if found is None:
            raise ReadError(_NO_FILE, where=place, hint=_CHECK) from None
        from govie.readers.archive import read_member

        return read_member(*found)
    except (OSError, ValueError) as error:
        raise _unreadable(error, place) from None
    _check_regular(state, place)
    try:
        # A file may turn into a pipe between the two calls: opened so, a pipe does not wait for its other end.
        number = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            state = os.fstat(number)
            _check_regular(state, place)
            _check_size(state.st_size, MAX_FILE_BYTES, place)
            data = file.read(HEAD_BYTES)
            if kind_of(data) in ("text", "mhtml"):
                _check_size(state.st_size, MAX_TEXT_BYTES, place)
            return data + file.read(MAX_FILE_BYTES) if len(data) == HEAD_BYTES else data
    except (FileNotFoundError, NotADirectoryError):
        raise ReadError(_NO_FILE, where=place, hint="It was there a moment ago: check what moves files there.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(error, place) from None


def _inside_archive(place: str) -> tuple[str, str] | None:
    """Return the archive that ``place`` leads into and the path inside it, None where no parent is a file."""
    path = Path(place)
    for parent in path.parents:
        try:
            state = os.stat(parent)
        except (OSError, ValueError):
            continue
        if not stat.S_ISREG(state.st_mode):
            return None
        inside = path.relative_to(parent).as_posix()
        return (str(parent), inside) if _is_zip(parent) else None
    return None


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return kind_of(file.read(8)) == "zip"
    except OSError:
        return False


def _check_regular(state: os.stat_result, place: str) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise ReadError(
            "this is a folder, not a file", where=place, hint="Give the files in it, or `govie extract` the folder."
        )
    if not stat.S_ISREG(state.st_mode):
        raise ReadError("this is a pipe or device, not a file", where=place, hint="Save what it holds to a file first.")


def _check_size(size: int, limit: int, place: str) -> None:
    if size > limit:
        kind = "file" if limit == MAX_FILE_BYTES else "text"
        raise ReadError(
            f"the {kind} is larger than the limit of {limit // 1024**2} MB ({size / 1024**2:,.0f} MB)",
            where=place,
            hint="A report is far smaller: check what this file is, or split it.",
        )


def _unreadable(error: OSError | ValueError, place: str) -> ReadError:
    reason = getattr(error, "strerror", None) or str(error)
    is_path = isinstance(error, ValueError) or error.errno in (errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)
    return ReadError(f"the file cannot be read ({reason})", where=place, hint=_CHECK if is_path else "Check its permissions.")
