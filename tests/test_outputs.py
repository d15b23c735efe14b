"""Every output read back: what was written is what is there, in every format; and what happens when writing fails."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from outputs_support import FAILURE, all_rows, bare_extraction, full_extraction, make_extraction, source
from tests_support import make_fact

import govie
from govie import outputs
from govie.errors import StorageError, UsageError
from govie.export import Extraction, ReportRecord
from govie.outputs import SUFFIXES, Counts, check_output, write
from govie.outputs.csv import csv_text
from govie.outputs.databases import VIEWS
from govie.outputs.rows import Row, fact_rows
from govie.outputs.schema import DICTIONARY, FACTS, REPORT_ID, TABLES, TableDefinition, dictionary

LIBRARIES = {".parquet": ["pyarrow"], ".duckdb": ["duckdb", "pyarrow"]}
ROOT = Path(__file__).parent.parent
every_format = pytest.mark.parametrize("suffix", SUFFIXES)


def need(suffix: str) -> None:
    for library in LIBRARIES.get(suffix, []):
        pytest.importorskip(library)


@pytest.fixture
def items(liuqiao: govie.Report, baitang: govie.Report) -> list[Any]:
    """Reports of all sorts, one of them twice, and a failure in between."""
    full = full_extraction()
    return [full, FAILURE, liuqiao.to_extraction(), bare_extraction(), full, baitang.to_extraction()]


def without_repeats(one: TableDefinition, rows: list[Row]) -> list[Row]:
    kept = [place for place, column in enumerate(one.columns) if one.key == (REPORT_ID,) or not column.of_report]
    return [tuple(row[place] for place in kept) for row in rows]


# --- round trips


def test_json_lines(items: list[Any], tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    assert write(items, output) == Counts(reports=5, facts=sum_of_facts(items), failures=1)
    read = [msgspec.json.decode(line, type=ReportRecord) for line in output.read_bytes().splitlines()]
    assert read == [item.record for item in items if isinstance(item, Extraction)]


def test_json_array(items: list[Any], tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    write(items, output)
    read = msgspec.json.decode(output.read_bytes(), type=list[ReportRecord])
    assert read == [item.record for item in items if isinstance(item, Extraction)]


def test_csv(items: list[Any], tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    write(items, output)
    data = output.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\xef\xbb\xbf") == 1
    header, *rows = read_csv(data.decode("utf-8-sig"))
    assert header == list(FACTS.names())
    assert rows == [
        ["true" if v is True else "false" if v is False else v if v is None else str(v) for v in row]
        for row in facts(items)
    ]


def test_csv_in_duckdb_tells_null_from_an_empty_text(items: list[Any], tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    output = tmp_path / "out.csv"
    write(items, output)
    read = duckdb.sql(
        f"SELECT category FROM read_csv('{output}', all_varchar = true, allow_quoted_nulls = false)"
    ).fetchall()
    assert [value for (value,) in read] == [row[FACTS.place("category")] for row in facts(items)]
    assert {None, ""} < {value for (value,) in read}


def test_parquet(items: list[Any], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    output = tmp_path / "out.parquet"
    write(items, output)
    assert {file.stem for file in output.iterdir()} == {one.name for one in TABLES}
    for one in TABLES:
        read = parquet.read_table(output / f"{one.name}.parquet")
        assert read.column_names == list(one.names())
        assert [tuple(row.values()) for row in read.to_pylist()] == all_rows(*items)[one.name], one.name
    field = parquet.read_schema(output / "facts.parquet").field("code")
    assert field.type == "string"
    assert field.metadata[b"chinese"].decode() == "行政区划代码"


def test_parquet_keeps_types_where_there_is_nothing(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    write([bare_extraction()], tmp_path / "empty.parquet")
    write([full_extraction()], tmp_path / "full.parquet")
    for one in TABLES:
        assert parquet.read_schema(tmp_path / "empty.parquet" / f"{one.name}.parquet").equals(
            parquet.read_schema(tmp_path / "full.parquet" / f"{one.name}.parquet")
        )


def open_database(path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    if path.suffix == ".sqlite":
        connection: Any = sqlite3.connect(path)
    else:
        duckdb = pytest.importorskip("duckdb")
        connection = duckdb.connect(str(path), read_only=True)
    return lambda query: connection.execute(query).fetchall()


databases = pytest.mark.parametrize("suffix", [".duckdb", ".sqlite"])


@databases
def test_databases(suffix: str, items: list[Any], tmp_path: Path) -> None:
    need(suffix)
    write(items, tmp_path / f"out{suffix}")
    query = open_database(tmp_path / f"out{suffix}")
    for one in TABLES:
        key = ", ".join(f'"{name}"' for name in one.key)
        order = [one.place(name) for name in one.key]
        expected = sorted(all_rows(*items)[one.name], key=lambda row: [row[place] for place in order])
        assert query(f'SELECT * FROM "{one.name}" ORDER BY {key}') == without_repeats(one, expected), one.name
    assert sorted(query("SELECT * FROM dictionary")) == sorted(dictionary())


@databases
def test_views(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    totals = [
        make_fact("disclosure.total", 66, start=3),
        make_fact("disclosure.total", 70, start=9),
        make_fact("disclosure.total", 999, scope="cumulative"),
        make_fact("disclosure.total", 50, year=2016),
        make_fact("requests.received", 0),
        make_fact("requests.received", 4, applicant="other", start=1),
    ]
    one = make_extraction(facts=tuple(totals), source=source(1))
    two = make_extraction(facts=(make_fact("requests.received", 3),), source=source(2))
    silent = make_extraction(facts=(), source=source(3), locality=None)
    write([one, two, silent], tmp_path / f"out{suffix}")
    query = open_database(tmp_path / f"out{suffix}")
    # The first in the text, of the year, not cumulative; what a report does not state is null, not 0.
    shown = query(
        "SELECT locality, report_year, disclosed, requests_received, granted FROM totals_by_town_and_year ORDER BY report_id"
    )
    assert shown == [("柳桥镇", 2017, 66, 0, None), ("柳桥镇", 2017, None, 3, None), (None, 2017, None, None, None)]
    assert query(
        "SELECT report_year, reports, requests_received, reports_with_requests_received FROM requests_by_year"
    ) == [(2017, 3, 3, 2)]
    assert query("SELECT county, finding, findings, reports FROM findings_by_county ORDER BY county IS NULL") == [
        ("青禾县", "sum.channels", 2, 2), (None, "sum.channels", 1, 1),
    ]  # fmt: skip
    assert query(
        "SELECT facts, reports, zeros, least, greatest FROM facts_by_concept WHERE concept = 'requests.received'"
    ) == [(3, 2, 1, 0, 4)]
    assert query("SELECT count(*), min(code) FROM facts_with_reports") == [(7, "010203")]
    assert {name for name in VIEWS if query(f"SELECT count(*) FROM {name}")} == set(VIEWS)


def test_sqlite_checks_its_keys(items: list[Any], tmp_path: Path) -> None:
    write(items, tmp_path / "out.sqlite")
    query = open_database(tmp_path / "out.sqlite")
    assert query("PRAGMA foreign_key_check") == []
    assert query("PRAGMA integrity_check") == [("ok",)]
    assert ("reports", "report_id", "report_id") in [row[2:5] for row in query("PRAGMA foreign_key_list(facts)")]
    # A value is what it was: a whole number stays one.
    assert {type(value) for (value,) in query("SELECT value FROM facts")} == {int, float}


def test_duckdb_says_what_columns_hold(items: list[Any], tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    write(items, tmp_path / "out.duckdb")
    query = open_database(tmp_path / "out.duckdb")
    said = "SELECT comment FROM duckdb_columns() WHERE table_name = 'facts' AND column_name = 'value'"
    assert query(said)[0][0].startswith("数值: the number; 0 is a stated zero")
    assert query("SELECT comment FROM duckdb_tables() WHERE table_name = 'texts'")[0][0].startswith("全文:")
    assert ("FOREIGN KEY",) in query("SELECT constraint_type FROM duckdb_constraints() WHERE table_name = 'facts'")


# --- absence, signs, strange texts


@every_format
def test_zero_null_and_empty_text_are_three_things(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    written = make_extraction(
        facts=(
            make_fact("fees.charged", 0, category="", page=None),
            make_fact("fees.charged", -3, category="x", page=1, start=1),
        )
    )
    write([written], tmp_path / f"out{suffix}")
    read = read_facts(tmp_path / f"out{suffix}")
    assert [row["value"] for row in read] == [0, -3]
    assert [row["page"] for row in read] == [None, 1]
    assert [row["category"] for row in read] == ["", "x"]
    assert [row["applicant"] for row in read] == [None, None]


@every_format
@pytest.mark.parametrize("value", [2**53 + 1, 2**63, 10**20 - 1])
def test_numbers_that_are_none_of_a_report_cost_nothing_else(suffix: str, value: int, tmp_path: Path) -> None:
    """A page may run digits together: the file is written, with the nearest number that the format has."""
    need(suffix)
    write(
        [make_extraction(facts=(make_fact("disclosure.total", value), make_fact("review.total", 0)))],
        tmp_path / f"out{suffix}",
    )
    assert [float(row["value"]) for row in read_facts(tmp_path / f"out{suffix}")] == [float(value), 0]


def test_a_folder_that_cannot_be_put_in_place_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(".parquet")
    output = tmp_path / "out.parquet"
    write([full_extraction()], output)
    replace = os.replace

    def refuse(old: Path, new: Path) -> None:
        if old.name == "part.parquet":
            raise PermissionError(13, "Permission denied")
        replace(old, new)

    monkeypatch.setattr(outputs.os, "replace", refuse)
    with pytest.raises(StorageError, match=r"cannot write here \(Permission denied\)"):
        write([make_extraction()], output)
    assert len(read_facts(output)) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


STRANGE = "=1+1\tnul\0 lone\ud800 ctl\x01\x0b & <b>'\"</b> ]]> _x0041_ \ufffe 𠮷野村"


@every_format
def test_strange_texts_cost_nothing_else(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    odd = make_extraction(
        source=source(1, path="a\nb\udcff.txt"),
        title=STRANGE,
        facts=(make_fact("disclosure.by_category", 1, category=STRANGE, text="\0"), make_fact("disclosure.total", 2)),
    )
    assert write([odd, full_extraction()], tmp_path / f"out{suffix}").facts == 6
    read = read_facts(tmp_path / f"out{suffix}")
    assert [row["value"] for row in read[:3]] == [1, 2, 66]
    assert read[0]["path"] == "a\nb\\xff.txt"
    held = STRANGE.replace("\0", "\u2400").replace("\ud800", "\ufffd")
    if suffix == ".csv":
        held = "'" + held
    if suffix == ".xlsx":
        held = held.replace("\x01", "\u2401").replace("\x0b", "\u240b").replace("\ufffe", "\ufffd")
        # Excel reads _x0041_ as A, so the sign before it is written as its own number; openpyxl leaves that as it is.
        held = held.replace("_x0041_", "_x005F_x0041_")
    assert read[0]["category"] == held


@pytest.mark.parametrize(
    ("category", "cell"),
    [
        ("=1+1", "'=1+1"), ("+sum(A1)", "'+sum(A1)"), ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"), ("@x", "'@x"), ("\tx", "'\tx"),
        ("\nx", "'\nx"), ("＝1+1", "'＝1+1"), ("+19", "+19"), ("-2.5", "-2.5"), ("-2.5.1", "'-2.5.1"), ("+", "'+"), ("机构=职能", "机构=职能"),
        ('带,逗号和"引号"', '带,逗号和"引号"'), (" 空格 ", " 空格 "),
    ],
)  # fmt: skip
def test_text_never_becomes_a_formula_in_csv(category: str, cell: str) -> None:
    extraction = make_extraction(facts=(make_fact("disclosure.by_category", 1, category=category),))
    header, row = read_csv(csv_text(fact_rows(extraction), header=True))
    assert dict(zip(header, row, strict=True))["category"] == cell


def test_numbers_stay_numbers_in_csv() -> None:
    extraction = make_extraction(facts=(make_fact("licensing.items_change", -2), make_fact("fees.charged", 0.0052)))
    rows = list(csv.DictReader(io.StringIO(csv_text(fact_rows(extraction), header=True))))
    assert [row["value"] for row in rows] == ["-2", "0.0052"]
    assert rows[0]["code"] == "010203"
    assert rows[0]["approximate"] == "false"


@every_format
def test_a_name_with_all_that_names_may_hold(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    output = tmp_path / f"报告 '1'\n\udce6{suffix.upper()}"
    write([full_extraction()], output)
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


# --- confidence


def test_less_confident_facts_are_left_out_and_counted(tmp_path: Path) -> None:
    kept = make_fact("disclosure.total", 1, confidence=0.9)
    extraction = make_extraction(
        facts=(
            kept,
            make_fact("disclosure.total", 2, confidence=0.89),
            make_fact("disclosure.total", 3),
            make_fact("disclosure.total", 4, confidence=0.95, ocr_confidence=0.5),
        )
    )
    output = tmp_path / "out.jsonl"
    assert write([extraction], output, min_confidence=0.9) == Counts(reports=1, facts=2, dropped=2)
    assert [fact["value"] for fact in json.loads(output.read_bytes())["facts"]] == [1, 3]
    write([extraction], tmp_path / "out.csv", min_confidence=0.9)
    assert [row["value"] for row in read_facts(tmp_path / "out.csv")] == [1, 3]


@pytest.mark.parametrize("least", [-0.1, 1.1])
def test_a_least_confidence_that_is_none(least: float, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"the least confidence must be between 0 and 1, not {least}"):
        write([], tmp_path / "out.csv", min_confidence=least)


# --- what is refused, what is left


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "out.doc",
            "cannot tell what to write from the suffix '.doc'. Let the name end in one of .jsonl, .json, .csv, .xlsx, .parquet,",
        ),
        ("out", "cannot tell what to write from the suffix ''."),
        ("no/such/out.csv", "the folder for the output is not there. Create it first."),
        ("folder.csv", "the output is a folder. Give the name of a file."),
        (
            "file.parquet",
            "the output .parquet is a folder of tables, and a file is in its place. Remove it, or choose another name.",
        ),
        ("mine.parquet", "this folder holds other things than tables and will not be replaced. Choose another name."),
    ],
)
def test_senseless_outputs_are_refused(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file.parquet").touch()
    (tmp_path / "mine.parquet").mkdir()
    (tmp_path / "mine.parquet" / "notes.txt").touch()
    with pytest.raises(UsageError) as caught:
        check_output(tmp_path / name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "library"), [(suffix, library) for suffix, libraries in LIBRARIES.items() for library in libraries]
)
def test_a_missing_library_is_said_before_any_work(
    suffix: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        UsageError,
        match=rf'{library}, which an? .+ needs, is not installed\. Run: pip install "govie\[tables\]"',
    ):
        check_output(tmp_path / f"out{suffix}")


@every_format
def test_an_earlier_output_is_replaced(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    for facts_written in (4, 3):
        extraction = full_extraction() if facts_written == 4 else make_extraction()
        write([extraction], tmp_path / f"out{suffix}")
        assert len(read_facts(tmp_path / f"out{suffix}")) == facts_written
    assert [path.name for path in tmp_path.iterdir()] == [f"out{suffix}"]


@every_format
def test_no_report_leaves_an_earlier_output_alone(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    write([full_extraction()], tmp_path / f"out{suffix}")
    assert write([FAILURE], tmp_path / f"out{suffix}") == Counts(failures=1)
    assert len(read_facts(tmp_path / f"out{suffix}")) == 4
    assert [path.name for path in tmp_path.iterdir()] == [f"out{suffix}"]


@every_format
def test_an_error_on_the_way_passes_and_leaves_nothing(suffix: str, tmp_path: Path) -> None:
    need(suffix)

    def broken() -> Iterator[Extraction]:
        yield full_extraction()
        raise FileNotFoundError("not the writer's")

    with pytest.raises(FileNotFoundError, match="not the writer's"):
        write(broken(), tmp_path / f"out{suffix}")
    assert not list(tmp_path.iterdir())


_FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
import msgspec
from outputs_support import full_extraction, source
from govie.errors import UsageError
from govie.outputs import write

output, size = Path(sys.argv[1]), int(sys.argv[2])
one = full_extraction()
items = [
    msgspec.structs.replace(one, record=msgspec.structs.replace(one.record, source=source(number))) for number in range(300)
]
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    write(items, output)
except UsageError as error:
    print(error)
"""


@every_format
def test_a_full_disk_is_said_and_leaves_no_half_file(suffix: str, tmp_path: Path) -> None:
    need(suffix)
    output = tmp_path / f"out{suffix}"
    if suffix == ".parquet":
        output.mkdir()
        (output / "facts.parquet").write_bytes(b"earlier")
    else:
        output.write_bytes(b"earlier")
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(output), "2000"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{tmp_path}: cannot write here (")
    assert done.stdout.endswith("Make room or choose another folder with -o; an earlier output is as it was.\n")
    assert [path.name for path in tmp_path.iterdir()] == [output.name]
    kept = output / "facts.parquet" if suffix == ".parquet" else output
    assert kept.read_bytes() == b"earlier"


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(outputs.tempfile, "mkdtemp", refuse)
    with pytest.raises(
        StorageError, match=r"cannot write here \(Permission denied\)\. Make room or choose another folder"
    ):
        write([full_extraction()], tmp_path / "out.csv")


@every_format
def test_reports_are_not_held_in_memory(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of half a megabyte each go through while the peak stays at a few of them."""
    need(suffix)
    from govie.outputs import duckdb, parquet, stata, writer

    for holder in (writer.TableWriter, parquet.ParquetFolder, duckdb.DuckDb):
        monkeypatch.setattr(holder, "batch", 2000)
    monkeypatch.setattr(stata, "_BATCH", 50)
    one = full_extraction()

    def many() -> Iterator[Extraction]:
        for number in range(30):
            record = msgspec.structs.replace(one.record, source=source(number))
            yield msgspec.structs.replace(one, record=record, text=f"第{number}份。" * 50_000)

    write([one], tmp_path / f"first{suffix}")  # what is imported and cached on the way does not count
    tracemalloc.start()
    try:
        write(many(), tmp_path / f"out{suffix}")
        assert tracemalloc.get_traced_memory()[1] < 9_000_000
    finally:
        tracemalloc.stop()


# --- reading back


def sum_of_facts(items: list[Any]) -> int:
    return sum(len(item.record.facts) for item in items if isinstance(item, Extraction))


def facts(items: list[Any]) -> list[Row]:
    return all_rows(*items)["facts"]


def read_csv(text: str) -> list[list[str | None]]:
    """Read CSV as the standard says it, telling an empty field (None) from a quoted empty text."""
    rows: list[list[str | None]] = []
    row: list[str | None] = []
    place = 0
    while place < len(text):
        if text[place] == '"':
            end = place + 1
            while text[end : end + 2] == '""' or text[end] != '"':
                end += 2 if text[end : end + 2] == '""' else 1
            row.append(text[place + 1 : end].replace('""', '"'))
            place = end + 1
        else:
            end = min(end for end in (text.find(",", place), text.find("\r\n", place)) if end >= 0)
            row.append(text[place:end] or None)
            place = end
        if text[place] == ",":
            place += 1
        else:
            assert text[place : place + 2] == "\r\n"
            place += 2
            rows.append(row)
            row = []
    return rows


def read_facts(path: Path) -> list[dict[str, Any]]:
    """Return the facts in an output, each as a dict; values, pages and confidences as numbers."""
    suffix = path.suffix
    if suffix in (".json", ".jsonl"):
        records = (
            json.loads(path.read_bytes())
            if suffix == ".json"
            else [json.loads(line) for line in path.read_bytes().splitlines()]
        )
        return [fact | {"path": record["source"]["path"]} for record in records for fact in record["facts"]]
    if suffix == ".csv":
        header, *rows = read_csv(path.read_bytes().decode("utf-8-sig"))
        found = [dict(zip(header, row, strict=True)) for row in rows]
        return [
            row | {name: row[name] if row[name] is None else float(row[name]) for name in ("value", "page")}
            for row in found
        ]
    if suffix == ".xlsx":
        return read_sheet(path, "facts")
    if suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path / "facts.parquet").to_pylist()
    if suffix == ".dta":
        return read_stata(path)
    query = open_database(path)
    names = [row[0] for row in query('SELECT "column" FROM dictionary WHERE "table" = \'facts\'')]
    kept = ", ".join(f'v."{name}"' for name in names)
    rows = query(f"SELECT {kept} FROM facts_with_reports v JOIN facts f ON f.fact_id = v.fact_id ORDER BY f.rowid")
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_sheet(path: Path, name: str) -> list[dict[str, Any]]:
    openpyxl = pytest.importorskip("openpyxl")
    rows = openpyxl.load_workbook(path)[name].iter_rows()
    ids = [cell.value.split()[-1] for cell in next(rows)]
    return [{column: cell.value for column, cell in zip(ids, row, strict=True)} for row in rows]


def read_stata(path: Path) -> list[dict[str, Any]]:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_stata(path, convert_categoricals=False)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    texts = {column.stata or column.name for column in FACTS.columns if column.type == "text" and not column.values}
    return [{name: value or "" if name in texts else value for name, value in row.items()} for row in rows]


def test_the_dictionary_is_in_every_format_with_room_for_it(tmp_path: Path) -> None:
    write([full_extraction()], tmp_path / "out.xlsx")
    read = [tuple(row.values()) for row in read_sheet(tmp_path / "out.xlsx", DICTIONARY.name)]
    assert read == dictionary()
