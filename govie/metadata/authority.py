"""The authority: the office that reports, by the longest form of its name that the text has."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from govie import gazetteer
from govie.metadata.divisions import unlisted_county
from govie.metadata.patterns import pattern, words
from govie.metadata.view import View, occurrences

__all__ = ["department_authority", "town_authority"]


class _Office(msgspec.Struct, frozen=True):
    """An office named at ``text[start:end]``; ``is_full`` where it is not cut short to 政府."""

    start: int
    end: int
    is_full: bool = True


def town_authority(view: View, town: str) -> str:
    """Return the town's government as written, its longest form; built from the town's name where none is written."""
    is_street = town.endswith("街道")
    for name in (town, town.removesuffix("道")) if is_street else (town,):
        offices = (_office_of_town(view.text, at, at + len(name)) for at in occurrences(view.text, name))
        best = _longest(office for office in offices if office)
        if best:
            return view.written(best.start, best.end)
    short = town.removesuffix("街道") + "办事处"
    if is_street and short in view.text:
        return view.written_name(short)
    name = view.written_name(town)
    if town.endswith(words("authority.governed")):
        return name + "人民政府"
    return name + "办事处" if is_street else name


def department_authority(view: View, subject: str, divisions: tuple[str, ...]) -> str:
    """Return a department or county government as written, its longest form.

    ``subject`` is its name in the title, ``divisions`` are those that the name begins with.
    """
    text = view.text
    core = subject[sum(map(len, divisions)) :]
    core = pattern("reporter.own_level").sub("", core) or core
    if core in ("", "政府", "人民政府"):
        return _government(view, divisions[-1], core) if divisions else subject
    best = _longest(_Office(_office_start(text, at), at + len(core)) for at in occurrences(text, core))
    return view.written(best.start, best.end) if best else subject


def _government(view: View, county: str, written: str) -> str:
    """Return a county's government as written, else built from its name and ``written``, the title's word for it."""
    offices = []
    for at in occurrences(view.text, county + "人民政府"):
        end = at + len(county)
        divisions = gazetteer.divisions_before(view.text, end)
        offices.append(_Office(end - sum(map(len, divisions)), end + 4))
    best = _longest(offices)
    if best:
        return view.written(best.start, best.end)
    return view.written_name(county) + (written or "人民政府")


def _longest(offices: Iterable[_Office]) -> _Office | None:
    """Return the longest of the names, full ones first; the first of equals, None where there are none."""
    return max(offices, key=lambda office: (office.is_full, office.end - office.start), default=None)


def _office_of_town(text: str, start: int, end: int) -> _Office | None:
    """Return the office that the town's name at ``text[start:end]`` belongs to, None where it is the town's alone."""
    office = pattern("authority.office").match(text, end)
    return _Office(_office_start(text, start), office.end(), office["short"] is None) if office else None


def _office_start(text: str, start: int) -> int:
    """Return where an office's name begins, with the divisions written before it."""
    end = start - 4 if start >= 4 and text.startswith("人民政府", start - 4) else start
    divisions = gazetteer.divisions_before(text, end)
    if divisions:
        return end - sum(map(len, divisions))
    unlisted = unlisted_county(text, end)
    return unlisted.start if unlisted else start
