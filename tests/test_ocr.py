"""Pictures and scanned pages; what stands in the two pictures is known."""

from __future__ import annotations

import io
import struct
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from pdf_support import drawn_pdf

import govie
from govie.errors import ReadError
from govie.readers import ocr, read_file
from govie.readers.ocr import read_image
from govie.readers.pdf import read_pdf

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="govie[ocr] is not installed")
DATA = Path(__file__).parent / "data" / "pdf"
LINES = [
    "青石镇2022年政府信息公开工作年度报告",
    "一、总体情况",
    "2022年，青石镇主动公开政府信息215条，其中财政预决算12条，涉农补贴41条；召开公开工作会议2次，接受培训36人次。",
    "二、依申请公开情况",
    "全年没有收到政府信息公开申请。",
]
ROWS = [
    ["统计指标", "单位", "统计数"],
    ["（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "486"],
    ["其中：主动公开规范性文件数", "条", "7"],
    ["（二）收到申请数", "件", "35"],
    ["1.当面申请数", "件", "0"],
]
PNG = b"\x89PNG\r\n\x1a\n"


def alike(text: str, truth: str) -> float:
    """Return how much of a recognised text is as it should be, blanks and width of signs aside, 0 to 1."""
    plain = unicodedata.normalize("NFKC", text.replace(" ", ""))
    return SequenceMatcher(None, plain, unicodedata.normalize("NFKC", truth), autojunk=False).ratio()


def numbers(document: Any) -> list[list[str]]:
    """Return the last two cells of each row."""
    return [line.split("\t")[-2:] for line in document.text.split("\n")]


def opened(name: str) -> Any:
    return pytest.importorskip("PIL.Image").open(DATA / name).convert("L")


def saved(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scanned(*images: Any) -> bytes:
    """Return a PDF of pictures only."""
    from reportlab.lib.utils import ImageReader

    return drawn_pdf(*(lambda canvas, one=image: canvas.drawImage(ImageReader(one), 0, 200, 595, 595 * one.height / one.width) for image in images))


@pytest.fixture(scope="module")
def text_picture() -> Any:
    return opened("scan_text.png")


@pytest.fixture(scope="module")
def table_picture() -> Any:
    return opened("scan_table.png")


# --- recognition ----------------------------------------------------------------------------------------------


@needs_ocr
def test_a_picture_is_read_with_its_confidence(text_picture: Any, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(saved(text_picture))
    document = read_file(tmp_path / "scan.png")
    assert alike(document.text, "\n".join(LINES)) > 0.98
    assert len(document.blocks) == len(LINES)
    assert document.source.media_type == "image/png"
    for block in document.blocks:
        assert block.origin.page == 1 and 0.5 <= block.confidence <= 1
    report = govie.load(model=None).extract_file(tmp_path / "scan.png")
    (total,) = report.facts.where(concept="disclosure.total")
    assert (total.value, total.page) == (215, 1)
    assert 0.5 <= total.ocr_confidence <= 1


@needs_ocr
def test_a_scanned_table_is_a_grid_and_a_scan_keeps_its_pages(text_picture: Any, table_picture: Any) -> None:
    document = read_pdf(scanned(text_picture, table_picture))
    rows = [block for block in document.blocks if block.kind == "table"]
    assert alike("\n".join(document.text[b.start : b.end] for b in rows), "\n".join(map("\t".join, ROWS))) > 0.98
    assert [cell.text for cell in document.grids[0].cells if cell.column == 2] == [row[2] for row in ROWS]
    assert all(block.origin.page == 2 and block.confidence for block in rows)
    assert all(document.text[cell.start : cell.end] == cell.text for cell in document.grids[0].cells)


@needs_ocr
@pytest.mark.parametrize("turn", [90, 180, 3])
def test_a_picture_that_lies_askew_is_set_right(table_picture: Any, turn: int) -> None:
    document = read_image(saved(table_picture.rotate(turn, resample=3, expand=True, fillcolor=255)))
    assert numbers(document) == [row[1:] for row in ROWS]


@needs_ocr
def test_a_tiff_of_several_pages(text_picture: Any, table_picture: Any) -> None:
    data = saved(text_picture, "TIFF", save_all=True, append_images=[table_picture], dpi=(150, 150))
    document = read_image(data)
    assert document.source.media_type == "image/tiff"
    assert [block.origin.page for block in document.blocks] == [1] * len(LINES) + [2] * len(ROWS)


# --- bad input ------------------------------------------------------------------------------------------------


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(ReadError, match=r'x\.png: this is a picture, not text\. Install .*pip install "govie\[ocr\]"') as caught:
        read_image(PNG, path="x.png")
    assert caught.value.where == "x.png"


@needs_ocr
@pytest.mark.parametrize(
    "data",
    [b"", PNG, PNG + b"noise" * 50, b"\xff\xd8\xff\xe0" + bytes(300), b"II*\x00" + bytes(90), b"GIF89a" + bytes(60), b"RIFF\0\0\0\0WEBP"],
    ids="empty png_head png_noise jpeg tiff gif webp".split(),
)  # fmt: skip
def test_broken_pictures(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"the picture is broken or of a kind that is not known\. Fetch or scan it again") as caught:
        read_image(data, path="x.png")
    assert caught.value.where == "x.png"


@needs_ocr
def test_a_cut_picture(text_picture: Any) -> None:
    data = saved(text_picture)
    with pytest.raises(ReadError, match=r"the picture is broken"):
        read_image(data[: len(data) // 2])


@needs_ocr
def test_a_picture_of_one_pixel() -> None:
    from PIL import Image

    with pytest.raises(ReadError, match=r"the picture is 1 by 1 pixels, too small for text"):
        read_image(saved(Image.new("L", (1, 1))))


@needs_ocr
def test_a_picture_without_text() -> None:
    from PIL import Image

    with pytest.raises(ReadError, match=r"no text was recognised in the picture\. Scan it again with 200 dots"):
        read_image(saved(Image.new("L", (300, 300), 255)))


@needs_ocr
def test_a_picture_that_claims_to_be_huge() -> None:
    head = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    from zlib import crc32

    data = PNG + struct.pack(">I", 13) + head + struct.pack(">I", crc32(head)) + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", crc32(b"IDAT"))
    with pytest.raises(ReadError, match=r"the picture (?:holds 10,000,000,000 pixels, over the limit|is too large)"):
        read_image(data)


@needs_ocr
def test_pages_are_limited(table_picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "MAX_FRAMES", 1)
    with pytest.raises(ReadError, match=r"the picture holds more than 1 pages"):
        read_image(saved(table_picture, "TIFF", save_all=True, append_images=[table_picture]))
