"""Bytes to text: every encoding of the chain, short and cut texts, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.errors import GovieError, ReadError
from govie.readers import decode

TEXT = "柳泉乡二〇一六年公开信息共三十二条，其中网站二十条。"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
        (b"plain ascii", "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    text, found = decode(data)
    assert found == encoding
    assert text in (TEXT, "plain ascii")


@pytest.mark.parametrize("text", ["二、主动公开情况", "联通", "公开信息", "无", "九、其他事项。"])
def test_short_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("text", ["政府信息公開年度報告", "二、主動公開政府信息的情況"])
def test_big5(text: str) -> None:
    assert decode(text.encode("big5")) == (text, "big5")


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030"])
def test_declared_gb_labels_mean_gb18030(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body>𠮷祥镇、㐂乐乡、镕</body></html>'
    assert decode(page.encode("gb18030")) == (page, "gb18030")


def test_a_declared_charset_that_the_bytes_contradict() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>{TEXT}</p>'
    assert decode(page.encode()) == (page, "utf-8")


def test_a_declared_big5_page_keeps_its_characters() -> None:
    page = "<meta charset=big5><p>政府信息公開</p>"
    assert decode(page.encode("big5")) == (page, "big5hkscs")


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_cut_inside_a_character(cut: int) -> None:
    text, encoding = decode(TEXT.encode()[:-cut])
    assert encoding == "utf-8"
    assert text == TEXT[:-1] + "\ufffd"


def test_gb18030_cut_inside_a_character() -> None:
    text, encoding = decode(TEXT.encode("gb18030")[:-1])
    assert encoding == "gb18030"
    assert text.startswith(TEXT[:-1])


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 40, b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"where\.bin: this is a binary file, not text\. Save it as UTF-8"):
        decode(data, where="where.bin")


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(ReadError, match="text in none of the encodings tried"):
        decode(b"\xff\xfa\xf8\x80\xff" * 20)


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_govie_error(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except GovieError:
        return
    assert isinstance(text, str) and encoding
