"""The words of headings: which kinds a heading names, and how far a heading of known words reaches.

Everything here is asked of the words alone; the words themselves stand in ``data/section_kinds.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from typing import NamedTuple

from govie.taxonomy import data_text

from .words import squeeze

__all__ = ["canonical", "heading_kinds", "is_known", "known_end", "load_lexicon", "request_rows"]

_BRACKET = re.compile("（[^（）。]{4,30}）")  # 概述（2015年工作开展情况）: words of the heading, not （无）
_CONNECTIVE = "及和与、的以并或暨，"


class _Rule(NamedTuple):
    id: str
    kind: str
    pattern: re.Pattern[str]


class _Lexicon(NamedTuple):
    rules: tuple[_Rule, ...]
    word: re.Pattern[str]
    slogan: re.Pattern[str]
    closing: frozenset[str]  # a heading may end in such a word
    strong: tuple[str, ...]  # a heading that runs on ends at the first of these
    introductions: frozenset[str]
    variants: re.Pattern[str]  # few characters are any: finding them is quicker than str.translate
    simplified: dict[str, str]
    last_signs: frozenset[str]  # the characters that a line of an unnumbered heading may end in


@cache
def load_lexicon() -> _Lexicon:
    """Return the rules and words of ``data/section_kinds.toml``, compiled."""
    data = tomllib.loads(data_text("section_kinds.toml"))
    rules = tuple(_Rule(rule["id"], rule["kind"], re.compile(rule["pattern"])) for rule in data["rule"])
    closing, inner = data["words"]["closing"], data["words"]["inner"]
    variants = data["variants"]
    last = {word[-1] for word in (*closing, *data["words"]["introductions"])} | set("：:.．*_#")
    words = sorted({*closing, *inner}, key=len, reverse=True)
    years = r"\d{4}年度?"
    return _Lexicon(
        rules=rules,
        word=re.compile("|".join([*map(re.escape, words), years])),
        slogan=re.compile(data["slogan"]["pattern"]),
        closing=frozenset(closing),
        strong=tuple(data["words"]["strong"]),
        introductions=frozenset(data["words"]["introductions"]),
        variants=re.compile(f"[{re.escape(variants['from'])}]"),
        simplified=dict(zip(variants["from"], variants["to"], strict=True)),
        last_signs=frozenset(
            last | {old for old, new in zip(variants["from"], variants["to"], strict=True) if new in last}
        ),
    )


@cache
def request_rows() -> frozenset[str]:
    """The row labels of the official request tables and the leaf rows of the 2014 table: never headings."""
    forms = tomllib.loads(data_text("forms.toml"))
    labels: set[str] = set()
    for form in forms["requests"]:
        labels.update(row[0] for row in form["rows"])
    for form in forms.get("list", forms.get("form", [])):
        labels.update(row[0] for row in form.get("rows", []) if row[0][0] in "（123456789")
    return frozenset(canonical(label).split("（区分")[0] for label in labels)


@lru_cache(maxsize=4096)  # asked several times a heading, and offices share their headings
def canonical(heading: str) -> str:
    """Return a heading as the lexicon reads it: no blanks, full-width signs, simplified characters, one for one."""
    lexicon = load_lexicon()
    return lexicon.variants.sub(lambda match: lexicon.simplified[match[0]], squeeze(heading)[0])


@lru_cache(maxsize=4096)
def is_known(squeezed: str) -> bool:
    """Whether a heading is made of the words of known headings only and ends in one that closes a heading."""
    return bool(squeezed) and known_end(squeezed, whole=True) == len(squeezed)


def known_end(squeezed: str, *, whole: bool = False) -> int:
    """Return where the known heading at the start of ``squeezed`` ends, 0 where there is none.

    Running on, a heading ends at its first 情况, 概述, 措施 … that no 和, 及, 的 follows, else at the last word that
    can close one; ``whole`` reads on to the end of the words.
    """
    lexicon = load_lexicon()
    place = last = 0
    while place < len(squeezed) and place < 60:
        match = lexicon.word.match(squeezed, place)
        if not match:
            break
        place = match.end()
        following = squeezed[place : place + 1]
        if match.group() in lexicon.closing and (not following or following not in _CONNECTIVE):
            last = place
            if not whole and match.group() in lexicon.strong:
                bracket = _BRACKET.match(squeezed, place)
                return bracket.end() if bracket else place
        elif following == "（":
            continue
    if whole and place < len(squeezed):
        return 0
    return last


def _kinds_of(heading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kinds a squeezed heading names, by place, and the ids of the rules that found them."""
    found: list[tuple[int, str, str]] = []
    rest = heading
    for rule in load_lexicon().rules:
        match = rule.pattern.search(rest)
        if match and match.end() > match.start():
            rest = rest[: match.start()] + "\x00" * (match.end() - match.start()) + rest[match.end() :]
            if rule.kind:
                found.append((match.start(), rule.kind, rule.id))
    found.sort()
    kinds: list[str] = []
    for _, kind, _ in found:
        if kind not in kinds:
            kinds.append(kind)
    if len(kinds) > 1 and "overview" in kinds:
        kinds.remove("overview")  # 主动公开工作开展情况 is about disclosure
    if "problems.issues" in kinds and "problems.measures" in kinds:
        kinds[min(kinds.index("problems.issues"), kinds.index("problems.measures"))] = "problems"
        kinds = [kind for kind in kinds if not kind.startswith("problems.")]
    return tuple(kinds), tuple(rule for _, _, rule in found)


@lru_cache(maxsize=4096)  # asked several times a heading, and offices share their headings
def heading_kinds(heading: str) -> tuple[str, ...]:
    """Return the section kinds a level-1 heading names, in the order of its words; empty for any other heading."""
    words = canonical(heading)
    return () if load_lexicon().slogan.match(words) else _kinds_of(words)[0]
