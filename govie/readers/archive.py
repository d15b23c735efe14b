"""Zip archives: folders of reports, and the containers of Office documents, opened within limits.

Nothing is ever written to disk. A member is a *path inside*: ``reports.zip/inside/a.html`` names the member
``inside/a.html`` of ``reports.zip``. What could harm is refused by name: members that lead out of the archive,
links, encrypted members, archives in archives, and members that unpack to more than the limits allow.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from govie.errors import ReadError

__all__ = [
    "MAX_MEMBERS",
    "MAX_MEMBER_BYTES",
    "MAX_RATIO",
    "MAX_TOTAL_BYTES",
    "Member",
    "is_office",
    "member_bytes",
    "members",
    "office_kind",
    "open_office",
    "read_member",
    "refusal",
]

MAX_MEMBER_BYTES = 256 * 1024**2
"""The most bytes one member may unpack to."""
MAX_TOTAL_BYTES = 16 * 1024**3
"""The most bytes all members of an archive of reports may unpack to (they are unpacked one at a time)."""
MAX_OFFICE_BYTES = 512 * 1024**2
"""The most bytes all parts of one Office document may unpack to."""
MAX_MEMBERS = 200_000
"""The most members an archive may have."""
MAX_RATIO = 200
"""How many times its packed size a member may unpack to, once it is larger than :data:`RATIO_FROM`."""
RATIO_FROM = 1024**2

_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
"""What :mod:`zipfile` raises on archives that are cut, damaged, encrypted or packed in a way it does not know."""
_READ_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_HINT = "Fetch or pack it again."
_BOMB = "No report unpacks to that much: unpack it yourself if you trust it."


class Member(NamedTuple):
    """A file in an archive: its path inside, with ``/``, and why it is not read (None where it is)."""

    name: str
    refused: str | None
    info: zipfile.ZipInfo


# --- archives of reports --------------------------------------------------------------------------------------


def members(path: str) -> tuple[Member, ...]:
    """Return the files in the archive ``path``, folders and what systems leave behind (``__MACOSX``) left out.

    Raises:
        ReadError: the archive is broken, or beyond the limits.
    """
    return tuple(_members(path).values())


def _members(path: str) -> dict[str, Member]:
    try:
        state = os.stat(path)
    except (OSError, ValueError) as error:
        raise ReadError(f"the archive cannot be read ({getattr(error, 'strerror', None) or error})", where=path, hint=_HINT) from None
    return _index(path, state.st_size, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=4)
def _index(path: str, size: int, changed: int, number: int) -> dict[str, Member]:
    """As :func:`members`; kept, so that reading member after member does not read the whole index each time."""
    try:
        with zipfile.ZipFile(path) as file:
            found = file.infolist()
    except _BROKEN as error:
        raise _broken(error, path) from None
    _check_total(found, MAX_TOTAL_BYTES, path)
    listed: dict[str, Member] = {}
    for info in found:
        member = _member(info)
        if member is None:
            continue
        key = member.name
        if key in listed:  # a path means the first
            key, member = f"{key}\0{len(listed)}", member._replace(refused="the archive holds a second file of the same name")
        listed[key] = member
    return listed


def _member(info: zipfile.ZipInfo) -> Member | None:
    raw = _decoded_name(info).replace("\\", "/")
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if not parts or raw.endswith("/") or info.is_dir() or parts[0] == "__MACOSX":
        return None
    return Member("/".join(parts), _refusal(info, raw, parts), info)


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag it is GBK in China, whatever the standard says."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    raw = raw.split(b"\0")[0]
    for codec in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _refusal(info: zipfile.ZipInfo, raw: str, parts: list[str]) -> str | None:
    if ".." in parts or raw.startswith("/") or parts[0].endswith(":"):
        return "its name leads out of the archive"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and not stat.S_ISREG(kind):
        return "it is a link or device, not a file"
    if info.flag_bits & 0x1:
        return "it is encrypted with a password"
    if PurePosixPath(parts[-1]).suffix.lower() == ".zip":
        return "it is an archive inside an archive"
    return _size_refusal(info)


def _size_refusal(info: zipfile.ZipInfo) -> str | None:
    if info.compress_type not in _READ_METHODS:
        return "it is packed in a way that is not read"
    size = max(info.file_size, info.compress_size)  # what is packed is read as a whole
    if size > MAX_MEMBER_BYTES:
        return f"it unpacks to {_megabytes(size)}, more than the limit of {_megabytes(MAX_MEMBER_BYTES)}"
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"it unpacks to more than {MAX_RATIO} times its packed size"
    return None


def read_member(path: str, name: str) -> bytes:
    """Return the bytes of the member ``name`` of the archive ``path``.

    Raises:
        ReadError: no such member, or one that is refused or broken.
    """
    where = f"{path}/{name}"
    member = _members(path).get(name)
    if member is None:
        raise ReadError("there is no such file in the archive", where=where, hint="Check the path and its spelling.")
    if member.refused is not None:
        raise refusal(path, member)
    try:
        with open(path, "rb") as file:
            return _unpacked(file, member.info, where)
    except _BROKEN as error:
        raise _broken(error, where) from None


def refusal(path: str, member: Member) -> ReadError:
    """Return the error for a member of the archive ``path`` that is refused."""
    return ReadError(
        f"this file of an archive is not read: {member.refused}",
        where=f"{path}/{member.name}",
        hint="Unpack it yourself if you trust it.",
    )


def _unpacked(file: io.BufferedReader, info: zipfile.ZipInfo, where: str) -> bytes:
    """Return a member's bytes, straight from its place in the file.

    :class:`zipfile.ZipFile` would read the index of the whole archive for each of its members.
    """
    file.seek(info.header_offset)
    header = file.read(30)
    signature, name, extra = struct.unpack("<4s22xHH", header)
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile("no file header where the index has one")
    file.seek(name + extra, os.SEEK_CUR)
    packed = file.read(info.compress_size)
    stored = info.compress_type == zipfile.ZIP_STORED
    data = packed if stored else zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise zipfile.BadZipFile("its size or checksum is wrong")
    return data


# --- Office documents -----------------------------------------------------------------------------------------


def open_office(data: bytes, where: str | None) -> zipfile.ZipFile:
    """Return the open archive of an Office document in memory.

    Raises:
        ReadError: the archive is broken, or beyond the limits.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise _broken(error, where) from None
    _check_total(file.infolist(), MAX_OFFICE_BYTES, where)
    return file


def member_bytes(file: zipfile.ZipFile, info: zipfile.ZipInfo, where: str | None) -> bytes:
    """Return the bytes of one part. Raises ReadError if it is broken, encrypted or beyond the limits."""
    refused = "it is encrypted with a password" if info.flag_bits & 0x1 else _size_refusal(info)
    if refused is not None:
        raise ReadError(f"the part {info.filename} is not read: {refused}", where=where, hint=_BOMB)
    try:
        with file.open(info) as part:
            return part.read(MAX_MEMBER_BYTES)
    except _BROKEN as error:
        raise _broken(error, where) from None


def office_kind(data: bytes, where: str | None) -> str:
    """Return what a zip archive in memory is: ``docx``, ``zip``, or the name of an Office document that is not read.

    Raises:
        ReadError: the archive is broken, or beyond the limits.
    """
    with open_office(data, where) as file:
        return _kind_by_names({name.lower().lstrip("/") for name in file.namelist()})


def is_office(path: str) -> bool:
    """Whether the archive at ``path`` is an Office document under another name. False for broken archives."""
    try:
        with zipfile.ZipFile(path) as file:
            return _kind_by_names({name.lower().lstrip("/") for name in file.namelist()}) != "zip"
    except _BROKEN:
        return False


def _kind_by_names(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "docx"
    if "[content_types].xml" in names:
        for start, kind in (("word/", "docx"), ("xl/", "an Excel workbook"), ("ppt/", "a presentation")):
            if any(name.startswith(start) for name in names):
                return kind
        return "docx"
    if "ofd.xml" in names:
        return "an OFD document"
    if "mimetype" in names and "content.xml" in names:
        return "an OpenDocument file"
    return "zip"


def _check_total(found: list[zipfile.ZipInfo], limit: int, where: str | None) -> None:
    if len(found) > MAX_MEMBERS:
        raise ReadError(f"the archive holds more than {MAX_MEMBERS:,} files", where=where, hint=_BOMB)
    total = sum(info.file_size for info in found)
    if total > limit:
        raise ReadError(
            f"the archive unpacks to {_megabytes(total)}, more than the limit of {_megabytes(limit)}", where=where, hint=_BOMB
        )


def _broken(error: Exception, where: str | None) -> ReadError:
    return ReadError(f"the archive is broken or cut off ({str(error)[:120] or type(error).__name__})", where=where, hint=_HINT)


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"

