"""A model folder loaded under watch: whatever would run code from it ends the process.

Run as ``python -m govie.training.watching FOLDER`` in a process of its own, because an audit hook stays for good.
Loading and reading one sentence must neither look up a class for a pickle, nor compile, run or import anything that lies
in the folder, nor start a process or a connection. Exit status 0 if it does not, else 1 with the reason on stderr.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

__all__ = ["main", "reason"]

_NEVER = {
    "pickle.find_class": "a pickle is loaded",
    "os.system": "a command is run",
    "os.exec": "a program is run",
    "os.posix_spawn": "a program is run",
    "os.fork": "a process is started",
    "subprocess.Popen": "a process is started",
    "socket.connect": "a connection is opened",
}


def reason(event: str, arguments: tuple[Any, ...], folder: Path) -> str | None:
    """Return what is wrong with an audit event while the model in ``folder`` loads; None for a harmless one."""
    if event in _NEVER:
        return f"{_NEVER[event]} ({event} {arguments[0]!r})"
    file: Any = None
    if event in ("import", "compile"):
        file = arguments[1]
    elif event == "exec":
        file = getattr(arguments[0], "co_filename", None)
    if isinstance(file, bytes):
        file = file.decode(errors="replace")
    if isinstance(file, str) and Path(file).is_absolute() and Path(file).is_relative_to(folder):
        return f"code of the folder is run ({event} {file})"
    return None


def main(folder: Path) -> None:
    """Load the model in ``folder`` and read a sentence. Exits with status 1 where an audit event says that code would run."""
    import govie.components  # noqa: F401 - registers what the config names, before the watch begins
    from govie.linking import Linker
    from govie.pipeline import linker_folder, load_pipeline

    folder = folder.resolve()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if why := reason(event, arguments, folder):
            raise SystemExit(f"loading the model would run code: {why}")

    sys.addaudithook(hook)
    Linker.load(linker_folder(folder))
    load_pipeline(folder)("全年主动公开政府信息66条。")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
