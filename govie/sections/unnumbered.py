"""Lines with no number that are headings."""

from __future__ import annotations

import re

from .lexicon import canonical, heading_kinds, is_known, load_lexicon
from .lines import Head, Line
from .numbered import BARE_CELL, MAX_LEAD
from .numbers import LEAD
from .words import CLOSING, MARKDOWN, trim

__all__ = ["unnumbered_heads"]

_TITLE = re.compile("年度报告|年报|工作报告|工作总结|统计表|情况表|报告书")
_NEVER_UNNUMBERED = re.compile(
    "^(?:附件|附表|附|附录|政府信息公开|信息公开|政务公开|主动公开|公开|工作|信息|政府|收费|统计|其他|其它|报告|附件说明)$"
)

_BULLETS = "●○■□◆◇★☆▲△▶►◎•·"
_SHORT = 14  # characters: as long as a heading in the clerk's own words is
_SIGNS = re.compile(r"[\d。，；：！？、|/>＞《》【】\[\]]")
_SURE_ENDS = ("问题", "不足", "困难", "办法", "举措")
_NO, _LOOSE, _SURE = 0, 1, 2


def unnumbered_heads(text: str, lines: list[Line], heads: list[Head], bold: set[int]) -> list[Head]:
    """Return the lines with no number that are headings of a known kind, and 引言 and 编制说明.

    ``bold`` are the places where the reader met mark-up of a heading. A line of known words that ends like a heading
    (情况, 措施 …) is one anywhere. Where the report numbers no section, looser lines are too, if several of
    them name different kinds: names without 情况 (收费和减免), and in the clerk's own words (公开了哪些).
    """
    covered = {
        index
        for head in heads
        for index in (head.line, head.line + 1)
        if index < len(lines) and lines[index].start < head.own_end
    }
    named = _named(text, heads)
    free = not _has_numbered_sections(text, heads)
    strong: list[Head] = []
    loose: list[Head] = []
    for index, line in enumerate(lines):
        if line.in_table or index in covered or line.end - line.start > MAX_LEAD:
            continue
        bullet = text[line.start] in _BULLETS
        if not (free and line.end - line.start <= _SHORT) and text[line.end - 1] not in load_lexicon().last_signs:
            continue
        squeezed = canonical(text[line.start : line.end].strip(MARKDOWN + _BULLETS)).rstrip(CLOSING)
        grade = _grade(squeezed, sure=bullet or line.start in bold)
        if grade == _NO or grade == _LOOSE and not free or not _has_body(text, lines, index, squeezed, named):
            continue
        head_start, head_end = trim(text, line.start + bullet, line.end, CLOSING)
        head = Head(index, "none", None, 0, line.start if bullet else head_start, head_start, head_end, False, line.end)
        (strong if grade == _SURE else loose).append(head)
    return strong + loose if free and _several(text, strong + loose) else strong


def _has_numbered_sections(text: str, heads: list[Head]) -> bool:
    """Whether the report numbers its sections: with 一、, or with 1、 or （一） before the names of two kinds."""
    kinds: set[str] = set()
    for head in heads:
        if head.style in ("han", "part", "half"):
            return True
        named = heading_kinds(text[head.head_start : head.head_end])[:1]
        kinds.update(kind for kind in named if not kind.startswith("problems."))
    return len(kinds) >= 2


def _several(text: str, heads: list[Head]) -> bool:
    """Whether the lines name three kinds or more: a report's sections do, stray lines of a page do not."""
    return len({kind for head in heads for kind in heading_kinds(text[head.head_start : head.head_end])[:1]}) >= 3


def _grade(squeezed: str, *, sure: bool) -> int:
    """Return whether the words of a line make it a heading: surely, only among others like it, or not at all."""
    lexicon = load_lexicon()
    if squeezed in lexicon.introductions:
        return _SURE
    if not squeezed or len(squeezed) > 30 or _TITLE.search(squeezed) or _NEVER_UNNUMBERED.match(squeezed):
        return _NO
    kinds = heading_kinds(squeezed)
    if not kinds or kinds[0] == "annex":
        return _NO
    if is_known(squeezed):
        return _SURE if sure or squeezed.endswith((*lexicon.strong, *_SURE_ENDS)) else _LOOSE
    return _LOOSE if len(squeezed) <= _SHORT and not _SIGNS.search(squeezed) else _NO


def _named(text: str, heads: list[Head]) -> set[str]:
    """Return the kinds that the numbered top headings name."""
    return {
        kind
        for head in heads
        if head.style in ("part", "han", "half")
        for kind in heading_kinds(text[head.head_start : head.head_end])
    }


def _has_body(text: str, lines: list[Line], index: int, squeezed: str, named: set[str]) -> bool:
    """Whether text follows under an unnumbered line: menus are such lines too, with more menu under them.

    A table may stand right under a heading of 2019 and later; under any other line it makes that line its caption.
    """
    if index + 1 >= len(lines):
        return False
    following = lines[index + 1]
    words = text[following.start : following.end]
    if following.in_table:
        return squeezed.endswith("情况") and not named & set(heading_kinds(squeezed))
    if BARE_CELL.match(words) or "\t" in words[:20] or len(words) <= MAX_LEAD and _TITLE.search(words):
        return False
    return "。" in words or len(words) > 25 or words[0] in "无未没第（(" or LEAD.match(words) is not None
