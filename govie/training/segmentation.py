"""Characters, pkuseg and jieba compared: the same spancat (configs/spancat.cfg), three tokenizers.

Trained on gated lines of the train split, scored on those of dev: exact spans of counts and category labels. No
segmented text of the genre exists, so pkuseg learns from jieba's words, broken wherever a gold span begins or ends. A
gold span off the tokens' boundaries cannot be found; how many are is reported with the scores.

spaCy, pkuseg and jieba are imported when they are used.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govie.interchange.annotation import AnnotatedReport
from govie.numerals import find_numbers
from govie.pipeline import config_file

from . import require

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["TOKENIZERS", "Sample", "compare", "samples", "tokenizer", "train_pkuseg"]

Sample = tuple[str, list[tuple[int, int, str]]]
TOKENIZERS = ("characters", "jieba", "pkuseg")
LABELS = ("COUNT", "CATEGORY")
_BATCH = 32


def samples(reports: Iterable[AnnotatedReport]) -> Iterator[Sample]:
    """Yield the lines of ``reports`` that hold a number, each with its gold spans."""
    for report in reports:
        start = 0
        for line in report.text.split("\n"):
            end = start + len(line)
            if "|" not in line and "\t" not in line and find_numbers(line):
                inside = [(s.start - start, s.end - start, s.label) for s in report.spans if start <= s.start and s.end <= end and s.label in LABELS]
                yield line, inside
            start = end + 1


def tokenizer(name: str, folder: Path) -> Callable[[str], list[str]]:
    """Return what cuts a text into words that make it up again; pkuseg's model lies in ``folder``."""
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
    """Train pkuseg on jieba's words, broken at the edges of gold spans, into ``folder``."""
    require("jieba", "spacy_pkuseg")
    import spacy_pkuseg

    cut = tokenizer("jieba", folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("train", train), ("dev", dev)):
        lines = [" ".join(word for word in broken(text, spans, cut) if word.strip()) for text, spans in part]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spacy_pkuseg.train(str(folder / "train.txt"), str(folder / "dev.txt"), str(folder), train_iter=8)


def broken(text: str, spans: Sequence[tuple[int, int, str]], cut: Callable[[str], list[str]]) -> list[str]:
    """The words of ``text`` with a break at every edge of a span."""
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return [word for start, end in itertools.pairwise(edges) for word in cut(text[start:end])]


def compare(cut: Callable[[str], list[str]], train: Sequence[Sample], dev: Sequence[Sample], epochs: int, seed: int) -> dict[str, float]:
    """Return the scores of the spancat with this tokenizer."""
    require("spacy")
    from spacy.util import load_config, load_model_from_config
    from thinc.api import fix_random_seed

    import govie.components  # noqa: F401 - registers what the config names

    fix_random_seed(seed)
    config = load_config(config_file("spancat.cfg"))
    nlp = load_model_from_config(config, auto_fill=True)
    learn, lost = examples(nlp, train, cut)
    held, lost_dev = examples(nlp, dev, cut)
    optimizer = nlp.initialize(lambda: learn[:200])
    shuffled = random.Random(seed)
    for _ in range(epochs):
        shuffled.shuffle(learn)
        for first in range(0, len(learn), _BATCH):
            nlp.update(learn[first : first + _BATCH], sgd=optimizer, drop=0.1)
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


def examples(nlp: Language, part: Sequence[Sample], cut: Callable[[str], list[str]]) -> tuple[list[Any], int]:
    """Return the samples as spaCy examples, and how many gold spans the tokens cannot hold."""
    from spacy.tokens import Doc
    from spacy.training import Example

    made, lost = [], 0
    for text, spans in part:
        words = cut(text)
        gold = Doc(nlp.vocab, words=words, spaces=[False] * len(words))
        held = [span for start, end, label in spans if (span := gold.char_span(start, end, label=label)) is not None]
        lost += len(spans) - len(held)
        gold.spans["sc"] = held
        made.append(Example(Doc(nlp.vocab, words=words, spaces=[False] * len(words)), gold))
    return made, lost
