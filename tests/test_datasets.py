"""Extraction in Hugging Face datasets, offline."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from outputs_support import all_rows, bare_extraction, full_extraction, make_extraction

import govie
from govie import report
from govie.datasets import FactsOf, fact_features, facts_dataset, with_facts
from govie.errors import UsageError
from govie.outputs.schema import FACTS

TEXTS = ["2017年主动公开政府信息66条，收到申请0件。", "", "今天天气很好。", None]


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    datasets.disable_progress_bars()
    yield datasets
    datasets.enable_progress_bars()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("num_proc", [None, 2])
def test_a_column_of_facts(num_proc: int | None, offline: Any) -> None:
    dataset = offline.Dataset.from_dict({"report": TEXTS * 25, "town": list(range(100))})
    read = with_facts(dataset, "report", model=None, num_proc=num_proc)
    assert read.column_names == ["report", "town", "facts", "facts_error"]
    assert read["town"][:] == list(range(100))
    assert read.features["facts"] == fact_features()
    for number in (0, 96):
        facts = read[number]["facts"]
        assert [(fact["concept"], fact["value"], fact["text"]) for fact in facts] == [
            ("disclosure.total", 66.0, "66条"), ("requests.received", 0.0, "0件"),
        ]  # fmt: skip
        assert facts[0]["confidence"] is None
    # Nothing stated is an empty list; what could not be read is null and says why.
    assert (read[1]["facts"], read[2]["facts"], read[3]["facts"]) == ([], [], None)
    assert read[3]["facts_error"] == (
        "a report's text must be a str, not NoneType. Bytes and files of any encoding are read by extract_file(path)."
    )
    assert read[0]["facts_error"] is None


def test_the_example_in_the_documentation(offline: Any, liuqiao: govie.Report) -> None:
    page = (Path(__file__).parent.parent / "docs/outputs.md").read_text(encoding="utf-8")
    code = page.partition("<!-- run by tests/test_datasets.py -->\n```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {"reports": [liuqiao]}
    exec(code.replace("num_proc=2", "num_proc=None"), names)
    assert names["pages"][0]["facts"][0]["concept"] == "disclosure.total"
    assert names["pages"][1]["facts"] is None and names["pages"][1]["facts_error"]
    assert names["facts"].num_rows == len(liuqiao.facts)


def test_what_maps_travels_to_other_processes() -> None:
    function = pickle.loads(pickle.dumps(FactsOf("report", model=None)))
    assert [fact["value"] for fact in function({"report": TEXTS[:1]})["facts"][0]] == [66.0, 0.0]


def test_the_model_is_read_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from govie.linking import Linker

    loaded = []
    load = Linker.load
    monkeypatch.setattr(Linker, "load", lambda folder: loaded.append(folder) or load(folder))
    report._linker.cache_clear()
    function = FactsOf()
    for _ in range(3):
        assert function({"text": TEXTS[:1]})["facts"][0]
    assert len(loaded) == 1


def test_facts_as_a_dataset(offline: Any, liuqiao: govie.Report) -> None:
    dataset = facts_dataset([full_extraction(), liuqiao, bare_extraction(), full_extraction()])
    assert dataset.column_names == list(FACTS.names())
    rows = all_rows(full_extraction(), liuqiao.to_extraction(), bare_extraction(), full_extraction())["facts"]
    assert [tuple(row.values()) for row in dataset] == rows
    assert dataset.features["code"].dtype == "string"


def test_no_facts_as_a_dataset_has_the_same_columns(offline: Any) -> None:
    assert facts_dataset([]).features == facts_dataset([make_extraction()]).features


def test_facts_of_a_folder_of_tables_are_the_same(offline: Any, tmp_path: Path) -> None:
    from govie.outputs import write

    write([full_extraction()], tmp_path / "out.parquet")
    dataset = offline.Dataset.from_parquet(
        str(tmp_path / "out.parquet/facts.parquet"), cache_dir=str(tmp_path / "cache")
    )
    assert dataset.to_list() == facts_dataset([full_extraction()]).to_list()


def test_a_column_that_is_not_there(offline: Any) -> None:
    dataset = offline.Dataset.from_dict({"report": TEXTS})
    with pytest.raises(UsageError, match=r"the dataset has no column 'text'\. Its columns: report\."):
        with_facts(dataset)
    with pytest.raises(UsageError, match=r"the dataset has no column 'text'\. Its columns: report\."):
        FactsOf()({"report": TEXTS})


@pytest.mark.parametrize("call", [lambda: with_facts(None), lambda: facts_dataset([]), fact_features])  # type: ignore[arg-type]
def test_a_missing_library_is_said(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UsageError, match=r'datasets is not installed\. Run: pip install "govie\[corpus\]"'):
        call()
