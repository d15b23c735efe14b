"""What a check of the corpus says: one line a problem, ``file:line: what. hint``."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Problem"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong (``error``), or to look at (``notice``), in an annotated report.

    ``code`` names the test that said so; ``place`` is the id of the span it is about (``T5``), ``card`` for the
    report's card, or None for the report as a whole; ``line`` is the line of that span in the ``.ann`` file, if known.
    """

    severity: Literal["error", "notice"]
    code: str
    report: str
    what: str
    hint: str = ""
    place: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        suffix = ".toml" if self.place == "card" else ".ann"
        line = f":{self.line}" if self.line else ""
        return f"{self.report}{suffix}{line}: {self.what}." + (f" {self.hint}" if self.hint else "")
