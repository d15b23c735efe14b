"""Folders and ZIP archives: what is found in them, in what order, and what is refused."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from formats_support import FORMATS, REPORTS

import govie
from govie.errors import ReadError
from govie.files import SUFFIXES, find_files
from govie.readers import archive, read_file

TEXT = "石门镇2016年政府信息公开工作年度报告\n一、概述\n全年主动公开政府信息5条。\n".encode()


def pack(path: Path, members: dict[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def found(path: Path) -> list[str]:
    return [f"{item.where}: {item.what}" if isinstance(item, ReadError) else str(item) for item in find_files(path)]


# --- folders --------------------------------------------------------------------------------------------------


def test_what_a_folder_gives(tmp_path: Path) -> None:
    kept = [*sorted(f"a{suffix}" for suffix in SUFFIXES if suffix != ".zip"), "B.HTML", "无后缀"]
    for name in [*kept, "a.css", "a.js", "a.csv", "a.xlsx", "a.json", ".hidden.txt", ".htaccess"]:
        (tmp_path / name).write_bytes(TEXT)
    assert found(tmp_path) == [str(tmp_path / name) for name in sorted(kept)]


def test_archives_in_a_folder_are_opened_in_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    pack(tmp_path / "b.zip", {"z.txt": TEXT, "sub/y.html": TEXT, "sub/style.css": b"", "__MACOSX/z.txt": b"", ".DS_Store": b"", "sub/": b""})
    (tmp_path / "c.txt").write_bytes(TEXT)
    assert found(tmp_path) == [str(tmp_path / name) for name in ("a.txt", "b.zip/z.txt", "b.zip/sub/y.html", "c.txt")]


def test_a_folder_that_cannot_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert found(tmp_path) == [str(tmp_path / "a.txt"), f"{tmp_path / 'locked'}: the folder cannot be read (Permission denied)"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    assert found(tmp_path) == [str(tmp_path / "a.txt"), str(tmp_path / "self.txt")]
    with pytest.raises(ReadError, match=r"self\.txt: the file cannot be read \(Too many levels of symbolic links\)\. Check the path and its spelling\."):
        read_file(tmp_path / "self.txt")


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "a\x00b.txt", ""])
def test_names_no_file_can_have(name: str, tmp_path: Path) -> None:
    [item] = find_files(os.path.join(tmp_path, name) if name else tmp_path / "gone")
    assert isinstance(item, Path)
    with pytest.raises(ReadError, match=r"cannot be read|there is no such file"):
        read_file(item)


# --- archives -------------------------------------------------------------------------------------------------


def test_every_format_in_an_archive(tmp_path: Path, extractor: govie.Extractor) -> None:
    path = pack(tmp_path / "reports.zip", {f"县/{name}": write(REPORTS["form2014"]) for name, write in FORMATS.items()})
    reports = list(extractor.extract_files(path))
    assert [report.source.path for report in reports] == [str(path / "县" / name) for name in sorted(FORMATS)]
    assert {report.facts.get("disclosure.total").value for report in reports} == {112}
    assert extractor.extract_file(path / "县" / "word97.doc").facts.get("disclosure.total").value == 112


def test_the_archive_itself_is_no_report(tmp_path: Path) -> None:
    path = pack(tmp_path / "reports.zip", {"a.txt": TEXT})
    with pytest.raises(ReadError, match=r"reports\.zip: this is an archive, not one report\. `govie extract` and extract_files read"):
        read_file(path)


def test_an_office_document_called_zip_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    path.write_bytes(FORMATS["docx.docx"](REPORTS["form2014"]))
    assert found(path) == [str(path)]
    assert read_file(path).grids


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_names_without_the_flag_for_utf8(encoding: str, tmp_path: Path) -> None:
    name = "石門鎮/報告.txt" if encoding == "big5" else "石门镇/二〇一六年报告.txt"
    raw = name.encode(encoding)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("x" * len(raw), TEXT)  # a plain name is stored without the flag
    path = tmp_path / "a.zip"
    path.write_bytes(target.getvalue().replace(b"x" * len(raw), raw))
    shown = raw.decode("gb18030") if encoding == "big5" and _is_gb18030(raw) else name
    assert found(path) == [str(path / shown)]
    assert read_file(path / shown).text.startswith("石门镇2016年")


def _is_gb18030(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("../out.txt", TEXT, "its name leads out of the archive"),
        ("a/../../out.txt", TEXT, "its name leads out of the archive"),
        ("/etc/out.txt", TEXT, "its name leads out of the archive"),
        ("C:\\out.txt", TEXT, "its name leads out of the archive"),
        (_link("link.txt"), b"/etc/passwd", "it is a link or device, not a file"),
        ("inner.zip", b"PK\x05\x06" + b"\0" * 18, "it is an archive inside an archive"),
        ("bomb.txt", b"0" * 3_000_000, "it unpacks to more than 200 times its packed size"),
    ],
)
def test_members_that_are_refused(name: str | zipfile.ZipInfo, content: bytes, reason: str, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"ok.txt": TEXT, name: content})
    kept, refused = sorted(find_files(path), key=lambda item: isinstance(item, ReadError))
    assert kept == path / "ok.txt"
    assert isinstance(refused, ReadError)
    assert refused.what == f"this file of an archive is not read: {reason}"
    assert refused.where.startswith(str(path))
    assert refused.hint == "Unpack it yourself if you trust it."
    errors: list[ReadError] = []
    assert len(list(govie.load(model=None).extract_files(path, on_error=lambda _, error: errors.append(error)))) == 1
    assert [error.what for error in errors] == [refused.what]


def test_a_member_that_is_larger_packed_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    index = data.find(b"PK\x01\x02")
    data[index + 24 : index + 28] = struct.pack("<I", 1)  # the size that the index gives
    path.write_bytes(data)
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", len(TEXT) - 1)
    [refused] = find_files(path)
    assert isinstance(refused, ReadError)
    assert refused.what.endswith("it unpacks to 0 MB, more than the limit of 0 MB")


def test_an_archive_called_something_else_inside_an_archive(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"b.txt": TEXT}).read_bytes()
    path = pack(tmp_path / "a.zip", {"inner.docx": inner})
    with pytest.raises(ReadError, match=r"a\.zip/inner\.docx: this is an archive, not one report"):
        read_file(path / "inner.docx")


def test_encrypted_members(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT})
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    path.write_bytes(data)
    assert found(path) == [f"{path / 'a.txt'}: this file of an archive is not read: it is encrypted with a password"]


def test_a_second_member_of_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", TEXT)
        file.writestr("./a.txt", TEXT)
    first, second = found(path)
    assert first == str(path / "a.txt")
    assert second.endswith("the archive holds a second file of the same name")


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MAX_MEMBERS", 1, r"the archive holds more than 1 files\. No report unpacks to that much"),
        ("MAX_TOTAL_BYTES", 100, r"the archive unpacks to 0 MB, more than the limit of 0 MB"),
    ],
)
def test_limits_of_an_archive(limit: str, value: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, limit, value)
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT, "b.txt": TEXT})
    [error] = find_files(path)
    with pytest.raises(ReadError, match=message):
        raise error


def test_limit_of_a_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 50)
    assert found(pack(tmp_path / "a.zip", {"a.txt": TEXT}))[0].endswith("it unpacks to 0 MB, more than the limit of 0 MB")


def test_sizes_that_lie(tmp_path: Path) -> None:
    """A member whose index says less than it unpacks to gives an error, not the memory it wants."""
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT * 2000})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"a\.txt: the archive is broken or cut off \(its size or checksum is wrong\)"):
        read_file(path / "a.txt")


def test_broken_and_empty_archives(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT})
    path.write_bytes(path.read_bytes()[:-30])
    assert found(path) == [f"{path}: the archive is broken or cut off (File is not a zip file)"]
    assert found(pack(tmp_path / "b.zip", {"x.css": b""})) == [f"{tmp_path / 'b.zip'}: there are no reports in this archive"]
    assert found(pack(tmp_path / "c.zip", {})) == [f"{tmp_path / 'c.zip'}: there are no reports in this archive"]


@pytest.mark.parametrize("inside", ["gone.txt", "a.txt/b.txt", "../a.txt"])
def test_paths_into_an_archive_that_lead_nowhere(inside: str, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT})
    with pytest.raises(ReadError, match=r"there is no such file"):
        read_file(path / inside)


def test_a_path_below_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    with pytest.raises(ReadError, match=r"b\.txt: there is no such file\. Check the path and its spelling\."):
        read_file(tmp_path / "a.txt" / "b.txt")


def test_an_archive_that_changed_is_read_again(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": TEXT})
    assert read_file(path / "a.txt").text
    pack(path, {"b.txt": TEXT + TEXT})
    assert found(path) == [str(path / "b.txt")]
    assert read_file(path / "b.txt").text


def test_workers_read_members_too(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {f"{number}.txt": TEXT for number in range(4)})
    reports = list(govie.load(model=None).extract_files(path, n_process=2))
    assert [report.source.path for report in reports] == [str(path / f"{number}.txt") for number in range(4)]
