"""``govie evaluate``: the scorer by hand-made cases, the statistics by figures worked out by hand, the pages."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from corpus_support import annotated, changed
from typer.testing import CliRunner

import govie
from govie.cli import app
from govie.errors import UsageError
from govie.evaluation import markdown, mistakes, pages, running, statistics
from govie.evaluation.alone import alone, model_alone
from govie.evaluation.records import LearningPoint, Score, SegmentationScore
from govie.evaluation.scoring import category_key, fact_key, heading_key, score_report
from govie.export import ReportRecord
from govie.interchange import brat
from govie.interchange.annotation import AnnotatedFact, AnnotatedReport
from govie.linking import Linker
from govie.pipeline import default_folder, linker_folder
from govie.records import Fact

GOLD = annotated()


def read(gold: AnnotatedReport, change: Callable[[Fact], Iterable[Fact]] = lambda fact: [fact]) -> ReportRecord:
    """What an extractor would give that reads ``gold`` as it stands, but for ``change``."""
    spans = {span.id: span for span in gold.spans}
    facts = []
    for fact in gold.facts:
        span = spans[fact.span]
        facts += change(
            Fact(
                concept=fact.concept, category=fact.category, applicant=fact.applicant, value=fact.value, unit=fact.unit, scope=fact.scope,
                year=fact.year, start=span.start, end=span.end, text=gold.text[span.start : span.end],
                source="table" if span.label == "CELL" else "rule",
            )
        )
    report = govie.extract(gold.text).to_record()
    return msgspec.structs.replace(report, facts=tuple(facts))


class Reader:
    """Stands for an extractor: gives for each text what ``change`` makes of its gold."""

    model = None

    def __init__(self, golds: Iterable[AnnotatedReport], change: Callable[[Fact], Iterable[Fact]] = lambda fact: [fact]) -> None:
        self.answers = {gold.text: gold for gold in golds}
        self.change = change

    def extract(self, text: str) -> Any:
        gold = self.answers.get(text)
        if gold is None:
            return govie.extract(text)
        record = read(gold, self.change)

        class Answer:
            def to_record(self) -> ReportRecord:
                return record

        return Answer()


def swapped(**values: Any) -> Callable[[Fact], list[Fact]]:
    """A reader's mistake: requests.received in prose gets other ``values``."""

    def change(fact: Fact) -> list[Fact]:
        hit = fact.concept == "requests.received" and fact.source == "rule"
        return [msgspec.structs.replace(fact, **values) if hit else fact]

    return change


def renamed(number: int, **card: Any) -> AnnotatedReport:
    """The same report of another town."""
    report = changed(GOLD, **{"town": f"第{number}镇", "county": f"县{number}"} | card)
    return msgspec.structs.replace(report, name=f"r{number}", text=report.text + f"\n{number}", card=report.card)


# ---- keys


@pytest.mark.parametrize(
    ("label", "key"),
    [("机构职能类信息", "机构职能"), ("惠 农、补贴", "惠农补贴"), ("信息公开", "信息公开"), ("信息", "信息"), ("工作动态", "工作动态"), (None, None)],
)
def test_category_key(label: str | None, key: str | None) -> None:
    expected = "信息" if label == "信息公开" else key
    assert category_key(label) == expected


def test_heading_key() -> None:
    assert heading_key(" 概 述：") == heading_key("概述。") == "概述"
    assert heading_key(None) == ""


def test_values_are_compared_to_four_digits() -> None:
    one = AnnotatedFact(span="T1", concept="fees.charged", value=0.00521, unit="万元", scope="annual", year=2017)
    assert fact_key(one) == fact_key(msgspec.structs.replace(one, value=0.00524))
    assert fact_key(one) != fact_key(msgspec.structs.replace(one, value=0.0054))
    assert fact_key(one) == fact_key(msgspec.structs.replace(one, unit="元"))  # the unit is not compared


# ---- one report


def test_a_perfect_reading() -> None:
    score = score_report(GOLD, read(GOLD))
    assert all(outcome.right for outcome in score.facts)
    unique = {fact_key(fact) for fact in GOLD.facts}
    assert statistics.score_of(score.facts) == Score(tp=len(unique))
    assert score.headings.f1 == score.kinds.f1 == 1.0 and score.wrong_offsets == 0


def test_a_report_that_cannot_be_read_is_missed() -> None:
    score = score_report(GOLD, None)
    assert statistics.score_of(score.facts) == Score(fn=len({fact_key(fact) for fact in GOLD.facts}))
    assert not any(score.metadata.values()) and score.headings.recall == 0


@pytest.mark.parametrize(
    ("values", "kind", "counts"),
    [
        ({"concept": "requests.carried_in"}, "another concept", (1, 1)),
        ({"value": 4}, "other details", (1, 1)),
        ({"scope": "cumulative"}, "other details", (1, 1)),
        ({"unit": "宗"}, None, (0, 0)),
    ],
)
def test_a_number_read_wrongly(values: dict[str, Any], kind: str | None, counts: tuple[int, int]) -> None:
    outcomes = score_report(GOLD, read(GOLD, swapped(**values))).facts
    wrong = [outcome for outcome in outcomes if not outcome.right]
    assert [outcome.kind for outcome in wrong] == ([kind] if kind else [])
    score = statistics.score_of(outcomes)
    assert (score.fp, score.fn) == counts
    if wrong:
        assert GOLD.text[wrong[0].place.start : wrong[0].place.end] == "3件"


def test_missed_and_invented() -> None:
    missed = score_report(GOLD, read(GOLD, lambda f: [] if f.concept == "requests.received" else [f]))
    assert [o.kind for o in missed.facts if not o.right] == ["missed"]
    start = GOLD.text.index("4项")
    more = Fact(concept="review.total", value=4, unit="项", year=2017, start=start, end=start + 2, text="4项", source="model", confidence=0.8)
    invented = score_report(GOLD, read(GOLD, lambda f: [f, more] if f.concept == "requests.received" else [f]))
    wrong = [o for o in invented.facts if not o.right]
    assert [(o.kind, o.confidence, o.prose) for o in wrong] == [("invented", 0.8, True)]
    assert invented.rated == ((0.8, False),)


def test_optional_facts_count_neither_way() -> None:
    facts = tuple(msgspec.structs.replace(f, optional=f.concept == "requests.received") for f in GOLD.facts)
    gold = msgspec.structs.replace(GOLD, facts=facts)
    for change in (lambda f: [f], lambda f: [] if f.concept == "requests.received" else [f]):
        score = statistics.score_of(score_report(gold, read(GOLD, change)).facts)
        assert (score.fp, score.fn) == (0, 0)


def test_a_fact_of_prose_and_table_is_one_of_prose() -> None:
    keys = [fact_key(f) for f in GOLD.facts if f.concept == "disclosure.total"]
    outcomes = [o for o in score_report(GOLD, read(GOLD)).facts if o.gold in keys]
    assert len(outcomes) == 2 and all(o.prose for o in outcomes)  # 66 of 2017, 51 of the year before is the website's


def test_metadata() -> None:
    got = read(GOLD)
    assert all(score_report(GOLD, msgspec.structs.replace(got, authority="白河县鹭渡镇人民政府")).metadata.values())
    wrong = score_report(GOLD, msgspec.structs.replace(got, issued="2018-01-13", year=2016)).metadata
    assert {field for field, right in wrong.items() if not right} == {"issued", "year"}


# ---- statistics


def test_scores_by_hand() -> None:
    score = Score(tp=3, fp=1, fn=2)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 / 3)
    assert Score().f1 == Score().precision == 0.0
    assert score + score == Score(tp=6, fp=2, fn=4)


def test_macro_by_hand() -> None:
    scores = [Score(tp=1), Score(tp=1, fp=1, fn=1)]  # F1 1.0 and 0.5, together 4 of 6
    found = statistics.macro(scores, [[0, 0], [1, 1], [0, 1]])
    assert (found.macro, found.macro_low, found.macro_high) == (0.75, 0.5, 1.0)
    assert found.micro == pytest.approx(2 / 3) and (found.micro_low, found.micro_high) == (0.5, 1.0)
    assert statistics.macro([], []).macro == 0.0


def test_draws_are_seeded() -> None:
    assert statistics.draws(5, samples=3, seed=1) == statistics.draws(5, samples=3, seed=1) != statistics.draws(5, samples=3, seed=2)
    assert statistics.interval(list(range(1001))) == (25, 975)


def test_calibration_by_hand() -> None:
    found = statistics.calibration([(0.9, True), (0.9, False), (1.0, True), (0.25, False), (0.25, False)], 7)
    assert found is not None and found.unrated == 7 and found.facts == 5
    assert [(b.low, b.facts) for b in found.bins] == [(0.2, 2), (0.9, 3)]
    assert found.error == pytest.approx(2 / 5 * 0.25 + 3 / 5 * abs(2.8 / 3 - 2 / 3))
    assert statistics.calibration([], 3) is None


def test_paired_comparison() -> None:
    one = {"a": Score(tp=1, fn=1), "b": Score(tp=2), "empty": Score()}
    other = {"a": Score(tp=2), "b": Score(tp=2), "empty": Score()}
    micro, macro = statistics.comparison(("x", "y"), "facts", (one, other), samples=200, seed=1)
    assert macro.difference == pytest.approx((1 - 2 / 3) / 2) and macro.low == 0.0 and macro.high == pytest.approx(1 / 3)
    assert micro.difference == pytest.approx(1 - 6 / 7)
    assert all(c.difference == c.low == c.high == 0 for c in statistics.comparison(("x", "x"), "facts", (one, one), samples=9, seed=1))


# ---- the whole


def found_by(*changes: Callable[[Fact], Iterable[Fact]], show: bool = True, reports: int = 4, **options: Any) -> Any:
    golds = [renamed(number) for number in range(reports)]
    readers: Any = {f"reader {place}": Reader(golds, change) for place, change in enumerate(changes)}
    return running.evaluate(golds, readers, show=show, samples=50, **options)


def test_evaluation_of_two_readers() -> None:
    steps: list[int] = []
    found = found_by(swapped(value=9), lambda f: [f], known_categories=frozenset({"机构职能"}), advance=lambda: steps.append(1))
    worse, better = found.systems
    assert len(steps) == 8 and found.towns == 4
    assert better.scores["facts"].f1 == 1.0 and better.perfect_reports == 4 and worse.perfect_reports == 0
    assert worse.scores["facts"].fn == worse.scores["facts"].fp == 4
    assert worse.groups["concept, prose"]["requests.received"] == Score(fp=4, fn=4)
    assert worse.groups["category label"] == {"never seen": Score(tp=8), "seen in training": Score(tp=4)}
    assert worse.mistake_counts == {"another concept": 0, "other details": 4, "invented": 0, "missed": 0}
    assert worse.calibration is None
    # Of one sort of mistake the others wait for their turn, and there is one sort only.
    assert [m.words for m in worse.mistakes] == ["3件"] * 4
    assert worse.mistakes[0].gold == "requests.received = 3" and worse.mistakes[0].got == "requests.received = 9"
    assert worse.mistakes[0].before == "收到申请" and worse.mistakes[0].after.startswith("，都是村民")
    assert {c.measure for c in found.comparisons} == {f"{m}, {w}" for m in ("facts", "facts in prose") for w in ("micro", "macro over towns")}
    assert all(c.difference > 0 and c.low > 0 for c in found.comparisons)


def test_a_crash_costs_one_report() -> None:
    golds = [renamed(0), renamed(1)]

    class Crashing(Reader):
        def extract(self, text: str) -> Any:
            if text == golds[0].text:
                raise RuntimeError("boom")
            return super().extract(text)

    systems: Any = {"crashing": Crashing(golds)}
    system = running.evaluate(golds, systems, samples=5).systems[0]
    assert system.broken == {"r0": "RuntimeError: boom"} and system.perfect_reports == 1


def test_nothing_to_evaluate() -> None:
    with pytest.raises(UsageError, match="nothing to evaluate"):
        running.evaluate([], {"rules": govie.load(None)})


def test_worst_mistakes_show_many_sorts() -> None:
    golds = [renamed(number) for number in range(30)]

    def change(fact: Fact) -> list[Fact]:
        if fact.concept == "requests.closed":
            return []
        return swapped(concept="requests.carried_in")(fact)

    reader = Reader(golds, change)
    found = mistakes.worst([(gold, score_report(gold, reader.extract(gold.text).to_record()).facts) for gold in golds])
    assert len(found) == mistakes.WORST
    # One of each sort first, what was read wrongly before what was missed, then the next turn.
    assert [m.kind for m in found[:4]] == ["another concept", "missed", "another concept", "missed"]
    assert len({m.report for m in found}) > 5


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("甲。乙3件，丙；丁", "3件", ("乙", "3件", "，丙；")),
        ("甲\n乙3件\n丁", "3件", ("乙", "3件", "")),
        ("收到申请数\n件\n3\n办结数", "3", ("收到申请数\n件\n", "3", "")),
        ("长" * 200 + "3件" + "长" * 200, "3件", ("长" * 90, "3件", "长" * 90)),
    ],
)
def test_sentence_around(text: str, words: str, expected: tuple[str, str, str]) -> None:
    start = text.index(words)
    assert mistakes.sentence_around(text, start, start + len(words)) == expected


# ---- what is shown


def test_sentences_are_hidden_on_demand() -> None:
    found = found_by(swapped(value=9), show=False)
    assert found.systems[0].mistakes is None and found.systems[0].mistake_counts["other details"] == 4
    for shown in (pages.as_html(found), markdown.as_markdown(found), json.dumps(running.plain(found), ensure_ascii=False)):
        assert "都是村民" not in shown and "其他" not in shown
    assert "Sentences are not shown" in pages.as_html(found)


def test_the_page_needs_nothing_else() -> None:
    rated = swapped(value=9, confidence=0.95)
    curve = (LearningPoint(share=0.1, f1=(0.7, 0.72)), LearningPoint(share=1.0, f1=(0.9,), reports=40))
    found = found_by(rated, lambda f: [f], known_categories=frozenset(), learning_curve=curve, notices=["<seen>"])
    page = pages.as_html(found)
    assert set(re.findall(r"https?://[^\s\"'<>]+", page)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in page and "<link" not in page and "&lt;seen&gt;" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 50
    for used in re.findall(r'(?:href="#|url\(#)([^")]+)', page):
        assert used in ids
    # phenomena, towns, label, format, era, concept, province, reliability, two confusions, the curve
    assert page.count("<svg") == 11
    assert re.search(r"<text[^>]*>陕西省</text>", page)  # text, not outlines
    assert "<mark>3件</mark>" in page and "reader 1: no confidences" in page
    assert "expected calibration error 0.9500 over 4 facts" in page


def test_markdown_and_json_come_from_the_same_record() -> None:
    found = found_by(swapped(value=9))
    plain: Any = running.plain(found)
    figures = plain["systems"][0]["scores"]["facts in prose"]
    line = next(line for line in markdown.as_markdown(found).splitlines() if line.startswith("| facts in prose |"))
    assert f"{figures['f1']:.3f}" in line and f"{figures['precision']:.3f}" in line
    assert plain["systems"][0]["mistakes"][0]["words"] == "3件"
    assert "**3件**" in markdown.as_markdown(found)


def test_mistakes_of_another_split_are_quoted_instead() -> None:
    hidden = found_by(swapped(value=9), show=False, split="test")
    shown = running.with_mistakes_of(hidden, found_by(swapped(value=8), split="dev"))
    assert shown.mistakes_of == "dev" and shown.systems[0].scores == hidden.systems[0].scores
    page = pages.as_html(shown)
    assert "Sentences are not shown" in page and "The 4 worst mistakes on dev" in page
    assert "requests.received = 8" in page and "requests.received = 9" not in page
    assert "The worst on dev:" in markdown.as_markdown(shown)


def test_groups_have_intervals_over_towns() -> None:
    found = found_by(swapped(value=9))
    (system,) = found.systems
    label = system.groups["label"]
    # Ten facts a report on COUNT spans, one of them read wrongly.
    assert label["COUNT"] == Score(tp=36, fp=4, fn=4) and label["ZERO"] == Score(tp=12)
    assert label["TITLE"] == Score(tp=4) and label["CATEGORY"] == Score(tp=12)
    over = system.group_towns["concept, prose"]["requests.received"]
    assert (over.towns, over.macro, over.micro_high) == (4, 0.0, 0.0)
    assert system.group_towns["label"]["COUNT"].macro == pytest.approx(label["COUNT"].f1)


def test_phenomena() -> None:
    found = found_by(swapped(value=9), lambda f: [f], known_categories=frozenset({"机构职能"}))
    by_name = {p.name: p for p in found.phenomena}
    received = by_name["requests received"]
    assert (received.one, received.other, received.gold, received.towns) == ("reader 0", "reader 1", 8, 4)
    assert (received.one_f1, received.other_f1, received.difference, received.low) == (0.5, 1.0, 0.5, 0.5)
    assert (by_name["categories, label seen in training"].gold, by_name["categories, new label"].gold) == (4, 8)
    # 二十条; 51条 of the year before; 没有人申请行政复议, 分文未收; 办结3件 twice over.
    assert by_name["numerals in Chinese characters"].gold == 4
    assert by_name["another year than the report's"].gold == 4
    assert by_name["statements of none"].gold == 4 * 3
    assert by_name["several facts on one number"].gold == 4 * 4
    assert "cumulative" not in by_name
    assert "| requests received | 8 | 4 | 0.500 | 1.000 | +0.5000 | +0.5000 to +0.5000 |" in markdown.as_markdown(found)


def test_seeds_and_segmenters_are_tables() -> None:
    figures = {"facts in prose": (0.9, 0.92, 0.91), "model alone, facts in prose": (0.8, 0.8, 0.8)}
    curve = (LearningPoint(share=0.1, f1=(0.8,), split="dev"), LearningPoint(share=1.0, f1=figures["facts in prose"], split="dev", figures=figures))
    lost = {"off_boundaries_train": 3, "off_boundaries_dev": 1}
    one = SegmentationScore(f1=0.9, precision=0.95, recall=0.86, **lost, characters_per_second_cut=5, characters_per_second_read=4)
    found = found_by(swapped(value=9), learning_curve=curve, segmentation={"characters": [one, msgspec.structs.replace(one, f1=0.92)]})
    assert found.notices == ()
    old = running.evaluate([renamed(0)], {"rules": govie.load(None)}, split="dev", samples=1, learning_curve=[msgspec.structs.replace(curve[1], scored=9)])
    assert old.notices == ("Seeds and learning curve were scored on 9 reports of dev, not on these 1: run training/curve.py again.",)
    text = markdown.as_markdown(found)
    assert "| facts in prose | dev | 3 | 0.9100 ± 0.0100 | 0.9000, 0.9200, 0.9100 |" in text
    assert "| dev | 100% |  | 3 | 0.9100 ± 0.0100 | 0.8000 ± 0.0000 |" in text
    assert "| characters | 2 | 0.9100 ± 0.0141 | 0.9500 | 0.8600 | 3 | 1 | 5 | 4 |" in text
    page = pages.as_html(found)
    assert "<td>0.9100 ± 0.0100</td>" in page and "<h2>Segmentation</h2>" in page and "rules and model (dev)" in page


@pytest.mark.parametrize(("difference", "shown"), [(0.01234, "+0.0123"), (-0.5, "−0.5000"), (0.00001, "0.0000"), (-0.00001, "0.0000")])
def test_signed(difference: float, shown: str) -> None:
    assert markdown.signed(difference) == shown


def test_model_alone_takes_what_the_model_holds_likelier() -> None:
    folder = default_folder()
    assert folder is not None
    linker = Linker.load(linker_folder(folder))
    text = "一、主动公开情况\n全年主动公开政府信息66条。\n"
    with model_alone(folder) as extractor:
        (fact,) = extractor.extract(text).facts
    assert (fact.concept, fact.value) == ("disclosure.total", 66)
    choice = alone(linker).merging
    for rule, other in ((0.7, 0.2), (0.2, 0.7)):
        features = {"log rule": math.log(rule), "log other": math.log(other), "gap": 9.0, "rule total.plain": 1.0}
        sides = (choice.rule.probability(features), choice.other.probability(features))
        assert (sides[1] > sides[0]) == (other > rule)
        # The confidence is the model's own probability.
        assert [choice.calibrated(side) for side in sides] == pytest.approx([rule, other], abs=1e-3)


# ---- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        brat.write(renamed(number), tmp_path / "mine")
    return tmp_path / "mine"


def test_command_on_a_folder(folder: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"report{suffix}" for suffix in (".html", ".json", ".md")]
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--rules", *(word for path in outputs for word in ("-o", str(path)))])
    assert done.exit_code == 0, done.output
    assert "rules on 3 reports of 3 towns" in done.output and "facts in prose" in done.output
    assert json.loads(outputs[1].read_text("utf-8"))["reports"] == 3
    assert outputs[0].read_text("utf-8").startswith("<!DOCTYPE html>") and outputs[2].read_text("utf-8").startswith("# Evaluation")
    assert not list(tmp_path.glob(".report*"))


def test_command_hides_the_test_split(tmp_path: Path) -> None:
    gold = msgspec.structs.replace(renamed(0), text=GOLD.text)
    sly = msgspec.structs.replace(gold, facts=tuple(msgspec.structs.replace(f, value=f.value + 1) for f in gold.facts))
    brat.write(sly, tmp_path / "corpus/reports")
    (tmp_path / "corpus/splits.csv").write_text("name,group,split\nr0,a,test\n", encoding="utf-8")
    arguments = ["evaluate", str(tmp_path / "corpus"), "--split", "test", "--rules", "-o", str(tmp_path / "r.json")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["systems"][0]["mistakes"] is None
    # Without --split they are test reports just the same.
    CliRunner().invoke(app, [word for word in arguments if word not in ("--split", "test")])
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["systems"][0]["mistakes"] is None
    done = CliRunner().invoke(app, [*arguments, "--show-test"])
    assert "These are test reports" in done.output
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["systems"][0]["mistakes"]


def test_command_quotes_dev_for_test(tmp_path: Path) -> None:
    rows = ["name,group,split"]
    for number, split in enumerate(("test", "dev")):
        gold = renamed(number)
        sly = msgspec.structs.replace(gold, facts=tuple(msgspec.structs.replace(f, value=f.value + 1) for f in gold.facts))
        brat.write(sly, tmp_path / "corpus/reports")
        rows.append(f"{gold.name},{number},{split}")
    (tmp_path / "corpus/splits.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "corpus"), "--split", "test", "-o", str(tmp_path / "r.json")])
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [system["name"] for system in found["systems"]] == ["rules", "model alone", "rules and model"]
    assert found["mistakes_of"] == "dev" and found["reports"] == 1
    assert {m["report"] for system in found["systems"] for m in system["mistakes"]} == {"r1"}
    assert found["phenomena"][0]["one"] == "rules" and found["phenomena"][0]["other"] == "rules and model"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.pdf"], "x.pdf: cannot write a report of .pdf suffix"),
        (["--split", "all"], "there is no split 'all'"),
        (["--learning-curve", "none.json"], "none.json: the learning curve cannot be read"),
        (["--segmentation", "none.json"], "none.json: the comparison of segmenters cannot be read"),
        (["-o", "no/such/folder.md"], "cannot be written"),
    ],
)
def test_command_says_what_is_wrong(folder: Path, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--rules", *arguments])
    assert done.exit_code == 2 and message in done.output


def test_learning_curve_is_read(folder: Path, tmp_path: Path) -> None:
    curve = tmp_path / "curve.json"
    curve.write_text('[{"share": 0.5, "f1": [0.8, 0.9], "reports": 20}]')
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--rules", "--learning-curve", str(curve), "-o", str(tmp_path / "r.md")])
    assert done.exit_code == 0, done.output
    assert "|  | 50% | 20 | 2 | 0.8500 ± 0.0707 |  |" in (tmp_path / "r.md").read_text("utf-8")


def test_matplotlib_waits_for_a_plot() -> None:
    code = "import sys, govie.cli, govie.evaluation.pages; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
