"""Beside the steps of `make train`: models of 10, 25, 50 and 100 % of the counties, three seeds each → curve.json.

    python training/curve.py [--corpus DIR] [--shares 0.1 ...] [--seeds 0 ...] [--out build/training/curve.json]

Each run is kept in runs.json beside it: started again, the step goes on where it ended. The figures of 100 % are the
three seeds of the report (`govie evaluate --learning-curve`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from govie.corpus.store import reports
from govie.errors import GovieError
from govie.training.examples import read_examples
from govie.training.repeating import SEEDS, SHARES, Run, points, repeat

BUILD = Path(__file__).resolve().parent.parent / "build" / "training"


def main() -> None:
    """Train and score what is not there yet; write all points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--data", type=Path, default=BUILD)
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--out", type=Path, default=BUILD / "curve.json")
    chosen = parser.parse_args()
    kept = chosen.out.with_name("runs.json")
    train, dev = (read_examples(chosen.data / f"{split}.jsonl") for split in ("train", "dev"))
    runs = repeat(
        train,
        dev,
        {split: list(reports(split, folder=chosen.corpus)) for split in ("dev", "test")},
        shares=chosen.shares,
        seeds=chosen.seeds,
        done=msgspec.json.decode(kept.read_bytes(), type=list[Run]) if kept.is_file() else (),
        keep=partial(write, kept),
        say=partial(print, flush=True),
    )
    write(chosen.out, points(runs))


def write(path: Path, records: Sequence[object]) -> None:
    """Write records as JSON, so that a run broken off leaves the file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(records), indent=1) + b"\n")
    beside.replace(path)


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
