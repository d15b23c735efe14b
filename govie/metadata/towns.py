"""Names of towns, as texts write them: a title's subject, a signature, a sentence.

The list of :mod:`govie.gazetteer` decides how far a name reaches to the left; of a name that it does not have, the
words that lead up to it are cut off.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from govie import gazetteer
from govie.metadata.divisions import is_boundary, without_lead
from govie.metadata.patterns import characters, pattern, words
from govie.metadata.view import View, occurrences

__all__ = ["town_of_subject", "town_of_text"]

_LONGEST_NAME = 14
# An unlisted name outside a title is no longer than this: what is longer is a clause.
_LONGEST_UNLISTED = 6


class _Town(msgspec.Struct, frozen=True):
    """A town named in a text: where its name ends, and its full name, simplified."""

    end: int
    name: str


def town_of_subject(subject: str, view: View) -> str | None:
    """Return the full name of the town that a title's subject names, None where it names none.

    ``view`` is the report's: mirrors damage titles, and the text tells what the name was.
    """
    divisions = gazetteer.leading_divisions(subject)
    rest = subject[sum(map(len, divisions)) :]
    if rest.startswith(("人民政府", "政府")) and len(rest) > 5:
        rest = rest[rest.index("府") + 1 :]
    if rest in words("town.kind") and divisions:
        rest = divisions[-1] + rest  # 城区街道: the district's name is the street office's
    found = _towns_in(View(rest), trusted=True)
    if found:
        name = found[-1 if found[0].name.endswith(words("town.zone")) else 0].name
        return _full_name(_listed_ending(name, view), view.text)
    return rest + "道" if rest.endswith("街") and len(rest) >= 3 else None


def town_of_text(view: View) -> str | None:
    """Return the town a text without a telling title reports on: the one it names most often."""
    counts: Counter[str] = Counter()
    for town in _towns_in(view, trusted=False):
        has_office = _office_follows(view.text, town.end)
        is_listed = gazetteer.town_count(town.name) > 0
        # 中心镇, 重点镇: words before they are names.
        if not has_office and (not is_listed or pattern("town.no_name").match(town.name)):
            continue
        if not is_listed and town.name.endswith(words("town.weak")):
            continue
        counts[_full_name(town.name, view.text)] += 3 if has_office else 1
    if not counts:
        return None
    name, count = counts.most_common(1)[0]
    return name if count >= 2 or len(counts) == 1 else None


def _office_follows(text: str, end: int) -> bool:
    return text.startswith(words("town.office"), end)


# ---------------------------------------------------------------- towns in a text


def _towns_in(view: View, *, trusted: bool) -> list[_Town]:
    """Return the towns named in the view's text; in a title (``trusted``) an unlisted name is taken as it stands."""
    text = view.text
    towns = []
    taken = 0
    for match in pattern("town.suffix").finditer(text):
        if match.start() < taken:
            continue
        if gazetteer.division_level(text[max(0, match.start() - 2) : match.end() + 1]):
            continue  # 镇江市, 新乡市, 镇原县
        town = _town_at(view, match.end(), trusted=trusted or _office_follows(text, match.end()))
        if town:
            towns.append(town)
            taken = match.end()
    return towns


def _town_at(view: View, end: int, *, trusted: bool) -> _Town | None:
    """Return the town whose name ends at ``end``: a listed one that begins cleanly, else an unlisted one."""
    text = view.text
    for start in range(max(0, end - _LONGEST_NAME), end - 1):
        name = text[start:end]
        if gazetteer.town_count(name) and name not in words("town.none"):
            if _begins_cleanly(view, start):
                return _Town(end, name)
            break
    return _unlisted_town(text, end, trusted=trusted)


def _unlisted_town(text: str, end: int, *, trusted: bool) -> _Town | None:
    run = pattern("name.run").search(text[max(0, end - 24) : end])
    if not run:
        return None
    name = _without_leads(run.group())
    if name in words("town.none") or not 2 <= len(name) <= _LONGEST_NAME or pattern("town.no_name").match(name):
        return None
    return _Town(end, name) if trusted or len(name) <= _LONGEST_UNLISTED else None


def _begins_cleanly(view: View, start: int) -> bool:
    """Tell whether a listed name can begin at ``start`` and is not the end of a longer one."""
    text = view.text
    before = text[start - 1 : start]
    if is_boundary(before) or before in characters("town.before"):
        return True
    if gazetteer.divisions_before(text, start) or view.is_after_blank(start):
        return True
    lead = pattern("name.lead").match(text[max(0, start - 6) : start])
    return lead is not None and lead.end() == min(start, 6)


def _without_leads(run: str) -> str:
    """Return the end of ``run`` that can be a town's name: divisions, and words that lead up to it, cut off."""
    name = without_lead(run)
    if name != run and gazetteer.leading_divisions(run[:4]):
        name = run  # 公开县祝塘镇: what looks like a lead is part of a division's name
    divisions = sum(map(len, gazetteer.leading_divisions(name)))
    if divisions:
        return name[divisions:] if divisions < len(name) - 1 else name
    name = pattern("town.after_division").split(name)[-1] if len(name) > 4 else name
    return pattern("town.after_word").split(name[:-2])[-1] + name[-2:] if len(name) > 2 else name


# ---------------------------------------------------------------- full names


def _listed_ending(name: str, view: View) -> str:
    """Return the listed town that an unlisted name ends in and that the text names on its own too, else the name.

    Mirrors put advertising in place of the county: the title's name is then longer than the town's.
    """
    if gazetteer.town_count(name) or len(name) < 5:
        return name
    for cut in range(2, len(name) - 2):
        town = name[cut:]
        if gazetteer.town_count(town) and _is_named_alone(view, town, name[:cut]):
            return town
    return name


def _is_named_alone(view: View, town: str, lead: str) -> bool:
    """Tell whether the text names ``town`` where ``lead`` does not stand before it."""
    text = view.text
    alone = (at for at in occurrences(text, town) if not text.startswith(lead + town, at - len(lead)))
    return any(_begins_cleanly(view, at) for at in alone)


def _full_name(name: str, text: str) -> str:
    """Return the name of a street office's area (祝塘街道) for what it goes by (祝塘街, 祝塘办事处), other names as is."""
    if name.endswith("街"):
        return name + "道"
    if name.endswith("街道办事处"):
        return name.removesuffix("办事处")
    if name.endswith("办事处"):
        street = name.removesuffix("办事处") + "街道"
        return street if street in text else name
    return name
