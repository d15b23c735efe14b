"""The ledger of a batch: which sources there are, in order, and where the result of each is.

An index, not a record: it is built at each start from the sources and the heads of the shards, in an SQLite database
without a name, which lives in the system's folder for temporary files and goes with the process. So memory stays flat
for millions of files, and nothing is left over by ``kill -9``.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from govie.batch.shards import Head
from govie.batch.sources import digest, is_proof, stamp
from govie.errors import ReadError, StorageError
from govie.paths import printable
from govie.pool import Limits
from govie.records import Failure

__all__ = ["Ledger", "Place", "source_key"]

_ROWS = 500
_OF_LIMITS = frozenset({"TimeLimitError", "MemoryLimitError", "CrashError"})
"""Failures that other limits may turn into reports."""
_SCHEMA = """
CREATE TABLE plan (number INTEGER PRIMARY KEY, key BLOB, source BLOB, failure BLOB, open INTEGER);
CREATE INDEX plan_key ON plan (key);
CREATE TABLE result (
    key BLOB PRIMARY KEY, shard TEXT, start INTEGER, length INTEGER, stamp TEXT, sha256 TEXT, error TEXT, limits BLOB
) WITHOUT ROWID;
"""


class Place(NamedTuple):
    """Where the result of a source is: the shard, and the place of its packed line in it."""

    shard: str
    start: int
    length: int


class Ledger:
    """The plan of a batch and its results so far.

    ``total`` counts the sources of the plan, ``done`` those that have a result.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;{_SCHEMA}")
        self._database.execute("BEGIN")  # and never committed: it does not outlive the process
        self.total = 0
        self.done = 0

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def _do(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        with _disk_errors():
            return self._database.execute(statement, values)

    def add(self, shard: str, head: Head, starts: tuple[int, ...]) -> None:
        """Enter the results in a shard; they replace earlier ones of the same sources."""
        limits = msgspec.json.encode(head.limits)
        rows = [
            (bytes.fromhex(e.key), shard, start, e.length, e.stamp, e.sha256, e.error, limits)
            for e, start in zip(head.entries, starts, strict=True)
        ]
        with _disk_errors():
            self._database.executemany("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def plan(self, source: str | ReadError, limits: Limits, *, retry: bool = False) -> None:
        """Enter a source as the next of the plan; what is known of it stands only if the source is still the same.

        ``retry`` opens those that failed again.
        """
        self.total += 1
        if isinstance(source, ReadError):
            failure = Failure(path=printable(source.where or ""), error=type(source).__name__, reason=source.what, hint=source.hint)
            self._do("INSERT INTO plan VALUES (?, NULL, NULL, ?, 0)", (self.total, msgspec.json.encode(failure)))
            self.done += 1
            return
        key = bytes.fromhex(source_key(source))
        planned = self._do("SELECT open FROM plan WHERE key = ? LIMIT 1", (key,)).fetchone()
        if planned is not None:  # named twice: extracted once, written twice
            is_open = 0
            self.done += 1
        else:
            is_open = int(not self._stands(key, source, limits, retry))
            self.done += not is_open
        self._do("INSERT INTO plan VALUES (?, ?, ?, NULL, ?)", (self.total, key, os.fsencode(source), is_open))

    def _stands(self, key: bytes, source: str, limits: Limits, retry: bool) -> bool:
        row = self._do("SELECT stamp, sha256, error, limits FROM result WHERE key = ?", (key,)).fetchone()
        if row is None:
            return False
        before, sha256, error, under = row
        if error is not None and (retry or (error in _OF_LIMITS and under != msgspec.json.encode(limits))):
            return False
        return is_proof(before, stamp(source)) or (sha256 is not None and sha256 == digest(source))

    def open_sources(self) -> Iterator[str]:
        """Yield the sources that have no result yet, in order."""
        number = 0
        # In portions: other tables are written to while this is read.
        while rows := self._do(
            "SELECT number, source FROM plan WHERE number > ? AND open ORDER BY number LIMIT ?", (number, _ROWS)
        ).fetchall():
            for number, source in rows:  # noqa: B007 - the next portion starts behind the last
                yield os.fsdecode(source)

    def finish(self, shard: str, head: Head, starts: tuple[int, ...]) -> None:
        """Enter the results in a shard that was just written."""
        self.add(shard, head, starts)
        self.done += len(head.entries)

    def places(self) -> Iterator[Place | Failure]:
        """Yield where the result of each source is, in the order of the plan; a failure of the plan as itself."""
        rows = self._do(
            "SELECT failure, shard, start, length FROM plan LEFT JOIN result USING (key) ORDER BY number"
        )
        for failure, *place in rows:
            yield msgspec.json.decode(failure, type=Failure) if failure is not None else Place(*place)

    def reports(self) -> int:
        """Return how many sources of the plan gave a report."""
        [[count]] = self._do("SELECT count(*) FROM plan JOIN result USING (key) WHERE error IS NULL")
        return int(count)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        raise StorageError(
            "the disk of the folder for temporary files is full",
            hint="Free some space, or name another folder in TMPDIR, and run the same command again.",
        ) from None


def source_key(source: str) -> str:
    """Return what identifies a path in shards: paths may hold bytes that are no text, and take much room."""
    return hashlib.blake2b(os.fsencode(source), digest_size=16).hexdigest()
