"""The pool: order, laziness, what is lost to a crash or a limit, and what is not."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from govie.errors import UsageError
from govie.pool import Limits, Pool, _undisturbed_start, read_limits


def _double(number: int) -> int:
    if number == 13:
        os._exit(9)  # as the out-of-memory killer does
    if number == 113:
        time.sleep(60)
    if number == 213:
        hoard = bytearray(os.urandom(1 << 20)) * 400
        time.sleep(60)
        return len(hoard)
    return number * 2


def _process(_: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def _refuse() -> None:
    raise UsageError("no work today", hint="Come again.")


def _die() -> None:
    os._exit(1)


def _lost(number: int, why: str) -> tuple[int, str]:
    return number, why


def test_threads_that_start_processes_at_once_leave_the_main_module_alone() -> None:
    main = sys.modules["__main__"]
    second_is_in = threading.Event()

    def start() -> None:
        with _undisturbed_start():
            second_is_in.set()

    second = threading.Thread(target=start)
    with _undisturbed_start():
        assert sys.modules["__main__"] is not main
        second.start()
        assert not second_is_in.wait(0.2), "it waits until the main module is back"
    second.join(10)
    assert second_is_in.is_set()
    assert sys.modules["__main__"] is main


def test_results_come_in_order() -> None:
    with Pool(_double, n_process=2, lost=_lost) as pool:
        assert list(pool.run(range(20, 100))) == [2 * number for number in range(20, 100)]
        assert sorted(pool.run(range(20, 60), ordered=False)) == [2 * number for number in range(20, 60)]


@pytest.mark.parametrize("n_process", [1, 2])
def test_a_worker_that_dies_costs_one_item(n_process: int) -> None:
    with Pool(_double, n_process=n_process, lost=_lost) as pool:
        results = list(pool.run(range(40)))
    assert results == [(13, "crash") if number == 13 else number * 2 for number in range(40)]


def test_an_item_that_hangs_is_lost_and_the_rest_done() -> None:
    with Pool(_double, n_process=1, lost=_lost, limits=Limits(seconds=0.5)) as pool:
        assert list(pool.run(range(110, 117))) == [220, 222, 224, (113, "time"), 228, 230, 232]


def test_an_item_that_swells_is_lost_and_the_rest_done() -> None:
    with Pool(_double, n_process=1, lost=_lost, limits=Limits(memory=200 << 20, seconds=30)) as pool:
        assert list(pool.run(range(210, 216))) == [420, 422, 424, (213, "memory"), 428, 430]


def test_a_slow_item_does_not_stop_others_in_an_unordered_run() -> None:
    with Pool(_double, n_process=2, lost=_lost, limits=Limits(seconds=1)) as pool:
        results = list(pool.run([113, *range(20, 90)], ordered=False))
    # Others may wait in the pipe of the hanging worker, not more than a few.
    assert results.index((113, "time")) > 50
    assert len(results) == 71


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(100, 10_000):
            taken.append(number)
            yield number

    with Pool(_process, n_process=2, lost=_lost) as pool:
        results = pool.run(items())
        next(results)
        assert len(taken) <= 2 * 16 + 1
        results.close()


def test_a_caller_that_takes_its_time_costs_no_item() -> None:
    with Pool(_process, n_process=1, lost=_lost, limits=Limits(seconds=0.3)) as pool:
        results = []
        for result in pool.run(range(6)):
            time.sleep(0.5)
            results.append(result)
    assert len(set(results)) == 1


def test_ticks_come_while_an_item_takes_long() -> None:
    ticks: list[float] = []
    with Pool(_double, n_process=1, lost=_lost, limits=Limits(seconds=1)) as pool:
        list(pool.run([113], tick=lambda: ticks.append(time.monotonic())))
    assert len(ticks) > 5


def test_an_error_of_the_start_is_raised() -> None:
    with Pool(_double, n_process=1, lost=_lost, start=_refuse) as pool, pytest.raises(UsageError, match="no work today"):
        list(pool.run(range(3)))


def test_workers_that_do_not_start_are_no_endless_loop() -> None:
    with (
        Pool(_double, n_process=2, lost=_lost, start=_die) as pool,
        pytest.raises(UsageError, match="the worker processes do not start: one died before its first file"),
    ):
        list(pool.run(range(3)))


@pytest.mark.skipif(sys.platform == "win32", reason="needs /proc or ps")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import sys; sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parent.parent)]!r}
from test_pool import _double, _lost
from govie.pool import Pool
pool = Pool(_double, n_process=2, lost=_lost)
def items():
    yield from [20, 113]
    print(*[worker.process.pid for worker in pool._workers], flush=True)
    yield from [113]
list(pool.run(items()))
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert workers
        time.sleep(1)
        parent.kill()
    import psutil

    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in workers if psutil.pid_exists(pid)], timeout=5)
    assert alive == []


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2 << 30), ("1.5g", 3 << 29), ("500 MB".replace(" ", ""), 500 << 20), ("64KiB", 64 << 10), (1000, 1000), ("0", None), (None, None)],
)
def test_memory_limits(text: str | int | None, size: int | None) -> None:
    assert read_limits(None, text).memory == size


@pytest.mark.parametrize("text", ["much", "-1", "2XB", "", True, -5, "nan", "inf"])
def test_senseless_memory_limits(text: object) -> None:
    with pytest.raises(UsageError, match="a memory limit must be a size such as 2GB or 500MB, not"):
        read_limits(None, text)  # type: ignore[arg-type]


@pytest.mark.parametrize("timeout", [-1, "5", float("nan")])
def test_senseless_time_limits(timeout: object) -> None:
    with pytest.raises(UsageError, match="a time limit must be a number of seconds, not"):
        read_limits(timeout, None)  # type: ignore[arg-type]
