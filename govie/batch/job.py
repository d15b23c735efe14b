"""A batch from its paths to its output; see the package for the three steps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Literal

import msgspec

from govie import outputs
from govie.batch.ledger import Ledger
from govie.batch.local import run_locally
from govie.batch.shards import SUFFIX, Maker, ShardReader, read_head, shard_names
from govie.batch.sources import find_sources
from govie.batch.stores import FolderStore, Store, is_url, open_store, storage_errors
from govie.batch.work import maker_of
from govie.errors import StorageError, UsageError
from govie.export import Extraction
from govie.outputs import Counts
from govie.pool import Limits
from govie.records import Failure
from govie.report import Extractor

__all__ = ["Batch", "Engine", "Summary", "Watcher", "work_folder"]

Engine = Literal["local", "ray"]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How a batch ended: reports and failures in its output, and how many of both earlier runs had left."""

    reports: int
    failures: int
    kept: int


class Watcher:
    """Is told how a batch goes on. This one does nothing; the command line has one that draws."""

    def begin(self, what: str, total: int | None, done: int = 0) -> None:
        """A step begins: of ``total`` sources (None: not known) ``done`` are done already."""

    def step(self, failed: bool = False) -> None:
        """One source more is done."""

    def fail(self, failure: Failure) -> None:
        """A failure is written to the output: called for each, in order, those of earlier runs included."""


class Batch:
    """The extraction of ``paths`` into ``output``, which goes on where an earlier run was ended.

    Args:
        paths: files and folders, or URLs that fsspec knows.
        output: the file to write; its suffix names the format.
        extractor: makes the reports.
        n_process: worker processes (with Ray: actors; None is one for each CPU of the cluster).
        limits: what one file may take.
        work: the folder (or URL) for what is not finished; beside the output by default.
        keep: leave the work folder when the output is written, so that the next run extracts only what changed.
        retry: try files that failed in an earlier run again.
        engine: ``"local"``, or ``"ray"`` for a Ray cluster at ``address``.
        watcher: is told how it goes.
        write: writes the output, as :func:`govie.outputs.write` does.

    Attributes:
        counts: what was written, None where nothing was.
    """

    def __init__(
        self,
        paths: Sequence[str],
        output: Path,
        extractor: Extractor,
        *,
        n_process: int | None = 1,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        work: str | None = None,
        keep: bool = False,
        retry: bool = False,
        engine: Engine = "local",
        address: str | None = None,
        watcher: Watcher | None = None,
        write: Callable[[Iterable[Extraction | Failure], Path], Counts] | None = None,
    ) -> None:
        outputs.check_output(output)
        self.work = work if work is not None else str(work_folder(output))
        self._paths = paths
        self._output = output
        self._extractor = extractor
        self._n_process = n_process
        self._limits = limits
        self._keep = keep
        self._retry = retry
        self._engine = engine
        self._address = address
        self._watcher = watcher or Watcher()
        self._writer = write or outputs.write
        self.counts: Counts | None = None
        self._ledger: Ledger | None = None

    @property
    def total(self) -> int:
        """The sources found so far."""
        return self._ledger.total if self._ledger else 0

    @property
    def done(self) -> int:
        """Those of them with a result."""
        return self._ledger.done if self._ledger else 0

    def run(self) -> Summary:
        """Extract and write; return how it ended. With no report at all no output is written.

        Raises:
            UsageError: another run is on in the same work folder.
            StorageError: the disk is full, or cannot be written to.
        """
        with _work_folder(self.work), closing(Ledger()) as self._ledger:
            store = open_store(_shards(self.work))
            if isinstance(store, FolderStore):
                store.sweep()
            _sweep_output(self._output)
            keep = True
            try:
                summary = self._steps(self._ledger, store)
                keep = self._keep
            finally:
                if not keep or not store.names():
                    store.remove()
        return summary

    def _steps(self, ledger: Ledger, store: Store) -> Summary:
        maker = maker_of(self._extractor)
        number = _enter_shards(ledger, store, maker)
        self._plan(ledger)
        kept = ledger.done
        self._watcher.begin("extracting", ledger.total, ledger.done)
        self._extract(ledger, store, maker, number)
        reports = ledger.reports()
        self._watcher.begin("writing", ledger.total)
        failures = self._write(ledger, store, wanted=reports > 0)
        return Summary(reports=ledger.total - failures, failures=failures, kept=kept)

    def _plan(self, ledger: Ledger) -> None:
        self._watcher.begin("looking for files", None)
        for source in find_sources(self._paths):
            ledger.plan(source, self._limits, retry=self._retry)
            self._watcher.step()

    def _extract(self, ledger: Ledger, store: Store, maker: Maker, number: int) -> None:
        if ledger.done == ledger.total:
            return
        if self._engine == "ray":
            from govie.batch.cluster import run_on_ray

            run_on_ray(
                ledger,
                store,
                number,
                extractor=self._extractor,
                maker=maker,
                limits=self._limits,
                n_actors=self._n_process,
                address=self._address,
                folder=None if all(map(is_url, [*self._paths, self.work])) else os.getcwd(),
                step=self._watcher.step,
            )
            return
        numbers = count(number)
        run_locally(
            ledger,
            store,
            lambda: f"{next(numbers):06d}{SUFFIX}",
            extractor=self._extractor,
            maker=maker,
            limits=self._limits,
            n_process=self._n_process or 1,
            step=self._watcher.step,
        )

    def _write(self, ledger: Ledger, store: Store, *, wanted: bool) -> int:
        """Write the output if it is wanted; return how many failures there were."""
        failures = 0

        def items() -> Iterator[Extraction | Failure]:
            nonlocal failures
            for item in _items(ledger, store):
                self._watcher.step(isinstance(item, Failure))
                if isinstance(item, Failure):
                    failures += 1
                    self._watcher.fail(item)
                yield item

        if wanted:
            with storage_errors(str(self._output)):
                self.counts = self._writer(items(), self._output)
        else:
            for _ in items():
                pass
        return failures


def work_folder(output: Path) -> Path:
    """Return the folder beside ``output`` for what is not finished."""
    return output.with_name(output.name + ".govie")


def _enter_shards(ledger: Ledger, store: Store, maker: Maker) -> int:
    """Enter all shards that ``maker`` made in the ledger, the newest last; return the number of the next shard."""
    number = 0
    for name in shard_names(store):
        number = max(number, int(name[:6]) + 1) if name[:6].isdecimal() else number
        found = read_head(store, name)
        if found is not None and found[0].maker == maker:
            ledger.add(name, *found)
    return number


def _items(ledger: Ledger, store: Store) -> Iterator[Extraction | Failure]:
    """Yield all results in the order of the plan."""
    reader = ShardReader(store)
    for place in ledger.places():
        if isinstance(place, Failure):
            yield place
            continue
        try:
            item = reader.item(*place)
        except (OSError, zlib.error, EOFError, msgspec.DecodeError):
            raise StorageError(
                "a shard is damaged or gone",
                where=f"{store.where}/{place.shard}",
                hint="Remove it and run the same command again: what it held is extracted again.",
            ) from None
        yield item


@contextmanager
def _work_folder(work: str) -> Iterator[None]:
    """Hold the work folder for this run alone, where it is a folder; a process that is killed gives it back.

    What is left of it without shards is removed at the end.
    """
    if is_url(work):
        yield
        return
    folder = Path(work)
    FolderStore(folder)
    held = False
    try:
        # SQLite for its locks only: they are the system's, on every system, and end with the process.
        with closing(sqlite3.connect(folder / "lock", timeout=0.1, isolation_level=None)) as lock:
            _hold(lock, work)
            held = True
            yield
    finally:
        if held and not Path(_shards(work)).exists():
            with suppress(OSError):
                (folder / "lock").unlink(missing_ok=True)
                folder.rmdir()


def _hold(lock: sqlite3.Connection, work: str) -> None:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise StorageError(f"cannot write here ({error})", where=work, hint="Choose another folder with -o.") from None
        raise UsageError(
            "another run is at work in this folder",
            where=work,
            hint="Wait until it has ended, or give another output with -o.",
        ) from None


def _shards(work: str) -> str:
    return f"{work.rstrip('/')}/shards" if is_url(work) else str(Path(work, "shards"))


def _sweep_output(output: Path) -> None:
    """Remove half outputs of runs that were killed while they wrote; the lock says that no other is on."""
    for part in outputs.parts_beside(output):
        shutil.rmtree(part, ignore_errors=True)
