"""Many reports into one file, in the format that the file's ending names.

Read this first: :func:`write` takes reports and failures as they come and hands them to the writer of the format
(:mod:`.jsonl`, :mod:`.csv`, :mod:`.excel`, :mod:`.parquet`, :mod:`.duckdb`, :mod:`.sqlite`, :mod:`.stata`). All but JSON are made of the tables
of :mod:`.schema`, whose rows :mod:`.rows` makes. Nothing is held but a batch of rows.

The file is written in a hidden folder beside the target and takes its place only when it is complete: whoever reads
the target never meets half of it, and a run that fails leaves an earlier file alone.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import msgspec

from govie.errors import StorageError, UsageError, not_installed
from govie.export import Extraction, confident
from govie.records import Failure

from .sound import sound
from .writer import Writer

__all__ = ["SUFFIXES", "Counts", "check_output", "only_confident", "parts_beside", "write"]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What :func:`write` met: reports and their facts written, files that failed, facts left out as not confident enough."""

    reports: int = 0
    facts: int = 0
    failures: int = 0
    dropped: int = 0


class _Format(msgspec.Struct, frozen=True):
    """A format: what is said of it, the class that writes it, and what that needs beyond govie's own installation."""

    said: str
    module: str
    writer: str
    needs: tuple[str, ...] = ()
    is_folder: bool = False


_FORMATS = {
    ".jsonl": _Format("JSON, one report a line", "jsonl", "JsonLines"),
    ".json": _Format("JSON, all reports in one array", "jsonl", "JsonArray"),
    ".csv": _Format("the facts, one a row", "csv", "CsvFacts"),
    ".xlsx": _Format("an Excel workbook", "excel", "Workbook"),
    ".parquet": _Format("a folder of Parquet tables", "parquet", "ParquetFolder", ("pyarrow",), is_folder=True),
    ".duckdb": _Format("a DuckDB database", "duckdb", "DuckDb", ("duckdb", "pyarrow")),
    ".sqlite": _Format("an SQLite database", "sqlite", "Sqlite"),
    ".dta": _Format("the facts for Stata", "stata", "StataFacts"),
}

SUFFIXES: Mapping[str, str] = {suffix: one.said for suffix, one in _FORMATS.items()}
"""The suffixes that name an output format, and what each is."""


_SYSTEM_SAYS = re.compile(
    "No space left on device|File too large|Disk quota exceeded|Read-only file system|Permission denied"
)


def check_output(output: Path) -> None:
    """Raise UsageError if nothing can be written to ``output``: its suffix, what is there, or a library that is missing."""
    chosen = _FORMATS.get(output.suffix.lower())
    if chosen is None:
        raise UsageError(
            f"cannot tell what to write from the suffix {output.suffix!r}",
            where=str(output),
            hint=f"Let the name end in one of {', '.join(SUFFIXES)}.",
        )
    if chosen.is_folder:
        _check_folder(output)
    elif output.is_dir():
        raise UsageError("the output is a folder", where=str(output), hint="Give the name of a file.")
    if not output.parent.is_dir():
        raise UsageError("the folder for the output is not there", where=str(output.parent), hint="Create it first.")
    for library in chosen.needs:
        try:
            import_module(library)
        except ImportError:
            raise not_installed(f"{library}, which {SUFFIXES[output.suffix.lower()]} needs,", "tables", where=str(output)) from None


def write(items: Iterable[Extraction | Failure], output: Path, *, min_confidence: float | None = None) -> Counts:
    """Write ``items`` to ``output`` in the format its suffix names; return how many there were.

    With no report at all nothing is written, and an earlier output stays.

    Args:
        items: reports and failures; taken one at a time.
        output: the file to write.
        min_confidence: leave out facts whose confidence, or that of the recognition of their line, is below it (0 to 1); facts
            that carry none (rules, tables) stay.

    Raises:
        UsageError: ``output`` names no format, or is in a folder that is not there.
        StorageError: ``output`` cannot be written, or the disk is full.
    """
    check_output(output)
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise UsageError(
            f"the least confidence must be between 0 and 1, not {min_confidence!r}", hint="With 0 all facts are written."
        )
    chosen = _FORMATS[output.suffix.lower()]
    kind: type[Writer] = getattr(import_module(f".{chosen.module}", __name__), chosen.writer)
    part = _part_beside(output)
    try:
        counts = _written(items, kind, part / f"part{output.suffix.lower()}", output, min_confidence)
        if counts.reports:
            _put_in_place(part / f"part{output.suffix.lower()}", output, part)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return counts


def _written(
    items: Iterable[Extraction | Failure], kind: type[Writer], target: Path, output: Path, min_confidence: float | None
) -> Counts:
    """Write ``items`` to ``target``. Errors of ``items`` pass; those of the writer become a StorageError about ``output``."""
    reports = facts = failures = dropped = 0
    writer: Writer | None = None
    try:
        try:
            writer = kind(target)
        except kind.errors as error:
            raise _cannot_write(error, output) from None
        for item in items:
            if isinstance(item, Failure):
                failures += 1
            else:
                reports += 1
                before = len(item.record.facts)
                item = only_confident(item, min_confidence)
                facts += len(item.record.facts)
                dropped += before - len(item.record.facts)
            try:
                _pass(item, writer)
            except kind.errors as error:
                raise _cannot_write(error, output) from None
        if reports:
            try:
                writer.close()
            except kind.errors as error:
                raise _cannot_write(error, output) from None
    finally:
        if writer is not None:
            writer.discard()
    return Counts(reports=reports, facts=facts, failures=failures, dropped=dropped)


def _pass(item: Extraction | Failure, writer: Writer) -> None:
    if isinstance(item, Failure):
        writer.fail(sound(item))
    else:
        writer.add(sound(item))


def only_confident(extraction: Extraction, least: float | None) -> Extraction:
    """Return ``extraction`` without the facts that are less confident than ``least``, itself where that is None."""
    if least is None:
        return extraction
    kept = tuple(fact for fact in extraction.record.facts if confident(fact, least))
    if len(kept) == len(extraction.record.facts):
        return extraction
    return msgspec.structs.replace(extraction, record=msgspec.structs.replace(extraction.record, facts=kept))


def _check_folder(output: Path) -> None:
    """Only a folder that govie wrote is replaced: one that holds anything else stays."""
    if output.exists() and not output.is_dir():
        raise UsageError(
            f"the output {output.suffix} is a folder of tables, and a file is in its place",
            where=str(output),
            hint="Remove it, or choose another name.",
        )
    if output.is_dir() and any(entry.suffix != ".parquet" or entry.is_dir() for entry in output.iterdir()):
        raise UsageError(
            "this folder holds other things than tables and will not be replaced",
            where=str(output),
            hint="Choose another name.",
        )


def parts_beside(output: Path) -> Iterator[Path]:
    """Yield the half outputs that runs killed while they wrote ``output`` left beside it."""
    yield from output.parent.glob(f"{_part_prefix(output)}*.part")


def _part_prefix(output: Path) -> str:
    """How the names of half outputs begin: a digest of the name, which may hold what databases and libraries cannot."""
    return f".govie-{zlib.crc32(os.fsencode(output.name)):08x}-"


def _part_beside(output: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=_part_prefix(output), suffix=".part", dir=output.parent))
    except OSError as error:
        raise _cannot_write(error, output) from None


def _put_in_place(done: Path, output: Path, part: Path) -> None:
    earlier = part / "earlier"
    try:
        if output.is_dir():  # a folder is not replaced by another in one step
            os.replace(output, earlier)
        os.replace(done, output)
    except OSError as error:
        if earlier.exists():
            os.replace(earlier, output)
        raise _cannot_write(error, output) from None


def _cannot_write(error: Exception, output: Path) -> StorageError:
    said = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
    # Libraries wrap what the system says in words about their own files.
    if (found := _SYSTEM_SAYS.search(said)) is not None:
        said = found[0]
    return StorageError(
        f"cannot write here ({said})",
        where=str(output.parent),
        hint="Make room or choose another folder with -o; an earlier output is as it was.",
    )
