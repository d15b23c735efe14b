"""Every example in the documentation runs and shows what it says; generated parts are up to date.

Run as a script it writes the concept table of ``docs/output.md`` again (``make schema``).
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import govie
from govie.interchange.annotation import FINDINGS
from govie.taxonomy import concepts

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "docs/output.md",
    "docs/outputs.md",
    "docs/data-dictionary.md",
    "docs/files.md",
    "docs/pdf.md",
    "docs/design.md",
    "docs/decisions.md",
    "docs/annotating.md",
    "docs/training.md",
    "corpus/README.md",
)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_TABLE = re.compile(r"(<!-- concepts: [^>]*-->\n)(.*?)(<!-- end of concepts -->)", re.S)
_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.S | re.M)


def concept_table() -> str:
    """Return the concepts as a Markdown table."""
    rows = ["| concept | official wording | unit | formats |", "|---|---|---|---|"]
    for concept in concepts().values():
        label = concept.label + (f" ({concept.note})" if concept.note else "")
        formats = ", ".join(sorted(concept.formats, key="narrative pre2014 2014 2019 2021".split().index))
        rows.append(f"| `{concept.id}` | {label.replace('|', '/')} | {concept.unit} | {formats} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("page", [page for page in PAGES if ">>>" in (ROOT / page).read_text(encoding="utf-8")])
def test_python_examples(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if page == "docs/training.md":
        pytest.importorskip("spacy")
    monkeypatch.chdir(ROOT)
    # A closing fence is no output.
    text = (ROOT / page).read_text(encoding="utf-8").replace("\n```", "\n\n```")
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert test.examples
    report: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=report.append)
    assert not report, "".join(report)


def test_docstring_examples() -> None:
    result = doctest.testmod(govie, optionflags=OPTIONS)
    assert result.attempted >= 2
    assert result.failed == 0


def _sessions() -> list[tuple[str, str]]:
    """Each ``$ govie …`` of the README and of docs/training.md with the output shown below it."""
    found = []
    for page in ("README.md", "docs/training.md"):
        for part in "".join(_CONSOLE.findall((ROOT / page).read_text(encoding="utf-8"))).split("$ ")[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), _sessions(), ids=[command for command, _ in _sessions()])
def test_console_examples(command: str, output: str) -> None:
    program, *arguments = command.split()
    assert program == "govie"
    done = subprocess.run(
        [sys.executable, "-c", "from govie.cli import main; main()", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
    )
    got = "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines())
    assert doctest.OutputChecker().check_output(output.rstrip() + "\n", got + "\n", OPTIONS), got


def test_concept_table_is_up_to_date() -> None:
    match = _TABLE.search((ROOT / "docs/output.md").read_text(encoding="utf-8"))
    assert match
    assert match[2] == concept_table(), "run `make schema`"


def _finding_codes() -> set[str]:
    """The codes of the table of findings in docs/output.md."""
    page = (ROOT / "docs/output.md").read_text(encoding="utf-8")
    section = page.partition("## Findings\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {code for row in rows for code in re.findall(r"`([a-z_.]+)`", row)}


def test_every_finding_code_is_documented() -> None:
    written = set()
    for name in ("audit.py", "identities.py"):
        source = (ROOT / "govie" / name).read_text(encoding="utf-8")
        written |= set(re.findall(r'"((?:year|sum|share|table|text_table|section|value)\.[a-z]+)"', source))
    assert "table.identity" in written and "value.missing" in written
    assert written == _finding_codes()
    assert written == set(FINDINGS)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_pages_name_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text) + re.findall(
        r"`((?:govie|tests|docs|corpus|models|training)/[\w./]+)`", text
    ):
        assert (ROOT / name).exists() or ((ROOT / page).parent / name).exists(), f"{page} names {name}"


def _write_concept_table() -> None:
    page = ROOT / "docs/output.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(_TABLE.sub(lambda match: match[1] + concept_table() + match[3], text), encoding="utf-8")


if __name__ == "__main__":
    _write_concept_table()
