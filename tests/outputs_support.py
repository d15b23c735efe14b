"""Reports made by hand for the tests of outputs: ordinary ones, empty ones, and ones with texts that formats stumble over."""

from __future__ import annotations

from typing import Any

from tests_support import TEXT, at, make_fact, make_record

from govie.export import Extraction, TableRecord
from govie.outputs.rows import ReportIds, Row, failure_row, report_rows
from govie.outputs.schema import TABLES
from govie.records import Contact, Failure, Section, Source, Span

FAILURE = Failure(path="town/b.pdf", error="ReadError", reason="the file is empty", hint=None, sha256="cd" * 32)


def make_extraction(text: str = TEXT, **options: Any) -> Extraction:
    """Return the record of ``make_record`` with its text."""
    return Extraction(record=make_record(**options), text=text)


def source(number: int, path: str | None = None) -> Source:
    """Return a source of its own for each ``number``."""
    return Source(path=path or f"town/{number}.txt", media_type="text/plain", sha256=f"{number:064x}", chars=len(TEXT))


def full_extraction() -> Extraction:
    """Return a report with something in every table: also null beside 0 beside an empty text, and signs before numbers."""
    section = Section(
        number=None,
        level=2,
        heading="其他",
        kind=None,
        kinds=(),
        run_in=True,
        start=20,
        end=30,
        heading_start=20,
        heading_end=22,
    )
    top = Section(
        number="一", level=1, heading="主动公开情况", kind="disclosure", kinds=("disclosure", "fees"), start=0, end=len(TEXT),
        heading_start=0, heading_end=6, children=(section,),
    )  # fmt: skip
    return make_extraction(
        source=source(1),
        sections=(top,),
        contacts=(Contact("phone", "010-62000000", 0, 3, "010—62000000"),),
        tables=(
            TableRecord(format="2019", caption=None, header=("项目", "", "值"), rows=(("增/减", "+19", "0"), ("", "-3", "无")), start=0, end=9),
            TableRecord(format=None, caption="附表", header=(), rows=(("甲",),), start=9, end=12),
        ),
        facts=(
            make_fact("disclosure.total", 66, confidence=0.91, section="disclosure", rule="total.plain", **at("66条")),
            make_fact("requests.received", 0, also=(Span(**at("0件")), Span(0, 2, "全年")), **(at("0件") | {"unit": "件"})),
            make_fact("licensing.items_change", -3, source="table", year=None, page=2, ocr_confidence=0.5, **at("5条")),
            make_fact("fees.charged", 0.0052, unit="万元", scope="cumulative", applicant="other", category="", approximate=True),
        ),
    )  # fmt: skip


def bare_extraction() -> Extraction:
    """Return a report that says nothing of itself and states nothing."""
    return make_extraction(
        text="", source=Source(path=None, media_type="text/plain", sha256="0" * 64, chars=0), title=None, authority=None,
        locality=None, year=None, period=None, sections=(), facts=(), findings=(),
    )  # fmt: skip


def all_rows(*items: Extraction | Failure) -> dict[str, list[Row]]:
    """Return the rows that each table must have after ``items`` were written."""
    rows: dict[str, list[Row]] = {one.name: [] for one in TABLES}
    ids = ReportIds()
    for item in items:
        if isinstance(item, Failure):
            rows["failures"].append(failure_row(item, len(rows["failures"]) + 1))
        else:
            for name, found in report_rows(item, ids.take(item.record.source)).items():
                rows[name] += found
    return rows
