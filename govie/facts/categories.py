"""What a count of published information is a count of: all of it, a channel's, or a category's.

A category label is whatever the clerk wrote before (or after) the number, so there is no list to look it up
in; what can be listed is what surrounds it: connecting words before it, copulas after it, and the words that
make a label a channel or a general word for information.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from .rules import Rules

__all__ = ["Label", "clean_category", "read_label"]

_LEADS = re.compile(
    r"^(?:[、，；：。\s（）—\-]+|历年来?累计|历年来?|累计|其中|其余|包括了?|包含|分别(?:为|是)?|占|主要(?:是|有|为|包括)?|涉及|属于?|有关|关于|涵盖|(?:信息|内容)(?:分为|分|包括|包含|涵盖|涉及)|(?:主动)?公开了?(?![栏墙榜板指目年])|发布了?(?!会)|公布了?|上传|更新了?|新增|还有|另有|另外|另|又|以及|及|和|与|有|共有|共计|共|是|为(?!民|了)|的|按[^，。；：]{0,10}分[为：，]?|"
    r"从[^，。；：]{0,10}(?:看|来看|来说|划分|分)[，：]?|内含|内有|内分|分为|(?:19|20)\d\d年度?|上年度?|去年|同期|同比|内容(?:上|分)?|具体(?:为|是|如下)?|截至[^，]{0,12}|全年|今年|本年度?|"
    r"[一二三四五六七八九十]是|第[一二三四五六七八九十]类?[是为：]|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[、．.]|[①-⑳]|了|则|等|中|里|信息中|各类信息|信息内容)"
)
_TAILS = re.compile(r"(?:[、，：（\s—\-]+|分别|累计|共计|合计|总计|共有|共|(?<![统审会设估预])计|有|为|是|占|约|达到?|总数量?为?|总数|数量?为?|数|各|均|都|则|公开了?|发布了?|更新了?|上传了?|的信息|等|以|的|了|（类）)$")
_GENERAL = re.compile(
    r"^(?:政府|政务|各类|各种|各项|各级|有关|相关|主动|公开|本级|本镇|本乡|本街道|我镇|我乡|镇|乡|街道|全镇|全乡|党务|及|和|与|、|各|全部|所有|重要|重点|应|依法|该|累计|总共|一共|共|数字|文字|电子|新|类|对外|向社会|社会|单位|部门|今年|我局|局|本局|此|类别|村|主要|的|动态更新|及时|上述|以上|这些|信息化|基层|党政|本年|了)*"
    r"(?:信息|内容|数|条数|数量|总数|总量|总条数|政务|信息量|信息数量?|信息总数|信息总量|文章|稿件|事项|资料|材料|文件|公文|工作)?(?:的)?(?:数|数量|总数|总量|条数|件数|件|条)?$"
)
# Labels of things that are done or counted otherwise, not of published information.
_OTHER_THINGS = re.compile(
    r"^(?:线[上下]|加强|做好|推进|落实|开展|提高|完善|建立|召开|举办|组织(?!机构|人事|结构|建设)|培训|检查|整改|办理|发放|处理|调解|受理|接待|投入|走访|排查|参加|参与|新建|修建|邀请|设立|设置|建成|安装|开通|配备|慰问|帮助|解决|回复|答复|收到|征集|征求|"
    r"先后|确定|调处|抽调|删除|清理|撤并|解答|接听|编印|印制|关闭|保留|合并|撤销|订阅|赠阅|张贴|换|增设|成立|累计接|共接|现有|共有村)"
    r"|栏目|点击|访问|浏览|工单|证件|比上|较上|增加了?$|减少了?$|增长|阅读|关注|粉丝|采用|采纳|(?:人口|面积|收入)$|工作日|股室|行政村|村民|党员|户主|许可证|运输证|删除|撤稿|换了|季度换|每期|每月|每季|供稿|撰稿|指南由|原创|依申请公开|不予公开|免予公开|予以|季度$"
)
# The verb of the clause, with its subject and adverbs before it: 2017年我镇主动公开|各类信息. A 公开 inside a label
# (政府信息公开指南) has none of these before it.
_VERB = re.compile(
    r"^(?:[^，。；：]*?(?:主动|对外|共|累计|已|及时|全年|年|年度|镇|乡|街道|局|府|站|上|台|栏|号|们|另|单位|办|依法|向社会|统一|集中|按规定|要求|总计|共计|合计|分别|则|还|又|也|网|中|内|端|渠道|方式|形式|途径|底|末|日|来|据|并|平台|”|重点|应|等))?"
    r"(?:公开(?![栏墙榜板专平网目指条渠])|发布|公布|上传|更新|刊登|推送|发送|登载|录入|刊发|推出|(?<=.)(?:张贴|张榜|公示(?![公信类栏])|编发|转载|发表|播发|投放|登出|制作|挂出|贴出|播出|上网|转发|报送|上报|播放|发帖|刊播|群发|登|发))(?:了|过|出|的)?(?=[^类信息].|.{2}[^类]|$|信息$)"
)


# 在县政府门户网站民政局页面发布: all before the verb is its subject, if a channel is in it.
_ENDS_IN_VERB = re.compile(r"^(.+?)(?:主动|对外|共|累计|全年|滚动)*(?:公开|发布|公布|上传|更新|刊登|推送|登载|录入|张贴|播发|播放|刊播|刊发|发帖|登|发)(?:了|出|各类|信息|共|的)*$")
_COPULA = re.compile(r"^(?:信息)?(?:的)?(?:是|为|属于?|系|涉及|关于|由|通过|经|挂在|发在|在|来自|用于|走|登在|发布在|刊登在|上传至|张贴在|张贴于|贴在|贴于|刊在|发到|发布于|刊登于|见于|发往|挂上|上传到)")
_BRACKETS = re.compile(r"（[^）]*）")
_QUOTED = re.compile(r"“[^”]*(?:”|$)|《[^》]*(?<!报)(?:》|$)|「[^」]*(?:」|$)")


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says: ``total``, a channel (with ``concept``), a ``category`` (with its words), or nothing.

    ``subject`` are the words up to a verb of publishing before the label, "" where there is none.
    """

    kind: Literal["total", "channel", "channels", "category", "none"]
    concept: str | None = None
    rule: str | None = None
    words: str = ""
    subject: str = ""


def clean_category(label: str) -> str:
    """Return a category label as facts hold it: no leading number, no closing 类, 信息, 公开 and 情况.

    >>> clean_category("机构职能类信息"), clean_category("政府领导类公开"), clean_category("工作动态")
    ('机构职能', '政府领导', '工作动态')
    """
    words = re.sub(r"^[（(]?[\d一二三四五六七八九十]{1,2}[）)．.、]+", "", label)
    while len(shorter := re.sub("(?:[类類]|信息|公[开開]|情[况況])$", "", words)) < len(words) and len(shorter) >= 2:
        words = shorter
    return words


def read_label(rules: Rules, words: str, *, after: bool = False) -> Label:
    """Return what the words before a number (``after``: behind it) say it counts."""
    core, subject = _trim(words, after)
    general = bool(_GENERAL.match(_BRACKETS.sub("", core)))
    place = subject if subject and (general or not core.endswith(("类", "类信息"))) else core
    channels = _channels(rules, _QUOTED.sub(_blank_out, place))
    if channels and (place is subject or _is_channel(place, channels)):
        return _channel_label(place, channels, core)
    if not subject and (match := _ENDS_IN_VERB.match(core)) and (channels := _channels(rules, _QUOTED.sub(_blank_out, match[1]))):
        return _channel_label(match[1], channels, "")
    if general:
        return Label(kind="total", words=core, subject=subject)
    if len(core) > 34 or len(core) < 2 or _OTHER_THINGS.search(core) or re.search(r"[，。；：？]", core):
        return Label(kind="none", words=core, subject=subject)
    return Label(kind="category", words=core, subject=subject)


def _channel_label(place: str, channels: list[tuple[str, str, int, int]], core: str) -> Label:
    if re.search(r"其[他它](?:各种|多种)?(?:方式|渠道|形式|途径|平台|载体)", place):
        return Label(kind="channel", concept="disclosure.channel.other", rule="channel.other", words=core)
    if "网" in place and re.search(r"两级|各级|多个|三级", place):
        return Label(kind="total", words=core)
    if len(channels) == 1 or {c for _, c, _, _ in channels} == {"disclosure.channel.other"}:
        name, concept, _, _ = channels[0]
        return Label(kind="channel", concept=concept, rule=f"channel.{name}", words=core)
    if re.search(r"等(?:多种|各种|其他|公开)?(?:方式|形式|渠道|途径|载体|平台|媒介|$)|多种|各类|各种", place) or place != core:
        # 通过网站、公开栏等形式 names means, not one channel: the number is of all information.
        return Label(kind="total", words=core)
    return Label(kind="channels", words=core)


def _blank_out(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def _trim(words: str, after: bool) -> tuple[str, str]:
    """The label without connecting words, and the words up to the verb before it."""
    start = 0
    subject = ""
    if after:
        words = re.split(r"[，。；：（]", words, maxsplit=1)[0]
        words = _COPULA.sub("", words)
    else:
        while match := _VERB.match(words[start:]):
            start += match.end()
            subject = words[:start]
    while start < len(words) and (match := _LEADS.match(words[start:])):
        start += match.end()
    end = len(words)
    while end > start and (match := _TAILS.search(words, start, end)):
        end = match.start()
    core = words[start:end]
    if core.startswith("“") and core.endswith("”"):
        return core[1:-1], subject
    return core, subject


def _channels(rules: Rules, words: str) -> list[tuple[str, str, int, int]]:
    """The channels named, in order of place; a later rule does not claim what an earlier one has."""
    taken: list[tuple[str, str, int, int]] = []
    for name, concept, pattern in rules.channels:
        for match in pattern.finditer(words):
            if not any(s < match.end() and match.start() < e for _, _, s, e in taken):
                taken.append((name, concept, match.start(), match.end()))
    taken.sort(key=lambda c: c[2])
    merged: list[tuple[str, str, int, int]] = []
    for channel in taken:
        # 微信公众号 is one channel named twice; 网站和微信 are two.
        if merged and merged[-1][1] == channel[1] and not re.search("[、，和及与]", words[merged[-1][3] : channel[2]]):
            merged[-1] = (*merged[-1][:3], channel[3])
        else:
            merged.append(channel)
    return merged


def _is_channel(words: str, channels: list[tuple[str, str, int, int]]) -> bool:
    """A channel word makes the label a channel unless it only modifies a topic (网络安全, 网站建设类)."""
    last = channels[-1][3]
    rest = re.sub(r"[·”》）\"]+|（[^）]*）", "", _QUOTED.sub("", words[last:]))
    if re.search(r"类$|类信息$", words) and not re.search("通过|利用|平台", words[: channels[0][2] + 2]):
        return False
    return not rest or bool(
        re.match(
            r"^(?:[“”《》\"』」]|平台|渠道|形式|方式|途径|端|账号|帐号|公众号|上|中|里|内|等|向社会|主动|对外|共|累计|及时|统一|全年|发布|公开|公布|更新|刊登|推送|发送|登载|张贴|公示|上传|录入|挂出|发出|转发|政务|政府|信息|各类|各种|动态|内容|文章|稿件|图文|消息|资讯|文件|栏目|专栏|频道|子站|系统|公开栏|类|的|了|数|量|条数|数量|有|推文|短视频|作品|另|本年|年内|年末|来|播出|播发|贴出|刊发|进行|[县市区镇乡]|号|（[^）]*）)+$",
            rest,
        )
    )
