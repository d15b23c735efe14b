"""Files that are no files, that are too large, that vanish, and texts damaged in every way: a message, never a hang."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import govie
from govie import readers
from govie.errors import ReadError
from govie.readers import archive, docx, html, loading, read_data, read_file

REPORT = "石门镇2016年政府信息公开工作年度报告\n一、概述\n2016年，我镇主动公开政府信息112条，收到申请0件。\n"


def number_of(report: govie.Report) -> object:
    return report.facts.get("disclosure.total").value


# --- what is no file ------------------------------------------------------------------------------------------


def test_pipes_devices_and_sockets_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for place in (tmp_path / "pipe.txt", Path("/dev/zero"), Path("/dev/stdin")):
        with pytest.raises(ReadError, match=r"this is a pipe or device, not a file\. Save what it holds to a file first\.|cannot be read|no such file"):
            read_file(place)
    with socket.socket(socket.AF_UNIX) as one:
        place = Path(os.path.relpath(tmp_path / "s", Path.cwd()))
        if len(str(place)) < 100:
            one.bind(str(place))
            with pytest.raises(ReadError, match="this is a pipe or device"):
                read_file(place)


def test_a_file_that_turns_into_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between asking and opening: opened without waiting, and refused."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text(REPORT, encoding="utf-8")
    regular = os.stat(tmp_path / "a.txt")
    ask = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **options: regular if str(path).endswith("pipe.txt") else ask(path, **options))
    with pytest.raises(ReadError, match="this is a pipe or device"):
        read_file(tmp_path / "pipe.txt")


def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    opening = os.open

    def gone(place: str, flags: int) -> int:
        path.unlink(missing_ok=True)
        return opening(place, flags)

    monkeypatch.setattr(os, "open", gone)
    with pytest.raises(ReadError, match=r"a\.txt: there is no such file\. It was there a moment ago"):
        read_file(path)


def test_a_file_that_must_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(REPORT, encoding="utf-8")

    def refuse(place: str, flags: int) -> int:  # root may read everything: the refusal is played
        raise PermissionError(13, "Permission denied", place)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReadError, match=r"a\.txt: the file cannot be read \(Permission denied\)\. Check its permissions\."):
        read_file(path)


def test_a_name_with_line_breaks(tmp_path: Path, extractor: govie.Extractor) -> None:
    path = tmp_path / "甲\n乙\t丙.txt"
    path.write_text(REPORT, encoding="utf-8")
    report = extractor.extract_file(path)
    assert report.source.path == str(path)
    assert '\\n乙' in report.to_json()
    path.write_bytes(b"")
    with pytest.raises(ReadError) as caught:
        read_file(path)
    assert caught.value.where == str(path)
    assert "甲\\n乙\\t丙.txt: the file is empty." in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_no_text(tmp_path: Path, extractor: govie.Extractor) -> None:
    """A name in GBK on a system of UTF-8: the report still has a path that JSON can carry."""
    place = os.fsdecode(os.fsencode(tmp_path) + b"/\xca\xaf\xc3\xc5.txt")
    Path(place).write_text(REPORT, encoding="utf-8")
    report = extractor.extract_file(place)
    report.to_json().encode()
    Path(place).write_bytes(b"")
    with pytest.raises(ReadError) as caught:
        read_file(place)
    str(caught.value).encode()


# --- size -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "size", "message"),
    [
        ("huge.pdf", b"%PDF-1.7\n", 2 * 1024**3, r"huge\.pdf: the file is larger than the limit of 512 MB \(2,048 MB\)\. A report is far smaller"),
        ("huge.txt", b"", 2 * 1024**3, r"the file is larger than the limit of 512 MB"),
        ("large.txt", b"a" * 100, 200 * 1024**2, r"the text is larger than the limit of 32 MB \(200 MB\)"),
        ("large.html", b"<html>", 33 * 1024**2, r"the text is larger than the limit of 32 MB \(33 MB\)"),
    ],
)
def test_size_is_asked_for_before_anything_is_read(name: str, head: bytes, size: int, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)  # sparse: takes no room
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ReadError, match=message):
        read_file(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


def test_two_hundred_megabytes_of_one_line_cost_little(tmp_path: Path) -> None:
    """A text as it is, not zeros: refused after the first 64 KB."""
    path = tmp_path / "line.txt"
    with path.open("wb") as file:
        for _ in range(200):
            file.write("公开".encode() * (1024**2 // 6))
    code = f"import govie, sys\ntry: govie.extract_file({str(path)!r})\nexcept govie.ReadError as error: print(error.what)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert done.stdout == "the text is larger than the limit of 32 MB (200 MB)\n"


def test_limit_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.text, "MAX_CHARS", 50)
    with pytest.raises(ReadError, match=r"a\.txt: the text has 60 characters, more than the limit of 50\. A report is far shorter"):
        read_data("公开".encode() * 30, path="a.txt")


def test_limit_of_text_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_TEXT_BYTES", 50)
    with pytest.raises(ReadError, match="the text is larger than the limit of 0 MB"):
        read_data("公开".encode() * 30)


def test_limits_are_what_the_documentation_says() -> None:
    documentation = (Path(__file__).parent.parent / "docs/files.md").read_text(encoding="utf-8")
    for name, shown in (
        ("MAX_FILE_BYTES", f"{loading.MAX_FILE_BYTES // 1024**2} MB"),
        ("MAX_TEXT_BYTES", f"{loading.MAX_TEXT_BYTES // 1024**2} MB"),
        ("MAX_CHARS", f"{readers.MAX_CHARS:,} characters"),
        ("MAX_TAGS", f"{html.MAX_TAGS:,} tags"),
        ("MAX_XML_BYTES", f"{docx.MAX_XML_BYTES // 1024**2} MB"),
        ("MAX_MEMBER_BYTES", f"{archive.MAX_MEMBER_BYTES // 1024**2} MB"),
        ("MAX_TOTAL_BYTES", f"{archive.MAX_TOTAL_BYTES // 1024**3} GB"),
        ("MAX_OFFICE_BYTES", f"{archive.MAX_OFFICE_BYTES // 1024**2} MB"),
        ("MAX_MEMBERS", f"{archive.MAX_MEMBERS:,} files"),
        ("MAX_RATIO", f"{archive.MAX_RATIO} times"),
    ):
        assert any(name in line and shown in line for line in documentation.splitlines()), f"docs/files.md does not give {name} as {shown}"


# --- damaged text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"])
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_cut_text(encoding: str, cut: int, extractor: govie.Extractor, tmp_path: Path) -> None:
    text = REPORT * 3
    if encoding == "big5":
        text = "石門鎮2016年政府資訊公開工作年度報告\n一、概述\n全年主動公開政府信息112條。\n" * 3
    path = tmp_path / "a.txt"
    data = text.encode(encoding)
    path.write_bytes(data[: len(data) - cut])
    document = read_file(path)
    assert document.text.startswith(text[:20])
    assert number_of(extractor.extract_file(path)) == 112


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("utf-8", "gb18030"), ("gb2312", "utf-8"), ("gbk", "big5"), ("big5", "gb18030"), ("utf-16", "utf-8"), ("iso-8859-1", "gb18030"), ("nonsense", "utf-8")],
)  # fmt: skip
def test_wrong_declared_encoding(declared: str, actual: str) -> None:
    words = "石門鎮政府主動公開的信息都在網站上，群眾看得到，也看得懂。" if actual == "big5" else "石门镇政府主动公开的信息都在网站上，群众看得到，也看得懂。"
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><body><p>{words * 4}</p></body></html>'
    assert read_data(page.encode(actual)).text == words * 4


def test_utf16_that_is_none() -> None:
    for data in (b"\0" * 5000, bytes(range(256)) * 30, b"PK" + b"\0a" * 10 + b"\x81\x82\x83\x84" * 400):
        with pytest.raises(ReadError, match=r"binary file|none of the encodings|is empty"):
            read_data(data, path="a.txt")


# --- damaged pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + REPORT,
        "<html>" + "<b>" * 100_000 + REPORT,
        "<html>" + "<table><tr><td>" * 20_000 + REPORT,
        "<html><p>" + REPORT + "<div></span>" * 50_000,
        "<html><ul>" + "<li>" * 100_000 + REPORT,
        "<html>" + "<form><input><nav>" * 20_000 + REPORT,
        "<html><p>" + "&amp;&#x6211;&nosuch;&#99999999;" * 20_000 + REPORT,
        "<html><script>" + "document.write('<p>');" * 20_000 + "</script>" + REPORT,
        "<html><!--" + "-" * 300_000 + REPORT,
        "<html><p " + "a=b " * 100_000 + ">" + REPORT,
    ],
    ids=["deep divs", "deep bold", "deep tables", "unmatched", "list", "furniture", "entities", "script", "open comment", "attributes"],
)
def test_hostile_pages_end_soon(page: str) -> None:
    """In a process of its own: a crash of the parser must not take the tests along."""
    code = (
        "import sys, govie\nfrom govie.readers import read_data\n"
        "try: document = read_data(sys.stdin.buffer.read(), path='a.html'); print('text', len(document.text))\n"
        "except govie.ReadError as error: print('refused', error.what)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=page.encode(), capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert done.stdout.startswith((b"text ", b"refused "))


def test_no_text_is_lost_in_the_depth() -> None:
    words = REPORT.replace("\n", "")
    assert read_data(("<div><b>" * 50_000 + words + "</b></div>" * 50_000).encode()).text == words


def test_pages_beyond_all_measure() -> None:
    with pytest.raises(ReadError, match=r"a\.html: the page has more than 300,000 tags\. A report's page has some thousands"):
        read_data(b"<html>" + b"<p>" * 300_000, path="a.html")
    with pytest.raises(ReadError, match=r"the text has [\d,]+ characters, more than the limit"):
        read_data(("<html><pre>" + "公\n" * 3_000_000).encode(), path="a.html")
    cells = "<td rowspan=60 colspan=60>1</td>" * 20_000
    assert len(read_data(f"<table><tr>{cells}</tr><tr>{cells}</tr></table>".encode()).grids[0].cells) == 40_000


# --- old Word files -------------------------------------------------------------------------------------------


def old_word(change: dict[int, bytes]) -> bytes:
    """Return the sample with bytes of its text stream changed; the stream is found by its first bytes."""
    data = bytearray((Path(__file__).parent / "files/details.doc").read_bytes())
    start = data.index(b"\xec\xa5")
    for place, value in change.items():
        data[start + place : start + place + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({0x0B: b"\x13"}, r"the Word document is encrypted with a password\. Save it without one\."),
        ({2: b"\x68\x00"}, r"this is a document of Word 6, Word 95 or older, which is not read\. Open it in Word or WPS"),
        ({0x1A2: b"\xff\xff\xff\x7f"}, r"the Word document is broken or cut off \(no piece table\)"),
        ({0x4C: b"\0\0\0\0"}, r"the Word document holds no text"),
    ],
)
def test_old_word_files_that_are_refused(change: dict[int, bytes], message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read_data(old_word(change), path="a.doc")
    assert caught.value.where == "a.doc"


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ("Workbook", "an Excel workbook"),
        ("PowerPoint Document", "a presentation"),
        ("EncryptedPackage", "an Office document encrypted with a password"),
        ("MatOST", "a Microsoft Works document"),
        ("Else", "an old Office document of a kind"),
    ],
)
def test_other_files_in_the_same_container(stream: str, kind: str) -> None:
    data = bytearray((Path(__file__).parent / "files/details.doc").read_bytes())
    place = data.index("WordDocument".encode("utf-16-le"))  # an entry of the directory: 64 bytes of name, then its length
    data[place : place + 66] = stream.encode("utf-16-le").ljust(64, b"\0") + (2 * len(stream) + 2).to_bytes(2, "little")
    with pytest.raises(ReadError, match=f"this is {kind}, which is not read"):
        read_data(bytes(data))
