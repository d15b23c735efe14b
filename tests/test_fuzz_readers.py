"""Damaged files of every format: whatever bytes are cut, lost or changed, a reader gives a valid document or a ReadError.

``GOVIE_FUZZ=20000 pytest tests/test_fuzz_readers.py`` tries more cases than the daily few.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from formats_support import FORMATS, REPORTS
from word_support import DETAILS, word

from govie.errors import ReadError
from govie.readers import read_data
from govie.records import Document

CASES = int(os.environ.get("GOVIE_FUZZ", "60"))
FILES = Path(__file__).parent / "files"
SEEDS = {name: write(REPORTS["form2021"]) for name, write in FORMATS.items() if "called" not in name and name != "no_suffix"}
SEEDS |= {"details.docx": word(DETAILS), "details.doc": (FILES / "details.doc").read_bytes()}
PIECES = [
    b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x07", b"\x13", b"\r\n", b"&", b"<", b"</table>", b"<td rowspan=9999 colspan=9999>",
]  # fmt: skip


def check(document: Document) -> None:
    """Check that all offsets of ``document`` are right and all grids are regular."""
    text = document.text
    assert document.source.chars == len(text) and text
    text.encode()
    for block in document.blocks:
        assert 0 <= block.start <= block.end <= len(text)
    for grid in document.grids:
        assert 0 <= grid.start <= grid.end <= len(text)
        places = set()
        for cell in grid.cells:
            assert text[cell.start : cell.end] == cell.text
            assert grid.start <= cell.start and cell.end <= grid.end
            assert cell.rowspan >= 1 and cell.colspan >= 1 and "\n" not in cell.text and "\t" not in cell.text
            assert (cell.row, cell.column) not in places
            places.add((cell.row, cell.column))


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with a few bytes changed, lost, doubled or cut off."""
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        elif kind == 1:
            data = data[:place] + chance.choice(PIECES) + data[place:]
        elif kind == 2:
            piece = chance.choice(PIECES)
            data = data[:place] + piece + data[place + len(piece) :]
        elif kind == 3:
            data = data[:place] + data[place + chance.randrange(1, 600) :]
        elif kind == 4:
            data = data[:place] + data[max(0, place - 300) :]
        elif chance.random() < 0.3:
            data = data[:place]
        if not data:
            return b"x"
    return data


def inside_out(data: bytes, chance: random.Random) -> bytes:
    """Return a DOCX with the parts inside damaged, so that damage reaches the XML and not only the archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("word/") and name.endswith((".xml", ".rels")) and chance.random() < 0.4:
                part = damaged_xml(part, chance)
            if chance.random() > 0.02:
                new.writestr(name, part)
    return target.getvalue()


def damaged_xml(part: bytes, chance: random.Random) -> bytes:
    """Return XML with tags and attribute values swapped about: mostly well-formed, never as meant."""
    words = ["w:p", "w:tc", "w:tr", "w:tbl", "w:r", "w:t", "w:pPr", "w:tcPr", "w:numPr", "w:sdt", "w:vMerge", "w:gridSpan", "w:del", "w:lvl"]
    text = part.decode("utf-8", "replace")
    for _ in range(chance.randrange(1, 4)):
        one, other = chance.sample(words, 2)
        kind = chance.randrange(3)
        if kind == 0:
            text = text.replace(f"<{one}>", f"<{other}>").replace(f"</{one}>", f"</{other}>").replace(f"<{one} ", f"<{other} ")
        elif kind == 1:
            value = chance.choice(["-1", "0", "99999999999", "", "x", "restart", "8"])
            text = text.replace(f'<{one} w:val="', f'<{one} w:val="{value}" w:was="')
        else:
            text = text.replace(f"<{one}/>", "")
    return text.encode("utf-8", "replace")


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files_give_a_document_or_a_read_error(name: str) -> None:
    chance = random.Random(f"govie {name}")
    read = refused = 0
    for _ in range(CASES):
        data = inside_out(SEEDS[name], chance) if name.endswith(".docx") and chance.random() < 0.7 else damaged(SEEDS[name], chance)
        try:
            document = read_data(data, path=name)
        except ReadError as error:
            refused += 1
            assert error.where == name and error.hint and error.what
        else:
            read += 1
            check(document)
    assert read, "every case was refused: the test tests nothing"


@pytest.mark.parametrize("name", ["docx.docx", "word97.doc", "archive.mht", "gb18030.txt", "utf8.html", "utf16_little.txt"])
def test_files_cut_anywhere(name: str) -> None:
    data = SEEDS[name]
    for place in range(1, len(data), max(1, len(data) // min(CASES, 2000))):
        try:
            check(read_data(data[:place], path=name))
        except ReadError as error:
            assert error.where == name
