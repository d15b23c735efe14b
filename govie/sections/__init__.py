"""Headings of a report and the tree of its sections.

Read this first. The work goes in steps, each a function of the one before, each in a module of its own:

1. ``lines``: the lines of the text, those inside tables marked.
2. ``numbered``: lines that start with a number (一、 （一） 1、 ① 第一部分 …; ``numbers``) and pass for a heading: an own
   line, or a lead run into its paragraph. Items, data and table rows are turned away here.
3. ``contents``: a table of contents, or the report's list of its own sections, is taken out.
4. ``running``: a text that has lost its line breaks, or some of them, has headings in the running text; they are
   found by their sequence and their words.
5. ``unnumbered``: lines with no number made of the words that headings of known kinds are made of.
6. ``contents`` again: lists of items that head nothing.
7. ``levels``: the level by the numbering; ``lexicon``: the kind by the words (``data/section_kinds.toml``).
8. ``tree``: nesting; a section ends where the next heading of its level or above starts.

Left out on purpose: headings that only their type size shows, headings that are pictures, and numbers inside a
paragraph of a text that has its lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from govie.records import Document, Section

from .contents import without_contents, without_items
from .levels import assign_levels
from .lexicon import heading_kinds
from .lines import read_lines
from .numbered import numbered_heads
from .running import running_heads
from .tree import build_tree
from .unnumbered import unnumbered_heads
from .words import bare_words

__all__ = []

__all__ = ["find_sections", "flatten", "heading_kinds", "section_at"]


def find_sections(document: Document, table_spans: Sequence[tuple[int, int]] = ()) -> tuple[Section, ...]:
    """Return the top-level sections of a report, their parts in ``children``.

    ``table_spans`` are the half-open spans of the tables in ``document.text``; no heading is found inside them.
    Offsets are code points into ``document.text``. A text with no heading gives an empty tuple. Levels, run-in
    leads and what is no heading follow ``output.md``; kinds follow ``data/section_kinds.toml``.
    """
    text = document.text
    lines = read_lines(text, table_spans)
    heads = without_contents(text, numbered_heads(text, lines))
    heads = without_contents(text, running_heads(text, lines, heads))  # a contents list may have lost its lines too
    bold = {block.start for block in document.blocks if block.kind == "heading"}
    heads = sorted(heads + unnumbered_heads(text, lines, heads, bold), key=lambda head: head.start)
    heads = [head for head in heads if bare_words(text[head.head_start : head.head_end])]
    heads = without_items(text, heads)
    return build_tree(text, heads, assign_levels(text, heads))


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
