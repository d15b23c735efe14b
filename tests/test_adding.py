"""``govie train --add``: newly annotated reports in four formats, on a tiny corpus with tiny settings."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("spacy")

from training_support import TINY, counties, report
from typer.testing import CliRunner

import govie
from govie.cli import app
from govie.corpus import store
from govie.errors import CorpusError, UsageError
from govie.interchange import brat, doccano, label_studio
from govie.interchange.annotation import AnnotatedReport
from govie.mentions import NumberModel
from govie.training import adding
from govie.training.fitting import train
from govie.training.preparing import prepare


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("tiny")
    rows = []
    for split, number in (("train", 10), ("dev", 2), ("test", 2)):
        for place_of, county in enumerate(counties(split, number)):
            one = report(f"{split}{place_of}", county, len(rows))
            brat.write(one, place / "reports")
            rows.append((one.name, f"陕西省:{county}", split))
    with (place / "splits.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name", "group", "split"), *rows])
    return place


@pytest.fixture
def new() -> list[AnnotatedReport]:
    """Three reports: one county to learn from, one held out, and one more of a county that the corpus tests on."""
    (known,) = counties("test", 1)
    (train,), (test,) = counties("train", 1, 5000), counties("test", 1, 5000)
    return [report("n1", train, 20), report("n2", test, 21), report("n3", known, 22)]


def standoff(reports: Iterable[AnnotatedReport], folder: Path) -> Path:
    for one in reports:
        brat.write(one, folder)
    return folder


def bare_standoff(reports: Iterable[AnnotatedReport], folder: Path) -> Path:
    """As brat alone leaves it: no cards."""
    standoff(reports, folder)
    for card in folder.glob("*.toml"):
        card.unlink()
    return folder


def as_doccano(reports: Iterable[AnnotatedReport], folder: Path) -> Path:
    doccano.write(reports, folder / "new.jsonl")
    return folder / "new.jsonl"


def as_label_studio(reports: Iterable[AnnotatedReport], folder: Path) -> Path:
    tasks = [label_studio.task(one, number) for number, one in enumerate(reports, 1)]
    (folder / "new.json").write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return folder / "new.json"


@pytest.mark.parametrize("write", [standoff, bare_standoff, as_doccano, as_label_studio])
def test_training_with_each_format(
    write: Callable[[Iterable[AnnotatedReport], Path], Path], corpus: Path, new: list[AnnotatedReport], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    found = adding.read_annotations([write(new, tmp_path / "in")])
    assert found.errors == ()
    assert [one.name for one in found.reports] == ["n1", "n2", "n3"]
    said: list[str] = []
    trained = adding.train_with(found.reports, corpus=corpus, out=tmp_path / "mine", settings=TINY, say=said.append)
    if write is bare_standoff:
        assert any("no card; year 2017 and town 第n1镇 are read off the marks" in notice for notice in found.notices)
        assert sum(trained.added.values()) == 3
    else:
        assert found.notices == ()
        assert trained.added == {"train": 1, "dev": 0, "test": 2}
        assert said[0] == "3 new reports: 1 to train, 0 to dev, 2 of 2 counties held out for testing."
        assert trained.evaluations[adding.NEW_TEST].reports == 2
    assert trained.evaluations[adding.OLD_TEST].reports == 2
    assert [system.name for system in trained.evaluations[adding.OLD_TEST].systems] == ["rules", "old model", "new model"]
    extractor = govie.load(tmp_path / "mine")
    fact = extractor.extract("一、概述\n全年主动公开政府信息66条。").facts[0]
    assert (fact.concept, fact.value) == ("disclosure.total", 66) and fact.confidence is not None
    card = (tmp_path / "mine/README.md").read_text(encoding="utf-8")
    assert card.startswith("# mine\n") and said[0] in card and "`govie-numbers-1.mine`" in card
    assert "F1 of whole reports, the corpus' test split (2 reports of 2 towns)" in card


def test_same_seed_same_model(corpus: Path) -> None:
    examples = prepare(store.reports("train", folder=corpus), where="train")
    one, two, other = (train(examples, [], seed=seed, settings=TINY).numbers.networks[0] for seed in (3, 3, 4))
    assert all((one[name] == two[name]).all() for name in NumberModel.ARRAYS)
    assert (one["embedding"] != other["embedding"]).any()


def test_nothing_held_out_is_said(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    trained = adding.train_with(new[:1], corpus=corpus, out=tmp_path / "mine", settings=TINY)
    assert trained.evaluations.keys() == {adding.OLD_TEST}
    assert "none held out for testing (their counties' hash gives none)" in (tmp_path / "mine/README.md").read_text(encoding="utf-8")


# ---- what is wrong is said, with its place


def test_wrong_annotations_are_named_with_their_places(new: list[AnnotatedReport], tmp_path: Path) -> None:
    standoff(new, tmp_path)
    moved = (tmp_path / "n1.ann").read_text(encoding="utf-8").replace("\t60条", "\t61条").replace("\t80条", "\t81条")
    (tmp_path / "n1.ann").write_text(moved, encoding="utf-8")
    valued = (tmp_path / "n2.ann").read_text(encoding="utf-8").replace("value=81 ", "value=99 ")
    (tmp_path / "n2.ann").write_text(valued, encoding="utf-8")
    line = next(n for n, words in enumerate(valued.splitlines(), 1) if words.endswith("\t81条"))
    found = adding.read_annotations([tmp_path])
    assert [one.name for one in found.reports] == ["n2", "n3"]
    assert len(found.errors) == 2
    assert found.errors[0].startswith("n1.ann:") and "does not cover '81条'" in found.errors[0]
    assert found.errors[1].startswith(f"{tmp_path}/n2.ann:{line}: ") and "does not read 99条" in found.errors[1]


def test_errors_of_a_tool_name_report_and_span(new: list[AnnotatedReport], tmp_path: Path) -> None:
    fact = new[0].facts[0]
    wrong = msgspec.structs.replace(new[0], facts=(msgspec.structs.replace(fact, value=5), *new[0].facts[1:]))
    file = as_doccano([wrong], tmp_path)
    (error,) = adding.read_annotations([file]).errors
    assert error.startswith(f"{file}: n1: {fact.span}: '80条' does not read 5条")


def test_two_of_one_name(new: list[AnnotatedReport], tmp_path: Path) -> None:
    standoff(new[:1], tmp_path / "a")
    standoff(new[:1], tmp_path / "b")
    (error,) = adding.read_annotations([tmp_path / "a", tmp_path / "b"]).errors
    assert error == f"{tmp_path}/b/n1.ann: two reports are called n1; the other one is in {tmp_path}/a/n1.ann. Rename one."


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere: there is no such file or folder"):
        adding.read_annotations([tmp_path / "nowhere"])
    with pytest.raises(CorpusError, match="no annotated reports here"):
        adding.read_annotations([tmp_path])


def test_gold_that_would_be_lost_stops_the_training(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    county = new[0].card.county or ""
    lost = report("n4", county, 30, more="另外那⟦一宗¦requests.outcome.not_exist=1宗⟧信息不存在。")
    span = next(s.id for s in lost.spans if lost.text[s.start : s.end] == "一宗")
    with pytest.raises(CorpusError, match=rf"new reports, train: 1 gold number would be lost: n4 {span} 一宗"):
        adding.train_with([lost], corpus=corpus, out=tmp_path / "mine", settings=TINY)
    assert not (tmp_path / "mine").exists()
    said: list[str] = []
    adding.train_with([lost], corpus=corpus, out=tmp_path / "mine", settings=TINY, leave_out_lost=True, say=said.append)
    assert f"new reports, train: left out: n4 {span} 一宗" in said


def test_reports_that_the_corpus_has(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    named = msgspec.structs.replace(new[0], name="train0")
    with pytest.raises(CorpusError, match=r"the corpus has a report of this name: train0\. Rename"):
        adding.assigned([named], corpus)
    copied = msgspec.structs.replace(brat.read(corpus / "reports/test0.ann"), name="copy")
    with pytest.raises(CorpusError, match=r"the corpus has this text already: copy is test0\. Leave it out"):
        adding.assigned([copied], corpus)


def test_a_folder_that_is_there_is_kept(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this folder is there already"):
        adding.train_with(new, corpus=corpus, out=tmp_path, settings=TINY)


def test_free_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models/zh_govie-2").mkdir(parents=True)
    assert adding.free_folder(tmp_path / "models/zh_govie") == tmp_path / "models/zh_govie-3"
    monkeypatch.chdir(tmp_path)
    assert adding.free_folder(None) == Path("zh_govie-2")
    # The folder of an installed package is no place for a user's model.
    assert adding.free_folder(Path(govie.__file__).parent / "models/zh_govie") == Path("zh_govie-2")


# ---- the command


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["train", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_command(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    standoff(new, tmp_path / "new")
    out = tmp_path / "mine"
    code, stdout, stderr = run("--add", tmp_path / "new", "--corpus", corpus, "--dry-run", "--out", out)
    assert (code, stderr) == (0, "")
    assert stdout.splitlines() == [
        "3 reports read, 0 errors, 0 notices",
        "3 new reports: 1 to train, 0 to dev, 2 of 2 counties held out for testing.",
        "new reports, train: 1 report, 5 numbers that state facts, 0 more out of reach",
        "new reports, test: 2 reports, 10 numbers that state facts, 0 more out of reach",
    ]
    assert not out.exists()
    code, stdout, _ = run("--add", tmp_path / "new", "--corpus", corpus, "--out", out, "--epochs", "1")
    assert code == 0
    assert f"Use it: govie extract --model {out} PATH" in stdout
    assert (out / "config.cfg").is_file()


def test_command_stops_at_wrong_annotations(corpus: Path, new: list[AnnotatedReport], tmp_path: Path) -> None:
    standoff(new, tmp_path)
    with (tmp_path / "n3.ann").open("a", encoding="utf-8") as file:
        file.write("T99\tCOUNTS 0 2\t第n\n")
    code, stdout, stderr = run("--add", tmp_path, "--corpus", corpus, "--dry-run")
    assert code == 1
    assert "n3.ann:" in stderr and "COUNTS" in stderr
    assert "2 reports read, 1 error," in stdout


def test_command_without_a_corpus(new: list[AnnotatedReport], tmp_path: Path) -> None:
    standoff(new, tmp_path)
    code, _, stderr = run("--add", tmp_path, "--corpus", tmp_path / "none")
    assert code == 1
    assert "no corpus here (no folder 'reports')" in stderr and "give its corpus folder" in stderr


def test_command_without_reports() -> None:
    code, _, stderr = run("--dry-run")
    assert code == 2
    assert stderr.strip() == "there is nothing to add. Give annotated reports with --add DIR; `make train` trains on the corpus alone."
