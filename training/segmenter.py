"""Beside the steps of `make train`: a domain model for pkuseg from the train split → build/pkuseg.

    python training/segmenter.py [--corpus DIR] [--out DIR]

Its segmented text is jieba's, broken wherever a gold span begins or ends.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from govie.corpus.store import reports
from govie.errors import GovieError
from govie.training.segmentation import samples, train_pkuseg

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--out", type=Path, default=BUILD / "pkuseg")
    chosen = parser.parse_args()
    learn, held = (list(samples(reports(split, folder=chosen.corpus))) for split in ("train", "dev"))
    train_pkuseg(learn, held, chosen.out)
    print(f"{chosen.out}: {sum(p.stat().st_size for p in chosen.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
