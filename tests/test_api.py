"""The public names and what users hold: Report, Facts, Sections, Extractor."""

from __future__ import annotations

import inspect
import json
import pickle
import shutil
import types
from pathlib import Path

import pytest
from tests_support import check_offsets, make_fact

import govie
from govie import Fact, Facts, Section, Sections

DATA = Path(__file__).parent / "data"

FACTS = Facts(
    [
        make_fact("disclosure.total", 178, year=2016),
        make_fact("disclosure.total", 126),
        make_fact("disclosure.total", 1204, scope="cumulative"),
        make_fact("disclosure.by_category", 8, category="机构职能"),
        make_fact("requests.received", 3, source="table", section="requests"),
        make_fact("requests.received", 2, applicant="natural_person", source="table"),
        make_fact("requests.outcome.granted", 2, confidence=0.97, source="model"),
        make_fact("requests.outcome.total", 2, confidence=0.61, source="model"),
        make_fact("requests.outcomes_of_another_kind", 1),
    ],
    year=2017,
)


def section(kind: str | None, heading: str, *children: Section, kinds: tuple[str, ...] = ()) -> Section:
    return Section(
        number=None,
        level=1,
        heading=heading,
        kind=kind,
        kinds=kinds,
        start=0,
        end=9,
        heading_start=0,
        heading_end=4,
        children=children,
    )


SECTIONS = Sections(
    [
        section("overview", "概述"),
        section("fees", "收费和复议情况", kinds=("fees", "review_litigation")),
        section("problems", "问题及改进", section("problems.issues", "主要问题"), section(None, "附带说明")),
    ]
)


# --- public names ---------------------------------------------------------------------------------------------


def test_all_names_exist_and_are_documented() -> None:
    for name in govie.__all__:
        thing = getattr(govie, name)
        assert name == "__version__" or (inspect.getdoc(thing) or "").strip(), f"{name} has no docstring"


def test_all_lists_every_public_name() -> None:
    public = {
        name
        for name, thing in vars(govie).items()
        if not name.startswith("_") and not isinstance(thing, types.ModuleType)
    }
    assert public - {"annotations", "cache", "Iterable", "Iterator", "ErrorPolicy", "PathLike"} == set(
        govie.__all__
    ) - {"__version__"}


def test_the_promised_names_are_there() -> None:
    for name in ("extract", "extract_file", "extract_files"):
        assert callable(getattr(govie, name))
        assert callable(getattr(govie.load(), name))
    fields = "title authority locality year period issued contacts sections facts tables findings text source"
    assert list(govie.Report.__struct_fields__) == fields.split()


def test_every_error_is_a_govie_error() -> None:
    for error in (govie.ReadError, govie.ModelError, govie.CorpusError, govie.UsageError):
        assert issubclass(error, govie.GovieError)


# --- Facts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concept", "options", "value"),
    [
        ("disclosure.total", {}, 126),
        ("disclosure.total", {"scope": "cumulative"}, 1204),
        ("disclosure.total", {"year": 2016}, 178),
        ("disclosure.total", {"year": 2015}, None),
        ("disclosure.by_category", {"category": "机构职能"}, 8),
        ("disclosure.by_category", {}, None),
        ("requests.received", {}, 3),
        ("requests.received", {"applicant": "natural_person"}, 2),
        ("requests.received", {"applicant": "enterprise"}, None),
        ("requests.outcome", {}, None),
        ("no.such.concept", {}, None),
    ],
)
def test_get(concept: str, options: dict, value: int | None) -> None:
    fact = FACTS.get(concept, **options)
    assert (fact and fact.value) == value


def test_get_takes_any_year_where_the_report_has_none() -> None:
    fact = Facts([make_fact("disclosure.total", 178, year=2016)]).get("disclosure.total")
    assert fact is not None
    assert fact.value == 178


def test_get_gives_the_first_of_contradicting_facts() -> None:
    facts = Facts([make_fact("requests.received", 3), make_fact("requests.received", 4)], year=2017)
    assert facts.get("requests.received") == facts[0]
    assert [fact.value for fact in facts.where("requests.received")] == [3, 4]


@pytest.mark.parametrize(
    ("conditions", "values"),
    [
        ({}, [178, 126, 1204, 8, 3, 2, 2, 2, 1]),
        ({"concept": "disclosure.total"}, [178, 126, 1204]),
        ({"concept": "disclosure.total", "scope": "annual"}, [178, 126]),
        ({"concept": "disclosure.total", "scope": "annual", "year": 2017}, [126]),
        ({"concept": "requests.outcome.*"}, [2, 2]),
        ({"concept": "requests.outcome"}, []),
        ({"source": "table"}, [3, 2]),
        ({"section": "requests"}, [3]),
        ({"applicant": "natural_person"}, [2]),
        ({"category": "机构职能"}, [8]),
    ],
)
def test_where(conditions: dict, values: list[int]) -> None:
    found = FACTS.where(**conditions)
    assert isinstance(found, Facts)
    assert found.year == 2017
    assert [fact.value for fact in found] == values


def test_confident_keeps_facts_that_carry_no_confidence_unless_told_otherwise() -> None:
    assert len(FACTS.confident(0.9)) == 8
    assert [fact.concept for fact in FACTS.confident(0.9, unrated=False)] == ["requests.outcome.granted"]
    assert len(FACTS.confident(0.61, unrated=False)) == 2


def test_facts_are_a_sequence() -> None:
    assert len(FACTS) == 9
    assert FACTS[-1].value == 1
    assert isinstance(FACTS[:2], Facts)
    assert FACTS[1] in FACTS
    assert next(reversed(FACTS)) == FACTS[-1]
    assert Facts(list(FACTS), year=2017) == FACTS
    assert Facts(list(FACTS), year=2016) != FACTS
    assert "disclosure.total 126 条 annual 2017" in repr(FACTS)


# --- Sections -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("overview", "概述"),
        ("fees", "收费和复议情况"),
        ("review_litigation", "收费和复议情况"),
        ("problems", "问题及改进"),
        ("problems.issues", "主要问题"),
    ],
)
def test_sections_by_kind(kind: str, heading: str) -> None:
    assert SECTIONS[kind].heading == heading
    assert kind in SECTIONS


def test_a_missing_kind_is_a_key_error_that_names_those_present() -> None:
    with pytest.raises(KeyError) as caught:
        SECTIONS["annex"]
    assert caught.value.args[0] == (
        "no section of kind 'annex' in this report; kinds present: "
        "overview, fees, review_litigation, problems, problems.issues"
    )
    assert SECTIONS.get("annex") is None
    assert "annex" not in SECTIONS


def test_sections_are_a_sequence_of_the_top_level() -> None:
    assert len(SECTIONS) == 3
    assert SECTIONS[0].heading == "概述"
    assert isinstance(SECTIONS[1:], Sections)
    assert SECTIONS[0] in SECTIONS
    assert [one.heading for one in SECTIONS.flat()] == ["概述", "收费和复议情况", "问题及改进", "主要问题", "附带说明"]
    assert Sections() == Sections([])
    assert "收费和复议情况 [fees, review_litigation]" in repr(SECTIONS)


# --- Report ---------------------------------------------------------------------------------------------------


def test_report_reads_as_its_author_meant(liuqiao: govie.Report) -> None:
    assert liuqiao.title == "柳桥镇2017年政府信息公开工作年度报告"
    assert liuqiao.authority == "青禾县柳桥镇人民政府"
    assert liuqiao.year == 2017
    assert liuqiao.period == govie.Period("2017-01-01", "2017-12-31")
    assert liuqiao.issued == "2018-02-06"
    assert [(contact.kind, contact.value) for contact in liuqiao.contacts] == [("phone", "0999-5230187")]
    assert liuqiao.sections["disclosure"].heading == "主动公开政府信息情况"
    total = liuqiao.facts.get("disclosure.total")
    assert total is not None
    assert (total.value, total.unit, total.text) == (126, "条", "126条")
    assert liuqiao.findings == ()


def test_report_of_a_page_reads_as_its_author_meant(baitang: govie.Report) -> None:
    assert baitang.title == "白塘镇2022年政府信息公开工作年度报告"
    assert baitang.year == 2022
    assert {table.format for table in baitang.tables} == {"2021"}
    values = {
        concept: fact.value
        for concept in ("normative_documents.in_force", "licensing.decisions", "requests.received")
        if (fact := baitang.facts.get(concept))
    }
    assert values == {"normative_documents.in_force": 5, "licensing.decisions": 37, "requests.received": 1}


@pytest.mark.parametrize("name", ["liuqiao", "baitang"])
def test_every_offset_is_right(name: str, request: pytest.FixtureRequest) -> None:
    check_offsets(request.getfixturevalue(name))


def test_report_pickles(liuqiao: govie.Report, baitang: govie.Report) -> None:
    for report in (liuqiao, baitang):
        copy = pickle.loads(pickle.dumps(report))
        assert copy == report
        assert copy.facts.year == report.facts.year


def test_report_is_read_only(liuqiao: govie.Report) -> None:
    with pytest.raises(AttributeError):
        liuqiao.year = 2016


def test_json_is_the_dict(liuqiao: govie.Report) -> None:
    assert json.loads(liuqiao.to_json()) == liuqiao.to_dict()
    assert json.loads(liuqiao.to_json(indent=2)) == liuqiao.to_dict()
    assert "\n" not in liuqiao.to_json()
    assert "柳桥镇" in liuqiao.to_json()


def test_one_report_leaves_no_trace_in_the_next(extractor: govie.Extractor, liuqiao: govie.Report) -> None:
    extractor.extract_file(DATA / "baitang_2022.html")
    assert extractor.extract_file(DATA / "liuqiao_2017.txt") == liuqiao


# --- Extractor ------------------------------------------------------------------------------------------------


def test_extract_takes_text(liuqiao: govie.Report) -> None:
    path = DATA / "liuqiao_2017.txt"
    report = govie.extract(path.read_text(encoding="utf-8"))
    assert report.facts == govie.extract_file(path).facts
    assert report.source.path is None
    assert report.source.sha256 == liuqiao.source.sha256


def test_extract_refuses_bytes() -> None:
    with pytest.raises(govie.UsageError, match=r"must be a str, not bytes\. Bytes and files .* extract_file"):
        govie.extract(b"\xe5\x85\xa8")  # type: ignore[arg-type]


def test_load_without_model() -> None:
    assert govie.load(model=None).extract("").facts == Facts()
    assert repr(govie.load(model=None)) == "<Extractor: rules only>"


def test_load_refuses_a_path_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(govie.ModelError, match=r"nowhere: there is no model folder at this path\. Give the folder"):
        govie.load(tmp_path / "nowhere")
    with pytest.raises(govie.ModelError, match=r"holds no trained pipeline \(no config\.cfg in it\)"):
        govie.load(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good files in two folders, one empty one, one broken one, and what is no report."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    shutil.copy(DATA / "liuqiao_2017.txt", tmp_path / "b.txt")
    shutil.copy(DATA / "baitang_2022.html", tmp_path / "c.html")
    shutil.copy(DATA / "liuqiao_2017.txt", tmp_path / "sub" / "d.TXT")
    shutil.copy(DATA / "liuqiao_2017.txt", tmp_path / ".hidden" / "x.txt")
    shutil.copy(DATA / "liuqiao_2017.txt", tmp_path / "._b.txt")
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04")
    return tmp_path


def _names(reports: list[govie.Report]) -> list[str]:
    return [Path(report.source.path or "").name for report in reports]


@pytest.mark.parametrize("n_process", [1, 2])
def test_extract_files_yields_all_good_ones_then_raises(folder: Path, n_process: int) -> None:
    reports = []
    with pytest.raises(ExceptionGroup, match="2 files could not be read; the others were yielded") as caught:
        for report in govie.extract_files(folder, n_process=n_process):
            reports.append(report)
    assert _names(reports) == ["b.txt", "c.html", "d.TXT"]
    empty, broken = caught.value.exceptions
    assert isinstance(empty, govie.ReadError) and isinstance(broken, govie.ReadError)
    assert "a.txt: the file is empty" in str(empty)
    assert "scan.pdf: the PDF is broken" in str(broken)


def test_extract_files_skips_failures_if_told_to(folder: Path) -> None:
    assert _names(list(govie.extract_files([folder], on_error="skip"))) == ["b.txt", "c.html", "d.TXT"]


def test_extract_files_hands_failures_to_a_function(folder: Path) -> None:
    seen: list[tuple[str, str]] = []
    paths = [folder / "table.xlsx", folder / "b.txt", folder / "missing.txt"]
    reports = list(govie.extract_files(paths, on_error=lambda path, error: seen.append((path, error.what))))
    assert _names(reports) == ["b.txt"]
    assert [(Path(path).name, "binary" in what or "archive" in what) for path, what in seen] == [("table.xlsx", True), ("missing.txt", False)]


def test_processes_give_the_same_reports_in_the_same_order(folder: Path) -> None:
    paths = [folder / "c.html", folder / "b.txt", folder / "sub"] * 20
    alone = list(govie.extract_files(paths))
    assert list(govie.extract_files(paths, n_process=2)) == alone


def test_extract_files_takes_one_path(folder: Path) -> None:
    assert len(list(govie.extract_files(str(folder / "b.txt")))) == 1


def test_extract_files_is_lazy(folder: Path) -> None:
    taken = []

    def paths():
        for _ in range(10_000):
            taken.append(1)
            yield folder / "b.txt"

    reports = govie.extract_files(paths())
    next(reports)
    assert len(taken) == 1
    reports.close()
    reports = govie.extract_files(paths(), n_process=2)
    next(reports)
    assert len(taken) < 500
    reports.close()


@pytest.mark.parametrize("n_process", [0, -1, 1.5, True, "2"])
def test_extract_files_refuses_a_senseless_number_of_processes(n_process: object) -> None:
    with pytest.raises(govie.UsageError, match="n_process must be a whole number from 1 on"):
        govie.extract_files([], n_process=n_process)  # type: ignore[arg-type]


def test_extract_files_refuses_an_unknown_policy() -> None:
    with pytest.raises(govie.UsageError, match="on_error must be 'raise', 'skip' or a function, not 'ignore'"):
        govie.extract_files([], on_error="ignore")  # type: ignore[arg-type]


def test_a_defect_of_ours_costs_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = govie.Extractor.extract_file

    def broken(self: govie.Extractor, path: Path) -> govie.Report:
        if path.name == "b.txt":
            raise IndexError("list index out of range")
        return read(self, path)

    monkeypatch.setattr(govie.Extractor, "extract_file", broken)
    errors = []
    reports = list(govie.extract_files(folder, on_error=lambda _, error: errors.append(str(error))))
    assert _names(reports) == ["c.html", "d.TXT"]
    assert "b.txt: govie has a defect that this file brings out (IndexError: list index out of range)" in errors[1]


def test_facts_in_a_report_are_facts(liuqiao: govie.Report) -> None:
    assert all(isinstance(fact, Fact) for fact in liuqiao.facts)
