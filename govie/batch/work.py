"""What a worker does with one source: from its path to its entry in the manifest and its packed result."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from govie.batch.ledger import source_key
from govie.batch.shards import Entry, Maker, Result, pack
from govie.batch.sources import digest, stamp, with_local_file
from govie.batch.stores import is_url
from govie.errors import GovieError
from govie.export import Extraction
from govie.paths import printable, tidied
from govie.pool import Limits, Pool, Why
from govie.records import Failure
from govie.report import Extractor, Report, lost_error, outcome_in_worker, start_worker

__all__ = ["maker_of", "open_pool"]


def maker_of(extractor: Extractor) -> Maker:
    """Return what makes the results of ``extractor``: the version of govie, and the model by name and content."""
    import govie

    if extractor.model is None:
        return Maker(govie=govie.__version__, model=None, model_sha256=None)
    folder = Path(extractor.model)
    content = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        content.update(file.read_bytes())
    return Maker(govie=govie.__version__, model=folder.name, model_sha256=content.hexdigest())


def open_pool(extractor: Extractor, n_process: int, limits: Limits) -> Pool[str, Result]:
    """Return a pool of workers that make the result of a source."""

    def lost(source: str, why: Why) -> Result:
        return _failed(source, lost_error(printable(source), why, limits), stamp(source), digest(source))

    return Pool(_extract, n_process=n_process, lost=lost, limits=limits, start=start_worker, start_arguments=(extractor,))


def _extract(source: str) -> Result:
    # Stamp, hash and report in this order: should the file change in between, they are those of older bytes, and never
    # match again.
    seen = stamp(source)
    sha256, outcome = _outcome(source)
    if isinstance(outcome, GovieError):
        return _failed(source, outcome, seen, sha256)
    try:
        return _result(source, outcome.to_extraction(), None, seen, sha256 or outcome.source.sha256)
    except ValueError as error:  # what the report holds cannot be written as JSON
        defect = GovieError(
            f"govie has a defect that this file brings out ({type(error).__name__} in writing its report)",
            where=source,
            hint="Please report it, with the file if you can.",
        )
        return _failed(source, defect, seen, sha256)


def _outcome(source: str) -> tuple[str | None, Report | GovieError]:
    """Return the hash of the source and its report, or the error that it met."""

    def read(path: Path) -> tuple[str | None, Report | GovieError]:
        sha256 = digest(str(path))
        _, outcome = outcome_in_worker(path)
        if is_url(source) and isinstance(outcome, GovieError):
            outcome = tidied(outcome, source)
        elif is_url(source) and isinstance(outcome, Report):
            outcome = msgspec.structs.replace(outcome, source=msgspec.structs.replace(outcome.source, path=source))
        return sha256, outcome

    try:
        return with_local_file(source, read)
    except GovieError as error:
        return None, tidied(error, source)


def _failed(source: str, error: GovieError, seen: str | None, sha256: str | None) -> Result:
    path = printable(source)
    failure = Failure(path=path, error=type(error).__name__, reason=error.what, hint=error.hint, sha256=sha256)
    return _result(source, failure, failure.error, seen, sha256)


def _result(
    source: str, item: Extraction | Failure, error: str | None, seen: str | None, sha256: str | None
) -> Result:
    packed = pack(item)
    entry = Entry(
        key=source_key(source), path=printable(source), stamp=seen, sha256=sha256, error=error, length=len(packed)
    )
    return Result(entry, packed)
