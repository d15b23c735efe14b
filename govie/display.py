"""A report in the terminal: a panel to glance at, and the full view with every fact in its sentence; many as a list.

They are made with rich, which knows that a Chinese character is two columns wide; all read at 80 columns.
Where the terminal has no colours (a pipe, a log) the words a fact rests on stand in 【brackets】 instead.
Characters of a page that a terminal would obey are shown as blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from govie.export import ReportRecord
from govie.records import Fact, Finding, Section
from govie.taxonomy import concepts

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table as Columns
    from rich.text import Text

__all__ = ["plain_text", "report_list", "report_panel", "report_view"]

WIDTH = 80

APPLICANT_LABELS = {
    "natural_person": "自然人",
    "enterprise": "商业企业",
    "research": "科研机构",
    "nonprofit": "社会公益组织",
    "legal_service": "法律服务机构",
    "other": "其他",
}
CONTACT_LABELS = {
    "phone": "电话",
    "fax": "传真",
    "email": "电子邮箱",
    "address": "地址",
    "postcode": "邮编",
    "website": "网址",
    "name": "联系人",
}
_FORMAT_LABELS = {"pre2014": "2014年以前", "2014": "2014年", "2019": "2019年", "2021": "2021年"}
_SEVERITY = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("i", "cyan")}
_PANEL_FACTS = 12
_CONTEXT = 60
"""At most this many characters of the sentence are shown before its first fact and after its last."""
_CELL = 12
"""A line of at most this many characters that is evidence as a whole is a table's cell."""
_SENTENCE_ENDS = frozenset("。；！？;!?\n\r")
# C0 and C1 controls and bidirectional overrides: a page must not steer the reader's terminal.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_BRACKETED = re.compile("（[^（）]*）")


def plain_text(view: RenderableType, *, width: int = WIDTH) -> str:
    """Return ``view`` as text without colours, ``width`` columns wide, no line break at its end."""
    import io

    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as capture:
        console.print(view)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def report_panel(report: ReportRecord) -> RenderableType:
    """Return the short view of ``report``: who, when, the first facts, the findings."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    parts: list[RenderableType] = [_metadata(report)]
    kinds = [", ".join(section.kinds) or section.kind or section.heading for section in report.sections]
    if kinds:
        parts += [_title("栏目", f"{len(kinds)} 个"), Text(_clean(" · ".join(kinds)), style="dim")]
    shown = _worth_a_glance(report)
    if shown:
        rest = len(report.facts) - len(shown)
        parts += [_title("数据", f"{len(report.facts)} 项"), _fact_grid(shown, report.year)]
        parts += [Text(f"…另有 {rest} 项", style="dim")] if rest else []
    if report.findings:
        parts += [_title("问题", f"{len(report.findings)} 处"), *(_finding_line(f) for f in report.findings)]
    return Panel(Group(*parts), title=Text(_clean(report.title or "（无标题）")), title_align="left", width=WIDTH)


def report_view(report: ReportRecord, text: str) -> RenderableType:
    """Return the full view of ``report``, whose text is ``text``.

    Metadata, the section tree with kinds, the facts of the prose each in its sentence, the facts of the tables
    that are not zero, and the findings with the places they rest on.
    """
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = [Text(_clean(report.title or "（无标题）"), style="bold"), _metadata(report)]
    if report.sections:
        parts += [_title("栏目"), _section_tree(report.sections)]
    prose = [fact for fact in report.facts if fact.source != "table"]
    if prose:
        usual = f"，未注明的为{report.year}年当年数" if report.year else ""
        parts.append(_title("正文数据", f"{len(prose)} 项{usual}"))
        for group in _by_sentence(prose, text):
            passage = _Passage(text, ((fact.start, fact.end) for fact in group))
            parts += [passage, Padding(_fact_grid(group, report.year, with_rule=True), (0, 0, 0, 2))]
    cells = [fact for fact in report.facts if fact.source == "table"]
    if cells:
        formats = _formats(report)
        parts.append(_title("表格数据", f"{len(cells)} 项" + (f"，{formats}格式" if formats else "")))
        filled = [fact for fact in cells if fact.value]
        parts += [_fact_grid(filled, report.year)] if filled else []
        zeros = len(cells) - len(filled)
        parts += [Text(f"{'其余 ' if filled else ''}{zeros} 项为 0", style="dim")] if zeros else []
    if report.findings:
        parts.append(_title("问题", f"{len(report.findings)} 处"))
        for finding in report.findings:
            parts += [_finding_line(finding), Padding(_Evidence(finding, text), (0, 0, 0, 2))]
    if not report.facts:
        parts.append(Text("没有读到数据。", style="dim"))
    return Group(*parts)


def report_list(reports: Iterable[ReportRecord]) -> RenderableType:
    """Return ``reports`` as a list, one a line: year, office, tables, main counts, how many facts and findings."""
    from rich.table import Table as Columns

    grid = Columns(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column("年度", width=4, no_wrap=True)
    grid.add_column("机关", width=32, no_wrap=True, overflow="ellipsis")
    grid.add_column("表格", width=10, no_wrap=True)
    for words in ("公开", "申请", "数据", "问题"):
        grid.add_column(words, min_width=4, justify="right", no_wrap=True)
    for report in reports:
        grid.add_row(
            str(report.year or ""),
            _clean(report.authority or report.title or report.source.path or "（无标题）"),
            _formats(report),
            _count(report, "disclosure.total"),
            _count(report, "requests.received"),
            str(len(report.facts)),
            str(len(report.findings)),
        )
    return grid


def _formats(report: ReportRecord) -> str:
    """The formats of the official tables in ``report``, oldest first."""
    found = {table.format for table in report.tables}
    return "、".join(label for name, label in _FORMAT_LABELS.items() if name in found)


def _count(report: ReportRecord, concept: str) -> str:
    """The report's own annual value of ``concept`` (of all applicants), blank where it states none."""
    for fact in report.facts:
        if fact.concept == concept and fact.scope == "annual" and fact.applicant is None and fact.year == report.year:
            return f"{fact.value:,}"
    return ""


class _Passage:
    """The sentence that one or more facts stand in, their words coloured, or in brackets where there are no colours."""

    def __init__(self, text: str, spans: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.spans = sorted(set(spans))
        first, last = self.spans[0][0], max(end for _, end in self.spans)
        self.start = _sentence_start(text, first)
        self.end = _sentence_end(text, last)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        from rich.text import Text

        passage = Text()
        place = self.start
        for start, end in self.spans:
            if start < place:  # words that two facts share are marked once
                continue
            passage.append(_clean(self.text[place:start]), "dim")
            passage.append_text(_marked(_clean(self.text[start:end]), console))
            place = end
        passage.append(_clean(self.text[place : self.end]), "dim")
        if self.start and self.text[self.start - 1] not in _SENTENCE_ENDS:
            passage = Text("…", "dim") + passage
        if self.end < len(self.text) and self.text[self.end] not in _SENTENCE_ENDS:
            passage.append("…", "dim")
        yield passage


def _sentence_start(text: str, place: int) -> int:
    start = place
    while start > 0 and place - start < _CONTEXT and text[start - 1] not in _SENTENCE_ENDS:
        start -= 1
    while start < place and text[start].isspace():
        start += 1
    return start


def _sentence_end(text: str, place: int) -> int:
    end = place
    while end < len(text) and end - place < _CONTEXT and text[end] not in _SENTENCE_ENDS:
        end += 1
    return end


def _by_sentence(facts: Iterable[Fact], text: str) -> Iterator[list[Fact]]:
    """Yield the facts in the order of the text, those of one sentence together."""
    ordered = sorted(facts, key=lambda fact: (fact.start, fact.end))
    rest = iter(ordered)
    for group in _spans_by_sentence([(fact.start, fact.end) for fact in ordered], text):
        yield list(islice(rest, len(group)))


def _spans_by_sentence(spans: Iterable[tuple[int, int]], text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield ``spans``, which are sorted, in groups: those of one sentence together."""
    group: list[tuple[int, int]] = []
    last = -1
    for span in spans:
        if group and span[0] >= last:
            yield group
            group = []
        group.append(span)
        last = _sentence_end(text, span[1])
    if group:
        yield group


def _marked(words: str, console: Console) -> Text:
    """``words`` coloured, or in brackets where the terminal has no colours."""
    from rich.text import Text

    return Text(words if console.color_system else f"【{words}】", "black on yellow")


def _metadata(report: ReportRecord) -> Columns:
    from rich.table import Table as Columns

    grid = Columns.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in _metadata_rows(report):
        if value:
            grid.add_row(label, _clean(value))
    return grid


def _metadata_rows(report: ReportRecord) -> Iterator[tuple[str, str | None]]:
    yield "机关", report.authority
    place = report.locality
    if place:
        above = " ".join(part for part in (place.province, place.city, place.county) if part)
        yield "地区", f"{above} {place.name}".strip() + (f"（{place.code}）" if place.code else "")
    yield "年度", str(report.year) if report.year else None
    yield "统计期限", f"{report.period.start} 至 {report.period.end}" if report.period else None
    yield "成文日期", report.issued
    for contact in report.contacts:
        yield CONTACT_LABELS.get(contact.kind, contact.kind), contact.value
    yield "来源", report.source.path


def _title(words: str, note: str = "") -> Text:
    from rich.text import Text

    return Text.assemble("\n", (words, "bold"), (f"  {note}" if note else "", "dim"))


def _section_tree(sections: Iterable[Section]) -> RenderableType:
    from rich.tree import Tree

    root = Tree("", hide_root=True, guide_style="dim")
    _grow(root, sections)
    return root


def _grow(branch: object, sections: Iterable[Section]) -> None:
    from rich.text import Text
    from rich.tree import Tree

    assert isinstance(branch, Tree)
    for section in sections:
        kinds = ", ".join(section.kinds or ((section.kind,) if section.kind else ()))
        words = Text.assemble(
            (f"{_clean(section.number)} " if section.number else "", "dim"),
            _clean(section.heading),
            (f"  {kinds}" if kinds else "", "cyan"),
        )
        _grow(branch.add(words), section.children)


def _fact_grid(facts: Iterable[Fact], report_year: int | None, *, with_rule: bool = False) -> Columns:
    from rich.table import Table as Columns
    from rich.text import Text

    grid = Columns.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(width=10, no_wrap=True, style="dim")
    for fact in facts:
        about = "约" if fact.approximate else ""
        when = [str(fact.year)] if fact.year != report_year and fact.year else []
        when += ["累计"] if fact.scope == "cumulative" else []
        label = Text(_fact_label(fact))
        if with_rule:
            label.append(f"\n{_clean(_made_by(fact))}", "dim")
        grid.add_row(label, Text(f"{about}{fact.value:,} {fact.unit}", style="bold"), " ".join(when))
    return grid


def _fact_label(fact: Fact) -> str:
    concept = concepts().get(fact.concept)
    label = _BRACKETED.sub("", concept.label).split(" / ")[0] if concept else fact.concept
    details = [fact.category, APPLICANT_LABELS.get(fact.applicant) if fact.applicant else None]
    return _clean("：".join([label, *(detail for detail in details if detail)]))


def _made_by(fact: Fact) -> str:
    parts = list(dict.fromkeys((fact.concept, fact.rule or fact.source)))
    return " · ".join(parts + ([] if fact.confidence is None else [f"{fact.confidence:.2f}"]))


def _finding_line(finding: Finding) -> RenderableType:
    from rich.table import Table as Columns
    from rich.text import Text

    sign, colour = _SEVERITY[finding.severity]
    grid = Columns.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"{sign} {finding.code}", colour), Text(_clean(finding.message)))
    return grid


class _Evidence:
    """The places a finding rests on: each sentence once, all its places marked; bare table cells on one line."""

    def __init__(self, finding: Finding, text: str) -> None:
        self.text = text
        self.spans = sorted({(span.start, span.end) for span in finding.evidence})

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        from rich.text import Text

        cells: list[tuple[int, int]] = []
        for group in _spans_by_sentence(self.spans, self.text):
            passage = _Passage(self.text, group)
            if len(group) == 1 and (passage.start, passage.end) == group[0] and passage.end - passage.start <= _CELL:
                cells += group
                continue
            yield passage
        if cells:
            words = (_marked(_clean(self.text[start:end]), console) for start, end in cells)
            yield Text(" ").join(words)


def _worth_a_glance(report: ReportRecord) -> list[Fact]:
    """The facts for the panel: those of the prose first, then what the tables add that is not zero."""
    prose = [fact for fact in report.facts if fact.source != "table"]
    cells = [fact for fact in report.facts if fact.source == "table" and fact.value]
    return (prose + cells)[:_PANEL_FACTS]


def _clean(text: str) -> str:
    return _STEERING.sub(" ", text)
