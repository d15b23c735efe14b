"""All steps of project.yml in order, each checked to have written its outputs: what `make train` runs.

    python training/run.py [--seed N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import srsly

HERE = Path(__file__).parent


def main() -> None:
    """Run the workflow ``all``; stop at the first step that fails or leaves an output out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    project = srsly.read_yaml(HERE / "project.yml")
    seed = project["vars"]["seed"] if chosen.seed is None else chosen.seed
    commands = {command["name"]: command for command in project["commands"]}
    for name in project["workflows"]["all"]:
        began = time.monotonic()
        run(commands[name], seed)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)


def run(command: Mapping[str, Any], seed: int) -> None:
    """Run one step in the repository's folder. Exits where it fails, or an input or output is not there."""
    absent(command, "deps")
    for path in command["outputs"]:
        (HERE / path).unlink(missing_ok=True)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    for line in command["script"]:
        words = line.removeprefix("cd .. && python ").replace("${vars.seed}", str(seed)).split()
        if subprocess.run([sys.executable, *words], cwd=HERE.parent, env=environment, check=False).returncode:
            sys.exit(f"step {command['name']} failed: {line}")
    absent(command, "outputs")


def absent(command: Mapping[str, Any], what: str) -> None:
    """Exit, naming them, if files of a step are not there."""
    if missing := [path for path in command[what] if not (HERE / path).resolve().exists()]:
        sys.exit(f"step {command['name']}: {what} not there: {', '.join(missing)}")


if __name__ == "__main__":
    main()
