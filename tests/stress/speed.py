"""Speed of a batch with one process and with two: files a second, and the processor time of workers and parent.

    python tests/stress/speed.py --files 2000

The processor times hold on a busy machine too; the ratio of the two rates needs one with two free cores.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from stress_support import make_files

import govie
from govie.batch import Batch, Watcher


class Clock(Watcher):
    """Takes the time from the first result to the last, which leaves the start of the workers out."""

    def __init__(self) -> None:
        self.first = self.last = 0.0
        self.steps = 0
        self._on = False

    def begin(self, what: str, total: int | None, done: int = 0) -> None:
        self._on = what == "extracting"

    def step(self, failed: bool = False) -> None:
        if self._on:
            self.last = time.perf_counter()
            self.first = self.first or self.last
            self.steps += 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rules", action="store_true")
    options = parser.parse_args()
    rates: dict[int, float] = {1: 0.0, 2: 0.0}
    with tempfile.TemporaryDirectory(prefix="govie-stress-") as place:
        folder = make_files(Path(place, "in"), options.files)
        for n_process in [1, 2] * options.rounds:
            rate = measure(folder, Path(place, "facts.jsonl"), n_process, rules=options.rules)
            rates[n_process] = max(rates[n_process], rate)
    print(f"two processes: {rates[2] / rates[1]:.2f} times one (best of {options.rounds} rounds each)")


def measure(folder: Path, output: Path, n_process: int, *, rules: bool) -> float:
    """Run a batch; return files a second."""
    clock = Clock()
    before = _seconds(resource.RUSAGE_CHILDREN), _seconds(resource.RUSAGE_SELF)
    began = time.perf_counter()
    Batch([str(folder)], output, govie.load(None if rules else "default"), n_process=n_process, watcher=clock).run()
    total = time.perf_counter() - began
    workers = _seconds(resource.RUSAGE_CHILDREN) - before[0]
    parent = _seconds(resource.RUSAGE_SELF) - before[1]
    rate = (clock.steps - 1) / (clock.last - clock.first)
    print(
        f"{n_process} process(es): {rate:.0f} files/s, {total:.1f} s in all; processor time a file:"
        f" workers {workers / clock.steps * 1000:.1f} ms, parent {parent / clock.steps * 1000:.1f} ms"
        f" (planning and writing included); load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return rate


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
