"""Beside the steps of `make train`: characters, jieba and pkuseg with the same spancat, scored on dev.

    python training/segmentation.py [--corpus DIR] [--epochs N] [--seeds 0 1 2] [--out build/training/segmentation.json]

pkuseg's domain model is that of training/segmenter.py, which this needs (build/pkuseg).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from govie.corpus.store import reports
from govie.errors import GovieError
from govie.training.segmentation import TOKENIZERS, compare, samples, tokenizer

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> None:
    """Train each with each seed, print and write their scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--pkuseg", type=Path, default=BUILD / "pkuseg")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=BUILD / "training" / "segmentation.json")
    chosen = parser.parse_args()
    learn, held = (list(samples(reports(split, folder=chosen.corpus))) for split in ("train", "dev"))
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in TOKENIZERS}
    for seed in chosen.seeds:
        for name in TOKENIZERS:
            scores[name].append(compare(tokenizer(name, chosen.pkuseg), learn, held, chosen.epochs, seed))
            print(f"seed {seed}, {name}: {scores[name][-1]}", flush=True)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
