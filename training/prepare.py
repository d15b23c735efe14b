"""Step 1: corpus → build/training/{train,dev,test}.jsonl, the sentences with what their numbers mean.

    python training/prepare.py [--corpus DIR] [--out DIR]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from examples import examples_of, write_examples

from govie.corpus.store import SPLITS, reports
from govie.errors import CorpusError, GovieError

GATE = 0.995
"""The share of gold numbers that must be reached; what is missing is named either way."""


def main() -> None:
    """Write the examples of each split, or stop with the gold spans that would be lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None, help="folder with reports/ and splits.csv")
    parser.add_argument("--out", type=Path, default=Path("build/training"))
    chosen = parser.parse_args()
    for split in SPLITS:
        prepare(split, chosen.corpus, chosen.out / f"{split}.jsonl")


def prepare(split: str, corpus: str | None, path: Path) -> None:
    """Write the examples of ``split`` to ``path``.

    Raises:
        CorpusError: the split is empty, or more gold numbers than the gate allows would be lost; they are named.
    """
    made = [examples_of(report) for report in reports(split, folder=corpus)]
    if not made:
        raise CorpusError("no reports in this split", where=split, hint="Make it with `govie corpus split`.")
    lost = [f"{report.name} {span}" for report in made for span in report.unreached]
    gold = sum(number.gold != ("none",) for report in made for example in report.examples for number in example.numbers)
    recall = gold / max(1, gold + len(lost))
    print(f"{split}: {len(made)} reports, {gold} numbers that state facts, {recall:.4f} of them reached")
    if split != "test":  # test reports are scored and never read
        print(*(f"  not reached: {span}" for span in lost), sep="\n")
    if recall < GATE:
        hint = "Look at the sections and tables found there, or correct the spans."
        raise CorpusError(f"{len(lost)} gold numbers would be lost: {', '.join(lost[:20])}", where=split, hint=hint)
    write_examples(made, path)


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
