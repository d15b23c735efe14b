"""govie turns Chinese local governments' 政府信息公开工作年度报告 into data.

>>> import govie
>>> report = govie.extract("全年主动公开政府信息66条。")

:func:`extract`, :func:`extract_file` and :func:`extract_files` use one extractor, loaded at the first call;
:func:`load` makes others. What a report holds is explained in ``docs/output.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from govie.errors import (
    CorpusError,
    CrashError,
    GovieError,
    MemoryLimitError,
    ModelError,
    ReadError,
    StorageError,
    TimeLimitError,
    UsageError,
)
from govie.records import (
    Cell,
    Contact,
    Fact,
    Finding,
    Locality,
    Period,
    Section,
    Source,
    Span,
    Table,
)
from govie.report import ErrorPolicy, Extractor, Facts, PathLike, Report, Sections, load

__all__ = [
    "Cell",
    "Contact",
    "CorpusError",
    "CrashError",
    "Extractor",
    "Fact",
    "Facts",
    "Finding",
    "GovieError",
    "Locality",
    "MemoryLimitError",
    "ModelError",
    "Period",
    "ReadError",
    "Report",
    "Section",
    "Sections",
    "Source",
    "Span",
    "StorageError",
    "Table",
    "TimeLimitError",
    "UsageError",
    "__version__",
    "extract",
    "extract_file",
    "extract_files",
    "load",
]

__version__ = "0.1.0"


def extract(text: str) -> Report:
    """Return the report in ``text``; see :meth:`Extractor.extract`.

    >>> extract("全年主动公开政府信息66条。").text
    '全年主动公开政府信息66条。'
    """
    return _default().extract(text)


def extract_file(path: PathLike) -> Report:
    """Return the report in the file at ``path``; see :meth:`Extractor.extract_file`."""
    return _default().extract_file(path)


def extract_files(
    paths: PathLike | Iterable[PathLike],
    *,
    n_process: int = 1,
    on_error: ErrorPolicy = "raise",
    timeout: float | None = None,
    memory_limit: int | str | None = None,
) -> Iterator[Report]:
    """Yield the reports in files and folders; see :meth:`Extractor.extract_files`."""
    return _default().extract_files(
        paths, n_process=n_process, on_error=on_error, timeout=timeout, memory_limit=memory_limit
    )


@cache
def _default() -> Extractor:
    return load()
