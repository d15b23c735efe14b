"""The official forms and the words that name their rows and columns, compiled once from ``govie/data``.

Labels are compared by :func:`label_key`: numbering, 其中, remarks in brackets, punctuation and closing words
such as 数, 数量 and 情况 do not count, and traditional characters are read as simplified ones.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from typing import Any, NamedTuple

from govie.normalise import collapse
from govie.numerals import UNITS, parse_number
from govie.records import Applicant
from govie.taxonomy import data_text

__all__ = [
    "APPLICANT_ORDER",
    "Article",
    "CellNumber",
    "Option",
    "Row",
    "article_form",
    "article_label",
    "articles",
    "begins_label",
    "case_concepts",
    "category_name",
    "cell_kind",
    "cell_number",
    "column_role",
    "column_year",
    "forms",
    "group_of",
    "header_family",
    "indicator",
    "is_caption",
    "is_category",
    "is_category_header",
    "is_header",
    "is_indicator",
    "is_official",
    "joined",
    "label_key",
    "numbering_style",
    "request_row",
    "within_group",
]

APPLICANT_ORDER: tuple[Applicant | None, ...] = (
    "natural_person",
    "enterprise",
    "research",
    "nonprofit",
    "legal_service",
    "other",
    None,
)
"""The applicants of the request table's seven columns; None is 总计."""

_NUMBERING = re.compile(
    r"(?:其中|[一二三四五六七八九十]{1,3}[、.．：)）]|第[一二三四五六七八九十]部分|\d{1,2}[、.．)）：](?!\d)|\d{1,2}(?=[^\d.,%件条次个人篇万元年月日类大项])|[①-⑳㈠-㈩⑴-⒇⒈-⒛]|[：:、.．·*＊#●■◆○—-])+"
)
_BRACKETS = re.compile(r"[（〔【\[](?:[^（）〔〕【】\[\]]*)[）〕】\]]")
_OPEN_BRACKET = re.compile(r"(?<=.)[（〔【\[][^）〕】\]]*$")
_PUNCTUATION = re.compile(r"[、，。；：“”\"'‘’《》〈〉「」『』·…—\-/\\*#.．_＿＊~!！?？（）〔〕【】\[\]|]")
_ENDS = re.compile(r"(?:数量|总数|件数|次数|条数|人数|个数|期数|总量|情况|数)$")
_ONE_UNIT = r"(?:万元|亿元|人次|件次|条次|篇次|场次|份次|批次|[条件次个人名篇份期则场项宗起例处家元种%])"
_NUMBER = re.compile(
    rf"(?P<before>约|近|大约|将近|共|计|合计|共计)?(?P<number>[+\-−－＋]?(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?:\.\d+)?(?:万(?!元))?|[〇零○一二三四五六七八九十百千两]{{1,6}}|[无Oo])"
    rf"(?P<inside>余|多)?(?:[（(]?(?P<unit>{_ONE_UNIT})[）)]?)?"
)
_SIGNED = re.compile(r"(?P<sign>增加?|减少?)(?P<number>\d+)(?P<unit>项|件|个)?")
_DASH = re.compile(r"[-—–－―─一/／\\*＊…_~～\s.]+|无此项|不涉及|N/?A|□+", re.I)
_UNIT_CELL = re.compile(
    rf"(?P<open>[（(])?(?:{_ONE_UNIT}|{'|'.join(sorted(UNITS, key=len, reverse=True))}|人/次|条/件|条（件）|件（次）)(?(open)[）)])"
)
_CAPTION = re.compile(r"第?二十条第?[（(]?[一二三四五六七八九十\d][）)]?项")
_YEARS = re.compile(
    r"(?:截[至止]|自|从)?(?:19|20)\d\d年度?(?:\d{1,2}月)?(?:底|末)?(?:以来|至今)?"
    r"(?:全年|本年|公开|发布|统计|累计|总计|合计|实际|完成|主动公开)?(?:信息|文件)?(?:数|数量|数据|总数|条数|件数|值|情况)?"
)
_NOTE = re.compile(r"勾稽关系|钩稽关系|第一项加第二项|第三项加第四项")

_PARENTS = {
    "refused": "outcome", "outcome": "requests", "closed": "requests", "received": "requests",
    "categories": "disclosure", "review": "cases", "litigation": "cases", "staff": "staffing",
}  # fmt: skip


class Option(NamedTuple):
    """What a label can mean: its concept ("" for a heading row), the group it opens, and where it may stand."""

    concept: str
    group: str
    within: frozenset[str]
    exact: bool
    heading: bool


class Row(NamedTuple):
    """A row of a fixed form: its concepts, one a column."""

    label: str
    concepts: tuple[str, ...]


class Article(NamedTuple):
    """One of the small tables of section two: its form, caption, columns and rows by label key."""

    form: str
    caption: str
    header: tuple[str, ...]
    rows: dict[str, Row]


@cache
def forms() -> dict[str, Any]:
    """Return ``forms.toml`` as it stands."""
    return tomllib.loads(data_text("forms.toml"))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(data_text("pre2014.toml"))


@cache
def _simplified() -> dict[int, str]:
    table = forms()["traditional"]
    return {ord(old): new for old, new in zip(table["from"], table["to"], strict=True)}


@lru_cache(maxsize=8192)
def joined(text: str) -> str:
    """Return ``text`` without blanks and line breaks, half-width, in simplified characters, pinyin glosses out."""
    words = collapse(text)
    if not words.isascii():
        words = words.translate(_simplified())
        if "（" in words:
            words = re.sub(r"（[a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}）", "", words)
    return words


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """Return what of a label counts when labels are compared; "" if nothing does."""
    words = joined(text)
    words = _strip_numbering(words)
    for _ in range(3):
        shorter = _BRACKETS.sub("", words)
        if shorter == words:
            break
        words = shorter
    words = _OPEN_BRACKET.sub("", words)
    words = _strip_numbering(words)
    words = _PUNCTUATION.sub("", words).replace("其它", "其他").replace("的", "").replace("政府信息", "信息")
    shorter = _ENDS.sub("", words)
    return shorter or words


def _strip_numbering(words: str) -> str:
    bracketed = re.match(r"[（(][一二三四五六七八九十\d]{1,3}[）)]", words)
    if bracketed:
        words = words[bracketed.end() :]
    numbered = _NUMBERING.match(words)
    if numbered and numbered.end() < len(words):
        words = words[numbered.end() :]
        if bracketed is None and (inner := re.match(r"[（(][一二三四五六七八九十\d]{1,3}[）)]", words)):
            words = words[inner.end() :]
    return words


@lru_cache(maxsize=8192)
def numbering_style(text: str) -> str:
    """Return how a label is numbered: ``一、`` ``（一）`` ``1.`` ``(1)`` ``①`` ``其中`` or ""."""
    words = joined(text)
    if words.startswith("其中"):
        rest = numbering_style(words[2:].lstrip("：:")) if len(words) > 2 else ""
        return rest or "其中"
    for style, pattern in (
        ("一、", r"[一二三四五六七八九十]{1,3}[、.．]"),
        ("（一）", r"[（(][一二三四五六七八九十]{1,3}[）)]|[㈠-㈩]"),
        ("1.", r"\d{1,2}[、.．](?!\d)"),
        ("(1)", r"[（(]\d{1,2}[）)]|\d{1,2}[）)]|[⑴-⒇]"),
        ("①", r"[①-⑳]"),
    ):
        if re.match(pattern, words):
            return style
    return ""


@lru_cache(maxsize=8192)
def cell_kind(text: str) -> str:
    """Return what a cell holds: ``N`` number, ``D`` dash for empty, ``B`` nothing, ``U`` unit, ``T`` words."""
    if text.isdigit() and text.isascii():
        return "N"
    words = joined(text)
    if not words:
        return "B"
    if len(words) <= 12:
        if _DASH.fullmatch(words):
            return "D"
        if _NUMBER.fullmatch(words) or _SIGNED.fullmatch(words):
            return "N"
        if _UNIT_CELL.fullmatch(words):
            return "U"
    return "T"


class CellNumber(NamedTuple):
    """A number cell read: its value, the unit written in it ("" if none), and whether it is approximate."""

    value: int | float
    unit: str
    approximate: bool


@lru_cache(maxsize=8192)
def cell_number(text: str) -> CellNumber | None:
    """Return what a number cell says, None for other cells."""
    if cell_kind(text) != "N":
        return None
    words = joined(text)
    parts = _NUMBER.fullmatch(words) or _SIGNED.fullmatch(words)
    if parts is None:
        return None
    found = parts.groupdict()
    value = 0 if found["number"] in ("无", "O", "o") else parse_number(found["number"].replace("，", ","))
    if value is None:
        return None
    less = (found.get("sign") or "").startswith("减")
    approximate = found.get("before") in ("约", "近", "大约", "将近") or bool(found.get("inside"))
    return CellNumber(-value if less else value, found["unit"] or "", approximate)


# --- rows of indicators: the 2014 form and the provincial tables ---


@cache
def group_of(concept: str) -> str:
    """Return the group of rows that a concept's row belongs to and opens."""
    for prefix, group in (
        ("requests.outcome.refused", "refused"),
        ("requests.outcome", "outcome"),
        ("requests.closed", "closed"),
        ("requests", "received"),
        ("normative_documents", "disclosure"),
        ("staffing.staff", "staff"),
    ):
        if concept.startswith(prefix):
            return group
    return concept.partition(".")[0]


@cache
def _exact() -> dict[str, tuple[Option, ...]]:
    found: dict[str, list[Option]] = {}

    def add(text: str, option: Option) -> None:
        options = found.setdefault(label_key(text), [])
        if not any(o.concept == option.concept and o.within == option.within for o in options):
            options.append(option)

    for entry in _words()["ignored"]:
        for text in entry["texts"]:
            add(text, Option("", "", frozenset(), True, False))
    for label, _, concept in forms()["form"][0]["rows"]:
        if concept and not _ambiguous(concept):
            add(label, Option(concept, group_of(concept), frozenset(), True, False))
    for entry in _words()["label"]:
        within = frozenset(entry.get("within", ()))
        for text in entry["texts"]:
            add(text, Option(entry["concept"], group_of(entry["concept"]), within, True, False))
    for entry in _words()["group"]:
        for text in entry["texts"]:
            add(text, Option(entry.get("concept", ""), entry["id"], frozenset(), True, True))
    return {key: tuple(options) for key, options in found.items() if key}


def _ambiguous(concept: str) -> bool:
    # 维持…数, 被依法纠错数 and 其他情形数 stand below 复议 and below 诉讼 alike.
    return concept in ("review.upheld", "review.corrected", "review.other", "litigation.corrected", "litigation.other")


@cache
def _patterns() -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Option], ...]:
    def keys(entry: dict[str, Any], name: str) -> tuple[str, ...]:
        return tuple(text.replace("政府信息", "信息").replace("的", "") for text in entry.get(name, ()))

    return tuple(
        (
            keys(entry, "all"),
            keys(entry, "any"),
            keys(entry, "none"),
            Option(entry["concept"], group_of(entry["concept"]), frozenset(entry.get("within", ())), False, False),
        )
        for entry in _words()["pattern"]
    )


@lru_cache(maxsize=8192)
def indicator(text: str) -> tuple[Option, ...]:
    """Return what a label of the 2014 form or of a provincial table can mean; the group it stands in decides.

    Empty for unknown labels; one option without concept or group for indicators known to be none of ours.
    """
    key = label_key(text)
    if not key or len(key) > 60:
        return ()
    options = _exact().get(key)
    if options is not None:
        return options
    if len(key) > 40 or len(key) < 3:
        return ()
    return tuple(
        option
        for needed, one, excluded, option in _patterns()
        if all(word in key for word in needed)
        and (not one or any(word in key for word in one))
        and not any(word in key for word in excluded)
    )


@lru_cache(maxsize=8192)
def is_indicator(text: str) -> bool:
    """Say whether ``text`` labels a row of indicators of ours, or opens a group of them."""
    return any(option.concept or option.group for option in indicator(text))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(key[:length] for key in _exact() for length in range(6, len(key) + 1))


def begins_label(text: str) -> bool:
    """Say whether ``text`` is how a known label begins (six characters at least)."""
    return label_key(text) in _beginnings()


def within_group(option: Option, group: str) -> bool:
    """Say whether ``option`` may stand below a row of ``group``."""
    while group:
        if group in option.within:
            return True
        group = _PARENTS.get(group, "")
    return False


@lru_cache(maxsize=4096)
def is_official(text: str) -> bool:
    """Say whether ``text`` is a row of the 2014 form in its official wording."""
    return label_key(text) in _official_keys()


@cache
def _official_keys() -> frozenset[str]:
    return frozenset(label_key(label) for label, _, _ in forms()["form"][0]["rows"])


@cache
def _categories() -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    table = _words()["categories"]
    return (
        tuple(table["ends"]),
        frozenset(label_key(name) for name in table["names"]),
        frozenset(label_key(name) for name in table["header"]),
    )


def is_category_header(text: str) -> bool:
    """Say whether a header cell names a column of information categories (信息类别, 栏目)."""
    return label_key(text) in _categories()[2]


def is_category(text: str) -> bool:
    """Say whether a row label reads like a category of information (机构职能类, 工作动态)."""
    ends, names, _ = _categories()
    words = _strip_numbering(joined(text))
    return words.endswith(ends) or label_key(words) in names


def category_name(text: str) -> str:
    """Return the category in a label: no blanks and number, closing 类, 信息, 公开, 情况 off, two characters at least."""
    words = _strip_numbering(joined(text))
    words = _BRACKETS.sub("", words).strip("：:；;，,。、")
    words = re.sub(r"数$|数量$", "", words) if len(words) > 3 else words
    while True:
        shorter = re.sub(r"(?:类|信息|公开|情况)$", "", words)
        if shorter == words or len(shorter) < 2:
            return words
        words = shorter


# --- the forms of 2019 and 2021 ---


@cache
def _request_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for table in forms()["requests"]:
        for label, concept in table["rows"]:
            if not (label_key(label) in keys and not concept):
                keys[label_key(label)] = concept
    for label in ("无法提供", "不予处理", "不予公开", "本年度办理结果"):
        keys[label_key(label)] = ""
    return keys


@cache
def _request_signs() -> tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...]:
    return tuple((tuple(e["all"]), tuple(e.get("none", ())), e["concept"]) for e in forms()["request_sign"])


@lru_cache(maxsize=4096)
def request_row(text: str) -> str | None:
    """Return the concept of a row of the request table, "" for its heading rows, None for other labels."""
    key = label_key(text)
    if key in _request_keys():
        return _request_keys()[key]
    if not 3 <= len(key) <= 45:
        return None
    for needed, excluded, concept in _request_signs():
        if all(word in key for word in needed) and not any(word in key for word in excluded):
            return concept
    if len(key) >= 5 and numbering_style(text):
        begun = {concept for whole, concept in _request_keys().items() if whole.startswith(key)}
        return begun.pop() if len(begun) == 1 else None
    return None


@cache
def articles() -> tuple[Article, ...]:
    """Return the small tables of section two, 2019 and 2021."""
    variants = forms()["article_labels"]
    found = []
    for article in forms()["article"]:
        rows = {}
        for label, *concepts in article["rows"]:
            row = Row(label, tuple(concepts))
            for name in (label, *variants.get(label, ())):
                rows[label_key(name)] = row
        found.append(Article(article["form"], article["caption"], tuple(article["header"]), rows))
    return tuple(found)


@cache
def _article_keys() -> frozenset[str]:
    return frozenset(key for article in articles() for key in article.rows)


@lru_cache(maxsize=4096)
def article_label(text: str) -> bool:
    """Say whether ``text`` labels a row of section two (规章, 行政许可 …)."""
    return label_key(text) in _article_keys()


def article_form(header: str) -> str | None:
    """Return ``2019`` or ``2021`` by the words of an article table's header, None if they do not say."""
    for form, signs in forms()["article_signs"].items():
        if any(sign in header for sign in signs):
            return str(form)
    if "处理决定" in header:
        return "2021"
    return None


@cache
def case_concepts() -> tuple[tuple[str, ...], ...]:
    """Return the concepts of table four: review, direct and after_review, five each."""
    cases = forms()["cases"]
    return tuple(tuple(cases[name]) for name in ("review", "direct", "after_review"))


@lru_cache(maxsize=2048)
def is_caption(text: str) -> bool:
    """Say whether ``text`` is the caption of a table of section two (第二十条第（一）项)."""
    words = joined(text)
    return len(words) <= 24 and bool(_CAPTION.match(words.lstrip("（(《条例》 ")))


# --- header words ---


@cache
def _header_words() -> dict[str, str]:
    wording = forms()["wording"]
    words: dict[str, str] = {}
    for role in ("label", "unit", "code", "annual", "cumulative", "prior", "ignored", "page"):
        for word in wording[role]:
            words.setdefault(joined(word), role)
    for role in ("request_head", "case_head", "article_head"):
        for word in wording[role]:
            words.setdefault(joined(word), role)
    return words


@lru_cache(maxsize=4096)
def is_header(text: str) -> bool:
    """Say whether ``text`` is a header cell (统计指标, 单位, 自然人, 结果维持, 本年度 …)."""
    words = joined(text)
    if words in _header_words():
        return True
    if _NOTE.search(words):
        return True
    if len(words) > 24:
        return False
    if (
        article_form(words)
        and article_form(words[:6]) is None
        and len(words) <= 20
        and re.match(r"本年|上一年|处理决定|采购|对外公开|现行", words)
    ):
        return True
    return len(words) <= 14 and column_role(text) in ("annual", "cumulative", "prior")


@lru_cache(maxsize=4096)
def header_family(text: str) -> str:
    """Return which form a header cell belongs to: ``requests``, ``cases``, ``article``, ``rows`` or ""."""
    words = joined(text)
    wording = forms()["wording"]
    if words in ("其他", "总计", "组织", "机构", "情况", "结果", "数量", "件数", "金额"):
        return ""
    if words in wording["request_head"] or _NOTE.search(words):
        return "requests"
    if words in wording["case_head"]:
        return "cases"
    if words in wording["article_head"] or article_form(words):
        return "article"
    return "rows"


@lru_cache(maxsize=4096)
def column_role(text: str) -> str:
    """Return what a column holds by its header: label, unit, code, annual, cumulative, prior, ignored or ""."""
    words = joined(text)
    bare = re.sub(r"[（(][^（）()]*[）)]", "", words) or words
    role = _header_words().get(bare) or _header_words().get(words)
    if role in ("label", "unit", "code", "annual", "cumulative", "prior", "ignored"):
        return role
    if len(words) > 24:
        return ""
    if re.search(r"比例|占比|增长|增减|同比|比上年|备注|%", bare):
        return "ignored"
    if _YEARS.fullmatch(bare):
        return (
            "cumulative"
            if re.search(r"累计|以来|截[至止]", bare) and not re.search(r"(?:年|年度)累计", bare)
            else "annual"
        )
    if re.fullmatch(r"(?:本年|本年度|当年|全年|年度|本期)累计(?:数|数量|总数)?", bare):
        return "annual"
    if re.fullmatch(r"(?:历年|历史|总)累计.{0,4}|累计.{0,4}|.{0,8}以来(?:累计|总计|合计)?(?:数|总数)?", bare):
        return "cumulative"
    if re.fullmatch(r"(?:上年|上一年|去年)度?.{0,4}", bare):
        return "prior"
    if re.fullmatch(r"(?:本年|本年度|当年|全年).{0,4}|.{0,4}(?:统计数|数量|件数|条数)", bare):
        return "annual"
    return ""


def column_year(text: str) -> int | None:
    """Return the year a column header names (2017年度), None if it names none."""
    years = re.findall(r"(?:19|20)\d\d(?=年)", joined(text))
    return int(years[-1]) if years else None
