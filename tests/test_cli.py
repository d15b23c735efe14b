"""The command line, run as a user runs it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import govie

DATA = Path(__file__).parent / "data"
GOOD = DATA / "liuqiao_2017.txt"
PAGE = DATA / "baitang_2022.html"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    code = "from govie.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(DATA.parent.parent), "COLUMNS": "80"},
    )


def test_json_lines_go_to_stdout() -> None:
    done = run("extract", GOOD, PAGE)
    assert done.returncode == 0
    assert done.stderr == ""
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["title"][:3] for report in reports] == ["柳桥镇", "白塘镇"]


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".CSV"])
def test_output_formats(suffix: str, tmp_path: Path) -> None:
    output = tmp_path / f"out{suffix}"
    done = run("extract", GOOD, PAGE, "-o", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    expected = list(govie.extract_files([GOOD, PAGE]))
    if suffix.lower() == ".csv":
        data = output.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\xef\xbb\xbf") == 1
        rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
        assert len(rows) == sum(len(report.facts) for report in expected)
        assert rows[0]["concept"] == expected[0].facts[0].concept
    else:
        text = output.read_text(encoding="utf-8")
        got = json.loads(text) if suffix == ".json" else [json.loads(line) for line in text.splitlines()]
        assert got == [report.to_dict() for report in expected]
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


def test_failed_files_are_in_the_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    done = run("extract", GOOD, tmp_path / "missing.txt", "-o", tmp_path / "out.xlsx")
    assert done.returncode == 1
    [row] = openpyxl.load_workbook(tmp_path / "out.xlsx")["failures"].iter_rows(min_row=2, values_only=True)
    assert row[1:4] == (str(tmp_path / "missing.txt"), "ReadError", "there is no such file")


def test_less_confident_facts_can_be_left_out(tmp_path: Path) -> None:
    run("extract", GOOD, "-o", tmp_path / "all.jsonl")
    run("extract", GOOD, "-o", tmp_path / "sure.jsonl", "--min-confidence", "0.995")
    facts = [json.loads((tmp_path / f"{name}.jsonl").read_bytes())["facts"] for name in ("all", "sure")]
    assert facts[1] == [fact for fact in facts[0] if fact["confidence"] is None or fact["confidence"] >= 0.995]
    assert 0 < len(facts[1]) < len(facts[0])


def test_failed_files_have_a_line_each_and_the_rest_is_written(tmp_path: Path) -> None:
    empty, missing, output = tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path / "out.jsonl"
    empty.write_bytes(b"")
    done = run("extract", empty, GOOD, missing, "-o", output)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{empty}: the file is empty.")
    assert lines[1].startswith(f"{missing}: there is no such file.")
    assert len(output.read_text(encoding="utf-8").splitlines()) == 1


def test_processes_write_the_same(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "in", ignore=shutil.ignore_patterns("pdf"))  # scans need an extra
    for n_process in (1, 2):
        assert (
            run("extract", tmp_path / "in", "-o", tmp_path / f"{n_process}.jsonl", "--n-process", n_process).returncode
            == 0
        )
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_a_run_without_a_report_leaves_an_earlier_output_alone(tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    output.write_text("kept", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    done = run("extract", tmp_path / "empty", "-o", output)
    assert done.returncode == 1
    assert (
        f"{tmp_path / 'empty'}: there are no reports in this folder. Looked in it and all folders below" in done.stderr
    )
    assert output.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "out.doc",
            "cannot tell what to write from the suffix '.doc'. Let the name end in one of .jsonl, .json, .csv, .xlsx,",
        ),
        ("out", "cannot tell what to write from the suffix ''."),
        ("no/such/out.csv", "the folder for the output is not there. Create it first."),
        ("folder.csv", "the output is a folder. Give the name of a file."),
    ],
)
def test_senseless_outputs_are_refused_before_any_work(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    done = run("extract", GOOD, "-o", tmp_path / name)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("arguments", [["extract"], ["extract", str(GOOD), "--n-process", "0"], ["nonsense"], ["show"]])
def test_usage_errors_exit_with_2(arguments: list[str]) -> None:
    assert run(*arguments).returncode == 2


def test_show() -> None:
    done = run("show", GOOD)
    assert done.returncode == 0
    for words in ("柳桥镇2017年政府信息公开工作年度报告", "0999-5230187", "disclosure", "主动公开政府信息【126条】"):
        assert words in done.stdout


def test_show_of_a_missing_file() -> None:
    done = run("show", "nowhere.txt")
    assert done.returncode == 1
    assert done.stderr == "nowhere.txt: there is no such file. Check the path and its spelling.\n"
    assert done.stdout == ""


def test_show_of_several_lists_them(tmp_path: Path) -> None:
    shutil.copy(GOOD, tmp_path / "a.txt")
    done = run("show", tmp_path, PAGE, "nowhere.txt")
    assert done.returncode == 1
    assert done.stderr.startswith("nowhere.txt: there is no such file.")
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2017  青禾县柳桥镇人民政府 ")
    assert "2021年" in lines[2]


def test_output_in_a_pipe_has_no_blanks_at_the_ends_of_lines() -> None:
    lines = run("show", GOOD).stdout.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_rules_alone() -> None:
    assert run("extract", GOOD, "--rules").stdout == govie.load(model=None).extract_file(GOOD).to_json() + "\n"


def test_version_and_help() -> None:
    assert run("--version").stdout == f"govie {govie.__version__}\n"
    for command in (["--help"], ["extract", "--help"], ["show", "--help"]):
        assert run(*command).returncode == 0


def test_schema_is_the_shipped_one() -> None:
    shipped = Path(govie.__file__).parent / "data" / "report.schema.json"
    assert run("schema").stdout == shipped.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_bar_on_a_terminal_only(tmp_path: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    code = "from govie.cli import main; main()"
    command = [sys.executable, "-c", code, "extract", str(GOOD), "-o", str(tmp_path / "out.jsonl")]
    env = os.environ | {"TERM": "xterm", "PYTHONPATH": str(DATA.parent.parent)}
    with subprocess.Popen(command, stderr=follower, env=env) as running:
        os.close(follower)
        data = b""
        with suppress(OSError):  # how Linux says that the other end is closed
            while piece := os.read(leader, 4096):
                data += piece
    os.close(leader)
    assert running.returncode == 0
    seen = data.decode("utf-8", "replace")
    assert "1/1" in seen
    assert "1 report written to" in seen
    assert run("extract", GOOD, "-o", tmp_path / "out.jsonl").stderr == ""
