"""The rules that say what a number in prose means, read from ``data/prose.toml``.

A rule looks at one number: the words before it (its *left*) and after it (its *right*), the unit, the topic of
the place, and the era of the report. Rules are tried in file order, the first that matches decides; a rule with ``concepts = []`` says
that the number is of no concept. Every fact names its rule.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

import msgspec

from ..taxonomy import concepts, data_text

__all__ = ["Place", "Rule", "Rules", "load_rules"]

MARK = "№"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a number stands: ``left`` № ``right`` is its clause, ``before`` and ``after`` the rest of the sentence.

    ``era`` is ``2019`` for reports of 2019 and later, whose vocabulary of outcomes is another, else ``2014``.
    """

    left: str
    right: str
    before: str
    after: str = ""
    unit: str
    value: int | float
    topics: frozenset[str]
    era: str = "2014"
    whole: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule; ``pattern`` is searched in left+№+right, ``unless`` must not be found there."""

    id: str
    concepts: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    units: frozenset[str] | None
    value: int | None
    topics: frozenset[str]
    whole: re.Pattern[str] | None
    era: str | None


class Rules:
    """All rules, and what else the file defines; read only but for the memo of candidates."""

    def __init__(
        self,
        *,
        numbers: tuple[Rule, ...],
        topics: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...],
        channels: tuple[tuple[str, str, re.Pattern[str]], ...],
        zeros: tuple[tuple[str, tuple[str, ...], re.Pattern[str], re.Pattern[str] | None, frozenset[str]], ...],
    ) -> None:
        self.numbers, self.topics, self.channels, self.zeros = numbers, topics, channels, zeros
        self._candidates: dict[tuple[str, frozenset[str], str], tuple[Rule, ...]] = {}

    def candidates(self, unit: str, topics: frozenset[str], era: str) -> tuple[Rule, ...]:
        """The rules that numbers of this unit can match in places of these topics, in reports of this era."""
        key = (unit, topics, era)
        if key not in self._candidates:
            self._candidates[key] = tuple(
                r
                for r in self.numbers
                if (r.units is None or unit in r.units) and (not r.topics or r.topics & topics) and r.era in (None, era)
            )
        return self._candidates[key]

    def find(self, place: Place) -> Rule | None:
        """Return the first rule that matches, None if none does."""
        clause = f"{place.left}{MARK}{place.right}"
        for rule in self.candidates(place.unit, place.topics, place.era):
            if rule.value is not None and rule.value != place.value:
                continue
            if rule.whole is not None and not (place.whole and rule.whole.match(place.whole)):
                continue
            if not rule.pattern.search(clause):
                continue
            if rule.before is not None and not rule.before.search(place.before):
                continue
            if rule.after is not None and not rule.after.search(place.after):
                continue
            if rule.unless is not None and rule.unless.search(clause):
                continue
            return rule
        return None

    def topics_of(self, kinds: tuple[str, ...], words: str) -> frozenset[str]:
        """Return the topics of a place: by the kinds of its section, or by words in its sentence and headings."""
        return frozenset(
            name for name, section_kinds, pattern in self.topics if section_kinds & set(kinds) or pattern.search(words)
        )


@cache
def load_rules() -> Rules:
    """Return the rules of ``data/prose.toml``, compiled once."""
    data = tomllib.loads(data_text("prose.toml"))
    macros: dict[str, str] = {}
    for name, words in data["macros"].items():
        macros[name] = _expand(words, macros)
    groups = {name: frozenset(words.split()) or frozenset({""}) for name, words in data["units"].items()}
    known = concepts()

    def compiled(words: str | None) -> re.Pattern[str] | None:
        return None if words is None else re.compile(_expand(words, macros))

    numbers = []
    for entry in data["rule"]:
        listed = tuple(entry["concepts"])
        if unknown := set(listed) - set(known):
            raise ValueError(f"rule {entry['id']}: unknown concepts {unknown}")
        units = frozenset().union(*(groups[g] for g in entry["units"].split())) if "units" in entry else None
        pattern = compiled(_pattern(entry))
        assert pattern is not None
        numbers.append(
            Rule(
                id=entry["id"],
                concepts=listed,
                pattern=pattern,
                unless=compiled(entry.get("unless")),
                before=compiled(entry.get("before")),
                after=compiled(entry.get("after")),
                units=units,
                value=entry.get("value"),
                topics=frozenset(entry.get("topics", ())),
                whole=compiled(entry.get("whole")),
                era=entry.get("era"),
            )
        )
    return Rules(
        numbers=tuple(numbers),
        topics=tuple((t["id"], frozenset(t["sections"]), re.compile(_expand(t["words"], macros))) for t in data["topic"]),
        channels=tuple((c["id"], c["concept"], re.compile(_expand(c["pattern"], macros))) for c in data["channel"]),
        zeros=tuple(
            (z["id"], tuple(z["concepts"]), re.compile(_expand(z["pattern"], macros)), compiled(z.get("unless")), frozenset(z.get("topics", ())))
            for z in data["zero"]
        ),
    )


def _expand(words: str, macros: dict[str, str]) -> str:
    return re.sub(r"\{([A-Z_]+)\}", lambda m: f"(?:{macros[m[1]]})", words)


def _pattern(entry: dict[str, str]) -> str:
    """A ``label`` may stand before the number or, where only connecting words do, after it."""
    if "pattern" in entry:
        return entry["pattern"]
    label = entry["label"]
    return rf"(?:{label})[^№]*№|^{{LEAD}}*№[^，；。]{{0,16}}?(?:{label})"
