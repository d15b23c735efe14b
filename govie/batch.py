"""Many reports into one file: JSON lines, one JSON array, or the table of facts as CSV.

Reports are written as they come, into a temporary file beside the target that takes its name only when it is
complete: whoever reads the target never meets half of it, and a run that fails leaves an earlier file alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from govie.errors import UsageError
from govie.export import csv_text, fact_rows
from govie.report import Report

__all__ = ["OUTPUT_SUFFIXES", "check_output", "jsonl", "write_reports"]


def jsonl(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield each report as one line of JSON in UTF-8."""
    for report in reports:
        yield report.to_json().encode() + b"\n"


def check_output(output: Path) -> None:
    """Raise UsageError if reports cannot be written to ``output``: its suffix, its folder, or it is a folder."""
    if output.suffix.lower() not in OUTPUT_SUFFIXES:
        raise UsageError(
            f"cannot tell what to write from the suffix {output.suffix!r}",
            where=str(output),
            hint=f"Let the name end in one of {', '.join(OUTPUT_SUFFIXES)}.",
        )
    if output.is_dir():
        raise UsageError("the output is a folder", where=str(output), hint="Give the name of a file.")
    if not output.parent.is_dir():
        raise UsageError("the folder for the output is not there", where=str(output.parent), hint="Create it first.")


def write_reports(reports: Iterable[Report], output: Path) -> int:
    """Write ``reports`` to ``output`` in the format its suffix names; return how many there were.

    With no report at all nothing is written. Raises UsageError if ``output`` cannot be written.
    """
    check_output(output)
    count = 0

    def counted() -> Iterator[Report]:
        nonlocal count
        for count, report in enumerate(reports, 1):  # noqa: B007 - read when all are through
            yield report

    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with _open_part(part) as file:
            for piece in _WRITERS[output.suffix.lower()](counted()):
                file.write(piece)
        if count:
            os.replace(part, output)
    finally:
        part.unlink(missing_ok=True)
    return count


def _open_part(part: Path) -> BinaryIO:
    try:
        return part.open("wb")
    except OSError as error:
        raise UsageError(
            f"cannot write here ({error.strerror})", where=str(part.parent), hint="Choose another folder with -o."
        ) from None


def _json(reports: Iterable[Report]) -> Iterator[bytes]:
    opening = b"[\n"
    for report in reports:
        yield opening + report.to_json().encode()
        opening = b",\n"
    yield b"\n]\n"


def _csv(reports: Iterable[Report]) -> Iterator[bytes]:
    # Excel takes a CSV for UTF-8 only if it starts with a byte order mark.
    yield csv_text((), header=True).encode("utf-8-sig")
    for report in reports:
        yield csv_text(fact_rows(report.to_record())).encode()


_WRITERS: dict[str, Callable[[Iterable[Report]], Iterator[bytes]]] = {".jsonl": jsonl, ".json": _json, ".csv": _csv}

OUTPUT_SUFFIXES = tuple(_WRITERS)
"""The suffixes that name an output format."""
