"""``import govie`` is light: quick, and nothing heavy comes with it."""

from __future__ import annotations

import subprocess
import sys

LIMIT = 0.15
HEAVY = ("spacy", "pandas", "lxml", "selectolax", "rich", "numpy", "typer", "multiprocessing", "zipfile", "docx", "olefile", "pypdfium2")
_TIMED = "import time; start = time.perf_counter(); import govie; print(time.perf_counter() - start)"
_LOADED = "import sys, govie; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_is_quick() -> None:
    # The best of several: the machine may be busy, the import is not.
    assert min(float(_run(_TIMED)) for _ in range(7)) < LIMIT


def test_import_loads_nothing_heavy() -> None:
    loaded = set(_run(_LOADED).split())
    assert "govie" in loaded
    assert loaded.isdisjoint(HEAVY)
