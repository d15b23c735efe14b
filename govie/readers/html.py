"""HTML pages of government sites to a :class:`~govie.records.Document`.

Read this first. A page is read in four steps:

1. ``_Page`` parses it and takes out what is never part of a report (scripts, navigation, forms, share bars).
2. ``_container`` finds the element that holds the report: from ``body`` down, as long as one child holds nearly
   all sentences and table cells. This needs no list of the CMS's names; names only break ties.
3. ``_Walker`` writes the container out as lines: a paragraph or ``<br>`` ends a line, inline mark-up does not,
   a data table gives one line a row with tabs between cells, a layout table is unwrapped.
4. What the page says of itself around the report (title, dates, publisher) goes to ``Document.page``.

Left out on purpose: style sheets (an element hidden by a class is read) and scripts (a page that loads its text
later is empty here).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from govie.errors import ReadError
from govie.normalise import collapse
from govie.readers.drafting import EDGE, MAX_SPAN, Draft, RowCell, is_prose
from govie.readers.text import MAX_CHARS, clean, refuse_long, source_of
from govie.records import Document

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["MAX_TAGS", "read_page"]

_NEVER = frozenset(
    "script style noscript template iframe object embed svg canvas button input select option textarea audio video map nav "
    "aside link title ucapsource".split()
)
_MAYBE = 'form, header, footer, [id], [class], [style*="display" i], [style*="visibility" i]'
_FURNITURE_TAGS = frozenset(("form", "header", "footer"))
_NEVER_FURNITURE = frozenset(("body", "html", "td", "tr", "table", "p", "h1", "h2", "h3"))
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:bd)?(?:share|shares|sharebar|fenxiang|crumbs?|breadcrumbs?|bread|dqwz|weizhi|location|position|"
    r"nav|navbar|navs|menu|topmenu|sidebar|side|leftnav|lanmu|sitemap|footer|foot|header|head|top|topbar|toolbar|tools?|"
    r"bottom|copyright|print|dayin|qrcode|ewm|erweima|saoyisao|weixin|wechat|prev|next|prenext|pager|paging|pagination|"
    r"fanye|related|xiangguan|xgxx|xgwd|xgyd|jiathis|bshare|bdsharebuttonbox|fontsize|font-size|zihao|search|login|"
    r"banner|friendlink|links|yqlj|advert|ads?|toTop|gotop|pageview|count|counter|votes?|comment|player)"
    r"(?:$|[\s_-]|\d)",
    re.I,
)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_CONTENT_NAME = re.compile(
    r"(?:^|\s)(?:TRS_Editor|trs_paper_default|TRS_UEDITOR|zoom|zoomcon|ucapcontent|article[-_]?(?:content|body|con|text)"
    r"|(?:news|detail|main|text|info|page|pages|xl|xxgk)?[-_]?(?:content|con|nr|neirong|article)|"
    r"vsb_content\S{0,4}|Zoom|fontzoom|artcontent|bt_content|wz_content|j-fontContent)(?:$|\s)",
    re.I,
)
_BLOCKS = frozenset(
    "address article blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul caption".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong"))
_ROWS = frozenset(("tr",))
_ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))
_SENTENCE_SIGNS = "，。；：、"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2018-\u201d"
# A source line break between two Chinese characters is the editor's, not a blank of the text.
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\f][ \t\n\f]*(?=[{_WIDE}])")
_SPACES = re.compile(r"[ \t\n\f\r\v]+")
_BLANK = re.compile(f"[{EDGE}]")
_INDENT = re.compile("\n[ \t]*(?=[\u3000\u00a0]{2})")
_MAX_DEPTH = 2000
_MAX_DESCENT = 60
MAX_TAGS = 300_000
"""The most tags of a page that is read."""
_MANY_TAGS = 6000  # a page of fewer cannot be nested so deep that parsing it takes long
_MAX_NESTING = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*>?")
# Elements that hold nothing, or that the next of their kind ends: they nest only as deep as what is around them.
_FLAT = frozenset(
    "area base br col colgroup dd dt embed hr img input li link meta optgroup option p param rp rt source tbody td tfoot th "
    "thead tr track wbr".split()
)
_LEAVES = frozenset(("p", "h1", "h2", "h3", "span", "font", "li", "a", "br", "img"))  # never the whole report

_DATE = r"(\d{4})\s{0,2}[-年/.]\s{0,2}(\d{1,2})\s{0,2}[-月/.]\s{0,2}(\d{1,2})"
_CREATED = re.compile(rf"(?:成文日期|生成日期|成文时间|生成时间|制发日期|发文日期|印发日期)\s*[：:]?\s*{_DATE}")
_PUBLISHED = re.compile(
    rf"(?:发布日期|发布时间|公开日期|公开时间|发布日|发表时间|更新时间|上传时间|录入时间|(?<![\u4e00-\u9fff])(?:日期|时间))\s*[：:]?\s*{_DATE}"
)
_PUBLISHER = re.compile(
    r"(?:发布机构|发文机关|发布单位|发文单位|公开责任部门|信息来源|来源|责任部门)\s*[：:]\s*([^\s：:|，。；【\[]{2,30})"
)
_NAMED = re.compile(r"(?:名\s{0,9}称|标\s{0,9}题)\s*[：:]\s*([^\n]{4,80})")
_PLAIN_DATE = re.compile(_DATE)
_META_LABELS = re.compile(
    r"索\s{0,6}引\s{0,6}号|发布机构|发文机关|发布单位|发布日期|发布时间|成文日期|生成日期|公文生成日期|公开日期|公开方式|公开范围|公开时限|"
    r"主题分类|信息分类|主题词|体裁分类|文\s{0,6}号|备注/文号|有\s{0,6}效\s{0,6}性|关\s{0,3}键\s{0,3}词|信息名称|名\s{0,9}称\s*[：:]|内容概述|信息来源"
)
_FURNITURE_LINE = re.compile(
    r"(?:您?(?:现在|当前)(?:所在)?的?位置|当前位置|【?打印(?:本页|此页|文章)?|【?关闭(?:窗口|本页|页面)?|\[?字(?:体|号)\s*[：:]|"
    r"扫一扫|扫码|分享(?:到|至)|上一(?:篇|条)|下一(?:篇|条)|浏览(?:次数|量)|点击(?:数|量|次数|率)|访问(?:量|次数)|阅读(?:次数|量|数)?\s*[：:]|"
    r"(?:信息)?来源\s*[：:]|发布(?:日期|时间)\s*[：:]|作者\s*[：:]|责任编辑\s*[：:]?|编辑\s*[：:]|返回(?:顶部|上页|列表|首页)|相关(?:附件|文章|链接|文档|信息)\s*[：:]?$|"
    r"【?(?:大|中|小)】?\s+【?(?:大|中|小)】|收藏(?:本页)?$|今天是|无障碍|关怀版|语音(?:播报|朗读)|主办单位?\s*[：:]|承办(?:单位)?\s*[：:]|版权所有|网站标识码|\S{0,3}ICP备)"
)


class _Page:
    """A parsed page, with what is never part of a report taken out."""

    def __init__(self, html: str) -> None:
        from selectolax.lexbor import LexborHTMLParser

        self.parser: LexborHTMLParser = LexborHTMLParser(html)
        self.facts: dict[str, str] = {}
        self._read_meta()
        # Children before parents, here and below: a node that is gone with its parent must not be met again.
        for node in reversed([node for node in self.parser.css("*") if node.tag in _NEVER]):
            if node.tag != "aside" or not _has_prose(node):
                node.decompose()
        self.body = self.parser.body
        self._drop_furniture()

    def _read_meta(self) -> None:
        names = {"articletitle": "title", "pubdate": "published", "contentsource": "publisher", "publishdate": "published"}
        for node in self.parser.css("meta[name]"):
            key = names.get((node.attributes.get("name") or "").lower())
            value = (node.attributes.get("content") or "").strip()
            if key and value:
                value = _iso(value) or "" if key == "published" else value
                if value:
                    self.facts.setdefault(key, value)
        title = self.parser.css_first("title")
        if title is not None and title.text().strip():
            self.facts.setdefault("page_title", _SPACES.sub(" ", title.text()).strip())

    def _drop_furniture(self) -> None:
        if self.body is None:
            return
        dropped: list[LexborNode] = []
        gone: set[int] = set()
        met = 0
        for node in self.body.css(_MAYBE):
            number = node.mem_id
            if number == met:  # a node is met once for each selector it matches
                continue
            met = number
            if self._is_furniture(node) and not _is_within(node, gone) and not _has_prose(node):
                dropped.append(node)
                gone.add(number)
        if self.body.css_first("h1") is not None:
            for node in dropped:
                self._keep_facts(node)
        for node in reversed(dropped):
            node.decompose()

    @staticmethod
    def _is_furniture(node: LexborNode) -> bool:
        tag = node.tag
        if tag in _NEVER_FURNITURE:
            return False
        if tag in _FURNITURE_TAGS:
            return True
        attributes = node.attributes
        if _is_furniture_name(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        style = attributes.get("style")
        return style is not None and _HIDDEN.search(style) is not None

    def _keep_facts(self, node: LexborNode) -> None:
        heading = node.css_first("h1")
        if heading is not None:
            text = collapse(heading.text())
            if _is_report_title(text):
                self.facts.setdefault("heading", text)

    def learn(self, text: str) -> None:
        """Read dates, publisher and title off a piece of the page that is not part of the report."""
        for key, pattern in (("created", _CREATED), ("published", _PUBLISHED)):
            match = pattern.search(text)
            if match:
                value = _iso(match.group())
                if value:
                    self.facts.setdefault(key, value)
        match = _PUBLISHER.search(text)
        if match:
            self.facts.setdefault("publisher", match.group(1))
        match = _NAMED.search(text)
        if match and _is_report_title(match.group(1)):
            self.facts.setdefault("title", collapse(match.group(1)))


def read_page(
    html: str, *, path: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> Document:
    """Return the document of an HTML page.

    ``text`` holds one line a paragraph, heading or table row (cells divided by tabs); ``blocks`` one a line;
    ``grids`` the data tables with the offsets of their cells; ``page`` the keys ``title``, ``published``,
    ``created`` (ISO dates) and ``publisher`` as far as the page states them outside the report.

    Raises:
        ReadError: the page has far more tags or text than one with a report.
    """
    html = clean(html)
    if html.count("<") > MAX_TAGS:
        raise ReadError(
            f"the page has more than {MAX_TAGS:,} tags", where=path, hint="A report's page has some thousands: check what this file is."
        )
    page = _Page(_flattened(html.replace("\x00", "")))
    walker = _Walker(page)
    if page.body is not None:
        if len(html) > MAX_CHARS:
            refuse_long(len(page.body.text()), path)
        container = _container(page.body)
        _learn_around(page, container)
        title = _outer_title(page, container)
        walker.walk(container)
        walker.put_title(title)
    text, blocks, grids = walker.draft.assemble()
    facts = page.facts
    stated = {key: facts[key] for key in ("title", "published", "created", "publisher") if facts.get(key)}
    if "title" not in stated and (facts.get("heading") or facts.get("page_title")):
        stated["title"] = facts.get("heading") or _without_site(facts["page_title"])
    source = source_of(text, data if data is not None else html.encode(), path=path, media_type="text/html", encoding=encoding)
    return Document(text=text, source=source, blocks=blocks, grids=grids, page=stated)


def _flattened(html: str) -> str:
    """Return ``html`` without the tags that nest it too deep; parsing takes time by the square of the depth."""
    if html.count("<") < _MANY_TAGS:
        return html
    depth = 0
    open_tags: dict[str, int] = {}

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        name = tag[2].lower()
        if name in _FLAT or (tag[1] and not open_tags.get(name)):
            return tag[0]
        too_deep = depth > _MAX_NESTING if tag[1] else depth >= _MAX_NESTING
        step = -1 if tag[1] else 1
        depth += step
        open_tags[name] = open_tags.get(name, 0) + step
        return "" if too_deep else tag[0]

    return _TAG.sub(kept, html)


# --- finding the report on the page ---------------------------------------------------------------------------


def _container(body: LexborNode) -> LexborNode:
    """Return the smallest element that holds nearly all sentences and table rows of the page."""
    node, whole = body, _weight(body)
    for _ in range(_MAX_DESCENT):
        children = [(child, _weight(child)) for child in node.iter() if child.tag not in _LEAVES]
        best, weight = max(children, key=lambda pair: pair[1], default=(None, 0.0))
        if best is None or not weight:
            return node
        named = _CONTENT_NAME.search(f"{best.attributes.get('class') or ''} {best.attributes.get('id') or ''}")
        if weight < (0.6 if named else 0.85) * whole or (best.tag == "table" and _data_rows(best) is not None):
            return node
        node, whole = best, weight
    return node


def _weight(node: LexborNode) -> float:
    """Return how much of a report an element may hold: its sentence signs and table rows, and its length for ties."""
    text = node.text()
    return 10.0 * (sum(map(text.count, _SENTENCE_SIGNS)) + len(node.css("tr"))) + 0.02 * len(text)


@lru_cache(maxsize=8192)
def _is_furniture_name(names: str) -> bool:
    """Whether class and id name navigation and the like; the pages of a site share their names."""
    return _FURNITURE.search(names) is not None


def _is_within(node: LexborNode, gone: set[int]) -> bool:
    """Whether one of the elements around ``node`` is one of ``gone``."""
    parent = node.parent if gone else None
    while parent is not None:
        if parent.mem_id in gone:
            return True
        parent = parent.parent
    return False


def _has_prose(node: LexborNode) -> bool:
    """Whether the element holds sentences or a table (a whole page may sit in a form or in a box called ``top``)."""
    text = node.text()
    return len(text) > 200 and (text.count("。") + text.count("；") >= 3 or len(node.css("tr")) > 5)


def _learn_around(page: _Page, container: LexborNode) -> None:
    """Read dates and publisher off the text before and after the report."""
    assert page.body is not None
    if container.mem_id == page.body.mem_id:
        return
    pieces: list[str] = []
    stack = [page.body]
    while stack:
        node = stack.pop()
        if node.tag == "-text":
            pieces.append(node.text_content or "")
            continue
        if node.mem_id == container.mem_id:
            pieces.append("\n")
            continue
        if node.tag in _BLOCKS:
            pieces.append("\n")
        stack.extend(reversed(list(node.iter(include_text=True))))
    page.learn(re.sub(r"[ \t\u3000\u00a0]+", " ", re.sub(r"\s*\n\s*", "\n", "".join(pieces))))


def _is_report_title(text: str) -> bool:
    return "公开" in text and ("报告" in text or "年报" in text) and len(text) <= 80


def _outer_title(page: _Page, container: LexborNode) -> str | None:
    """Return the report's title where the page shows it outside the container, else None."""
    assert page.body is not None
    for node in page.body.css("h1, h2, h3, [class*=title], [class*=Title], [class*=bt], [id*=title], .tit, .biaoti"):
        text = collapse(node.text())
        if _is_report_title(text):
            return text
    return page.facts.get("heading") or page.facts.get("title")


def _without_site(title: str) -> str:
    """Return the page's title without the site's name after ``_``, ``-`` or ``|``."""
    parts = [part.strip() for part in re.split(r"[_|]|\s[-–—]\s|-(?=\D)", title)]
    return next((part for part in parts if _is_report_title(part)), parts[0] or title)


def _iso(text: str) -> str | None:
    match = _PLAIN_DATE.search(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    if not (1990 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


# --- tables ---------------------------------------------------------------------------------------------------


def _rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """Return the cells of each row, rows of nested tables left out."""
    rows: list[list[LexborNode]] = []
    for child in table.iter():
        if child.tag in _ROW_GROUPS:
            rows.extend([cell for cell in row.iter() if cell.tag in _CELLS] for row in child.iter() if row.tag in _ROWS)
        elif child.tag in _ROWS:
            rows.append([cell for cell in child.iter() if cell.tag in _CELLS])
    return [row for row in rows if row]


def _data_rows(table: LexborNode) -> list[tuple[list[LexborNode], list[str]]] | None:
    """Return the rows of a table of data, each as its cells and their texts; None where the table only lays out the page.

    A table of data has two columns or more, no nested table, no cell with paragraphs of prose.
    """
    rows = _rows_of(table)
    if max(map(len, rows), default=0) < 2:
        return None
    nested = any(inner.mem_id != table.mem_id for inner in table.css("table"))
    found = []
    for row in rows:
        texts = [cell.text() for cell in row]
        if max(map(len, texts)) > 60 and any(map(is_prose, texts)):
            return None
        if nested:
            for cell, text in zip(row, texts, strict=True):
                if cell.css_first("table") is not None and (len(text) > 60 or _has_rows(cell)):
                    return None
        found.append((row, texts))
    return found


def _has_rows(cell: LexborNode) -> bool:
    return any(len(_rows_of(table)) > 0 for table in cell.css("table"))


def _spans(cell: LexborNode) -> tuple[int, int]:
    """Return how many rows and columns a cell takes up, 1 where it does not say or says nonsense."""
    attributes = cell.attributes
    return _extent(attributes.get("rowspan")), _extent(attributes.get("colspan"))


def _extent(value: str | None) -> int:
    value = (value or "1").strip()
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
    return min(max(number, 1), MAX_SPAN)


# --- writing out ----------------------------------------------------------------------------------------------


class _Walker:
    """Writes an element out as lines, tables as rows."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.draft = Draft()
        self._tables = 0
        self._buffer: list[str] = []
        self._bold: list[bool] = []
        self._heading = False

    def walk(self, root: LexborNode) -> None:
        """Write out ``root``; depth is no danger, the walk keeps its own stack."""
        styled = {node.mem_id for node in root.css('[style*="bold"]')}
        if "bold" in (root.attributes.get("style") or ""):
            styled.add(root.mem_id)
        stack: list[tuple[LexborNode, bool, int, bool]] = [(root, False, 0, False)]
        while stack:
            node, bold, depth, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._flush()
                self._heading = False
                continue
            if tag == "-text":
                self._add(node.text_content or "", bold)
                continue
            if tag == "br":
                self._flush()
                continue
            if tag == "table" and node.mem_id != root.mem_id and self._table(node):
                continue
            if tag == "pre":
                self._flush()
                for line in node.text().split("\n"):
                    self._add(line, False)
                    self._flush()
                continue
            if tag in _BLOCKS:
                self._flush()
                if node.mem_id != root.mem_id and depth < _MAX_DESCENT and self._is_metadata(node, tag):
                    continue
                self._heading = tag in _HEADINGS
                stack.append((node, bold, depth, True))
            if depth < _MAX_DEPTH:
                inner = bold or tag in _BOLD or (bool(styled) and node.mem_id in styled)
                later: list[tuple[LexborNode, bool, int, bool]] = []
                for child in node.iter(include_text=True):
                    if not later and child.tag == "-text":  # most elements hold a text and nothing else
                        self._add(child.text_content or "", inner)
                    else:
                        later.append((child, inner, depth + 1, False))
                later.reverse()
                stack += later
        self._flush()

    def put_title(self, title: str | None) -> None:
        """Put ``title`` first unless the report's first lines already say it."""
        if not title or not len(self.draft):
            return
        if collapse(title) not in collapse(self.draft.opening(12))[:600]:
            self.draft.put_first(title, "heading")

    def _add(self, text: str, bold: bool) -> None:
        if text and "\n" not in text:
            self._buffer.append(text)
            self._bold.append(bold)
            return
        parts = _INDENT.split(text)
        for index, part in enumerate(parts):
            if index:
                self._flush()
            if part:
                self._buffer.append(part)
                self._bold.append(bold)

    def _flush(self) -> None:
        if not self._buffer:
            return
        text = _inline(self._buffer)
        bold = True in self._bold and all(flag or not piece.strip(EDGE) for piece, flag in zip(self._buffer, self._bold, strict=True))
        self._buffer, self._bold = [], []
        if not text:
            return
        if len(text) < 120 and _FURNITURE_LINE.match(text):
            self.page.learn(text)
            return
        self.draft.line(text, "heading" if self._heading or bold else "line")

    def _is_metadata(self, node: LexborNode, tag: str) -> bool:
        """Whether the block is a table of 索引号, 发布机构 and the like; what it says is kept in the page's facts."""
        if tag not in ("table", "ul", "dl", "div", "tbody", "tr"):
            return False
        text = node.text(separator="\n")
        if len(text) > 900 or len(set(_META_LABELS.findall(text))) < 2 or text.count("。") > 2:
            return False
        if max(len(line.strip(EDGE)) for line in text.split("\n")) > 100:
            return False  # a short report may stand in one box with its metadata
        self._learn_metadata(node, text)
        return True

    def _learn_metadata(self, node: LexborNode, text: str) -> None:
        rows = _rows_of(node) if node.tag == "table" else []
        pairs: list[str] = []
        for head, values in pairwise(rows):
            labels = [collapse(cell.text()) for cell in head]
            if len(labels) == len(values) and all(_META_LABELS.match(label) for label in labels):
                pairs.extend(f"{label}：{cell.text().strip()}" for label, cell in zip(labels, values, strict=True))
        lines = [re.sub(r"[ \t\u3000\u00a0]+", " ", line).strip() for line in text.split("\n")]
        joined = re.sub(r"[：:]\n", "：", "\n".join(line for line in lines if line))
        joined = re.sub(r"(?<=索)\s*引\s*(?=号)", "引", joined)
        self.page.learn("\n".join(pairs) + "\n" + joined)

    def _table(self, table: LexborNode) -> bool:
        """Write a data table as rows of cells; False where the table is only layout."""
        rows = _data_rows(table)
        if rows is None:
            return False
        self._flush()
        if self._is_metadata(table, "table"):
            return True
        caption = table.css_first("caption")
        if caption is not None:
            self._add(caption.text(), False)
            self._flush()
        self._tables += 1
        merged = {cell.mem_id for cell in table.css("[rowspan], [colspan]")}
        written: list[list[RowCell]] = []
        for row, texts in rows:
            if merged:
                spans = [_spans(cell) if cell.mem_id in merged else (1, 1) for cell in row]
                written.append([(_cell_text(text), *span, None) for text, span in zip(texts, spans, strict=True)])
            else:
                written.append([(text if text.isalnum() else _cell_text(text), 1, 1, None) for text in texts])
        self.draft.table(written, self._tables)
        return True


def _inline(pieces: list[str]) -> str:
    text = "".join(pieces)
    if "\n" in text:
        text = _SOURCE_BREAK.sub("", text)
    return _SPACES.sub(" ", text).strip(EDGE)


def _cell_text(text: str) -> str:
    """Return the text of a cell on one line: its inner line breaks and paragraphs joined with nothing between."""
    if not _BLANK.search(text):  # most cells are a number or a few words
        return text
    return "".join(_SPACES.sub(" ", line).strip(EDGE) for line in text.split("\n"))
