"""An ordered, lazy map over worker processes, for work that is many small items.

What it does: items are taken from the iterable only as fast as workers use them (a folder of a million
paths is never held in memory), travel in chunks, and results come back in the order of the items. A worker
that dies (killed, out of memory) costs only the item it died on: what was under way is done again, one
item at a time, in a fresh process.

What it leaves out on purpose: retries of items that merely fail (the function decides what a failure
returns) and clusters of machines.

Workers are started by ``spawn``, the one way that behaves alike on Linux, macOS and Windows: a script that
uses them needs the usual ``if __name__ == "__main__":``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

__all__ = ["map_in_processes"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNKS_PER_WORKER = 3
"""Chunks under way for each worker: one it works on, the rest so that it never waits."""


def map_in_processes(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    n_process: int,
    lost: Callable[[Item], Result],
    chunk_size: int = 16,
    start: Callable[..., None] | None = None,
    start_arguments: tuple[Any, ...] = (),
) -> Iterator[Result]:
    """Yield ``function(item)`` for each item, in order, computed by ``n_process`` processes.

    Args:
        function: a function of a module (it is sent by name); it must not raise.
        items: what to work on; taken lazily.
        lost: the result for an item whose worker died twice.
        chunk_size: how many items are sent to a worker at once.
        start: called once in each worker before its first item, with ``start_arguments``.
    """

    def open_pool(workers: int) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(workers, get_context("spawn"), initializer=start, initargs=start_arguments)

    chunks = _chunks(items, chunk_size)
    pool = open_pool(n_process)
    under_way: deque[tuple[list[Item], Future[list[Result]]]] = deque()
    try:
        while True:
            for chunk in islice(chunks, n_process * _CHUNKS_PER_WORKER - len(under_way)):
                under_way.append((chunk, _submit(pool, function, chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            if _died(future):
                # Any chunk under way may hold the item that killed the worker: each is done again on its own.
                suspects = [chunk, *(other for other, _ in under_way)]
                under_way.clear()
                pool.shutdown(wait=True, cancel_futures=True)
                for item in (item for suspect in suspects for item in suspect):
                    yield _alone(open_pool, function, item, lost)
                pool = open_pool(n_process)
                continue
            yield from future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, function: Callable[[Item], Result], chunk: list[Item]) -> Future[list[Result]]:
    from concurrent.futures import BrokenExecutor, Future

    try:
        return pool.submit(_run_chunk, function, chunk)
    except BrokenExecutor as error:  # the pool broke between two results: the chunk counts as under way
        broken: Future[list[Result]] = Future()
        broken.set_exception(error)
        return broken


def _run_chunk(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _died(future: Future[list[Result]]) -> bool:
    from concurrent.futures import BrokenExecutor

    return isinstance(future.exception(), BrokenExecutor)


def _alone(
    open_pool: Callable[[int], ProcessPoolExecutor],
    function: Callable[[Item], Result],
    item: Item,
    lost: Callable[[Item], Result],
) -> Result:
    with open_pool(1) as pool:
        future = _submit(pool, function, [item])
        return lost(item) if _died(future) else future.result()[0]


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
