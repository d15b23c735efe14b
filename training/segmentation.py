"""Characters, pkuseg and jieba compared on dev: the same spancat (configs/spancat.cfg), three tokenizers.

    python training/segmentation.py [--corpus DIR] [--epochs N] [--out build/training/segmentation.json]

Trained on gated sentences of the train split, scored on those of dev: exact spans of counts and category labels. No
segmented text of the genre exists, so pkuseg learns from jieba's words, broken wherever a gold span begins or ends. A
gold span off the tokens' boundaries cannot be found; how many are is reported with the scores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, load_config, load_model_from_config

import govie.components  # noqa: F401 - registers what the config names
from govie.corpus.store import reports
from govie.errors import GovieError
from govie.numerals import find_numbers

Sample = tuple[str, list[tuple[int, int, str]]]
LABELS = ("COUNT", "CATEGORY")


def main() -> None:
    """Train the three, print and write their scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("build/training/segmentation.json"))
    chosen = parser.parse_args()
    train, dev = list(samples("train", chosen.corpus)), list(samples("dev", chosen.corpus))
    folder = chosen.out.parent / "pkuseg"
    scores = {}
    for name in ("characters", "jieba", "pkuseg"):
        if name == "pkuseg":
            train_pkuseg(train, dev, folder)
        scores[name] = compare(tokenizer(name, folder), train, dev, chosen.epochs, chosen.seed)
        print(name, scores[name], flush=True)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(scores, indent=1), encoding="utf-8")


def samples(split: str, corpus: str | None) -> Iterator[Sample]:
    """Yield the lines of the reports of ``split`` that hold a number, each with its gold spans."""
    for report in reports(split, folder=corpus):
        start = 0
        for line in report.text.split("\n"):
            end = start + len(line)
            if "|" not in line and "\t" not in line and find_numbers(line):
                inside = [(s.start - start, s.end - start, s.label) for s in report.spans if start <= s.start and s.end <= end and s.label in LABELS]
                yield line, inside
            start = end + 1


def tokenizer(name: str, folder: Path) -> Callable[[str], Sequence[str]]:
    """Return what cuts a text into words that make it up again."""
    if name == "characters":
        return list
    if name == "jieba":
        import jieba

        jieba.setLogLevel(60)
        return lambda text: list(jieba.cut(text))
    import spacy_pkuseg

    segmenter = spacy_pkuseg.pkuseg(str(folder), user_dict="default")
    return lambda text: realigned(text, segmenter.cut(text))


def realigned(text: str, words: Sequence[str]) -> list[str]:
    """The words with the blanks that pkuseg drops put back, so that they make up ``text``."""
    made, place = [], 0
    for word in words:
        start = text.find(word, place)
        if start < 0:
            continue
        made += list(text[place:start])
        made.append(word)
        place = start + len(word)
    return made + list(text[place:])


def train_pkuseg(train: Sequence[Sample], dev: Sequence[Sample], folder: Path) -> None:
    """Train pkuseg on jieba's words, broken at the edges of gold spans."""
    import spacy_pkuseg

    cut = tokenizer("jieba", folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("train", train), ("dev", dev)):
        lines = [" ".join(word for word in broken(text, spans, cut) if word.strip()) for text, spans in part]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spacy_pkuseg.train(str(folder / "train.txt"), str(folder / "dev.txt"), str(folder), train_iter=8)


def broken(text: str, spans: Sequence[tuple[int, int, str]], cut: Callable[[str], Sequence[str]]) -> list[str]:
    """The words of ``text`` with a break at every edge of a span."""
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return [word for start, end in itertools.pairwise(edges) for word in cut(text[start:end])]


def compare(cut: Callable[[str], Sequence[str]], train: Sequence[Sample], dev: Sequence[Sample], epochs: int, seed: int) -> dict[str, float]:
    """Return the scores of the spancat with this tokenizer."""
    fix_random_seed(seed)
    config = load_config(Path(__file__).parent.parent / "configs" / "spancat.cfg")
    nlp = load_model_from_config(config, auto_fill=True)
    learn, lost = examples(nlp, train, cut)
    held, lost_dev = examples(nlp, dev, cut)
    optimizer = nlp.initialize(lambda: learn[:200])
    shuffled = random.Random(seed)
    for _ in range(epochs):
        shuffled.shuffle(learn)
        for batch in spacy.util.minibatch(learn, 32):
            nlp.update(batch, sgd=optimizer, drop=0.1)
    began = time.perf_counter()
    texts = [text for text, _ in dev]
    for text in texts:
        cut(text)
    cutting = time.perf_counter() - began
    hit = wrong = 0
    gold = sum(len(spans) for _, spans in dev)
    began = time.perf_counter()
    for example, (_, spans) in zip(held, dev, strict=True):
        doc = nlp.get_pipe("spancat")(example.predicted.copy())
        found = {(s.start_char, s.end_char, s.label_) for s in doc.spans["sc"]}
        hit, wrong = hit + len(found & set(spans)), wrong + len(found - set(spans))
    return {
        "f1": round(2 * hit / max(1, hit + wrong + gold), 4),
        "precision": round(hit / max(1, hit + wrong), 4),
        "recall": round(hit / max(1, gold), 4),
        "off_boundaries_train": lost,
        "off_boundaries_dev": lost_dev,
        "characters_per_second_cut": round(sum(map(len, texts)) / max(cutting, 1e-9)),
        "characters_per_second_read": round(sum(map(len, texts)) / (time.perf_counter() - began)),
    }


def examples(nlp: Language, part: Sequence[Sample], cut: Callable[[str], Sequence[str]]) -> tuple[list[Any], int]:
    """Return the samples as spaCy examples, and how many gold spans the tokens cannot hold."""
    made, lost = [], 0
    for text, spans in part:
        words = cut(text)
        gold = Doc(nlp.vocab, words=words, spaces=[False] * len(words))
        held = [span for start, end, label in spans if (span := gold.char_span(start, end, label=label)) is not None]
        lost += len(spans) - len(held)
        gold.spans["sc"] = held
        made.append(Example(Doc(nlp.vocab, words=words, spaces=[False] * len(words)), gold))
    return made, lost


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
