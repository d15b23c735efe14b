"""Reports changed the way pages and clerks change them, their gold changed along: for training only.

An operation takes an annotated report and a random generator and gives an annotated report: ``blanks`` in and around
numbers, ``full_width`` digits and ``half_width`` punctuation, ``chinese_numerals``, other ``places`` and ``figures``,
``line_breaks``, ``dropped_punctuation``, ``table_layout``, page ``furniture``. What it writes passes
:func:`govie.corpus.check.check_report` as its report did, and the findings stay true: figures of one family are
multiplied by one number, so that sums, shares and contradictions hold as before. Left out on purpose: the layout of
tables that stand one cell a line (their rows cannot be told), numbers in words that are not plain numerals.

Read :class:`_Edit` and :func:`apply` first: an operation only lists edits, and ``apply`` moves the spans.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from govie.errors import CorpusError, UsageError
from govie.interchange.annotation import AnnotatedFact, AnnotatedReport, AnnotatedSpan
from govie.interchange.inline import clean_category
from govie.normalise import collapse
from govie.numerals import find_numbers
from govie.taxonomy import data_text

from .store import reports

__all__ = ["OPERATIONS", "apply", "augment", "augmented", "stream"]

Operation = Callable[[AnnotatedReport, Random], AnnotatedReport]

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CJK = r"[\u4e00-\u9fff]"
_NUMERALS = "零〇○一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾第"
_SCALED_UNITS = {"条", "件", "次", "个", "人", "人次", "篇", "份", "期", "场", "宗", "起", "例", "则", "名", "项"}


class _Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``."""

    start: int
    end: int
    new: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(data_text("augment.toml"))


# ---- the one way to change a report


def apply(report: AnnotatedReport, edits: Iterable[_Edit]) -> AnnotatedReport:
    """Return ``report`` with all ``edits`` made at once: text, spans, categories, title and authority follow.

    An edit lies within a span, or outside all, or covers one whole; what is inserted at the edge of a span stays
    outside it. Edits may not overlap.

    Raises:
        CorpusError: an edit crosses the edge of a span or another edit.
    """
    ordered = sorted(edits)
    pieces, last = [], 0
    for edit in ordered:
        if edit.start < last:
            raise CorpusError("edits overlap", where=f"{report.name}: offset {edit.start}")
        pieces += [report.text[last : edit.start], edit.new]
        last = edit.end
    spans = tuple(_moved(report, span, ordered) for span in report.spans)
    return _renewed(report, "".join((*pieces, report.text[last:])), spans)


def _moved(report: AnnotatedReport, span: AnnotatedSpan, edits: Sequence[_Edit]) -> AnnotatedSpan:
    start, end = span.start, span.end
    for edit in edits:
        grown = len(edit.new) - (edit.end - edit.start)
        inside = span.start <= edit.start and edit.end <= span.end
        inserted_at_edge = edit.start == edit.end and edit.start in (span.start, span.end)
        if edit.end <= span.start and (not inside or inserted_at_edge):
            start, end = start + grown, end + grown
        elif inside and not inserted_at_edge:
            end += grown
        elif edit.start < span.end and not inserted_at_edge:
            raise CorpusError("an edit crosses the edge of a span", where=f"{report.name}: {span.id}")
    return msgspec.structs.replace(span, start=start, end=end)


def _renewed(report: AnnotatedReport, text: str, spans: tuple[AnnotatedSpan, ...]) -> AnnotatedReport:
    """The report with a new text: what the gold reads off spans is read again."""
    words = {span.id: text[span.start : span.end] for span in spans}
    facts = tuple(
        msgspec.structs.replace(fact, category=clean_category(words[fact.category_span])) if fact.category_span else fact
        for fact in report.facts
    )
    card = msgspec.structs.replace(
        report.card,
        title=_followed(report, "TITLE", report.card.title, words),
        authority=tuple(_followed(report, "AUTHORITY", name, words) or name for name in report.card.authority),
    )
    return msgspec.structs.replace(report, text=text, spans=spans, facts=facts, card=card)


def _followed(report: AnnotatedReport, label: str, value: str | None, words: dict[str, str]) -> str | None:
    """What the card reads off the spans of ``label`` now, if it read ``value`` off them (all, or one) before."""
    spans = [span for span in report.spans if span.label == label]
    groups = [spans, *([span] for span in spans)]
    for group in groups:
        if group and _squeezed("".join(report.text[s.start : s.end] for s in group)) == value:
            return _squeezed("".join(words[s.id] for s in group))
    return value


def _squeezed(words: str) -> str:
    return re.sub(r"[\s\u3000\u200b\u00a0]+", "", words)


# ---- operations


def blanks(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Put blanks inside and around some of the marked numbers."""
    edits = []
    for span in _numbers(report):
        words = report.text[span.start : span.end]
        places = [m.start() for m in re.finditer(r"(?<=[\d０-９])(?=[\d０-９\u4e00-\u9fff])", words)]
        if places and random.random() < 0.3:
            edits.append(_insert(span.start + random.choice(places), random.choice((" ", "  ", "\u3000", "\u00a0"))))
        if span.label == "COUNT" and random.random() < 0.3:
            edits.append(_insert(random.choice((span.start, span.end)), " "))
    return _safely(report, edits)


def full_width(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Write some of the marked numbers in full-width digits."""
    edits = []
    for span in _numbers(report):
        words = report.text[span.start : span.end]
        # Full-width digits with a half-width point or comma between them are two numbers to a careful reader.
        if random.random() < 0.4 and not re.search(r"\d[.,]\d", words):
            edits.append(_Edit(span.start, span.end, words.translate(_FULL_WIDTH)))
    return _safely(report, edits)


def half_width(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Write sentence punctuation in half width, away from digits."""
    signs = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")"}
    chosen = {wide: narrow for wide, narrow in signs.items() if random.random() < 0.6}
    return apply(report, [_Edit(p, p + 1, chosen[report.text[p]]) for p in _free_signs(report, "".join(chosen))])


def chinese_numerals(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Write some of the counts below ten thousand in Chinese numerals."""
    edits = []
    for span in report.spans:
        words = report.text[span.start : span.end]
        match = re.fullmatch(r"(\d{1,4})([^\d.,%]{1,3})", words)
        clear = span.start == 0 or report.text[span.start - 1] not in _NUMERALS
        if span.label == "COUNT" and match and match[1] == str(int(match[1])) and clear and random.random() < 0.4:
            edits.append(_Edit(span.start, span.end, _chinese(int(match[1])) + match[2]))
    return _safely(report, edits)


def places(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Give the town and its county other names; the code and the count of namesakes go, since they no longer hold."""
    card = report.card
    renamed = {name: _place(name, random) for name in (card.town, card.county) if name and name[-1] in "镇乡县区市道旗场"}
    if not renamed:
        return report
    marked = sorted((s.start, s.end) for s in report.spans)
    edits = []
    for match in re.finditer("|".join(map(re.escape, sorted(renamed, key=len, reverse=True))), report.text):
        inside = [(a, b) for a, b in marked if a < match.end() and b > match.start()]
        if all(a <= match.start() and match.end() <= b for a, b in inside):
            edits.append(_Edit(match.start(), match.end(), renamed[match[0]]))
    changed = apply(report, edits)
    own = {
        "town": renamed.get(card.town, card.town),
        "county": renamed.get(card.county or "", card.county),
        "authority": tuple(_substituted(name, renamed) for name in changed.card.authority),
        "code": None,
        "candidates": None,
    }
    return msgspec.structs.replace(changed, card=msgspec.structs.replace(changed.card, **own))


def figures(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Multiply the figures of disclosure, and those of requests and cases, each by one small whole number."""
    spans = {span.id: span for span in report.spans}
    facts = list(report.facts)
    edits: list[_Edit] = []
    for family in (("disclosure",), ("requests", "review", "litigation", "complaints")):
        members = [i for i, f in enumerate(facts) if f.concept.split(".")[0] in family and f.value]
        members = [i for i in members if facts[i].unit != "%"]
        new = _multiplied(report, [spans[facts[i].span] for i in members], [facts[i] for i in members], random.choice((2, 3, 4, 7)))
        if new is not None and not _shared(report, members, family):
            edits += new[0]
            for i, value in zip(members, new[1], strict=True):
                facts[i] = msgspec.structs.replace(facts[i], value=value)
    changed = apply(report, edits)
    changed_facts = tuple(msgspec.structs.replace(f, value=new.value) for f, new in zip(changed.facts, facts, strict=True))
    return msgspec.structs.replace(changed, facts=changed_facts)


def line_breaks(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Break some paragraphs behind a full stop, and double some line breaks between paragraphs."""
    starts = {span.start for span in report.spans if span.label in ("HEADING", "TITLE")}
    edits = []
    for match in re.finditer(rf"。(?={_CJK})|(?<=[。；])\n(?={_CJK})", report.text):
        place = match.end()
        safe = report.text[place] not in _NUMERALS and place not in starts and not _inside(report, place)
        # A paragraph that begins with a heading keeps its heading: only bodies are broken.
        if safe and random.random() < 0.15:
            edits.append(_insert(place, random.choice(("\n", "\n\u3000\u3000"))))
    return apply(report, edits)


def dropped_punctuation(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Lose some commas and enumeration commas between two Chinese characters, away from numerals and marks."""
    edges = {place for span in report.spans for place in (span.start, span.end)}
    edits = []
    for match in re.finditer(rf"(?<={_CJK})[，、](?={_CJK})", report.text):
        near = report.text[match.start() - 1] + report.text[match.end()]
        free = not edges & {match.start(), match.end()} and not _inside(report, match.start())
        if free and not set(near) & set(_NUMERALS) and random.random() < 0.15:
            edits.append(_Edit(match.start(), match.end(), ""))
    return apply(report, edits)


def table_layout(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Lay every table of tab or bar rows out in another way: bars, tabs, two blanks, or one cell a line."""
    cells = [span.start for span in report.spans if span.label == "CELL"]
    edits: list[_Edit] = []
    for match in re.finditer(r"(?:^[^\n]*\t[^\n]*\n?){2,}|(?:^\|[^\n]*\|[ ]*\n?){2,}", report.text, re.M):
        if any(match.start() <= start < match.end() for start in cells):
            layout = random.choice(("tabs", "bars", "blanks", "lines"))
            edits += _table_edits(match, layout)
    return apply(report, [edit for edit in edits if not _inside(report, edit.start) or not _inside(report, edit.end)])


def furniture(report: AnnotatedReport, random: Random) -> AnnotatedReport:
    """Put the lines of a content management system above and below the report."""
    above = random.sample(_data()["above"], random.randint(1, 3))
    below = random.sample(_data()["below"], random.randint(1, 4))
    head, foot = "\n".join(above) + "\n", "\n" * (not report.text.endswith("\n")) + "\n".join(below) + "\n"
    return apply(report, [_insert(0, head), _insert(len(report.text), foot)])


OPERATIONS: dict[str, Operation] = {
    "figures": figures,
    "places": places,
    "chinese_numerals": chinese_numerals,
    "full_width": full_width,
    "half_width": half_width,
    "blanks": blanks,
    "line_breaks": line_breaks,
    "dropped_punctuation": dropped_punctuation,
    "table_layout": table_layout,
    "furniture": furniture,
}
"""The operations by name, in the order they are applied in: figures and names first, then their writing, then the page."""


# ---- what an operation needs


def _insert(place: int, new: str) -> _Edit:
    return _Edit(place, place, new)


def _numbers(report: AnnotatedReport) -> Iterator[AnnotatedSpan]:
    for span in report.spans:
        if span.label in ("COUNT", "CELL") and re.search(r"\d", report.text[span.start : span.end]):
            yield span


def _inside(report: AnnotatedReport, place: int) -> bool:
    return any(span.start < place < span.end for span in report.spans)


def _free_signs(report: AnnotatedReport, signs: str) -> Iterator[int]:
    """The places of ``signs`` outside all spans with no digit beside them (5，6 and 5,6 read differently)."""
    covered = {place for span in report.spans for place in range(span.start, span.end)}
    for place, char in enumerate(report.text):
        if char in signs and place not in covered:
            beside = report.text[max(0, place - 1) : place] + report.text[place + 1 : place + 2]
            if not re.search(r"[\d０-９]", beside):
                yield place


def _safely(report: AnnotatedReport, edits: Iterable[_Edit]) -> AnnotatedReport:
    """Make those edits of numbers after which the number still reads the same."""
    spans = [s for s in report.spans if s.label in ("COUNT", "CELL")]
    kept = []
    for edit in edits:
        span = next((s for s in spans if s.start <= edit.start and edit.end <= s.end), None)
        if span is None or edit.start == edit.end and edit.start in (span.start, span.end):
            kept.append(edit)
            continue
        before = report.text[span.start : span.end]
        after = before[: edit.start - span.start] + edit.new + before[edit.end - span.start :]
        if _read(before) == _read(after):
            kept.append(edit)
    return apply(report, kept)


def _read(words: str) -> list[tuple[int | float, str, bool]]:
    return [(n.value, n.unit, n.approximate) for n in find_numbers(collapse(words))]


def _chinese(value: int) -> str:
    """Return a count below ten thousand in Chinese numerals.

    >>> _chinese(12), _chinese(105), _chinese(1010), _chinese(0)
    ('十二', '一百零五', '一千零一十', '零')
    """
    digits = "零一二三四五六七八九"
    if value == 0:
        return "零"
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            gap = bool(written) and value // (unit * 10) % 10 == 0
            written += ("零" if gap else "") + digits[digit] + name
    return written[1:] if written.startswith("一十") else written


def _place(name: str, random: Random) -> str:
    kind = re.search("(?:街道办事处|街道|自治县|新区|镇|乡|县|区|市|旗|场)$", name)
    first, second = random.choice(_data()["first"]), random.choice(_data()["second"])
    return f"{first}{second}{kind[0] if kind else name[-1]}"


def _substituted(words: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        words = words.replace(old, new)
    return words


def _multiplied(
    report: AnnotatedReport, spans: Sequence[AnnotatedSpan], facts: Sequence[AnnotatedFact], factor: int
) -> tuple[list[_Edit], list[int]] | None:
    """The edits that multiply the numbers of ``spans`` and the new values, None if one of them is not a plain integer."""
    edits: dict[int, _Edit] = {}
    values = []
    for span, fact in zip(spans, facts, strict=True):
        words = report.text[span.start : span.end]
        digits = list(re.finditer(r"\d+", words))
        plain = len(digits) == 1 and not re.search(rf"[.,０-９{_NUMERALS}+−-]", words)
        if not plain or int(digits[0][0]) != fact.value or fact.unit not in _SCALED_UNITS or fact.approximate:
            return None
        values.append(int(fact.value) * factor)
        start = span.start + digits[0].start()
        edits[start] = _Edit(start, start + len(digits[0][0]), str(values[-1]))
    return (list(edits.values()), values) if values and max(values) < 10**6 else None


def _shared(report: AnnotatedReport, members: Sequence[int], family: tuple[str, ...]) -> bool:
    """Say whether a span of the members also states a fact of another family, which must not change."""
    spans = {report.facts[i].span for i in members}
    return any(f.span in spans and f.concept.split(".")[0] not in family and f.value for f in report.facts)


def _table_edits(match: re.Match[str], layout: str) -> Iterator[_Edit]:
    """The edits that lay out the rows of ``match`` in ``layout``; cells are not touched, blanks around them may be."""
    for line in re.finditer(r"[^\n]+", match[0]):
        begin, row = match.start() + line.start(), line[0]
        if row.startswith("|"):
            stops = [m.span() for m in re.finditer(r"[ ]*\|[ ]*", row)]
            first, inner, final = stops[0], stops[1:-1], stops[-1] if len(stops) > 1 else (len(row), len(row))
        else:
            first, final = (0, 0), (len(row), len(row))
            inner = [m.span() for m in re.finditer(r"\t", row)]
        outer, between = {"tabs": (("", ""), "\t"), "bars": (("| ", " |"), " | "), "blanks": (("", ""), "  ")}.get(layout, (("", ""), "\n"))
        inner = _joined(inner) if layout in ("lines", "blanks") else inner
        yield _Edit(begin + first[0], begin + first[1], outer[0])
        yield from (_Edit(begin + a, begin + b, between) for a, b in inner)
        yield _Edit(begin + final[0], begin + final[1], outer[1])


def _joined(stops: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Separators with nothing between them are one: an empty cell has no line of its own."""
    joined: list[tuple[int, int]] = []
    for start, end in stops:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


# ---- streams


def augment(report: AnnotatedReport, random: Random, operations: Iterable[str] | None = None) -> AnnotatedReport:
    """Return ``report`` with ``operations`` applied, in the order of :data:`OPERATIONS`; all of them if None.

    Raises:
        UsageError: there is no operation of that name.
    """
    chosen = set(OPERATIONS if operations is None else operations)
    if unknown := chosen - OPERATIONS.keys():
        raise UsageError(f"no operation {', '.join(sorted(unknown))}", hint=f"Operations: {', '.join(OPERATIONS)}.")
    for name, operation in OPERATIONS.items():
        if name in chosen:
            report = operation(report, random)
    return report


def stream(
    reports: Iterable[AnnotatedReport], *, seed: int = 0, copies: int | None = 1, share: float = 0.4
) -> Iterator[AnnotatedReport]:
    """Yield ``copies`` changed versions of each report, round by round; without end if ``copies`` is None.

    Each version has its own choice of operations (each with probability ``share``) and the name ``NAME+ROUND``. What
    comes out depends on ``seed``, the report's name and the round alone, not on the order of the reports.
    """
    originals = list(reports)
    number = 0
    while originals and (copies is None or number < copies):
        number += 1
        for report in originals:
            random = Random(f"{seed}:{report.name}:{number}")
            chosen = [name for name in OPERATIONS if random.random() < share]
            yield msgspec.structs.replace(augment(report, random, chosen), name=f"{report.name}+{number}")


def augmented(
    *, seed: int = 0, copies: int | None = 1, folder: Path | str | None = None
) -> Iterator[AnnotatedReport]:
    """Yield changed versions of the training reports, and of no others (see :func:`stream`)."""
    yield from stream(reports("train", folder=folder), seed=seed, copies=copies)
