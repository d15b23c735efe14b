"""Which year a number is of, and whether it is annual or cumulative.

The rules are those of the output conventions: the year is the one that the fact's own sentence names (上年 is
one less), else that of the total it is a part of, else the report's; ``cumulative`` are 累计, 历年, 以来,
截至…共 and any span that starts before the report's period.
"""

from __future__ import annotations

import re
from copy import copy

import msgspec

from ..numerals import parse_year
from ..records import Scope

__all__ = ["Time", "times"]

_YEAR = r"(?P<year>(?:19|20)\d\d|[一二12][〇○零0O九9][一二三四五六七八九〇○零0-9O]{2})"
_CUE = re.compile(
    r"(?P<quoted>《[^》]*》|[〔\[【（]\d{4}[〕\]】）])|"
    rf"(?P<since>(?:自|从)(?:[^，。；]{{0,24}}?)(?:以来|起|开始|至今|开通后|实施后|成立后))|"
    rf"(?P<span>{_YEAR.replace('year', 'year_a')}年?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:-|—|–|~|至|到)(?P<year_b>(?:19|20)\d\d|[一二12][〇○零0O九9][一二三四五六七八九〇○零0-9O]{{2}})年?)|"
    rf"(?P<deadline>(?:截至到?|截止到?)(?:{_YEAR.replace('year', 'year_c')}年?(?:度)?|目前|今年|本年度?|报告期末|去年|上年|现在)?(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?(?:年?底|年?末)?|(?:到|至)(?:{_YEAR.replace('year', 'year_f')}|本|去|上)?年(?:底|末))|"
    r"(?P<this_start>年初(?:至|到)年底|今年以来|年初以来|本年以来|本年度以来|一年来|一年以来|今年来)|"
    rf"(?P<plan>{_YEAR.replace('year', 'year_d')}年(?:度)?(?=[^，。；]{{0,12}}(?:年报|年度报告|工作报告|工作要点|计划|方案|条例|办法|规定|版)))|"
    rf"(?P<named>{_YEAR.replace('year', 'year_e')}年?(?P<day>\d{{1,2}}月\d{{1,2}}[日号](?!起?(?:至|到|-|—|~)))?(?:年度|度)?)|"
    r"(?P<last>上一?年度?|去年|上一年度|前一年)|"
    r"(?P<this>本年度?|今年|全年|当年|年内|年度内|本年内|报告期内?|本期|这一年|一年中|年度(?=累计|共))|"
    r"(?P<months>(?:1|一)月?(?:份|1日|一日)?(?:起)?(?:-|—|–|~|至|到)(?:12|十二)月(?:份|31日|三十一日)?(?:止|期间)?)|"
    r"(?P<total>累计|历年累计|历年来?|总累计|有史以来|累积|历年合计)|"
    r"(?P<ago>以来)"
)
_DEADLINE = re.compile(r"^(?:截至|截止)")
_SUM = re.compile(r"共|总计|合计|总共|总数|总量|存量|达到?")


class Time(msgspec.Struct, frozen=True):
    """The time of a number: ``year`` None for the report's own; ``named`` whether the sentence says it at all."""

    year: int | None
    scope: Scope
    named: bool
    offset: int = 0


class _State:
    """What the cues read so far say."""

    def __init__(self) -> None:
        self.year: int | None = None
        self.offset = 0
        self.scope: Scope = "annual"
        self.named = False
        self.period = False  # a year or 全年 has been named, so that a 累计 after it is of that year
        self.deadline = False

    def time(self) -> Time:
        return Time(self.year, self.scope, self.named, self.offset)

    def set_year(self, year: int | None, offset: int = 0) -> None:
        """A year is named: what follows is annual, of that year."""
        self.year, self.offset, self.scope = year, offset, "annual"
        self.named = self.period = True
        self.deadline = False


def times(text: str, places: list[int], year: int | None = None) -> list[Time]:
    """Return the time of each place (offsets in ``text``, ascending); cues after a place don't count.

    ``year`` is the report's, where known: a year more than two away from it (2004年退耕还林台账) belongs to the
    matter, not to the number.
    """
    state = _State()
    aside: _State | None = None
    result = []
    cues = [m for m in _CUE.finditer(text) if not m["quoted"] and not m["plan"]]
    index = 0
    for place in places:
        while index < len(cues) and cues[index].start() < place:
            if _far_away(cues[index], year):
                index += 1
                continue
            if aside is None and _is_aside(text, cues[index]):
                aside = copy(state)
            _apply(state, cues[index], text)
            index += 1
        if state.deadline and _SUM.search(text, cues[index - 1].end(), place):
            state.scope = "cumulative"
        result.append(state.time())
        if aside is not None:
            # A comparison (比上年的178条多) or a bracket names another year for one number only.
            state, aside = aside, None
        # After a number, a named year no longer tames a 累计.
        state.period = state.deadline = False
    return result


def _far_away(cue: re.Match[str], year: int | None) -> bool:
    named = parse_year(cue["year_e"]) if cue["named"] else None
    return year is not None and named is not None and abs(named - year) > 2


def _is_aside(text: str, cue: re.Match[str]) -> bool:
    if not (cue["named"] or cue["last"]):
        return False
    return bool(re.search(r"(?:比|较|与|同|由|同比|（|相比|对比|比起|少于|多于|高于|低于)$", text[: cue.start()]))


def _apply(state: _State, cue: re.Match[str], text: str) -> None:
    if cue["since"] or cue["ago"]:
        _since(state, cue, text)
    elif cue["span"]:
        first, last = parse_year(cue["year_a"]), parse_year(cue["year_b"])
        state.set_year(last)
        if first != last:
            state.scope, state.period = "cumulative", False
    elif cue["deadline"]:
        _deadline(state, cue)
    elif cue["this_start"] or cue["months"]:
        state.scope, state.period, state.named, state.deadline = "annual", True, True, False
    elif cue["named"]:
        if not cue["day"] and not re.match("(?:的)?(?:结转|以来|转来|接着办|继续办)", text[cue.end() :]) and not re.search("(?:结转|转|延)(?:到|至|入)?$", text[: cue.start()]):
            state.set_year(parse_year(cue["year_e"]))
    elif cue["last"]:
        if not re.match(r"度?(?:的)?(?:无|没有|未|有)?(?:结转|遗留|转来|转入|留下|未办|未结|末|底|同期$)", text[cue.end() :]):
            state.set_year(None, -1)
    elif cue["this"]:
        if re.match("全年|当年|年内|年度", cue["this"]):
            state.set_year(state.year, state.offset)  # 去年全年 stays last year
        else:
            state.set_year(None)
    elif cue["total"] and (cue["total"].startswith(("历年", "有史")) or not (state.period or _in_brackets(text, cue.start()))):
        state.scope, state.named = "cumulative", True


def _in_brackets(text: str, place: int) -> bool:
    """Whether ``place`` is inside （…）: a 累计 among bracketed parts says no more than the total did."""
    return text.rfind("（", 0, place) > text.rfind("）", 0, place)


def _deadline(state: _State, cue: re.Match[str]) -> None:
    if state.period and not cue["year_c"] or (cue["year_c"] and state.period and parse_year(cue["year_c"]) == state.year):
        return  # 2022年…，截至2022年12月31日共发布: the year itself, up to its end
    named = cue["year_c"] or cue["year_f"]
    if named:
        state.year, state.offset = parse_year(named), 0
    if re.search("去年|上年", cue["deadline"]):
        state.year, state.offset = None, -1
    state.deadline, state.period, state.named, state.scope = True, False, True, "annual"


def _since(state: _State, cue: re.Match[str], text: str) -> None:
    words = cue.group()
    if text.startswith("的", cue.end()) and not cue["since"]:
        return
    if re.match(r"(?:自|从)?(?:今年|年初|本年|1月)", words):
        state.scope, state.period = "annual", True
    elif words.endswith(("起", "开始")) and not re.search(r"\d|年|月|日|实施|施行|开通|成立|开展", words):
        return
    else:
        state.scope, state.period, state.deadline = "cumulative", False, False
    state.named = True
