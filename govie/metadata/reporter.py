"""Whose report it is: by the title's subject, else by the department or the town that the text names."""

from __future__ import annotations

from collections import Counter

from govie import gazetteer
from govie.metadata.authority import department_authority, town_authority
from govie.metadata.divisions import counties_of_sites, division_named_most
from govie.metadata.locality import county_locality, town_locality
from govie.metadata.patterns import characters, pattern, pattern_of_kind, words
from govie.metadata.title import subject_of
from govie.metadata.towns import town_of_subject, town_of_text
from govie.metadata.view import View, occurrences
from govie.normalise import collapse
from govie.records import Document, Locality

__all__ = ["find_reporter"]

_FIRST_PART = 6000
_LONGEST_SIGNATURE = 30


def find_reporter(view: View, title: str, year: int | None, document: Document) -> tuple[str | None, Locality | None]:
    """Return the authority and the locality of the report, each None where nothing tells.

    ``title`` is the normalised title (empty where there is none), ``year`` the year whose list of counties holds.
    """
    subject = subject_of(title).lstrip(characters("title.masked"))
    if subject and subject not in words("subject.none"):
        town = town_of_subject(subject, view)
    else:
        subject, town = _named_in_text(view, document)
    if town is not None:
        return _town(view, town, year)
    return _department(view, subject, year) if subject else (None, None)


def _town(view: View, town: str, year: int | None) -> tuple[str, Locality]:
    return town_authority(view, town), town_locality(view, town, year)


def _department(view: View, subject: str, year: int | None) -> tuple[str, Locality | None]:
    """Return authority and locality of a department or a county government."""
    leading = gazetteer.leading_divisions(subject)
    divisions = leading or _divisions_of_department(view, subject, year)
    if not divisions and not pattern("reporter.department").fullmatch(subject):
        # The subject is no office: a slogan, a damaged name.
        town = town_of_text(view)
        if town is not None:
            return _town(view, town, year)
    return department_authority(view, subject, leading), county_locality(view, divisions, year)


def _divisions_of_department(view: View, subject: str, year: int | None) -> tuple[str, ...]:
    """Return the divisions written before a department (县民政局) elsewhere in the text."""
    text = view.text
    core = pattern("reporter.own_level").sub("", subject) or subject
    tally = Counter(gazetteer.divisions_before(text, at) for at in occurrences(text, core))
    del tally[()]
    if tally:
        return max(tally, key=lambda names: (len(names), tally[names]))
    counties = counties_of_sites(text, year or gazetteer.LAST_YEAR)
    if len(counties) == 1:
        return tuple(part for part in (counties[0].province, counties[0].city, counties[0].name) if part)
    return ()


# ---------------------------------------------------------------- reports whose title names nobody


def _named_in_text(view: View, document: Document) -> tuple[str, str | None]:
    """Return (subject, town) of a report whose title names nobody: the department or the town its text names."""
    kind = _own_kind(view.text)
    subject = None
    if kind in words("reporter.bureau"):
        subject = _department_of_text(view, kind)
    elif kind in words("reporter.division"):
        subject = _division_of_text(view.text, kind)
    if subject is not None:
        return subject, None
    town = town_of_text(view)
    if town is None and document.page.get("publisher"):
        publisher = collapse(document.page["publisher"])
        return publisher, town_of_subject(publisher, view)
    return "", town


def _own_kind(text: str) -> str:
    """Return what the text calls its own office most often: 局 for 我局, 镇 for 全镇; empty where it does not."""
    own = Counter(match.group()[1:] for match in pattern("reporter.self").finditer(text[:_FIRST_PART]))
    return own.most_common(1)[0][0] if own else ""


def _department_of_text(view: View, kind: str) -> str | None:
    """Return the department of this kind (局, 委 …) that the text is from: by signature, sentence, or frequency."""
    text = view.text
    for start, end in reversed(view.lines):
        line = text[start:end]
        if len(line) <= _LONGEST_SIGNATURE and line.endswith(kind) and pattern("reporter.department").fullmatch(line):
            return line
    match = pattern_of_kind("reporter.named", kind).search(text)
    if match:
        return pattern("reporter.named_lead").sub("", match[1])
    return _department_named_most(text, kind)


def _department_named_most(text: str, kind: str) -> str | None:
    """Return the department of this kind that the text names most often with its county before it."""
    tally: Counter[str] = Counter()
    for match in pattern_of_kind("reporter.with_division", kind).finditer(text[:_FIRST_PART]):
        divisions = gazetteer.divisions_before(text, match.start() + 1)
        if divisions and not pattern("reporter.own_level").match(match[1]):
            tally["".join(divisions) + match[1]] += 1
    return tally.most_common(1)[0][0] if tally else None


def _division_of_text(text: str, kind: str) -> str | None:
    """Return the county or city that a government without a telling title reports for."""
    counties = counties_of_sites(text, gazetteer.LAST_YEAR)
    return counties[0].name if counties else division_named_most(text, kind)
