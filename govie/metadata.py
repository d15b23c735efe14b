"""Who reports, for which period and when: title, authority, locality, period, date of issue and contacts.

Newcomers: start at :func:`find_metadata`. Everything is read from a *view* of the text (normalised, simplified) that
knows the way back to the source; what is returned is written as in the source, blanks and a mirror's pinyin taken
out. Patterns are data (``data/metadata.toml``), places come from :mod:`govie.gazetteer`.

Conventions are those of the output's description; where it is silent:

* A report of a prefecture-level city's bureau has ``level`` ``city`` and the city's own code (GB/T 2260, four digits
  and 00).
* A county named directly before the town settles the code, then the only county of that name with such a town, then
  the only town of that name; a government site of another county named in the text comes before a unique town name.
* A signature with a month but no day gives no date; a later, lesser source (publishing date) may still give one.

Left out on purpose: contacts of complaint and application desks, dates of laws, periods of campaigns.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from bisect import bisect_left
from collections import Counter
from functools import cache, lru_cache
from itertools import islice

import msgspec

from govie import gazetteer
from govie.normalise import Normalised, collapse
from govie.numerals import parse_year
from govie.records import Contact, Document, Locality, Metadata, Period, Section, Span
from govie.taxonomy import data_text

__all__ = ["find_metadata", "locality_for_year", "parse_date"]

_PINYIN = re.compile("[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[）)]")
_BLANKS = re.compile("[\\s\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\u00ad]+")
_CJK_RUN = re.compile("[\u4e00-\u9fff〇]+$")
_HEAD_CHARACTERS = 1500
_TITLE_CHARACTERS = 70
_INSIDE_DIVISIONS = re.compile("(?<=..[省市州盟])(?=..)")
# 县民政局 names its level, 市场监管局 and 市政局 do not.
_OWN_LEVEL = re.compile("^(?:[县区旗省]|市(?![场政容民]))")
_INDEX_CODE = re.compile(r"(?<!\d)\d{6}(?=\d{2,}|[-/][A-Z\d])")
_DATE_LINE = 120
_DATE_STARTS = frozenset("0123456789一二三四五六七八九十元")
_BRACKETS = ("（1", "（一", "（元", "度（")
# A sentence that gives contacts is no longer than this, and a report gives them in a few places.
_SENTENCE = 300
_MOST_NUMBERS = 60
_REPORT_WORDS = ("总结", "小结", "情况")
_MONTHS = {"元": 1, "十": 10}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
# A publishing date counts up to 18 months after the period's end (the law gives one or three).
_LATEST_MONTHS = 18
# Values of contacts: one dash, half-width letters, digits and signs.
_HALF_WIDTH = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | dict.fromkeys("—–―−‐‑－", "-"))


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(data_text("metadata.toml"))["words"]
    return words


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(_words()[name].split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return _patterns()[name]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(data_text("metadata.toml"))
    macros: dict[str, str] = {}
    for name, value in data["macros"].items():
        macros[name] = _fill(value, macros)
    return {entry["id"]: re.compile(_fill(entry["regex"], macros)) for entry in data["pattern"]}


def _fill(pattern: str, macros: dict[str, str]) -> str:
    for name, value in macros.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern


class _View:
    """The text to search, normalised and simplified, its lines, and the way back to the source."""

    __slots__ = ("_normalised", "lines", "source", "text")

    def __init__(self, source: str, normalised: Normalised | None = None) -> None:
        self.source = source
        self._normalised = normalised or Normalised(source)
        self.text = self._normalised.text
        self.lines = _lines(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of ``text[start:end]``."""
        return self._normalised.to_source(start, end)

    def is_after_blank(self, offset: int) -> bool:
        """Tell whether the source has a blank before ``text[offset]``."""
        return offset > 0 and self.source[self.span(offset, offset + 1)[0] - 1].isspace()

    def place(self, offset: int) -> int:
        """Return the place in ``text`` of a source offset."""
        return self._normalised.from_source(offset)

    def written(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as the source writes it; blanks, line breaks and pinyin taken out."""
        return _PINYIN.sub("", self.unblanked(start, end))

    def unblanked(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as the source writes it, a mirror's pinyin included; blanks and breaks taken out."""
        first, last = self.whole(start, end)
        return _BLANKS.sub("", self.source[first:last])

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of ``text[start:end]`` with the pinyin a mirror put behind its last character."""
        first, last = self.span(start, end)
        pinyin = _PINYIN.match(self.source, last)
        return first, pinyin.end() if pinyin else last


def _lines(text: str) -> list[tuple[int, int]]:
    lines = []
    start = 0
    for line in text.split("\n"):
        if line:
            lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines


# ---------------------------------------------------------------- dates


def parse_date(text: str) -> str | None:
    """Return the ISO date that normalised ``text`` begins with, None where it begins with none.

    Read are 2017年12月31日, 2018-1-5, 2018.1.5, 2018/1/5 and Chinese numerals; a date must exist (no month 13).
    """
    match = _pattern("date.full").match(text)
    return _date_of(match) if match else None


def _date_of(match: re.Match[str]) -> str | None:
    year, month, day = match["y"], match["m"] or match["n"], match["d"] or match["e"]
    return _iso(parse_year(year), _small(month), _small(day))


@lru_cache(maxsize=512)
def _small(words: str | None) -> int | None:
    """Return a month or day number, in digits or in words; None where it cannot be read."""
    if not words:
        return None
    if words.isdecimal():
        return int(words)
    if words in _MONTHS:
        return _MONTHS[words]
    words = words.replace("廿", "二十")
    tens, ten, ones = words.rpartition("十")
    value = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
    return value or None


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _months_between(first: str, last: str) -> float:
    a, b = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return (b.year - a.year) * 12 + b.month - a.month + (b.day - a.day) / 31


# ---------------------------------------------------------------- period


class _Range(msgspec.Struct, frozen=True):
    start: int
    end: int
    period: Period | None
    end_year: int | None


def _find_period(view: _View, years: list[int], body: int) -> _Range | None:
    """Return the first span of dates that the text introduces as its statistics period."""
    text = view.text
    cue = _pattern("period.cue")
    for at in years:
        if (
            text[at + 4 : at + 5] == "年"
            and text[at + 5 : at + 6] not in _DATE_STARTS
            and text[at + 5 : at + 7] not in _BRACKETS
        ):
            continue  # a year alone: 2017年，我镇
        found = _range_at(text, at)
        if found is None:
            continue
        before = re.split("[。\n；]", text[max(0, at - 40) : at])[-1]
        if cue.search(before) or ((at < body or "情况" in before) and _looks_annual(found)):
            return found
    return _calendar_year(view, years)


def _calendar_year(view: _View, years: list[int]) -> _Range | None:
    """Return the first span from 1 January to 31 December that a text without a stated period counts over."""
    for at in years:
        if view.text[at - 1 : at] not in ("自", "从", "（", "为", "，", "。", "\n", ""):
            continue
        found = _range_at(view.text, at)
        if found is None or found.period is None or view.text[found.end - 1] != "日":
            continue
        year = found.period.start[:4]
        if (found.period.start, found.period.end) == (f"{year}-01-01", f"{year}-12-31"):
            return found
    return None


def _looks_annual(found: _Range) -> bool:
    period = found.period
    return period is not None and 5 < _months_between(period.start, period.end) < 20


def _range_at(text: str, at: int) -> _Range | None:
    match = _pattern("period.range").match(text, at)
    if match:
        first_year = parse_year(match["y1"])
        last_year = parse_year(match["y2"]) if match["y2"] else first_year
        first = _iso(first_year, _small(match["m1"] or match["n1"] or match["g1"]), _first_day(match))
        last = _iso(last_year, _small(match["m2"]), _last_day(match, last_year))
        return _Range(match.start(), match.end(), _period(first, last), last_year)
    match = _pattern("period.damaged").match(text, at)
    if match:
        first_year = parse_year(match["y1"])
        last_year = parse_year(match["y2"]) if match["y2"] else first_year
        first = _read_damaged(first_year, match["r1"])
        last = _read_damaged(last_year, match["r2"])
        return _Range(match.start(), match.end(), _period(first, last), last_year)
    match = _pattern("period.digits").match(text, at)
    if match and re.search("期限|时限|期间|时间", text[max(0, at - 8) : at]):
        period = _read_digits(match["y1"], match["run"])
        if period:
            return _Range(match.start(), match.end(), period, int(period.end[:4]))
    return None


def _read_digits(year: str, run: str) -> Period | None:
    """Return the only span inside one year that a run of months and days can be, None where there are none or two."""
    if run.count(year) == 1 and 1 <= run.index(year) <= 4:
        first, _, last = run.partition(year)
        pairs = [(first, last)]
    else:
        pairs = [(run[:cut], run[cut:]) for cut in range(2, len(run) - 1)]
    readings = {
        (start, end)
        for first, last in pairs
        for start in _month_days(year, first)
        for end in _month_days(year, last)
        if start < end
    }
    return Period(*readings.pop()) if len(readings) == 1 else None


def _month_days(year: str, run: str) -> list[str]:
    cuts = range(max(1, len(run) - 2), min(2, len(run) - 1) + 1)
    days = [_iso(int(year), int(run[:cut]), int(run[cut:])) for cut in cuts if run[cut] != "0" or len(run) == 4]
    return [day for day in days if day]


def _period(first: str | None, last: str | None) -> Period | None:
    return Period(first, last) if first and last and first <= last else None


def _first_day(match: re.Match[str]) -> int | None:
    day = match["d1"] or match["e1"] or match["h1"]
    # 2017年1月至12月: from the first day of the month; 2017年1月日 lost its day and stays unread.
    return _small(day) if day else (1 if match.string[match.end("m1") : match.end("m1") + 2][1:] != "日" else None)


def _last_day(match: re.Match[str], year: int | None) -> int | None:
    day = match["d2"] or match["e2"]
    if day:
        return _small(day)
    month = _small(match["m2"])
    if year is None or month is None or not 1 <= month <= 12:
        return None
    # 12月, 12月底: the last day, unless a lost one is visible (12月日).
    after = match.string[match.end("m2") : match.end("m2") + 2]
    if after == "月日" or not after.startswith("月"):
        return None
    return (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day


def _read_damaged(year: int | None, rest: str) -> str | None:
    """Return the only date that ``rest`` (month and day run together) can be, None where there are none or two."""
    month, found, day = rest.partition("月")
    if found:
        return _iso(year, int(month), int(day))
    readings = set()
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        if len(month) <= 2 and len(day) <= 2 and (len(rest) == 4 or not day.startswith("0")):
            readings.add(_iso(year, int(month), int(day)))
    readings.discard(None)
    return readings.pop() if len(readings) == 1 else None


# ---------------------------------------------------------------- title


class _Title(msgspec.Struct, frozen=True):
    start: int
    end: int
    rank: int


def _find_title(view: _View, body: int, year: int | None) -> _Title | None:
    """Return the title's place in the view: the best title line before the body, else None."""
    found: list[_Title] = []
    for index, (start, end) in enumerate(view.lines):
        if start > body and found:
            break
        if start > max(body, 600):
            break
        title = _title_in_line(view, index, start, end)
        if title:
            found.append(title)
    if not found:
        return None
    best = min(title.rank for title in found)
    found = [title for title in found if title.rank == best]
    same = [title for title in found if year is None or _year_in(view.text[title.start : title.end]) == year]
    # Lists of other years' reports stand before the title: of equals, the last one, nearest to the text.
    return (same or found)[-1]


def _title_in_line(view: _View, index: int, start: int, end: int) -> _Title | None:
    text = view.text
    if text.find("报", start, end) < 0 and not any(text.find(word, start, end) >= 0 for word in _REPORT_WORDS):
        return None
    if end - start > 160:
        return _inline_title(view, start, end) if index < 12 else None
    start, end, crumb = _trim_title(text, start, end)
    line = text[start:end]
    if not 4 <= len(line) <= _TITLE_CHARACTERS or _pattern("title.bad").search(line):
        return None
    if _pattern("title.tail").match(line):
        return _joined_title(view, index, start, end, crumb)
    if not _pattern("title.line").match(line):
        return None
    has_year, has_subject = _year_in(line) is not None, bool(_subject(line))
    if not (has_year or has_subject) or (line.endswith("情况") and not (has_year and has_subject)):
        return None
    rank = 2 * crumb + (0 if has_year and has_subject else 1) + (line.endswith(("情况", "汇报", "小结")) and 2)
    if not has_year:
        end = _with_year_line(view, index, end)
    return _Title(start, end, rank)


def _trim_title(text: str, start: int, end: int) -> tuple[int, int, int]:
    """Return the span without mark-up, quotation marks and furniture, and 1 where it was the end of a crumb line."""
    crumb = 0
    line = text[start:end]
    if _pattern("title.crumb").search(line):
        crumb = 1
        start += max(line.rfind(mark) for mark in ">»›→") + 1
    else:
        tail = max(line.rfind(mark) for mark in "-_")
        if tail > 8 and "公开" in line[:tail] and "公开" not in line[tail:]:
            # A page's own title: report - site.
            end, crumb = start + tail, 1
    lead = _pattern("title.lead").match(text[start:end])
    if lead:
        start += lead.end()
    label = _pattern("title.label").search(text, start + 4, end)
    if label and "公开" in text[start : label.start()]:
        end = label.start()
    while end > start and text[end - 1] in "*#_：。-":
        end -= 1
    if text[start:end].startswith("《") and text[start:end].endswith("》"):
        start, end = start + 1, end - 1
    return start, end, crumb


def _joined_title(view: _View, index: int, start: int, end: int, crumb: int) -> _Title | None:
    """Return the title whose last line is line ``index``, with up to two lines before it."""
    text = view.text
    size = end - start
    complete = False
    for before in range(index - 1, max(index - 3, -1), -1):
        first, last = view.lines[before]
        first += len(m.group()) if (m := _pattern("title.lead").match(text[first:last])) else 0
        line = text[first:last]
        if size + len(line) > _TITLE_CHARACTERS or _pattern("title.bad").search(line):
            break
        if not _pattern("title.first").match(line):
            break
        if line.endswith(("年报", "报告")) or _pattern("title.crumb").search(line):
            break
        start, size, complete = first, size + len(line), True
        if _subject(line):
            break
    whole = text[start:end].replace("\n", "")
    has_year = _year_in(whole) is not None
    if complete and not has_year:
        end = _with_year_line(view, index, end)
        has_year = _year_in(text[start:end].replace("\n", "")) is not None
    if not complete and (not has_year or len(whole) < 8):
        return None
    return _Title(start, end, 2 * crumb + (0 if has_year and complete else 1))


def _with_year_line(view: _View, index: int, end: int) -> int:
    """Return the title's end, moved behind a line that holds only its year: （2017年度）."""
    if index + 1 < len(view.lines):
        first, last = view.lines[index + 1]
        if _pattern("title.year_line").match(view.text[first:last]):
            return last
    return end


def _inline_title(view: _View, start: int, end: int) -> _Title | None:
    """Return the title at the beginning of a line that holds the text too."""
    text = view.text
    crumbs = [start + mark.end() for mark in re.finditer("[|>»›\t]", text[start : start + 160])]
    for first in reversed([start, *crumbs]):
        lead = _pattern("title.lead").match(text[first : first + 40])
        first += lead.end() if lead else 0
        match = _pattern("title.inline").match(text[first : first + 80])
        if not match or _pattern("title.bad").search(match.group()) or _year_in(match.group()) is None:
            continue
        if _subject(match.group()):
            return _Title(first, first + match.end(), 0)
    return None


def _year_in(text: str) -> int | None:
    match = _pattern("year").search(text)
    return parse_year(match.group()) if match else None


@lru_cache(maxsize=1024)
def _subject(title: str) -> str:
    """Return the words of a title that say whose report it is: 2017年江阴市祝塘镇政府信息公开… -> 江阴市祝塘镇."""
    words = _pattern("year").sub("", title.replace("\n", ""))
    words = re.sub("^(?:关于|年度|年|度|[《#（])+", "", re.sub("（[^（）]*）", "", words)).replace("年度", "年")
    divisions = sum(map(len, gazetteer.leading_divisions(words)))
    cut = _pattern("title.subject_end").search(words, divisions)
    words = words[: cut.start()] if cut else words
    if cut and cut.group().startswith("人民政府信息"):
        words += "人民政府"
    return words.rstrip("年度关于的")


# ---------------------------------------------------------------- places


class _Place(msgspec.Struct, frozen=True):
    """A town named at ``text[start:end]``: its full name, simplified."""

    start: int
    end: int
    name: str


def _town_at(view: _View, end: int, *, strict: bool, trusted: bool) -> _Place | None:
    """Return the town whose name ends at ``end``.

    The list decides how far the name reaches to the left; a name the list does not have must begin cleanly, and is
    refused when ``strict``. In a title or by a signature (``trusted``) an unknown name is taken as it stands.
    """
    text = view.text
    for size in range(min(14, end), 1, -1):
        start = end - size
        if gazetteer.town_count(text[start:end]) and text[start:end] not in _word_set("no_town"):
            if strict or _begins_cleanly(view, start, size):
                return _Place(start, end, text[start:end])
            break
    else:
        if strict:
            return None
    run = _CJK_RUN.search(text[max(0, end - 24) : end])
    if not run:
        return None
    words = _without_leads(run.group())
    if words in _word_set("no_town") or not 2 <= len(words) <= 14 or _pattern("place.no_name").match(words):
        return None
    if not trusted and len(words) > 6:
        return None  # a clause, no name
    return _Place(end - len(words), end, words)


def _begins_cleanly(view: _View, start: int, size: int) -> bool:
    """Tell whether a listed name of ``size`` characters can begin at ``start`` and is not the end of a longer one."""
    text = view.text
    before = text[start - 1 : start]
    if before in _words()["boundary"] or not "\u4e00" <= before <= "\u9fff":
        return True
    if before in "县区市旗府会共营" or gazetteer.divisions_before(text, start) or view.is_after_blank(start):
        return True
    lead = _pattern("place.lead").match(text[max(0, start - 6) : start])
    return lead is not None and lead.end() == min(start, 6)


def _without_leads(words: str) -> str:
    """Return the end of ``words`` that can be a town's name: divisions, and words that lead up to it, cut off."""
    lead = _pattern("place.lead").match(words[:-2])
    if lead and not gazetteer.leading_divisions(words[:4]):
        words = words[lead.end() :]
    divisions = sum(map(len, gazetteer.leading_divisions(words)))
    if divisions:
        return words[divisions:] if divisions < len(words) - 1 else words
    words = re.split("(?<=.[县区市旗])(?=..)", words)[-1] if len(words) > 4 else words
    return re.split("[年度由与向在的及对]", words[:-2])[-1] + words[-2:] if len(words) > 2 else words


def _towns_in(view: _View, *, strict: bool = False, trusted: bool = False) -> list[_Place]:
    text = view.text
    places = []
    taken = 0
    for match in _pattern("place.suffix").finditer(text):
        if match.start() < taken:
            continue
        if gazetteer.division_level(text[max(0, match.start() - 2) : match.end() + 1]):
            continue  # 镇江市, 新乡市, 镇原县
        place = _town_at(view, match.end(), strict=strict, trusted=trusted or _office_follows(text, match.end()))
        if place:
            places.append(place)
            taken = match.end()
    return places


def _town_of_subject(subject: str, view: _View) -> str | None:
    """Return the full name of the town that a title's subject names, None where it names none."""
    divisions = gazetteer.leading_divisions(subject)
    skip = sum(map(len, divisions))
    rest = subject[skip:]
    if rest.startswith(("人民政府", "政府")) and len(rest) > 5:
        rest = rest[rest.index("府") + 1 :]
    if rest in ("街道", "街道办事处", "镇", "乡") and divisions:
        rest = divisions[-1] + rest  # 城区街道: the district's name is the street office's
    if not rest:
        return None
    found = _towns_in(_View(rest), trusted=True)
    if not found:
        if rest.endswith("街") and len(rest) >= 3:
            return rest + "道"
        return None
    name = found[0].name
    if len(found) > 1 and found[0].name.endswith(("管理区", "开发区", "新区", "园区", "度假区")):
        name = found[-1].name
    return _full_town_name(_listed_ending(name, view), view.text)


def _listed_ending(name: str, view: _View) -> str:
    """Return the listed town that an unlisted name ends in and that the text names on its own too, else the name.

    Mirrors put advertising in place of the county: the title's name is then longer than the town's.
    """
    if gazetteer.town_count(name) or len(name) < 5:
        return name
    text = view.text
    for size in range(len(name) - 2, 2, -1):
        town = name[-size:]
        if not gazetteer.town_count(town):
            continue
        at = text.find(town)
        while at >= 0:
            if not text.startswith(name, at - len(name) + size) and _begins_cleanly(view, at, size):
                return town
            at = text.find(town, at + 1)
    return name


def _full_town_name(name: str, text: str) -> str:
    if name.endswith("街"):
        return name + "道"
    if name.endswith("办事处") and not name.endswith("街道办事处"):
        street = name.removesuffix("办事处") + "街道"
        return street if street in text else name
    return name.removesuffix("办事处") if name.endswith("街道办事处") else name


def _town_of_text(view: _View) -> str | None:
    """Return the town a text without a telling title reports on: the one it names most often."""
    text = view.text
    counts: Counter[str] = Counter()
    for place in _towns_in(view):
        if not gazetteer.town_count(place.name) and not _office_follows(text, place.end):
            continue
        if _pattern("place.no_name").match(place.name) and not _office_follows(text, place.end):
            continue  # 中心镇, 重点镇: words before they are names
        if place.name.endswith(("区", "园", "办事处")) and not gazetteer.town_count(place.name):
            continue
        counts[_full_town_name(place.name, text)] += 3 if _office_follows(text, place.end) else 1
    if not counts:
        return None
    name, count = counts.most_common(1)[0]
    return name if count >= 2 or sum(counts.values()) == count else None


def _office_follows(text: str, end: int) -> bool:
    return text.startswith(("人民政府", "政府", "党政", "党委", "办事处", "道办事处"), end)


class _Named(msgspec.Struct, frozen=True):
    """The divisions named directly before a town, known to the lists or not."""

    province: str | None = None
    city: str | None = None
    county: str | None = None


@lru_cache(maxsize=1024)
def _named(divisions: tuple[str, ...]) -> _Named:
    province = city = county = None
    for name in divisions:
        level = gazetteer.division_level(name)
        if level == "province":
            province = name
        elif level == "county" or gazetteer.counties(name, gazetteer.LAST_YEAR):
            county = gazetteer.full_name(name)
        else:
            city = name
    return _Named(province, city, county)


def _unknown_county(text: str, end: int) -> _Place | None:
    """Return the county that ends at ``end`` and that the lists do not have; its start is that of its city, if named."""
    if text[end - 1 : end] not in ("县", "区", "市", "旗"):
        return None
    run = _CJK_RUN.search(text[max(0, end - 16) : end])
    if not run:
        return None
    words = run.group()
    lead = _pattern("place.lead").match(words[:-2])
    words = words[lead.end() :] if lead else words
    words = re.split("[由与向在的和及对为到从经将于年]", words[:-2])[-1] + words[-2:]
    county = _INSIDE_DIVISIONS.split(words)[-1]
    if not 2 <= len(county) <= 7 or len(words) > 12 or _pattern("place.no_county").match(county):
        return None
    return _Place(end - len(words), end, county)


def _divisions_named_with(text: str, town: str) -> _Named:
    """Return the divisions that stand before the town wherever the text names it, the most frequent county first."""
    tally: Counter[_Named] = Counter()
    at = text.find(town)
    while at >= 0:
        end = at - 4 if text.startswith("人民政府", at - 4) and at >= 4 else at
        divisions = gazetteer.divisions_before(text, end)
        if divisions:
            tally[_named(divisions)] += 1
        elif end > 2:
            unknown = _unknown_county(text, end)
            if unknown:
                tally[_Named(county=unknown.name)] += 1
        at = text.find(town, at + 1)
    if not tally:
        return _Named()
    county = next((n for n, _ in tally.most_common() if n.county and gazetteer.division_level(n.county)), None)
    county = county or next((n for n, _ in tally.most_common() if n.county), None)
    city = next((n.city for n, _ in tally.most_common() if n.city), None)
    province = next((n.province for n, _ in tally.most_common() if n.province), None)
    if county:
        return _Named(county.province or province, county.city or city, county.county)
    return _Named(province, city, None)


def _counties_of_sites(text: str, year: int) -> list[gazetteer.County]:
    """Return the counties whose government or site the text names, where the year's list has one of that name."""
    found: dict[str, list[gazetteer.County]] = {}
    for match in _pattern("place.county_office").finditer(text):
        words = match.group()
        for size in range(min(len(words), 14), 1, -1):
            name = words[-size:]
            if name in found:
                break
            if gazetteer.division_level(name) == "county" and (size > 2 or _stands_alone(text, match.end() - size)):
                options = gazetteer.counties(name, year)
                if options:
                    found[name] = _narrowed(options, text)
                break
    return [options[0] for options in found.values() if len(options) == 1]


def _stands_alone(text: str, start: int) -> bool:
    """Tell whether a name of two characters can begin at ``start``: 成县 does not in 完成县政府下达的任务."""
    before = text[start - 1 : start]
    return before in _words()["boundary"] or not "\u4e00" <= before <= "\u9fff" or before in "省市州"


def _narrowed(options: tuple[gazetteer.County, ...], text: str) -> list[gazetteer.County]:
    """Return the counties of one name that the text's own city or province names leave."""
    if len(options) > 1:
        for part in ("city", "province"):
            named = [option for option in options if (value := getattr(option, part)) and value in text]
            if named:
                return named
    return list(options)


def _town_locality(view: _View, town: str, year: int | None) -> Locality:
    """Return the town with its county and the county's code in ``year``, as far as the text settles them."""
    listed = year or gazetteer.LAST_YEAR
    text = view.text
    entries = gazetteer.towns(town)
    named = _divisions_named_with(text, town)
    find = _named_county if named.county else _county_by_list
    county = find(named, entries, listed, text)
    return Locality(
        name=_as_written(view, town),
        level="town",
        county=county.name if county else named.county,
        city=county.city if county else named.city,
        province=county.province if county else named.province,
        code=county.code if county else None,
        candidates=len(entries),
    )


def _named_county(
    named: _Named, entries: tuple[gazetteer.TownEntry, ...], year: int, text: str
) -> gazetteer.County | None:
    """Return the county named with the town, None where the year's list has none or several of that name."""
    assert named.county
    options = [
        option
        for option in gazetteer.counties(named.county, year)
        if (not named.province or option.province == named.province)
        and (not named.city or option.city in (named.city, None))
    ]
    if len(options) > 1:
        codes = {gazetteer.county_of(entry, year).code for entry in entries}
        options = [option for option in options if option.code in codes] or options
    if len(options) > 1:
        options = _narrowed(tuple(options), text)
    return options[0] if len(options) == 1 else None


def _county_by_list(
    named: _Named, entries: tuple[gazetteer.TownEntry, ...], year: int, text: str
) -> gazetteer.County | None:
    """Return the county of a town with no county before it: by counties named elsewhere, else by a unique name."""
    if named.city and len(entries) > 1:
        entries = tuple(entry for entry in entries if entry.city == named.city) or entries
    mentioned = [entry for entry in entries if _mentions(text, entry)]
    if len(mentioned) == 1:
        return gazetteer.county_of(mentioned[0], year)
    if len(entries) > 1:
        settled = _settled_by_text(tuple(mentioned) or entries, year, text)
        if settled:
            return settled
    if mentioned:
        return None
    others = _counties_of_sites(text, year)
    if len(others) == 1:
        return others[0]
    return gazetteer.county_of(entries[0], year) if len(entries) == 1 and not others else None


def _settled_by_text(entries: tuple[gazetteer.TownEntry, ...], year: int, text: str) -> gazetteer.County | None:
    """Return the county of the only one of ``entries`` whose code, city or province the text names."""
    if "索引" in text[:_HEAD_CHARACTERS]:
        # Index numbers of many sites begin with the county's code.
        numbers = set(_INDEX_CODE.findall(text[:_HEAD_CHARACTERS]))
        coded = [county for entry in entries if (county := gazetteer.county_of(entry, year)).code in numbers]
        if len(coded) == 1:
            return coded[0]
    for level in ("city", "province"):
        names = {name: _names_division(text, name) for entry in entries if (name := getattr(entry, level))}
        named = [entry for entry in entries if names.get(getattr(entry, level))]
        if len(named) == 1:
            return gazetteer.county_of(named[0], year)
    return None


def _names_division(text: str, name: str) -> bool:
    """Tell whether the text names a division in full, or its site, paper or channel by the short name."""
    if name in text and (len(name) > 2 or _stands_alone(text, text.find(name))):
        return True
    short = gazetteer.short_name(name)
    if len(short) < 2 or short not in text:
        return False
    return re.search(_pattern("place.site").pattern.replace("SHORT", re.escape(short)), text) is not None


def _mentions(text: str, entry: gazetteer.TownEntry) -> bool:
    """Tell whether the text names the town's county, under any name it has had, or its site by the short name."""
    own = entry.name.rstrip("镇乡街道")
    for name in {entry.county, *(name for name, _, _, _ in entry.history)}:
        # 祝塘政府网 would be the town's own.
        if (name in text or gazetteer.short_name(name) != own) and _names_division(text, name):
            return True
    return False


def _as_written(view: _View, name: str) -> str:
    """Return a simplified name as the text writes it (traditional characters), itself where it does not occur."""
    at = view.text.find(name)
    return view.written(at, at + len(name)) if at >= 0 else name


def _county_locality(view: _View, divisions: tuple[str, ...], year: int | None) -> Locality | None:
    """Return the county, district or city that a bureau or government reports for."""
    listed = year or gazetteer.LAST_YEAR
    named = _named(divisions)
    if named.county:
        options = [
            option
            for option in gazetteer.counties(named.county, listed)
            if (not named.province or option.province == named.province)
            and (not named.city or option.city in (named.city, None))
        ]
        options = _narrowed(tuple(options), view.text)
        one = options[0] if len(options) == 1 else None
        return Locality(
            name=_as_written(view, named.county),
            level="county",
            county=named.county,
            city=one.city if one else named.city,
            province=one.province if one else named.province,
            code=one.code if one else None,
            candidates=gazetteer.town_count(named.county),
        )
    if named.city:
        province = named.province or gazetteer.cities().get(named.city)
        code = gazetteer.city_code(named.city, listed)
        return Locality(name=_as_written(view, named.city), level="city", city=named.city, province=province, code=code)
    if named.province:
        return Locality(name=_as_written(view, named.province), level="province", province=named.province)
    return None


# ---------------------------------------------------------------- authority


def _town_authority(view: _View, town: str) -> str:
    """Return the town's government as written, its longest form; built from the town's name where none is written."""
    text = view.text
    street = town.endswith("街道")
    best: tuple[int, int, int, int] | None = None
    for name in (town, town.removesuffix("道")) if street else (town,):
        at = text.find(name)
        while at >= 0:
            found = _authority_at(text, at, at + len(name), street)
            if found:
                rank, start, end = found
                if best is None or (rank, end - start) > best[:2]:
                    best = (rank, end - start, start, end)
            at = text.find(name, at + 1)
        if best:
            break
    if best:
        return view.written(best[2], best[3])
    if street and (short := town.removesuffix("街道") + "办事处") in text:
        return _as_written(view, short)
    name = _as_written(view, town)
    if town.endswith(("镇", "乡", "苏木")):
        return name + "人民政府"
    if street:
        return name + "办事处"
    return name


def _authority_at(text: str, start: int, end: int, street: bool) -> tuple[int, int, int] | None:
    """Return (rank, start, end) of the office that the town's name at ``text[start:end]`` belongs to."""
    rank = 2
    if text.startswith("人民政府", end) or (street and text.startswith("道办事处", end)):
        end += 4
    elif text.startswith(("办事处", "管委会"), end):
        end += 3
    elif text.startswith("管理委员会", end):
        end += 5
    elif text.startswith("政府", end) and not re.match("信息|网|门户|公[开报]|政务", text[end + 2 : end + 5]):
        rank, end = 0, end + 2
    else:
        return None
    if text.startswith("筹备处", end):
        end += 3
    return rank, _office_start(text, start), end


def _office_start(text: str, start: int) -> int:
    """Return where an office's name begins, with the divisions written before it."""
    end = start - 4 if start >= 4 and text.startswith("人民政府", start - 4) else start
    divisions = gazetteer.divisions_before(text, end)
    if divisions:
        return end - sum(map(len, divisions))
    unknown = _unknown_county(text, end)
    return unknown.start if unknown else start


def _department_authority(view: _View, subject: str, divisions: tuple[str, ...]) -> str:
    """Return a department or county government as written, its longest form."""
    text = view.text
    core = subject[sum(map(len, divisions)) :]
    core = _OWN_LEVEL.sub("", core) or core
    if not core or core in ("政府", "人民政府"):
        return _government_authority(view, divisions[-1], core) if divisions else subject
    best: tuple[int, int] | None = None
    at = text.find(core)
    while at >= 0:
        start = _office_start(text, at)
        if best is None or at + len(core) - start > best[1] - best[0]:
            best = (start, at + len(core))
        at = text.find(core, at + 1)
    return view.written(*best) if best else subject


def _government_authority(view: _View, county: str, written: str) -> str:
    text = view.text
    best: tuple[int, int] | None = None
    at = text.find(county + "人民政府")
    while at >= 0:
        divisions = gazetteer.divisions_before(text, at + len(county))
        start, end = at + len(county) - sum(map(len, divisions)), at + len(county) + 4
        if best is None or end - start > best[1] - best[0]:
            best = (start, end)
        at = text.find(county + "人民政府", at + 1)
    if best:
        return view.written(*best)
    return _as_written(view, county) + (written or "人民政府")


# ---------------------------------------------------------------- date of issue


def _find_issued(view: _View, years: list[int], title: _Title | None, body: int, last_day: str | None) -> str | None:
    """Return the date of issue: signature, bracketed under the title, created, published (within 18 months)."""
    text, lines = view.text, view.lines
    head = max(title.end if title else 0, 0)
    starts = [start for start, _ in lines]
    found: dict[int, str] = {}
    for at in years:
        match = _pattern("date.full").match(text, at)
        if not match:
            continue
        if _pattern("issued.span").match(text, match.end()) or text[at - 1 : at] in ("至", "到", "自", "从", "起"):
            continue
        index = max(bisect_left(starts, at + 1) - 1, 0)
        rank = _issued_rank(view, match, index, head, body)
        day = _date_of(match) if rank is not None else None
        if rank is None or day is None or rank in found:
            continue
        if rank >= 6 and not _is_near(day, last_day):
            continue
        found[rank] = day
    return found[min(found)] if found else None


def _issued_rank(view: _View, match: re.Match[str], index: int, head: int, body: int) -> int | None:
    """Return how good a source of the date of issue this date is (0 best), None where it is none."""
    text = view.text
    first, last = view.lines[index]
    at, end = match.span()
    label = text[max(first, at - 8) : at]
    if label.endswith(("：", "间", "期", "|", "\t", "于")) or not label:
        around = text[max(0, at - 12) : end]
        if re.search(_pattern("issued.created").pattern + "$", around):
            return 5
        if re.search(_pattern("issued.published").pattern + "$", around) and first < max(body, head + 200):
            return 6
    # A line that holds sentences is no date line; only its end may be a signature.
    line = text[first:last] if last - first <= _DATE_LINE else ""
    in_head = at < body
    if in_head:
        bracketed = re.fullmatch("[（(〔][^（）]{0,12}" + re.escape(match.group()) + "[^（）]{0,10}[）)〕]", line)
        if bracketed and at >= head:
            return 4
        if at >= head and (_pattern("issued.stamp").match(line) or _in_bar(line, match)):
            return 7
        return None
    if "今天" in line or "星期" in line:
        return None
    whole = _pattern("issued.line").match(line)
    if whole:
        chinese = "年" in match.group()
        if whole["office"] and not _pattern("issued.list").search(whole["office"]):
            return 0 if chinese else 1
        if whole["office"]:
            return None
        before = text[slice(*view.lines[index - 1])] if index else ""
        if _pattern("issued.office_line").match(before) and not _pattern("issued.list").search(before):
            return 0 if chinese else 1
        if chinese:
            return 2
        # The last line of all is a signature's date too, if nothing better is found.
        return 3 if before.endswith(("。", "无", "）")) else (8 if index >= len(view.lines) - 2 else None)
    if _pattern("issued.date_office").match(line):
        return 0 if "年" in match.group() else 1
    if not text[end:].strip("\n\t|。") and text[at - 1 : at] in ("。", "无", "|", "\t"):
        return 2  # the last words of a text without line breaks
    return 2 if _is_run_in(text, at, end) else None


def _in_bar(line: str, match: re.Match[str]) -> bool:
    """Tell whether the date stands in a line of source and share buttons, written in digits."""
    return "年" not in match.group() and "。" not in line and _pattern("issued.bar").search(line) is not None


def _is_run_in(text: str, at: int, end: int) -> bool:
    """Tell whether an office and this date stand after the end of a sentence, in a text without line breaks."""
    if re.match("[起至到前止\\-—~，印、以及]|发布|以来|开始|召开|，", text[end : end + 2]):
        return False
    before = text[max(0, at - 44) : at].rstrip("\n\t|")
    piece = re.split("[。；！？\n\t|]", before)[-1]
    if len(re.split("[。；！？\n\t|]", before)) < 2:
        return False
    return _pattern("issued.office_line").match(piece.removeprefix("无")) is not None and "于" not in piece


def _is_near(day: str, last_day: str | None) -> bool:
    if last_day is None:
        return True
    months = _months_between(last_day, day)
    return -12 <= months <= _LATEST_MONTHS


# ---------------------------------------------------------------- contacts


def _find_contacts(view: _View, head: int, body: int) -> tuple[Contact, ...]:
    """Return the contacts of the enquiry sentence and of lines by the signature, in the order of the text.

    ``head`` and ``body`` are the bounds of the introduction.
    """
    found: dict[tuple[str, int], Contact] = {}
    for start, end in _contact_windows(view, head, body):
        for contact in _contacts_in(view, start, end):
            found.setdefault((contact.kind, contact.start), contact)
    for site in _pattern("contact.site").finditer(view.text, head, max(head, body)):
        for contact in _matches(view, "website", "contact.website", site.end(), site.end() + 80, least=0)[:1]:
            found.setdefault((contact.kind, contact.start), contact)
    return tuple(sorted(found.values(), key=lambda contact: (contact.start, contact.kind)))


def _contact_windows(view: _View, head: int, body: int) -> list[tuple[int, int]]:
    """Return the places to look for contacts: behind an invitation, around a number to call, lines by the signature."""
    text = view.text
    windows = []
    taken = 0
    for match in _pattern("contact.anchor").finditer(text):
        if match.start() >= taken:
            taken = _window_end(text, match.end())
            windows.append((match.end(), taken))
    anchored = tuple(windows)
    for match in islice(_pattern("contact.number").finditer(text), _MOST_NUMBERS):
        at = match.start()
        if at >= taken or not any(start <= at < end for start, end in anchored):
            window = _window_around(text, at, head, body)
            if window:
                windows.append(window)
    tail = len(text) * 2 // 3
    for start, end in view.lines:
        if not (head <= start < body or start >= tail) or end - start > 120:
            continue
        if not _pattern("contact.line").match(text[start:end]):
            continue
        if not _pattern("contact.furniture").search(text[start:end]):
            windows.append((start, end))
    return windows


def _window_around(text: str, at: int, head: int, body: int) -> tuple[int, int] | None:
    """Return the place to read contacts from around a number or e-mail address at ``at``, None where it is no contact.

    In the introduction a label before the number is enough; elsewhere the sentence, or the one before it, must speak
    of the report or its office, and not of complaints, applications or services.
    """
    first, stop = text.rfind("\n", max(0, at - _SENTENCE), at) + 1, text.find("\n", at, at + _SENTENCE)
    first = first or max(0, at - _SENTENCE)
    last = stop if stop >= 0 else min(len(text), at + _SENTENCE)
    start = max(first, text.rfind("。", first, at) + 1)
    label = _pattern("contact.label").search(text, start, at)
    if label is None and text[at] != "@" and not _pattern("contact.call").search(text[max(start, at - 14) : at]):
        return None
    if at < head or _pattern("contact.furniture").search(text[first:last] if last - first < 200 else text[start:at]):
        return None
    if at >= body:
        before = max(first, text.rfind("。", first, max(first, start - 1)) + 1)
        words = text[before if at - before < 200 else start : min(at + 40, last)]
        if not _pattern("contact.enquiry").search(words) or _pattern("contact.other_desk").search(words):
            return None
    elif _pattern("contact.complaint").search(text[max(start, at - 14) : at]):
        return None
    end = _window_end(text, at)
    return (start, end) if label else (max(start, at - 24), end)


def _window_end(text: str, at: int) -> int:
    """Return where the enquiry ends: at its full stop, or after the contact lines that follow it."""
    label = _pattern("contact.label")
    limit = min(len(text), at + 400)
    while at < limit:
        stops = [place for place in (text.find("。", at, limit), text.find("\n", at, limit)) if place >= 0]
        if not stops:
            return limit
        stop = min(stops)
        after = re.match("[。\n（：;；]*", text[stop : stop + 8])
        follow = stop + (after.end() if after else 1)
        if not label.match(text, follow) or _pattern("contact.furniture").search(text, follow, follow + 40):
            # A bracket still open runs over the line's end.
            if text[stop] == "\n" and text.count("（", at, stop) > text.count("）", at, stop) and stop - at < 200:
                at = stop + 1
                continue
            return stop
        at = follow
    return limit


def _contacts_in(view: _View, start: int, end: int) -> list[Contact]:
    text = view.text
    labels = list(_pattern("contact.label").finditer(text, start, end))
    contacts = []
    first = labels[0].start() if labels else end
    contacts += _matches(view, "phone", "contact.phone", start, first, least=7)
    for email in _pattern("contact.email").finditer(text, start, end):
        contacts.append(_contact(view, "email", *email.span()))
    pending: list[str] = []
    stops = [*(label.start() for label in labels[1:]), end]
    for label, stop in zip(labels, stops, strict=False):
        kind = label.lastgroup or ""
        if text[label.end() : stop] in ("/", "、", "（", "及", "和", "|", "·", "（/"):
            pending.append(kind)
            continue
        for each in (*pending, kind):
            contacts += _labelled(view, each, label.end(), stop)
        pending = []
    if not any(contact.kind == "address" for contact in contacts):
        place = _pattern("contact.place").search(text, start, end)
        if place:
            contacts.append(_contact(view, "address", *place.span()))
    return contacts


def _labelled(view: _View, kind: str, start: int, end: int) -> list[Contact]:
    if kind in ("phone", "fax"):
        return _matches(view, kind, "contact.phone", start, end, least=5)
    if kind == "postcode":
        return _matches(view, kind, "contact.postcode", start, min(end, start + 10), least=6)[:1]
    if kind == "website":
        return [c for c in _matches(view, kind, "contact.website", start, end, least=0) if "@" not in c.value][:1]
    if kind in ("address", "name"):
        match = _pattern(f"contact.{kind}").match(view.text[start:end])
        if match:
            stop = start + match.end(1)
            while stop > start + match.start(1) and view.text[stop - 1] in "、/":
                stop -= 1
            return [_contact(view, kind, start + match.start(1), stop)]
    return []


def _matches(view: _View, kind: str, pattern: str, start: int, end: int, *, least: int) -> list[Contact]:
    found = []
    for match in _pattern(pattern).finditer(view.text, start, end):
        if sum(map(str.isdigit, match.group())) >= least:
            found.append(_contact(view, kind, *match.span()))
    return found


def _contact(view: _View, kind: str, start: int, end: int) -> Contact:
    first, last = view.span(start, end)
    value = view.text[start:end] if kind != "address" and kind != "name" else view.written(start, end)
    value = value.translate(_HALF_WIDTH)
    if kind in ("phone", "fax"):
        value = re.sub("[-_]+", "-", value)
    return Contact(kind, value, first, last, view.source[first:last])


# ---------------------------------------------------------------- all together


def locality_for_year(
    document: Document, metadata: Metadata, year: int | None, *, normalised: Normalised | None = None
) -> Locality | None:
    """Return ``metadata.locality`` with the county, its name and its code as of ``year``, the year reported on.

    For callers who learn the year only after :func:`find_metadata` (which uses the period's year, else the title's).
    """
    locality = metadata.locality
    if locality is None or year is None or year == (metadata.period_year or metadata.title_year):
        return locality
    view = _View(document.text, normalised)
    name = collapse(locality.name)
    if locality.level == "town":
        return _town_locality(view, name, year)
    if locality.level == "county":
        parts = (locality.province, locality.city, name)
        return _county_locality(view, tuple(part for part in parts if part), year)
    return locality


def find_metadata(
    document: Document, sections: tuple[Section, ...] = (), *, normalised: Normalised | None = None
) -> Metadata:
    """Return title, authority, locality, period, date of issue and contacts of ``document``.

    Offsets (``title_span``, ``period_span``, contacts) are code points into ``document.text``. ``sections`` say where
    the body begins; ``normalised`` is the twin of ``document.text`` if the caller has one already. Every field the
    page does not give is None (contacts: empty). The county's code is of the period's year, else of the title's; see
    :func:`locality_for_year`.
    """
    view = _View(document.text, normalised)
    text = view.text
    years = [match.start() for match in _year_scan().finditer(text)]
    body = _body_start(view, sections)
    ranged = _find_period(view, years, body)
    period_year = ranged.end_year if ranged else None
    title = _find_title(view, body, period_year)
    written = view.unblanked(title.start, title.end) if title else _page_title(document)
    plain = text[title.start : title.end].replace("\n", "") if title else collapse(written or "")
    title_year = _year_in(plain) if plain else None
    year = period_year or title_year or _body_year(text)
    authority, locality = _who(view, plain, year, document)
    last_day = ranged.period.end if ranged and ranged.period else (f"{year}-12-31" if year else None)
    issued = _find_issued(view, years, title, max(body, title.end if title else 0), last_day)
    published = document.page.get("published", "")[:10]
    if issued is None and re.fullmatch(r"\d{4}-\d\d-\d\d", published) and _is_near(published, last_day):
        issued = parse_date(published)
    return Metadata(
        title=written or None,
        authority=authority,
        locality=locality,
        period=ranged.period if ranged else None,
        issued=issued,
        contacts=_find_contacts(view, title.end if title else 0, body),
        title_year=title_year,
        period_year=period_year,
        title_span=_title_span(view, title) if title else None,
        period_span=_span(view, ranged.start, ranged.end) if ranged else None,
    )


@cache
def _year_scan() -> re.Pattern[str]:
    # It begins with a plain set of characters, which the engine finds fast; what stands before is looked at after.
    return re.compile(
        r"[12一二贰](?<!\d.)(?:(?<=[12])[09]\d\d|[〇○零O0o九玖\d][〇○零O0o一二三四五六七八九壹贰叁肆伍陆柒捌玖\d]{2})(?=[年\-./\d])"
    )


def _span(view: _View, start: int, end: int) -> Span:
    first, last = view.span(start, end)
    return Span(first, last, view.source[first:last])


def _title_span(view: _View, title: _Title) -> Span:
    first, last = view.whole(title.start, title.end)
    return Span(first, last, view.source[first:last])


def _body_start(view: _View, sections: tuple[Section, ...]) -> int:
    """Return where the first section with a kind begins, or a guess where there is none."""
    for section in sections:
        if section.kind is not None and section.kind != "annex":
            return view.place(section.start)
    first = re.search("(?:^|[\n。])一、", view.text[: 2 * _HEAD_CHARACTERS])
    return first.start() + 1 if first else min(len(view.text) // 2, _HEAD_CHARACTERS)


def _body_year(text: str) -> int | None:
    """Return the year the first part of the text names most, None where it names none."""
    counts = Counter(re.findall(r"20\d\d(?=年)", text[:3000]))
    return int(counts.most_common(1)[0][0]) if counts else None


def _page_title(document: Document) -> str | None:
    """Return the title the page keeps outside the text, if it is one of such a report."""
    title = document.page.get("title", "")
    if not title:
        return None
    view = _View(title)
    if not view.lines:
        return None
    start, end, _ = _trim_title(view.text, *view.lines[0])
    line = view.text[start:end]
    if _pattern("title.bad").search(line) or not _pattern("title.line").match(line) or _year_in(line) is None:
        return None
    return view.written(start, end)


def _who(view: _View, title: str, year: int | None, document: Document) -> tuple[str | None, Locality | None]:
    """Return the authority and the locality: by the title's subject, else by what the text names."""
    subject = _subject(title).lstrip("*×X") if title else ""
    if subject in _word_set("no_subject"):
        subject = ""
    town = _town_of_subject(subject, view) if subject else None
    divisions = gazetteer.leading_divisions(subject)
    if town is None and not subject:
        subject, town = _who_of_text(view, document)
        divisions = gazetteer.leading_divisions(subject)
    if town is not None:
        return _town_authority(view, town), _town_locality(view, town, year)
    if not subject:
        return None, None
    if not divisions:
        divisions = _divisions_of_department(view, subject, year)
    if not divisions and not _pattern("place.department").fullmatch(subject):
        town = _town_of_text(view)
        if town is not None:
            return _town_authority(view, town), _town_locality(view, town, year)
    leading = gazetteer.leading_divisions(subject)
    authority = _department_authority(view, subject, leading)
    return authority, _county_locality(view, divisions, year) if divisions else None


def _divisions_of_department(view: _View, subject: str, year: int | None) -> tuple[str, ...]:
    """Return the divisions written before a department (县民政局) elsewhere in the text."""
    text = view.text
    core = _OWN_LEVEL.sub("", subject) or subject
    tally: Counter[tuple[str, ...]] = Counter()
    at = text.find(core)
    while at >= 0:
        divisions = gazetteer.divisions_before(text, at)
        if divisions:
            tally[divisions] += 1
        at = text.find(core, at + 1)
    if tally:
        return max(tally, key=lambda names: (len(names), tally[names]))
    counties = _counties_of_sites(text, year or gazetteer.LAST_YEAR)
    if len(counties) == 1:
        return tuple(part for part in (counties[0].province, counties[0].city, counties[0].name) if part)
    return ()


def _department_named_most(text: str, kind: str) -> str | None:
    """Return the department of this kind (局, 委 …) that the text names most often with its county before it."""
    tally: Counter[str] = Counter()
    for match in re.finditer("[县区市旗州盟]([\u4e00-\u9fff]{1,10}?" + kind + "(?:员会)?)", text[:6000]):
        divisions = gazetteer.divisions_before(text, match.start() + 1)
        if divisions and not _OWN_LEVEL.match(match[1]):
            tally["".join(divisions) + match[1]] += 1
    return tally.most_common(1)[0][0] if tally else None


def _division_named_most(text: str, kind: str) -> str | None:
    """Return the county or city whose name the text gives most often, of those that end in ``kind``."""
    tally: Counter[str] = Counter()
    for match in re.finditer("[\u4e00-\u9fff]" + kind, text[:6000]):
        divisions = gazetteer.divisions_before(text, match.end())
        if divisions:
            tally[divisions[-1]] += 1
    return tally.most_common(1)[0][0] if tally else None


def _who_of_text(view: _View, document: Document) -> tuple[str, str | None]:
    """Return (subject, town) of a report whose title names nobody: the department or the town its text names."""
    text = view.text
    own = Counter(match.group()[1:] for match in _pattern("place.self").finditer(text[:6000]))
    kind = own.most_common(1)[0][0] if own else ""
    if kind in ("局", "委", "办", "院", "中心", "站"):
        for start, end in reversed(view.lines):
            line = text[start:end]
            if end - start <= 30 and _pattern("place.department").fullmatch(line) and line.endswith(kind):
                return line, None
        before, after = "(?:由|与|公布|公开|向)", "(?=编制|联系|办公室|信息|政府信息|[12]\\d{3}年)"
        match = re.search(before + "([\u4e00-\u9fff]{2,18}?" + kind + ")" + after, text)
        if match:
            return re.sub(".*(?:年度|社会公布|与|由)", "", match[1]), None
        department = _department_named_most(text, kind)
        if department:
            return department, None
    if kind in ("县", "区", "市", "旗", "州"):
        counties = _counties_of_sites(text, gazetteer.LAST_YEAR)
        if counties:
            return counties[0].name, None
        division = _division_named_most(text, kind)
        if division:
            return division, None
    town = _town_of_text(view)
    if town is None and document.page.get("publisher"):
        publisher = collapse(document.page["publisher"])
        return publisher, _town_of_subject(publisher, view)
    return "", town
