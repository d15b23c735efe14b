"""The augmenter: whatever it does, spans cover what they should, the gold is right, and the check stays clean."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import pytest
from corpus_support import SOURCE, annotated, changed
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.corpus.augment import OPERATIONS, _chinese, _Edit, apply, augment, augmented, stream
from govie.corpus.check import check_report
from govie.corpus.splitting import split_of
from govie.errors import CorpusError, UsageError
from govie.interchange import brat
from govie.interchange.annotation import AnnotatedReport
from govie.interchange.inline import clean_category
from govie.normalise import collapse
from govie.numerals import parse_number

REPORT = annotated()
_TABLE = "disclosure.total 66\ndisclosure.channel.website 58\ndisclosure.channel.other 8\n"
_REQUESTS = {"2014 tabs until=12": "2021.3 tabs", "table: 2014": "table: 2021", _TABLE: "requests.received 3\n"}


def variant(name: str, replacements: dict[str, str]) -> AnnotatedReport:
    source = SOURCE
    for old, new in replacements.items():
        assert old in source
        source = source.replace(old, new)
    return annotated(source, name)


VARIANTS = [
    REPORT,
    variant("pipes", {"2014 tabs": "2014 pipes"}),
    variant("lines", {"2014 tabs": "2014 lines"}),
    variant("spaces", {"2014 tabs": "2014 spaces", "⟦66条¦": "⟦六十六条¦", "total⟧，按": "total=66条⟧，按"}),
    variant("2021", _REQUESTS),
]


def errors(report: AnnotatedReport) -> list[str]:
    return [str(problem) for problem in check_report(report) if problem.severity == "error"]


def words(report: AnnotatedReport, label: str) -> list[str]:
    return [report.text[s.start : s.end] for s in report.spans if s.label == label]


def test_variants_are_clean() -> None:
    assert [errors(report) for report in VARIANTS] == [[]] * len(VARIANTS)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(VARIANTS), st.integers(), st.sets(st.sampled_from(sorted(OPERATIONS))))
def test_any_augmentation_keeps_gold_and_check(report: AnnotatedReport, seed: int, operations: set[str]) -> None:
    new = augment(report, Random(seed), operations)
    assert errors(new) == []
    assert [(s.id, s.label, s.attributes) for s in new.spans] == [(s.id, s.label, s.attributes) for s in report.spans]
    for old, span in zip(report.spans, new.spans, strict=True):
        before, after = report.text[old.start : old.end], new.text[span.start : span.end]
        assert after == after.strip()
        if old.label in ("ZERO", "HEADING", "DATE", "PERIOD", "CONTACT", "SHARE"):
            assert after == before  # no operation writes these another way (no town stands in them here)
    factors = set()
    for old, fact in zip(report.facts, new.facts, strict=True):
        assert (old.concept, old.unit, old.scope, old.year, old.span) == (fact.concept, fact.unit, fact.scope, fact.year, fact.span)
        if old.value:
            factors.add((old.concept.split(".")[0], fact.value / old.value))
        if fact.category_span:
            label = new.span(fact.category_span)
            assert fact.category == clean_category(new.text[label.start : label.end]) == old.category
    assert len(factors) == len({family for family, _ in factors})  # one factor a family
    assert new.card.findings == report.card.findings
    assert new.card.title == collapse("".join(words(new, "TITLE")))
    assert brat.parse(new.name, *brat.dumps(new)) == new


def test_apply_moves_spans() -> None:
    first = REPORT.spans[0]
    new = apply(REPORT, [_Edit(0, 0, "顶部\n"), _Edit(0, 3, "梧桥镇"), _Edit(first.end, first.end, "　"), _Edit(60, 60, " ")])
    assert new.text.startswith("顶部\n梧桥镇2017年政府信息　\n")
    assert words(new, "TITLE") == ["梧桥镇2017年政府信息", "公开工作年度报告"]
    assert words(new, "AUTHORITY") == words(REPORT, "AUTHORITY")
    assert new.card.title == "梧桥镇2017年政府信息公开工作年度报告"


@pytest.mark.parametrize("edits", [[_Edit(10, 15, "x")], [_Edit(1, 3, "x"), _Edit(2, 4, "y")]])
def test_edits_that_cross_are_an_error(edits: list[_Edit]) -> None:
    with pytest.raises(CorpusError, match=r"cross|overlap"):
        apply(REPORT, edits)


def over_seeds(name: str, count: int = 12) -> list[AnnotatedReport]:
    return [OPERATIONS[name](REPORT, Random(seed)) for seed in range(count)]


def test_blanks() -> None:
    texts = [word for new in over_seeds("blanks") for word in words(new, "COUNT")]
    assert any(word != word.replace(" ", "") for word in texts if word.startswith("6"))
    assert {collapse(word) for word in texts} == {collapse(word) for word in words(REPORT, "COUNT")}


def test_full_width() -> None:
    assert any("６６" in word for new in over_seeds("full_width") for word in words(new, "COUNT"))


def test_half_width() -> None:
    news = over_seeds("half_width")
    assert any("兼管," in new.text for new in news)
    wide = str.maketrans(",;:()", "，；：（）")
    assert all(new.text.translate(wide) == REPORT.text.translate(wide) for new in news)


def test_half_width_stays_away_from_digits() -> None:
    report = annotated(SOURCE.replace("老人", "5，6十岁的人"))
    assert all("5，6" in OPERATIONS["half_width"](report, Random(seed)).text for seed in range(12))


def test_chinese_numerals() -> None:
    texts = {word for new in over_seeds("chinese_numerals") for word in words(new, "COUNT")}
    assert {"六十六条", "五十八条", "三件"} <= texts


@pytest.mark.parametrize("value", [0, 1, 10, 12, 20, 99, 100, 101, 110, 111, 1000, 1001, 1010, 1100, 2017, 9999])
def test_chinese_is_read_back(value: int) -> None:
    assert parse_number(_chinese(value)) == value


def test_places() -> None:
    for new in over_seeds("places"):
        assert "鹭渡镇" not in new.text and "白河县" not in new.text
        assert new.card.town != "鹭渡镇" and new.card.town.endswith("镇")
        assert new.card.authority[0] == f"{new.card.county}{new.card.town}人民政府"
        assert new.card.title == f"{new.card.town}2017年政府信息公开工作年度报告"


def test_places_takes_the_code_away() -> None:
    report = changed(REPORT, code="610929", candidates=1)
    card = OPERATIONS["places"](report, Random(1)).card
    assert (card.code, card.candidates) == (None, None)


def test_figures_keep_sums_and_shares() -> None:
    for new in over_seeds("figures"):
        values = {(f.concept, f.category, f.year): f.value for f in new.facts}
        parts = [v for (concept, _, _), v in values.items() if concept == "disclosure.by_category"]
        # The twenty in Chinese numerals cannot be multiplied in place, so disclosure stays; requests may grow.
        assert sum(parts) == values["disclosure.total", None, 2017] == 66
        assert values["requests.closed", None, 2017] == values["requests.received", None, 2017]
    received = {f.value for new in over_seeds("figures") for f in new.facts if f.concept == "requests.received"}
    assert received == {3}  # 当面递来的 says three in words: this family cannot be multiplied either


def test_figures_multiply_a_family() -> None:
    report = annotated(SOURCE.replace("⟦二十条¦cat=20条⟧", "⟦20条¦cat⟧"))
    news = [OPERATIONS["figures"](report, Random(seed)) for seed in range(8)]
    totals = {f.value for new in news for f in new.facts if f.concept == "disclosure.total" and f.year == 2017}
    assert totals <= {132, 198, 264, 462} and len(totals) > 1
    assert all(errors(new) == [] for new in news)


def test_line_breaks_never_make_a_heading() -> None:
    for new in over_seeds("line_breaks", 30):
        assert new.text.replace("\n\u3000\u3000", "").replace("\n", "") == REPORT.text.replace("\n", "")
    assert any(new.text != REPORT.text for new in over_seeds("line_breaks", 30))


def test_dropped_punctuation() -> None:
    assert all(new.text.count("，") <= REPORT.text.count("，") for new in over_seeds("dropped_punctuation"))
    assert any(len(new.text) < len(REPORT.text) for new in over_seeds("dropped_punctuation"))


@pytest.mark.parametrize("report", VARIANTS[:2], ids=["tabs", "pipes"])
def test_table_layouts(report: AnnotatedReport) -> None:
    total = "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）"
    seen = {OPERATIONS["table_layout"](report, Random(seed)).text for seed in range(30)}
    for row in (f"{total}\t条\t66\n", f"| {total} | 条 | 66 |\n", f"{total}  条  66\n", f"{total}\n条\n66\n"):
        assert any(row in text for text in seen)


def test_furniture_holds_no_date() -> None:
    for new in over_seeds("furniture"):
        added = new.text.replace(REPORT.text, "")
        assert added and not any(char.isdigit() for char in added)


def test_stream_is_seeded_and_ignores_the_order() -> None:
    one = {r.name: r for r in stream(VARIANTS, seed=7, copies=2)}
    other = {r.name: r for r in stream(VARIANTS[::-1], seed=7, copies=2)}
    assert one == other
    assert len(one) == 2 * len(VARIANTS) and {"t1_01+1", "t1_01+2"} < set(one)
    assert one != {r.name: r for r in stream(VARIANTS, seed=8, copies=2)}


def test_stream_without_end() -> None:
    names = [r.name for r in islice(stream([REPORT], copies=None), 5)]
    assert names == [f"t1_01+{n}" for n in range(1, 6)]


def test_unknown_operation_is_an_error() -> None:
    with pytest.raises(UsageError, match="no operation shuffle"):
        augment(REPORT, Random(0), ["shuffle"])


def test_only_training_reports_are_augmented(tmp_path: Path) -> None:
    counties = {s: next(f"{n}县" for n in range(99) if split_of(f"陕西省:{n}县") == s) for s in ("train", "test")}
    lines = ["name,group,split"]
    for split, county in counties.items():
        brat.write(changed(msgspec.structs.replace(REPORT, name=split), county=county), tmp_path / "reports")
        lines.append(f"{split},陕西省:{county},{split}")
    (tmp_path / "splits.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [r.name for r in augmented(folder=tmp_path, copies=2)] == ["train+1", "train+2"]
