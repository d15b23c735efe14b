"""Many reports into one file: JSON lines, one JSON array, or the table of facts as CSV.

Reports are written as they come, into a temporary file beside the target that takes its name only when it is
complete: whoever reads the target never meets half of it, and a run that fails leaves an earlier file alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from govie.errors import UsageError
from govie.export import Extraction, ReportRecord, csv_text, fact_rows
from govie.records import Failure

__all__ = ["SUFFIXES", "Counts", "check_output", "write"]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: reports, and files that failed."""

    reports: int
    failures: int


def check_output(output: Path) -> None:
    """Raise UsageError if reports cannot be written to ``output``: its suffix, its folder, or it is a folder."""
    if output.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"cannot tell what to write from the suffix {output.suffix!r}",
            where=str(output),
            hint=f"Let the name end in one of {', '.join(SUFFIXES)}.",
        )
    if output.is_dir():
        raise UsageError("the output is a folder", where=str(output), hint="Give the name of a file.")
    if not output.parent.is_dir():
        raise UsageError("the folder for the output is not there", where=str(output.parent), hint="Create it first.")


def write(items: Iterable[Extraction | Failure], output: Path) -> Counts:
    """Write ``items`` to ``output`` in the format its suffix names; return how many there were.

    Raises UsageError if ``output`` cannot be written.
    """
    check_output(output)
    reports = failures = 0

    def records() -> Iterator[ReportRecord]:
        nonlocal reports, failures
        for item in items:
            if isinstance(item, Failure):
                failures += 1
            else:
                reports += 1
                yield item.record

    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with _open_part(part) as file:
            for piece in _WRITERS[output.suffix.lower()](records()):
                file.write(piece)
        os.replace(part, output)
    finally:
        part.unlink(missing_ok=True)
    return Counts(reports=reports, failures=failures)


def _open_part(part: Path) -> BinaryIO:
    try:
        return part.open("wb")
    except OSError as error:
        raise UsageError(
            f"cannot write here ({error.strerror})", where=str(part.parent), hint="Choose another folder with -o."
        ) from None


def _jsonl(records: Iterable[ReportRecord]) -> Iterator[bytes]:
    for record in records:
        yield msgspec.json.encode(record) + b"\n"


def _json(records: Iterable[ReportRecord]) -> Iterator[bytes]:
    opening = b"[\n"
    for record in records:
        yield opening + msgspec.json.encode(record)
        opening = b",\n"
    yield b"\n]\n" if opening == b",\n" else b"[]\n"


def _csv(records: Iterable[ReportRecord]) -> Iterator[bytes]:
    # Excel takes a CSV for UTF-8 only if it starts with a byte order mark.
    yield csv_text((), header=True).encode("utf-8-sig")
    for record in records:
        yield csv_text(fact_rows(record)).encode()


_WRITERS: dict[str, Callable[[Iterable[ReportRecord]], Iterator[bytes]]] = {".jsonl": _jsonl, ".json": _json, ".csv": _csv}

SUFFIXES = tuple(_WRITERS)
"""The suffixes that name an output format."""
