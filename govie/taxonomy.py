"""Concepts, section kinds and forms, loaded once from ``govie/data``.

The concept list is the project's vocabulary: one stable id for every indicator of the four official
table shapes and for what clerks state in prose (``data/concepts.csv``).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import msgspec

__all__ = ["APPLICANTS", "Concept", "concepts", "data_text"]

APPLICANTS = ("natural_person", "enterprise", "research", "nonprofit", "legal_service", "other")
"""The applicant columns of the 2019 and 2021 request table, in their official order (总计 is None)."""


class Concept(msgspec.Struct, frozen=True, kw_only=True):
    """One concept: its id, official wording, default unit and the formats that print it."""

    id: str
    label: str
    unit: str
    formats: frozenset[str]
    note: str


def data_text(name: str) -> str:
    """Return the text of a file under ``govie/data``."""
    return (resources.files("govie") / "data" / name).read_text(encoding="utf-8")


@cache
def concepts() -> dict[str, Concept]:
    """Return all concepts by id, in the order of the official forms."""
    rows = csv.DictReader(data_text("concepts.csv").splitlines())
    return {
        row["concept"]: Concept(
            id=row["concept"],
            label=row["official_label"],
            unit=row["unit"],
            formats=frozenset(row["formats"].split("|")),
            note=row["note"] or "",
        )
        for row in rows
    }
