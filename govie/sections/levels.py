"""The level of each heading, by the styles of number that its report uses."""

from __future__ import annotations

from .lexicon import canonical, heading_kinds, load_lexicon
from .lines import Head

__all__ = ["assign_levels", "level_of_kinds"]

_BASE_LEVELS = {"part": 1, "han": 1, "half": 1, "paren": 2, "digit": 3, "digitparen": 4, "circle": 4}


def assign_levels(text: str, heads: list[Head]) -> list[int]:
    """Return the level of each heading by the styles of number that this report uses."""
    styles = {head.style for head in heads}
    shift = dict(_BASE_LEVELS)
    if {"part", "han"} <= styles:
        for style in shift:
            if style != "part":
                shift[style] += 1
    elif not styles & {"part", "han"}:
        _shift_without_han(text, heads, styles, shift)
    if "han" in styles and "half" in styles:
        shift["half"] = shift["paren"]
    restarted = _restarted(text, heads)
    unnumbered = _Unnumbered(text, heads)
    levels: list[int] = []
    circled_deeper = False  # ① under （1） is one level deeper
    for index, head in enumerate(heads):
        if head.style in ("digit", "paren", "han", "part", "digitparen"):
            circled_deeper = head.style == "digitparen"
        if index in restarted:
            level = shift["paren"]
        elif head.style == "none":
            level = unnumbered.level(head)
        else:
            level = shift[head.style] + (head.style == "circle" and circled_deeper)
        unnumbered.see(head, level)
        levels.append(level)
    return levels


def _restarted(text: str, heads: list[Head]) -> set[int]:
    """Return the places of 一、二、 that count anew inside a section, after which its own numbering goes on."""
    places = [place for place, head in enumerate(heads) if head.style == "han"]
    inner: set[int] = set()
    last = 0  # the last number of the outer count
    position = 0
    while position < len(places):
        value = heads[places[position]].value
        if value == 1 and last >= 2:
            run = [places[position]]
            while (
                position + len(run) < len(places)
                and heads[places[position + len(run)]].value == len(run) + 1 != last + 1
            ):
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


def _shift_without_han(text: str, heads: list[Head], styles: set[str], shift: dict[str, int]) -> None:
    """Adapt the levels for a report with neither 一、 nor 第一部分."""

    def known(style: str) -> int:
        return sum(1 for head in heads if head.style == style and heading_kinds(text[head.head_start : head.head_end]))

    if "half" in styles:
        return
    unnumbered = [
        head for head in heads if head.style == "none" and heading_kinds(text[head.head_start : head.head_end])
    ]
    if len(unnumbered) >= 2:
        first = next((head for head in heads if head.style in ("paren", "digit")), None)
        if first is None or unnumbered[0].start < first.start or len(unnumbered) > max(known("paren"), known("digit")):
            return
    if "paren" in styles and known("paren") >= 2 and known("paren") >= known("digit"):
        shift.update(paren=1, digit=2, digitparen=3, circle=3)
    elif "digit" in styles:
        shift.update(paren=2, digit=1, digitparen=2, circle=2)


class _Unnumbered:
    """Tells the level of the headings with no number, from the numbered ones seen so far."""

    def __init__(self, text: str, heads: list[Head]) -> None:
        self._text = text
        self._alone = all(head.style == "none" for head in heads)
        self._above: frozenset[str] | None = None  # the kinds of the last numbered heading of level 1
        self._named: set[str] = set()  # the kinds that numbered headings of level 1 name, anywhere
        for head in heads:
            if head.style in ("part", "han", "half"):
                self._named.update(self._kinds(head))

    def _kinds(self, head: Head) -> tuple[str, ...]:
        return heading_kinds(self._text[head.head_start : head.head_end])

    def see(self, head: Head, level: int) -> None:
        """Take note of a heading and its level."""
        if level == 1 and head.style != "none":
            self._above = frozenset(self._kinds(head))
            if head.style == "digit":
                self._named |= self._above

    def level(self, head: Head) -> int:
        """Return 1, or 2 for a line that repeats what a numbered section is about or halves a section of problems."""
        words = canonical(self._text[head.head_start : head.head_end])
        if self._above is None or self._alone or words in load_lexicon().introductions:
            return 1
        kinds = self._kinds(head)
        if kinds and kinds[0].startswith("problems.") and "problems" in self._above:
            return 2
        return 2 if kinds and set(kinds) <= self._named else 1


def level_of_kinds(text: str, heads: list[Head], levels: list[int]) -> int:
    """Return the level that carries the statutory kinds: 2 where 第…部分 only groups them, else 1."""
    if not any(head.style == "part" for head in heads):
        return 1
    count = {1: set[str](), 2: set[str]()}
    for head, level in zip(heads, levels, strict=True):
        if level in count:
            kinds = heading_kinds(text[head.head_start : head.head_end])[:1]
            # The halves of a section of problems are headed on level 2 in any report.
            count[level].update(kind for kind in kinds if level == 1 or not kind.startswith("problems."))
    return 2 if len(count[2]) > len(count[1]) else 1
