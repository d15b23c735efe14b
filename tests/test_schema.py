"""The shipped JSON Schema is that of the records, and reports keep to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import govie
from govie.export import ReportRecord, json_schema
from govie.taxonomy import data_text

SHIPPED: dict[str, Any] = json.loads(data_text("report.schema.json"))

# The keys that the specification of the output prints; more may be there.
KEYS = {
    "ReportRecord": "schema_version source title authority locality year period issued contacts sections facts tables"
    " findings",
    "Source": "path media_type sha256 chars",
    "Locality": "name level county city province code candidates",
    "Period": "start end",
    "Contact": "kind value start end",
    "Section": "number level heading kind run_in start end heading_start heading_end children",
    "Fact": "concept category applicant value unit scope year approximate start end text section source confidence",
    "TableRecord": "format caption header rows start end",
    "Finding": "code severity message evidence",
    "Span": "start end text",
}


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SHIPPED)
    return jsonschema.Draft202012Validator(SHIPPED)


def test_shipped_schema_is_that_of_the_records() -> None:
    assert json_schema() == SHIPPED, "run `make schema` and read what changed"


@pytest.mark.parametrize("record", KEYS)
def test_schema_has_the_specified_keys(record: str) -> None:
    assert KEYS[record].split() == [k for k in SHIPPED["$defs"][record]["properties"] if k in KEYS[record].split()]


@pytest.mark.parametrize("name", ["liuqiao", "baitang"])
def test_reports_keep_to_the_schema(name: str, validator: Any, request: pytest.FixtureRequest) -> None:
    report: govie.Report = request.getfixturevalue(name)
    validator.validate(json.loads(report.to_json()))
    assert msgspec.json.decode(report.to_json(), type=ReportRecord) == report.to_record()


def test_an_empty_report_keeps_to_the_schema(validator: Any) -> None:
    validator.validate(govie.extract("").to_dict())


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("facts", 0, "scope"), "monthly"),
        (("facts", 0, "value"), "66"),
        (("facts", 0, "start"), None),
        (("sections", 0, "children"), None),
        (("schema_version",), "2"),
    ],
)
def test_schema_refuses_what_is_wrong(
    path: tuple[str | int, ...], wrong: object, validator: Any, liuqiao: govie.Report
) -> None:
    data: Any = liuqiao.to_dict()
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    assert not validator.is_valid(data)


def test_schema_file_ends_with_a_line_break() -> None:
    assert (Path(govie.__file__).parent / "data" / "report.schema.json").read_bytes().endswith(b"}\n")
