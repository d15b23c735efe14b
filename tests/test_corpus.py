"""The tools that keep the corpus, and the committed corpus itself: check, duplicates, splits, loading, commands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from corpus_support import SOURCE, annotated, changed
from typer.testing import CliRunner

from govie.cli import app
from govie.corpus import corpus_folder, load, reports, splits, to_docbin
from govie.corpus.check import character_tokens, check_report, stated_values, tokenizer_of
from govie.corpus.datasheet import fill
from govie.corpus.duplicates import likenesses, own_sentences
from govie.corpus.loading import row
from govie.corpus.splitting import Row, assign, gaps, group_of, leaks, read_rows, shares, split_of, write_rows
from govie.corpus.stats import as_markdown, stats
from govie.errors import CorpusError, UsageError
from govie.interchange import brat
from govie.interchange.annotation import AnnotatedReport, AnnotatedSpan
from govie.taxonomy import concepts

ROOT = Path(__file__).parent.parent
run = CliRunner().invoke


def codes(report: AnnotatedReport) -> list[str]:
    return [problem.code for problem in check_report(report)]


def errors(report: AnnotatedReport) -> list[str]:
    return [problem.code for problem in check_report(report) if problem.severity == "error"]


# ---- check


def test_good_report_is_clean() -> None:
    assert codes(annotated()) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("66条", [(66, "条")]), ("６６ 条", [(66, "条")]), ("1 , 084条", [(1084, "条")]), ("十二件", [(12, "件")]),
        ("近300条", [(300, "条")]), ("2.5万元", [(2.5, "万元")]), ("0", [(0, "")]), ("−2", [(-2, "")]), ("一起", [(1, "起")]),
        ("38.5%", [(38.5, "%")]), ("未收到", []),
    ],
)  # fmt: skip
def test_stated_values(words: str, expected: list[tuple[float, str]]) -> None:
    assert stated_values(words)[: len(expected)] == expected
    assert bool(stated_values(words)) == bool(expected)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("⟦66条¦disclosure.total⟧，按", "⟦66条¦disclosure.total=67⟧，按", "fact.value"),
        ("⟦二十条¦cat=20条⟧", "⟦二十条¦cat=21条⟧", "fact.value"),
        ("⟦3件¦requests.received⟧", "⟦3件¦requests.received=-3⟧", "fact.value"),
        ("⟦58条¦disclosure.channel.website⟧", "⟦58条¦disclosure.channel.website=58篇⟧", "fact.unit"),
        ("⟦58条¦disclosure.channel.website⟧", "5⟦8条¦disclosure.channel.website⟧", "span.token"),
        ("⟦分文未收¦fees.charged=0⟧", "⟦收费合规¦fees.charged=0⟧", "fact.zero"),
        ("H1 overview", "H1 preface", "heading.kind"),
        ("H1 overview", "H1 overview+all", "heading.kind"),
        ("PERIOD 2017-01-01/2017-12-31", "PERIOD 2017-01-01", "date.value"),
        ("DATE 2018-01-12", "DATE 2018-13-12", "date.value"),
        ("⟦0915－7600012¦PHONE⟧", "⟦0915－7600012¦PHONE =0915-7600013⟧", "contact.value"),
        ("province: 陕西省", "province: 陕西", "card.province"),
        ("year: 2017", "year: 2007", "card.year"),
        ("findings: section.missing", "findings: section.lost", "card.findings"),
        ("findings: section.missing", "findings: section.missing\nfindings_optional: section.missing", "card.findings"),
        ("table: 2014", "table: 2015", "card.table"),
        ("town: 鹭渡镇", "town: 鹭渡镇\nlevel: village", "card.level"),
        ("town: 鹭渡镇", "town: 鹭渡镇\ncode: 6109", "card.code"),
    ],
)  # fmt: skip
def test_error(old: str, new: str, code: str) -> None:
    assert old in SOURCE
    assert code in errors(annotated(SOURCE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("findings: section.missing", "findings:", "finding.absent"),  # 其他 has no heading
        ("附件\n", "六、⟦其他事项¦H1 other⟧\n", "finding.unfounded"),
        ("⟦村级财务¦CAT⟧⟦二十条¦cat=20条⟧", "村级财务", "finding.absent"),  # 46 of 66
        ("disclosure.total 66\n", "disclosure.total 65\n", "finding.absent"),  # text_table.mismatch
        ("requests.closed.on_time⟧。", "requests.closed.on_time⟧，另接电话31个。", "number.unmarked"),
        ("table: 2014\n", "", "card.table"),
        ("town: 鹭渡镇", "town: 鹭渡镇\ncode: 610928", "card.code"),  # 白河县 is 610929
        ("PERIOD 2017-01-01/2017-12-31", "PERIOD 2016-01-01/2016-12-31", "card.period"),
    ],
)
def test_notice(old: str, new: str, code: str) -> None:
    assert old in SOURCE
    report = annotated(SOURCE.replace(old, new, 1))
    assert (code, []) == (next(iter(codes(report))), errors(report))


def test_identity_of_a_table_is_computed() -> None:
    source = SOURCE.replace("until=12", "until=26").replace("@end", "requests.received 3\nrequests.received.mail 1\n@end")
    assert any("table.identity" in problem.what for problem in check_report(annotated(source)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: msgspec.structs.replace(s, label="OTHER"), "span.label"),
        (lambda s: msgspec.structs.replace(s, end=10**6), "span.offsets"),
        (lambda s: msgspec.structs.replace(s, end=s.start), "span.offsets"),
        (lambda s: msgspec.structs.replace(s, attributes={"level": "1"}), "span.attributes"),
        (lambda s: msgspec.structs.replace(s, label="COUNT"), "span.no_fact"),
        (lambda s: msgspec.structs.replace(s, end=s.end + 3), "span.overlap"),
    ],
)
def test_wrong_span(change: Callable[[AnnotatedSpan], AnnotatedSpan], code: str) -> None:
    report = annotated()
    assert code in errors(msgspec.structs.replace(report, spans=(change(report.spans[0]), *report.spans[1:])))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"concept": "disclosure.sum"}, "fact.concept"),
        ({"span": "T999"}, "fact.span"),
        ({"span": "T1"}, "fact.span"),
        ({"year": 1970}, "fact.year"),
        ({"applicant": "farmer"}, "fact.applicant"),
        ({"category": "财政"}, "fact.category"),
        ({"concept": "disclosure.by_category"}, "fact.category"),
    ],
)
def test_wrong_fact(values: dict[str, Any], code: str) -> None:
    report = annotated()
    fact = msgspec.structs.replace(report.facts[0], **values)
    assert code in errors(msgspec.structs.replace(report, facts=(fact, *report.facts[1:])))


def test_other_tokenizers_have_other_boundaries() -> None:
    by_line = check_report(annotated(), lambda text: (m.span() for m in re.finditer(r"[^\n]+", text)))
    assert any(problem.code == "span.token" for problem in by_line)
    assert list(character_tokens("共１2条 ")) == [(0, 1), (1, 3), (3, 4)]


def test_length_is_counted_without_blanks() -> None:
    report = annotated()
    assert "text.length" in errors(msgspec.structs.replace(report, text="短" * 299 + " " * 100, spans=(), facts=()))
    assert "text.length" in errors(msgspec.structs.replace(report, text="长" * 3501, spans=(), facts=()))
    assert "text.length" not in errors(msgspec.structs.replace(report, text="好 " * 300, spans=(), facts=()))


# ---- duplicates

OTHER = """---
year: 2015
town: 石垭乡
county: 青岩县
province: 贵州省
hand: T2
---
⟦石垭乡二〇一五年公开工作年报¦TITLE⟧
乡里人少地广，消息多靠赶场天的喇叭。全年贴出告示⟦四十五条¦disclosure.total=45条⟧，电话回访了几户老人，都说看得懂。
"""


def test_independent_texts_share_little() -> None:
    assert likenesses([annotated(), annotated(OTHER, "t2_01")]) == []


def test_a_reworked_copy_is_found() -> None:
    copy = annotated(SOURCE.replace("⟦66条", "⟦97条").replace("鹭渡镇", "梧桥镇").replace("赶集日还摆摊", "赶集日又摆摊"), "copy")
    (pair,) = likenesses([annotated(), annotated(OTHER, "t2_01"), copy])
    assert {pair.one, pair.other} == {"t1_01", "copy"}
    assert pair.similarity > 0.5


def test_what_the_law_makes_everyone_say_is_left_out() -> None:
    sentences = list(own_sentences(annotated()))
    assert any("赶集日" in sentence for sentence in sentences)
    assert not any("统计期限" in s or "行政诉讼" in s or "主动公开政府信息数" in s for s in sentences)


# ---- splits


def test_split_depends_on_the_county_alone() -> None:
    report = annotated()
    assert group_of(report.card) == "陕西省:白河县"
    assert group_of(changed(report, county=None).card) == "陕西省:鹭渡镇"
    assert {split_of(f"甘肃省:{n}县") for n in range(60)} == {"train", "dev", "test"}


def in_split(split: str, count: int) -> list[str]:
    names = [f"{n}县" for n in range(400) if split_of(f"陕西省:{n}县") == split]
    return names[:count]


def test_groups_move_out_of_test_and_never_into_it() -> None:
    test, train = in_split("test", 1)[0], in_split("train", 1)[0]
    both = [changed(annotated(name="a"), county=test), changed(annotated(name="b"), county=train)]
    assert [r.split for r in assign(both)] == ["test", "train"]
    moved = assign(both, moves={f"陕西省:{test}": "dev"})
    assert [r.split for r in moved] == ["dev", "train"]
    assert assign(both, moved) == moved  # fixed from now on
    for group, split in ((train, "test"), (train, "dev"), (test, "test")):
        with pytest.raises(CorpusError, match="only from test"):
            assign(both, moves={f"陕西省:{group}": split})


def test_leaks_and_gaps_are_seen() -> None:
    report = annotated()
    cards = {"a": report.card, "b": changed(report, year=2009, table=None).card}
    rows = [Row("a", "陕西省:白河县", "train"), Row("b", "陕西省:白河县", "test")]
    assert any("county 陕西省 白河县 in test, train" in leak for leak in leaks(rows, cards))
    assert leaks([rows[0]], cards) == []
    assert "test: table 2014" in gaps(rows, cards)
    assert "train: era to 2013" in gaps(rows, cards)


def test_splits_file_comes_back(tmp_path: Path) -> None:
    rows = [Row("a", "陕西省:白河县", "train"), Row("b", "陕西省:青岩县", "dev")]
    write_rows(rows, tmp_path / "splits.csv")
    assert read_rows(tmp_path / "splits.csv") == rows
    assert shares(rows) == {"train": (1, 1), "dev": (1, 1), "test": (0, 0)}
    (tmp_path / "splits.csv").write_text("name,group,split\na,b,all\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="split 'all' is not known"):
        read_rows(tmp_path / "splits.csv")


# ---- a corpus on disk


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of three reports, one a split."""
    for split in ("train", "dev", "test"):
        county = in_split(split, 1)[0]
        report = changed(annotated(name=f"{split}_01"), county=county)
        brat.write(msgspec.structs.replace(report, text=report.text), tmp_path / "reports")
    assert run(app, ["corpus", "split", str(tmp_path)]).exit_code == 0
    return tmp_path


def test_reports_of_a_split(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [r.name for r in reports("dev", folder=corpus)] == ["dev_01"]
    assert [r.name for r in reports(folder=corpus / "reports")] == ["dev_01", "test_01", "train_01"]
    assert splits(corpus) == {"dev_01": "dev", "test_01": "test", "train_01": "train"}
    monkeypatch.setenv("GOVIE_CORPUS", str(corpus))
    assert corpus_folder() == corpus
    assert [r.name for r in reports("train")] == ["train_01"]
    with pytest.raises(UsageError, match="Splits: train, dev, test"):
        list(reports("validation"))


def test_no_corpus_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVIE_CORPUS", str(tmp_path))
    with pytest.raises(CorpusError, match="set GOVIE_CORPUS"):
        corpus_folder()
    with pytest.raises(CorpusError, match="no reports here"):
        list(reports(folder=tmp_path))


@pytest.mark.filterwarnings("ignore")
def test_dataset_has_typed_features(corpus: Path) -> None:
    datasets = pytest.importorskip("datasets")
    dataset = load("train", folder=corpus)
    report = next(reports("train", folder=corpus))
    assert (len(dataset), dataset[0]["name"], dataset[0]["text"]) == (1, "train_01", report.text)
    facts, spans = dataset[0]["facts"], dataset[0]["spans"]
    concept = dataset.features["facts"].feature["concept"]
    assert isinstance(concept, datasets.ClassLabel) and concept.names == list(concepts())
    assert [concept.int2str(f["concept"]) for f in facts] == [f.concept for f in report.facts]
    assert [f["value"] for f in facts] == [f.value for f in report.facts]
    assert all(report.text[s["start"] : s["end"]] == s["text"] for s in spans)
    assert [s["level"] for s in spans if s["kind"] == "overview"] == [1]


def test_row_has_what_the_features_name() -> None:
    record = row(annotated())
    assert record["period"] == ["2017-01-01", "2017-12-31"]
    assert record["spans"][0]["text"] == "鹭渡镇2017年政府信息"


@pytest.mark.filterwarnings("ignore")
def test_tokens_of_a_pipeline() -> None:
    spacy = pytest.importorskip("spacy")
    assert list(tokenizer_of(spacy.blank("zh"))("共 2条")) == [(0, 1), (2, 3), (3, 4)]
    assert "span.token" in [p.code for p in check_report(annotated(), tokenizer_of(spacy.blank("en")))]


@pytest.mark.filterwarnings("ignore")
def test_docbin_keeps_every_span() -> None:
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("zh")  # characters
    report = annotated()
    (doc,) = to_docbin([report], nlp).get_docs(nlp.vocab)
    assert [(s.start_char, s.end_char, s.label_) for s in doc.spans["labels"]] == [(s.start, s.end, s.label) for s in report.spans]
    assert [s.label_ for s in doc.spans["concepts"]] == [f.concept for f in report.facts]
    assert doc.user_data["govie.name"] == "t1_01"


@pytest.mark.filterwarnings("ignore")
def test_docbin_fails_on_a_span_it_would_drop() -> None:
    spacy = pytest.importorskip("spacy")
    with pytest.raises(CorpusError, match=r"T\d+: [A-Z]+ .* is off the tokens' boundaries"):
        to_docbin([annotated()], spacy.blank("en"))


# ---- stats, data sheet


def test_stats_count() -> None:
    found = stats([annotated(), changed(annotated(OTHER, "t2_01"), findings=("table.missing",))])
    assert (found.reports, found.towns, found.hands, found.contradictory) == (2, 2, 2, 1)
    assert found.prose_concepts["disclosure.by_category"] == 3
    assert found.table_concepts["disclosure.total"] == 1
    assert found.formats == {"pre2014": 0, "2014": 1, "2019": 0, "2021": 0, "none": 1}
    assert found.eras == {"to 2013": 0, "2014-2018": 2, "from 2019": 0}
    assert "review.pending" in found.never_met
    assert "| reports | 2, of 2 towns" in as_markdown(found)


@pytest.mark.filterwarnings("ignore")
def test_plot_keeps_chinese_as_text(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from govie.corpus.stats import plot

    plot(stats([annotated()]), tmp_path / "stats.svg")
    first = (tmp_path / "stats.svg").read_text(encoding="utf-8")
    assert "陕西省" in first
    plot(stats([annotated()]), tmp_path / "stats.svg")
    assert (tmp_path / "stats.svg").read_text(encoding="utf-8") == first
    with pytest.raises(UsageError, match=r"\.svg"):
        plot(stats([annotated()]), tmp_path / "stats.bmp")


def test_blocks_are_filled() -> None:
    page = "# x\n<!-- stats -->\nold\n<!-- /stats -->\nend\n"
    assert fill(page, {"stats": "new \\1\n"}) == "# x\n<!-- stats -->\nnew \\1\n<!-- /stats -->\nend\n"
    with pytest.raises(CorpusError, match="no block score"):
        fill(page, {"score": ""})


# ---- commands


def test_check_command(corpus: Path) -> None:
    result = run(app, ["corpus", "check", str(corpus)])
    # Three copies of one report: everything but the near duplicates is clean.
    assert result.exit_code == 1
    assert result.stdout.count("shares 100% of its own words") == 3
    assert "3 reports, 3 errors, 0 notices" in result.stdout


def test_check_names_file_line_and_hint_and_quotes_no_test_report(corpus: Path) -> None:
    for name in ("train_01", "test_01"):
        path = corpus / "reports" / f"{name}.ann"
        path.write_text(path.read_text(encoding="utf-8").replace("value=58 unit=条", "value=59 unit=条", 1), encoding="utf-8")
    lines = run(app, ["corpus", "check", str(corpus)]).stdout.splitlines()
    number = next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line.endswith("\t58条"))
    assert f"error: train_01.ann:{number}: '58条' does not read 59条. The span holds the number and its unit; the value is that number." in lines
    assert f"error: test_01:{number}: fact.value. A test report: --show-test quotes it." in lines
    shown = run(app, ["corpus", "check", "--show-test", str(corpus)]).stdout
    assert f"test_01.ann:{number}: '58条'" in shown


def test_check_goes_on_after_a_broken_file(corpus: Path) -> None:
    (corpus / "reports" / "dev_01.toml").write_text("year = ", encoding="utf-8")
    result = run(app, ["corpus", "check", str(corpus)])
    assert "error: dev_01.ann: dev_01.toml: the card is wrong" in result.stdout
    assert "train_01" in result.stdout


def test_import_gold_and_scorer_format(tmp_path: Path) -> None:
    (tmp_path / "a_01.src").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "a_02.src").write_text("no header", encoding="utf-8")
    out = tmp_path / "reports"
    result = run(app, ["corpus", "import-inline", *map(str, sorted(tmp_path.glob("*.src"))), "-o", str(out)])
    assert result.exit_code == 1
    assert "a_02.src" in result.stderr and "1 reports written" in result.stdout
    assert brat.read(out / "a_01") == annotated(name="a_01")
    assert "Kind\tArg:HEADING, Value:overview|" in (out / "annotation.conf").read_text(encoding="utf-8")
    assert run(app, ["corpus", "gold", str(out), "-o", str(tmp_path / "gold")]).exit_code == 0
    gold = json.loads((tmp_path / "gold" / "a_01.gold.json").read_text(encoding="utf-8"))
    assert gold == json.loads(json.dumps(annotated().to_gold()))
    assert (tmp_path / "gold" / "a_01.txt").read_text(encoding="utf-8") == annotated().text


def test_split_stats_and_datasheet_commands(corpus: Path) -> None:
    assert "group,split" in (corpus / "splits.csv").read_text(encoding="utf-8")
    group = f"陕西省:{in_split('test', 1)[0]}"
    assert run(app, ["corpus", "split", str(corpus), "--move", f"{group}=dev"]).exit_code == 0
    assert splits(corpus)["test_01"] == "dev"
    assert run(app, ["corpus", "split", str(corpus), "--move", f"{group}=test"]).exit_code == 1
    assert run(app, ["corpus", "split", str(corpus), "--move", group]).exit_code == 2
    assert "3 reports of 3 towns" in run(app, ["corpus", "stats", str(corpus)]).stdout
    blocks = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in ("stats", "splits", "agreement", "score"))
    (corpus / "README.md").write_text(blocks, encoding="utf-8")
    assert run(app, ["corpus", "datasheet", str(corpus), "--no-plot"]).exit_code == 0
    assert "| reports | 3, of 3 towns" in (corpus / "README.md").read_text(encoding="utf-8")


def test_gold_of_a_split(corpus: Path, tmp_path: Path) -> None:
    assert run(app, ["corpus", "gold", str(corpus), "--split", "dev", "-o", str(tmp_path / "g")]).exit_code == 0
    assert [path.name for path in sorted((tmp_path / "g").iterdir())] == ["dev_01.gold.json", "dev_01.txt"]
    assert run(app, ["corpus", "gold", str(corpus)]).exit_code == 2


def test_command_is_light() -> None:
    code = "import sys, govie.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"spacy", "datasets", "matplotlib", "numpy", "pandas"}.isdisjoint(loaded)


# ---- the committed corpus


@pytest.fixture(scope="module")
def committed() -> dict[str, AnnotatedReport]:
    place = ROOT / "corpus" / "reports"
    if not brat.names(place) or not (ROOT / "corpus" / "splits.csv").exists():
        pytest.skip("no corpus in this tree")
    return {name: brat.read(place / f"{name}.ann") for name in brat.names(place)}


def test_corpus_has_no_errors(committed: dict[str, AnnotatedReport]) -> None:
    wrong = [f"{p.report}: {p.code}" for report in committed.values() for p in check_report(report) if p.severity == "error"]
    assert wrong == []


def test_no_two_reports_share_more_than_the_frame(committed: dict[str, AnnotatedReport]) -> None:
    assert likenesses(committed.values()) == []


def test_no_town_or_county_is_on_two_sides(committed: dict[str, AnnotatedReport]) -> None:
    rows = read_rows(ROOT / "corpus" / "splits.csv")
    cards = {name: report.card for name, report in committed.items()}
    assert {row.name for row in rows} == set(cards)
    assert leaks(rows, cards) == []
    assert gaps(rows, cards) == []


def test_nothing_was_moved_into_test(committed: dict[str, AnnotatedReport]) -> None:
    rows = read_rows(ROOT / "corpus" / "splits.csv")
    assert [row.name for row in rows if row.split == "test" and split_of(row.group) != "test"] == []
    assert [row.name for row in rows if row.group != group_of(committed[row.name].card)] == []
    groups = shares(rows)
    total = sum(number for number, _ in groups.values())
    assert 0.65 < groups["train"][0] / total < 0.75
    assert 0.07 < groups["dev"][0] / total < 0.15
    assert 0.15 < groups["test"][0] / total < 0.25


def test_committed_files_are_canonical(committed: dict[str, AnnotatedReport]) -> None:
    for name, report in committed.items():
        assert (ROOT / "corpus" / "reports" / f"{name}.ann").read_text(encoding="utf-8") == brat.dumps(report)[1]
