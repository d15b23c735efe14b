"""From the list of headings with their levels to the tree of sections with their kinds."""

from __future__ import annotations

from govie.records import Section

from .levels import level_of_kinds
from .lexicon import canonical, heading_kinds, is_known
from .lines import Head
from .words import bare_words

__all__ = ["build_tree"]


def _kinds(words: str, level: int, kind_level: int, above: str | None) -> tuple[str, ...]:
    """Return the kinds of a heading; on deeper levels only the halves of problems, and none in an overview."""
    kinds = heading_kinds(words)
    if level == kind_level:
        return kinds
    if level < kind_level:
        return kinds if kinds == ("annex",) else ()  # 第二部分 统计数据 groups nothing
    if level > kind_level and above != "overview":
        squeezed = canonical(words)
        if len(kinds) == 1 and kinds[0].startswith("problems.") and is_known(squeezed):
            return kinds
    return ()


def build_tree(text: str, heads: list[Head], levels: list[int]) -> tuple[Section, ...]:
    """Return the top-level sections: each heading with its kinds, and ends where the next of its level starts."""
    kind_level = level_of_kinds(text, heads, levels)
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
            heading=bare_words(text[head.head_start : head.head_end]),
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


def _ends(heads: list[Head], levels: list[int], length: int) -> list[int]:
    ends = [length] * len(heads)
    stack: list[int] = []
    for index, level in enumerate(levels):
        while stack and levels[stack[-1]] >= level:
            ends[stack.pop()] = heads[index].start
        stack.append(index)
    return ends
