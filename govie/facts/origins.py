"""Where in the file facts came from: page, and how sure optical character recognition was of their line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from govie.records import Block, Fact

__all__ = ["with_origins"]


def with_origins(facts: Sequence[Fact], blocks: Sequence[Block]) -> list[Fact]:
    """Return the facts with the page and the recognition's confidence of the block that each begins in.

    ``blocks`` are in the order of the text; facts of a file without pages stay as they are.
    """
    if not any(block.origin is not None or block.confidence is not None for block in blocks):
        return list(facts)
    starts = [block.start for block in blocks]
    return [_placed(fact, blocks[max(0, bisect_right(starts, fact.start) - 1)]) for fact in facts]


def _placed(fact: Fact, block: Block) -> Fact:
    page = block.origin.page if block.origin else None
    if page is None and block.confidence is None:
        return fact
    return msgspec.structs.replace(fact, page=page, ocr_confidence=block.confidence)
