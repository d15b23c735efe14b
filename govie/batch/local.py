"""Extraction by worker processes of this machine: results are gathered here and written as shards."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from govie.batch.ledger import Ledger
from govie.batch.shards import Maker, Result, write_shard
from govie.batch.stores import Store
from govie.batch.work import open_pool
from govie.errors import StorageError
from govie.pool import Limits
from govie.report import Extractor

__all__ = ["SHARD_RESULTS", "run_locally"]

SHARD_RESULTS = 128
"""Results in a shard; what ``kill -9`` can cost is the results gathered for the next one."""
_SHARD_BYTES = 8 << 20
_SHARD_SECONDS = 5.0


def run_locally(
    ledger: Ledger,
    store: Store,
    names: Callable[[], str],
    *,
    extractor: Extractor,
    maker: Maker,
    limits: Limits,
    n_process: int,
    step: Callable[[bool], None],
) -> None:
    """Extract the open sources of ``ledger`` into shards.

    ``names`` gives the name of the next shard; ``step`` is called for each source with whether it failed. On Ctrl-C,
    and whatever else ends the run, what was gathered is written first.
    """
    with _Gathering(ledger, store, names, maker, limits) as gathering, open_pool(extractor, n_process, limits) as pool:
        for result in pool.run(ledger.open_sources(), ordered=False, tick=gathering.write_if_old):
            gathering.add(result)
            step(result.entry.error is not None)


class _Gathering:
    """Results on their way to the next shard."""

    def __init__(self, ledger: Ledger, store: Store, names: Callable[[], str], maker: Maker, limits: Limits) -> None:
        self._ledger = ledger
        self._store = store
        self._names = names
        self._maker = maker
        self._limits = limits
        self._results: list[Result] = []
        self._bytes = 0
        self._since = 0.0

    def __enter__(self) -> _Gathering:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not isinstance(error, StorageError):
            self.write()

    def add(self, result: Result) -> None:
        if not self._results:
            self._since = time.monotonic()
        self._results.append(result)
        self._bytes += len(result.packed)
        if len(self._results) >= SHARD_RESULTS or self._bytes >= _SHARD_BYTES:
            self.write()

    def write_if_old(self) -> None:
        if self._results and time.monotonic() - self._since > _SHARD_SECONDS:
            self.write()

    def write(self) -> None:
        if not self._results:
            return
        name = self._names()
        head = write_shard(self._store, name, self._maker, self._limits, self._results)
        self._results.clear()
        self._bytes = 0
        self._ledger.finish(name, *head)
