"""Where shards are kept: a folder, or a place that fsspec knows (``s3://…``, ``memory://…``).

A file appears in a store complete or not at all, and that is all that is asked of one.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from govie.errors import GovieError, StorageError, UsageError, not_installed

__all__ = ["FolderStore", "Store", "UrlStore", "driver_errors", "filesystem", "is_url", "open_store", "storage_errors"]

_PIECE = 1 << 16


class Store(Protocol):
    """A place for files without sub-folders."""

    where: str

    def names(self) -> list[str]:
        """Return the names of the files that are there, sorted."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file from its beginning, piece by piece."""

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file: it is there complete or not at all. Raises StorageError if it cannot be written."""

    def remove(self) -> None:
        """Remove the place with all that is in it."""


def open_store(place: str) -> Store:
    """Return the store at ``place``, a folder (made if it is not there) or a URL."""
    return UrlStore(place) if is_url(place) else FolderStore(Path(place))


def is_url(path: str) -> bool:
    """Return whether ``path`` is a URL such as ``s3://bucket/reports``."""
    protocol, mark, _ = path.partition("://")
    return bool(mark) and protocol.replace("+", "").replace("-", "").isalnum() and len(protocol) > 1


def filesystem(url: str) -> tuple[Any, str]:
    """Return the fsspec filesystem of ``url`` and the path in it.

    Raises UsageError if fsspec, or what it needs for this kind of URL, is not installed.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise not_installed("fsspec, which files at URLs need,", "ray", where=url) from None
    try:
        found, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"files cannot be reached at a URL of this kind ({error})", where=url, hint="Install what the message names."
        ) from None
    return found, path


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turn what a driver of fsspec raises into an OSError."""
    try:
        yield
    except (OSError, GovieError):
        raise
    except Exception as error:  # drivers raise what their libraries do (aiohttp, botocore …), which have no base in common
        said = " ".join(str(error).split())[:120]
        raise OSError(errno.EIO, f"{type(error).__name__}: {said}" if said else type(error).__name__) from error


@contextmanager
def storage_errors(where: str) -> Iterator[None]:
    """Turn an OSError of writing into a StorageError about ``where``."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageError(
            "the disk is full" if full else f"cannot write here ({error.strerror or type(error).__name__})",
            where=where,
            hint=("Free some space" if full else "Put that right")
            + " and run the same command again: what is done is kept, and it goes on from there.",
        ) from None


class FolderStore:
    """A folder of this machine, or one that all machines of a cluster share."""

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder
        with storage_errors(self.where):
            folder.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        if not self._folder.is_dir():  # somebody has removed it
            return []
        return sorted(entry.name for entry in os.scandir(self._folder) if not entry.name.startswith("."))

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def pieces(self, name: str) -> Iterator[bytes]:
        with (self._folder / name).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def size(self, name: str) -> int:
        return (self._folder / name).stat().st_size

    def write(self, name: str, data: bytes) -> None:
        part = self._folder / f".{name}.{uuid4().hex}.part"
        with storage_errors(self.where):
            try:
                with part.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, self._folder / name)
            finally:
                part.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what runs that were killed in mid-writing have left. Only for one who knows that no other run is on."""
        for part in self._folder.glob(".*.part"):
            with suppress(OSError):
                part.unlink()

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class UrlStore:
    """A place at a URL. Object stores put a file up whole; elsewhere it is put beside its place and moved there."""

    def __init__(self, url: str) -> None:
        self.where = url.rstrip("/")
        self._files, self._root = filesystem(self.where)
        self._puts_whole = not hasattr(self._files, "chmod") and "file" not in _protocols(self._files)
        with storage_errors(self.where), driver_errors():
            self._files.makedirs(self._root, exist_ok=True)

    def names(self) -> list[str]:
        self._files.invalidate_cache()
        paths = (str(path).rstrip("/").rpartition("/")[2] for path in self._files.ls(self._root, detail=False))
        return sorted(name for name in paths if not name.startswith("."))

    def read(self, name: str) -> bytes:
        return bytes(self._files.cat_file(f"{self._root}/{name}"))

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._files.open(f"{self._root}/{name}", "rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def size(self, name: str) -> int:
        return int(self._files.size(f"{self._root}/{name}"))

    def write(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        with storage_errors(self.where), driver_errors():
            if self._puts_whole:
                self._files.pipe_file(path, data)
                return
            part = f"{self._root}/.{name}.{uuid4().hex}.part"
            try:
                self._files.pipe_file(part, data)
                self._files.mv(part, path)
            finally:
                if self._files.exists(part):
                    self._files.rm_file(part)

    def remove(self) -> None:
        if self._files.exists(self._root):
            self._files.rm(self._root, recursive=True)


def _protocols(files: Any) -> tuple[str, ...]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
