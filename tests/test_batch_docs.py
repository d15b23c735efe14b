"""What docs/batch.md and docs/scaling.md show is what happens."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from govie.batch.cluster import SHARD_RESULTS as ON_RAY
from govie.batch.local import SHARD_RESULTS
from govie.cli import DEFAULT_MEMORY, DEFAULT_TIMEOUT

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/batch.md").read_text(encoding="utf-8")
SCALING = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")


def test_commands(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for name in ("w1_04", "w2_20", "w3_17"):
        shutil.copy(ROOT / f"corpus/reports/{name}.txt", tmp_path / "reports")
    sessions = re.findall(r"^```console\n(.*?)^```", PAGE, re.S | re.M)
    commands = [part.partition("\n") for session in sessions for part in session.split("$ ")[1:]]
    assert len(commands) == 4
    for command, _, shown in commands:
        done = subprocess.run(
            [sys.executable, "-c", "from govie.cli import main; main()", *command.split()[1:]],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
        )
        assert done.stdout + done.stderr == shown, command
        assert done.returncode == (1 if shown else 0)
    assert len((tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert (tmp_path / "facts.jsonl.govie/shards/000000.jsonl.gz").is_file()


def test_python_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    example = doctest.DocTestParser().get_doctest(PAGE, {}, "batch.md", "docs/batch.md", 0)
    assert example.examples
    report: list[str] = []
    doctest.DocTestRunner().run(example, out=report.append)
    assert not report, "".join(report)


def test_defaults_are_those_of_the_command() -> None:
    assert f"`--timeout {DEFAULT_TIMEOUT:.0f}`" in PAGE
    assert f"`--memory-limit {DEFAULT_MEMORY}`" in PAGE
    assert f"{SHARD_RESULTS} results each" in PAGE
    assert f"{ON_RAY} files" in SCALING


@pytest.mark.parametrize("page", [PAGE, SCALING], ids=["batch", "scaling"])
def test_files_that_pages_name_exist(page: str) -> None:
    names = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", page) + re.findall(r"`((?:govie|tests|docs)/[\w./]+)`", page)
    assert names
    for name in names:
        assert (ROOT / name).exists() or (ROOT / "docs" / name).exists(), name
