"""The format of a shard: gzip members, the first a head, then one for each source.

Unpacked (``zcat``) a shard is JSON lines: the head, a :class:`Head` with the shard's part of the manifest, then one
:class:`Line` for each of the head's entries, in their order. As each line is packed by itself, one result can be
read without the others, and results packed by different processes are joined as they are.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import msgspec

from govie.batch.stores import Store
from govie.export import Extraction
from govie.outputs.sound import sound
from govie.pool import Limits
from govie.records import Failure

__all__ = ["SUFFIX", "Entry", "Head", "Line", "Maker", "Result", "ShardReader", "pack", "read_head", "shard_names", "write_shard"]

SUFFIX = ".jsonl.gz"


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """What made results: where one of these differs, they are made again.

    ``model`` and ``model_sha256`` are None for rules alone; ``shards`` is the version of this format.
    """

    govie: str
    model: str | None
    model_sha256: str | None
    shards: int = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A source in the manifest.

    ``key`` identifies its path, of which ``path`` is the printable form; ``stamp`` and ``sha256`` tell its version
    (None where it could not be seen or read); ``error`` is the kind of its failure, None for a report; ``length`` that
    of its packed line in bytes.
    """

    key: str
    path: str
    stamp: str | None
    sha256: str | None
    error: str | None
    length: int


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a shard: its part of the manifest."""

    maker: Maker
    limits: Limits
    entries: tuple[Entry, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A result: a report with its text, or a failure."""

    extraction: Extraction | None = None
    failure: Failure | None = None

    @property
    def item(self) -> Extraction | Failure:
        """The one of the two that it is."""
        item = self.failure if self.extraction is None else self.extraction
        assert item is not None
        return item


class Result(NamedTuple):
    """A source's entry and its packed line."""

    entry: Entry
    packed: bytes


def pack(item: Extraction | Failure) -> bytes:
    """Return the packed line of a result; what JSON cannot hold is replaced as outputs do it."""
    line = Line(failure=sound(item)) if isinstance(item, Failure) else Line(extraction=sound(item))
    return _pack(msgspec.json.encode(line))


def write_shard(store: Store, name: str, maker: Maker, limits: Limits, results: Iterable[Result]
) -> tuple[Head, tuple[int, ...]]:
    """Write a shard; return its head and where the line of each entry starts. Raises StorageError.

    The same results give the same bytes.
    """
    results = list(results)
    head = Head(maker=maker, limits=limits, entries=tuple(result.entry for result in results))
    packed = _pack(msgspec.json.encode(head))
    store.write(name, b"".join([packed, *(result.packed for result in results)]))
    return head, _starts(head, len(packed))[:-1]


def read_head(store: Store, name: str) -> tuple[Head, tuple[int, ...]] | None:
    """Return the head of a shard and where the line of each entry starts; None if the shard is damaged."""
    unpacker = zlib.decompressobj(wbits=31)
    text, read = b"", 0
    try:
        for piece in store.pieces(name):
            text += unpacker.decompress(piece)
            read += len(piece)
            if unpacker.eof:
                break
        head = _head_decoder.decode(text)
    except (zlib.error, msgspec.DecodeError):
        return None
    *starts, end = _starts(head, read - len(unpacker.unused_data))
    return (head, tuple(starts)) if end == store.size(name) else None


class ShardReader:
    """Reads single results; keeps the last few shards, as results come mostly in the order in which they were made."""

    def __init__(self, store: Store) -> None:
        self._read = lru_cache(maxsize=8)(store.read)

    def item(self, name: str, start: int, length: int) -> Extraction | Failure:
        """Return the result whose packed line is ``length`` bytes from ``start`` on in the shard ``name``."""
        return _line_decoder.decode(gzip.decompress(self._read(name)[start : start + length])).item


def shard_names(store: Store) -> Iterator[str]:
    """Yield the names of the shards in a store, the oldest first."""
    return (name for name in store.names() if name.endswith(SUFFIX))


def _starts(head: Head, first: int) -> tuple[int, ...]:
    """Return where each line starts, and at last where the shard ends, if the first line starts at ``first``."""
    return tuple(accumulate((entry.length for entry in head.entries), initial=first))


def _pack(line: bytes) -> bytes:
    return gzip.compress(line + b"\n", compresslevel=3, mtime=0)


_head_decoder = msgspec.json.Decoder(Head)
_line_decoder = msgspec.json.Decoder(Line)
