"""Step 4: build/model and build/training/{train.jsonl,scores.json} → models/zh_govie, a folder that spaCy loads, with its card.

    python training/package.py [--model DIR] [--data DIR] [--seed N] [--out DIR]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from govie.errors import GovieError
from govie.linking import Linker
from govie.training.examples import read_examples
from govie.training.packaging import Origin, digest, package, size_of
from govie.training.scoring import Scores

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the model folder, checked to load and to run no code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "build" / "model")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--seed", type=int, default=0, help="the seed of step 2, for the card")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "zh_govie")
    chosen = parser.parse_args()
    reports = read_examples(chosen.data / "train.jsonl")
    scores = msgspec.json.decode((chosen.data / "scores.json").read_bytes(), type=dict[str, Scores])
    origin = Origin(
        name=chosen.out.name,
        data=digest(reports),
        made_by="`make train`",
        seed=chosen.seed,
        reports=len(reports),
        counties=len({report.group for report in reports}),
    )
    package(Linker.load(chosen.model), chosen.out, origin=origin, scores=scores)
    print(f"{chosen.out}: {size_of(chosen.out) / 1e6:.1f} MB")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
