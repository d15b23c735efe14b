"""The tables that every output is made of, column by column: the one definition of what a row holds.

Read this first: :data:`TABLES` lists the tables in the order in which they are written (a table comes after those its
rows point to). :mod:`govie.outputs.rows` makes rows with the columns in this order; each format writes them; the data
dictionary (``docs/data-dictionary.md``, a sheet of the workbook, a table and comments of a database) is printed from here.

A column is *null* only in the sense it states; a column that states none always has a value. An empty text is a value
and not null.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import msgspec

from govie.display import APPLICANT_LABELS, CONTACT_LABELS
from govie.errors import UsageError
from govie.interchange.annotation import FINDINGS

__all__ = [
    "DICTIONARY",
    "DICTIONARY_COLUMNS",
    "FACTS",
    "REPORT_ID",
    "TABLES",
    "TEXTS",
    "Column",
    "TableDefinition",
    "dictionary",
    "table",
]

Type = Literal["text", "integer", "number", "boolean"]
REPORT_ID = "report_id"


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: what it holds, in which unit, which values it may have, and what null means (None: it is never null).

    ``values`` pairs each allowed value with its Chinese name. ``references`` names the table whose key it holds.
    ``of_report`` marks columns that repeat what the report's own row says. ``stata`` is its name where Stata keeps the
    usual one for itself.
    """

    name: str
    type: Type
    chinese: str
    meaning: str
    unit: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    null: str | None = None
    references: str | None = None
    of_report: bool = False
    stata: str | None = None


class TableDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its name, the columns that tell its rows apart, and its columns in order."""

    name: str
    chinese: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def place(self, name: str) -> int:
        """Return where the column ``name`` stands in a row."""
        return self.names().index(name)


_NOT_SAID = "the report does not say, or not in a way that could be read"
_OFFSETS = "code points"
_TRUE_FALSE = (("true", "是"), ("false", "否"))
_LEVELS = (("town", "乡镇街道"), ("county", "县级"), ("city", "市级"), ("province", "省级"))
_FORMATS = (("pre2014", "2014年以前"), ("2014", "2014年"), ("2019", "2019年"), ("2021", "2021年"))
_SEVERITIES = (("error", "错误"), ("warning", "提醒"), ("info", "提示"))
_SCOPES = (("annual", "当年"), ("cumulative", "累计"))
_SOURCES = (("rule", "规则"), ("model", "模型"), ("table", "表格"))


def _text(name: str, chinese: str, meaning: str, **options: Any) -> Column:
    return Column(name=name, type="text", chinese=chinese, meaning=meaning, **options)


def _integer(name: str, chinese: str, meaning: str, **options: Any) -> Column:
    return Column(name=name, type="integer", chinese=chinese, meaning=meaning, **options)


def _number(name: str, chinese: str, meaning: str, **options: Any) -> Column:
    return Column(name=name, type="number", chinese=chinese, meaning=meaning, **options)


def _boolean(name: str, chinese: str, meaning: str) -> Column:
    return Column(name=name, type="boolean", chinese=chinese, meaning=meaning, values=_TRUE_FALSE)


def _start(of: str, **options: Any) -> Column:
    options = {"name": "start", "chinese": "起点", "unit": _OFFSETS} | options
    return Column(
        type="integer", meaning=f"offset in the report's text at which {of} begins", stata="start_offset", **options
    )


def _end(of: str, **options: Any) -> Column:
    options = {"name": "end", "chinese": "终点", "unit": _OFFSETS} | options
    return Column(
        type="integer",
        meaning=f"offset in the report's text at which {of} ends (not part of it)",
        stata="end_offset",
        **options,
    )


def _report_id() -> Column:
    return _text(REPORT_ID, "报告编号", "the report it belongs to", references="reports")


# What identifies a report, in the report's own row and repeated beside its facts and findings.
_LOCALITY = (
    _text("locality", "地区", "the town, or the county, city or province of a bureau", null=_NOT_SAID, of_report=True),
    _text("county", "县", "county or district", null=_NOT_SAID, of_report=True),
    _text("city", "市", "prefecture-level city", null=_NOT_SAID, of_report=True),
    _text("province", "省", "province", null=_NOT_SAID, of_report=True),
    _text(
        "code",
        "行政区划代码",
        "six-digit code (GB/T 2260) of the county in the report year; text, because it is no number",
        null="neither the text nor a unique name settles the county",
        of_report=True,
    ),
)
_REPORT_YEAR = _integer(
    "report_year",
    "报告年度",
    "the year reported on, not that of publication",
    unit="year",
    null=_NOT_SAID,
    of_report=True,
)
_IDENTITY = (
    _text("title", "标题", "the title, on one line", null="the page has none", of_report=True),
    _text("authority", "发布机关", "who reports, as written", null=_NOT_SAID, of_report=True),
    _text("path", "文件", "the file, as it was given", null="the text was handed over in memory", of_report=True),
)

_REPORTS = TableDefinition(
    name="reports",
    chinese="报告",
    meaning="one row a report",
    key=(REPORT_ID,),
    columns=(
        _text(
            REPORT_ID,
            "报告编号",
            "the first 16 hex digits of the SHA-256 of the file; a second file with the same bytes has -2 behind them, a third -3",
        ),
        _LOCALITY[0],
        _text("level", "级别", "what the locality is", values=_LEVELS, null="there is no locality"),
        *_LOCALITY[1:],
        _integer(
            "candidates",
            "同名地区数",
            "how many towns of the gazetteer have exactly this name",
            null="there is no locality",
        ),
        _REPORT_YEAR,
        _text("period_start", "统计起始日", "first day of the statistics period", unit="ISO 8601 date", null=_NOT_SAID),
        _text("period_end", "统计截止日", "last day of the statistics period", unit="ISO 8601 date", null=_NOT_SAID),
        _text("issued", "成文日期", "date of issue", unit="ISO 8601 date", null="the report has no full date"),
        _integer("facts", "数据项数", "how many facts of the report are in the table of facts"),
        _integer("tables", "表格数", "how many tables the report has"),
        _integer("sections", "栏目数", "how many sections the report has, of all levels"),
        _integer("findings", "问题数", "how many findings there are"),
        *_IDENTITY[:2],
        _text("media_type", "文件类型", "media type of what was read"),
        _text(
            "encoding",
            "编码",
            "the encoding that the bytes were decoded with",
            null="the text was handed over in memory, or the format has none",
        ),
        _text("sha256", "SHA-256", "SHA-256 of the bytes that were read"),
        _integer("chars", "字数", "length of the report's text", unit=_OFFSETS),
        _IDENTITY[2],
    ),
)

FACTS = TableDefinition(
    name="facts",
    chinese="数据",
    meaning="one row a fact: every number that means something, and every stated zero",
    key=("fact_id",),
    columns=(
        _text(
            "fact_id",
            "数据编号",
            "the report's id and a hash of concept, category, applicant, scope, year, value and place: the same in every run that finds the fact",
        ),
        _report_id(),
        *_LOCALITY,
        _REPORT_YEAR,
        _text("concept", "指标", "id of the concept (docs/output.md lists them)"),
        _text("label", "指标名称", "official wording of the concept", null="the concept has no official wording"),
        _text(
            "category",
            "类别",
            "for disclosure.by_category: the category as the clerk wrote it",
            null="the fact is of no category",
        ),
        _text(
            "applicant",
            "申请人类型",
            "column of the request tables of 2019 and 2021",
            values=tuple(APPLICANT_LABELS.items()),
            null="总计, or not broken down",
        ),
        _number(
            "value",
            "数值",
            "the number; 0 is a stated zero, and what is not stated has no row",
            unit="see the column unit",
        ),
        _text("unit", "单位", "unit of the value: 条 件 次 个 人 人次 篇 万元 元 %, or one as written"),
        _text("scope", "统计口径", "of the year, or cumulative up to its end", values=_SCOPES),
        _integer(
            "year",
            "年度",
            "the year the fact is of; of a cumulative one the year it ends in",
            unit="year",
            null="no year is known",
        ),
        _boolean("approximate", "约数", "whether the report says 余, 多, 近, 约 or 左右"),
        _text("text", "原文", "the words the value stands in; for a stated zero those that say so"),
        _text(
            "sentence",
            "所在句",
            "the sentence or line around them, at most 300 characters to each side; a number alone on its line has the lines"
            " before it, up to one in words",
        ),
        _text(
            "section", "栏目", "kind of the top section it stands in", null="it stands in no section of a known kind"
        ),
        _text("source", "来源", "what read it", values=_SOURCES),
        _text("rule", "规则", "the rule, form row or model that made it", null="not recorded"),
        _number(
            "confidence",
            "置信度",
            "calibrated probability that it is right",
            unit="0 to 1",
            null="it was not rated: rules and tables carry none",
        ),
        _integer("page", "页码", "page of the file, counted from 1", null="the file has no pages"),
        _number(
            "ocr_confidence",
            "识别置信度",
            "how sure character recognition was of its line",
            unit="0 to 1",
            null="the text was text in the file",
        ),
        _start("the text"),
        _end("the text"),
        _integer("sentence_start", "句起点", "offset in the report's text at which the sentence begins", unit=_OFFSETS),
        *_IDENTITY,
    ),
)

_TABLES = TableDefinition(
    name="tables",
    chinese="表格",
    meaning="one row a table of a report",
    key=("table_id",),
    columns=(
        _text("table_id", "表格编号", "the report's id, -table and the number"),
        _report_id(),
        _integer("number", "序号", "number of the table in the report, from 1"),
        _text("format", "表式", "official form that it follows", values=_FORMATS, null="a table of another kind"),
        _text("caption", "表名", "caption", null="there is none"),
        _integer("rows", "行数", "rows below the header"),
        _integer("columns", "列数", "columns of the widest row"),
        _start("the table"),
        _end("the table"),
    ),
)

_CELLS = TableDefinition(
    name="cells",
    chinese="单元格",
    meaning="one row a cell of a table",
    key=("table_id", "row", "column"),
    columns=(
        _text("table_id", "表格编号", "the table it belongs to", references="tables"),
        _integer("row", "行", "0 is the header, the rows below count from 1"),
        _integer("column", "列", "counted from 1"),
        _text("text", "内容", "what stands in the cell; an empty text where nothing does"),
    ),
)

_SECTIONS = TableDefinition(
    name="sections",
    chinese="栏目",
    meaning="one row a section, of all levels",
    key=("section_id",),
    columns=(
        _text("section_id", "栏目编号", "the report's id, -section and the number in the order of the text"),
        _report_id(),
        _text("parent_id", "上级栏目编号", "the section that it is part of", null="a section of the top"),
        _text("number", "编号", "the number as written", null="the heading has none"),
        _integer("level", "层级", "level, from 1"),
        _text("heading", "标题", "the heading without its number"),
        _text(
            "kind", "栏目类型", "what the heading is about; the first where it names several", null="of no known kind"
        ),
        _text(
            "kinds",
            "全部栏目类型",
            "all kinds that the heading names, with blanks between; an empty text where it names none",
        ),
        _boolean("run_in", "段首标题", "whether the heading runs on into its paragraph"),
        _start("the section"),
        _end("the section"),
        _integer("heading_start", "标题起点", "offset in the report's text at which the heading begins", unit=_OFFSETS),
        _integer(
            "heading_end",
            "标题终点",
            "offset in the report's text at which the heading ends (not part of it)",
            unit=_OFFSETS,
        ),
    ),
)

_FINDINGS = TableDefinition(
    name="findings",
    chinese="问题",
    meaning="one row a finding: where a report contradicts itself or the law",
    key=("finding_id",),
    columns=(
        _text("finding_id", "问题编号", "the report's id, -finding and the number"),
        _report_id(),
        *_LOCALITY,
        _REPORT_YEAR,
        _text(
            "finding",
            "问题代码",
            "id of the kind of finding (docs/output.md)",
            values=tuple((code, "") for code in FINDINGS),
        ),
        _text("severity", "程度", "how grave it is", values=_SEVERITIES),
        _text("message", "说明", "what does not fit"),
        _text(
            "evidence",
            "依据",
            "the words it rests on, with | between places; an empty text where it rests on none (a heading that is not there)",
        ),
        *_IDENTITY,
    ),
)

_PLACES = TableDefinition(
    name="places",
    chinese="出处",
    meaning="one row a further place that states the same fact, or a place that a finding rests on",
    key=("place_id",),
    columns=(
        _text("place_id", "出处编号", "the id of fact or finding, -place and the number"),
        _report_id(),
        _text(
            "fact_id",
            "数据编号",
            "the fact that is stated here too",
            null="the place belongs to a finding",
            references="facts",
        ),
        _text(
            "finding_id",
            "问题编号",
            "the finding that rests on it",
            null="the place belongs to a fact",
            references="findings",
        ),
        _start("the place"),
        _end("the place"),
        _text("text", "原文", "the words that stand there"),
    ),
)

_CONTACTS = TableDefinition(
    name="contacts",
    chinese="联系方式",
    meaning="one row a way to reach the office",
    key=("contact_id",),
    columns=(
        _text("contact_id", "联系方式编号", "the report's id, -contact and the number"),
        _report_id(),
        _text("kind", "种类", "kind", values=tuple(CONTACT_LABELS.items())),
        _text("value", "内容", "cleaned: no blanks, half-width digits; text, because 0 may lead"),
        _text("text", "原文", "the words as they stand"),
        _start("it"),
        _end("it"),
    ),
)

TEXTS = TableDefinition(
    name="texts",
    chinese="全文",
    meaning="one row a report: the text that all offsets point into (not in workbooks)",
    key=(REPORT_ID,),
    columns=(_report_id(), _text("text", "全文", "the text that the reader made of the file")),
)

_FAILURES = TableDefinition(
    name="failures",
    chinese="失败",
    meaning="one row a file that gave no report",
    key=("failure_id",),
    columns=(
        _integer("failure_id", "失败编号", "counted from 1, in the order of the files"),
        _text("path", "文件", "the file, as it was given"),
        _text("error", "错误种类", "kind of error"),
        _text("reason", "原因", "what happened"),
        _text("hint", "建议", "what to do about it", null="there is no advice"),
        _text("sha256", "SHA-256", "SHA-256 of the file's bytes", null="they could not be read"),
    ),
)

TABLES: tuple[TableDefinition, ...] = (
    _REPORTS, FACTS, _TABLES, _CELLS, _SECTIONS, _FINDINGS, _PLACES, _CONTACTS, TEXTS, _FAILURES,
)  # fmt: skip
"""All tables; a table stands after those that its rows point to."""

DICTIONARY_COLUMNS = ("table", "column", "chinese", "type", "unit", "allowed", "null_means", "meaning")
"""The columns of the data dictionary."""

DICTIONARY = TableDefinition(
    name="dictionary",
    chinese="数据字典",
    meaning="one row a column of a table",
    key=("table", "column"),
    columns=(
        _text("table", "表", "name of the table"),
        _text("column", "列", "name of the column"),
        _text("chinese", "中文名称", "Chinese name of the column"),
        _text(
            "type",
            "类型",
            "type",
            values=(("text", "文本"), ("integer", "整数"), ("number", "数值"), ("boolean", "是否")),
        ),
        _text("unit", "计量单位", "unit, or how the value is written", null="it has none"),
        _text("allowed", "取值", "the values it may have, with their Chinese names", null="not limited to a list"),
        _text("null_means", "空值含义", "what a missing value means", null="never missing"),
        _text("meaning", "含义", "what the column holds"),
    ),
)


@cache
def table(name: str) -> TableDefinition:
    """Return the table called ``name``. Raises UsageError if there is none."""
    for one in TABLES:
        if one.name == name:
            return one
    raise UsageError(f"there is no table {name!r}", hint=f"Tables: {', '.join(one.name for one in TABLES)}.")


def dictionary() -> list[tuple[str | None, ...]]:
    """Return the data dictionary, one row a column of each table, with :data:`DICTIONARY_COLUMNS`."""
    return [
        (
            one.name,
            column.name,
            column.chinese,
            column.type,
            column.unit,
            ", ".join(f"{value} {chinese}".strip() for value, chinese in column.values) or None,
            column.null,
            column.meaning,
        )
        for one in TABLES
        for column in one.columns
    ]
