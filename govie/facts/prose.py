"""Facts in prose, by rules. Read this first: how a number becomes a fact.

Sentence by sentence, number by number, in this order:

1. its time (:mod:`.scope`): year and annual or cumulative, from the cues before it in its sentence;
2. its label: the words between it and the number before; for 分别为 and 均为 lists (:mod:`.lists`) the label that
   belongs to it;
3. the rules of ``data/prose.toml`` (:mod:`.rules`) decide requests, reviews, fees, staffing, training, response -
   and numbers of no concept;
4. what is left and counts items of information is a total, a channel's or a category's (:mod:`.categories`);
5. statements of none are read separately (:mod:`.zeros`).

What came before is kept in a :class:`_Memory`: the whole that parts belong to, within one section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from ..normalise import Normalised
from ..numerals import Number
from ..records import Applicant, Section
from ..taxonomy import concepts
from .categories import Label, clean_category, read_label
from .context import Sentence, sentences
from .draft import Draft
from .lists import each_labels, respective_labels
from .rules import Place, Rule, Rules, load_rules
from .scope import Time, times
from .zeros import denied_concepts, section_concepts, zero_clauses

__all__ = ["ProseReading", "ProseShare", "read_prose"]

_TEXT_UNITS = frozenset("条 篇 件 则 份 条次 篇次 件次".split())
_ITEM_UNITS = frozenset("条 件 个 篇 项 份 次 期 则 条次 件次 篇次 个次 宗 部 批 起 例".split())
_PUBLISH = re.compile(r"公开|发布|公布|上传|更新|刊登|推送|发送|登载|张贴|公示|录入|上网|挂网|刊发|编发|转载|发表|播发|播出|投放|挂在|推出|上线|登出|贴出|报道|公告|发出|发了")
_INFORMATION = re.compile(r"信息|动态|内容|文章|稿件|资讯|消息|事项|文件|资料|政务|公告|图文|推文|视频|微博")
_PARTS = re.compile(r"其中|包括|包含|分为|分别|按[^，。；]{0,14}(?:分|看)|具体(?:为|是|如下|有)|内容分|依次|：$|中，$|中：$|涉及|涵盖|构成|组成|来源|里，$|里：$")
_REMAINDER = re.compile(r"其余|剩余|余下|剩下|其他(?:若干|为)|另外的?(?!\d)|等(?:其他)?(?:信息|内容|方面|类)?[，。；]|等若干")
_OPEN = re.compile(r"重点公开|主要有|主要是|重点是|主要包括|主要为|主要涉及|等(?:[^级次]|$)|如：|例如")
_FUTURE = re.compile(r"^(?:下一步|今后|明年|接下来|下阶段|下年度|未来)|拟(?:公开|举办|召开)|计划(?:公开|举办|召开|在)|力争|争取|将(?:继续|进一步|于|在)")
_SEPARATOR = re.compile(r"[，；：。！？]")
_SUBJECT = re.compile(r"^(?:我[镇乡街道局]{1,2}|本[镇乡街道局]{1,2}|[镇乡区县]|街道)?(?:官方|政务|政府|党政)?(?:“[^”]*”|《[^》]*》)?[^，“”的]{0,4}(?:公众号|微信|微博|抖音号?|视频号|网站|政府网|门户网)")
_MEANS = re.compile(r"^.*(?:通过|利用|借助|依托|运用|(?<![存现所正])在(?!此|这|其|全|本)|在(?=全国|全省))")
_VERB_ON = re.compile(r"(?:主动|对外|共|累计|总共|及时|向社会|统一|全年|已|，)*(?:公开|发布|公布|上传|更新|刊登|推送|公示|录入|登载)")
# 涉及疫情防控、社会救助等方面信息, 政府工作信息、动态: all that was published, described.
_WHOLE_RANGE = re.compile(r"等事项(?:政府)?信息$|等(?:方面|领域)|等(?:方面|领域|内容|各类)?(?:的)?(?:政府|政务)?信息$|等$|信息、动态$|动态、信息$|、.*信息$")
_ENUMERATED = re.compile(r"^(?:[一二三四五六七八九十]是|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[、.．])([^，：。]{2,16})(?:，|：)")
_SAID = re.compile(r"(?:公开|发布|公布|上传|更新)[^。]{0,40}(?:信息|动态)|信息公开")
_NOTHING_NAMED = re.compile("^(?:政府|各类|各种|各项|主动公开|公开|相关|有关|全部|所有|的|上述)*(?:信息|内容|数量?|总数|条数)?$")
_SPAN_ONLY = re.compile(r"^(?:历年来?累计|历年来?|累计|总计|合计|共计|共|全年|今年|本年度?|年内|当年|(?:19|20)\d\d年度?|上一?年度?|去年|为|有)+$")
_SUMMED = re.compile(r"^(?:全年|一年|合计|总计|累计|总共|共计|共|计)+$")
_REFUSED = re.compile("不予公开|不同意公开|未予公开|不公开")
_LEAD_LABEL = re.compile(r"([^，。；：]{2,16})：[^：；]*$")
_COLUMN = re.compile(r"“([^”]{2,12})”(?:栏目|专栏|板块|版块|目录|类)")
_NEWLY = re.compile(r"^[，、（](?:其中)?(?:今年|本年度?|当年度?|年内)?新增(?:了|公开)?$")
_DIGITS = re.compile(r"\d+")
_CONNECTIVE = re.compile(r"^(?:其中|分别|有|共有?|共计|总计|合计|又|另有?|还有|为|的|：|、|（|均|全部|各|是|则|和|以及|及|包括|计|约)*$")
_TIME_ONLY = re.compile(r"^[^，。；]{0,4}?(?:比|较|与|同|同比|比起|高于|低于|少于|多于|（|由)*(?:(?:19|20)\d\d年度?|[二一][〇○零0O九][〇○零0O一二三四五六七八九]{2}年度?|上一?年度?|去年|上年同期|去年同期|同期)(?:同期)?(?:这[项个一]|该)?(?:数字|数量|总数|总量)?(?:的|为|是|数|共|有|则|（)*$")
_BEHIND: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (parent, re.compile(words), child)
    for parent, words, child in (
        ("requests.received", "^[^；。]{0,8}(?:均|都|全部)(?:为|是|系|由|通过|以|属)?[^，。；]{0,6}(?:当面|现场|窗口)", "requests.received.in_person"),
        ("requests.received", "^[^；。]{0,8}(?:均|都|全部)(?:为|是|系|由|通过|以|属)?[^，。；]{0,6}(?:网络|网上|电子邮件|邮箱|在线|线上)", "requests.received.online"),
        ("requests.received", "^[^；。]{0,8}(?:均|都|全部)(?:为|是|系|由|通过|以|属)?[^，。；]{0,6}(?:信函|邮寄|信件)", "requests.received.mail"),
        ("requests.received", "^[^；。]{0,8}(?:均|都|全部)(?:已)?(?:按时|按期|限期内|及时)?(?:办结|办理完毕)", "requests.closed"),
        ("staffing.staff", "^[^；。]{0,8}(?:均|都|全部|皆)(?:为|是|系|由)?兼职", "staffing.staff.part_time"),
        ("requests.outcome.refused", "个人隐私|他人隐私|隐私", "requests.outcome.refused.privacy"),
        ("requests.outcome.refused", "商业秘密", "requests.outcome.refused.trade_secret"),
        ("requests.outcome.refused", "国家秘密", "requests.outcome.refused.state_secret"),
        ("requests.outcome.refused", "第三方", "requests.outcome.refused.third_party"),
        ("requests.outcome.refused", "内部(?:管理|事务)", "requests.outcome.refused.internal_affairs"),
        ("requests.outcome.refused", "过程性", "requests.outcome.refused.process_information"),
        ("requests.outcome.refused", "执法案卷", "requests.outcome.refused.enforcement_file"),
        ("review.total", "未审结|正在(?:审理|办理)|审理中|尚未(?:审结|作出)", "review.pending"),
        ("review.total", "纠错|纠正|撤销(?!复议|申请|了?复议)|确认违法|责令|变更", "review.corrected"),
        ("review.total", "维持", "review.upheld"),
        ("review.total", "撤回|终止|驳回复议|不予受理", "review.other"),
        ("litigation.total", "纠错|纠正|撤销|败诉|确认违法|责令", "litigation.corrected"),
        ("litigation.total", "维持|驳回", "litigation.upheld"),
        ("litigation.total", "撤诉|撤回|终止", "litigation.other"),
        ("litigation.direct.total", "未审结|正在审理|审理中", "litigation.direct.pending"),
        ("litigation.direct.total", "撤诉|撤回|其他结果", "litigation.direct.other"),
        ("litigation.direct.total", "维持|驳回", "litigation.direct.upheld"),
    )
)
_SHARE = re.compile(r"占|比例|比重|百分比")
_SHARE_OF = re.compile(r"占([^，。；]*?)(?:的)?(?:比例|比重|百分比)?(?:为|达|约)?$")
_SHARE_OF_ALL = re.compile(r"^(?:了|到|比|总|全|主动公开|公开|所有|发布|政府信息|信息|年度|全年|其|当年|本年|上述|整体|总体|约|$)")
_APPLICANTS: tuple[tuple[Applicant, re.Pattern[str]], ...] = (
    ("natural_person", re.compile("自然人|公民个人|个人申请|公民$|个人$|村民$|居民$")),
    ("enterprise", re.compile("商业企业|企业|公司")),
    ("research", re.compile("科研机构|科研")),
    ("nonprofit", re.compile("社会公益组织|公益组织|社会组织")),
    ("legal_service", re.compile("法律服务机构|律所|律师事务所|律师")),
)


class ProseShare(msgspec.Struct, frozen=True, kw_only=True):
    """A stated percentage, with the drafts it is a share of (indices), where the words say so."""

    percent: float
    decimals: int
    start: int
    end: int
    part: int | None
    whole: int | None


class ProseReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the prose says: drafts of facts, shares, and whose parts are complete.

    ``complete`` are the drafts whose parts were introduced by words that promise all of them (其中, 分为, 包括).
    """

    drafts: tuple[Draft, ...]
    shares: tuple[ProseShare, ...]
    complete: frozenset[int]
    missing: tuple[tuple[int, int], ...]


_OF_INFORMATION = re.compile("公开|信息|类别|分类|数量|渠道|形式|方式|途径|载体|内容|申请|答复|办理|结果|来源|栏目|总量|去向|平台")


class _Memory:
    """What earlier sentences of the same section leave behind."""

    def __init__(self) -> None:
        self.section = -1
        self.headings: tuple[str, ...] = ()
        self.whole: int | None = None
        self.listing = False  # the last number was a category's: the list may go on in the next line

    def enter(self, sentence: Sentence) -> None:
        if sentence.section != self.section:
            self.listing = False
        if sentence.section != self.section or (sentence.headings != self.headings and not _OF_INFORMATION.search("".join(sentence.headings[1:]))):
            self.whole = None
        self.section, self.headings = sentence.section, sentence.headings


def read_prose(normalised: Normalised, sections: Sequence[Section], tables: Sequence[tuple[int, int]], *, year: int | None = None) -> ProseReading:
    """Return what the prose of a report says, in normalised offsets.

    Args:
        normalised: the report's text.
        sections: its sections.
        tables: source spans to leave out.
        year: the report's year as far as it is known before reading; outcomes of requests have other names
            from 2019 on.
    """
    reader = _Reader(load_rules(), year)
    for sentence in sentences(normalised, sections, tables):
        reader.read(sentence)
    return reader.result()


class _Reader:
    """Reads sentences in order into drafts."""

    def __init__(self, rules: Rules, year: int | None) -> None:
        self.rules, self.year = rules, year
        self.era = "2019" if year is not None and year >= 2019 else "2014"
        self.memory = _Memory()
        self.drafts: list[Draft] = []
        self.shares: list[ProseShare] = []
        self.missing: list[tuple[int, int]] = []
        self.introduced: dict[int, bool] = {}
        self.count = 0

    def result(self) -> ProseReading:
        return ProseReading(drafts=tuple(self.drafts), shares=tuple(self.shares), complete=frozenset(w for w, yes in self.introduced.items() if yes), missing=tuple(self.missing))

    def read(self, sentence: Sentence) -> None:
        self.count += 1
        self.memory.enter(sentence)
        in_problems = any(k.startswith("problems") for k in sentence.kinds)
        if in_problems or _FUTURE.search(sentence.text):
            return
        if sentence.numbers:
            _SentenceReader(self, sentence).read()
            self.memory.listing = bool(self.drafts) and self.drafts[-1].concept == "disclosure.by_category" and self.drafts[-1].sentence == self.count
        self._zeros(sentence)

    def _zeros(self, sentence: Sentence) -> None:
        found = list(zero_clauses(self.rules, sentence.text, sentence.kinds, sentence.headings, sentence.alone))
        if not found:
            return
        clock = times(sentence.text, [end for _, end, _, _ in found], self.year)
        for (start, end, concept, rule), time in zip(found, clock, strict=True):
            since = re.search(r"以来|开展|至今|历年", sentence.text[:end])
            self.drafts.append(
                Draft(
                    concept=concept,
                    category=None,
                    value=0,
                    unit=concepts()[concept].unit,
                    time=time if time.scope == "annual" or since else Time(time.year, "annual", time.named, time.offset),
                    approximate=False,
                    start=sentence.start + start,
                    end=sentence.start + end,
                    section=sentence.kind,
                    rule=rule,
                    sentence=self.count,
                    origin="zero",
                )
            )


class _SentenceReader:
    """Reads the numbers of one sentence."""

    def __init__(self, reader: _Reader, sentence: Sentence) -> None:
        self.reader = reader
        self.rules = reader.rules
        self.memory = reader.memory
        self.sentence = sentence
        self.text = sentence.text
        self.numbers = sentence.numbers
        self.clock = times(self.text, [n.start for n in self.numbers], reader.year)
        self.respective = respective_labels(self.text, self.numbers)
        self.newly = self._newly()
        self.index_of: dict[int, int] = {}  # number -> draft
        self.whole: int | None = None  # the whole named in this sentence
        self.drafted: int | None = None  # the last draft of this sentence
        self.nested: list[tuple[int, int, bool]] = []  # parts opened up: draft, bracket depth, opened by words
        self.taken: dict[int, int] = {}  # how far into the words behind it a number's label reaches
        self.inherits = bool(re.match(r"其中|（其中", self.text)) or not self._own_time()
        self.topics = self._topics()

    def _topics(self) -> frozenset[str]:
        topics = self.rules.topics_of(self.sentence.kinds, self.text + "".join(self.sentence.headings[1:]))
        whole = self.memory.whole
        if whole is not None:
            topics |= {self.reader.drafts[whole].concept.split(".")[0]} & {"requests", "review", "litigation"}
        return topics

    def _newly(self) -> frozenset[int]:
        """The numbers of 政府文件180条，新增31条: the first is what has piled up, the second the year's own."""
        found = frozenset(i for i in range(1, len(self.numbers)) if _NEWLY.match(self._gap(i)[0]))
        for index, time in enumerate(self.clock):
            if index + 1 in found or (len(found) > 2 and index not in found):
                self.clock[index] = Time(time.year, "cumulative", time.named, time.offset)
            elif index in found:
                self.clock[index] = Time(time.year, "annual", time.named, time.offset)
        return found

    def _own_time(self) -> bool:
        return any(t.named for t in self.clock)

    def read(self) -> None:
        first = len(self.reader.drafts)
        for index, number in enumerate(self.numbers):
            if number.kind == "percent":
                self._percent(index, number)
            else:
                self._number(index, number)
        self._introductions(first)

    def _introductions(self, first: int) -> None:
        """Note, for each whole whose parts begin in this sentence, whether the words promise all of them."""
        drafts = self.reader.drafts
        for part in range(first, len(drafts)):
            whole = drafts[part].part_of
            if whole is None or whole in self.reader.introduced:
                continue
            begin = max(drafts[whole].end - self.sentence.start, 0)
            intro = self.text[begin : drafts[part].start - self.sentence.start]
            rest = self.text[drafts[part].end - self.sentence.start :]
            bracket = intro.startswith("（")
            complete = bool(_PARTS.search(intro) or bracket) and not _OPEN.search(intro) and not _REMAINDER.search(rest)
            self.reader.introduced[whole] = complete

    # ---- places

    def _gap(self, index: int) -> tuple[str, str]:
        """The words between the number before and this one, and between this one and the next."""
        before = self.numbers[index - 1].end if index else 0
        after = self.numbers[index + 1].start if index + 1 < len(self.numbers) else len(self.text)
        return self.text[before : self.numbers[index].start], self.text[self.numbers[index].end : after]

    def _clause_bounds(self, index: int) -> tuple[int, int]:
        number = self.numbers[index]
        before = [m.end() for m in _SEPARATOR.finditer(self.text, 0, number.start)]
        after = _SEPARATOR.search(self.text, number.end)
        return (before[-1] if before else 0), (after.start() if after else len(self.text))

    def _place(self, index: int, left: str, right: str) -> Place:
        number = self.numbers[index]
        start, _ = self._clause_bounds(index)
        whole = self._current_whole()
        return Place(
            left=left,
            right=right,
            before=self.text[:start],
            after=self.text[number.end :],
            unit=number.unit,
            value=number.value,
            topics=self.topics,
            era=self.reader.era,
            whole=self.reader.drafts[whole].concept if whole is not None else None,
        )

    def _current_whole(self) -> int | None:
        return self.whole if self.whole is not None else self.memory.whole

    # ---- one number

    def _number(self, index: int, number: Number) -> None:
        if number.kind == "bare" and not self._bare_counts(index, number):
            return
        if index in self.newly:
            if (before := self.index_of.get(index - 1)) is not None:
                same = self.reader.drafts[before]
                self._add(index, number, same.concept, "newly", same.category, label=same.label)
            return
        if index in self.respective:
            label, verb = self.respective[index]
            self._decide(index, number, label + verb, "")
            return
        begin = self.numbers[index - 1].end if index else 0
        labels = each_labels(self.text, number, begin)
        if len(labels) > 1:
            self._each(index, number, labels)
            return
        left, right = self._labels(index)
        if _SPAN_ONLY.match(left) and (lead := _LEAD_LABEL.search(self.text, 0, number.start)):
            left = lead[1]  # 行政复议：本年度0件，历年累计1件
        denied = self.text[number.start] == "一" and re.search("(?:无|没有|未|未发生|未收到)$", left)
        if not denied and not re.match("[也都](?:没|未|无)", right):  # 一件也没有 is read as a statement of none
            self._decide(index, number, left, right)

    def _bare_counts(self, index: int, number: Number) -> bool:
        left, right = self._gap(index)
        return bool(re.search(r"(?:为|是|：|数|共|计|有|均|各|合计|总计|量)$", left)) and not re.match(r"[年月日号.、]", right)

    def _labels(self, index: int) -> tuple[str, str]:
        """The words that label this number: those before it in its clause, and those after it.

        Where the number before has taken the words behind it as its label (11条机构设置类和8条规划类), what is
        left between the two is this number's.
        """
        left, right = self._gap(index)
        taken = self.taken.get(index - 1, 0)
        left = left[taken:]
        own = _SEPARATOR.split(left)[-1]
        if not own and left.endswith("："):
            own = _SEPARATOR.split(left[:-1])[-1]  # 点击：142次
        if index and not taken and own == left and "、" in left and not left.startswith("、"):
            # 「2件为当面申请、1件为网络申请」: what stands before the first 、 belongs to the number before.
            own = left.partition("、")[2]
        left = own.lstrip("、）)")
        if index and self.numbers[index - 1].kind == "percent" and _CONNECTIVE.match(left):
            # 民生类信息占41.1%，计30条: the share stands between the label and its count.
            left = re.sub(r"(?:占|占比|比例为?)+$", "", self._labels(index - 1)[0])
        match = _SEPARATOR.search(right)
        after = right[: match.start()] if match else right
        followed = match is None and index + 1 < len(self.numbers) and self.numbers[index + 1].kind != "percent"
        if followed and "、" not in after and not _CONNECTIVE.match(left):
            after = ""
        return left, re.split("[、（）]", after)[0]

    def _take_right(self, index: int, label: str) -> None:
        """Note that this number's label are the words behind it."""
        _, right = self._gap(index)
        self.taken[index] = right.find(label) + len(label) if label in right else 0

    def _each(self, index: int, number: Number, labels: list[str]) -> None:
        """One number for several labels: 行政复议、行政诉讼均为0件."""
        for label in labels:
            place = self._place(index, label, "")
            rule = self.rules.find(place)
            if rule is not None:
                self._add_all(index, number, rule)
                continue
            read = read_label(self.rules, label)
            if read.kind == "channel" and read.concept and "disclosure" in self.topics:
                self._add(index, number, read.concept, read.rule or "channel")
            elif read.kind == "category" and self._in_list(index) and self._after_category(index):
                self._category(index, number, read)

    def _decide(self, index: int, number: Number, left: str, right: str) -> None:
        place = self._place(index, left, right)
        start, end = self._clause_bounds(index)
        clause_left = self.text[start : number.start]
        if applicant := self._applicant(index, left, right):
            self._add(index, number, "requests.received", "requests.applicant", applicant=applicant)
            return
        rule = self.rules.find(place)
        if rule is None and clause_left != left and _CONNECTIVE.match(left) and index not in self.respective:
            wide = self.rules.find(msgspec.structs.replace(place, left=_DIGITS.sub("#", clause_left)))
            rule = wide if wide is not None and wide.concepts else None
        if rule is None and _SUMMED.match(left):
            clauses = _SEPARATOR.split(self.text[: number.start])
            earlier = _DIGITS.sub("#", "".join(clauses[-2:]))
            summed = self.rules.find(msgspec.structs.replace(place, left=earlier.replace("各", "")))
            rule = summed if summed is not None and summed.concepts else None
        if number.value == 0 and number.kind != "percent" and (denied := self._denied_by_zero(clause_left, rule)):
            for concept, name in denied:
                self._add(index, number, concept, name)
            return
        if rule is not None and rule.id == "response.interpretations" and number.unit == "条" and self._in_categories(index):
            rule = None  # 政策解读9条 among categories is one of them
        if rule is not None:
            if rule.concepts:
                self._add_all(index, number, rule)
            return
        if index == 0 and _SPAN_ONLY.match(left or "共") and len(self.text) < 24 and self._by_heading(index, number):
            return
        if _TIME_ONLY.match(left) and (same := self._compared(number)) is not None:
            self._add(index, number, same.concept, "comparison", same.category)
            return
        if number.unit in _ITEM_UNITS or (number.kind == "bare" and "disclosure" in self.topics):
            self._disclosure(index, number, left, right)

    def _denied_by_zero(self, words: str, rule: Rule | None) -> list[tuple[str, str]]:
        """行政复议、行政诉讼案件0件: one 0 for all that its clause names, if it names more than one thing."""
        if rule is not None and rule.concepts and not rule.concepts[0].endswith(".total") and rule.concepts != ("requests.received",):
            return []
        if _DIGITS.search(words):
            return []
        denied = list(denied_concepts(self.rules, words, self.sentence.kinds))
        return denied if len(denied) > 1 else []

    def _by_heading(self, index: int, number: Number) -> bool:
        """五、行政复议情况 ⏎ 0宗。: a number alone is what its heading names; a 0 is for all it names."""
        named = section_concepts(self.sentence.kinds, self.sentence.headings)
        if not named or (number.value and len(named) > 1):
            return False
        for concept in named:
            self._add(index, number, concept, "heading")
        return True

    def _compared(self, number: Number) -> Draft | None:
        """What 比上年的178条 is compared with: the last number of this sentence on the same bracket level, else the whole."""
        depth = self._depth(number.start)
        for place in reversed(self.index_of.values()):
            draft = self.reader.drafts[place]
            if draft.depth <= depth and draft.unit == number.unit:
                return draft
        whole = self._current_whole()
        return self.reader.drafts[whole] if whole is not None else None

    def _applicant(self, index: int, left: str, right: str) -> Applicant | None:
        """The applicant a count of requests is given for: 自然人5件、律所1件."""
        whole = self._current_whole()
        if whole is None or self.reader.drafts[whole].concept != "requests.received" or self.numbers[index].unit in ("期", "人", "名"):
            return None
        for applicant, pattern in _APPLICANTS:
            if pattern.search(left) or (_CONNECTIVE.match(left) and pattern.search(right)):
                return applicant
        return None

    def _add_all(self, index: int, number: Number, rule: Rule) -> None:
        if not rule.concepts:
            return
        for concept in rule.concepts:
            self._add(index, number, concept, rule.id)
        if rule.concepts[0].startswith("requests.outcome.refused.") and _REFUSED.search(self._labels(index)[0]):
            self._add(index, number, "requests.outcome.refused", f"{rule.id}.refused")  # 因涉及个人隐私不予公开1件
        self._outcome_behind(index, number, rule)

    def _outcome_behind(self, index: int, number: Number, rule: Rule) -> None:
        """不予公开1件（涉及个人隐私）, 复议1件，予以维持: the words behind the number name the child as well."""
        if number.value == 0 or not rule.concepts:
            return
        # Words that run on into the next number are its label (3宗，其中维持2宗), not this one's result.
        gap = self._gap(index)[1]
        if rule.concepts[0] == "requests.outcome.refused":
            gap = self._gap(index)[0] + gap  # 因涉及商业秘密，不予公开1件
        behind = gap if index + 1 == len(self.numbers) else gap[: max(map(gap.rfind, "，；。）")) + 1]
        for parent, pattern, child in _BEHIND:
            if rule.concepts[0] == parent and pattern.search(behind):
                self._add(index, number, child, f"{rule.id}.behind")
                return

    # ---- what is published

    def _disclosure(self, index: int, number: Number, left: str, right: str) -> None:
        if self.sentence.kind in ("requests", "review_litigation", "fees", "complaints", "consultation", "staffing", "training"):
            return
        before = self.text[: number.start]
        if self.text[number.start] == "一" and number.unit in ("个", "项", "种", "批", "家", "份"):
            return  # 一项基本制度: an article, not a count
        label = self._label(index, left, right)
        in_list = self._in_list(index)
        published = bool(_PUBLISH.search(before) or _PUBLISH.match(right))
        if label.kind == "total" and in_list and (column := _COLUMN.search(label.subject)):
            label = Label(kind="category", words=column[1])  # “工作动态”栏目发布信息30条
        if label.kind == "channel" and label.concept and (published or in_list or self._current_whole() is not None):
            self._add(index, number, label.concept, label.rule or "channel")
        elif label.kind == "category" and not in_list and published and _WHOLE_RANGE.search(label.words):
            self._total(index, number)
        elif label.kind == "category" and (in_list or self._category_alone(number, left)):
            self._category(index, number, label)
        elif label.kind == "total" and (published or _INFORMATION.search(left + right)):
            if not label.subject and self._names_a_part(label.words) and (self._parts_begun(index) or self._after_category(index)):
                self._category(index, number, label)
            else:
                self._total(index, number)

    def _label(self, index: int, left: str, right: str) -> Label:
        label = read_label(self.rules, left)
        if label.kind == "total" and not label.words:
            behind = read_label(self.rules, re.split("(?<=.)(?:和|以及|及|与)$", right)[0], after=True) if right else label
            if behind.kind in ("channel", "channels", "category"):
                self._take_right(index, behind.words)
                return behind
            # 公众号是主力，近九百条: the label stands a clause before.
            clauses = _SEPARATOR.split(self._gap(index)[0])
            if len(clauses) > 1 and index and not left and self._in_list(index):
                earlier = read_label(self.rules, clauses[-2])
                if earlier.kind == "channel":
                    return earlier
        if label.kind == "total" and self._in_list(index):
            segment = re.split("[；\n]", self.text[: self.numbers[index].start])[-1]
            match = _ENUMERATED.match(segment)
            if match and not re.search("公开|信息|数量|情况", match[1]):
                return Label(kind="category", words=match[1])
        if label.kind == "category" and _PUBLISH.search(label.words) and re.search("的信息$|信息$", label.words) and self.whole is None:
            return Label(kind="total")
        return label

    @staticmethod
    def _names_a_part(words: str) -> bool:
        """Whether general words (政务信息) still name something among parts; 信息 and 各类政府信息 don't."""
        return len(clean_category(words)) >= 2 and not _DIGITS.search(words) and not _NOTHING_NAMED.match(words)

    def _after_category(self, index: int) -> bool:
        """Whether the number before this one was a category's."""
        if index == 0:
            return self.memory.listing
        place = index - 1
        while place > 0 and self.numbers[place].kind == "percent":
            place -= 1
        before = self.index_of.get(place)
        return before is not None and self.reader.drafts[before].concept == "disclosure.by_category"

    def _parts_begun(self, index: int) -> bool:
        """Whether the sentence has gone from its total to its parts."""
        if self.whole is None:
            return bool(self._current_whole() is not None and re.match("其中|包括", self.text))
        whole_end = self.reader.drafts[self.whole].end - self.sentence.start
        return bool(_PARTS.search(self.text[whole_end : self.numbers[index].start]))

    def _in_list(self, index: int) -> bool:
        """Whether this number stands among parts: a whole of its unit is known, or its neighbours look the same."""
        unit = self.numbers[index].unit
        whole = self._current_whole()
        if whole is not None and self.reader.drafts[whole].concept.startswith("disclosure."):
            own = self.reader.drafts[whole].unit
            return unit == own or {unit, own} <= _TEXT_UNITS or not unit
        if unit not in _TEXT_UNITS or self.sentence.kind not in ("disclosure", "overview", None):
            return False
        same = [n for n in self.numbers if n.unit == unit]
        said = self.sentence.kind == "disclosure" or _SAID.search(self.text, 0, self.numbers[index].start)
        return len(same) >= 2 and bool(said) and bool(re.search("类|信息|公开", self.text))

    def _category_alone(self, number: Number, left: str) -> bool:
        return number.unit in ("条", "篇", "件", "份", "则") and bool(re.search(r"类(?:信息)?$|信息$|动态$", left)) and bool(_PUBLISH.search(self.text[: number.start]))

    def _total(self, index: int, number: Number) -> None:
        if self.drafted is not None and self._other_year(index):
            same = self.reader.drafts[self.drafted]
            if same.concept.startswith("disclosure") and same.unit == number.unit:
                self._add(index, number, same.concept, "comparison", same.category)
                return
        channel = self._channel_before(self._gap(index)[0])
        if channel is not None:
            self._add(index, number, channel.concept or "", channel.rule or "")
        elif number.unit in _TEXT_UNITS or number.unit in ("", "次", "期") or "信息" in self._labels(index)[0]:
            self._add(index, number, "disclosure.total", "disclosure.total")

    def _other_year(self, index: int) -> bool:
        """Whether this number is of another year than the one before it (上年更新861条)."""
        here, before = self.clock[index], self.clock[index - 1]
        return index > 0 and here.scope == before.scope and (here.year, here.offset) != (before.year, before.offset)

    def _channel_before(self, words: str) -> Label | None:
        """通过政府网站，主动公开信息506条: the one channel that the words since the last number name as means.

        A clause that begins with a channel makes it the subject of the next (“某镇发布”公众号常年更新，发布信息502篇).
        """
        means = _MEANS.search(words)
        if means is None:
            clauses = [c for c in _SEPARATOR.split(words) if c]
            opening = _SUBJECT.match(clauses[-2]) if len(clauses) > 1 else None
            label = read_label(self.rules, opening[0]) if opening else None
            return label if label is not None and label.kind == "channel" else None
        named = _VERB_ON.split(words[means.end() :])[0].rstrip("，上")
        label = read_label(self.rules, named if "、" in named else named.split("，")[0])
        return label if label.kind == "channel" else None

    def _category(self, index: int, number: Number, label: Label) -> None:
        category = clean_category(label.words)
        if len(category) < 2:
            return
        if category in ("规范性文件", "行政规范性文件") and not self._in_categories(index):
            self._add(index, number, "disclosure.normative_documents", "disclosure.normative_documents")
            return
        place = self.text.rfind(label.words, 0, number.start)
        if place < 0:
            place = self.text.find(label.words, number.end)
        start = self.sentence.start + place
        self._add(index, number, "disclosure.by_category", "disclosure.by_category", category, label=(start, start + len(label.words)))

    def _in_categories(self, index: int) -> bool:
        """Whether categories stand on either side: 规范性文件 among them is one of them."""
        follows = index + 1 < len(self.numbers) and self.numbers[index + 1].unit == self.numbers[index].unit
        return self._after_category(index) or (follows and len(self._gap(index)[1]) < 16)

    # ---- drafts

    def _add(self, index: int, number: Number, concept: str, rule: str, category: str | None = None, applicant: Applicant | None = None, label: tuple[int, int] | None = None) -> None:
        time = self.clock[index]
        whole = self._current_whole()
        is_part = concept not in ("disclosure.total", "requests.received") and whole is not None
        if concept.startswith("disclosure.channel.") and not self._of_total():
            is_part = False
        part_of = self._parent(index, whole) if is_part else None
        if is_part and not time.named and self.whole is None and whole is not None and re.match("（?其中", self.text):
            inherited = self.reader.drafts[whole].time
            time = Time(inherited.year, inherited.scope, False, inherited.offset)
        if concept == "disclosure.electronic_rate":
            time = Time(time.year, "annual", time.named, time.offset)  # a rate does not add up over the years
        unit = number.unit or concepts()[concept].unit
        if number.kind == "percent":
            unit = "%"
        draft = Draft(
            concept=concept,
            category=category,
            applicant=applicant,
            value=number.value,
            unit=unit,
            time=time,
            approximate=number.approximate,
            start=self.sentence.start + number.start,
            end=self.sentence.start + number.end,
            section=self.sentence.kind,
            rule=rule,
            sentence=self.reader.count,
            part_of=part_of,
            label=label,
            depth=self._depth(number.start),
        )
        self.index_of[index] = self.drafted = len(self.reader.drafts)
        self.reader.drafts.append(draft)
        if concept.startswith("disclosure.channel.") and not self._of_total():
            self.whole = self.memory.whole = self.index_of[index]  # 网站118条，其中动态61条
        if rule != "comparison" and applicant is None and concept in ("disclosure.total", "requests.received", "review.total", "litigation.total", "requests.outcome.total", "requests.closed"):
            self.whole = self.index_of[index]
            self.memory.whole = self.whole

    def _of_total(self) -> bool:
        """Whether the whole in force is a total of all information (a channel is no part of another channel)."""
        whole = self._current_whole()
        return whole is not None and not self.reader.drafts[whole].concept.startswith("disclosure.channel.")

    def _depth(self, place: int) -> int:
        return self.text.count("（", 0, place) - self.text.count("）", 0, place)

    def _parent(self, index: int, whole: int | None) -> int | None:
        """The draft this part belongs to: the whole, or a part before it that a bracket or a 其中 opens up."""
        number = self.numbers[index]
        depth = self._depth(number.start)
        while self.nested and (depth < self.nested[-1][1] or (self.nested[-1][2] and re.search("；", self._gap(index)[0]))):
            self.nested.pop()
        gap = self._gap(index)[0]
        before = self.index_of.get(index - 1)
        if before is not None and before != whole and self.reader.drafts[before].concept.startswith("disclosure."):
            if gap.startswith("（"):
                self.nested.append((before, depth, False))
            elif re.match(r"[，、]?(?:其中|包括|内分|内含|含|里面)", gap):
                self.nested.append((before, depth, True))
        return self.nested[-1][0] if self.nested else whole

    def _percent(self, index: int, number: Number) -> None:
        left, right = self._labels(index)
        rule = self.rules.find(self._place(index, left, right))
        if rule is not None and rule.concepts:
            self._add_all(index, number, rule)
        elif rule is None or rule.id != "none.growth":
            self._share(index, number, left)

    def _share(self, index: int, number: Number, left: str) -> None:
        """A percentage beside a count: 22条，占33.3%."""
        if number.unit != "%" or not (_SHARE.search(left) or left.endswith("（") or self._gap(index)[0] in ("（", "，", "")):
            return
        part = self._share_part(index)
        other = _SHARE_OF.search(left)
        whole = None
        if part is not None and (other is None or _SHARE_OF_ALL.search(other[1])):
            whole = self.reader.drafts[part].part_of
        self.reader.shares.append(
            ProseShare(
                percent=float(number.value),
                decimals=number.decimals,
                start=self.sentence.start + number.start,
                end=self.sentence.start + number.end,
                part=part,
                whole=whole,
            )
        )

    def _share_part(self, index: int) -> int | None:
        """The draft a share belongs to: the count before it, or the one in its place of a 分别占 list."""
        run = index
        while run and self.numbers[run - 1].kind == "percent":
            run -= 1
        last = index
        while last + 1 < len(self.numbers) and self.numbers[last + 1].kind == "percent" and re.fullmatch("[、，和及]+", self._gap(last)[1]):
            last += 1
        if last > run and re.search("分别|依次", self.text[: self.numbers[run].start]):
            counts = [self.index_of[i] for i in range(run) if i in self.index_of]
            wanted = last - run + 1
            return counts[-wanted:][index - run] if len(counts) >= wanted else None
        return self.index_of.get(index - 1)
