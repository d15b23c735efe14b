"""Headings of a report and the tree of its sections.

Read this first. The work goes in steps, each a function of the one before:

1. ``_lines``: the lines of the text, those inside tables marked.
2. ``_numbered``: lines that start with a number (一、 （一） 1、 ① 第一部分 …) and pass for a heading: an own line, or a
   lead run into its paragraph. Items, data and table rows are turned away here.
3. ``_without_contents``: a table of contents, or the report's list of its own sections, is taken out.
4. ``_inline``: a text that has lost its line breaks has its headings in the running text, found by their sequence.
5. ``_unnumbered``: lines with no number made only of the words that headings of known kinds are made of.
6. ``_levels``, ``_kinds``: the level by the numbering, the kind by the lexicon ``data/section_kinds.toml``.
7. ``_tree``: nesting; a section ends where the next heading of its level or above starts.

Left out on purpose: headings that only their type size shows, and headings that are pictures.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from govie.records import Document, Section
from govie.taxonomy import data_text

__all__ = ["find_sections", "flatten", "heading_kinds", "section_at"]

_BLANK = " \\t\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\u00ad\u180e\\x00-\\x08\\x0e-\\x1f"
_BLANKS = re.compile(f"[{_BLANK}]+")
_BREAK = "\\n\\r\\x0b\\x0c\\x85\u2028\u2029"
_LINE = re.compile(f"[^{_BREAK}{_BLANK}][^{_BREAK}]*")  # from the line's first sign that is no blank
_EDGE = "".join(chr(c) for c in range(32)) + " \u00a0\u1680\u200b\u200c\u200d\u200e\u200f\u202f\u205f\u2060\u3000\ufeff\u00ad\u180e" + (
    "".join(chr(c) for c in range(0x2000, 0x200B))
)
_MARKDOWN = "#*>_"
_DROPPED = frozenset(_EDGE + "*\n")
_TO_SQUEEZE = re.compile(f"[{_BLANK}*\\n]|[（(][a-zü\u00e0-\u01dc]")
# Mirrors that convert to traditional characters leave the reading of some in brackets: 報(bào)告.
_PINYIN = re.compile("(?<=[\u4e00-\u9fff])[（(][a-zü\u00e0-\u00fc\u0101-\u01dc]{1,6}[)）]")
_CLOSING = "。.．：:；;，,、!！﹕︰"
_MAX_LEAD = 40  # output.md: a lead goes up to its first 。 or ：, at most 40 characters

_NUMERAL = "[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]"
_LEAD = re.compile(
    rf"[{_BLANK}#>*]*+"
    rf"(?:(?P<part>第[{_BLANK}]*(?:{_NUMERAL}{{1,3}}|\d{{1,2}})[{_BLANK}]*(?:部分|章|篇))[{_BLANK}]*[、.．，,：:]?"
    rf"|(?P<paren>[（(〔［\[【][{_BLANK}]*{_NUMERAL}{{1,3}}[{_BLANK}]*[)）〕］\]】]|[㈠-㈩])[{_BLANK}]*[、.．]?"
    rf"|(?P<half>{_NUMERAL}{{1,3}})[{_BLANK}]*[)）]"
    rf"|(?P<han>{_NUMERAL}{{1,3}})[{_BLANK}]*[、.．,，:：;；﹑､·]"
    rf"|(?P<gap>{_NUMERAL}{{1,3}})(?=[{_BLANK}]|$)"
    rf"|(?P<bare>{_NUMERAL}{{1,2}})(?=[^{_NUMERAL[1:-1]}是])"
    rf"|(?P<digitparen>[（(][{_BLANK}]*\d{{1,2}}[{_BLANK}]*[)）]|[⑴-⒇])[{_BLANK}]*[、.．]?"
    rf"|(?P<digithalf>\d{{1,2}})[{_BLANK}]*[)）]"
    rf"|(?P<digit>\d{{1,2}}[{_BLANK}]*(?:[、．﹑､]|[.,，](?!\d))|[⒈-⒛])"
    rf"|(?P<digitgap>\d{{1,2}})(?=[{_BLANK}]+[^\d{_BLANK}])"
    rf"|(?P<circle>[①-⑳❶-❿])[{_BLANK}]*[、.．]?)"
    rf"[{_BLANK}*]*+"
)
# The same 一、 and （一） inside running text, for texts that have lost their line breaks.
_INLINE_LEAD = re.compile(
    rf"(?:^|(?<=[。；;：:！!？?”》）)\]{_BLANK}\n]))(?:(?P<han>{_NUMERAL}{{1,2}})[{_BLANK}]*[、.．]"
    rf"|(?P<paren>[（(][{_BLANK}]*{_NUMERAL}{{1,2}}[{_BLANK}]*[)）]|[㈠-㈩])[{_BLANK}]*[、.．]?)[{_BLANK}]*+"
)
_STYLES = {
    "part": "part",
    "han": "han",
    "gap": "han",
    "bare": "han",
    "digitgap": "digit",
    "half": "half",
    "paren": "paren",
    "digit": "digit",
    "digithalf": "digitparen",
    "digitparen": "digitparen",
    "circle": "circle",
}
_BASE_LEVELS = {"part": 1, "han": 1, "half": 1, "paren": 2, "digit": 3, "digitparen": 4, "circle": 4}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}

_STOP = re.compile(r"[。]|[：:﹕︰](?!\d\d(?!\d))")
_UNIT = "条|件次?|条次|次|个|篇|份|期|人次?|场次?|起|宗|例|则|项|户|万?元|%|％|本|册|张|家|名|处|块|类"
_DATA_TAIL = re.compile(
    rf"\d[\d,，.]*[{_BLANK}]*(?:多|余)?[{_BLANK}]*(?:{_UNIT})(?:[，,、（(]?(?:占|约占|同比|比上年|较上年|增长).{{0,30}})?[）)]?$"
)
_DATA_BODY = re.compile(rf"[{_BLANK}]*(?:共|约|合计)?[\d,，.零一二三四五六七八九十百]+[{_BLANK}]*(?:多|余)?(?:{_UNIT})?[{_BLANK}]*[。；;，,、]?[{_BLANK}]*$")
_BARE_CELL = re.compile(r"(?:[—\-－─]{1,4}|\||[条件次个篇人元项]|万元|人次|条、件|\d{1,6})$")
_PAGE_NUMBER = re.compile(r"(?:[.…·]{3,}|…)\s*\d{0,3}$|[\t ]\d{1,3}$")
_YEAR_START = re.compile(r"\d{4}|[二2][〇○0零]|我|本|截[至止]|全年|今年|目前|根据|按照|为|无|未|没有|自|共")
_CONNECTIVE = "及和与、的以并或暨，"
_STRONG_CLOSING = ("情况", "概述", "概况", "综述", "措施", "事项", "事宜", "打算", "说明", "方向", "附件", "附表", "引言")
_TITLE = re.compile("年度报告|年报|工作报告|工作总结|统计表|情况表|报告书")
_NEVER_UNNUMBERED = re.compile("^(?:附件|附表|附|附录|政府信息公开|信息公开|政务公开|主动公开|公开|工作|信息|政府|收费|统计|其他|其它|报告|附件说明)$")


class _Line(NamedTuple):
    start: int
    end: int
    in_table: bool


class _Head(NamedTuple):
    """A heading before its level and kind are known; ``line`` is the index of the line its words stand on."""

    line: int
    style: str
    number: str | None
    value: int
    start: int
    head_start: int
    head_end: int
    run_in: bool
    own_end: int  # where the heading's line (or lead) ends: its body starts here


class _Rule(NamedTuple):
    id: str
    kind: str
    pattern: re.Pattern[str]


class _Lexicon(NamedTuple):
    rules: tuple[_Rule, ...]
    word: re.Pattern[str]
    slogan: re.Pattern[str]
    closing: frozenset[str]
    introductions: frozenset[str]
    simplified: dict[int, int]
    last_signs: frozenset[str]  # the characters that a line of an unnumbered heading may end in


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(data_text("section_kinds.toml"))
    rules = tuple(_Rule(rule["id"], rule["kind"], re.compile(rule["pattern"])) for rule in data["rule"])
    closing, inner = data["words"]["closing"], data["words"]["inner"]
    variants = data["variants"]
    last = {word[-1] for word in (*closing, *data["words"]["introductions"])} | set("：:.．*_#")
    words = sorted({*closing, *inner}, key=len, reverse=True)
    return _Lexicon(
        rules=rules,
        word=re.compile("|".join(map(re.escape, words))),
        slogan=re.compile(data["slogan"]["pattern"]),
        closing=frozenset(closing),
        introductions=frozenset(data["words"]["introductions"]),
        simplified=str.maketrans(variants["from"], variants["to"]),
        last_signs=frozenset(last | {old for old, new in zip(variants["from"], variants["to"], strict=True) if new in last}),
    )


@cache
def _request_rows() -> frozenset[str]:
    """The row labels of the official request tables and the leaf rows of the 2014 table: never headings."""
    forms = tomllib.loads(data_text("forms.toml"))
    labels: set[str] = set()
    for form in forms["requests"]:
        labels.update(row[0] for row in form["rows"])
    for form in forms.get("list", forms.get("form", [])):
        labels.update(row[0] for row in form.get("rows", []) if row[0][0] in "（123456789")
    return frozenset(_canonical(label).split("（区分")[0] for label in labels)


# --- the public functions -------------------------------------------------------------------------------------


def find_sections(document: Document, table_spans: Sequence[tuple[int, int]] = ()) -> tuple[Section, ...]:
    """Return the top-level sections of a report, their parts in ``children``.

    ``table_spans`` are the half-open spans of the tables in ``document.text``; no heading is found inside them.
    Offsets are code points into ``document.text``. A text with no heading gives an empty tuple. Levels, run-in
    leads and what is no heading follow ``output.md``; kinds follow ``data/section_kinds.toml``.
    """
    text = document.text
    lines = _lines(text, table_spans)
    heads = _without_contents(text, _numbered(text, lines))
    if sum(1 for head in heads if head.style in ("han", "part") and not head.run_in) < 3:
        heads = _inline(text, lines, heads)
    heads = heads + _parts_of_broken_lines(text, lines, heads)
    bold = {block.start for block in document.blocks if block.kind == "heading"}
    heads = sorted(heads + _unnumbered(text, lines, heads, bold), key=lambda head: head.start)
    heads = [head for head in heads if _heading(text[head.head_start : head.head_end])]
    levels = _levels(text, heads)
    return _tree(text, heads, levels)


def flatten(sections: Sequence[Section]) -> Iterator[Section]:
    """Yield the sections and all their parts in the order of the text."""
    for section in sections:
        yield section
        yield from flatten(section.children)


def section_at(sections: Sequence[Section], offset: int) -> Section | None:
    """Return the innermost section that holds the code point ``offset``, None before the first heading."""
    place = bisect_right(sections, offset, key=lambda section: section.start) - 1
    if place < 0 or offset >= sections[place].end:
        return None
    return section_at(sections[place].children, offset) or sections[place]


def _kinds_of(heading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kinds a squeezed heading names, by place, and the ids of the rules that found them."""
    found: list[tuple[int, str, str]] = []
    rest = heading
    for rule in _lexicon().rules:
        match = rule.pattern.search(rest)
        if match and match.end() > match.start():
            rest = rest[: match.start()] + "\x00" * (match.end() - match.start()) + rest[match.end() :]
            if rule.kind:
                found.append((match.start(), rule.kind, rule.id))
    found.sort()
    kinds: list[str] = []
    for _, kind, _ in found:
        if kind not in kinds:
            kinds.append(kind)
    if len(kinds) > 1 and "overview" in kinds:
        kinds.remove("overview")  # 主动公开工作开展情况 is about disclosure
    if "problems.issues" in kinds and "problems.measures" in kinds:
        kinds[min(kinds.index("problems.issues"), kinds.index("problems.measures"))] = "problems"
        kinds = [kind for kind in kinds if not kind.startswith("problems.")]
    return tuple(kinds), tuple(rule for _, _, rule in found)


@lru_cache(maxsize=4096)  # asked several times a heading, and offices share their headings
def heading_kinds(heading: str) -> tuple[str, ...]:
    """Return the section kinds a level-1 heading names, in the order of its words; empty for any other heading."""
    words = _canonical(heading)
    return () if _lexicon().slogan.match(words) else _kinds_of(words)[0]


# --- lines and words ------------------------------------------------------------------------------------------


def _lines(text: str, table_spans: Sequence[tuple[int, int]]) -> list[_Line]:
    spans = sorted(table_spans)
    starts = [start for start, _ in spans]
    lines: list[_Line] = []
    for match in _LINE.finditer(text):
        start = match.start()
        end = start + len(match.group().rstrip(_EDGE))
        if end == start:
            continue
        place = bisect_right(starts, start) - 1 if starts else -1
        lines.append(_Line(start, end, place >= 0 and start < spans[place][1]))
    return lines


def _squeeze(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` without blanks and Markdown signs, and the offset of each kept character (None: all kept)."""
    if not _TO_SQUEEZE.search(text):
        return text, None
    text = _PINYIN.sub(lambda match: "*" * len(match.group()), text)
    offsets = [index for index, character in enumerate(text) if character not in _DROPPED]
    return "".join(text[index] for index in offsets), offsets


def _heading(words: str) -> str:
    """Return the words of a heading without blanks, line breaks and Markdown signs."""
    return "".join(character for character in words if character not in _DROPPED)


def _canonical(heading: str) -> str:
    """Return a heading as the lexicon reads it: no blanks, full-width signs, simplified characters, one for one."""
    return _squeeze(heading)[0].translate(_lexicon().simplified)


def _trim(text: str, start: int, end: int, closing: str = "") -> tuple[int, int]:
    """Return the span without blanks and Markdown signs at its edges, and without ``closing`` signs at its end."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_EDGE + _MARKDOWN))
    piece = piece.rstrip(_EDGE + _MARKDOWN + closing)
    return min(start + left, start + len(piece)), start + len(piece)


@lru_cache(maxsize=4096)
def _is_known(squeezed: str) -> bool:
    """Whether a heading is made of the words of known headings only and ends in one that closes a heading."""
    return bool(squeezed) and _known_end(squeezed, whole=True) == len(squeezed)


def _known_end(squeezed: str, *, whole: bool = False) -> int:
    """Return where the known heading at the start of ``squeezed`` ends, 0 where there is none.

    Running on, a heading ends at its first 情况, 概述, 措施 … that no 和, 及, 的 follows, else at the last word that
    can close one; ``whole`` reads on to the end of the words.
    """
    lexicon = _lexicon()
    place = last = 0
    while place < len(squeezed) and place < 60:
        match = lexicon.word.match(squeezed, place)
        if not match:
            break
        place = match.end()
        following = squeezed[place : place + 1]
        if match.group() in lexicon.closing and (not following or following not in _CONNECTIVE):
            last = place
            if not whole and match.group() in _STRONG_CLOSING:
                return last
        elif following == "（":
            continue
    if whole and place < len(squeezed):
        return 0
    return last


def _value(number: str) -> int:
    """Return the value of a heading's number, 0 where it has none that can be read."""
    core = _BLANKS.sub("", number).strip("（()）〔〕［］[]【】第部分章篇、.．,，﹑､")
    if len(core) == 1:
        code = ord(core)
        for first, last in ((0x3220, 0x3229), (0x2474, 0x2487), (0x2488, 0x249B), (0x2460, 0x2473), (0x2776, 0x277F)):
            if first <= code <= last:
                return code - first + 1
    if core.isdecimal():
        return int(core)
    tens, mark, ones = core.replace("拾", "十").rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if mark else 0) + _DIGITS.get(ones, 0)


def _written(number: str) -> str:
    """Return a heading's number without brackets and punctuation."""
    core = _BLANKS.sub("", number)
    return core if core.startswith("第") else core.strip("（()）〔〕［］[]【】、.．,，﹑､")


# --- numbered lines -------------------------------------------------------------------------------------------


def _numbered(text: str, lines: list[_Line]) -> list[_Head]:
    heads: list[_Head] = []
    item: tuple[int, str] | None = None  # the line and style of the last list item
    for index, line in enumerate(lines):
        if line.in_table:
            continue
        match = _LEAD.match(text, line.start, line.end)
        if not match:
            continue
        group = match.lastgroup or ""
        head = _read_head(text, lines, index, match, group)
        if head is None:
            if text[line.end - 1] in "；;":
                item = index, _STYLES[group]
            continue
        if item == (index - 1, head.style) and not head.run_in:
            continue  # the last of a list whose items ended in ；
        heads.append(head)
    return heads


def _read_head(text: str, lines: list[_Line], index: int, match: re.Match[str], group: str) -> _Head | None:
    start, style = match.start(group), _STYLES[group]
    begin, end = match.end(), lines[index].end
    if begin >= end:
        number, value = _written(match.group(group)), _value(match.group(group))
        return _two_lines(text, lines, index, start, number, value, style, bare=group == "gap")
    rest = text[begin:end]
    if rest[-1] == "|" and style == "han" and _is_known(_canonical(rest[:-1]).rstrip(_CLOSING)):
        end -= 1  # a layout table's bar after a heading
        rest = rest[:-1]
    if "\t" in rest or "|" in rest or _is_row(text, lines, index):
        return None
    squeezed, offsets = _squeeze(rest)
    if not squeezed:
        return None
    if group in ("gap", "bare", "digitgap") and not _is_safe_without_mark(squeezed, group):
        return None
    length, run_in = _lead_length(squeezed, offsets, rest, style)
    if not length:
        return None
    number, value = _written(match.group(group)), _value(match.group(group))
    stop = begin + (length if offsets is None else offsets[length - 1] + 1)
    if not run_in and index + 1 < len(lines) and style in ("han", "part"):
        joined = _continued(text, lines, index, begin, end, squeezed)
        if joined:
            return _Head(index, style, number, value, start, begin, joined, False, joined)
    head_start, head_end = _trim(text, begin, stop, _CLOSING)
    if head_start >= head_end:
        return None
    return _Head(index, style, number, value, start, head_start, head_end, run_in, stop)


def _is_row(text: str, lines: list[_Line], index: int) -> bool:
    """Whether the line is a row of a table that no span covers: an official label, or cells on the next lines."""
    if lines[index].end - lines[index].start < 80:  # the longest official label has 48 characters
        label = _canonical(text[lines[index].start : lines[index].end])
        if label.split("（区分")[0] in _request_rows():
            return True
    following = index + 1
    while following < len(lines) and text[lines[following].start : lines[following].end] == "|":
        following += 1  # converters put the bars of a table on lines of their own
    if following >= len(lines):
        return False
    return _BARE_CELL.match(text[lines[following].start : lines[following].end]) is not None


def _lead_length(
    squeezed: str, offsets: list[int] | None, rest: str, style: str
) -> tuple[int, bool]:
    """Return how many characters of a numbered line are its heading (0: none), and whether text follows on the line."""
    top = style in ("han", "part", "half")
    stop = _STOP.search(squeezed)
    place = stop.start() if stop else len(squeezed)
    if top or style in ("paren", "digit"):
        known = _known_end(_canonical(squeezed[:70]))
        if 0 < known < min(len(squeezed), place) and _breaks_off(squeezed, offsets, known):
            return known, True
    if squeezed[-1] in "；;" or "；" in squeezed[:place] or ";" in squeezed[:place]:
        return 0, False
    if place > _MAX_LEAD:
        return (place, False) if top and place == len(squeezed) and _is_known(_canonical(squeezed)) else (0, False)
    body = squeezed[place + 1 :]
    own_line = not body.strip(_CLOSING)
    lead = squeezed[:place]
    is_named = top and bool(heading_kinds(lead)) and _is_known(_canonical(lead))
    if not lead or not is_named and _is_data(lead, body, style, own_line=own_line):
        return 0, False
    if own_line and (squeezed[-1] in "，,、" or _PAGE_NUMBER.search(rest)):
        return 0, False
    return place, not own_line


def _is_safe_without_mark(squeezed: str, group: str) -> bool:
    """Whether a number with no mark after it (``一  概  述``, ``一概述``, ``1 总体情况``) numbers a heading of known words."""
    words = _canonical(squeezed).rstrip(_CLOSING)
    if _is_known(words):
        return group == "gap" or bool(heading_kinds(words))
    return group == "gap" and len(words) <= 20 and squeezed[-1] not in "。；，：" and _known_end(words) > 0


def _breaks_off(squeezed: str, offsets: list[int] | None, known: int) -> bool:
    """Whether a known heading stops at ``known`` although no 。 or ： says so: a blank, or the words of a new sentence."""
    if len(squeezed) - known < 4 or not _canonical(squeezed[:known]).endswith(_STRONG_CLOSING):
        return False
    if offsets is not None and offsets[known] > offsets[known - 1] + 1:
        return bool(_YEAR_START.match(squeezed, known)) or len(squeezed) - known > 15
    return bool(_YEAR_START.match(squeezed, known)) and len(squeezed) > known + 8


def _is_data(lead: str, body: str, style: str, *, own_line: bool) -> bool:
    """Whether a numbered line states a number (``2、老年证187件``) and heads nothing."""
    if body and not own_line and _DATA_BODY.match(body):
        return True
    if _DATA_TAIL.search(lead):
        return own_line or style in ("digit", "digitparen", "circle")
    return False


def _two_lines(
    text: str, lines: list[_Line], index: int, start: int, number: str, value: int, style: str, *, bare: bool
) -> _Head | None:
    """Return the heading whose number stands alone on its line and whose words are the next line."""
    if index + 1 >= len(lines) or lines[index + 1].in_table:
        return None
    line = lines[index + 1]
    words = text[line.start : line.end]
    begin = line.start + len(words) - len(words.lstrip("、.．，" + _EDGE))  # the mark may have gone to the second line
    squeezed = _squeeze(text[begin : line.end])[0].rstrip(_CLOSING)
    if not squeezed or len(squeezed) > _MAX_LEAD or "\t" in words or "|" in words or _BARE_CELL.match(words):
        return None
    if _LEAD.match(text, line.start, line.end) or _STOP.search(squeezed) or words[-1] in "；;，,":
        return None
    if bare and not _is_known(_canonical(squeezed)):
        return None
    head_start, head_end = _trim(text, begin, line.end, _CLOSING)
    return _Head(index, style, number, value, start, head_start, head_end, False, line.end)


def _continued(text: str, lines: list[_Line], index: int, begin: int, end: int, squeezed: str) -> int:
    """Return where a heading broken over two lines ends on the second, 0 where it is whole."""
    following = lines[index + 1]
    if following.in_table or following.end - following.start > 24 or squeezed[-1] in "。：:":
        return 0
    tail = _canonical(text[following.start : following.end])
    head = _canonical(squeezed)
    if _is_known(head) or not tail or tail[-1] in "。；;" or _LEAD.match(text, following.start, following.end):
        return 0
    return _trim(text, following.start, following.end, _CLOSING)[1] if _is_known(head + tail.rstrip(_CLOSING)) else 0


# --- contents, running text, unnumbered lines -----------------------------------------------------------------


def _without_contents(text: str, heads: list[_Head]) -> list[_Head]:
    """Take out a table of contents: three headings or more with nothing between them that come again later."""
    later: dict[str, int] = {}
    names = [_canonical(text[head.head_start : head.head_end]) for head in heads]
    for index, name in enumerate(names):
        later[name] = index
    drop: set[int] = set()
    run: list[int] = []
    for index, head in enumerate(heads):
        run.append(index)
        following = heads[index + 1].start if index + 1 < len(heads) else len(text)
        if text[head.own_end : following].strip(_EDGE + _CLOSING + _MARKDOWN):
            again = [place for place in run if later[names[place]] > run[-1]]
            if len(run) >= 3 and len(again) >= 2 and len(again) * 2 >= len(run):
                drop.update(run)
            run = []
    return [head for index, head in enumerate(heads) if index not in drop] if drop else heads


def _inline(text: str, lines: list[_Line], heads: list[_Head]) -> list[_Head]:
    """Add the headings 一、二、三、 in running text, and （一）（二） inside them, where the line breaks are lost."""
    found: list[_Head] = []
    for index, line in enumerate(lines):
        if line.in_table or line.end - line.start < 60:
            continue
        matches = list(_INLINE_LEAD.finditer(text, line.start, line.end))
        top = _longest_run([match for match in matches if match.lastgroup == "han"], line.end)
        if len(top) < 3:
            continue
        tops = [_inline_head(text, index, match, "han", _next_start(top, place, line.end)) for place, match in enumerate(top)]
        accepted = [head for head in tops if head is not None]
        if not any(heading_kinds(text[head.head_start : head.head_end]) for head in accepted):
            continue
        found.extend(accepted)
        for place, match in enumerate(top):
            found.extend(_inline_parts(text, index, matches, match.end(), _next_start(top, place, line.end)))
    if not found:
        return heads
    taken = {head.line for head in found}
    return [head for head in heads if head.line not in taken] + found


def _parts_of_broken_lines(text: str, lines: list[_Line], heads: list[_Head]) -> list[_Head]:
    """Return （一）（二） inside lines where a heading has lost the line break after it (``一、总体情况 全年…``)."""
    found: list[_Head] = []
    for head in heads:
        line = lines[head.line]
        if head.style != "han" or not head.run_in or text[head.own_end : head.own_end + 1] in tuple("。：:") or head.start != line.start:
            continue
        if any(other.line == head.line and other.start > head.start for other in heads):
            continue
        matches = list(_INLINE_LEAD.finditer(text, head.own_end, line.end))
        parts = _inline_parts(text, head.line, matches, head.own_end, line.end)
        if len(parts) >= 2:
            found.extend(parts)
    return found


def _longest_run(matches: list[re.Match[str]], end: int) -> list[re.Match[str]]:
    """Return the run of numbers in sequence that covers most text: the report's sections, not a list of their names."""
    runs: list[list[re.Match[str]]] = []
    latest: dict[int, list[re.Match[str]]] = {}  # by its last number, the run that reached it last
    for match in matches:
        value = _value(match.group("han"))
        run = latest.pop(value - 1, None)
        if run is None:
            run = []
            runs.append(run)
        run.append(match)
        latest[value] = run
    starts = [run[0].start() for run in runs]

    def extent(run: list[re.Match[str]]) -> int:
        place = bisect_right(starts, run[-1].start())
        return (starts[place] if place < len(starts) else end) - run[0].start()

    return max((run for run in runs if len(run) >= 3), key=extent, default=[])


def _next_start(run: list[re.Match[str]], place: int, end: int) -> int:
    return run[place + 1].start() if place + 1 < len(run) else end


def _inline_head(text: str, index: int, match: re.Match[str], group: str, end: int) -> _Head | None:
    rest = text[match.end() : min(end, match.end() + 120)]
    squeezed, offsets = _squeeze(rest)
    length = _inline_length(squeezed, offsets)
    if not length:
        return None
    stop = match.end() + (length if offsets is None else offsets[length - 1] + 1)
    head_start, head_end = _trim(text, match.end(), stop, _CLOSING)
    if head_start >= head_end:
        return None
    number = match.group(group)
    return _Head(index, group, _written(number), _value(number), match.start(group), head_start, head_end, True, stop)


def _inline_length(squeezed: str, offsets: list[int] | None) -> int:
    """Return where a heading in running text ends: its known words, a blank, 。 or ：, whichever fits first."""
    stop = _STOP.search(squeezed)
    place = min(stop.start() if stop else len(squeezed), _MAX_LEAD + 1)
    known = _known_end(_canonical(squeezed[:70]))
    if known and known <= place:
        return known
    if offsets is not None:
        for index in range(2, min(place, len(offsets))):
            if offsets[index] > offsets[index - 1] + 1:
                return index
    return place if place <= _MAX_LEAD and stop else 0


def _inline_parts(text: str, index: int, matches: list[re.Match[str]], start: int, end: int) -> list[_Head]:
    parts: list[_Head] = []
    wanted = 1
    inside = [match for match in matches if match.lastgroup == "paren" and start <= match.start() < end]
    for place, match in enumerate(inside):
        if _value(match.group("paren")) == wanted:
            head = _inline_head(text, index, match, "paren", _next_start(inside, place, end))
            if head is not None:
                parts.append(head)
            wanted += 1
    return parts


def _unnumbered(text: str, lines: list[_Line], heads: list[_Head], bold: set[int]) -> list[_Head]:
    """Return the lines with no number that are headings of a known kind, and 引言 and 编制说明."""
    covered = {index for head in heads for index in (head.line, head.line + 1) if lines[index : index + 1]
               and lines[index].start < head.own_end}  # fmt: skip
    named = _named(text, heads)
    last_signs = _lexicon().last_signs
    strong: list[_Head] = []
    weak: list[_Head] = []
    for index, line in enumerate(lines):
        if line.in_table or index in covered or line.end - line.start > _MAX_LEAD:
            continue
        if text[line.end - 1] not in last_signs:
            continue
        squeezed = _canonical(text[line.start : line.end].strip(_MARKDOWN)).rstrip(_CLOSING)
        if not squeezed or not _is_unnumbered(squeezed):
            continue
        if not _has_body(text, lines, index, squeezed, named):
            continue
        head_start, head_end = _trim(text, line.start, line.end, _CLOSING)
        head = _Head(index, "none", None, 0, head_start, head_start, head_end, False, line.end)
        sure = squeezed.endswith((*_STRONG_CLOSING, "问题", "不足", "困难")) or squeezed in _lexicon().introductions
        (strong if sure or line.start in bold else weak).append(head)
    if weak and len(strong) >= 2 and not any(head.style in ("han", "part") for head in heads):
        return strong + weak
    return strong


def _named(text: str, heads: list[_Head]) -> set[str]:
    """Return the kinds that the numbered top headings name."""
    return {
        kind
        for head in heads
        if head.style in ("part", "han", "half")
        for kind in heading_kinds(text[head.head_start : head.head_end])
    }


def _has_body(text: str, lines: list[_Line], index: int, squeezed: str, named: set[str]) -> bool:
    """Whether text follows under an unnumbered line: menus are such lines too, with more menu under them.

    A table may stand right under a heading of 2019 and later; under any other line it makes that line its caption.
    """
    if index + 1 >= len(lines):
        return False
    following = lines[index + 1]
    words = text[following.start : following.end]
    if following.in_table:
        return squeezed.endswith("情况") and not named & set(heading_kinds(squeezed))
    if _BARE_CELL.match(words) or "\t" in words[:20]:
        return False
    return "。" in words or len(words) > 25 or words[0] in "无未没第（(" or _LEAD.match(words) is not None


def _is_unnumbered(squeezed: str) -> bool:
    if squeezed in _lexicon().introductions:
        return True
    if len(squeezed) > 30 or _TITLE.search(squeezed) or _NEVER_UNNUMBERED.match(squeezed) or not _is_known(squeezed):
        return False
    kinds = heading_kinds(squeezed)
    return bool(kinds) and kinds[0] != "annex"


# --- levels, kinds, tree --------------------------------------------------------------------------------------


def _levels(text: str, heads: list[_Head]) -> list[int]:
    """Return the level of each heading by the styles of number that this report uses."""
    styles = {head.style for head in heads}
    shift = dict(_BASE_LEVELS)
    if "part" in styles:
        for style in shift:
            if style != "part":
                shift[style] += 1
    elif "han" not in styles:
        _shift_without_han(text, heads, styles, shift)
    if "han" in styles and "half" in styles:
        shift["half"] = shift["paren"]
    levels: list[int] = []
    restarted = _restarted(text, heads)
    for index, head in enumerate(heads):
        if index in restarted:
            levels.append(shift["paren"])
        elif head.style == "none":
            levels.append(_level_of_unnumbered(text, heads, index, levels))
        elif head.style == "circle" and _under(heads, index, "digitparen", ("digit", "paren", "han", "part")):
            levels.append(shift["circle"] + 1)
        else:
            levels.append(shift[head.style])
    return levels


def _restarted(text: str, heads: list[_Head]) -> set[int]:
    """Return the places of 一、二、 that count anew inside a section, after which its own numbering goes on."""
    places = [place for place, head in enumerate(heads) if head.style == "han"]
    inner: set[int] = set()
    last = 0  # the last number of the outer count
    position = 0
    while position < len(places):
        value = heads[places[position]].value
        if value == 1 and last >= 2:
            run = [places[position]]
            while position + len(run) < len(places) and heads[places[position + len(run)]].value == len(run) + 1 != last + 1:
                run.append(places[position + len(run)])
            after = places[position + len(run)] if position + len(run) < len(places) else None
            named = any(heading_kinds(text[heads[place].head_start : heads[place].head_end]) for place in run)
            if not named and (after is not None and heads[after].value == last + 1):
                inner.update(run)
                position += len(run)
                continue
        last = value
        position += 1
    return inner


def _under(heads: list[_Head], index: int, style: str, above: tuple[str, ...]) -> bool:
    for head in reversed(heads[:index]):
        if head.style == style:
            return True
        if head.style in above:
            return False
    return False


def _shift_without_han(text: str, heads: list[_Head], styles: set[str], shift: dict[str, int]) -> None:
    """Adapt the levels for a report with neither 一、 nor 第一部分."""
    def known(style: str) -> int:
        return sum(
            1 for head in heads if head.style == style and heading_kinds(text[head.head_start : head.head_end])
        )

    if "half" in styles:
        return
    if sum(1 for head in heads if head.style == "none") >= 2 and known("none") > max(known("paren"), known("digit")):
        return
    if "paren" in styles and known("paren") >= 2 and known("paren") >= known("digit"):
        shift.update(paren=1, digit=2, digitparen=3, circle=3)
    elif "digit" in styles:
        shift.update(paren=2, digit=1, digitparen=2, circle=2)


def _level_of_unnumbered(text: str, heads: list[_Head], index: int, levels: list[int]) -> int:
    """Return 1, or 2 for a line that repeats what a numbered section is about or halves a section of problems."""
    head = heads[index]
    words = _canonical(text[head.head_start : head.head_end])
    if words in _lexicon().introductions or all(other.style == "none" for other in heads):
        return 1
    kinds = heading_kinds(words)
    above = next((place for place in range(index - 1, -1, -1) if levels[place] == 1 and heads[place].style != "none"), None)
    around = set(heading_kinds(text[heads[above].head_start : heads[above].head_end])) if above is not None else set()
    if kinds and kinds[0].startswith("problems.") and "problems" in around:
        return 2
    named: set[str] = set()
    for place, other in enumerate(heads):
        if other.style in ("part", "han", "half") or other.style == "digit" and place < len(levels) and levels[place] == 1:
            named.update(heading_kinds(text[other.head_start : other.head_end]))
    return 2 if above is not None and kinds and set(kinds) <= named else 1


def _kind_level(text: str, heads: list[_Head], levels: list[int]) -> int:
    """Return the level that carries the statutory kinds: 2 where 第…部分 only groups them, else 1."""
    if not any(head.style == "part" for head in heads):
        return 1
    count = {1: set[str](), 2: set[str]()}
    for head, level in zip(heads, levels, strict=True):
        if level in count:
            count[level].update(heading_kinds(text[head.head_start : head.head_end])[:1])
    return 2 if len(count[2]) > len(count[1]) else 1


def _kinds(words: str, level: int, kind_level: int, above: str | None) -> tuple[str, ...]:
    """Return the kinds of a heading; on deeper levels only the halves of problems, and none in an overview."""
    kinds = heading_kinds(words)
    if level == kind_level:
        return kinds
    if level > kind_level and above != "overview":
        squeezed = _canonical(words)
        if len(kinds) == 1 and kinds[0].startswith("problems.") and _is_known(squeezed):
            return kinds
    return ()


def _tree(text: str, heads: list[_Head], levels: list[int]) -> tuple[Section, ...]:
    kind_level = _kind_level(text, heads, levels)
    ends = _ends(heads, levels, len(text))
    kinds: list[tuple[str, ...]] = []
    above: str | None = None
    for head, level in zip(heads, levels, strict=True):
        words = text[head.head_start : head.head_end]
        found = _kinds(words, level, kind_level, above)
        if level <= kind_level:
            above = found[0] if found else None
        kinds.append(found)
    children: dict[int, list[Section]] = {}
    parents = _parents(levels)
    for index in range(len(heads) - 1, -1, -1):
        head = heads[index]
        section = Section(
            number=head.number,
            level=levels[index],
            heading=_heading(text[head.head_start : head.head_end]),
            kind=kinds[index][0] if kinds[index] else None,
            kinds=kinds[index],
            run_in=head.run_in,
            start=head.start,
            end=ends[index],
            heading_start=head.head_start,
            heading_end=head.head_end,
            children=tuple(reversed(children.pop(index, []))),
        )
        children.setdefault(parents[index], []).append(section)
    return tuple(reversed(children.get(-1, [])))


def _parents(levels: list[int]) -> list[int]:
    """Return for each heading the index of the one it stands under, -1 at the top."""
    parents: list[int] = []
    stack: list[int] = []
    for index, level in enumerate(levels):
        while stack and levels[stack[-1]] >= level:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(index)
    return parents


def _ends(heads: list[_Head], levels: list[int], length: int) -> list[int]:
    ends = [length] * len(heads)
    stack: list[int] = []
    for index, level in enumerate(levels):
        while stack and levels[stack[-1]] >= level:
            ends[stack.pop()] = heads[index].start
        stack.append(index)
    return ends
