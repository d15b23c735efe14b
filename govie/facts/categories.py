"""What a count of published information is a count of: all of it, a channel's, or a category's.

A category label is whatever the clerk wrote before (or after) the number, so there is no list to look it up
in; what can be listed is what surrounds it: connecting words before it, copulas after it, and the words that
make a label a channel or a general word for information.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from .lexicon import words
from .rules import Rules

__all__ = ["Label", "clean_category", "read_label"]

_LEAD = words("label_lead")
_TAIL = words("label_tail")
_GENERAL = words("label_general")
_OTHER_THINGS = words("label_of_other_things")
_VERB = words("label_verb")
_ENDS_IN_VERB = words("ends_in_verb")
_COPULA = words("label_copula")
_OTHER_CHANNELS = words("other_channels")
_SEVERAL_SITES = words("several_sites")
_SEVERAL_CHANNELS = words("several_channels")
_CHANNEL_AS_MEANS = words("channel_as_means")
_AFTER_CHANNEL = words("after_channel")
_BRACKETS = re.compile("（[^）]*）")
# What is quoted is a name, and a channel word in it names none; 《…报》 is the name of a newspaper.
_QUOTED = re.compile("“[^”]*(?:(?<!政务网)(?<!政府网)(?<!门户网)(?<!信息网)(?<!网站)(?<!公众号)(?<!微博)”|$)|《[^》]*(?<!报)(?<!刊)(?:》|$)|「[^」]*(?:」|$)")
_CLOSING_SIGNS = re.compile(r"[·”》）\"]+|（[^）]*）")  # what may stand between a channel word and the words after it
_CLAUSE_END = re.compile("[，。；：（]")
_NO_LABEL = re.compile("[，。；：？]")  # a label is within one clause
_ENUMERATION = re.compile("[、，和及与]")
_CLASS_AT_END = re.compile("类(?:信息)?$")
_COLUMN_LABEL = words("column_label")
_ITEM_NUMBER = re.compile("^[（(]?[\\d一二三四五六七八九十]{1,2}[）)．.、]+")
_CATEGORY_CLOSING = re.compile("(?:[类類]|信息|公[开開]|情[况況])$")  # categories are in the characters of the text
_LONGEST_CATEGORY = 40
_OTHER = "disclosure.channel.other"


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says: ``total``, a channel (with ``concept``), a ``category`` (with its words), or nothing.

    ``subject`` are the words up to a verb of publishing before the label, "" where there is none.
    """

    kind: Literal["total", "channel", "channels", "category", "none"]
    concept: str | None = None
    rule: str | None = None
    words: str = ""
    subject: str = ""


class _Named(msgspec.Struct, frozen=True):
    """A channel where a label names it: the id of its entry, its concept and place."""

    id: str
    concept: str
    start: int
    end: int


def clean_category(label: str) -> str:
    """Return a category label as facts hold it: no leading number, no closing 类, 信息, 公开 and 情况.

    >>> clean_category("机构职能类信息"), clean_category("政府领导类公开"), clean_category("工作动态")
    ('机构职能', '政府领导', '工作动态')
    """
    category = _ITEM_NUMBER.sub("", label)
    while len(shorter := _CATEGORY_CLOSING.sub("", category)) < len(category) and len(shorter) >= 2:
        category = shorter
    return category


def read_label(rules: Rules, label: str, *, after: bool = False) -> Label:
    """Return what the words before a number (``after``: behind it) say it counts."""
    core, subject = _trim_behind(label) if after else _trim(label)
    if column := _COLUMN_LABEL.match(core):
        return Label(kind="category", words=column[1], subject=subject)  # “工作动态”栏目发布信息30条
    general = bool(_GENERAL.match(_BRACKETS.sub("", core)))
    place = subject if subject and (general or not core.endswith(("类", "类信息"))) else core
    channels = _channels(rules, place)
    if channels and (place is subject or _is_channel(place, channels)):
        return _channel_label(place, channels, core)
    if not subject and (match := _ENDS_IN_VERB.match(core)) and (channels := _channels(rules, match[1])):
        return _channel_label(match[1], channels, "")
    if general:
        return Label(kind="total", words=core, subject=subject)
    if not 2 <= len(core) <= _LONGEST_CATEGORY or _OTHER_THINGS.search(core) or _NO_LABEL.search(core):
        return Label(kind="none", words=core, subject=subject)
    return Label(kind="category", words=core, subject=subject)


def _trim(label: str) -> tuple[str, str]:
    """The label without connecting words, and the words up to the verb before it."""
    core = label
    while match := _VERB.match(core):
        core = core[match.end() :]
    subject = label[: len(label) - len(core)]
    return _without_connecting(core), subject


def _trim_behind(label: str) -> tuple[str, str]:
    return _without_connecting(_COPULA.sub("", _CLAUSE_END.split(label, 1)[0])), ""


def _without_connecting(label: str) -> str:
    while label and (match := _LEAD.match(label)):
        label = label[match.end() :]
    while label and (match := _TAIL.search(label)):
        label = label[: match.start()]
    return label[1:-1] if label.startswith("“") and label.endswith("”") else label


# ---- channels


def _channels(rules: Rules, label: str) -> list[_Named]:
    """The channels named, in order of place; a later rule does not claim what an earlier one has."""
    if not rules.names_channel(label):
        return []
    plain = _QUOTED.sub(_blank_out, label)
    taken: list[_Named] = []
    for channel in rules.channels:
        for match in channel.pattern.finditer(plain):
            if not any(other.start < match.end() and match.start() < other.end for other in taken):
                taken.append(_Named(channel.id, channel.concept, match.start(), match.end()))
    return _merged(sorted(taken, key=lambda named: named.start), plain)


def _blank_out(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def _merged(channels: list[_Named], label: str) -> list[_Named]:
    """微信公众号 is one channel named twice; 网站和微信 are two."""
    merged: list[_Named] = []
    for channel in channels:
        last = merged[-1] if merged else None
        if last and last.concept == channel.concept and not _ENUMERATION.search(label[last.end : channel.start]):
            merged[-1] = msgspec.structs.replace(last, end=channel.end)
        else:
            merged.append(channel)
    return merged


def _channel_label(place: str, channels: list[_Named], core: str) -> Label:
    if _OTHER_CHANNELS.search(place):
        return Label(kind="channel", concept=_OTHER, rule="channel.other", words=core)
    if "网" in place and _SEVERAL_SITES.search(place):
        return Label(kind="total", words=core)
    if len({channel.concept for channel in channels}) == 1:
        return Label(kind="channel", concept=channels[0].concept, rule=f"channel.{channels[0].id}", words=core)
    if place != core or _SEVERAL_CHANNELS.search(place):
        return Label(kind="total", words=core)
    return Label(kind="channels", words=core)


def _is_channel(label: str, channels: list[_Named]) -> bool:
    """A channel word makes the label a channel unless it only modifies a topic (网络安全, 网站建设类)."""
    if _CLASS_AT_END.search(label) and not _CHANNEL_AS_MEANS.search(label, 0, channels[0].start + 2):
        return False
    rest = _CLOSING_SIGNS.sub("", _QUOTED.sub("", label[channels[-1].end :]))
    return not rest or bool(_AFTER_CHANNEL.match(rest))
