"""Findings: what in one report contradicts itself or the law."""

from __future__ import annotations

from collections.abc import Sequence

from .facts import ProseReading
from .records import Document, Fact, Finding, Metadata, Section, Table

__all__ = ["audit"]


def audit(
    document: Document,
    metadata: Metadata,
    sections: Sequence[Section],
    year: int | None,
    prose: ProseReading,
    stated: Sequence[Fact],
    tables: Sequence[tuple[Table, Sequence[Fact]]],
) -> tuple[Finding, ...]:
    """Return the findings of one report."""
    return ()
