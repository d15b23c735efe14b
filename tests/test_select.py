"""``govie select`` and ``govie pre-annotate``: which reports would teach most, and suggestions for those who annotate them."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from corpus_support import annotated
from typer.testing import CliRunner

import govie
from govie.cli import app
from govie.evaluation import running, selecting
from govie.evaluation.suggesting import suggestion
from govie.interchange import anyformat, label_studio

PLAIN = "柳桥镇2017年政府信息公开年度报告\n一、主动公开情况\n全年主动公开政府信息66条。\n二、依申请公开情况\n全年收到申请3件。"
ODD = "竹溪镇2017年政府信息公开年度报告\n一、主动公开情况\n墙上的事记了二百一十件，老榕树底下又念了48场，娃娃们抄回家的有97份。"


def candidate(path: str, text: str = "", *, numbers: int = 10, unread: int = 0, doubtful: int = 0) -> selecting.Candidate:
    return selecting.Candidate(
        path=path, numbers=numbers, unread=unread, facts=10, doubtful=doubtful, examples=(), sketch=selecting.sketch(text or path * 40)
    )


def made_of(seed: int, length: int = 600) -> str:
    """A text of its own for each seed."""
    return "".join(chr(0x4E00 + (seed * 7919 + place * place * 31) % 20000) for place in range(length))


# ---- what is counted


def test_unread_numbers_are_counted() -> None:
    plain, odd = (selecting.candidate(govie.load(None).extract(text), "x") for text in (PLAIN, ODD))
    assert (plain.numbers, plain.unread) == (2, 0)
    assert odd.numbers == 3 and odd.unread >= 2
    assert any("48场" in example for example in odd.examples)
    assert odd.uncertainty > plain.uncertainty == 0


def test_numbers_of_tables_are_no_matter() -> None:
    text = PLAIN + "\n统计指标\t单位\t统计数\n一、主动公开情况\t——\t——\n（一）主动公开政府信息数\t条\t66\n其中：主动公开规范性文件数\t条\t2"
    assert selecting.candidate(govie.load(None).extract(text), "x").unread == 0


def test_low_confidences_count() -> None:
    assert candidate("a", doubtful=5).uncertainty == pytest.approx(0.5)
    assert candidate("a", unread=6).uncertainty == pytest.approx(0.5)
    assert "5 of 10 facts below 90%" in selecting.pick([candidate("a", doubtful=5)], 1)[0].why


# ---- what is picked


def test_the_most_uncertain_comes_first() -> None:
    texts = [made_of(seed) for seed in range(4)]
    picked = selecting.pick([candidate(f"r{n}", text, unread=n) for n, text in enumerate(texts)], 3)
    assert [one.candidate.path for one in picked] == ["r3", "r2", "r1"]
    assert picked[0].why.startswith("3 of 10 numbers unread") and picked[0].distance == 1.0


def test_a_copy_is_picked_last() -> None:
    one, other = made_of(1), made_of(2)
    candidates = [candidate("a", one, unread=9), candidate("copy", one.replace("一", "二"), unread=9), candidate("b", other, unread=1)]
    assert [p.candidate.path for p in selecting.pick(candidates, 3)] == ["a", "b", "copy"]


def test_what_is_known_is_left_aside() -> None:
    candidates = [candidate("a", made_of(1), unread=9), candidate("b", made_of(2), unread=1)]
    picked = selecting.pick(candidates, 1, [selecting.sketch(made_of(1))])
    assert [p.candidate.path for p in picked] == ["b"]


def test_the_order_of_the_files_does_not_matter() -> None:
    candidates = [candidate(f"r{n}", made_of(n), unread=n % 3) for n in range(9)]
    assert selecting.pick(candidates, 5) == selecting.pick(candidates[::-1], 5)


@pytest.mark.parametrize(("shared", "low", "high"), [(600, 0.999, 1.0), (300, 0.2, 0.5), (0, 0.0, 0.02)])
def test_similarity_is_estimated(shared: int, low: float, high: float) -> None:
    one = made_of(1)
    other = one[:shared] + made_of(2)[: 600 - shared]
    assert low <= selecting.similarity(selecting.sketch(one), selecting.sketch(other)) <= high


def test_figures_and_blanks_make_no_difference() -> None:
    assert selecting.sketch("公开 12 条信息，收到3件") == selecting.sketch("公开8条信息，收到\n406件")
    assert selecting.similarity(selecting.sketch(""), selecting.sketch("")) in (0.0, 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "reports"
    (place / "2017").mkdir(parents=True)
    for name, text in (("plain.txt", PLAIN), ("odd.txt", ODD), ("2017/plain.txt", PLAIN), ("gold.txt", annotated().text)):
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_select_command(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "picked.csv"
    done = CliRunner().invoke(app, ["select", "-n", "2", str(folder), "--rules", "-o", str(output)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"1. {folder / 'odd.txt'}: ") and "numbers unread, as" in done.output
    rows = list(csv.DictReader(output.read_text("utf-8-sig").splitlines()))
    assert len(rows) == 2 and rows[0].keys() == {"path", "score", "why"}
    done = CliRunner().invoke(app, ["select", "-n", "9", str(folder), "--rules", "--known", str(folder / "odd.txt")])
    assert "only 4 reports could be read" in done.output
    # What is known, and a copy of what was picked, come last.
    places = [line for line in done.output.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")]
    assert not any("odd.txt" in line for line in places[:2]) and "plain.txt" in places[0] + places[1]


def test_select_goes_on_after_a_bad_file(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\x00\x01" * 50)
    done = CliRunner().invoke(app, ["select", "-n", "1", str(folder), "--rules"])
    assert done.exit_code == 1 and "bad.txt" in done.output and "1. " in done.output


# ---- suggestions


def test_suggestions_say_what_the_extractor_read() -> None:
    extractor = govie.load(None)
    suggested, notices = suggestion(extractor.extract(annotated().text), "s")
    assert not notices
    score = running.evaluate([suggested], {"rules": extractor}, samples=5).systems[0]
    assert score.perfect_reports == 1 and score.scores["headings"].f1 == 1.0 and all(m.right == m.total for m in score.metadata.values())
    labels = {span.label for span in suggested.spans}
    assert {"TITLE", "AUTHORITY", "PERIOD", "DATE", "CONTACT", "HEADING", "CATEGORY", "COUNT", "CELL", "ZERO"} <= labels


def test_suggested_spans_stand_apart() -> None:
    text = "柳桥镇人民政府2017年政府信息公开年度报告\n柳桥镇人民政府编制。\n一、收到申请情况。全年未收到申请。\n"
    text += "二、主动公开情况\n全年公开信息66条，其中惠农政策类信息12条、财政类信息54条。"
    suggested, _ = suggestion(govie.load(None).extract(text), "s")
    spans = sorted(suggested.spans, key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert [text[span.start : span.end] for span in spans if span.label == "CATEGORY"] == ["惠农政策类信息", "财政类信息"]
    authority = next(span for span in spans if span.label == "AUTHORITY")
    assert authority.start > text.index("\n")


def test_a_report_without_year_gives_no_facts_of_none() -> None:
    suggested, notices = suggestion(govie.load(None).extract("全年主动公开政府信息66条。"), "s")
    assert suggested.card.year == 0 and suggested.facts == ()
    assert notices == ["s: no year is named; its facts without a year of their own are left out"]


@pytest.mark.parametrize(("form", "name"), [("brat", "out"), ("doccano", "out.jsonl"), ("label-studio", "out.json")])
def test_pre_annotate_command(folder: Path, tmp_path: Path, form: str, name: str) -> None:
    output = tmp_path / name
    done = CliRunner().invoke(app, ["pre-annotate", str(folder), "--format", form, "-o", str(output), "--rules"])
    assert done.exit_code == 0, done.output
    assert "4 reports with" in done.output
    found = label_studio.read(output, predictions=True) if form == "label-studio" else anyformat.read(output)
    assert sorted(report.name for report in found.reports) == ["2017_plain", "gold", "odd", "plain"]
    expected, _ = suggestion(govie.load(None).extract(annotated().text), "gold")
    assert next(report for report in found.reports if report.name == "gold") == expected
    assert not found.notices
    assert output.with_suffix(".xml").exists() == (form == "label-studio")


def test_pre_annotate_keeps_annotations(folder: Path, tmp_path: Path) -> None:
    arguments = ["pre-annotate", str(folder), "-o", str(tmp_path / "out"), "--rules"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2 and "is there already" in again.output


@pytest.mark.parametrize(("form", "name"), [("doccano", "out.json"), ("label-studio", "out"), ("brat", "out.ann"), ("excel", "x.xlsx")])
def test_pre_annotate_says_what_fits(folder: Path, form: str, name: str) -> None:
    done = CliRunner().invoke(app, ["pre-annotate", str(folder), "--format", form, "-o", name, "--rules"])
    assert done.exit_code == 2 and ("does not fit" in done.output or "there is no format" in done.output)
