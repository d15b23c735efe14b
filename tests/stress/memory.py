"""Memory of a batch: the peak of each worker and of the parent, at every quarter of the files.

    python tests/stress/memory.py --files 20000

Fails if a worker goes beyond 450 MB, or if it grows by more than a tenth between the first thousand files and the end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import psutil
from kill_resume import done
from stress_support import make_files, start

LIMIT = 450
GROWTH = 1.10


def main() -> int:
    """Run it; return 0 if memory is small and flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--n-process", type=int, default=1)
    parser.add_argument("--suffix", default=".jsonl", help="format of the output")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="govie-stress-") as place:
        return measure(Path(place), options)


def measure(place: Path, options: argparse.Namespace) -> int:
    """Watch one run in ``place``."""
    folder = make_files(place / "in", options.files)
    output = place / f"facts{options.suffix}"
    began = time.perf_counter()
    run = start(folder, "-o", output, "--n-process", options.n_process, "--keep")
    marks = sorted({min(1000, options.files), *(options.files * quarter // 4 for quarter in range(1, 5))})
    workers, parents, peaks = 0.0, 0.0, {}
    looked = 0.0
    while run.poll() is None:
        parents = max(parents, resident(run.pid))
        workers = max([workers, *(resident(child) for child in children(run.pid))])
        if time.perf_counter() - looked > 1:
            looked = time.perf_counter()
            files = done(output) or max(peaks, default=0)
            for mark in [mark for mark in marks if mark <= files and mark not in peaks]:
                peaks[mark] = workers
                print(f"{mark:>7,} files: worker {workers:.0f} MB, parent {parents:.0f} MB at most", flush=True)
        time.sleep(0.1)
    print(f"at the end, output written: worker {workers:.0f} MB, parent {parents:.0f} MB at most")
    seconds = time.perf_counter() - began
    print(f"{options.files:,} files in {seconds:.0f} s, {options.files / seconds:.0f} files/s; exit status {run.returncode}")
    first = peaks.get(min(marks), workers)
    return 0 if workers <= LIMIT and workers <= first * GROWTH else 1


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started."""
    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.NoSuchProcess:
        return []


def resident(pid: int) -> float:
    """Return the memory of a process in MB, 0 if it is gone."""
    try:
        return psutil.Process(pid).memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
