"""Files and pages to documents; all pages are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.errors import ReadError
from govie.readers import read_file, read_html, read_text

PROSE = "我乡按照条例的要求，把公开栏、网站和公众号都用起来，群众看得到，也看得懂；来问的人，都有答复。"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def lines(html: str) -> list[str]:
    return read_html(html).text.split("\n")


# --- plain text -----------------------------------------------------------------------------------------------


def test_plain_text_is_kept_as_it_is() -> None:
    text = "柳泉乡2016年报告\n\n  一、 概述\t x\u3000\u00a0\x00\n| 甲 | 乙 |\n## 二、情况"
    document = read_text(text, path="a.md")
    assert document.text == text
    assert (document.source.path, document.source.media_type, document.source.chars) == ("a.md", "text/plain", len(text))
    assert [text[block.start : block.end] for block in document.blocks][1] == "  一、 概述\t x\u3000\u00a0\x00"
    assert document.grids == () and document.page == {}


@pytest.mark.parametrize(
    ("raw", "text"), [("\ufeff甲", "甲"), ("甲\r\n乙\r丙\n", "甲\n乙\n丙\n"), ("", ""), ("  ", "  "), ("甲\ud800", "甲\ufffd")]
)
def test_plain_text_cleaning(raw: str, text: str) -> None:
    assert read_text(raw).text == text


def test_text_that_is_a_page_is_read_as_one() -> None:
    assert read_text("<!DOCTYPE html><p>甲</p>").source.media_type == "text/html"
    assert read_text("全年<5条，其中a>b").source.media_type == "text/plain"
    assert read_text("一、概述\n<p>标签").source.media_type == "text/plain"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    document = read_text(text)
    assert document.source.chars == len(document.text)
    document.text.encode()


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.txt", "一、概述".encode(), "text/plain"),
        ("a.md", "一、概述".encode("gb18030"), "text/plain"),
        ("a.text", "一、概述".encode(), "text/plain"),
        ("a.html", "<p>一、概述</p>".encode(), "text/html"),
        ("a.HTM", "<p>一、概述</p>".encode("gb18030"), "text/html"),
        ("a.shtml", "<p>一、概述</p>".encode(), "text/html"),
        ("a.html", "一、概述".encode(), "text/plain"),
        ("noext", "一、概述".encode(), "text/plain"),
        ("noext", "<html><body><p>一、概述</p></body></html>".encode(), "text/html"),
        ("a.jsp", "<div><p>一、概述</p></div>".encode(), "text/html"),
    ],
)
def test_formats(tmp_path: Path, name: str, data: bytes, media_type: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    document = read_file(path)
    assert document.text == "一、概述"
    assert document.source.media_type == media_type
    assert document.source.path == str(path)
    assert document.source.encoding in ("utf-8", "gb18030")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", r"a\.txt: the file is empty\. Fetch or save it again\."),
        ("a.txt", " \n\t\u3000\r\n".encode(), r"the file is empty"),
        ("a.html", b"<html><body><script>x</script></body></html>", r"the page holds no text\. It may be filled in by a script"),
        ("a.docx", b"PK\x03\x04xx", r"the archive is broken or cut off \(File is not a zip file\)\. Fetch or pack it again\."),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"the Word document is broken or cut off"),
        ("a.txt", b"PK\x03\x04xx", r"the archive is broken or cut off"),
        ("a.rtf", b"{\\rtf1 x", r"this is an RTF document, which is not read\. Open it in Word or WPS and save it as \.docx\."),
        ("a.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', r"this is a Word document saved as one XML file"),
        ("a.rar", b"Rar!\x1a\x07", r"this is an archive of a kind, which is not read\. Unpack it, or pack it as \.zip\."),
        ("a.pdf", b"%PDF-1.4 x", r"the PDF is broken and cannot be opened\. Fetch it again"),
        ("a", b"%PDF-1.4 x", r"the PDF is broken"),
        ("a.png", b"\x89PNG\r\n", r"the picture is broken|this is a picture, not text\. Install.*govie\[ocr\]"),
        ("a.bin", b"\x00\x01\x02" * 50, r"this is a binary file, not text"),
        ("a.txt", b"\xff\xfa\xf8\x80\xff" * 20, r"in none of the encodings tried"),
    ],
)  # fmt: skip
def test_refused_files(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message) as caught:
        read_file(path)
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_missing_path_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gone\.txt: there is no such file\. Check the path"):
        read_file(tmp_path / "gone.txt")
    with pytest.raises(ReadError, match=r"this is a folder, not a file\. Give the files in it"):
        read_file(tmp_path)
    with pytest.raises(ReadError, match="cannot be read"):
        read_file("a\x00b")


# --- pages ----------------------------------------------------------------------------------------------------


def test_a_cms_page() -> None:
    html = page(
        f"""<div class="header"><a href=#>首页</a></div><div class="crumb">当前位置：首页 &gt; 年报</div>
        <table><tr><td>索 引 号：</td><td>0001/2017-3</td><td>发布机构：</td><td>柳泉乡人民政府</td></tr>
        <tr><td>成文日期：</td><td>2017年2月6日</td><td>发布日期：</td><td>2017-02-09</td></tr></table>
        <h1>柳泉乡2016年政府信息公开工作年度报告</h1><div class=info>发布时间：2017-02-09 来源：柳泉乡</div>
        <div class="content_box"><div id="zoom"><p>　　{PROSE}</p><p><strong>一、概述</strong></p><p>{PROSE}</p></div>
        <p>【打印本页】</p><div class="share">分享到：微信</div></div>
        <ul><li>上一篇：<a>甲</a></li></ul><div class="sidebar"><a>柳泉乡2015年政府信息公开工作年度报告</a></div>
        <div class=footer>版权所有</div>""",
        "<title>柳泉乡2016年政府信息公开工作年度报告_某县政府网</title>",
    )
    document = read_html(html)
    assert document.text.split("\n") == ["柳泉乡2016年政府信息公开工作年度报告", PROSE, "一、概述", PROSE]
    assert document.page == {
        "title": "柳泉乡2016年政府信息公开工作年度报告",
        "published": "2017-02-09",
        "created": "2017-02-06",
        "publisher": "柳泉乡人民政府",
    }
    assert [block.kind for block in document.blocks] == ["heading", "line", "heading", "line"]


def test_metadata_tables_with_labels_above_their_values() -> None:
    html = page(
        "<table><tr><td>索引号</td><td>公开方式</td><td>发布机构</td><td>发布日期</td></tr>"
        "<tr><td>0001/2017</td><td>主动公开</td><td>柳泉乡人民政府</td><td>2017-03-02</td></tr></table>"
        f"<p>{PROSE}</p><p>{PROSE}</p>"
    )
    document = read_html(html)
    assert document.text == f"{PROSE}\n{PROSE}"
    assert document.page == {"published": "2017-03-02", "publisher": "柳泉乡人民政府"}


def test_a_short_report_in_one_box_with_its_metadata_is_kept() -> None:
    text = PROSE + PROSE.replace("。", "，")
    html = page(f"<div><div><p>索引号：1</p><p>发布机构：柳泉乡</p><p>{text}</p></div></div>")
    assert text in read_html(html).text


def test_furniture_lines_inside_the_content_are_left_out() -> None:
    html = page(
        f"<div id=zoom><p>来源：党政办 发布时间：2017/3/2</p><p>{PROSE}</p><p>【打印本页】【关闭窗口】</p>"
        f"<p>上一篇：甲</p><p>{PROSE}</p><p>扫一扫在手机打开当前页</p></div>"
    )
    document = read_html(html)
    assert document.text == f"{PROSE}\n{PROSE}"
    assert document.page == {"published": "2017-03-02", "publisher": "党政办"}


def test_meta_names() -> None:
    head = (
        '<meta name="ArticleTitle" content="柳泉乡年报"><meta name="PubDate" content="2017-03-01 09:30">'
        '<meta name="ContentSource" content="柳泉乡党政办">'
    )
    assert read_html(page(f"<p>{PROSE}</p>", head)).page == {"title": "柳泉乡年报", "published": "2017-03-01", "publisher": "柳泉乡党政办"}


def test_title_inside_the_container_is_not_doubled() -> None:
    title = "柳泉乡2016年政府信息公开年度报告"
    html = page(f"<h1>{title}</h1><div id=zoom><p>柳泉乡2016年</p><p>政府信息公开年度报告</p><p>{PROSE}</p><p>{PROSE}</p></div>")
    assert lines(html)[:2] == ["柳泉乡2016年", "政府信息公开年度报告"]


def test_inline_markup_and_breaks() -> None:
    html = page(
        "<p>全年公开<b>4</b><span>2</span>条，<a>网站</a>20条&mdash;&amp;<br/>第二行&nbsp;尾</p>"
        f"<p>公开的\n      内容 a b</p><h2>三、<em>其他</em></h2><p>{PROSE}</p>"
    )
    assert lines(html) == ["全年公开42条，网站20条—&", "第二行\u00a0尾", "公开的内容 a b", "三、其他", PROSE]


def test_pre_keeps_its_lines() -> None:
    assert lines(page(f"<pre>一、概述\n{PROSE}\n二、其他</pre>")) == ["一、概述", PROSE, "二、其他"]


def test_a_data_table_becomes_a_grid() -> None:
    html = page(
        f"<div><p>{PROSE}</p><table><thead><tr><th rowspan=2>指标</th><th colspan='2'>数<br>量</th></tr><tr><th>件</th><th></th></tr></thead>"
        f"<tr><td><p>收到</p><p>申请数</p></td><td>3</td><td> 4 </td></tr></table><p>{PROSE}</p></div>"
    )
    document = read_html(html)
    (grid,) = document.grids
    assert document.text.split("\n") == [PROSE, "指标\t数量", "件\t", "收到申请数\t3\t4", PROSE]
    assert [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells] == [
        (0, 0, 2, 1, "指标"),
        (0, 1, 1, 2, "数量"),
        (1, 1, 1, 1, "件"),
        (1, 2, 1, 1, ""),
        (2, 0, 1, 1, "收到申请数"),
        (2, 1, 1, 1, "3"),
        (2, 2, 1, 1, "4"),
    ]
    assert all(document.text[cell.start : cell.end] == cell.text for cell in grid.cells)
    assert document.text[grid.start : grid.end] == "指标\t数量\n件\t\n收到申请数\t3\t4"
    assert [block.kind for block in document.blocks] == ["line", "table", "table", "table", "line"]


def test_layout_tables_are_unwrapped() -> None:
    inner = "<table><tr><td>指标</td><td>数</td></tr><tr><td>收到</td><td>3</td></tr></table>"
    html = page(f"<table><tr><td>导航</td><td><p>{PROSE}</p><p>{PROSE}</p>{inner}<p>一、概述</p></td></tr></table>")
    document = read_html(html)
    assert [line for line in document.text.split("\n") if line != "导航"] == [PROSE, PROSE, "指标\t数", "收到\t3", "一、概述"]
    assert len(document.grids) == 1
    assert lines(page(f"<table><tr><td>{PROSE}</td></tr></table>")) == [PROSE]


def test_a_whole_page_in_a_form_is_read() -> None:
    assert PROSE in read_html(page(f"<form id=form1><div id=top><p>{PROSE * 5}。。。</p><p>{PROSE}</p></div></form>")).text


def test_a_table_outside_the_prose_is_kept() -> None:
    rows = "".join(f"<tr><td>指标{n}</td><td>条</td><td>{n}</td></tr>" for n in range(30))
    html = page(f"<div id=zoom><div><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p></div><table>{rows}</table></div>")
    assert len(read_html(html).grids[0].cells) == 90


STRANGE = [
    "<div>" * 3000 + PROSE,
    "<table><td colspan=999999 rowspan=9999999>甲<td>乙",
    "<",
    "<p>\x00甲</p>",
    "<table>" * 300 + "<tr><td>甲</td><td>乙",
    "<body></body>",
    "<html>" + "<tr><td>" * 400,
]


@pytest.mark.parametrize("html", STRANGE)
def test_strange_pages(html: str) -> None:
    document = read_html(html)
    assert document.source.chars == len(document.text)


TAGS = st.sampled_from(
    "<table>|<tr>|<td>|<td rowspan=2>|<td colspan=3>|</td>|</tr>|</table>|<p>|</p>|<br>|<div id=zoom>|</div>|<b>|</b>|<h1>|"
    "<form>|<div class=share>|甲。|索引号：|发布机构：乙|发布日期：2017-13-45|一、概述| |\n|&nbsp;|<ul><li>|<pre>|<!-- x -->|<caption>|"
    "<thead>|甲，乙；丙。丁。".split("|")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TAGS, max_size=50).map("".join))
def test_any_page_gives_right_offsets(html: str) -> None:
    document = read_html(html)
    for grid in document.grids:
        assert 0 <= grid.start <= grid.end <= len(document.text)
        places = set()
        for cell in grid.cells:
            assert document.text[cell.start : cell.end] == cell.text
            assert "\n" not in cell.text and "\t" not in cell.text
            assert (cell.row, cell.column) not in places
            places.add((cell.row, cell.column))
    assert "\n".join(document.text[block.start : block.end] for block in document.blocks) == document.text
