"""Counts of published information: the total, a channel's, or a category's.

A number of items that no rule decides comes here. Its label (:mod:`.categories`) says what kind of count it is;
where the label is only general words (信息20条), the place decides: among parts it is a part, else the total, and a
total that is said through one channel (通过网站，主动公开信息506条) is that channel's.
"""

from __future__ import annotations

import re

from .categories import Label, clean_category, read_label
from .lexicon import words
from .state import SentenceState
from .surroundings import SEPARATOR
from .wholes import TEXT_UNITS

__all__ = ["among_categories", "counts_items", "follows_category", "is_kind_of_interpretation", "read_published", "read_shared_label"]

_ITEM_UNITS = frozenset("条 件 个 篇 项 份 次 期 则 条次 件次 篇次 个次 宗 部 批 起 例".split())
_TOTAL_UNITS = TEXT_UNITS | {"", "次", "期"}
_CATEGORY_UNITS = frozenset("条 篇 件 份 则".split())
_ARTICLE_UNITS = frozenset("个 项 种 批 家 份".split())
_OTHER_SECTIONS = frozenset(
    ("requests", "review_litigation", "fees", "complaints", "consultation", "staffing", "training")
)
_PUBLISHING_SECTIONS = ("disclosure", "overview", None)

_PUBLISHING = words("publishing")
_INFORMATION = words("information")
_INFORMATION_VERB = words("information_verb")
_SAID_PUBLISHED = words("said_published")
_INFORMATION_IN_SENTENCE = words("information_in_sentence")
_WHOLE_RANGE = words("whole_range")
_NOTHING_NAMED = words("nothing_named")
_CATEGORY_ALONE = words("category_alone")
_COLUMN = words("column")
_ENUMERATED = words("enumerated")
_ENUMERATED_NOT_CATEGORY = words("enumerated_not_category")
_MEANS = words("means")
_CHANNEL_SUBJECT = words("channel_subject")
_PARTS = words("parts")
_DIGIT = re.compile(r"\d")
_AND_AT_END = re.compile("(?<=.)(?:和|以及|及|与)$")  # 11条机构设置类和8条规划类: 和 is no part of the label
_ITEM_START = re.compile("[；\n]")
_INFORMATION_AT_END = re.compile("信息$")
_NORMATIVE_DOCUMENTS = frozenset(("规范性文件", "行政规范性文件"))
_NEAR = 16
"""Characters within which the next number counts as a neighbour."""


def counts_items(state: SentenceState, index: int) -> bool:
    """Return whether a number can count published information."""
    number = state.numbers[index]
    return number.unit in _ITEM_UNITS or (number.kind == "bare" and "disclosure" in state.topics)


def read_published(state: SentenceState, index: int, left: str, right: str) -> None:
    """Add the fact of a number that may count published information; ``left`` and ``right`` are its labels."""
    if other := _no_publication(state, index):
        state.pass_over(index, other)
        return
    label = _label(state, index, left, right)
    if label.kind in ("none", "channels"):
        state.pass_over(index, f"label.{label.kind}")
    listed = _in_list(state, index)
    published = bool(_PUBLISHING.search(state.text, 0, state.numbers[index].start) or _PUBLISHING.match(right))
    if label.kind == "total" and listed and (column := _COLUMN.search(label.subject)):
        label = Label(kind="category", words=column[1])  # “工作动态”栏目发布信息30条
    if label.kind == "channel":
        if published or listed or state.wholes.current is not None:
            _add_channel(state, index, label)
    elif label.kind == "category":
        if not listed and published and _WHOLE_RANGE.search(label.words):
            _add_total(state, index)
        elif listed or _is_category_alone(state, index, left):
            _add_category(state, index, label)
    elif label.kind == "total" and (published or _INFORMATION.search(left + right)):
        if not label.subject and _names_a_part(label.words) and _among_parts(state, index):
            _add_category(state, index, label)
        else:
            _add_total(state, index)


def _no_publication(state: SentenceState, index: int) -> str | None:
    """Why a number cannot count published information, None if it can."""
    number = state.numbers[index]
    if state.sentence.kind in _OTHER_SECTIONS:
        return "section.other"
    if state.text[number.start] == "一" and number.unit in _ARTICLE_UNITS:
        return "article"  # 一项基本制度: an article, not a count
    return None


def is_kind_of_interpretation(state: SentenceState, index: int) -> bool:
    """政策解读12篇，其中图解8篇、视频4篇: kinds of interpretation are no categories of information."""
    last = state.last
    if last is None or last.concept != "response.interpretations":
        return False
    between = state.text[last.end - state.sentence.start : state.numbers[index].start]
    return bool(_PARTS.search(between)) or between.startswith("（")


def read_shared_label(state: SentenceState, index: int, shared: str) -> None:
    """Add the fact of one of the labels that share a number (微博、微信各5条)."""
    label = read_label(state.rules, shared)
    if label.kind == "channel" and "disclosure" in state.topics:
        _add_channel(state, index, label)
    elif label.kind == "category" and _in_list(state, index) and follows_category(state, index):
        _add_category(state, index, label)


def among_categories(state: SentenceState, index: int) -> bool:
    """Return whether categories stand on either side: 规范性文件 or 政策解读 among them is one of them."""
    follows = index + 1 < len(state.numbers) and state.numbers[index + 1].unit == state.numbers[index].unit
    return follows_category(state, index) or (follows and len(state.around.after(index)) < _NEAR)


# ---- the label


def _label(state: SentenceState, index: int, left: str, right: str) -> Label:
    label = read_label(state.rules, left)
    if label.kind == "total":
        return _label_elsewhere(state, index, label, left, right) or label
    said_published = _PUBLISHING.search(label.words) and _INFORMATION_AT_END.search(label.words)
    if label.kind == "category" and said_published and state.wholes.own is None and not follows_category(state, index):
        return Label(kind="total")  # 发布的政府工作信息
    return label


def _label_elsewhere(state: SentenceState, index: int, label: Label, left: str, right: str) -> Label | None:
    """The label of a number with only general words before it: behind it, a clause before, or its item's name."""
    if not label.words:
        behind = read_label(state.rules, _AND_AT_END.sub("", right), after=True) if right else label
        if behind.kind in ("channel", "channels", "category"):
            state.around.take_right(index, behind.words)
            return behind
        if subject := _subject_before(state, index, left):
            return subject
    return _item_name(state, index)


def _subject_before(state: SentenceState, index: int, left: str) -> Label | None:
    """公众号是主力，近九百条: the label stands a clause before."""
    clauses = SEPARATOR.split(state.around.before(index))
    if not index or left or len(clauses) < 2 or not _in_list(state, index):
        return None
    earlier = read_label(state.rules, clauses[-2])
    return earlier if earlier.kind == "channel" else None


def _item_name(state: SentenceState, index: int) -> Label | None:
    """一是会议信息，全年20条."""
    if not _in_list(state, index):
        return None
    item = _ITEM_START.split(state.text[: state.numbers[index].start])[-1]
    match = _ENUMERATED.match(item)
    if match is None or _ENUMERATED_NOT_CATEGORY.search(match[1]):
        return None
    return Label(kind="category", words=match[1])


def _names_a_part(label: str) -> bool:
    """Whether general words (政务信息) still name something among parts; 信息 and 各类政府信息 don't."""
    return len(clean_category(label)) >= 2 and not _DIGIT.search(label) and not _NOTHING_NAMED.match(label)


# ---- the place


def _among_parts(state: SentenceState, index: int) -> bool:
    return state.wholes.begun(index) or follows_category(state, index)


def follows_category(state: SentenceState, index: int) -> bool:
    """Return whether the number before this one was a category's."""
    if index == 0:
        return state.report.listing
    before = state.wholes.count_before(index)
    return before is not None and state.report.drafts[before].concept == "disclosure.by_category"


def _in_list(state: SentenceState, index: int) -> bool:
    """Whether this number stands among parts: a whole of its unit is known, or its neighbours look the same."""
    unit = state.numbers[index].unit
    if state.wholes.concept.startswith("disclosure."):
        return state.wholes.takes_parts_in(unit)
    if unit not in TEXT_UNITS or state.sentence.kind not in _PUBLISHING_SECTIONS:
        return False
    if sum(number.unit == unit for number in state.numbers) < 2 or not _INFORMATION_IN_SENTENCE.search(state.text):
        return False
    return state.sentence.kind == "disclosure" or bool(_SAID_PUBLISHED.search(state.text, 0, state.numbers[index].start))


def _is_category_alone(state: SentenceState, index: int, left: str) -> bool:
    number = state.numbers[index]
    return (
        number.unit in _CATEGORY_UNITS
        and bool(_CATEGORY_ALONE.search(left))
        and bool(_PUBLISHING.search(state.text, 0, number.start))
    )


# ---- the fact


def _add_channel(state: SentenceState, index: int, label: Label) -> None:
    if label.concept:
        state.add(index, label.concept, label.rule or "channel")


def _add_total(state: SentenceState, index: int) -> None:
    number, same = state.numbers[index], state.last
    if same is not None and same.concept.startswith("disclosure") and same.unit == number.unit and _other_year(state, index):
        state.add(index, same.concept, "comparison", category=same.category)
        return
    channel = _channel_before(state, index)
    if channel is not None:
        _add_channel(state, index, channel)
    elif number.unit in _TOTAL_UNITS or "信息" in state.around.labels(index)[0]:
        state.add(index, "disclosure.total", "disclosure.total")


def _other_year(state: SentenceState, index: int) -> bool:
    """Whether this number is of another year than the one before it (上年更新861条)."""
    here, before = state.clock[index], state.clock[index - 1]
    return index > 0 and here.scope == before.scope and (here.year, here.offset) != (before.year, before.offset)


def _channel_before(state: SentenceState, index: int) -> Label | None:
    """通过政府网站，主动公开信息506条: the one channel that the words since the last number name as means.

    A clause that begins with a channel makes it the subject of the next (“某镇发布”公众号常年更新，发布信息502篇).
    """
    gap = state.text[state.end_of_last_fact(index) : state.numbers[index].start]
    means = _MEANS.search(gap)
    if means is None:
        clauses = [clause for clause in SEPARATOR.split(gap) if clause]
        opening = _CHANNEL_SUBJECT.match(clauses[-2]) if len(clauses) > 1 else None
        named = opening[0] if opening else ""
    else:
        named = _INFORMATION_VERB.split(gap[means.end() :], 1)[0].rstrip("，上")
        named = named if "、" in named else named.partition("，")[0]
    for words_of_means in (named, gap[means.end() :].partition("，")[0] if means else ""):  # 通过长河发布微信公众号: a name with a verb in it
        label = read_label(state.rules, words_of_means)
        if label.kind == "channel":
            return label
    return None


def _add_category(state: SentenceState, index: int, label: Label) -> None:
    category = clean_category(label.words)
    if len(category) < 2:
        return
    if label.words in _NORMATIVE_DOCUMENTS and not among_categories(state, index):
        state.add(index, "disclosure.normative_documents", "disclosure.normative_documents")
        return
    number = state.numbers[index]
    place = state.text.rfind(label.words, 0, number.start)
    if place < 0:
        place = state.text.find(label.words, number.end)
    start = state.sentence.start + place
    state.add(index, "disclosure.by_category", "disclosure.by_category", category=category, label=(start, start + len(label.words)))
