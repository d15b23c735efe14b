"""The Stata file, read by two libraries that are not ours."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from outputs_support import all_rows, bare_extraction, full_extraction, make_extraction, source
from tests_support import make_fact

import govie
from govie.export import Extraction
from govie.outputs import stata, write
from govie.outputs.schema import FACTS

pandas = pytest.importorskip("pandas")


def frame_of(folder: Path, *items: Extraction, **options: Any) -> Any:
    write(items, folder / "facts.dta")
    return pandas.read_stata(folder / "facts.dta", **options)


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(None if value is None or value != value else value for value in row)
        for row in frame.itertuples(index=False)
    ]


def expected(*items: Extraction) -> list[tuple[Any, ...]]:
    """The rows as Stata has them: values with labels as their numbers, null in texts as an empty text."""
    codes = {
        place: {value: number for number, (value, _) in enumerate(column.values, 1)}
        for place, column in enumerate(FACTS.columns)
        if column.type == "text" and column.values
    }
    texts = [column.type == "text" and not column.values for column in FACTS.columns]
    return [
        tuple(
            (value or "") if text else codes[place].get(value) if place in codes else value
            for place, (text, value) in enumerate(zip(texts, row, strict=True))
        )
        for row in all_rows(*items)["facts"]
    ]


def test_what_was_written_is_read(tmp_path: Path, liuqiao: govie.Report, baitang: govie.Report) -> None:
    items = [full_extraction(), liuqiao.to_extraction(), bare_extraction(), baitang.to_extraction()]
    frame = frame_of(tmp_path, *items, convert_categoricals=False)
    assert list(frame.columns) == [column.stata or column.name for column in FACTS.columns]
    assert rows_of(frame) == expected(*items)


def test_another_library_reads_the_same(tmp_path: Path, liuqiao: govie.Report) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    items = [full_extraction(), liuqiao.to_extraction()]
    write(items, tmp_path / "facts.dta")
    frame, meta = pyreadstat.read_dta(str(tmp_path / "facts.dta"))
    assert rows_of(frame) == expected(*items)
    assert meta.file_label == "govie: facts of 政府信息公开工作年度报告"
    assert meta.variable_value_labels["scope"] == {1: "annual 当年", 2: "cumulative 累计"}


def test_variables_and_values_have_labels(tmp_path: Path) -> None:
    write([full_extraction()], tmp_path / "facts.dta")
    with pandas.io.stata.StataReader(tmp_path / "facts.dta") as reader:
        said, values = reader.variable_labels(), reader.value_labels()
    assert said["value"].startswith("数值 the number; 0 is a stated zero")
    assert all(0 < len(label) <= 80 for label in said.values())
    assert set(values) == {"applicant", "scope", "source", "approximate"}
    assert values["approximate"] == {0: "false 否", 1: "true 是"}
    assert values["applicant"][1] == "natural_person 自然人"


def test_missing_values_are_stata_s(tmp_path: Path) -> None:
    frame = frame_of(tmp_path, full_extraction(), convert_missing=True, convert_categoricals=False)
    dot = pandas.io.stata.StataMissingValue
    for name in ("confidence", "page", "year", "applicant"):
        missing = [value for value in frame[name] if isinstance(value, dot)]
        assert missing and all(value.string == "." for value in missing), name
    assert list(frame["value"]) == [66, 0, -3, 0.0052]


@pytest.mark.parametrize("length", [1, 81, 82, 700, 20_000])
def test_texts_of_every_length(length: int, tmp_path: Path) -> None:
    """244 bytes are 81 Chinese characters: longer ones are strL."""
    title = "长" * length
    frame = frame_of(tmp_path, make_extraction(title=title), make_extraction(title=None, source=source(2)))
    assert list(frame["title"]) == [title] * 3 + [""] * 3


def test_long_texts_that_come_again_are_kept_once(tmp_path: Path) -> None:
    title = "长" * 5000
    frame_of(
        tmp_path, make_extraction(title=title, facts=tuple(make_fact("review.total", 0, start=n) for n in range(50)))
    )
    assert (tmp_path / "facts.dta").read_bytes().count(title.encode()) == 1


@pytest.mark.parametrize("page", [32_741, 2_147_483_620, 2_147_483_621, 9_007_199_254_740_992])
def test_whole_numbers_of_every_size(page: int, tmp_path: Path) -> None:
    extraction = make_extraction(facts=(make_fact("review.total", 0, page=page), make_fact("review.total", 0, start=1)))
    assert rows_of(frame_of(tmp_path, extraction)[["page"]]) == [(page,), (None,)]


def test_no_facts_at_all(tmp_path: Path) -> None:
    frame = frame_of(tmp_path, bare_extraction())
    assert len(frame) == 0
    assert len(frame.columns) == len(FACTS.columns)


def test_more_facts_than_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stata, "_BATCH", 5)
    items = [make_extraction(source=source(number), title="长" * number) for number in range(100)]
    assert rows_of(frame_of(tmp_path, *items, convert_categoricals=False)) == expected(*items)


def test_the_map_names_the_place_of_each_part(tmp_path: Path) -> None:
    frame_of(tmp_path, make_extraction(title="长" * 500))
    data = (tmp_path / "facts.dta").read_bytes()
    start = data.index(b"<map>")
    places = struct.unpack("<14Q", data[start + 5 : start + 5 + 14 * 8])
    parts = "stata_dta map variable_types varnames sortlist formats value_label_names variable_labels characteristics data strls value_labels"
    for place, name in zip(places, parts.split(), strict=False):
        assert data[place:].startswith(f"<{name}>".encode())
    assert data[places[12] :] == b"</stata_dta>"
    assert places[13] == len(data)
