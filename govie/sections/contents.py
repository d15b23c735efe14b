"""What looks like headings and is a list: a table of contents, items with nothing under them, a cut last line."""

from __future__ import annotations

from .lexicon import canonical
from .lines import Head
from .numbers import LEAD, STYLES
from .words import CLOSING, EDGE, MARKDOWN

__all__ = ["without_contents", "without_items"]

_NOTHING = EDGE + CLOSING + MARKDOWN
_ITEM_STYLES = ("digit", "digitparen", "circle")
_SENTENCE = 20  # characters: a lead as long as this that ends in 。 is a sentence if nothing stands under it


def without_contents(text: str, heads: list[Head]) -> list[Head]:
    """Take out a table of contents: three headings or more with nothing between them that come again later."""
    runs = [run for run in _runs_with_nothing_between(text, heads) if len(run) >= 3]
    if not runs:
        return heads
    names = [canonical(text[head.head_start : head.head_end]) for head in heads]
    later = {name: index for index, name in enumerate(names)}  # the last place of each name
    drop: set[int] = set()
    for run in runs:
        again = [place for place in run if later[names[place]] > run[-1]]
        if len(again) >= 2 and len(again) * 2 >= len(run):
            drop.update(run)
    return [head for index, head in enumerate(heads) if index not in drop] if drop else heads


def _runs_with_nothing_between(text: str, heads: list[Head]) -> list[list[int]]:
    runs: list[list[int]] = []
    run: list[int] = []
    for index in range(len(heads)):
        run.append(index)
        if _body(text, heads, index):
            runs.append(run)
            run = []
    return [*runs, run]


def _body(text: str, heads: list[Head], index: int) -> str:
    """Return the text between a heading and the next one, without blanks and closing signs around it."""
    end = heads[index + 1].start if index + 1 < len(heads) else len(text)
    return text[heads[index].own_end : end].strip(_NOTHING)


def without_items(text: str, heads: list[Head]) -> list[Head]:
    """Take out numbered items that head nothing.

    Three items or more of one style, one a line with nothing under them, are a list; a long sentence that ends in 。
    on its own line and has nothing under it is an item; so is a line of a low level on which the text ends.
    """
    drop: set[int] = set()
    run: list[int] = []  # items of one style on lines of their own, with nothing between them
    for index, head in enumerate(heads):
        if head.run_in or run and heads[run[-1]].style != head.style:
            run = []
        if head.run_in or head.style not in (*_ITEM_STYLES, "paren"):
            continue
        if head.style in _ITEM_STYLES:
            run.append(index)
        body = _body(text, heads, index)
        if (
            _is_sentence(text, heads, index, body)
            or not body
            and head.style in _ITEM_STYLES
            and index + 1 == len(heads)
        ):
            drop.add(index)
        if len(run) >= 3:
            drop.update(run[-3:])
        if body:
            run = []
    return [head for index, head in enumerate(heads) if index not in drop] if drop else heads


def _is_sentence(text: str, heads: list[Head], index: int, body: str) -> bool:
    head = heads[index]
    if head.head_end - head.head_start < _SENTENCE or not text[head.head_end : head.own_end + 1].endswith("。"):
        return False
    following = LEAD.match(body)  # an item that was turned away, as long as itself
    return not body or following is not None and STYLES[following.lastgroup or ""] == head.style
