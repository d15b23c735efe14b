"""Features of numbers, the shipped model's folder, and its spaCy pipeline."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import govie
from govie.errors import ModelError
from govie.mentions import COLUMNS, NONE, NumberModel, Passage, encode
from govie.numerals import find_numbers
from govie.pipeline import LINKER, default_folder, linker_folder, load_pipeline

DATA = Path(__file__).parent / "data"


def passage(text: str, kind: str | None = "disclosure") -> Passage:
    return Passage(text, tuple(find_numbers(text)), kind, ("概述",))


def test_encode_gives_a_row_a_number() -> None:
    rows = encode([passage("公开信息66条，其中动态6条。"), passage("收到申请2件。")], 12)
    assert rows.shape == (3, COLUMNS) and rows.dtype == np.int32
    assert rows.min() >= 0 and rows.max() < 1 << 12


def test_encode_of_nothing() -> None:
    assert encode([], 12).shape == (0, COLUMNS)


def test_figures_do_not_matter_but_words_do() -> None:
    one, same, other = (encode([passage(t)], 16)[0] for t in ("公开信息66条。", "公开信息81条。", "收到申请66条。"))
    assert (one == same).all()
    assert (one != other).any()


def test_sum_of_parts_is_a_feature() -> None:
    fits, off = (encode([passage(t)], 16)[0] for t in ("公开信息7条，动态3条，通知4条。", "公开信息9条，动态3条，通知4条。"))
    assert (fits != off).any()


def test_one_report_does_not_change_another() -> None:
    first, second = passage("公开信息66条。"), passage("收到申请2件，办结2件。")
    together = encode([first, second], 16)
    assert (together[:1] == encode([first], 16)).all() and (together[1:] == encode([second], 16)).all()


@pytest.fixture(scope="module")
def shipped() -> Path:
    folder = default_folder()
    assert folder is not None, "models/zh_govie is missing: run make train"
    return folder


def test_shipped_model_is_small_and_holds_no_code(shipped: Path) -> None:
    files = [path for path in shipped.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 15_000_000
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".py", ".joblib")]


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("全年主动公开政府信息66条。", ["disclosure.total"]),
        ("全年共收到政府信息公开申请5件。", ["requests.received"]),
        ("全镇种植柑橘300亩。", [NONE]),
    ],
)
def test_number_model(shipped: Path, text: str, meanings: list[str]) -> None:
    model = NumberModel.load(linker_folder(shipped))
    scores = model.probabilities([passage(text, None)])
    assert scores.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert [model.meanings[place] for place in scores.argmax(axis=1)] == meanings


def test_weights_of_other_features_are_refused(shipped: Path, tmp_path: Path) -> None:
    NumberModel.load(linker_folder(shipped)).save(tmp_path)
    written = (tmp_path / "numbers.json").read_text(encoding="utf-8")
    (tmp_path / "numbers.json").write_text(written.replace(f'"columns": {COLUMNS}', '"columns": 3'), encoding="utf-8")
    with pytest.raises(ModelError, match="the weights belong to another version of govie"):
        NumberModel.load(tmp_path)


def test_pipeline_loads_with_spacy(shipped: Path) -> None:
    pytest.importorskip("spacy")
    nlp = load_pipeline(shipped)
    text = "一、概述\n全年主动公开政府信息 66 条。"
    doc = nlp(text)
    assert doc.text == text
    assert [(span.text, span.label_) for span in doc.spans["govie"]] == [("66 条", "disclosure.total")]
    assert nlp("").spans["govie"] is not None


def test_rules_model_and_choice_have_groups_of_their_own(shipped: Path) -> None:
    pytest.importorskip("spacy")
    nlp = load_pipeline(shipped)
    assert nlp.pipe_names == ["govie_rules", "govie_linker", "govie_merged"]
    text = (DATA / "liuqiao_2017.txt").read_text(encoding="utf-8")
    doc = nlp(text)
    facts = [(f.start, f.end, f.concept, f.rule) for f in govie.extract(text).facts]
    assert [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans["govie_merged"]] == facts and len(facts) > 10
    by_rules = [(f.start, f.end, f.concept, f.rule) for f in govie.load(None).extract(text).facts]
    assert [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans["govie_rules"]] == by_rules
    assert {s.kb_id_ for s in doc.spans["govie_rules"]} == {""}
    assert all(0 < float(s.kb_id_) <= 1 for s in doc.spans["govie_merged"] if s.kb_id_)
    numbers = {(s.start_char, s.end_char) for s in doc.spans["govie"]}
    assert (facts[0][0], facts[0][1]) in numbers


def test_groups_hold_in_a_text_that_a_reader_would_change(shipped: Path) -> None:
    pytest.importorskip("spacy")
    text = "\ufeff一、概述\r\n全年主动公开政府信息 66 条。\r\n"
    doc = load_pipeline(shipped)(text)
    assert doc.text == text
    for group in ("govie_rules", "govie", "govie_merged"):
        assert [(s.text, s.label_) for s in doc.spans[group]] == [("66 条", "disclosure.total")], group


def test_merged_group_needs_the_linker(shipped: Path) -> None:
    pytest.importorskip("spacy")
    nlp = load_pipeline(shipped)
    nlp.remove_pipe("govie_linker")
    with pytest.raises(ModelError, match=r"govie_merged needs the component govie_linker, which this pipeline has not\. Add it"):
        nlp("全年主动公开政府信息66条。")


def test_without_weights_the_rules_hold() -> None:
    spacy = pytest.importorskip("spacy")
    import govie.components  # noqa: F401

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "govie.characters.v1"}}})
    nlp.add_pipe("govie_linker")
    nlp.add_pipe("govie_merged")
    doc = nlp("全年主动公开政府信息66条。")
    assert [(s.text, s.label_) for s in doc.spans["govie_merged"]] == [("66条", "disclosure.total")]
    assert len(doc.spans["govie"]) == 0


def test_spacy_finds_the_components_by_itself(shipped: Path) -> None:
    """Entry points: whoever has the folder and govie installed need not import govie."""
    pytest.importorskip("spacy")
    code = "import spacy, sys; print(*spacy.load(sys.argv[1])('公开政府信息66条。').spans)"
    found = subprocess.run([sys.executable, "-c", code, str(shipped)], capture_output=True, text=True, check=False)
    assert found.stdout.split() == ["govie_rules", "govie", "govie_merged"], found.stderr


def test_no_shipped_model_gives_the_rules_with_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govie.pipeline.default_folder", lambda: None)
    with pytest.warns(UserWarning, match="no model came with this installation of govie: facts are read by rules alone") as caught:
        extractor = govie.load()
    assert extractor.extract("全年主动公开政府信息66条。").facts[0].source == "rule"
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert extractor.model is None


def test_suggester_proposes_numbers_and_labels(shipped: Path) -> None:
    pytest.importorskip("spacy")
    from govie.components import make_number_suggester

    doc = load_pipeline(shipped).make_doc("其中，农村基层党风廉政建设类6条。")
    proposed = make_number_suggester()([doc])
    words = {doc[start:end].text for start, end in proposed.data.tolist()}
    assert {"6条", "农村基层党风廉政建设类"} <= words
    assert proposed.lengths.tolist() == [len(proposed.data)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ((), r"this folder holds no trained pipeline \(no config.cfg in it\)"),
        (("config.cfg",), "this pipeline has no component govie_linker"),
    ],
)
def test_linker_folder_says_what_is_missing(tmp_path: Path, files: tuple[str, ...], message: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match=message):
        linker_folder(tmp_path)
    (tmp_path / "config.cfg").touch()
    (tmp_path / LINKER).mkdir()
    assert linker_folder(tmp_path) == tmp_path / LINKER
