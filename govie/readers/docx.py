"""Word documents (``.docx``, and what WPS saves as such) to a :class:`~govie.records.Document`.

Read this first. ``_Package`` takes the few parts that matter out of the archive, within the limits of
:mod:`govie.readers.archive`; ``_Styles`` and ``_Numbering`` are the definitions a paragraph may refer to;
``_Walk`` goes through the body once and makes lines and tables of it, which :mod:`govie.readers.drafting` writes out.

What is read: paragraphs, headings by style or outline level, automatic numbers, tables with merged cells and tables in
cells, text boxes (after the paragraph they hang on), content controls, the results of fields, inserted text.
Left out on purpose: deleted and hidden text, headers and footers, footnotes, comments, pictures, formulas' layout.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govie.errors import ReadError
from govie.readers import archive
from govie.readers.drafting import EDGE, DraftCell, DraftLine, DraftTable, write
from govie.readers.numbering import LEVELS, ListCounter, ListLevel, labelled
from govie.readers.text import source_of
from govie.records import Document, Origin

if TYPE_CHECKING:
    Element = Any  # lxml's element: its stubs are no dependency

__all__ = ["MAX_XML_BYTES", "MEDIA_TYPE", "read_docx"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Documents saved as "strict" use other names for the same elements.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _MAIN.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
W = f"{{{_MAIN}}}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN, _TEXT = W + "p", W + "tbl", W + "tr", W + "tc", W + "r", W + "t"
_VAL, _BOX, _ALTERNATIVE = W + "val", W + "txbxContent", _MC + "AlternateContent"
_LOST = frozenset(W + name for name in ("del", "moveFrom", "rt", "pPr", "sectPr", "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "customXmlPr"))
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_PICTURED = frozenset(W + name for name in ("drawing", "pict", "object"))
_OFF = frozenset(("0", "false", "off", "none"))
MAX_XML_BYTES = 32 * 1024**2
"""The largest part of XML that is parsed; the text of a report makes a few hundred kilobytes."""
_MAX_DEPTH = 100
_HINT = "Open it in Word or WPS and save it again, or save its text."


def read_docx(data: bytes, *, path: str | None = None) -> Document:
    """Return the document of a Word file: its lines, and its tables with the extents of merged cells.

    Each block's origin has the paragraph's number (those in table cells not counted) or the table and row.

    Raises:
        ReadError: the archive is broken, encrypted, beyond the limits, or holds no Word document; the XML is broken
            or declares entities.
    """
    package = _Package(data, path)
    walk = _Walk(_Styles(package), _Numbering(package), path)
    body = package.body()
    items = walk.blocks(body, 0)
    chunk = package.chunk(body) if not any(isinstance(item, DraftTable) or item.text.strip(EDGE) for item in items) else None
    if chunk is not None:
        from govie.readers import read_data

        # Some sites make Word files that only wrap a page: the page is what there is to read.
        return read_data(chunk, path=path)
    text, blocks, grids = write(items)
    if not text:
        raise ReadError("the Word document holds no text", where=path, hint="It may hold pictures only: recognise their text first.")
    source = source_of(text, data, path=path, media_type=MEDIA_TYPE, encoding=None)
    return Document(text=text, source=source, blocks=blocks, grids=grids)


# --- the archive and its parts --------------------------------------------------------------------------------


class _Package:
    """The parts of a Word file: the main part, and what its relations name."""

    def __init__(self, data: bytes, where: str | None) -> None:
        self.where = where
        self.zip = archive.open_office(data, where)
        self.names = {name.lstrip("/").lower(): name for name in self.zip.namelist()}
        relations = self._relations("_rels/.rels", "")
        main = next((target for kind, target in relations.values() if kind == "officeDocument"), "word/document.xml")
        self.main = main if main.lower() in self.names else "word/document.xml"
        folder, name = posixpath.split(self.main)
        self.relations = self._relations(f"{folder}/_rels/{name}.rels", folder)

    def body(self) -> Element:
        """Return the document's body. Raises ReadError if the main part is missing or has none."""
        root = self._part(self.main)
        body = None if root is None else root.find(W + "body")
        if body is None:
            raise ReadError("the Word document's main part is missing", where=self.where, hint=_HINT)
        return body

    def definitions(self, kind: str) -> Element | None:
        """Return the part of styles or of numbering, None where there is none: then there are no such definitions."""
        target = next((target for found, target in self.relations.values() if found == kind), f"word/{kind}.xml")
        return self._part(target, _paragraph_styles if kind == "styles" else None)

    def chunk(self, body: Element) -> bytes | None:
        """Return the bytes of the page that the body only wraps (``w:altChunk``), None where it wraps none."""
        for element in body.iter(W + "altChunk"):
            for name, value in element.attrib.items():
                if name.endswith("}id") and value in self.relations:
                    return self._bytes(self.relations[value][1])
        return None

    def _relations(self, part: str, folder: str) -> dict[str, tuple[str, str]]:
        """Return kind and target of each relation of a part; targets outside the archive are not followed."""
        root = self._part(part)
        found = {}
        for one in () if root is None else root:
            if not isinstance(one.tag, str) or one.get("TargetMode") == "External":
                continue
            target = one.get("Target") or ""
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[one.get("Id") or ""] = ((one.get("Type") or "").rpartition("/")[2], place)
        return found

    def _bytes(self, part: str) -> bytes | None:
        name = self.names.get(part.lower())
        return None if name is None else archive.member_bytes(self.zip, self.zip.getinfo(name), self.where)

    def _part(self, part: str, shorten: Callable[[bytes], bytes] | None = None) -> Element | None:
        data = self._bytes(part)
        if data is not None and shorten is not None:
            data = shorten(data)
        if data is not None and len(data) > MAX_XML_BYTES:
            raise ReadError(f"the part {part} is larger than the limit of {MAX_XML_BYTES // 1024**2} MB", where=self.where, hint=_HINT)
        return None if data is None else _parsed(data, part, self.where)


def _paragraph_styles(data: bytes) -> bytes:
    """Return the part of styles without those of tables, characters and lists: often nine tenths, and parsed for nothing."""
    end = b"</w:style>"
    if b"<!" in data:  # a comment may hold anything
        return data
    kept = []
    *styles, rest = data.split(end)
    for style in styles:
        start = style.rfind(b"<w:style ")
        tag = style[start : style.find(b">", start)]
        kept.append(style + end if start < 0 or b'w:type="' not in tag or b'w:type="paragraph"' in tag else style[:start])
    return b"".join(kept) + rest


def _parsed(data: bytes, part: str, where: str | None) -> Element:
    """Return the root of a part. No entity is resolved, nothing is fetched, and depth and size are libxml2's to limit."""
    from lxml import etree

    for strict, usual in _STRICT:
        if strict in data:
            data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"the part {part} is broken ({str(error)[:120]})", where=where, hint=_HINT) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(f"the part {part} declares entities, which no Word document does", where=where, hint=_HINT)
    return root


# --- definitions ----------------------------------------------------------------------------------------------


def _value(parent: Element | None, *path: str) -> str | None:
    """Return the ``w:val`` of the element at ``path`` below ``parent``, None where one is missing."""
    for name in path:
        if parent is None:
            return None
        parent = parent.find(W + name)
    return None if parent is None else parent.get(_VAL)


def _number(value: str | None) -> int | None:
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _is_on(properties: Element, name: str) -> bool:
    element = properties.find(W + name)
    return element is not None and (element.get(_VAL) or "1").lower() not in _OFF


class _Styles:
    """What paragraph styles say: whether they are headings, and which list and level number them."""

    def __init__(self, package: _Package) -> None:
        root = package.definitions("styles")
        styles = [] if root is None else root.findall(W + "style")
        self._styles = {style.get(W + "styleId"): style for style in styles}
        self._default = next((style.get(W + "styleId") for style in styles if _is_default(style)), None)
        self._headings: dict[str | None, bool] = {}

    def is_heading(self, name: str | None) -> bool:
        """Whether paragraphs of the style are headings or the title."""
        if name not in self._headings:
            self._headings[name] = any(_says_heading(style) for style in self._line(name))
        return self._headings[name]

    def numbering(self, name: str | None) -> tuple[str | None, int | None]:
        """Return the id of the list that numbers the style and the level, None where the style does not say."""
        number = level = None
        for style in self._line(name):
            properties = style.find(W + "pPr")
            number = number or _value(properties, "numPr", "numId")
            level = _number(_value(properties, "numPr", "ilvl")) if level is None else level
        return number, level

    def _line(self, name: str | None) -> Iterator[Element]:
        """Yield the style and those it is based on; a ring of them ends."""
        name = self._default if name is None else name
        for _ in range(20):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")


def _is_default(style: Element) -> bool:
    return style.get(W + "type") == "paragraph" and (style.get(W + "default") or "0").lower() not in _OFF


def _says_heading(style: Element) -> bool:
    name = (_value(style, "name") or "").lower()
    if name.startswith(("heading ", "标题 ")) or name in ("title", "heading", "标题"):
        return True
    level = _number(_value(style, "pPr", "outlineLvl"))
    return level is not None and level < LEVELS


class _Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._counter = ListCounter()
        self._begun: set[str] = set()
        self._levels: dict[str, tuple[object, dict[int, ListLevel], dict[str, int]]] = {}

    @cached_property
    def _root(self) -> Element | None:
        """The definitions, read when the first paragraph asks for them: most documents number nothing."""
        return self._package.definitions("numbering")

    @cached_property
    def _numbers(self) -> dict[str | None, Element]:
        return {} if self._root is None else {one.get(W + "numId"): one for one in self._root.findall(W + "num")}

    @cached_property
    def _lists(self) -> dict[str | None, Element]:
        return {} if self._root is None else {one.get(W + "abstractNumId"): one for one in self._root.findall(W + "abstractNum")}

    def label(self, number: str | None, level: int | None, style: str | None) -> str:
        """Count a paragraph of the list ``number`` and return what Word shows before it, "" where nothing is."""
        if number is None or number not in self._numbers:
            return ""
        if number not in self._levels:
            self._levels[number] = self._read(number)
        key, levels, by_style = self._levels[number]
        if level is None:
            level = by_style.get(style or "", 0)
        if number not in self._begun:
            self._begun.add(number)
            for one in self._numbers[number].findall(W + "lvlOverride"):
                if one.find(W + "startOverride") is not None:
                    self._counter.restart(key, min(_number(one.get(W + "ilvl")) or 0, LEVELS - 1))
        return self._counter.label(key, levels, level)

    def _read(self, number: str) -> tuple[object, dict[int, ListLevel], dict[str, int]]:
        """Return the list's key (lists on one definition count together), its levels, and the level of each style."""
        named = _value(self._numbers[number], "abstractNumId")
        definition = self._lists.get(named)
        link = _value(definition, "numStyleLink")
        if link is not None:
            styled = (one for one in self._lists.values() if _value(one, "styleLink") == link)
            definition = next(styled, definition)
        levels: dict[int, ListLevel] = {}
        by_style: dict[str, int] = {}
        overrides = self._numbers[number].findall(W + "lvlOverride")
        starts = {_number(one.get(W + "ilvl")): _number(_value(one, "startOverride")) for one in overrides}
        written = [] if definition is None else definition.findall(W + "lvl")
        for element in [*written, *(one.find(W + "lvl") for one in overrides)]:
            level = None if element is None else _number(element.get(W + "ilvl"))
            if element is None or level is None or level >= LEVELS:
                continue
            levels[level] = _level(element, starts.get(level))
            by_style[_value(element, "pStyle") or ""] = level
        return (named, levels, by_style)


def _level(element: Element, start: int | None) -> ListLevel:
    form = element.find(W + "numFmt")
    if form is None:
        form = next(element.iter(W + "numFmt"), None)  # wrapped where it is newer than Word 2007
    if start is None:
        start = _number(_value(element, "start"))
    return ListLevel(
        start=1 if start is None else start,
        format="decimal" if form is None else form.get(_VAL) or "decimal",
        template=_value(element, "lvlText") or "",
        legal=_is_on(element, "isLgl"),
        restart=_value(element, "lvlRestart") != "0",
    )


# --- the body -------------------------------------------------------------------------------------------------


class _Walk:
    """Goes through a body once, in its order."""

    def __init__(self, styles: _Styles, numbering: _Numbering, where: str | None) -> None:
        self._styles = styles
        self._numbering = numbering
        self._where = where
        self._paragraphs = 0
        self._tables = 0
        self._carried = ""  # of a paragraph whose end was deleted: it runs on in the next

    def blocks(self, parent: Element, depth: int, *, in_cell: bool = False) -> list[DraftLine | DraftTable]:
        """Return the lines and tables below ``parent``."""
        self._check(depth)
        items: list[DraftLine | DraftTable] = []
        for child in parent:
            tag = child.tag
            if tag == _PARAGRAPH:
                items.extend(self._paragraph(child, depth, in_cell))
            elif tag == _TABLE:
                items.append(self._table(child, depth))
            elif tag == _ALTERNATIVE:
                items.extend(self.blocks(_chosen(child), depth + 1, in_cell=in_cell))
            elif tag not in _LOST and len(child):
                items.extend(self.blocks(child, depth + 1, in_cell=in_cell))
        return items

    def _check(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ReadError(f"the document is nested more than {_MAX_DEPTH} deep", where=self._where, hint=_HINT)

    def _paragraph(self, element: Element, depth: int, in_cell: bool) -> list[DraftLine | DraftTable]:
        if not in_cell:
            self._paragraphs += 1
        number = self._paragraphs
        properties = element.find(W + "pPr")
        words = _Words(self._check)
        words.add(element, depth)
        text = "".join(words.pieces)
        if properties is not None:
            text = self._numbered(properties, text)
        text, self._carried = self._carried + text, ""
        if properties is not None and _end_is_deleted(properties):
            text, self._carried = "", text
        heading = words.is_bold or (properties is not None and self._is_heading(properties)) or (properties is None and self._styles.is_heading(None))
        origin = None if in_cell else Origin(paragraph=number)
        kind = "heading" if heading else "line"
        lines = text.split("\n") if "\n" in text else [text]
        items: list[DraftLine | DraftTable] = [DraftLine(line, kind, origin) for line in lines]  # type: ignore[arg-type]
        for box in words.boxes:
            inner = self.blocks(box, depth + 1, in_cell=True)
            items.extend(item._replace(origin=origin) if isinstance(item, DraftLine) else item for item in inner)
        return items

    def _is_heading(self, properties: Element) -> bool:
        level = _number(_value(properties, "outlineLvl"))
        if level is not None:
            return level < LEVELS
        return self._styles.is_heading(_value(properties, "pStyle"))

    def _numbered(self, properties: Element, text: str) -> str:
        """Return ``text`` with the number that Word shows before it; an empty paragraph shows none that matters."""
        style = _value(properties, "pStyle")
        number, level = self._styles.numbering(style)
        own = properties.find(W + "numPr")
        if own is not None:
            number = _value(own, "numId") or number
            stated = _number(_value(own, "ilvl"))
            level = level if stated is None else stated
        if number is None or not text.strip(EDGE):
            return text
        return labelled(self._numbering.label(number, level, style), text)

    def _table(self, element: Element, depth: int) -> DraftTable:
        self._tables += 1
        number = self._tables
        rows: list[list[DraftCell]] = []
        open_cells: dict[int, tuple[int, int]] = {}  # grid column of a cell that goes on below: its row and place in it
        for row in _below(element, _ROW, 0):
            properties = row.find(W + "trPr")
            if properties is not None and (properties.find(W + "del") is not None):
                continue
            rows.append([])
            column = _number(_value(properties, "gridBefore")) or 0
            for cell in _below(row, _CELL, 0):
                column = self._cell(cell, rows, column, open_cells, depth)
        return DraftTable(number, rows)

    def _cell(
        self, cell: Element, rows: list[list[DraftCell]], column: int, open_cells: dict[int, tuple[int, int]], depth: int
    ) -> int:
        """Add a cell, or stretch the one that it only continues; return the grid column after it."""
        properties = cell.find(W + "tcPr")
        width = min(max(_number(_value(properties, "gridSpan")) or 1, 1), 1000)
        row = rows[-1]
        if properties is not None:
            if row and _merge(properties, "hMerge") == "continue":
                row[-1] = row[-1]._replace(colspan=row[-1].colspan + width)
                return column + width
            merge = _merge(properties, "vMerge")
            if merge == "continue" and column in open_cells:
                above, place = open_cells[column]
                met = rows[above][place]
                rows[above][place] = met._replace(rowspan=len(rows) - above)
                return column + met.colspan
            open_cells.pop(column, None)
            if merge == "restart":
                open_cells[column] = (len(rows) - 1, len(row))
        else:
            open_cells.pop(column, None)
        row.append(DraftCell(column, 1, width, self.blocks(cell, depth + 1, in_cell=True)))
        return column + width


def _merge(properties: Element, name: str) -> str | None:
    """Return ``restart``, ``continue`` (also where nothing is said) or None where the cell is not merged."""
    element = properties.find(W + name)
    return None if element is None else element.get(_VAL) or "continue"


def _end_is_deleted(properties: Element) -> bool:
    run = properties.find(W + "rPr")
    return run is not None and (run.find(W + "del") is not None or run.find(W + "moveFrom") is not None)


def _below(parent: Element, tag: str, depth: int) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those inside content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _LOST and child.tag not in (_PARAGRAPH, _TABLE) and depth < 10 and len(child):
            yield from _below(child, tag, depth + 1)


def _chosen(alternative: Element) -> Element:
    """Return the one of several renderings of the same thing that is read: the first with words, else the first."""
    for choice in alternative:
        if any(element.text for element in choice.iter(_TEXT, _MATH_TEXT)):
            return choice
    return alternative[0] if len(alternative) else alternative


class _Words:
    """The words of one paragraph, and the text boxes that hang on it."""

    def __init__(self, check: Any) -> None:
        self.pieces: list[str] = []
        self.boxes: list[Element] = []
        self._check = check
        self._plain = False
        self._bold = False

    @property
    def is_bold(self) -> bool:
        """Whether all words are bold, and there are some."""
        return self._bold and not self._plain

    def add(self, parent: Element, depth: int) -> None:
        """Add what stands below ``parent``, a paragraph or something that wraps runs."""
        self._check(depth)
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child, depth)
            elif tag == _MATH_TEXT:
                self.pieces.append(child.text or "")
            elif tag == _ALTERNATIVE:
                self.add(_chosen(child), depth + 1)
            elif tag not in _LOST and len(child):
                self.add(child, depth + 1)

    def _run(self, run: Element, depth: int) -> None:
        bold = False
        for child in run:
            tag = child.tag
            if tag == _TEXT:
                text = child.text
                if text:
                    self.pieces.append(text)
                    if not text.isspace():
                        self._bold |= bold
                        self._plain |= not bold
            elif tag == W + "rPr":
                if _is_on(child, "vanish"):
                    return
                bold = _is_on(child, "b")
            elif tag in _SIGNS:
                self.pieces.append(_SIGNS[tag])
            elif tag in _PICTURED:
                self._box(child)
            elif tag == _ALTERNATIVE:
                self._run(_chosen(child), depth)
            elif tag == W + "ruby":
                self.add(child, depth + 1)

    def _box(self, element: Element) -> None:
        for box in element.iter(_BOX):
            if not any(outer in self.boxes for outer in box.iterancestors(_BOX)):
                self.boxes.append(box)
