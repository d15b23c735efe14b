"""The steps of training, on a handful of invented reports."""

from __future__ import annotations

import importlib.util
import json
import shlex
import subprocess
import sys
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from govie.errors import CorpusError, ModelError, UsageError
from govie.interchange import inline
from govie.mentions import NumberModel, encode
from govie.pipeline import default_folder
from govie.training import require, watching
from govie.training.examples import ReportExamples, examples_of, numbers_of, read_examples, write_examples
from govie.training.network import Settings, counts, train_network
from govie.training.packaging import LARGEST, check
from govie.training.preparing import known_unreached, prepare
from govie.training.rewording import reword
from govie.training.scoring import bins, f1

ROOT = Path(__file__).parent.parent
HEADER = "---\nyear: 2017\ntown: 青石镇\ncounty: 白河县\nprovince: 陕西省\n---\n"
SOURCE = (
    "一、⟦概述¦H1 overview⟧\n全年主动公开政府信息⟦66条¦disclosure.total⟧，其中⟦机构职能类¦CAT⟧⟦6条¦cat⟧。\n"
    "收到申请⟦2件¦requests.received⟧，⟦均为当面申请¦requests.received.in_person =2⟧。植树⟦300棵¦NUM⟧。\n"
)


@pytest.fixture
def report() -> ReportExamples:
    return examples_of(inline.parse("green", HEADER + SOURCE))


def test_examples_carry_gold_and_rules(report: ReportExamples) -> None:
    numbers = [(number.gold, [meaning for meaning, _ in number.read]) for _, number in numbers_of([report])]
    assert numbers[0] == (("disclosure.total",), ["disclosure.total"])
    assert numbers[1] == (("disclosure.by_category",), ["disclosure.by_category"])
    assert numbers[2][0] == ("requests.received",)
    assert report.group == "陕西省:白河县"
    # A fact of words alone is no number that the model could reach.
    assert report.unreached == ()


def test_examples_round_trip(report: ReportExamples, tmp_path: Path) -> None:
    write_examples([report, report], tmp_path / "deep" / "train.jsonl")
    assert read_examples(tmp_path / "deep" / "train.jsonl") == [report, report]


def test_rewording_keeps_figures_and_offsets(report: ReportExamples) -> None:
    example = report.examples[0]
    texts = set()
    for seed in range(30):
        said = reword(example.passage, example.categories, ["工作动态类"], Random(seed))
        assert [n.value for n in said.numbers] == [66, 6]
        for number in said.numbers:
            assert said.text[number.start : number.digits_end] == str(number.value)
            assert said.text[number.start : number.end].endswith(number.unit)
        texts.add(said.text)
    assert len(texts) > 10
    assert any("工作动态类" in text for text in texts)


def test_network_learns_and_repeats(report: ReportExamples) -> None:
    ids = encode([example.passage for example in report.examples], 10)
    rows = counts(np.repeat(ids, 8, axis=0), 10)
    wanted = np.repeat(np.arange(len(ids)) % 3, 8)
    settings = Settings(width=8, hidden=8, epochs=60, batch=8)
    one, two = (train_network(rows, wanted, 3, 5, settings) for _ in range(2))
    assert all((one[name] == two[name]).all() for name in NumberModel.ARRAYS)
    model = NumberModel(("a", "b", "c"), 10, [one])
    assert model.score(ids).argmax(axis=1).tolist() == [n % 3 for n in range(len(ids))]


def test_shipped_card_names_its_data() -> None:
    card = (ROOT / "models/zh_govie/README.md").read_text(encoding="utf-8")
    assert "sha256 of the training sentences: `" in card and "Limits:" in card and "MIT" in card and "Meanings (" in card
    meta = json.loads((ROOT / "models/zh_govie/meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "MIT" and meta["performance"].keys() >= {"test_merged", "test_calibration_error", "dev_merged"}
    # The card shows the same figures.
    assert f"{meta['performance']['test_merged']:.3f}" in card


def test_f1_and_bins() -> None:
    assert f1([({"a"}, {"a"}), ({"b"}, set()), (set(), {"c"})]) == 0.5
    assert f1([]) == 0
    assert bins([(0.95, True), (0.97, False), (1.0, True), (0.1, False)]) == ((0.1, 0.0, 1), (0.9733, 0.6667, 3))


def test_package_refuses_what_could_run(tmp_path: Path) -> None:
    (tmp_path / "weights.pkl").touch()
    with pytest.raises(ModelError, match=r"files that loading could run: weights\.pkl"):
        check(tmp_path)


def test_package_refuses_pickled_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "numbers.npz", embedding=np.array([{}], dtype=object))
    with pytest.raises(ModelError, match="an array holds no plain numbers"):
        check(tmp_path)


def test_package_refuses_what_is_large(tmp_path: Path) -> None:
    (tmp_path / "numbers.bin").write_bytes(bytes(LARGEST + 1))
    with pytest.raises(ModelError, match=f"the model has {LARGEST + 1} bytes, more than {LARGEST}"):
        check(tmp_path)


@pytest.mark.parametrize(
    ("event", "arguments", "why"),
    [
        ("pickle.find_class", ("os", "system"), "a pickle is loaded (pickle.find_class 'os')"),
        ("os.system", (b"ls",), "a command is run (os.system b'ls')"),
        ("exec", (compile("1", "/model/setup.py", "exec"),), "code of the folder is run (exec /model/setup.py)"),
        ("import", ("evil", "/model/evil.so", None, None, None), "code of the folder is run (import /model/evil.so)"),
        ("exec", (compile("1", "/usr/lib/python3/json.py", "exec"),), None),
        ("import", ("json", None, None, None, None), None),
        ("open", ("/model/numbers.npz", "r", 0), None),
    ],
)
def test_watch(event: str, arguments: tuple[object, ...], why: str | None) -> None:
    assert watching.reason(event, arguments, Path("/model")) == why


def test_watch_ends_the_process_that_loads_a_pickle(tmp_path: Path) -> None:
    """The shipped model, with the component's strings replaced by a pickle that names a function."""
    code = (
        "import pickle, sys; from pathlib import Path; import govie.pipeline as pipeline; from govie.training import watching\n"
        "pipeline.load_pipeline = lambda folder: pickle.loads(b'cos\\nsystem\\n.')\n"
        "watching.main(Path(sys.argv[1]))"
    )
    shipped = default_folder()
    assert shipped is not None
    found = subprocess.run([sys.executable, "-c", code, str(shipped)], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr.strip() == "loading the model would run code: a pickle is loaded (pickle.find_class 'os')"


# ---- nothing is lost on the way


def test_gold_that_would_be_lost_is_named() -> None:
    lost = inline.parse("red", HEADER + "一、⟦概述¦H1 overview⟧\n另外那⟦一宗¦requests.outcome.not_exist=1宗⟧信息不存在。\n")
    span = next(span.id for span in lost.spans if span.label == "COUNT")
    with pytest.raises(CorpusError, match=rf"train: 1 gold number would be lost: red {span} 一宗\. Look at"):
        prepare([lost], where="train")
    with pytest.raises(CorpusError, match=rf"would be lost: red {span}\. Look at"):
        prepare([lost], where="test", quote=False)
    said: list[str] = []
    assert len(prepare([lost], where="train", known=frozenset({("red", span)}), say=said.append)) == 1
    assert said == ["train: 1 report, 0 numbers that state facts, 1 more out of reach"]


def test_no_reports_is_an_error() -> None:
    with pytest.raises(CorpusError, match="train: no reports in this split"):
        prepare([], where="train")


def test_known_unreached_are_of_the_corpus() -> None:
    known = known_unreached(ROOT / "corpus/unreached.csv")
    assert known and all((ROOT / f"corpus/reports/{name}.ann").is_file() for name, _ in known)
    assert known_unreached(ROOT / "corpus/nothing.csv") == frozenset()


# ---- steps


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("training_run", ROOT / "training/run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def step(script: str, **values: Any) -> dict[str, Any]:
    return {"name": "make", "script": [f"python -c {shlex.quote(script)}"], "deps": [], "outputs": ["out.txt"]} | values


def test_step_stops_without_its_inputs(run: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"step make: deps not there: corpus, words\.txt"):
        run.run(step("", deps=["corpus", "words.txt"]), 0, tmp_path)


def test_step_stops_without_its_outputs_and_keeps_the_old_ones(run: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("old")
    with pytest.raises(SystemExit, match=r"step make: outputs not there: out\.txt"):
        run.run(step("pass"), 0, tmp_path)
    with pytest.raises(SystemExit, match="step make failed: python -c"):
        run.run(step("raise SystemExit(3)"), 0, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert (tmp_path / "out.txt").read_text() == "old"


def test_step_gets_the_seed(run: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("old")
    run.run(step("open('out.txt', 'w').write('${vars.seed}')"), 7, tmp_path)
    assert (tmp_path / "out.txt").read_text() == "7"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_steps_of_the_project(run: ModuleType) -> None:
    import srsly

    project = srsly.read_yaml(ROOT / "training/project.yml")
    assert [one["name"] for one in run.steps(project, ["all"])] == ["prepare", "train", "evaluate", "package"]
    with pytest.raises(SystemExit, match="there is no step or workflow 'bake'"):
        list(run.steps(project, ["bake"]))
    made = {output for command in project["commands"] for output in command["outputs"]}
    for command in project["commands"]:
        # weasel runs no shell: the first word is the program.
        assert all(line.startswith("python ") for line in command["script"])
        for path in command["deps"]:
            assert path in made or (ROOT / "training" / path).exists(), f"{command['name']} needs {path}, which no step makes"


def test_training_says_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govie.training.find_spec", lambda name: None if name in ("sklearn", "spacy", "jieba") else object())
    with pytest.raises(UsageError, match=r'not installed: scikit-learn, spaCy\. Run: pip install "govie\[model\]"'):
        require()
    with pytest.raises(UsageError, match=r"not installed: jieba\. Run: pip install jieba"):
        require("jieba")
