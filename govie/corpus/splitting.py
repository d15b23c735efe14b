"""Train, dev and test by county: no town or county on two sides.

A group is a province and a county. Its split comes from a hash of its name (seed ``govie``), so that it never depends
on what else is in the corpus; ``splits.csv`` fixes what was assigned. A group may be moved out of test, never into it:
test reports are scored and were never read.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from govie.errors import CorpusError
from govie.interchange.annotation import AnnotatedReport, ReportCard

from .store import SPLITS

__all__ = ["SEED", "Row", "assign", "era", "gaps", "group_of", "leaks", "read_rows", "shares", "split_of", "write_rows"]

SEED = "govie"


class Row(msgspec.Struct, frozen=True):
    """A line of ``splits.csv``."""

    name: str
    group: str
    split: str


def group_of(card: ReportCard) -> str:
    """Return the group of a report: ``province:county``, with the town where it belongs to no county."""
    return f"{card.province}:{card.county or card.town}"


def split_of(group: str) -> str:
    """Return the split that the hash of ``group`` gives: 70 % train, 10 % dev, 20 % test."""
    place = int(sha256(f"{SEED}:{group}".encode()).hexdigest(), 16) % 100
    return "train" if place < 70 else "dev" if place < 80 else "test"


def era(year: int) -> str:
    """Return the era of a report year, by the law and the table form in force."""
    return "to 2013" if year <= 2013 else "2014-2018" if year <= 2018 else "from 2019"


def assign(
    reports: Iterable[AnnotatedReport], kept: Iterable[Row] = (), moves: Mapping[str, str] | None = None
) -> list[Row]:
    """Return the rows of all ``reports``, by name.

    Args:
        reports: the corpus.
        kept: rows assigned earlier; their groups stay where they are.
        moves: groups to take out of test, with their new split.

    Raises:
        CorpusError: a move would bring reports that may have been read into test, or is of no test group.
    """
    fixed = {row.group: row.split for row in kept}
    for group, split in (moves or {}).items():
        if fixed.get(group, split_of(group)) != "test" or split not in ("train", "dev"):
            raise CorpusError(f"cannot move to {split}", where=group, hint="Groups move only from test to train or dev.")
        fixed[group] = split
    rows = []
    for report in reports:
        group = group_of(report.card)
        rows.append(Row(report.name, group, fixed.get(group, split_of(group))))
    return sorted(rows, key=lambda row: row.name)


def gaps(rows: Iterable[Row], cards: Mapping[str, ReportCard]) -> list[str]:
    """Return the eras and table formats that a split lacks, as ``test: table 2019``."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        card = cards[row.name]
        seen[row.split] |= {f"era {era(card.year)}"} | ({f"table {card.table}"} if card.table else set())
    everything = set().union(*seen.values())
    return [f"{split}: {what}" for split in SPLITS for what in sorted(everything - seen[split])]


def leaks(rows: Iterable[Row], cards: Mapping[str, ReportCard]) -> list[str]:
    """Return the groups, counties and towns that stand on two sides: there must be none."""
    sides: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        card = cards[row.name]
        county = card.county or (card.town if card.level == "county" else None)
        sides[f"group {row.group}"].add(row.split)
        sides[f"group {group_of(card)}"].add(row.split)
        if county:
            sides[f"county {card.province} {county}"].add(row.split)
        sides[f"town {card.province} {card.city} {card.county} {card.town}"].add(row.split)
    return sorted(f"{name} in {', '.join(sorted(splits))}" for name, splits in sides.items() if len(splits) > 1)


def shares(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Return the number of groups and of reports in each split."""
    rows = list(rows)
    groups = {row.group: row.split for row in rows}
    by_group, by_report = Counter(groups.values()), Counter(row.split for row in rows)
    return {split: (by_group[split], by_report[split]) for split in SPLITS}


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a ``splits.csv``; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        try:
            rows = [Row(row["name"], row["group"], row["split"]) for row in csv.DictReader(file)]
        except KeyError as error:
            raise CorpusError(f"no column {error}", where=str(path), hint="Columns: name, group, split.") from None
    if wrong := [row.split for row in rows if row.split not in SPLITS]:
        raise CorpusError(f"split {wrong[0]!r} is not known", where=str(path), hint=f"Splits: {', '.join(SPLITS)}.")
    return rows


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write ``splits.csv``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row.__struct_fields__)
        writer.writerows(msgspec.structs.astuple(row) for row in rows)
