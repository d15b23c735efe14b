"""Facts carry the page and the recognition's confidence of the line they stand in."""

from __future__ import annotations

from govie.facts import with_origins
from govie.records import Block, Fact, Origin


def _fact(start: int) -> Fact:
    return Fact(concept="disclosure.total", value=1, unit="条", start=start, end=start + 2, text="1条")


def test_a_fact_takes_page_and_confidence_of_its_block() -> None:
    blocks = (Block(0, 10, origin=Origin(page=1), confidence=0.9), Block(11, 20, origin=Origin(page=2), confidence=0.7))
    first, second = with_origins([_fact(4), _fact(11)], blocks)
    assert (first.page, first.ocr_confidence) == (1, 0.9)
    assert (second.page, second.ocr_confidence) == (2, 0.7)


def test_a_file_without_pages_gives_none() -> None:
    (fact,) = with_origins([_fact(4)], (Block(0, 10),))
    assert (fact.page, fact.ocr_confidence) == (None, None)


def test_a_word_paragraph_has_no_page() -> None:
    (fact,) = with_origins([_fact(4)], (Block(0, 10, origin=Origin(paragraph=3)),))
    assert fact.page is None
