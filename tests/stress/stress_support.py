"""What the stress scripts share: copies of the corpus, and the command as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "corpus/reports").glob("*.txt"))


def make_files(folder: Path, count: int) -> Path:
    """Fill ``folder`` with ``count`` copies of the corpus' reports; every hundredth is an empty file, which fails."""
    for number in range(count):
        part = folder / f"{number // 1000:03d}"
        if number % 1000 == 0:
            part.mkdir(parents=True)
        source = SOURCES[number % len(SOURCES)]
        target = part / f"{number:06d}_{source.name}"
        if number % 100 == 99:
            target.touch()
        else:
            shutil.copyfile(source, target)
    return folder


def start(*arguments: object) -> subprocess.Popen[bytes]:
    """Start ``govie extract`` in a session of its own, so that it can be killed with nothing else."""
    code = "from govie.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "extract", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
