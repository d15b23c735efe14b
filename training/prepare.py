"""Step 1: corpus → build/training/{train,dev,test}.jsonl, the sentences with what their numbers mean.

    python training/prepare.py [--corpus DIR] [--out DIR]

Stops, naming them, where gold numbers would be lost that corpus/unreached.csv does not list.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from govie.corpus.store import SPLITS, corpus_folder, reports
from govie.errors import GovieError
from govie.training.examples import write_examples
from govie.training.preparing import known_unreached, prepare

BUILD = Path(__file__).resolve().parent.parent / "build" / "training"


def main() -> None:
    """Write the examples of each split, or stop with the gold spans that would be lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None, help="folder with reports/ and splits.csv")
    parser.add_argument("--out", type=Path, default=BUILD)
    chosen = parser.parse_args()
    known = known_unreached(corpus_folder(chosen.corpus) / "unreached.csv")
    for split in SPLITS:
        made = prepare(reports(split, folder=chosen.corpus), where=split, known=known, quote=split != "test", say=print)
        write_examples(made, chosen.out / f"{split}.jsonl")


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
