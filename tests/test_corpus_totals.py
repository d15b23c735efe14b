"""The committed corpus is what its data sheet promises: size, places, concepts, splits."""

from __future__ import annotations

import pytest

from govie.corpus import stats as counting
from govie.corpus.splitting import era, read_rows
from govie.corpus.store import SPLITS, corpus_folder, reports
from govie.interchange.annotation import AnnotatedReport
from govie.taxonomy import concepts

PROVINCES = 31
FORMATS = {"pre2014", "2014", "2019", "2021"}


@pytest.fixture(scope="module")
def corpus() -> dict[str, AnnotatedReport]:
    return {report.name: report for report in reports()}


@pytest.fixture(scope="module")
def totals(corpus: dict[str, AnnotatedReport]) -> counting.Stats:
    return counting.stats(corpus.values())


@pytest.fixture(scope="module")
def split_of() -> dict[str, str]:
    return {row.name: row.split for row in read_rows(corpus_folder() / "splits.csv")}


def test_there_are_reports_towns_and_facts_enough(totals: counting.Stats) -> None:
    assert totals.reports >= 240
    assert totals.towns >= 200
    assert totals.facts >= 6000


def test_every_province_has_four_reports(totals: counting.Stats) -> None:
    assert len(totals.provinces) == PROVINCES
    assert {name: number for name, number in totals.provinces.items() if number < 4} == {}


def test_sixty_concepts_are_met_in_prose(totals: counting.Stats) -> None:
    assert len(totals.prose_concepts) >= 60


def test_every_concept_that_a_form_prints_is_met_in_a_table(totals: counting.Stats) -> None:
    printed = {concept.id for concept in concepts().values() if FORMATS & set(concept.formats)}
    assert len(printed) > 100
    assert printed - set(totals.table_concepts) == set()


def test_every_report_is_in_one_split(corpus: dict[str, AnnotatedReport]) -> None:
    # Names only: a failure must not print reports of the test split.
    assert sorted(row.name for row in read_rows(corpus_folder() / "splits.csv")) == sorted(set(corpus))


@pytest.mark.parametrize("split", SPLITS)
def test_each_era_and_format_is_in_each_split(
    split: str, corpus: dict[str, AnnotatedReport], split_of: dict[str, str]
) -> None:
    cards = [report.card for report in corpus.values() if split_of[report.name] == split]
    assert {era(card.year) for card in cards} == {"to 2013", "2014-2018", "from 2019"}
    assert {card.table for card in cards if card.table} == FORMATS


def test_no_group_and_no_county_is_in_two_splits(
    corpus: dict[str, AnnotatedReport], split_of: dict[str, str]
) -> None:
    sides: dict[tuple[str, ...], set[str]] = {}
    for row in read_rows(corpus_folder() / "splits.csv"):
        sides.setdefault(("group", row.group), set()).add(row.split)
    # Once more from the cards, for what the file says of itself.
    for name, report in corpus.items():
        card = report.card
        place = card.county or card.town
        assert place, f"{name} has no place"
        sides.setdefault(("county", card.province or "", place), set()).add(split_of[name])
    assert len(sides) > 400
    assert [place for place, found in sides.items() if len(found) > 1] == []
