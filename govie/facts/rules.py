"""The rules that say what a number in prose means, read from ``data/prose.toml``.

A rule looks at one number: the words before it (its *left*) and after it (its *right*), the unit, the topic of
the place, and the era of the report. Rules are tried in file order, the first that matches decides; a rule with
``concepts = []`` says that the number is of no concept. Every fact names its rule.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, cast

import msgspec

from ..records import Applicant
from ..taxonomy import APPLICANTS, concepts, data_text
from .lexicon import expand
from .signs import required_words, signs
from .told_forms import Column, ToldForm

__all__ = ["Channel", "Outcome", "Place", "Rule", "Rules", "Topic", "ZeroRule", "load_rules"]

_MARK = "№"
"""Stands for the number in the words that patterns are searched in."""
_Search = Callable[[str], re.Match[str] | None]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a number stands: ``left`` № ``right`` is its clause, ``before`` and ``after`` the rest of the sentence.

    ``era`` is ``2019`` for reports of 2019 and later, whose vocabulary of outcomes is another, else ``2014``;
    ``whole`` is the concept that the number may be a part of, "" for none.
    """

    left: str
    right: str
    before: str
    after: str = ""
    unit: str
    value: int | float
    topics: frozenset[str]
    era: str = "2014"
    whole: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule; ``pattern`` is searched in left+№+right, ``unless`` must not be found there.

    ``annual`` says that its facts are of one year even behind words that make others cumulative.
    """

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
    annual: bool

    def applies_to(self, unit: str, topics: frozenset[str], era: str, whole: str) -> bool:
        """Return whether numbers of this unit can match, in places of these topics under this whole."""
        return (
            (self.units is None or unit in self.units)
            and (not self.topics or bool(self.topics & topics))
            and self.era in (None, era)
            and (self.whole is None or bool(self.whole.match(whole)))
        )

    def allows(self, place: Place, clause: str) -> bool:
        """Return whether nothing but ``pattern`` stands against the rule in a place; ``clause`` is left№right."""
        return (
            (self.value is None or self.value == place.value)
            and (self.before is None or self.before.search(place.before) is not None)
            and (self.after is None or self.after.search(place.after) is not None)
            and (self.unless is None or self.unless.search(clause) is None)
        )


class ZeroRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a denying clause with ``pattern`` and without ``unless`` says there was none of."""

    id: str
    concepts: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    kinds: frozenset[str]

    def denies(self, clause: str, kinds: tuple[str, ...]) -> bool:
        """Return whether the rule denies its concepts in a clause of a section of these kinds."""
        if self.kinds and self.kinds.isdisjoint(kinds):
            return False
        return self.pattern.search(clause) is not None and (self.unless is None or self.unless.search(clause) is None)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome that words behind a number name, beside the number's own concept."""

    id: str
    concept: str
    pattern: re.Pattern[str]


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of publication and what names it."""

    id: str
    concept: str
    pattern: re.Pattern[str]


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What a place is about, by the kinds of its section or by words."""

    id: str
    kinds: frozenset[str]
    pattern: re.Pattern[str]


class _Candidates:
    """The rules that apply to a kind of place, found by the characters that their patterns need (:mod:`.signs`)."""

    def __init__(self, applying: Sequence[tuple[Rule, frozenset[str]]]) -> None:
        self._rules: list[tuple[_Search, Rule]] = [(rule.pattern.search, rule) for rule, _ in applying]
        # Sets of rules are numbers, one bit a rule.
        self._always = sum(1 << place for place, (_, needed) in enumerate(applying) if not needed)
        self._by_sign: dict[str, int] = defaultdict(int)
        for place, (_, needed) in enumerate(applying):
            for sign in needed:
                self._by_sign[sign] |= 1 << place
        self._signs = frozenset(self._by_sign)

    def for_clause(self, clause: str) -> Iterator[tuple[_Search, Rule]]:
        """Yield the rules whose patterns can match in ``clause``, in order, each with the search for its pattern."""
        bits = self._always
        for sign in self._signs.intersection(clause):
            bits |= self._by_sign[sign]
        while bits:
            lowest = bits & -bits
            yield self._rules[lowest.bit_length() - 1]
            bits ^= lowest


class Rules:
    """All that ``data/prose.toml`` defines; read only but for the memo of candidates.

    Attributes:
        numbers: the rules about numbers, in order.
        channels, any_channel: what names each channel, the more specific first; what names any of them.
        zeros: the rules about statements of none.
        behind: for a concept, the outcomes that words behind its number may add.
        applicants: the kinds of applicants and the words for them.
        ways_of_applying: the ways that a denial may name one by one, as (concept, pattern).
        told_forms: the small tables of section two, as prose may tell them; ``any_told_form`` finds the name of any.
    """

    def __init__(
        self,
        *,
        numbers: tuple[Rule, ...],
        topics: tuple[Topic, ...],
        channels: tuple[Channel, ...],
        zeros: tuple[ZeroRule, ...],
        behind: dict[str, tuple[Outcome, ...]],
        applicants: tuple[tuple[Applicant, re.Pattern[str]], ...],
        ways_of_applying: tuple[tuple[str, re.Pattern[str]], ...],
        told_forms: tuple[ToldForm, ...],
    ) -> None:
        self.numbers, self.topics, self.channels, self.zeros = numbers, topics, channels, zeros
        self.behind, self.applicants, self.ways_of_applying = behind, applicants, ways_of_applying
        self.told_forms = told_forms
        self.any_told_form = re.compile("|".join(form.subject.pattern for form in told_forms))
        self.any_channel = re.compile("|".join(channel.pattern.pattern for channel in channels))
        self._signs = signs(required_words(rule.pattern, but=_MARK) for rule in numbers)
        self._channel_signs = signs([required_words(self.any_channel)])[0]
        self._of_kinds: dict[tuple[str, ...], frozenset[str]] = {}
        self._candidates: dict[tuple[str, frozenset[str], str, str], _Candidates] = {}

    def find(self, place: Place) -> Rule | None:
        """Return the first rule that matches, None if none does."""
        clause = f"{place.left}{_MARK}{place.right}"
        for search, rule in self._that_apply(place).for_clause(clause):
            if search(clause) and rule.allows(place, clause):
                return rule
        return None

    def _that_apply(self, place: Place) -> _Candidates:
        """The rules that apply to a place, whatever its words are."""
        key = (place.unit, place.topics, place.era, place.whole)
        if key not in self._candidates:
            applying = [pair for pair in zip(self.numbers, self._signs, strict=True) if pair[0].applies_to(*key)]
            self._candidates[key] = _Candidates(applying)
        return self._candidates[key]

    def names_channel(self, label: str) -> bool:
        """Return whether a label holds the name of a channel."""
        if self._channel_signs and self._channel_signs.isdisjoint(label):
            return False
        return self.any_channel.search(label) is not None

    def topics_of(self, kinds: tuple[str, ...], text: str) -> frozenset[str]:
        """Return the topics of a place: by the kinds of its section, or by words in its sentence and headings."""
        of_section = self._topics_of_kinds(kinds)
        return of_section.union([topic.id for topic in self.topics if topic.id not in of_section and topic.pattern.search(text)])

    def _topics_of_kinds(self, kinds: tuple[str, ...]) -> frozenset[str]:
        if kinds not in self._of_kinds:
            self._of_kinds[kinds] = frozenset(topic.id for topic in self.topics if not topic.kinds.isdisjoint(kinds))
        return self._of_kinds[kinds]


@cache
def load_rules() -> Rules:
    """Return the rules of ``data/prose.toml``, compiled once. Raises ValueError if the file names unknown concepts."""
    data = tomllib.loads(data_text("prose.toml"))
    compiler = _Compiler(data["macros"], data["units"])
    behind: dict[str, tuple[Outcome, ...]] = defaultdict(tuple)
    for entry in data["behind"]:
        outcome = Outcome(id=entry["id"], concept=entry["concept"], pattern=compiler.pattern(entry["pattern"]))
        behind[entry["parent"]] += (outcome,)
    rules = Rules(
        numbers=tuple(compiler.rule(entry) for entry in data["rule"]),
        topics=tuple(
            Topic(id=entry["id"], kinds=frozenset(entry["sections"]), pattern=compiler.pattern(entry["words"]))
            for entry in data["topic"]
        ),
        channels=tuple(
            Channel(id=entry["id"], concept=entry["concept"], pattern=compiler.pattern(entry["pattern"]))
            for entry in data["channel"]
        ),
        zeros=tuple(compiler.zero(entry) for entry in data["zero"]),
        behind=dict(behind),
        applicants=tuple((_applicant(entry["id"]), compiler.pattern(entry["pattern"])) for entry in data["applicant"]),
        ways_of_applying=tuple(
            (entry["concept"], compiler.pattern(entry["pattern"])) for entry in data["way_of_applying"]
        ),
        told_forms=tuple(compiler.told_form(entry, data["told_columns"]) for entry in data["told_form"]),
    )
    _check_concepts(rules)
    return rules


class _Compiler:
    """Makes rules of the entries of the file."""

    def __init__(self, macros: dict[str, str], units: dict[str, str]) -> None:
        self._macros: dict[str, str] = {}
        for name, pattern in macros.items():
            self._macros[name] = expand(pattern, self._macros)
        # A group with no unit in it is that of bare numbers.
        self._units = {name: frozenset(listed.split()) or frozenset({""}) for name, listed in units.items()}

    def pattern(self, pattern: str) -> re.Pattern[str]:
        return re.compile(expand(pattern, self._macros))

    def _optional(self, pattern: str | None) -> re.Pattern[str] | None:
        return None if pattern is None else self.pattern(pattern)

    def rule(self, entry: dict[str, Any]) -> Rule:
        units = frozenset[str]().union(*(self._units[group] for group in entry["units"].split())) if "units" in entry else None
        return Rule(
            id=entry["id"],
            concepts=tuple(entry["concepts"]),
            pattern=self.pattern(entry.get("pattern") or _label_pattern(entry["label"])),
            unless=self._optional(entry.get("unless")),
            before=self._optional(entry.get("before")),
            after=self._optional(entry.get("after")),
            units=units,
            value=entry.get("value"),
            topics=frozenset(entry.get("topics", ())),
            whole=self._optional(entry.get("whole")),
            era=entry.get("era"),
            annual=entry.get("annual", False),
        )

    def zero(self, entry: dict[str, Any]) -> ZeroRule:
        return ZeroRule(
            id=entry["id"],
            concepts=tuple(entry["concepts"]),
            pattern=self.pattern(entry["pattern"]),
            unless=self._optional(entry.get("unless")),
            kinds=frozenset(entry.get("topics", ())),
        )


    def told_form(self, entry: dict[str, Any], columns: dict[str, dict[str, Any]]) -> ToldForm:
        return ToldForm(
            id=entry["id"],
            subject=self.pattern(entry["subject"]),
            columns=tuple(self._column(entry["id"], name, columns[name]) for name in entry["columns"]),
            era=entry.get("era"),
        )

    def _column(self, row: str, name: str, entry: dict[str, Any]) -> Column:
        return Column(
            concept=f"{row}.{'amount' if name == 'fees' else name}",
            pattern=self.pattern(entry["pattern"]),
            units=frozenset(entry["units"].split()) | ({""} if entry.get("bare") else set()),
            signed=entry.get("signed", False),
            of_report_year=entry.get("of_report_year", False),
        )


def _label_pattern(label: str) -> str:
    """A ``label`` may stand before the number or, where only connecting words do, after it."""
    return rf"(?:{label})[^№]*№|^{{LEAD}}*№[^，；。]{{0,16}}?(?:{label})"


def _applicant(name: str) -> Applicant:
    if name not in APPLICANTS:
        raise ValueError(f"prose.toml: {name} is no applicant of the forms")
    return cast("Applicant", name)


def _check_concepts(rules: Rules) -> None:
    named = {concept for rule in rules.numbers for concept in rule.concepts}
    named |= {concept for rule in rules.zeros for concept in rule.concepts}
    named |= {channel.concept for channel in rules.channels} | {concept for concept, _ in rules.ways_of_applying}
    named |= {column.concept for form in rules.told_forms for column in form.columns}
    named |= set(rules.behind) - {rule.id for rule in rules.numbers} | {outcome.concept for outcomes in rules.behind.values() for outcome in outcomes}
    if unknown := named - set(concepts()):
        raise ValueError(f"prose.toml: unknown concepts {', '.join(sorted(unknown))}")
