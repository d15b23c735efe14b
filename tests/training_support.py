"""Invented reports and settings small enough to train with in a second."""

from __future__ import annotations

from govie.corpus.splitting import split_of
from govie.interchange import inline
from govie.interchange.annotation import AnnotatedReport
from govie.training.network import Settings

TINY = Settings(bits=9, networks=1, folds=2, copies=1, width=4, hidden=4, epochs=1, batch=32)
HEADER = "---\nyear: 2017\ntown: {town}\ncounty: {county}\nprovince: 陕西省\n---\n"
BODY = """⟦{town}2017年政府信息公开工作年度报告¦TITLE⟧
一、⟦概述¦H1 overview⟧
这一年{town}按月更新公开栏，⟦{n}个¦NUM⟧村都有人管，赶集日在街口答疑，年底把底册交档案室。
二、⟦主动公开政府信息情况¦H1 disclosure⟧
全年主动公开政府信息⟦{a}条¦disclosure.total⟧，其中⟦惠农补贴类¦CAT⟧⟦{n}条¦cat⟧，在县政府网站公开⟦{n}条¦disclosure.channel.website⟧。
三、⟦依申请公开情况¦H1 requests⟧
收到政府信息公开申请⟦{m}件¦requests.received⟧，办结⟦{m}件¦requests.closed⟧。{more}
"""


def report(name: str, county: str, number: int, more: str = "") -> AnnotatedReport:
    values = {"town": f"第{name}镇", "county": county, "n": number + 3, "a": 60 + number, "m": number % 5 + 1, "more": more}
    return inline.parse(name, HEADER.format(**values) + BODY.format(**values))


def counties(split: str, number: int, first: int = 0) -> list[str]:
    """Invented counties that the hash puts into ``split``."""
    names = (f"试{place}县" for place in range(first, 10_000))
    return [name for name, _ in zip((name for name in names if split_of(f"陕西省:{name}") == split), range(number), strict=False)]
