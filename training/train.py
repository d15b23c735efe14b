"""Step 2: build/training/{train,dev}.jsonl → build/model (numbers.npz, numbers.json, merging.json).

    python training/train.py [--data DIR] [--out DIR] [--seed N] [--share S]
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from govie.errors import GovieError
from govie.training.examples import read_examples
from govie.training.fitting import share_of, train

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=BUILD / "training")
    parser.add_argument("--out", type=Path, default=BUILD / "model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0, help="share of the training counties")
    chosen = parser.parse_args()
    reports = share_of(read_examples(chosen.data / "train.jsonl"), chosen.share)
    linker = train(reports, read_examples(chosen.data / "dev.jsonl"), seed=chosen.seed, say=partial(print, flush=True))
    chosen.out.mkdir(parents=True, exist_ok=True)
    linker.save(chosen.out)
    print(f"{chosen.out}: {sum(p.stat().st_size for p in chosen.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
