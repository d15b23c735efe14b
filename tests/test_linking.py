"""The choice between rules and model, and what becomes of the drafts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from govie.errors import ModelError
from govie.facts import draft_facts, read_prose
from govie.facts.context import sentences
from govie.linking import (
    Linker,
    Linking,
    Logistic,
    Merging,
    candidates,
    category_label,
    likeliest_first,
    link,
    rate,
)
from govie.mentions import NONE
from govie.normalise import Normalised

MEANINGS = (NONE, "disclosure.total", "disclosure.by_category", "disclosure.channel.website", "requests.received")


class Sure:
    """A number model that is sure of one meaning, whatever it is asked."""

    meanings = MEANINGS

    def __init__(self, meaning: str) -> None:
        self.row = [0.97 if m == meaning else 0.0075 for m in MEANINGS]

    def probabilities(self, passages: list[object]) -> np.ndarray:
        return np.array([self.row for p in passages for _ in p.numbers], dtype=np.float32)  # type: ignore[attr-defined]


TRUSTS_MODEL = Merging(version="test-1", rule=Logistic({}, -2.0), other=Logistic({}, 2.0), steps=())
TRUSTS_RULES = Merging(version="test-1", rule=Logistic({}, 2.0), other=Logistic({}, -2.0), steps=())


def linked(text: str, meaning: str, merging: Merging) -> Linking:
    normalised = Normalised(text)
    linker = Linker(Sure(meaning), merging)  # type: ignore[arg-type]
    return link(linker, read_prose(normalised, (), (), year=2017), year=2017)


def concepts(linking: Linking) -> list[tuple[str, str | None, float]]:
    return [(d.concept, d.category, d.value) for d in linking.reading.drafts]


def test_rules_reading_stays_with_its_confidence() -> None:
    linking = linked("全年主动公开政府信息66条。", "requests.received", TRUSTS_RULES)
    assert concepts(linking) == [("disclosure.total", None, 66)]
    rating = linking.ratings[0]
    assert rating is not None and rating.source == "rule" and rating.confidence == pytest.approx(0.8808)


def test_model_changes_a_concept() -> None:
    linking = linked("全年主动公开政府信息66条。", "disclosure.channel.website", TRUSTS_MODEL)
    assert concepts(linking) == [("disclosure.channel.website", None, 66)]
    assert linking.reading.drafts[0].rule == "test-1"
    assert linking.ratings[0] is not None and linking.ratings[0].source == "model"


def test_model_drops_a_reading() -> None:
    assert concepts(linked("全年主动公开政府信息66条。", NONE, TRUSTS_MODEL)) == []


def test_model_adds_what_the_rules_left_out() -> None:
    text = "村里的大槐树下聚了63件。"
    assert concepts(linked(text, "requests.received", TRUSTS_RULES)) == []
    linking = linked(text, "requests.received", TRUSTS_MODEL)
    assert concepts(linking) == [("requests.received", None, 63)]
    normalised = Normalised(text)
    (fact,) = rate(draft_facts(normalised, linking.reading.drafts, 2017), linking.ratings)
    assert (fact.text, fact.source, fact.rule, fact.year) == ("63件", "model", "test-1", 2017)
    assert fact.confidence == pytest.approx(0.8808)


def test_percentages_and_zero_statements_stay_with_the_rules() -> None:
    text = "本年度未收到政府信息公开申请。"
    linking = linked(text, "disclosure.total", TRUSTS_MODEL)
    assert concepts(linking) == [("requests.received", None, 0)] and linking.ratings == (None,)


def test_references_between_drafts_move_along() -> None:
    text = "全年主动公开政府信息66条，其中机构职能类6条，占9.1%，工作动态类60条。"
    normalised = Normalised(text)
    before = read_prose(normalised, (), (), year=2017)
    after = linked(text, NONE, TRUSTS_RULES).reading
    assert after == before
    dropped = linked(text, NONE, TRUSTS_MODEL).reading
    assert dropped.drafts == () and dropped.complete == frozenset()
    assert [(s.part, s.whole) for s in dropped.shares] == [(None, None)] * len(before.shares)


def test_without_a_linker_nothing_changes() -> None:
    normalised = Normalised("全年主动公开政府信息66条。")
    reading = read_prose(normalised, (), (), year=2017)
    assert link(None, reading) == Linking(reading, (None,))


@pytest.mark.parametrize(
    ("text", "index", "label"),
    [
        ("共公开66条，其中机构职能类6条。", 1, "机构职能类"),
        ("共公开66条：6条机构职能类信息。", 1, "机构职能类信息"),
        ("共有66条。", 0, None),
    ],
)
def test_category_label(text: str, index: int, label: str | None) -> None:
    (sentence,) = sentences(Normalised(text), (), ())
    span = category_label(sentence, index)
    assert (sentence.text[span[0] : span[1]] if span else None) == label


def test_candidates_are_the_rules_reading_and_the_best_other() -> None:
    scores = np.array([[0.1, 0.6, 0.2, 0.05, 0.05]])
    places = {meaning: place for place, meaning in enumerate(MEANINGS)}
    both = candidates([("disclosure.total", "disclosure.total")], scores[0], likeliest_first(scores)[0], MEANINGS, places)
    assert (both.rule, both.other, both.best) == ("disclosure.total", "disclosure.by_category", "disclosure.total")
    none = candidates([], scores[0], likeliest_first(scores)[0], MEANINGS, places)
    assert (none.rule, none.other) == (NONE, "disclosure.total")
    assert none.features["gap"] < 0 < both.features["gap"]


@pytest.mark.parametrize(
    ("read", "other", "features"),
    [
        ([], "disclosure.total", {"rule none": 1.0, "rule family none": 1.0, "other family disclosure.total": 1.0, "gap none read": -0.4595}),
        (
            [("disclosure.total", "total.plain")],
            NONE,
            {"rule total.plain": 1.0, "rule family disclosure.total": 1.0, "other family none": 1.0, "gap read none": 0.4595},
        ),
        (
            [("requests.received", "r"), ("disclosure.total", "r"), ("requests.closed", "r")],
            NONE,
            {"rule r": 1.0, "rule family requests": 1.0, "other family none": 1.0, "gap read none": -1.204, "several concepts": 1.0},
        ),
        (
            [("requests.closed", "c")],
            "disclosure.total",
            {"rule c": 1.0, "rule family requests": 1.0, "other family disclosure.total": 1.0, "gap read read": -10.7685, "rule unknown to the model": 1.0},
        ),
    ],
    ids=["nothing read", "one", "several", "unknown to the model"],
)
def test_features_of_two_readings(read: list[tuple[str, str]], other: str, features: dict[str, float]) -> None:
    """The names are made once for each pair of readings; what they say is what the weights were fitted on."""
    scores = np.array([[0.3, 0.475, 0.1, 0.035, 0.09]], dtype=np.float32)
    places = {meaning: place for place, meaning in enumerate(MEANINGS)}
    both = candidates(read, scores[0], likeliest_first(scores)[0], MEANINGS, places)
    assert both.other == other
    assert {name: both.features[name] for name in list(both.features)[3:]} == pytest.approx(features, abs=1e-3)
    assert list(both.features)[:3] == ["log rule", "log other", "gap"]


def test_calibration_reads_between_its_steps() -> None:
    merging = msgspec.structs.replace(TRUSTS_RULES, steps=((0.2, 0.1), (0.6, 0.5), (0.9, 0.95)))
    assert [merging.calibrated(p) for p in (0.0, 0.2, 0.4, 0.6, 0.75, 1.0)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.725, 0.95])


def test_linker_round_trip_and_damage(tmp_path: Path) -> None:
    from govie.pipeline import default_folder, linker_folder

    folder = default_folder()
    assert folder is not None
    linker = Linker.load(linker_folder(folder))
    linker.save(tmp_path)
    again = Linker.load(tmp_path)
    assert again.merging == linker.merging and again.numbers.meanings == linker.numbers.meanings
    (tmp_path / "merging.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="the weights cannot be read"):
        Linker.load(tmp_path)
    linker.save(tmp_path)
    (tmp_path / "numbers.npz").write_bytes(b"PK nothing")
    with pytest.raises(ModelError, match=r"the weights cannot be read .* train the model again"):
        Linker.load(tmp_path)


def test_a_model_of_other_concepts_is_refused(tmp_path: Path) -> None:
    from govie.pipeline import default_folder, linker_folder

    folder = default_folder()
    assert folder is not None
    linker = Linker.load(linker_folder(folder))
    linker.save(tmp_path)
    written = (tmp_path / "numbers.json").read_text(encoding="utf-8")
    (tmp_path / "numbers.json").write_text(written.replace('"requests.received"', '"requests.invented"'), encoding="utf-8")
    with pytest.raises(ModelError, match=r"the model knows other concepts \(requests.invented\)"):
        Linker.load(tmp_path)
