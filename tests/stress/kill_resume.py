"""``kill -9`` at random moments of a batch, gone on with each time: the output is that of an undisturbed run.

    python tests/stress/kill_resume.py --files 5000 --kills 20

Three things are checked: the output is the same byte for byte; each source's result is in the shards exactly once (what was
done is not done again); and no worker outlives its killed parent. The moments are random, and drawn so that some fall into
the start and the planning, most into the extraction, and those after its end into the writing of the output.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from stress_support import make_files, start


def main() -> int:
    """Run it; return 0 if all held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--n-process", type=int, default=2)
    parser.add_argument("--suffix", default=".jsonl", help="format of the output")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rules", action="store_true", help="by rules alone, which is quicker")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="govie-stress-") as place:
        return check(Path(place), options)


def check(place: Path, options: argparse.Namespace) -> int:
    """Compare an undisturbed and a disturbed run in ``place``."""
    chance = random.Random(options.seed)
    folder = make_files(place / "in", options.files)
    flags = ["--n-process", options.n_process, *(["--rules"] if options.rules else [])]
    expected = int(options.files >= 100)  # the empty files failed
    undisturbed = place / f"undisturbed{options.suffix}"
    first_shard, extracted, seconds = timed(start(folder, "-o", undisturbed, *flags), undisturbed, expected)
    print(f"undisturbed: {options.files:,} files in {seconds:.1f} s, first shard after {first_shard:.1f} s")

    output = place / f"disturbed{options.suffix}"
    for number in range(1, options.kills + 1):
        if chance.random() < 0.2:
            moment = chance.uniform(0.1, first_shard)
        elif done(output) < options.files:
            moment = first_shard + chance.uniform(0, 4 * (extracted - first_shard) / options.kills)
        else:
            moment = chance.uniform(0.5, first_shard + seconds - extracted)
        kill_after(start(folder, "-o", output, *flags, "--keep"), moment)
        print(f"kill {number} after {moment:.1f} s: {done(output):,} files done", flush=True)
        assert not output.exists() or whole(output, undisturbed), "half an output"
    status = start(folder, "-o", output, *flags, "--keep").wait()
    assert status == expected, f"the last run ended with {status}"
    same = whole(output, undisturbed)
    again = {path: count for path, count in counted(output).items() if count > 1}
    print(f"output identical: {same}; files done more than once: {len(again)} of {len(counted(output)):,}")
    complete = len(counted(output)) == options.files
    left = [path.name for path in place.iterdir() if path.name.endswith(".part")]
    print(f"all files in shards: {complete}; half files left: {len(left)}")
    shutil.rmtree(place / "in")
    return 0 if same and complete and not again and not left else 1


def timed(run: subprocess.Popen[bytes], output: Path, expected: int) -> tuple[float, float, float]:
    """Return when a run wrote its first shard, its last one and its output, in seconds after its start."""
    began = time.perf_counter()
    first = last = 0.0
    shards = 0
    folder = output.parent / f"{output.name}.govie" / "shards"
    while run.poll() is None:
        time.sleep(0.05)
        if folder.is_dir() and (now := len(list(folder.glob("*.gz")))) > shards:
            shards, last = now, time.perf_counter() - began
            first = first or last
    assert run.returncode == expected, f"the undisturbed run ended with {run.returncode}"
    return first, last, time.perf_counter() - began


def kill_after(run: subprocess.Popen[bytes], seconds: float) -> None:
    """Kill a run, its parent process only, after some seconds; see that its workers end too."""
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        family = psutil.Process(run.pid).children(recursive=True)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive, f"{len(alive)} workers outlive their parent"


def whole(output: Path, undisturbed: Path) -> bool:
    """Return whether the two outputs are the same, byte for byte."""
    return output.is_file() and output.read_bytes() == undisturbed.read_bytes()


def counted(output: Path) -> Counter[str]:
    """Return how often each source is in the shards."""
    count: Counter[str] = Counter()
    for shard in (output.parent / f"{output.name}.govie" / "shards").glob("*.jsonl.gz"):
        with gzip.open(shard, "rt", encoding="utf-8") as lines:
            count.update(entry["path"] for entry in json.loads(lines.readline())["entries"])
    return count


def done(output: Path) -> int:
    """Return how many sources are in the shards."""
    return len(counted(output))


if __name__ == "__main__":
    sys.exit(main())
