"""Step 3: build/model and build/training/{dev,test}.jsonl → scores.json: rules, model alone, both, calibration.

    python training/evaluate.py [--model DIR] [--data DIR] [--splits dev test] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import msgspec

from govie.errors import GovieError
from govie.linking import Linker
from govie.training.examples import read_examples
from govie.training.scoring import score

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> None:
    """Evaluate and write the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=BUILD / "model")
    parser.add_argument("--data", type=Path, default=BUILD / "training")
    parser.add_argument("--splits", nargs="+", default=["dev", "test"])
    parser.add_argument("--out", type=Path, default=BUILD / "training" / "scores.json")
    chosen = parser.parse_args()
    linker = Linker.load(chosen.model)
    scores = {split: score(linker, read_examples(chosen.data / f"{split}.jsonl")) for split in chosen.splits}
    for split, part in scores.items():
        print(split, *(f"{name} {value}" for name, value in msgspec.to_builtins(part).items() if name != "reliability"), sep="\n  ")
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(msgspec.to_builtins(scores), indent=1), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
