"""Steps of project.yml in order, each checked to have its inputs and to write its outputs: what `make train` runs.

    python training/run.py [--seed N] [WORKFLOW or STEP ...]

Without names, the workflow `all`. One thread for the matrices: they are small, and results are the same on every machine.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import srsly

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the steps; stop at the first that fails, lacks an input or leaves an output out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["all"], metavar="NAME")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    project = srsly.read_yaml(HERE / "project.yml")
    seed = project["vars"]["seed"] if chosen.seed is None else chosen.seed
    for command in steps(project, chosen.names):
        began = time.monotonic()
        print(f"step {command['name']}: {command['help']}", flush=True)
        run(command, seed)
        print(f"step {command['name']}: {time.monotonic() - began:.0f} s", flush=True)


def steps(project: Mapping[str, Any], names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the steps that workflows and steps of these names are made of. Exits where there is none of a name."""
    commands = {command["name"]: command for command in project["commands"]}
    for name in names:
        for step in project["workflows"].get(name, [name]):
            if step not in commands:
                known = ", ".join([*project["workflows"], *commands])
                sys.exit(f"there is no step or workflow {step!r}. There are: {known}.")
            yield commands[step]


def run(command: Mapping[str, Any], seed: int, folder: Path = HERE) -> None:
    """Run one step in ``folder``. Exits where it fails, or an input or output is not there.

    Outputs of an earlier run are put aside first, so that what is there in the end was written now; they come back
    where the step fails.
    """
    absent(command, "deps", folder)
    kept = [(path, path.with_name(f"{path.name}.before")) for name in command["outputs"] if (path := folder / name).is_file()]
    for path, aside in kept:
        path.replace(aside)
    try:
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        for line in command["script"]:
            words = [sys.executable, *shlex.split(line.replace("${vars.seed}", str(seed)))[1:]]
            if subprocess.run(words, cwd=folder, env=environment, check=False).returncode:
                sys.exit(f"step {command['name']} failed: {line}")
        absent(command, "outputs", folder)
    finally:
        for path, aside in kept:
            if path.exists():
                aside.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(path)


def absent(command: Mapping[str, Any], what: str, folder: Path = HERE) -> None:
    """Exit, naming them, if files of a step are not there."""
    if missing := [path for path in command[what] if not (folder / path).exists()]:
        sys.exit(f"step {command['name']}: {what} not there: {', '.join(missing)}")


if __name__ == "__main__":
    main()
