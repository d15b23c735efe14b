"""From drafts and cells to the facts of the report."""

from __future__ import annotations

import msgspec
import pytest
from tests_support import make_fact

from govie.facts import Draft, draft_facts, merge_facts, report_year
from govie.facts.scope import Time
from govie.normalise import Normalised
from govie.records import Metadata, Period


def make_draft(**options: object) -> Draft:
    values = {
        "concept": "disclosure.total", "category": None, "value": 6, "unit": "条", "time": Time(None, "annual", False),
        "approximate": False, "start": 2, "end": 4, "section": None, "rule": "x", "sentence": 1,
    }  # fmt: skip
    return msgspec.convert(values | options, Draft)


def test_drafts_become_facts_of_the_reports_year() -> None:
    normalised = Normalised("公 开 6 条。")
    (fact,) = draft_facts(normalised, [make_draft()], 2017)
    assert (fact.year, fact.text, normalised.source[fact.start : fact.end]) == (2017, "6 条", "6 条")


@pytest.mark.parametrize(
    ("time", "year", "expected"),
    [
        (Time(None, "annual", True, -1), 2017, 2016),
        (Time(2015, "annual", True), 2017, 2015),
        (Time(None, "annual", False), None, None),
        (Time(None, "annual", True, -1), None, None),
    ],
)
def test_year_of_a_draft(time: Time, year: int | None, expected: int | None) -> None:
    (fact,) = draft_facts(Normalised("公开6条。"), [make_draft(time=time)], year)
    assert fact.year == expected


def test_categories_stay_in_the_characters_of_the_text() -> None:
    (fact,) = draft_facts(Normalised("機構類 6條"), [make_draft(category="机构", label=(0, 3), start=3, end=5)], 2017)
    assert (fact.category, fact.text) == ("機構", "6條")


def test_restatements_are_folded_into_the_prose_fact() -> None:
    prose = make_fact("disclosure.total", 66, start=0, end=3, text="66条")
    cell = make_fact("disclosure.total", 66, start=50, end=52, text="66", source="table")
    (fact,) = merge_facts([prose], [cell])
    assert (fact.source, fact.start) == (prose.source, 0)
    assert [(span.start, span.end) for span in fact.also] == [(50, 52)]


@pytest.mark.parametrize(
    "other",
    [{"value": 67}, {"year": 2016}, {"scope": "cumulative"}, {"category": "财政"}, {"applicant": "enterprise"}],
)
def test_what_differs_stays(other: dict[str, object]) -> None:
    facts = [make_fact("disclosure.total", 66), msgspec.structs.replace(make_fact("disclosure.total", 66, start=9), **other)]
    assert len(merge_facts(facts, [])) == 2


def test_the_same_place_twice_is_no_restatement() -> None:
    fact = make_fact("disclosure.total", 66)
    (merged,) = merge_facts([fact, fact], [])
    assert merged.also == ()


def test_facts_are_in_the_order_of_the_text() -> None:
    late, early = make_fact("disclosure.total", 1, start=9), make_fact("requests.received", 2, start=1)
    assert [fact.start for fact in merge_facts([late], [early])] == [1, 9]


@pytest.mark.parametrize(
    ("metadata", "text", "expected"),
    [
        (Metadata(period=Period("2016-01-01", "2016-12-31"), title_year=2017), "", 2016),
        (Metadata(title_year=2017), "", 2017),
        (Metadata(issued="2018-01-20"), "", 2017),
        (Metadata(), "2015年公开，2015年受理，2014年", 2015),
        (Metadata(), "〔2015年〕", None),
        (Metadata(), "", None),
    ],
)
def test_report_year(metadata: Metadata, text: str, expected: int | None) -> None:
    assert report_year(metadata, [], Normalised(text)) == expected


def test_report_year_by_the_facts() -> None:
    drafts = [make_draft(time=Time(year, "annual", True)) for year in (2014, 2015, 2015)]
    assert report_year(Metadata(issued="2018-01-20"), drafts, Normalised("")) == 2015
