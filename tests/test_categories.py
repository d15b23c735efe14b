"""What a label says a number counts."""

from __future__ import annotations

import pytest

from govie.facts.categories import clean_category, read_label
from govie.facts.rules import load_rules


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("机构职能类信息", "机构职能"), ("政府领导类公开", "政府领导"), ("工作动态", "工作动态"), ("1、财政类", "财政"), ("（二）人事信息", "人事"),
        ("信息", "信息"), ("信息公开类", "信息"), ("政务信息情况", "政务"), ("機構類", "機構"), ("", ""),
    ],
)  # fmt: skip
def test_clean_category(label: str, category: str) -> None:
    assert clean_category(label) == category


@pytest.mark.parametrize(
    ("label", "kind", "what"),
    [
        ("全年主动公开政府信息", "total", ""),
        ("各类信息", "total", ""),
        ("其中会议类", "category", "会议类"),
        ("包括财政收支信息共", "category", "财政收支信息"),
        ("政府网站", "channel", "disclosure.channel.website"),
        ("通过微信公众号发布", "channel", "disclosure.channel.wechat"),
        ("其他方式", "channel", "disclosure.channel.other"),
        ("网络安全类", "category", "网络安全类"),
        ("网站建设", "category", "网站建设"),
        ("“微信矩阵”建设", "category", "“微信矩阵”建设"),
        ("网站、微博", "channels", ""),
        ("通过网站、微博等多种渠道发布", "total", ""),
        ("村民代表", "none", ""),
        ("点击", "none", ""),
        ("很" * 41, "none", ""),
        ("", "total", ""),
    ],
)
def test_read_label(label: str, kind: str, what: str) -> None:
    read = read_label(load_rules(), label)
    assert read.kind == kind
    if what:
        assert what in (read.concept, read.words)


@pytest.mark.parametrize(("label", "words"), [("为会议信息", "会议信息"), ("属于财政类，", "财政类"), ("会议类（含部门）", "会议类")])
def test_labels_behind_the_number(label: str, words: str) -> None:
    assert read_label(load_rules(), label, after=True).words == words


def test_the_subject_is_told_from_the_label() -> None:
    label = read_label(load_rules(), "我镇网站主动公开会议类")
    assert (label.kind, label.words) == ("category", "会议类")
    assert label.subject.endswith("公开")
