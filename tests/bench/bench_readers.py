"""Speed of reading on one core: bytes to Document, and what libraries need that only parse the same bytes.

Run by ``make bench``, not by ``make test``. OPS is files a second; on a busy machine add
``--benchmark-timer=time.process_time``, which counts the time of the process alone. The page has some 30 KB of markup: a site's
navigation, style sheets and scripts around a report of 3,000 characters with the statistics sheet of 2014; the
Word files hold the same report.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

sys.path.insert(0, str(Path(__file__).parent.parent))

from formats_support import FILES, REPORTS, as_docx, as_html, as_mhtml, as_text

from govie.readers import read_data

ITEMS = REPORTS["form2014"]
FILLER = [
    f"第{number}项，按群众办事的顺序把公开目录重新排过，低保、征地、村级财务各归其栏，有人来问，窗口当面答复并记录在册，每月由党政办核对一次。"
    for number in range(1, 20)
]
REPORT = [*ITEMS[:4], *FILLER, *ITEMS[4:]]


def page() -> bytes:
    """Return a page as a government site's CMS makes it."""
    links = "".join(
        f'<li class="menu-item item-{number}"><a href="/zwgk/list_{number}.html" target="_blank" title="栏目{number}">栏目{number}</a></li>'
        for number in range(40)
    )
    style = "".join(f".box{number}{{width:{number}px;margin:0 auto;color:#333;}}\n" for number in range(40))
    script = "".join(f"var v{number}=document.getElementById('x{number}');if(v{number}){{v{number}.style.display='none';}}\n" for number in range(40))
    around = (
        f'<head><style>{style}</style><script>{script}</script></head><body><div id="wrap"><div class="top"><ul class="nav">{links}</ul></div>'
        '<div class="crumb">当前位置：首页 &gt; 信息公开 &gt; 年报</div><div class="main"><div class="left"><ul>' + links[:3000] + "</ul></div>"
        '<table class="info"><tr><td>索 引 号：</td><td>000/2017-3</td><td>发布机构：</td><td>石门镇</td></tr></table>'
    )
    html = as_html(REPORT).decode()
    html = html.replace("<p>　　", '<p style="text-indent:2em;line-height:28px;font-family:仿宋_GB2312;font-size:16pt;"><span style="font-size:16pt;">')
    html = html.replace("<td>", '<td style="border:1px solid #000;" width="80" valign="middle">').replace("<head>", around, 1)
    return html.replace("</body>", f'<div class="footer">{links[:2000]}</div></div></div></body>').encode()


PAGE = page()
WORD = as_docx(REPORT)


def test_read_html(benchmark: BenchmarkFixture) -> None:
    document = benchmark(read_data, PAGE)
    assert 20_000 < len(PAGE) < 45_000 and 2_500 < len(document.text) < 3_500 and len(document.grids) == 1


def test_read_docx(benchmark: BenchmarkFixture) -> None:
    assert len(benchmark(read_data, WORD).grids) == 1


@pytest.mark.parametrize("name", ["form2014", "form2021"])
def test_read_old_doc(benchmark: BenchmarkFixture, name: str) -> None:
    assert benchmark(read_data, (FILES / f"{name}.doc").read_bytes()).grids


def test_read_mhtml(benchmark: BenchmarkFixture) -> None:
    assert len(benchmark(read_data, as_mhtml(REPORT)).grids) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_read_text(benchmark: BenchmarkFixture, encoding: str) -> None:
    assert benchmark(read_data, as_text(REPORT).encode(encoding)).blocks


# --- yardsticks: no report found on the page, no merged cells, no offsets ---


def test_yardstick_selectolax_parses_and_takes_text(benchmark: BenchmarkFixture) -> None:
    from selectolax.lexbor import LexborHTMLParser

    assert benchmark(lambda: LexborHTMLParser(PAGE.decode()).body.text())


def test_yardstick_lxml_parses_and_takes_text(benchmark: BenchmarkFixture) -> None:
    lxml_html = pytest.importorskip("lxml.html")
    assert benchmark(lambda: lxml_html.fromstring(PAGE.decode()).text_content())


def test_yardstick_python_docx_opens_only(benchmark: BenchmarkFixture) -> None:
    import docx

    assert benchmark(lambda: docx.Document(io.BytesIO(WORD)))


def test_yardstick_python_docx_takes_text_and_cells(benchmark: BenchmarkFixture) -> None:
    import docx

    def read() -> int:
        document = docx.Document(io.BytesIO(WORD))
        lines = [paragraph.text for paragraph in document.paragraphs]
        return len(lines) + sum(len([cell.text for cell in row.cells]) for table in document.tables for row in table.rows)

    assert benchmark(read)
