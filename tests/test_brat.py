"""brat standoff: the round trip, and that brat itself would take what is written."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from corpus_support import annotated
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.errors import CorpusError
from govie.interchange import brat
from govie.interchange.annotation import (
    LABELS,
    AnnotatedFact,
    AnnotatedReport,
    AnnotatedSpan,
    ReportCard,
)
from govie.interchange.inline import clean_category
from govie.taxonomy import APPLICANTS, concepts

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def test_round_trip_through_files(tmp_path: Path) -> None:
    report = annotated()
    path = brat.write(report, tmp_path)
    assert path.name == "t1_01.ann"
    assert brat.names(tmp_path) == ["t1_01"]
    for same in (path, path.with_suffix(".txt"), path.with_suffix("")):
        assert brat.read(same) == report


def test_lines_are_as_documented() -> None:
    _, annotation, card = brat.dumps(annotated())
    lines = annotation.splitlines()
    assert lines[0] == "T1\tTITLE 0 12\t鹭渡镇2017年政府信息"
    assert {"A1\tContactKind T5 phone", "A2\tLevel T6 1", "A3\tKind T6 overview", "A5\tRunIn T8"} < set(lines)
    assert re.search(r"^#\d+\tAnnotatorNotes T\d+\tconcept=disclosure.by_category value=6 unit=条 scope=annual year=2017$", annotation, re.M)
    assert re.search(r"^R1\tCategory Arg1:T\d+ Arg2:T\d+$", annotation, re.M)
    assert 'authority = ["白河县鹭渡镇人民政府", "白河县鹭渡镇人民政府"]\n' in card


def test_span_over_a_line_break_has_a_fragment_a_line() -> None:
    report = AnnotatedReport(
        name="x",
        text="青石镇\n \u2028年报",
        card=ReportCard(year=2017, town="青石镇"),
        spans=(AnnotatedSpan(id="T1", label="TITLE", start=0, end=8),),
        facts=(),
    )
    assert brat.dumps(report)[1] == "T1\tTITLE 0 3;4 5;6 8\t青石镇   年报\n"
    assert brat.parse("x", *brat.dumps(report)) == report


# ---- properties


def text_strategy() -> st.SearchStrategy[str]:
    signs = st.sampled_from([*"青石镇信息公开条件12３，。；|\t\r\n \u3000\u2028\x85𠮷=#¦\\\"'"])
    return st.lists(signs, min_size=6, max_size=60).map("".join)


@st.composite
def reports(draw: st.DrawFn) -> AnnotatedReport:
    text = draw(text_strategy())
    spans: list[AnnotatedSpan] = []
    facts: list[AnnotatedFact] = []
    place = 0
    while place < len(text) and len(spans) < 8:
        start = draw(st.integers(place, len(text) - 1))
        end = draw(st.integers(start + 1, min(len(text), start + 9)))
        place = end
        words = text[start:end]
        if words.strip(BREAKS) == words:
            label = draw(st.sampled_from(LABELS))
            span = AnnotatedSpan(id=f"T{len(spans) + 1}", label=label, start=start, end=end, attributes=draw(attributes(label)))
            spans.append(span)
    labels = [span for span in spans if span.label == "CATEGORY"]
    for span in spans:
        if span.label in ("COUNT", "CELL", "ZERO"):
            facts += draw(st.lists(fact_of(span, labels, text), max_size=3))
    return AnnotatedReport(name="x", text=text, card=draw(cards()), spans=tuple(spans), facts=tuple(facts))


def attributes(label: str) -> st.SearchStrategy[dict[str, str]]:
    value = st.text(st.characters(codec="utf-8", exclude_characters=BREAKS + "\x00"), min_size=1, max_size=12).map(str.strip).filter(bool)
    if label == "HEADING":
        return st.fixed_dictionaries(
            {"level": st.sampled_from("12345")},
            optional={"kind": st.sampled_from(["overview", "fees+other"]), "run_in": st.just("yes"), "optional": st.just("yes")},
        )
    if label == "CONTACT":
        return st.fixed_dictionaries({"kind": st.sampled_from(["phone", "name"]), "value": value})
    if label in ("PERIOD", "DATE"):
        return st.fixed_dictionaries({"value": st.just("2017-01-01/2017-12-31")})
    return st.just({})


@st.composite
def fact_of(draw: st.DrawFn, span: AnnotatedSpan, labels: list[AnnotatedSpan], text: str) -> AnnotatedFact:
    concept = draw(st.sampled_from(sorted(concepts())).filter(lambda c: labels or c != "disclosure.by_category"))
    category: dict[str, Any] = {}
    if concept == "disclosure.by_category":
        label = draw(st.sampled_from(labels))
        category = {"category_span": label.id, "category": clean_category(text[label.start : label.end])}
    return AnnotatedFact(
        span=span.id,
        concept=concept,
        value=draw(st.integers(-99, 10**7) | st.floats(1e-6, 1e6)),
        unit=draw(st.sampled_from(["条", "万元", "%"])),
        scope=draw(st.sampled_from(["annual", "cumulative"])),
        year=draw(st.integers(2000, 2030)),
        applicant=draw(st.none() | st.sampled_from(APPLICANTS)),
        approximate=draw(st.booleans()),
        optional=draw(st.booleans()),
        **category,
    )


def cards() -> st.SearchStrategy[ReportCard]:
    words = st.text(st.characters(codec="utf-8"), max_size=12)
    return st.builds(
        ReportCard,
        year=st.integers(2008, 2025),
        town=words,
        title=st.none() | words,
        authority=st.lists(words, max_size=2).map(tuple),
        county=st.none() | words,
        code=st.none() | words,
        candidates=st.none() | st.integers(0, 99),
        period=st.none() | st.tuples(words, words),
        findings=st.lists(words, max_size=2).map(tuple),
        hand=words,
    )


@settings(max_examples=300, deadline=None)
@given(reports())
def test_round_trip_is_exact(report: AnnotatedReport) -> None:
    assert brat.parse("x", *brat.dumps(report)) == report


@settings(max_examples=200, deadline=None)
@given(reports())
def test_brat_takes_what_is_written(report: AnnotatedReport) -> None:
    """The tests that brat's server makes of a line (https://brat.nlplab.org/standoff.html), written again."""
    text, annotation, _ = brat.dumps(report)
    assert annotation.splitlines() == annotation.split("\n")[:-1]  # no line holds what some reader takes for a line's end
    ids = set()
    for line in annotation.splitlines():
        identifier, data, *tail = line.split("\t", 2)
        assert re.fullmatch(r"[TAR#]\d+", identifier) and identifier not in ids
        ids.add(identifier)
        if identifier[0] == "T":
            label, _, offsets = data.partition(" ")
            fragments = [tuple(map(int, pair.split(" "))) for pair in offsets.split(";")]
            assert re.fullmatch(r"\w+", label)
            assert all(0 <= start < end <= len(text) for start, end in fragments)
            assert all(one[1] < other[0] for one, other in pairwise(fragments))
            assert tail == [" ".join(text[start:end] for start, end in fragments)]
        elif identifier[0] == "A":
            assert len(data.split(" ")) in (2, 3) and data.split(" ")[1] in ids and not tail
        elif identifier[0] == "#":
            assert len(data.split()) == 2 and data.split()[1] in ids and tail
        else:
            assert all(word.partition(":")[2] in ids for word in data.split(" ")[1:])


# ---- errors

CARD = 'year = 2017\ntown = "镇"\n'


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        ("T1\tCOUNT 2 4\t67条", r"x.ann:1: T1 does not cover '67条'. At these offsets the text reads '66'"),
        ("T1\tCOUNT 2 5\t67条", "reads '66条'"),
        ("T1\tCOUNT 2 50\t66条", "does not cover"),
        ("T1\tFACT 2 5\t66条", "Labels: TITLE"),
        ("T1\tCOUNT 0 1;2 5\t公 66条", "more than a line break"),
        ("T1\tCOUNT 2 5\t66条\nT1\tCOUNT 2 5\t66条", "x.ann:2: T1 stands twice"),
        ("E1\tCount:T1", "not understood"),
        ("T1\tCOUNT 2 5\t66条\nA1\tLevel T1 1", "has no place"),
        ("T1\tCOUNT 2 5\t66条\n#1\tAnnotatorNotes T1\tsomething", "note 'something' is not understood"),
        ("#1\tAnnotatorNotes T1\tvalue=1", "no line above"),
        ("T1\tCOUNT 2 5\t66条\n#1\tAnnotatorNotes T1\tconcept=a value=x unit=条 scope=annual year=2017", "not understood"),
        ("T1\tCOUNT 2 5\t66条\n#1\tAnnotatorNotes T1\tconcept=a value=6 unit=条 scope=annual", "not understood"),
        ("T1\tCOUNT 2 5\t66条\n#1\tAnnotatorNotes T1\tconcept=disclosure.by_category value=6 unit=条 scope=annual year=2017", "no Category relation"),
        ("T1\tCOUNT 2 5\t66条\nT2\tCATEGORY 0 1\t公\nR1\tCategory Arg1:T1 Arg2:T2", "more Category relations"),
    ],
)  # fmt: skip
def test_wrong_line_is_an_error_that_names_it(annotation: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        brat.parse("x", "公开66条", annotation + "\n", CARD)


@pytest.mark.parametrize("card", ["year = ", "year = 2017\n", CARD + "mood = 1\n", 'year = "2017"\ntown = "镇"\n'])
def test_wrong_card_is_an_error(card: str) -> None:
    with pytest.raises(CorpusError, match=r"x\.toml: the card is wrong"):
        brat.parse("x", "公开66条", "", card)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    brat.write(annotated(), tmp_path)
    (tmp_path / "t1_01.toml").unlink()
    with pytest.raises(CorpusError, match=r"t1_01\.toml: the file is missing"):
        brat.read(tmp_path / "t1_01.ann")


def test_what_cannot_come_back_is_not_written() -> None:
    report = annotated()
    first = report.spans[0]
    for span in (
        msgspec.structs.replace(first, end=first.end + 1),  # ends on a line break
        msgspec.structs.replace(first, end=10**6),
        msgspec.structs.replace(first, label="OTHER"),
        msgspec.structs.replace(first, attributes={"mood": "bad"}),
    ):
        with pytest.raises(CorpusError):
            brat.dumps(msgspec.structs.replace(report, spans=(span, *report.spans[1:])))


def test_configuration_declares_every_label() -> None:
    configuration = brat.configuration({"Kind": ("overview",), "ContactKind": ("phone",)})
    assert all(f"\n{label}\n" in configuration for label in LABELS)
    assert "Kind\tArg:HEADING, Value:overview\n" in configuration
