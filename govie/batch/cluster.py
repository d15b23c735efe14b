"""Extraction by actors on a Ray cluster: each makes whole shards, and only their heads come back.

An actor gets a list of paths and the name of a shard, extracts the files in a worker process of its own (so that limits and
crashes are those of one machine) and writes the shard to the store, which all machines must reach. The same
list gives the same shard wherever it is made, and however often.

What Ray is not used for, on purpose: its data sets (reading them beside actors that hold all processors waits for ever
without a word, and small files fall into one block), its restarts of actors (one that finds no place keeps its
task waiting for ever), its object store for results. An actor that dies, with its node or without, is replaced where
there is room, and its list goes to the next that is free.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from socket import gethostname
from typing import Any
from uuid import uuid4

from govie.batch.ledger import Ledger
from govie.batch.shards import SUFFIX, Head, Maker, write_shard
from govie.batch.stores import Store, open_store
from govie.batch.work import maker_of, open_pool
from govie.errors import GovieError, UsageError, not_installed
from govie.pipeline import default_folder
from govie.pool import Limits
from govie.report import Extractor, load

__all__ = ["SHARD_RESULTS", "run_on_ray"]

_log = logging.getLogger(__name__)

SHARD_RESULTS = 128
"""Files in the list that an actor gets at once."""
_TRIES = 5
"""Actors that may die over one list: workers shield them from its files, so it is machines that go."""
_PATIENCE = 600.0
"""Seconds to wait for a first actor, or for another after the last one has died."""

_Task = tuple[str, tuple[str, ...], int]
"""The name of a shard, its sources, and how many actors have died over it."""


class ShardMaker:
    """What runs as an actor: a pool of one worker, and the store."""

    def ready(self, model: str | None, maker: Maker, limits: Limits, store: str, folder: str | None) -> None:
        """Open store and pool, in ``folder``, which relative paths start from.

        Raises:
            UsageError: this machine has not what the one that gives the orders has.
        """
        self._maker = maker
        self._limits = limits
        extractor = load(model)
        if maker_of(extractor) != maker:
            raise UsageError(
                "a machine of the cluster has another version of govie or another model",
                where=gethostname(),
                hint="Install the same version everywhere.",
            )
        if folder is not None:
            try:
                os.chdir(folder)
            except OSError:
                raise UsageError(
                    f"a machine of the cluster does not have the folder {folder}",
                    where=gethostname(),
                    hint="Let all machines share it under the same path, or give sources and --work as URLs.",
                ) from None
        self._store = open_store(store)
        self._pool = open_pool(extractor, 1, limits)

    def make(self, name: str, sources: tuple[str, ...]) -> tuple[Head, tuple[int, ...]]:
        """Write the shard of ``sources``; return its head and where its lines start."""
        return write_shard(self._store, name, self._maker, self._limits, self._pool.run(sources))


def run_on_ray(
    ledger: Ledger,
    store: Store,
    number: int,
    *,
    extractor: Extractor,
    maker: Maker,
    limits: Limits,
    n_actors: int | None,
    address: str | None,
    folder: str | None,
    step: Callable[[bool], None],
) -> None:
    """Extract the open sources of ``ledger`` into shards, the first with ``number``.

    ``n_actors`` is how many actors share the work, None is one for each CPU of the cluster; ``folder`` is where relative paths
    start, None where there are none; ``step`` is called for each source with whether it failed. A Ray that is running in this
    process is used, and left running.

    Raises:
        UsageError: Ray is not installed, there is no cluster at ``address``, or it has no room for an actor.
    """
    ray = _ray()
    ours = not ray.is_initialized()
    if ours:
        _connect(ray, address)
    try:
        wanted = n_actors or max(1, int(ray.cluster_resources().get("CPU", 1)))
        crew = _Crew(ray, wanted, (_portable(extractor.model), maker, limits, store.where, folder))
        try:
            for name, head, starts in crew.run(_tasks(ledger, number)):
                ledger.finish(name, head, starts)
                for entry in head.entries:
                    step(entry.error is not None)
        finally:
            crew.dismiss()
    finally:
        if ours:
            ray.shutdown()


def _portable(model: str | None) -> str | None:
    """Return the model as other machines find it, where govie may be installed elsewhere."""
    return "default" if model is not None and Path(model) == default_folder() else model


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise not_installed("Ray", "ray") from None
    return ray


def _connect(ray: Any, address: str | None) -> None:
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"there is no Ray cluster to connect to ({str(error).splitlines()[0]})",
            where=address,
            hint="Start one with `ray start --head`, and give its address.",
        ) from None


def _tasks(ledger: Ledger, number: int) -> Iterator[_Task]:
    """Yield the open sources in lists; the shards of this run share a mark, so that a straggler of one before harms none."""
    run = uuid4().hex[:8]
    sources = ledger.open_sources()
    while part := tuple(islice(sources, SHARD_RESULTS)):
        yield f"{number:06d}-{run}{SUFFIX}", part, 0
        number += 1


class _Crew:
    """The actors of a run: those that are starting, those at work, and what each has in hand."""

    def __init__(self, ray: Any, wanted: int, arguments: tuple[Any, ...]) -> None:
        self._ray = ray
        # No restarts by Ray: see the module.
        self._actor = ray.remote(ShardMaker).options(num_cpus=1, max_restarts=0, max_task_retries=0)
        self._arguments = arguments
        self._starting: dict[Any, Any] = {}
        self._at_work: dict[Any, tuple[Any, _Task]] = {}
        self._again: deque[_Task] = deque()
        self._false_starts = 0
        self._most_false_starts = _TRIES * wanted
        for _ in range(wanted):
            self._hire()

    def run(self, tasks: Iterator[_Task]) -> Iterator[tuple[str, Head, tuple[int, ...]]]:
        """Yield the name, head and starts of each shard when it is written."""
        more = True
        while more or self._at_work or self._again:
            waiting = [*self._starting, *self._at_work]
            ready, _ = self._ray.wait(waiting, num_returns=1, timeout=_PATIENCE if not self._at_work else None)
            if not ready:
                raise UsageError(
                    "the Ray cluster has no room for an actor", hint="An actor takes one CPU: see `ray status`."
                )
            [future] = ready
            if future in self._starting:
                actor = self._starting.pop(future)
                if not self._started(future):
                    self._hire()
                    continue
            else:
                actor, task = self._at_work.pop(future)
                shard = self._shard(future, task)
                if shard is None:
                    self._hire()
                    continue
                yield task[0], *shard
            following = self._again.popleft() if self._again else next(tasks, None)
            if following is None:
                more = False  # and the actor, which nobody holds any more, ends
            else:
                self._at_work[actor.make.remote(following[0], following[1])] = actor, following

    def dismiss(self) -> None:
        """End all actors."""
        for actor in [*self._starting.values(), *(actor for actor, _ in self._at_work.values())]:
            self._ray.kill(actor)
        self._starting.clear()
        self._at_work.clear()

    def _hire(self) -> None:
        actor = self._actor.remote()
        self._starting[actor.ready.remote(*self._arguments)] = actor

    def _started(self, future: Any) -> bool:
        try:
            self._get(future)
        except self._ray.exceptions.RayActorError as error:
            self._false_starts += 1
            if self._false_starts >= self._most_false_starts:
                raise UsageError(
                    f"actors do not start on the Ray cluster ({str(error).splitlines()[0]})", hint="See the logs of Ray."
                ) from None
            return False
        self._false_starts = 0
        return True

    def _get(self, future: Any) -> Any:
        """Return what an actor returned, or raise the error of govie that it raised."""
        try:
            return self._ray.get(future)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, GovieError):
                raise error.cause from None
            raise

    def _shard(self, future: Any, task: _Task) -> tuple[Head, tuple[int, ...]] | None:
        """Return what an actor made; None if it died, and its task will be done again."""
        name, sources, deaths = task
        try:
            made: tuple[Head, tuple[int, ...]] = self._get(future)
        except (self._ray.exceptions.RayActorError, self._ray.exceptions.ObjectLostError):
            if deaths + 1 == _TRIES:
                raise UsageError(
                    f"{_TRIES} actors died over the same {len(sources)} files",
                    where=sources[0],
                    hint="See the logs of Ray; what is done is kept, and the same command goes on from there.",
                ) from None
            _log.warning("an actor died; shard %s is made again", name)
            self._again.append((name, sources, deaths + 1))
            return None
        return made

