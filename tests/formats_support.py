"""One invented report, written in every format: what a reader must make the same facts of.

A report is a list of paragraphs (strings; those that start with ``#`` are headings) and tables (lists of rows of
:class:`Box`). ``FORMATS`` maps the name of a format to a function that returns the file's bytes.
"""

from __future__ import annotations

import base64
import html
import io
import quopri
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from govie.taxonomy import data_text

FILES = Path(__file__).parent / "files"


class Box(NamedTuple):
    text: str
    rowspan: int = 1
    colspan: int = 1


Table = list[list[Box]]
Item = str | Table


def _plain(rows: list[list[str]]) -> Table:
    return [[Box(text) for text in row] for row in rows]


def _forms() -> dict:
    return tomllib.loads(data_text("forms.toml"))


def _form_2014() -> Table:
    form = _forms()["form"][0]
    values = {
        "disclosure.total": "112",
        "disclosure.channel.website": "97",
        "disclosure.channel.wechat": "15",
        "requests.received": "3",
        "requests.received.in_person": "2",
        "requests.received.mail": "1",
        "requests.closed": "3",
        "requests.closed.on_time": "3",
        "requests.outcome.total": "3",
        "requests.outcome.granted": "2",
        "requests.outcome.not_exist": "1",
        "staffing.staff": "4",
        "staffing.staff.full_time": "1",
        "staffing.staff.part_time": "3",
        "training.meetings": "2",
    }
    rows = [list(form["header"])]
    rows += [[label, unit, values.get(concept, "0") if concept else ""] for label, unit, concept in form["rows"]]
    return _plain(rows)


def _articles_2021() -> Table:
    """The small tables of section two, which pages give as one."""
    rows: Table = []
    numbers = iter(["1", "0", "4", "3", "1", "9", "52", "17", "2", "0"])
    for article in (one for one in _forms()["article"] if one["form"] == "2021"):
        rows.append([Box(article["caption"], colspan=4)])
        header = article["header"]
        wide = 4 if len(header) == 4 else 2
        rows.append([Box(header[0]), *(Box(words, colspan=1 if wide == 4 else 3) for words in header[1:])])
        for label, *concepts in article["rows"]:
            rows.append([Box(label), *(Box(next(numbers), colspan=1 if wide == 4 else 3) for _ in concepts)])
    return rows


def _requests_2021() -> Table:
    """The table of requests as printed: three columns of labels, groups merged over their rows."""
    form = next(one for one in _forms()["requests"] if one["form"] == "2021")
    given = {"requests.received": "7", "requests.carried_in": "1", "requests.outcome.granted": "5",
             "requests.outcome.unavailable.not_held": "2", "requests.outcome.total": "7", "requests.carried_out": "1"}  # fmt: skip
    rows: Table = [
        [Box(form["note"], 3, 3), Box("申请人情况", 1, 7)],
        [Box("自然人", 2), Box("法人或其他组织", 1, 5), Box("总计", 2)],
        [Box(words) for words in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    labels = form["rows"]
    results = next(place for place, row in enumerate(labels) if row[0].startswith("三、"))
    after = next(place for place, row in enumerate(labels) if row[0].startswith("四、"))
    inner = labels[results + 1 : after]
    first_result = True
    place = 0
    rows += [[Box(label, 1, 3), *_seven(given.get(concept, "0"))] for label, concept in labels[:results]]
    while place < len(inner):
        label, concept = inner[place]
        head = [Box(labels[results][0], sum(1 for _, concept in inner if concept))] if first_result else []
        first_result = False
        if concept:
            rows.append([*head, Box(label, 1, 2), *_seven(given.get(concept, "0"))])
            place += 1
            continue
        end = place + 1
        while end < len(inner) and not inner[end][0].startswith("（"):
            end += 1
        group = [Box(label, end - place - 1)]
        for sub, concept in inner[place + 1 : end]:
            rows.append([*head, *group, Box(sub), *_seven(given.get(concept, "0"))])
            head, group = [], []
        place = end
    rows.append([Box(labels[after][0], 1, 3), *_seven(given["requests.carried_out"])])
    return rows


def _seven(total: str) -> list[Box]:
    return [Box(total), *(Box("0") for _ in range(5)), Box(total)]


def _cases_2021() -> Table:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    return [
        [Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)],
        [*(Box(words, 2) for words in results), Box("未经复议直接起诉", 1, 5), Box("复议后起诉", 1, 5)],
        [Box(words) for words in results * 2],
        [Box(words) for words in "1 0 0 0 1 0 0 0 0 0 0 1 0 0 1".split()],
    ]


REPORTS: dict[str, list[Item]] = {
    "form2014": [
        "# 青禾县石门镇2016年政府信息公开工作年度报告",
        "根据《中华人民共和国政府信息公开条例》要求，由石门镇人民政府编制本报告。数据的统计期限为2016年1月1日至2016年12月31日。",
        "# 一、概述",
        "2016年，我镇有专职人员1名、兼职人员3名，召开工作会议2次。",
        "# 二、主动公开政府信息情况",
        "全年主动公开政府信息112条，其中政府网站97条，政务微信15条。",
        "# 三、依申请公开政府信息情况",
        "全年收到申请3件，其中当面申请2件，信函申请1件，均已按时办结。同意公开2件，申请信息不存在1件。",
        "# 四、收费、复议和诉讼情况",
        "未收取任何费用，未发生行政复议、行政诉讼。",
        "# 五、存在的主要问题和改进措施",
        "公开的内容还不够细，下一年按群众关心的事项来整理。",
        "石门镇人民政府",
        "2017年2月15日",
        "附件：政府信息公开情况统计表（2016年度）",
        _form_2014(),
    ],
    "form2021": [
        "# 青禾县石门镇人民政府2022年政府信息公开工作年度报告",
        "本报告数据的统计期限自2022年1月1日起至2022年12月31日止。",
        "# 一、总体情况",
        "2022年主动公开政府信息240条，收到申请7件，办结7件。",
        "# 二、主动公开政府信息情况",
        _articles_2021(),
        "# 三、收到和处理政府信息公开申请情况",
        _requests_2021(),
        "# 四、政府信息公开行政复议、行政诉讼情况",
        _cases_2021(),
        "# 五、存在的主要问题及改进情况",
        "公开的时间有早有晚，今年起按月核对一次。",
        "# 六、其他需要报告的事项",
        "本年度未收取信息处理费。",
    ],
}
"""The report of one town in the format of 2014, prose and a statistics sheet, and of 2021, with its three tables."""


def as_html(items: list[Item], charset: str = "utf-8") -> bytes:
    parts = []
    for item in items:
        if isinstance(item, str):
            parts.append(f"<h2>{html.escape(item[2:])}</h2>" if item.startswith("# ") else f"<p>　　{html.escape(item)}</p>")
            continue
        rows = "".join(
            "<tr>" + "".join(f"<td{_spans(box)}><p>{html.escape(box.text)}</p></td>" for box in row) + "</tr>"
            for row in item
        )
        parts.append(f'<table border="1"><tbody>{rows}</tbody></table>')
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>年报</title></head><body><div class="nav"><a>首页</a></div>'
        f'<div class="content">{"".join(parts)}</div><div class="footer">版权所有</div></body></html>'
    )
    return page.encode("gb18030" if charset == "gb2312" else charset)


def _spans(box: Box) -> str:
    return (f' rowspan="{box.rowspan}"' if box.rowspan > 1 else "") + (f" colspan={box.colspan}" if box.colspan > 1 else "")


def as_docx(items: list[Item]) -> bytes:
    import docx

    document = docx.Document()
    for item in items:
        if isinstance(item, str):
            document.add_paragraph(item.removeprefix("# "), style="Heading 1" if item.startswith("# ") else None)
            continue
        width = sum(box.colspan for box in item[0])
        table = document.add_table(len(item), width)
        taken: set[tuple[int, int]] = set()
        grid = [[table.cell(row, column) for column in range(width)] for row in range(len(item))]
        for row, boxes in enumerate(item):
            column = 0
            for box in boxes:
                while (row, column) in taken:
                    column += 1
                taken |= {(row + down, column + right) for down in range(box.rowspan) for right in range(box.colspan)}
                cell = grid[row][column]
                if box.rowspan > 1 or box.colspan > 1:
                    cell = cell.merge(grid[row + box.rowspan - 1][column + box.colspan - 1])
                cell.text = box.text
                column += box.colspan
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _rows_as_text(table: Table) -> list[list[str]]:
    return [[box.text for box in row] for row in table]


def as_text(items: list[Item]) -> str:
    lines: list[str] = []
    for item in items:
        lines += [item.removeprefix("# ")] if isinstance(item, str) else ["\t".join(row) for row in _rows_as_text(item)]
    return "\n".join(lines) + "\n"


def as_markdown(items: list[Item]) -> bytes:
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            lines += ["", f"#{item}" if item.startswith("# ") else item]
            continue
        rows = ["| " + " | ".join(row) + " |" for row in _rows_as_text(item)]
        lines += ["", rows[0], "|" + " --- |" * len(item[0]), *rows[1:]]
    return "\n".join(lines).encode()


def as_mhtml(items: list[Item], encoding: str = "quoted-printable", charset: str = "gb2312") -> bytes:
    page = as_html(items, charset)
    body = quopri.encodestring(page) if encoding == "quoted-printable" else base64.encodebytes(page)
    head = (
        "From: <Saved by a browser>\r\nSubject: =?utf-8?B?5bm05oql?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--edge--"\r\n\r\n'
        f'----edge--\r\nContent-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    )
    tail = "\r\n----edge--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----edge----\r\n"
    return head.encode() + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + tail.encode()


def _saved_doc(name: str) -> Callable[[list[Item]], bytes]:
    def read(items: list[Item]) -> bytes:
        return (FILES / f"{next(key for key, value in REPORTS.items() if value is items)}.{name}").read_bytes()

    return read


FORMATS: dict[str, Callable[[list[Item]], bytes]] = {
    "utf8.html": as_html,
    "gb2312.html": lambda items: as_html(items, "gb2312"),
    "docx.docx": as_docx,
    "word97.doc": _saved_doc("doc"),
    "old.wps": _saved_doc("doc"),
    "page_called.doc": as_html,
    "word_called.html": as_docx,
    "archive.mht": as_mhtml,
    "archive_base64.mhtml": lambda items: as_mhtml(items, "base64", "utf-8"),
    "archive_called.doc": as_mhtml,
    "utf8.txt": lambda items: as_text(items).encode(),
    "utf8_marked.txt": lambda items: as_text(items).encode("utf-8-sig"),
    "gb18030.txt": lambda items: as_text(items).encode("gb18030"),
    "utf16.txt": lambda items: as_text(items).encode("utf-16"),
    "utf16_little.txt": lambda items: as_text(items).encode("utf-16-le"),
    "utf16_big.txt": lambda items: as_text(items).encode("utf-16-be"),
    "utf16.html": lambda items: as_html(items, "utf-16"),
    "markdown.md": as_markdown,
    "no_suffix": as_docx,
}
"""File name and writer of each format. The ``.doc`` files of ``tests/files`` were made once, see ``tests/files/README.md``."""
