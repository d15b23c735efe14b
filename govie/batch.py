"""Many files: what became of each, as outputs take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govie.errors import GovieError
from govie.export import Extraction
from govie.records import Failure
from govie.report import Report

__all__ = ["items"]


def items(outcomes: Iterable[tuple[str, Report | GovieError]]) -> Iterator[Extraction | Failure]:
    """Yield each report with its text, and each error as a failure, in their order."""
    for path, result in outcomes:
        if isinstance(result, GovieError):
            yield Failure(path=path, error=type(result).__name__, reason=result.what, hint=result.hint)
        else:
            yield result.to_extraction()
