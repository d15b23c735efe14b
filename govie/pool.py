"""A lazy map over worker processes that outlives its workers: limits of time and memory, crashes, Ctrl-C.

What it does: items are taken from the iterable only as fast as workers use them (a folder of a million paths is
never held in memory), and what waits between parent and workers is bounded. An item that takes too long, makes its
process swell or kills it costs only itself: the worker is replaced and the caller's ``lost`` says what stands in the
item's place.

What it leaves out on purpose: retries of items that merely fail (the function decides what a failure returns) and
clusters of machines.

Read this first: each worker has a pipe of its own, so a worker killed in mid-message harms no other (a shared queue
would stay locked). It does its items in the order they were sent; the answer to one is therefore the start of the
next, which is all that the clock needs. Workers are started by ``spawn``, the one way that behaves alike on Linux,
macOS and Windows, but without the caller's main module: a script needs no ``if __name__ == "__main__":``.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from threading import Lock
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

from govie.errors import UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

__all__ = ["Limits", "Pool", "Why", "read_limits"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Why = Literal["time", "memory", "crash"]
"""What an item was lost to."""

_LOOK = 0.1
"""Seconds between two looks at the workers' clocks and memory."""
_AHEAD = 0.3
"""Seconds of work that wait in a worker's pipe, so that it never idles while the parent writes."""
_MOST_AHEAD = 16
_MOST_HELD = 64
"""Items under way or done out of turn, for each worker, before an ordered run waits for its slowest."""
_FALSE_STARTS = 3
"""Workers that die before their first item, one after the other, until the run is given up."""
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one item may take: ``seconds`` of time, ``memory`` in bytes of its process (RSS); None is no limit."""

    seconds: float | None = None
    memory: int | None = None

    def __bool__(self) -> bool:
        return self.seconds is not None or self.memory is not None


def read_limits(timeout: float | None, memory_limit: int | str | None) -> Limits:
    """Return the limits that a user gave: seconds, and bytes or a text such as ``"2GB"``; None and 0 are no limit.

    Raises UsageError if one of them makes no sense.
    """
    if timeout is not None and not (isinstance(timeout, int | float) and 0 <= timeout < 1e9):
        raise UsageError(
            f"a time limit must be a number of seconds, not {timeout!r}", hint="With 0 there is no limit."
        )
    return Limits(seconds=timeout or None, memory=_bytes(memory_limit) or None)


def _bytes(size: int | str | None) -> int:
    if size is None:
        return 0
    if isinstance(size, int) and not isinstance(size, bool) and size >= 0:
        return size
    if isinstance(size, str):
        number = size.strip().lower().removesuffix("b").removesuffix("i")
        unit = number[-1:] if number[-1:] in "kmgt" else ""
        with suppress(ValueError, OverflowError):
            amount = float(number.removesuffix(unit) if unit else number)
            if amount >= 0:
                return int(amount * _UNITS[unit])
    raise UsageError(
        f"a memory limit must be a size such as 2GB or 500MB, not {size!r}", hint="With 0 there is no limit."
    )


class Pool(Generic[Item, Result]):
    """Worker processes that call one function; made once, used for any number of runs, one after the other.

    Args:
        function: a function of an importable module (it is sent by name); it must not raise. Items are sent to it as
            they are, so let them be small.
        n_process: how many workers; they are started when there is work for them.
        lost: the result for an item that met a limit or whose worker died.
        limits: what one item may take.
        start: called once in each worker before its first item, with ``start_arguments``; the clock does not run yet.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        *,
        n_process: int,
        lost: Callable[[Item, Why], Result],
        limits: Limits = Limits(),  # noqa: B008 - frozen
        start: Callable[..., None] | None = None,
        start_arguments: tuple[Any, ...] = (),
    ) -> None:
        self._function = function
        self._n_process = n_process
        self._lost = lost
        self._limits = limits
        self._start = start
        self._start_arguments = start_arguments
        self._workers: list[_Worker] = []
        self._returned: deque[tuple[int, Item]] = deque()
        self._pace = _AHEAD
        self._looked = 0.0
        self._next = 0
        self._false_starts = 0

    def __enter__(self) -> Pool[Item, Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all workers: idle ones by themselves, busy ones at once."""
        workers, self._workers = self._workers, []
        self._returned.clear()
        for worker in workers:
            worker.dismiss()
        for worker in workers:
            worker.end()

    def run(
        self, items: Iterable[Item], *, ordered: bool = True, tick: Callable[[], None] | None = None
    ) -> Iterator[Result]:
        """Yield the result of each item, in the order of ``items`` or as they come.

        ``tick`` is called several times a second, also while no result comes.
        """
        rest = iter(items)
        self._next = 0
        waiting: dict[int, Result] = {}
        turn = 0
        try:
            while True:
                # How far the workers may run ahead of an item that takes long.
                bound = turn + self._n_process * _MOST_HELD if ordered else sys.maxsize
                if not self._feed(rest, bound) and not self._busy():
                    return
                for number, result in self._answers():
                    if not ordered:
                        yield result
                        continue
                    waiting[number] = result
                    while turn in waiting:
                        yield waiting.pop(turn)
                        turn += 1
                if tick is not None:
                    tick()
        finally:
            if self._busy():  # left in mid-run: what is under way is of no use to a later one
                self.close()

    def _busy(self) -> bool:
        return bool(self._returned) or any(worker.items for worker in self._workers)

    def _feed(self, rest: Iterator[Item], bound: int) -> bool:
        """Send items to workers that have room; return whether there may be more."""
        room = min(_MOST_AHEAD, max(2, int(_AHEAD / self._pace)))
        while worker := self._with_room(room):
            if self._returned:
                worker.send(*self._returned.popleft())
                continue
            if self._next >= bound:
                return True
            try:
                item = next(rest)
            except StopIteration:
                return False
            worker.send(self._next, item)
            self._next += 1
        return True

    def _with_room(self, room: int) -> _Worker | None:
        """Return the worker to send the next item to: an idle one, a new one, the least busy one; None if all are full."""
        worker = min((one for one in self._workers if not one.on_trial), key=lambda one: len(one.items), default=None)
        if worker is not None and not worker.items:
            return worker
        if len(self._workers) < self._n_process:
            return self._hire()
        return worker if worker is not None and len(worker.items) < room else None

    def _hire(self) -> _Worker:
        worker = _Worker(self._function, self._limits, self._start, self._start_arguments)
        self._workers.append(worker)
        return worker

    def _answers(self) -> Iterator[tuple[int, Result]]:
        """Wait a moment; yield what workers answered, and what stands for items that were lost."""
        from multiprocessing.connection import wait

        ready = wait([worker.connection for worker in self._workers], _LOOK)
        for worker in [one for one in self._workers if one.connection in ready]:
            began = worker.since
            try:
                answer = worker.receive()
            except (EOFError, OSError):
                yield from self._replace(worker, "crash")
                continue
            if isinstance(answer, _Ready):
                self._false_starts = 0
                continue
            if isinstance(answer, _Raised):
                raise answer.error
            self._pace += 0.1 * (worker.since - began - self._pace)
            yield answer
        now = time.monotonic()
        if self._limits and now - self._looked >= _LOOK:
            self._looked = now
            for worker in [one for one in self._workers if one.items and one.ready]:
                why = worker.beyond(self._limits)
                # An answer not read yet clears it: the caller may have been away for longer than any limit.
                if why is not None and not worker.connection.poll():
                    yield from self._replace(worker, why)

    def _replace(self, worker: _Worker, why: Why) -> Iterator[tuple[int, Result]]:
        """End ``worker``; yield its item as lost, or try it again where it may have suffered for those before it."""
        worker.end()
        self._workers.remove(worker)
        if not worker.ready:
            self._false_starts += 1
        if self._false_starts == _FALSE_STARTS:
            raise UsageError(
                "the worker processes do not start: one died before its first file",
                hint="Work in one process (n_process=1), and look for messages of the process above.",
            )
        if not worker.items:
            return
        if not worker.ready:
            self._returned.extendleft(reversed(worker.items))
            return
        number, item = worker.items.popleft()
        self._returned.extendleft(reversed(worker.items))
        if why != "time" and worker.done:
            # Memory may be that of many items, and a crash may come late: only a fresh process is proof.
            fresh = self._hire()
            fresh.on_trial = True
            fresh.send(number, item)
        else:
            yield number, self._lost(item, why)


class _Ready(msgspec.Struct, frozen=True):
    """A worker's first message: it has started."""


class _Raised(msgspec.Struct, frozen=True):
    """A worker's last message: its start, or the function, raised."""

    error: Exception


_names = count(1)


class _Worker:
    """The parent's view of one process: its pipe, the items sent to it, and since when it is at the first of them."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        limits: Limits,
        start: Callable[..., None] | None,
        start_arguments: tuple[Any, ...],
    ) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        self.connection: Connection[Any, Any]
        self.connection, far_end = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_work,
            args=(far_end, function, limits.seconds, start, start_arguments),
            name=f"govie-{next(_names)}",
            daemon=True,
        )
        self.items: deque[tuple[int, Any]] = deque()
        self.ready = False
        self.done = 0
        self.on_trial = False
        self.since = time.monotonic()
        with _undisturbed_start():
            self.process.start()
        far_end.close()

    def send(self, number: int, item: Any) -> None:
        """Give the worker an item; if it is dead, the next look at its pipe says so."""
        if not self.items:
            self.since = time.monotonic()
        self.items.append((number, item))
        with suppress(OSError):
            self.connection.send(item)

    def receive(self) -> Any:
        """Return the next message: (number, result), _Ready or _Raised. Raises EOFError or OSError if it died."""
        message = self.connection.recv()
        self.since = time.monotonic()
        if isinstance(message, _Ready):
            self.ready = True
        elif not isinstance(message, _Raised):
            number, _ = self.items.popleft()
            self.done += 1
            self.on_trial = False
            return number, message
        return message

    def beyond(self, limits: Limits) -> Why | None:
        """Return the limit that the item in work is beyond, None if it is within both."""
        if limits.seconds is not None and time.monotonic() - self.since > limits.seconds:
            return "time"
        if limits.memory is not None and _resident(self.process.pid) > limits.memory:
            return "memory"
        return None

    def dismiss(self) -> None:
        """Close the pipe, which an idle worker takes for its end; kill a busy one."""
        self.connection.close()
        if self.items or not self.ready:
            self.process.kill()

    def end(self) -> None:
        """See to it that the process is gone."""
        self.connection.close()
        if not self.items:
            self.process.join(1)
        self.process.kill()
        self.process.join(5)
        if self.process.exitcode is not None:  # else it hangs in the kernel, and nobody can end it
            self.process.close()


def _resident(pid: int | None) -> int:
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0  # it just died; its pipe says so


_starting = Lock()
"""Held while the main module is put aside: of two threads that start processes one would put it aside for good."""


@contextmanager
def _undisturbed_start() -> Iterator[None]:
    """A process started in here does not import the caller's main module, and Ctrl-C does not reach it."""
    import signal

    masks = hasattr(signal, "pthread_sigmask")
    with _starting:
        main = sys.modules["__main__"]
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            if masks:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    connection: Connection[Any, Any],
    function: Callable[[Any], Any],
    seconds: float | None,
    start: Callable[..., None] | None,
    start_arguments: tuple[Any, ...],
) -> None:
    """The life of a worker: start, then one answer for each item until the pipe closes."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent gets them too, and decides
    _die_with_parent()
    try:
        if start is not None:
            start(*start_arguments)
        connection.send(_Ready())
        while True:
            item = connection.recv()
            # The last resort of a worker that hangs and has lost its parent: the kernel ends it.
            if seconds is not None and hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 2 * seconds + 60)
            connection.send(function(item))
            if seconds is not None and hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # goes to the parent, which raises it
        with suppress(OSError):
            connection.send(_Raised(error))


def _die_with_parent() -> None:
    """End this process when its parent ends, also in the middle of an item."""
    import os
    from multiprocessing import parent_process
    from threading import Thread

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
