"""What is known while the prose is read: of the report so far, and of the sentence at hand."""

from __future__ import annotations

import re

import msgspec

from ..numerals import Number
from ..records import Applicant
from ..taxonomy import concepts
from .context import Sentence
from .draft import Draft, ProseReading, ProseShare
from .lexicon import words
from .lists import respective_labels
from .rules import Place, Rules
from .scope import Time, times
from .surroundings import Surroundings
from .wholes import WHOLE_CONCEPTS, Wholes, promises_all_parts

__all__ = ["ReportState", "SentenceState"]

_OF_INFORMATION = words("of_information")
_NEWLY = words("newly")
_YEAR_OPENS = words("year_opens")
_OF_WHICH = re.compile("（?其中")  # such a sentence has the time of the total before it
_NEVER_CUMULATIVE = ("disclosure.electronic_rate", "staffing.staff", "staffing.reading_points", "staffing.offices")
_CASES = frozenset(("requests", "review", "litigation"))
"""Topics that a total of an earlier sentence keeps up."""


class ReportState:
    """What the sentences read so far leave behind.

    Attributes:
        drafts, shares: what was found.
        passed: the numbers that a rule says are no fact, by their start and end.
        era: which vocabulary of outcomes applies, ``2014`` or ``2019``.
        sentence: how many sentences have been read.
        whole: the draft of the total that parts in the next sentence belong to; forgotten at the end of a section.
        listing: whether the last number was a category's: the list may go on in the next line.
        year_named: whether a sentence of this section has named the year and no count has followed yet.
    """

    def __init__(self, rules: Rules, year: int | None) -> None:
        self.rules, self.year = rules, year
        self.era = "2019" if year is not None and year >= 2019 else "2014"
        self.drafts: list[Draft] = []
        self.shares: list[ProseShare] = []
        self.passed: dict[tuple[int, int], str] = {}
        self.sentence = 0
        self.whole: int | None = None
        self.listing = False
        self.year_named = False
        self._complete: dict[int, bool] = {}
        self._section = -1
        self._headings: tuple[str, ...] = ()

    def enter(self, sentence: Sentence) -> None:
        """Go on to the next sentence, forgetting what does not reach into its section."""
        self.sentence += 1
        new_section = sentence.section != self._section
        if new_section:
            self.listing = self.year_named = False
        if new_section or (
            sentence.headings != self._headings and not _OF_INFORMATION.search("".join(sentence.headings[1:]))
        ):
            self.whole = None
        self._section, self._headings = sentence.section, sentence.headings

    def leave(self, sentence: Sentence) -> None:
        """Note whether the next sentence goes on with a year that this one has named (2024年，我乡……。累计公开80条)."""
        if self.drafts and self.drafts[-1].sentence == self.sentence:
            self.year_named = False
        elif "年" in sentence.text and _YEAR_OPENS.match(sentence.text):
            self.year_named = True

    def note_first_part(self, whole: int, before: str, behind: str) -> None:
        """Note whether all parts of ``whole`` are promised by the words around its first part."""
        if whole not in self._complete:
            self._complete[whole] = promises_all_parts(before, behind)

    def result(self, sentences: tuple[Sentence, ...]) -> ProseReading:
        """Return what was found in ``sentences``."""
        return ProseReading(
            sentences=sentences,
            drafts=tuple(self.drafts),
            shares=tuple(self.shares),
            passed=self.passed,
            complete=frozenset(whole for whole, complete in self._complete.items() if complete),
        )


def _with_units_of_lists(text: str, numbers: tuple[Number, ...]) -> tuple[tuple[Number, ...], dict[int, tuple[str, str]]]:
    """The numbers, bare ones of a 分别为 list in the unit of the list's last (分别为74、58、141条), and the labels of the lists."""
    labels = respective_labels(text, numbers)
    if not any(numbers[index].kind == "bare" for index in labels):
        return numbers, labels
    made = list(numbers)
    for index in sorted(labels, reverse=True):
        behind = made[index + 1] if index + 1 in labels else None
        if made[index].kind == "bare" and behind is not None:
            made[index] = msgspec.structs.replace(made[index], unit=behind.unit, kind=behind.kind)
    return tuple(made), labels


class SentenceState:
    """A sentence with numbers, while it is read.

    Attributes:
        around: the words around its numbers.
        clock: the time of each number.
        wholes: wholes and parts.
        topics: what the sentence is about (``topic`` in ``data/prose.toml``).
        respective: label and verb of the numbers of a 分别为 list.
        newly: the numbers that say what the year has added to the number before.
        tells_forms: whether a row of the small tables of section two is named.
        last: the last draft of this sentence.
    """

    def __init__(self, report: ReportState, sentence: Sentence) -> None:
        self.report, self.rules, self.sentence = report, report.rules, sentence
        self.text = sentence.text
        self.numbers, self.respective = _with_units_of_lists(sentence.text, sentence.numbers)
        self.around = Surroundings(self.text, self.numbers)
        self.wholes = Wholes(self.around, sentence.start, report.drafts, report.whole)
        self.topics = self._topics()
        self.clock = times(
            self.text, [number.start for number in self.numbers], report.year, year_named=report.year_named
        )
        self.newly = self._newly()
        self.tells_forms = self.rules.any_told_form.search(self.text) is not None
        self.last: Draft | None = None

    def _topics(self) -> frozenset[str]:
        topics = self.rules.topics_of(self.sentence.kinds, self.text + "".join(self.sentence.headings[1:]))
        return topics | ({self.wholes.concept.split(".")[0]} & _CASES)

    def _newly(self) -> frozenset[int]:
        """The numbers of 政府文件180条，新增31条: the first is what has piled up, the second the year's own."""
        if "新增" not in self.text:
            return frozenset()
        found = frozenset(i for i in range(1, len(self.numbers)) if _NEWLY.match(self.around.before(i)))
        for index, time in enumerate(self.clock):
            if index + 1 in found or (len(found) > 2 and index not in found):
                self.clock[index] = time.with_scope("cumulative")
            elif index in found:
                self.clock[index] = time.with_scope("annual")
        return found

    def place(self, index: int, left: str, right: str) -> Place:
        """Return the place that rules look at, for a number with these labels."""
        number = self.numbers[index]
        return Place(
            left=left,
            right=right,
            before=self.text[: self.around.clause_start(index)],
            after=self.text[number.end :],
            unit=number.unit,
            value=number.value,
            topics=self.topics,
            era=self.report.era,
            whole=self.wholes.concept,
        )

    def end_of_last_fact(self, index: int) -> int:
        """Return where the last number before this one that states a fact ends in the sentence, 0 if there is none."""
        before = [place for place in self.wholes.draft_of if place < index]
        return self.numbers[max(before)].end if before else 0

    def draft_of(self, index: int) -> Draft | None:
        """Return the draft of a number, the last one if it has several."""
        draft = self.wholes.draft_of.get(index)
        return None if draft is None else self.report.drafts[draft]

    def add(
        self,
        index: int,
        concept: str,
        rule: str,
        *,
        category: str | None = None,
        applicant: Applicant | None = None,
        label: tuple[int, int] | None = None,
        sign: int = 1,
        time: Time | None = None,
    ) -> None:
        """Add a draft for a number; it may become the whole of the numbers after it.

        ``sign`` -1 makes it a decrease; ``time`` is its time where that is not what the words before it name.
        """
        number = self.numbers[index]
        part_of = self.wholes.part_of(index, concept)
        draft = Draft(
            concept=concept,
            category=category,
            applicant=applicant,
            value=sign * number.value,
            unit="%" if number.kind == "percent" else number.unit or concepts()[concept].unit,
            time=time or self._time(index, concept, part_of),
            approximate=number.approximate,
            start=self.sentence.start + number.start,
            end=self.sentence.start + number.end,
            section=self.sentence.kind,
            rule=rule,
            sentence=self.report.sentence,
            part_of=part_of,
            label=label,
            depth=self.around.depth(number.start),
        )
        self._keep(index, draft, number)

    def pass_over(self, index: int, rule: str) -> None:
        """Note that ``rule`` says that a number is no fact."""
        number = self.numbers[index]
        self.report.passed[self.sentence.start + number.start, self.sentence.start + number.end] = rule

    def _time(self, index: int, concept: str, part_of: int | None) -> Time:
        time = self.clock[index]
        if part_of is not None and not time.named and self.wholes.own is None and _OF_WHICH.match(self.text):
            assert self.wholes.current is not None
            time = self.report.drafts[self.wholes.current].time.inherited()
        # A rate does not add up over the years, and staff are counted on a day.
        return time.with_scope("annual") if concept.startswith(_NEVER_CUMULATIVE) else time


    def _keep(self, index: int, draft: Draft, number: Number) -> None:
        place = len(self.report.drafts)
        self.report.drafts.append(draft)
        self.wholes.draft_of[index] = place
        self.last = draft
        if draft.part_of is not None:
            end = self.report.drafts[draft.part_of].end - self.sentence.start
            self.report.note_first_part(draft.part_of, self.text[max(end, 0) : number.start], self.text[number.end :])
        if self._becomes_whole(draft):
            self.wholes.begin(place)
            self.report.whole = place

    def _becomes_whole(self, draft: Draft) -> bool:
        if self.wholes.own is not None and draft.time.offset < 0:
            return False  # 198条，比上年的154条多了44条: the parts that follow are this year's
        if draft.concept.startswith("disclosure.channel."):
            return not self.wholes.is_all_information  # 网站118条，其中动态61条
        return draft.concept in WHOLE_CONCEPTS and draft.rule != "comparison" and draft.applicant is None
