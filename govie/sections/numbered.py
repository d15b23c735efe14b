"""Lines that start with a number and pass for a heading; items, data and table rows are turned away."""

from __future__ import annotations

import re

from .lexicon import canonical, heading_kinds, is_known, known_end, load_lexicon, request_rows
from .lines import Head, Line
from .numbers import LEAD, STYLES, bare_number, number_value
from .words import BLANK, CLOSING, EDGE, squeeze, trim

__all__ = ["BARE_CELL", "MAX_LEAD", "STOP", "breaks_off", "numbered_heads"]

MAX_LEAD = 40  # output.md: a lead goes up to its first 。 or ：, at most 40 characters
STOP = re.compile(r"[。]|[：:﹕︰](?!\d\d(?!\d))")
_UNIT = "条|件次?|条次|次|个|篇|份|期|人次?|场次?|起|宗|例|则|项|户|万?元|%|％|本|册|张|家|名|处|块|类"
_DATA_TAIL = re.compile(
    rf"\d[\d,，.]*[{BLANK}]*(?:多|余)?[{BLANK}]*(?:{_UNIT})(?:[，,、（(]?(?:占|约占|同比|比上年|较上年|增长).{{0,30}})?[）)]?$"
)
_DATA_BODY = re.compile(
    rf"[{BLANK}]*(?:共|约|合计)?[\d,，.零一二三四五六七八九十百]+[{BLANK}]*(?:多|余)?(?:{_UNIT})?[{BLANK}]*[。；;，,、]?[{BLANK}]*$"
)
BARE_CELL = re.compile(r"(?:[—\-－─]{1,4}|\||[条件次个篇人元项]|万元|人次|条、件|\d{1,6})$")
_REPORT_TITLE = re.compile("年度报告|工作报告|年报")  # 第一篇：…年度报告 counts the reports of a collection
_PAGE_NUMBER = re.compile(r"(?:[.…·]{3,}|…)\s*\d{0,3}$|[\t ]\d{1,3}$")
_YEAR_START = re.compile(r"\d{4}|[二2][〇○0零]|我|本|截[至止]|全年|今年|目前|根据|按照|为|无|未|没有|自|共")


def numbered_heads(text: str, lines: list[Line]) -> list[Head]:
    """Return the headings that stand at the start of a line behind a number, in order."""
    heads: list[Head] = []
    item: tuple[int, str] | None = None  # the line and style of the last list item
    for index, line in enumerate(lines):
        if line.in_table:
            continue
        match = LEAD.match(text, line.start, line.end)
        if not match:
            continue
        group = match.lastgroup or ""
        head = _read_head(text, lines, index, match, group)
        if head is None:
            if text[line.end - 1] in "；;":
                item = index, STYLES[group]
            continue
        if item == (index - 1, head.style) and not head.run_in:
            continue  # the last of a list whose items ended in ；
        heads.append(head)
    return _without_ordinals(heads)


def _without_ordinals(heads: list[Head]) -> list[Head]:
    """Take out 第一、第二、 where the report counts its sections in another way: they are items then, as 一是 is."""
    ordinals = [head for head in heads if head.style == "han" and (head.number or "").startswith("第")]
    if not ordinals or all(head in ordinals for head in heads if head.style in ("han", "part")):
        return heads
    return [head for head in heads if head not in ordinals]


def _read_head(text: str, lines: list[Line], index: int, match: re.Match[str], group: str) -> Head | None:
    start, style = match.start(group), STYLES[group]
    begin, end = match.end(), lines[index].end
    if begin >= end:
        number, value = bare_number(match.group(group)), number_value(match.group(group))
        return _two_lines(text, lines, index, start, number, value, style, bare=group == "gap")
    rest = text[begin:end]
    if rest[-1] == "|" and style == "han" and is_known(canonical(rest[:-1]).rstrip(CLOSING)):
        end -= 1  # a layout table's bar after a heading
        rest = rest[:-1]
    if "\t" in rest or "|" in rest or _is_row(text, lines, index):
        return None
    squeezed, offsets = squeeze(rest)
    if not squeezed:
        return None
    if group in ("gap", "bare", "ordinal", "digitgap") and not _is_safe_without_mark(squeezed, group):
        return None
    length, run_in = _lead_length(squeezed, offsets, rest, style)
    if not length:
        return None
    number, value = bare_number(match.group(group)), number_value(match.group(group))
    stop = begin + (length if offsets is None else offsets[length - 1] + 1)
    if not run_in and index + 1 < len(lines) and style in ("han", "part"):
        joined = _continued(text, lines, index, begin, end, squeezed)
        if joined:
            return Head(index, style, number, value, start, begin, joined, False, joined)
    head_start, head_end = trim(text, begin, stop, CLOSING)
    if head_start >= head_end or style == "part" and _REPORT_TITLE.search(text, head_start, head_end):
        return None
    return Head(index, style, number, value, start, head_start, head_end, run_in, stop)


def _is_row(text: str, lines: list[Line], index: int) -> bool:
    """Whether the line is a row of a table that no span covers: an official label, or cells on the next lines."""
    if lines[index].end - lines[index].start < 80:  # the longest official label has 48 characters
        label = canonical(text[lines[index].start : lines[index].end])
        if label.split("（区分")[0] in request_rows():
            return True
    following = index + 1
    while following < len(lines) and text[lines[following].start : lines[following].end] == "|":
        following += 1  # converters put the bars of a table on lines of their own
    if following >= len(lines):
        return False
    return BARE_CELL.match(text[lines[following].start : lines[following].end]) is not None


def _lead_length(squeezed: str, offsets: list[int] | None, rest: str, style: str) -> tuple[int, bool]:
    """Return how many characters of a numbered line are its heading (0: none), and whether text follows on the line."""
    top = style in ("han", "part", "half")
    stop = STOP.search(squeezed)
    place = stop.start() if stop else len(squeezed)
    if top or style in ("paren", "digit"):
        known = known_end(canonical(squeezed[:70]))
        if 0 < known < min(len(squeezed), place) and breaks_off(squeezed, offsets, known):
            return known, True
    if squeezed[-1] in "；;" or "；" in squeezed[:place] or ";" in squeezed[:place]:
        return 0, False
    if place > MAX_LEAD:
        return (place, False) if top and place == len(squeezed) and is_known(canonical(squeezed)) else (0, False)
    body = squeezed[place + 1 :]
    own_line = not body.strip(CLOSING)
    lead = squeezed[:place]
    is_named = top and bool(heading_kinds(lead)) and is_known(canonical(lead))
    if not lead or len(lead) < 2 and not top or not is_named and _is_data(lead, body, style, own_line=own_line):
        return 0, False
    if own_line and (squeezed[-1] in "，,、" or _PAGE_NUMBER.search(rest)):
        return 0, False
    return place, not own_line


def _is_safe_without_mark(squeezed: str, group: str) -> bool:
    """Whether a number with no mark after it numbers a heading of known words: 一  概  述, 一概述, 1 总体情况, 第一、概述."""
    words = canonical(squeezed).rstrip(CLOSING)
    if is_known(words):
        return group == "gap" or bool(heading_kinds(words))
    return group == "gap" and len(words) <= 20 and squeezed[-1] not in "。；，：" and known_end(words) > 0


def breaks_off(squeezed: str, offsets: list[int] | None, known: int) -> bool:
    """Whether a known heading stops at ``known`` although no 。 or ： says so: a blank, or the words of a new sentence."""
    if len(squeezed) - known < 4 or not canonical(squeezed[:known]).endswith(load_lexicon().strong):
        return False
    if offsets is not None and offsets[known] > offsets[known - 1] + 1:
        return bool(_YEAR_START.match(squeezed, known)) or len(squeezed) - known > 15
    return bool(_YEAR_START.match(squeezed, known)) and len(squeezed) > known + 8


def _is_data(lead: str, body: str, style: str, *, own_line: bool) -> bool:
    """Whether a numbered line states a number (``2、老年证187件``) and heads nothing."""
    if body and not own_line and _DATA_BODY.match(body):
        return not lead.endswith("情况")  # 收费情况：0元 is a heading with its answer
    if _DATA_TAIL.search(lead):
        return own_line or style in ("digit", "digitparen", "circle")
    return False


def _two_lines(
    text: str, lines: list[Line], index: int, start: int, number: str, value: int, style: str, *, bare: bool
) -> Head | None:
    """Return the heading whose number stands alone on its line and whose words are the next line."""
    if index + 1 >= len(lines) or lines[index + 1].in_table:
        return None
    line = lines[index + 1]
    words = text[line.start : line.end]
    begin = line.start + len(words) - len(words.lstrip("、.．，" + EDGE))  # the mark may have gone to the second line
    squeezed = squeeze(text[begin : line.end])[0].rstrip(CLOSING)
    if not squeezed or len(squeezed) > MAX_LEAD or "\t" in words or "|" in words or BARE_CELL.match(words):
        return None
    if LEAD.match(text, line.start, line.end) or STOP.search(squeezed) or words[-1] in "；;，,":
        return None
    if bare and not is_known(canonical(squeezed)):
        return None
    head_start, head_end = trim(text, begin, line.end, CLOSING)
    return Head(index, style, number, value, start, head_start, head_end, False, line.end)


def _continued(text: str, lines: list[Line], index: int, begin: int, end: int, squeezed: str) -> int:
    """Return where a heading broken over two lines ends on the second, 0 where it is whole."""
    following = lines[index + 1]
    if following.in_table or following.end - following.start > 24 or squeezed[-1] in "。：:":
        return 0
    tail = canonical(text[following.start : following.end])
    head = canonical(squeezed)
    if is_known(head) or not tail or tail[-1] in "。；;" or LEAD.match(text, following.start, following.end):
        return 0
    return trim(text, following.start, following.end, CLOSING)[1] if is_known(head + tail.rstrip(CLOSING)) else 0
