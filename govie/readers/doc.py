"""Old Word documents (``.doc``, ``.wps``; Word 97 to 2003 and WPS) to a :class:`~govie.records.Document`.

Read this first. The file is a compound file (:mod:`olefile`) with a stream of text and a stream of tables about it.

1. ``_Header`` reads the file information block: where everything is.
2. ``_Text`` follows the piece table: the text in its order, cut into runs that are bold, deleted or hidden or not.
3. ``_Properties`` finds the properties of a paragraph by the file position of its last character: heading or not, list
   and level, depth of tables it stands in, and at the end of a row the edges and merges of its cells.
4. ``_Builder`` makes lines and tables of them, which :mod:`govie.readers.drafting` writes out.

The format is Microsoft's published [MS-DOC]; names of its structures are given where they are read. Left out on purpose:
headers, footnotes, comments, text boxes, pictures, lists that only a style numbers, Word 6/95 and encrypted files.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from govie.errors import ReadError
from govie.readers.drafting import DraftCell, DraftLine, DraftTable, write
from govie.readers.numbering import FORMATS, LEVELS, ListCounter, ListLevel, labelled
from govie.readers.text import clean, refuse_long, source_of
from govie.records import Document, Origin

__all__ = ["MEDIA_TYPE", "read_doc"]

MEDIA_TYPE = "application/msword"
_MAX_STREAM = 256 * 1024**2
_MAX_DEPTH = 50
_HINT = "Open it in Word or WPS and save it as .docx."
# What olefile and struct raise on damaged files.
_BROKEN = (OSError, ValueError, IndexError, KeyError, struct.error, RecursionError)

# Places of the file information block (FibBase, FibRgLw97, FibRgFcLcb97).
_MAGIC = 0xA5EC
_FLAGS, _TEXT_LENGTH, _POSITIONS = 0x0A, 0x4C, 0x9A
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_OLDEST = 0xC1  # Word 97
_CLX, _PLC_CHARACTERS, _PLC_PARAGRAPHS, _LISTS, _LIST_USES = 33, 12, 13, 73, 74
_PAGE = 512

# Properties of characters and paragraphs (sprm…).
_DELETED, _BOLD, _HIDDEN = 0x0800, 0x0835, 0x083C
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_LIST_LEVEL, _LIST, _OUTLINE = 0x260A, 0x460B, 0x2640
_ROW_FORM = 0xD608
_FAR = frozenset((0x6645, 0x6646, 0x646B))  # what follows is in the data stream
_ROW_MERGE = 0xD62B
_JOINED, _GOES_ON, _BEGINS = 0x02, 0x20, 0x40  # fMerged, fVertMerge, fVertRestart of a cell
_OPERAND_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)

_HEADINGS = range(1, 10)  # the numbers of the styles "heading 1" to "heading 9" are fixed
_BODY_LEVEL = 9
_MARKS = re.compile("[\r\x07\x13\x14\x15]")
_SHOWN = {0x1E: "-", 0x0B: "\n", 0x0C: "\n", 0x0E: "\n", 0x00A0: "\u00a0"} | dict.fromkeys([*range(9), *range(0x0F, 0x1E), 0x1F])
_NEAR = 20  # twentieths of a point: edges of cells nearer than that are one edge


def read_doc(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of an old Word file: its lines, and its tables with the extents of merged cells.

    Each block's origin has the paragraph's number (those in table cells not counted) or the table and row.

    Raises:
        ReadError: the file is broken, encrypted, older than Word 97, or something else in the same container.
    """
    try:
        streams = _streams(data, path)
        header = _Header(streams, path)
        items = _Builder(header, path).items()
    except _BROKEN as error:
        raise ReadError(f"the Word document is broken or cut off ({str(error)[:120] or type(error).__name__})", where=path, hint=_HINT) from None
    text, blocks, grids = write(items)
    if not text:
        raise ReadError("the Word document holds no text", where=path, hint="It may hold pictures only: recognise their text first.")
    source = source_of(text, data, path=path, media_type=MEDIA_TYPE, encoding=None)
    return Document(text=text, source=source, blocks=blocks, grids=grids)


# --- the container --------------------------------------------------------------------------------------------


def _streams(data: bytes, where: str | None) -> dict[str, bytes]:
    """Return the streams that matter. Raises ReadError if the container holds something else than a Word document."""
    import olefile

    # Damage that olefile can work around is no error: a cut file still has its text at the front.
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as container:
        names = {"/".join(name).lower(): name for name in container.listdir()}
        if "worddocument" not in names:
            raise ReadError(f"this is {_other_kind(set(names))}, which is not read", where=where, hint=_HINT)
        found: dict[str, bytes] = {}
        for name in ("worddocument", "0table", "1table", "data"):
            if name in names and container.get_size(names[name]) <= _MAX_STREAM:
                found[name] = container.openstream(names[name]).read()
    return found


def _other_kind(names: set[str]) -> str:
    for name, kind in (
        ("encryptedpackage", "an Office document encrypted with a password"),
        ("workbook", "an Excel workbook"),
        ("book", "an Excel workbook"),
        ("powerpoint document", "a presentation"),
        ("matost", "a Microsoft Works document"),
        ("contents", "a Microsoft Works document"),
    ):
        if name in names:
            return kind
    return "an old Office document of a kind"


class _Header:
    """The file information block: the streams, and where in them the structures are."""

    def __init__(self, streams: dict[str, bytes], where: str | None) -> None:
        self.main = streams["worddocument"]
        magic, version = struct.unpack_from("<HH", self.main)
        flags = self._number("H", _FLAGS)
        if flags & _ENCRYPTED:
            raise ReadError("the Word document is encrypted with a password", where=where, hint="Save it without one.")
        if magic != _MAGIC or version < _OLDEST:
            raise ReadError("this is a document of Word 6, Word 95 or older, which is not read", where=where, hint=_HINT)
        self.table = streams.get("1table" if flags & _SECOND_TABLE else "0table", b"")
        self.far = streams.get("data", b"")
        self.length = self._number("I", _TEXT_LENGTH)
        refuse_long(self.length, where)

    def structure(self, number: int) -> bytes:
        """Return the structure with this number in FibRgFcLcb97, empty where the document has none."""
        place = _POSITIONS + 8 * number
        start, size = struct.unpack_from("<II", self.main, place)
        return self.table[start : start + size]

    def _number(self, form: str, place: int) -> int:
        return int(struct.unpack_from("<" + form, self.main, place)[0])


# --- text -----------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A stretch of the text that lies in one go in the file: from which byte, how many characters, bytes a character."""

    place: int
    length: int
    width: int


class _Run(NamedTuple):
    """A piece of text of one look, and the byte it starts at."""

    text: str
    place: int
    width: int
    bold: bool


def _pieces(header: _Header) -> Iterator[_Piece]:
    """Yield the pieces of the main text in order (Clx, PlcPcd)."""
    clx = header.structure(_CLX)
    place = 0
    while place < len(clx) and clx[place] == 1:
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    if place >= len(clx) or clx[place] != 2:
        raise ValueError("no piece table")
    plc = clx[place + 5 : place + 5 + struct.unpack_from("<I", clx, place + 1)[0]]
    count = (len(plc) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", plc)
    for number in range(count):
        start, end = starts[number], min(starts[number + 1], header.length)
        if end <= start:
            continue
        packed = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        if packed & 0x40000000:
            yield _Piece((packed & 0x3FFFFFFF) // 2, end - start, 1)
        else:
            yield _Piece(packed & 0x3FFFFFFF, end - start, 2)


class _Text:
    """The text in its order as runs; what is deleted or hidden is gone, but paragraph and cell marks always stay."""

    def __init__(self, header: _Header, properties: _Properties) -> None:
        self._header = header
        self._looks = properties.characters

    def runs(self) -> Iterator[_Run]:
        """Yield the runs."""
        total = 0
        for piece in _pieces(self._header):
            total += piece.length
            if total > len(self._header.main):
                raise ValueError("the piece table is longer than the file")
            end = min(piece.place + piece.length * piece.width, len(self._header.main))
            place = piece.place
            while place < end:
                look, stop = self._looks.at(place)
                stop = min(end, max(stop, place + piece.width))
                stop -= (stop - place) % piece.width
                if stop <= place:
                    break
                text = self._decoded(place, stop, piece.width)
                yield from _shown_run(text, place, piece.width, look)
                place = stop

    def _decoded(self, start: int, end: int, width: int) -> str:
        return self._header.main[start:end].decode("cp1252" if width == 1 else "utf-16-le", "replace")


def _shown_run(text: str, place: int, width: int, look: bytes) -> Iterator[_Run]:
    settings = {sprm: operand for sprm, operand in _settings(look) if sprm in (_DELETED, _HIDDEN, _BOLD)}
    bold = _is_set(settings.get(_BOLD))
    if not (_is_set(settings.get(_DELETED)) or _is_set(settings.get(_HIDDEN))):
        yield _Run(text, place, width, bold)
        return
    for mark in _MARKS.finditer(text):
        yield _Run(mark[0], place + mark.start() * width, width, bold)


def _is_set(operand: bytes | None) -> bool:
    return operand is not None and operand[:1] == b"\x01"


# --- properties -----------------------------------------------------------------------------------------------


def _settings(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each property (sprm) of a list of them (grpprl) with its operand."""
    place = 0
    while place + 3 <= len(properties):
        sprm = properties[place] | properties[place + 1] << 8
        place += 2
        size = _OPERAND_SIZES[sprm >> 13]
        if not size:
            size = properties[place]
            place += 1
            if sprm == _ROW_FORM and place < len(properties):
                size = (size | properties[place] << 8) - 1
                place += 1
            elif sprm == 0xC615 and size == 255:
                return  # tab stops in a form of their own: rare, and nothing of interest follows
        if size < 0:
            return
        yield sprm, properties[place : place + size]
        place += size


class _Looks:
    """Properties by file position: pages of runs (FKPs), found through a list of pages (PlcBteChpx, PlcBtePapx)."""

    def __init__(self, header: _Header, number: int, width: int) -> None:
        self._main = header.main
        self._width = width  # of a run's entry: 1 for characters, 13 for paragraphs
        plc = header.structure(number)
        count = max((len(plc) - 4) // 8, 0)
        self._starts: list[int] = []
        self._entries: list[tuple[int, int]] = []
        pages = [struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * page)[0] & 0x3FFFFF for page in range(count)]
        for page in pages[: len(self._main) // _PAGE + 1]:
            self._read_page(page * _PAGE)

    def _read_page(self, place: int) -> None:
        page = self._main[place : place + _PAGE]
        if len(page) < _PAGE:
            return
        count = page[-1]
        if 4 * (count + 1) + self._width * count >= _PAGE:
            return
        places = struct.unpack_from(f"<{count + 1}I", page)
        for number in range(count):
            if self._starts and places[number] < self._starts[-1]:
                continue  # runs go up; a damaged page does not
            self._starts.append(places[number])
            self._entries.append((places[number + 1], place + 2 * page[4 * (count + 1) + self._width * number]))

    def at(self, place: int) -> tuple[bytes, int]:
        """Return the properties at a file position, as they are stored, and where they end."""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return b"", self._starts[0] if self._starts else len(self._main)
        end, entry = self._entries[index]
        if place >= end:
            return b"", self._starts[index + 1] if index + 1 < len(self._starts) else len(self._main)
        if entry % _PAGE == 0:
            return b"", end
        size = self._main[entry]
        if self._width == 1:
            return self._main[entry + 1 : entry + 1 + size], end
        if size:
            return self._main[entry + 1 : entry + 2 * size], end
        return self._main[entry + 2 : entry + 2 + 2 * self._main[entry + 1]], end


class _CellForm(NamedTuple):
    """What a row says of one of its cells: its left and right edge, and how it is merged."""

    left: int
    right: int
    joins_left: bool
    joins_above: bool


class _Paragraph(NamedTuple):
    """The properties of a paragraph."""

    heading: bool = False
    depth: int = 0
    ends_cell: bool = False
    ends_row: bool = False
    list_number: int = 0
    list_level: int = 0
    cells: tuple[_CellForm, ...] = ()


class _Properties:
    """Properties of characters and paragraphs by file position."""

    def __init__(self, header: _Header) -> None:
        self.characters = _Looks(header, _PLC_CHARACTERS, 1)
        self._paragraphs = _Looks(header, _PLC_PARAGRAPHS, 13)
        self._far = header.far

    def paragraph(self, place: int) -> _Paragraph:
        """Return the properties of the paragraph whose mark is at the file position ``place`` (PapxInFkp)."""
        stored, _ = self._paragraphs.at(place)
        if len(stored) < 2:
            return _Paragraph()
        settings = list(_settings(stored[2:]))
        for sprm, operand in list(settings):
            if sprm in _FAR:
                settings.extend(_settings(self._far_settings(operand)))
        found = dict(settings)
        style = stored[0] | stored[1] << 8
        outline = found.get(_OUTLINE)
        in_table = _is_set(found.get(_IN_TABLE))
        depth = int.from_bytes(found.get(_DEPTH, b""), "little") or int(in_table)
        return _Paragraph(
            heading=outline[0] < _BODY_LEVEL if outline else style in _HEADINGS,
            depth=min(depth, _MAX_DEPTH),
            ends_cell=_is_set(found.get(_INNER_CELL)),
            ends_row=_is_set(found.get(_ROW_END)) or _is_set(found.get(_INNER_ROW_END)),
            list_number=int.from_bytes(found.get(_LIST, b""), "little"),
            list_level=found.get(_LIST_LEVEL, b"\0")[0],
            cells=_row_form(settings),
        )

    def _far_settings(self, operand: bytes) -> bytes:
        """Return the properties too long for their page (PrcData in the data stream)."""
        place = int.from_bytes(operand, "little")
        size = int.from_bytes(self._far[place : place + 2], "little")
        return self._far[place + 2 : place + 2 + size]


def _row_form(settings: list[tuple[int, bytes]]) -> tuple[_CellForm, ...]:
    """Return the cells of a row as it describes them (TDefTableOperand, TC80), empty where it does not."""
    operand = next((operand for sprm, operand in reversed(settings) if sprm == _ROW_FORM), b"")
    count = operand[0] if operand else 0
    if len(operand) < 1 + 2 * (count + 1):
        return ()
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    merges = {operand[0]: operand[1] == 1 for sprm, operand in settings if sprm == _ROW_MERGE and len(operand) == 2}
    cells = []
    for number in range(count):
        place = 1 + 2 * (count + 1) + 20 * number
        flags = int.from_bytes(operand[place : place + 2], "little")
        above = merges.get(number, flags & (_GOES_ON | _BEGINS) == _GOES_ON)
        cells.append(_CellForm(edges[number], edges[number + 1], bool(flags & _JOINED), above))
    return tuple(cells)


# --- lists ----------------------------------------------------------------------------------------------------


class _Lists:
    """The lists of a document (PlfLst, PlfLfo), and how far each has counted."""

    def __init__(self, header: _Header) -> None:
        self._counter = ListCounter()
        self._levels: dict[int, dict[int, ListLevel]] = {}
        self._uses: list[int] = []
        try:
            self._read_levels(header)
            uses = header.structure(_LIST_USES)
            count = struct.unpack_from("<I", uses)[0] if len(uses) >= 4 else 0
            self._uses = [struct.unpack_from("<i", uses, 4 + 16 * number)[0] for number in range(min(count, len(uses) // 16))]
        except (struct.error, IndexError):
            self._levels = {}  # lists that are damaged number nothing; the text is there

    def label(self, number: int, level: int) -> str:
        """Count a paragraph of the list used as ``number`` (from 1) and return what Word shows before it."""
        if not 0 < number <= len(self._uses) or level >= LEVELS:
            return ""
        key = self._uses[number - 1]
        return self._counter.label(key, self._levels.get(key, {}), level)

    def _read_levels(self, header: _Header) -> None:
        place = _POSITIONS + 8 * _LISTS
        start, size = struct.unpack_from("<II", header.main, place)
        if not size:
            return
        table = header.table
        count = struct.unpack_from("<h", table, start)[0]
        lists = [(struct.unpack_from("<i", table, start + 2 + 28 * one)[0], table[start + 2 + 28 * one + 26] & 1) for one in range(count)]
        place = start + size  # the levels (LVL) follow the lists (LSTF), outside their size
        for key, simple in lists:
            levels = {}
            for level in range(1 if simple else LEVELS):
                levels[level], place = _list_level(table, place)
            self._levels[key] = levels


def _list_level(table: bytes, place: int) -> tuple[ListLevel, int]:
    """Return a level of a list (LVL) and where the next one starts."""
    start, form, flags = struct.unpack_from("<iBB", table, place)
    characters, paragraph = table[place + 24], table[place + 25]
    place += 28 + paragraph + characters
    length = struct.unpack_from("<H", table, place)[0]
    words = table[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace")
    template = "".join(f"%{ord(sign) + 1}" if ord(sign) < LEVELS else sign for sign in words)
    name = FORMATS[form] if form < len(FORMATS) else "none" if form == 255 else "decimal"
    level = ListLevel(max(start, 0), name, template, legal=bool(flags & 0x04), restart=not flags & 0x08)
    return level, place + 2 + 2 * length


# --- lines and tables -----------------------------------------------------------------------------------------


class _Row(NamedTuple):
    cells: list[list[DraftLine | DraftTable]]
    form: tuple[_CellForm, ...]


class _Open:
    """A table that is being read: its finished rows, and the cells and lines of the one under way."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[_Row] = []
        self.cells: list[list[DraftLine | DraftTable]] = []
        self.items: list[DraftLine | DraftTable] = []


class _Builder:
    """Makes lines and tables of the text, paragraph by paragraph."""

    def __init__(self, header: _Header, where: str | None) -> None:
        self._properties = _Properties(header)
        self._text = _Text(header, self._properties)
        self._lists = _Lists(header)
        self._items: list[DraftLine | DraftTable] = []
        self._open: list[_Open] = []
        self._paragraphs = 0
        self._tables = 0
        self._pieces: list[str] = []
        self._bold = self._plain = False
        self._fields: list[bool] = []  # of each open field, whether its result has begun

    def items(self) -> list[DraftLine | DraftTable]:
        """Return the lines and tables of the document."""
        for run in self._text.runs():
            place = 0
            for mark in _MARKS.finditer(run.text):
                self._add(run.text[place : mark.start()], run.bold)
                self._mark(mark[0], run.place + mark.start() * run.width)
                place = mark.end()
            self._add(run.text[place:], run.bold)
        if self._pieces:
            self._end_paragraph(_Paragraph(), cell_mark=False)
        self._close(0)
        return self._items

    def _add(self, text: str, bold: bool) -> None:
        if text and all(self._fields):
            self._pieces.append(text)
            if not text.isspace():
                self._bold |= bold
                self._plain |= not bold

    def _mark(self, mark: str, place: int) -> None:
        if mark == "\x13":
            self._fields.append(False)
        elif mark == "\x14":
            if self._fields:
                self._fields[-1] = True
        elif mark == "\x15":
            if self._fields:
                self._fields.pop()
        else:
            if not all(self._fields):
                self._fields = []  # no instruction goes on over the end of a paragraph: the field is damaged
            self._end_paragraph(self._properties.paragraph(place), cell_mark=mark == "\x07")

    def _end_paragraph(self, properties: _Paragraph, *, cell_mark: bool) -> None:
        depth = max(properties.depth, 1) if cell_mark else properties.depth
        text = clean("".join(self._pieces)).translate(_SHOWN)
        heading = properties.heading or (self._bold and not self._plain)
        self._pieces, self._bold, self._plain = [], False, False
        self._close(depth)
        while len(self._open) < depth:
            self._tables += 1
            self._open.append(_Open(self._tables))
        if properties.ends_row and depth:
            self._end_row(self._open[-1], properties)
            return
        if not depth:
            self._paragraphs += 1
        if properties.list_number and text.strip():
            text = labelled(self._lists.label(properties.list_number, properties.list_level), text)
        origin = None if depth else Origin(paragraph=self._paragraphs)
        items = self._open[-1].items if depth else self._items
        items.extend(DraftLine(line, "heading" if heading else "line", origin) for line in text.split("\n"))
        if depth and (cell_mark or properties.ends_cell):
            self._open[-1].cells.append(self._open[-1].items)
            self._open[-1].items = []

    def _end_row(self, table: _Open, properties: _Paragraph) -> None:
        table.rows.append(_Row(table.cells, properties.cells))
        table.cells, table.items = [], []

    def _close(self, depth: int) -> None:
        """Finish the tables deeper than ``depth``."""
        while len(self._open) > depth:
            table = self._open.pop()
            if table.items:
                table.cells.append(table.items)
            if table.cells:
                table.rows.append(_Row(table.cells, ()))
            finished = DraftTable(table.number, _placed(table.rows))
            (self._open[-1].items if self._open else self._items).append(finished)


def _placed(rows: list[_Row]) -> list[list[DraftCell]]:
    """Return the rows with each cell's grid column and extent: columns are the edges that the rows have among them."""
    edges = _edges(rows)
    placed: list[list[DraftCell]] = []
    open_cells: dict[int, tuple[int, int]] = {}
    for row in rows:
        cells: list[DraftCell] = []
        placed.append(cells)
        going_on: dict[int, tuple[int, int]] = {}
        for number, items in enumerate(row.cells):
            form = row.form[number] if number < len(row.form) else None
            start = _column(edges, form.left) if form else cells[-1].column + cells[-1].colspan if cells else number
            width = max(_column(edges, form.right) - start, 1) if form else 1
            if form and form.joins_left and cells:
                cells[-1] = cells[-1]._replace(colspan=max(start + width - cells[-1].column, 1))
                continue
            if form and form.joins_above and start in open_cells:
                above, place = open_cells[start]
                placed[above][place] = placed[above][place]._replace(rowspan=len(placed) - above)
                going_on[start] = open_cells[start]
                continue
            going_on[start] = (len(placed) - 1, len(cells))
            cells.append(DraftCell(start, 1, width, items))
        open_cells = going_on
    return placed


def _edges(rows: list[_Row]) -> list[int]:
    """Return the left and right edges of all cells in order, those next to each other taken as one."""
    found: list[int] = []
    for edge in sorted({edge for row in rows for cell in row.form[: len(row.cells)] for edge in (cell.left, cell.right)}):
        if not found or edge - found[-1] > _NEAR:
            found.append(edge)
    return found


def _column(edges: list[int], edge: int) -> int:
    return bisect_right(edges, edge) - 1
