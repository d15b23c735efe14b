"""The errors govie raises, and nothing else.

Four branches under :class:`GovieError`, by what the user can do about them:

* :class:`ReadError` - a file could not be read as a report (missing, empty, binary, undecodable, unsupported); its branches
  :class:`TimeLimitError`, :class:`MemoryLimitError` and :class:`CrashError` say that it was the process that failed.
* :class:`ModelError` - a model could not be found or loaded.
* :class:`CorpusError` - an annotation or a corpus file is wrong.
* :class:`UsageError` - a call or a command was given something it cannot work with; its branch :class:`StorageError` says that
  results cannot be written where they should (disk full, no permission).

Every message says what happened, where, and what to do next.
"""

from __future__ import annotations

__all__ = [
    "CorpusError",
    "CrashError",
    "GovieError",
    "MemoryLimitError",
    "ModelError",
    "ReadError",
    "StorageError",
    "TimeLimitError",
    "UsageError",
    "not_installed",
]


class GovieError(Exception):
    """Base of all errors that govie raises on purpose.

    Args:
        what: what happened, one sentence without a full stop.
        where: the file, line or span it happened at, if there is one.
        hint: what to do next.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        place = f"{_on_one_line(self.where)}: " if self.where else ""
        advice = f" {self.hint}" if self.hint else ""
        return f"{place}{self.what}.{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders in batches; keyword-only fields need their own way.
        return (_rebuild, (type(self), self.what, self.where, self.hint))


class ReadError(GovieError):
    """A file could not be read as a report."""


class TimeLimitError(ReadError):
    """A file took longer than the time limit."""


class MemoryLimitError(ReadError):
    """A file took more memory than the memory limit."""


class CrashError(ReadError):
    """The process that read a file died."""


class ModelError(GovieError):
    """A model could not be found or loaded."""


class CorpusError(GovieError):
    """An annotation or a corpus file is wrong."""


class UsageError(GovieError):
    """A call or a command was given something it cannot work with."""


def _on_one_line(where: str) -> str:
    """Return a place as a message can show it: what cannot be printed (line breaks, broken names) as an escape."""
    if where.isprintable():
        return where
    return "".join(sign if sign.isprintable() or sign == "\u3000" else sign.encode("unicode_escape").decode() for sign in where)


class StorageError(UsageError):
    """Results cannot be written where they should: the disk is full, the folder is gone or may not be written."""


def not_installed(library: str, extra: str, *, where: str | None = None) -> UsageError:
    """Return the error for a library that is missing, which comes with the ``extra`` of govie."""
    return UsageError(f"{library} is not installed", where=where, hint=f'Run: pip install "govie[{extra}]"')


def _rebuild(kind: type[GovieError], what: str, where: str | None, hint: str | None) -> GovieError:
    return kind(what, where=where, hint=hint)
