"""Reports as JSON: one a line, or all in one array."""

from __future__ import annotations

from pathlib import Path

import msgspec

from govie.export import Extraction

from .sound import sound
from .writer import Writer, release

__all__ = ["JsonArray", "JsonLines", "line"]


def line(extraction: Extraction) -> bytes:
    """Return the report as one line of JSON in UTF-8, with its line break."""
    return msgspec.json.encode(sound(extraction).record) + b"\n"


class JsonLines(Writer):
    """One report a line."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._file = target.open("wb")

    def add(self, extraction: Extraction) -> None:
        """Write the next report."""
        self._file.write(msgspec.json.encode(extraction.record))
        self._file.write(b"\n")

    def close(self) -> None:
        """Complete the file."""
        self._file.close()

    def discard(self) -> None:
        """Let go of the file."""
        release(self._file)


class JsonArray(JsonLines):
    """All reports in one array."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._opening = b"[\n"

    def add(self, extraction: Extraction) -> None:
        """Write the next report."""
        self._file.write(self._opening)
        self._file.write(msgspec.json.encode(extraction.record))
        self._opening = b",\n"

    def close(self) -> None:
        """Complete the file."""
        self._file.write(b"\n]\n")
        super().close()
