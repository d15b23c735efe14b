"""Rules and trained model together: which of the two readings of a number holds.

Read this first: the rules have read the prose into drafts; the model (:mod:`govie.mentions`) gives every number of
the same sentences a probability for each meaning. For each number there are two candidates, the rules' reading
(which may be that it states nothing) and the model's likeliest other one. Two small logistic models, fitted on
readings of towns that the number model had not seen, give the probability that each is right, from what the model
thinks of both and from how far that kind of rule can be trusted. The likelier candidate is taken, the rules' one
where they are level, and its calibrated probability is the fact's confidence. Numbers read so: those of sentences
with a unit; statements of none and percentages stay with the rules.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from govie.errors import ModelError
from govie.facts.categories import clean_category, read_label
from govie.facts.context import Sentence
from govie.facts.draft import Draft
from govie.facts.prose import states_facts
from govie.facts.rules import load_rules
from govie.facts.scope import times
from govie.mentions import NONE, NumberModel, Passage
from govie.numerals import Number
from govie.records import Fact
from govie.taxonomy import concepts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from govie.facts import ProseReading

__all__ = [
    "CONSIDERED",
    "Candidates",
    "Linker",
    "Linking",
    "Logistic",
    "Merging",
    "Rating",
    "candidates",
    "category_label",
    "likeliest_first",
    "link",
    "meaning_of",
    "passages",
    "rate",
    "read_as",
]

_SEPARATOR = re.compile(r"[，；：。！？、]")
CONSIDERED = 12
"""How many meanings of a number are looked at: more than one figure states at once."""
_FLOOR = 1e-5  # probabilities below it are all the same to the logistic models


class Rating(msgspec.Struct, frozen=True):
    """Who read a draft, and the calibrated probability that the reading is right."""

    source: str
    confidence: float


class Linking(msgspec.Struct, frozen=True):
    """The prose read by rules and model: the reading, and for each of its drafts the rating, None for unrated ones."""

    reading: ProseReading
    ratings: tuple[Rating | None, ...]


class Candidates(msgspec.Struct, frozen=True):
    """The two readings of one number, and the features that say which is right; ``best`` is the model's own choice."""

    rule: str
    other: str
    best: str
    features: dict[str, float]


class Logistic(msgspec.Struct, frozen=True):
    """A logistic model over named features; unknown names weigh nothing."""

    weights: dict[str, float]
    bias: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability for one set of features."""
        total, weight = self.bias, self.weights.get
        for name, value in features.items():
            if (own := weight(name)) is not None:
                total += own * value
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


class Merging(msgspec.Struct, frozen=True):
    """What was fitted for the choice: is the rules' reading right, is the other, and the calibration of the chosen.

    ``steps`` are the isotonic calibration: (probability, calibrated probability) in rising order, read between
    by straight lines; ``margin`` is by how much the other reading must be likelier; ``version`` names the model.
    """

    version: str
    rule: Logistic
    other: Logistic
    steps: tuple[tuple[float, float], ...]
    margin: float = 0.0

    def calibrated(self, probability: float) -> float:
        """Return the calibrated probability."""
        if not self.steps:
            return probability
        place = bisect_right(self.steps, (probability, math.inf))
        if place == 0:
            return self.steps[0][1]
        if place == len(self.steps):
            return self.steps[-1][1]
        (x0, y0), (x1, y1) = self.steps[place - 1], self.steps[place]
        return y0 + (y1 - y0) * (probability - x0) / (x1 - x0)


class Linker(msgspec.Struct, frozen=True):
    """The trained model: what scores numbers, and what chooses between it and the rules."""

    numbers: NumberModel
    merging: Merging

    @classmethod
    def load(cls, folder: Path) -> Linker:
        """Return the linker in ``folder`` (numbers.npz, numbers.json, merging.json).

        Raises:
            ModelError: a file is missing, damaged, or of another version.
        """
        try:
            merging = msgspec.json.decode((folder / "merging.json").read_bytes(), type=Merging)
        except (OSError, msgspec.MsgspecError) as error:
            hint = "Install govie again, or train the model again with `make train`."
            raise ModelError(f"the weights cannot be read ({error})", where=str(folder), hint=hint) from error
        numbers = NumberModel.load(folder)
        if unknown := {m.partition("@")[0] for m in numbers.meanings} - {NONE, *concepts()}:
            hint = "Use the model that came with this version, or train it again with `make train`."
            raise ModelError(f"the model knows other concepts ({', '.join(sorted(unknown))})", where=str(folder), hint=hint)
        return cls(numbers, merging)

    def save(self, folder: Path) -> None:
        """Write the linker to ``folder``, which must exist."""
        self.numbers.save(folder)
        (folder / "merging.json").write_bytes(msgspec.json.format(msgspec.json.encode(self.merging), indent=1))


def meaning_of(draft: Draft) -> str:
    """Return the meaning of a draft: its concept, with its applicant behind ``@``."""
    return f"{draft.concept}@{draft.applicant}" if draft.applicant else draft.concept


def read_as(drafts: Sequence[Draft], passed: str | None) -> list[tuple[str, str]]:
    """Return what the rules made of a number, each with the rule's id: its drafts' meanings, or NONE where a rule passed it over."""
    if not drafts and passed is not None:
        return [(NONE, passed)]
    return [(meaning_of(draft), draft.rule) for draft in drafts]


def passages(found: Sequence[Sentence]) -> list[tuple[Sentence, Passage, int]]:
    """Return the sentences with numbers as the model takes them, each with its own number (from 1)."""
    result = []
    section: int | None = None
    before, place = "", 0
    for count, sentence in enumerate(found, 1):
        if sentence.section != section:
            section, before, place = sentence.section, "", 0
        if sentence.numbers:
            late = not states_facts(sentence)
            passage = Passage(
                sentence.text, sentence.numbers, sentence.kind, sentence.headings, bool(sentence.run_in), before, place, late
            )
            result.append((sentence, passage, count))
        before = sentence.text
        place += 1
    return result


def candidates(
    read: Sequence[tuple[str, str]], scores: Sequence[float], likeliest: Sequence[int], meanings: Sequence[str], place_of: Mapping[str, int]
) -> Candidates:
    """Return the two readings of one number.

    Args:
        read: what the rules made of it (:func:`read_as`): meanings, each with the rule's id; empty where no rule knows it.
        scores: the model's probability of each meaning.
        likeliest: the places of the likeliest meanings, from the likeliest down (:func:`likeliest_first`).
        meanings: the meanings in the order of ``scores``.
        place_of: where each meaning stands there.
    """
    rule, name = read[0] if read else (NONE, NONE)
    own = place_of.get(rule)
    held = (own,) if len(read) < 2 else [place_of.get(meaning) for meaning, _ in read]
    best = next(place for place in likeliest if place not in held)
    other = meanings[best]
    rule_log = math.log(scores[own] + _FLOOR) if own is not None else math.log(_FLOOR)
    other_log = math.log(scores[best] + _FLOOR)
    gap = rule_log - other_log
    by_rule, by_family, by_other, by_kind = _feature_names(name, rule, other)
    features = {
        "log rule": rule_log,
        "log other": other_log,
        "gap": gap,
        by_rule: 1.0,
        by_family: 1.0,
        by_other: 1.0,
        by_kind: gap,
    }
    if own is None:
        features["rule unknown to the model"] = 1.0
    if len(read) > 1:
        features["several concepts"] = 1.0
    return Candidates(rule, other, meanings[likeliest[0]], features)


@cache
def _feature_names(name: str, rule: str, other: str) -> tuple[str, str, str, str]:
    """The features that a pair of readings has by name; there are few pairs, and every number of a report needs one."""
    kind = f"gap {'none' if rule == NONE else 'read'} {'none' if other == NONE else 'read'}"
    return f"rule {name}", f"rule family {_family(rule)}", f"other family {_family(other)}", kind


def likeliest_first(scores: NDArray[np.float32]) -> list[list[int]]:
    """Return, for each row of scores, the places of its :data:`CONSIDERED` best, likeliest first."""
    import numpy as np

    falling = -scores
    best = np.argpartition(falling, min(CONSIDERED, scores.shape[1] - 1), axis=1)[:, :CONSIDERED]
    rows = np.arange(len(scores))[:, None]
    ordered: list[list[int]] = best[rows, np.argsort(falling[rows, best], axis=1, kind="stable")].tolist()
    return ordered


def _family(meaning: str) -> str:
    """The concept of disclosure, the first word of all others."""
    concept = meaning.partition("@")[0]
    return concept if concept.startswith("disclosure") else concept.partition(".")[0]


def link(
    linker: Linker | None,
    reading: ProseReading,
    *,
    year: int | None = None,
) -> Linking:
    """Return the rules' ``reading`` with the model's where that is likelier to be right.

    Args:
        linker: the trained model; None leaves the rules' reading as it is.
        reading: what the rules read (:func:`govie.facts.read_prose`), with the same year.
        year: the report's year as far as it is known before reading.
    """
    found = passages(reading.sentences) if linker else []
    if linker is None or not found:
        return Linking(reading, (None,) * len(reading.drafts))
    table = linker.numbers.probabilities([passage for _, passage, _ in found])
    scores, order = table.tolist(), likeliest_first(table)
    merge = _Merge(linker, reading, year)
    row = 0
    for sentence, _, count in found:
        for index in range(len(sentence.numbers)):
            merge.number(sentence, count, index, scores[row], order[row])
            row += 1
    return merge.result()


class _Merge:
    """Goes through the numbers of a report and keeps, drops, changes or adds drafts."""

    def __init__(self, linker: Linker, reading: ProseReading, year: int | None) -> None:
        self.merging, self.meanings = linker.merging, linker.numbers.meanings
        self.place_of = {meaning: place for place, meaning in enumerate(self.meanings)}
        self.reading, self.year = reading, year
        self.drafts: list[Draft | None] = list(reading.drafts)
        self.ratings: list[Rating | None] = [None] * len(self.drafts)
        self.at: dict[tuple[int, int], list[int]] = {}
        for place, draft in enumerate(reading.drafts):
            if draft.origin == "count":
                self.at.setdefault((draft.start, draft.end), []).append(place)

    def number(self, sentence: Sentence, count: int, index: int, scores: Sequence[float], likeliest: Sequence[int]) -> None:
        """Choose between the readings of one number."""
        number = sentence.numbers[index]
        if number.kind == "percent":
            return
        span = sentence.start + number.start, sentence.start + number.end
        held = self.at.get(span, [])
        own = read_as([self.reading.drafts[place] for place in held], self.reading.passed.get(span))
        both = candidates(own, scores, likeliest, self.meanings, self.place_of)
        rule = self.merging.rule.probability(both.features)
        other = self.merging.other.probability(both.features)
        if other <= rule + self.merging.margin or not self._put(sentence, count, index, held, both.other, other):
            for place in held:
                self.ratings[place] = Rating("rule", round(self.merging.calibrated(rule), 4))

    def _put(self, sentence: Sentence, count: int, index: int, held: Sequence[int], meaning: str, probability: float) -> bool:
        """Take the model's reading; False where it cannot be carried out (a category without a label)."""
        concept, _, applicant = meaning.partition("@")
        label = None
        if concept == "disclosure.by_category":
            label = category_label(sentence, index)
            if label is None:
                return False
        if meaning == NONE:
            for place in held:
                self.drafts[place] = None
            return True
        start = sentence.start
        changes = {
            "concept": concept,
            "applicant": applicant or None,
            "category": clean_category(sentence.text[label[0] : label[1]]) if label else None,
            "label": (start + label[0], start + label[1]) if label else None,
            "rule": self.merging.version,
        }
        rating = Rating("model", round(self.merging.calibrated(probability), 4))
        if held:
            first = self.reading.drafts[held[0]]
            self.drafts[held[0]] = msgspec.structs.replace(first, **changes)
            self.ratings[held[0]] = rating
            for place in held[1:]:
                self.drafts[place] = None
        else:
            self.drafts.append(self._new(sentence, count, index, changes))
            self.ratings.append(rating)
        return True

    def _new(self, sentence: Sentence, count: int, index: int, changes: Mapping[str, object]) -> Draft:
        number = sentence.numbers[index]
        concept = str(changes["concept"])
        time = times(sentence.text, [n.start for n in sentence.numbers], self.year)[index]
        depth = sentence.text.count("（", 0, number.start) - sentence.text.count("）", 0, number.start)
        draft = Draft(
            concept=concept,
            category=None,
            value=number.value,
            unit=number.unit or concepts()[concept].unit,
            time=time,
            approximate=number.approximate,
            start=sentence.start + number.start,
            end=sentence.start + number.end,
            section=sentence.kind,
            rule=self.merging.version,
            sentence=count,
            part_of=self._whole(concept, count),
            depth=depth,
        )
        return msgspec.structs.replace(draft, **changes)

    def _whole(self, concept: str, count: int) -> int | None:
        """The draft that a part is added to: that of the parts beside it in its sentence."""
        if not concept.startswith(("disclosure.by_category", "disclosure.channel.")):
            return None
        beside = [d for d in self.reading.drafts if d.sentence == count and d.origin == "count"]
        return next((d.part_of for d in reversed(beside) if d.concept == concept or d.concept.startswith("disclosure.channel.")), None)

    def result(self) -> Linking:
        """The drafts in the order of the text, references to them moved along."""
        if self.drafts == list(self.reading.drafts):
            return Linking(self.reading, tuple(self.ratings))
        kept = [place for place, draft in enumerate(self.drafts) if draft is not None]
        kept.sort(key=lambda place: (self.drafts[place].start, place))  # type: ignore[union-attr]
        now = {before: after for after, before in enumerate(kept)}
        drafts = []
        for place in kept:
            draft = self.drafts[place]
            assert draft is not None
            whole = now.get(draft.part_of) if draft.part_of is not None else None
            drafts.append(draft if whole == draft.part_of else msgspec.structs.replace(draft, part_of=whole))
        shares = tuple(
            msgspec.structs.replace(
                share,
                part=now.get(share.part) if share.part is not None else None,
                whole=now.get(share.whole) if share.whole is not None else None,
            )
            for share in self.reading.shares
        )
        complete = frozenset(now[whole] for whole in self.reading.complete if whole in now)
        reading = msgspec.structs.replace(self.reading, drafts=tuple(drafts), shares=shares, complete=complete)
        return Linking(reading, tuple(self.ratings[place] for place in kept))


def category_label(sentence: Sentence, index: int) -> tuple[int, int] | None:
    """Return the span (in the sentence) of the label of a number that counts a category; None if it has none.

    The words before it in its clause, after the number before; where only connecting words stand there, those
    behind it.
    """
    numbers = sentence.numbers
    number: Number = numbers[index]
    begin = numbers[index - 1].end if index else 0
    left = sentence.text[begin : number.start]
    clause = max((m.end() for m in _SEPARATOR.finditer(left, 0, max(len(left) - 1, 0))), default=0)
    limit = numbers[index + 1].start if index + 1 < len(numbers) else len(sentence.text)
    ahead = _SEPARATOR.search(sentence.text, number.end, limit)
    right = sentence.text[number.end : ahead.start() if ahead else limit]
    for words, start, after in ((left[clause:], begin + clause, False), (right, number.end, True)):
        label = read_label(load_rules(), words, after=after)
        if len(clean_category(label.words)) >= 2 and (place := words.rfind(label.words)) >= 0:
            return start + place, start + place + len(label.words)
    return None


def rate(facts: Sequence[Fact], ratings: Sequence[Rating | None]) -> list[Fact]:
    """Return the facts of the drafts of a :class:`Linking`, one for one, with the source and confidence of their ratings."""
    return [
        fact if rating is None else msgspec.structs.replace(fact, source=rating.source, confidence=rating.confidence)
        for fact, rating in zip(facts, ratings, strict=True)
    ]
