"""Contacts: how to reach the report's office, from the introduction, the enquiry sentence and the signature.

Places to look (*windows*) come first, labels and values inside them second. Left out on purpose: desks for
complaints, applications and services, and the page's own furniture.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from govie.metadata.patterns import pattern, words
from govie.metadata.view import View
from govie.records import Contact

__all__ = ["find_contacts"]

# A sentence that gives contacts is no longer than this, and a report gives them in a few places.
_SENTENCE = 300
_MOST_NUMBERS = 60
_LONGEST_WINDOW = 400
_LONGEST_LINE = 120
# What makes a number one to call stands directly before it; an address without a label stands a little before it.
_CALL, _ADDRESS = 14, 24
# What is near enough to be read together with a number.
_NEAR = 200
# Signs between one contact line and the next.
_LINE_ENDS = "。\n（：;；"
# Digits that make a telephone number: fewer where a label says that it is one.
_LABELLED_DIGITS, _PLAIN_DIGITS = 5, 7
# Values of contacts: one dash, half-width letters, digits and signs.
_HALF_WIDTH = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | dict.fromkeys("—–―−‐‑－", "-"))


def find_contacts(view: View, head: int, body: int) -> tuple[Contact, ...]:
    """Return the contacts of the enquiry sentence and of lines by the signature, in the order of the text.

    ``head`` and ``body`` are the bounds of the introduction: the title's end and the place where the body begins.
    """
    found: dict[tuple[str, int], Contact] = {}
    for start, end in _windows(view, head, body):
        for contact in _contacts_in(view, start, end):
            found.setdefault((contact.kind, contact.start), contact)
    for site in pattern("contact.site").finditer(view.text, head, max(head, body)):
        for contact in _values(view, "website", site.end(), site.end() + 80)[:1]:
            found.setdefault((contact.kind, contact.start), contact)
    return tuple(sorted(found.values(), key=lambda contact: (contact.start, contact.kind)))


# ---------------------------------------------------------------- places to look


def _windows(view: View, head: int, body: int) -> Iterator[tuple[int, int]]:
    """Yield the places to look: behind an invitation, around a number to call, lines by the signature."""
    text = view.text
    invited = _invitations(text)
    yield from invited
    for match in islice(pattern("contact.number").finditer(text), _MOST_NUMBERS):
        at = match.start()
        if not any(start <= at < end for start, end in invited):
            window = _window_around(text, at, head, body)
            if window:
                yield window
    tail = len(text) * 2 // 3
    contact_line, furniture = pattern("contact.line"), pattern("contact.furniture")
    for start, end in view.lines:
        if not (head <= start < body or start >= tail) or end - start > _LONGEST_LINE:
            continue
        if contact_line.match(text, start, end) and not furniture.search(text, start, end):
            yield start, end


def _invitations(text: str) -> list[tuple[int, int]]:
    """Return what follows each invitation to ask, up to the end of the enquiry."""
    windows: list[tuple[int, int]] = []
    taken = 0
    for match in pattern("contact.anchor").finditer(text):
        if match.start() >= taken:
            taken = _enquiry_end(text, match.end())
            windows.append((match.end(), taken))
    return windows


def _enquiry_end(text: str, at: int) -> int:
    """Return where the enquiry ends: at its full stop, or after the contact lines that follow it."""
    limit = min(len(text), at + _LONGEST_WINDOW)
    while at < limit:
        stop = min((place for sign in "。\n" if (place := text.find(sign, at, limit)) >= 0), default=-1)
        if stop < 0:
            break
        signs = text[stop : stop + 8]
        following = stop + len(signs) - len(signs.lstrip(_LINE_ENDS))
        if _is_contact_line(text, following):
            at = following
        elif text[stop] == "\n" and stop - at < _NEAR and text.count("（", at, stop) > text.count("）", at, stop):
            at = stop + 1  # a bracket still open runs over the line's end
        else:
            return stop
    return limit


def _is_contact_line(text: str, at: int) -> bool:
    furniture = pattern("contact.furniture").search(text, at, at + 40)
    return furniture is None and pattern("contact.label").match(text, at) is not None


def _window_around(text: str, at: int, head: int, body: int) -> tuple[int, int] | None:
    """Return the place to read contacts from around a number or e-mail address at ``at``, None where it is no contact.

    In the introduction a label before the number is enough; elsewhere the sentence, or the one before it, must speak
    of the report or its office, and not of complaints, applications or services.
    """
    if at < head:
        return None
    first, last = _line_around(text, at)
    start = max(first, text.rfind("。", first, at) + 1)
    before = text[max(start, at - _CALL) : at]
    label = pattern("contact.label").search(text, start, at)
    if label is None and text[at] != "@" and not pattern("contact.call").search(before):
        return None
    if pattern("contact.furniture").search(text[first:last] if last - first < _NEAR else text[start:at]):
        return None
    if at < body and pattern("contact.complaint").search(before):
        return None
    if at >= body and not _is_enquiry(text, first, start, at, last):
        return None
    return start if label else max(start, at - _ADDRESS), _enquiry_end(text, at)


def _line_around(text: str, at: int) -> tuple[int, int]:
    """Return the line of ``text[at]``, cut where it is longer than a sentence can be on either side."""
    first, last = text.rfind("\n", max(0, at - _SENTENCE), at) + 1, text.find("\n", at, at + _SENTENCE)
    return first or max(0, at - _SENTENCE), last if last >= 0 else min(len(text), at + _SENTENCE)


def _is_enquiry(text: str, first: int, start: int, at: int, last: int) -> bool:
    """Tell whether the sentence from ``start``, or the one before it, speaks of the report's own office."""
    before = max(first, text.rfind("。", first, max(first, start - 1)) + 1)
    sentences = text[before if at - before < _NEAR else start : min(at + 40, last)]
    enquiry, other_desk = pattern("contact.enquiry"), pattern("contact.other_desk")
    return enquiry.search(sentences) is not None and other_desk.search(sentences) is None


# ---------------------------------------------------------------- labels and values


def _contacts_in(view: View, start: int, end: int) -> list[Contact]:
    """Return the contacts in a window: numbers before the first label, e-mail addresses, and what labels say."""
    labels = list(pattern("contact.label").finditer(view.text, start, end))
    contacts = _values(view, "phone", start, labels[0].start() if labels else end, digits=_PLAIN_DIGITS)
    contacts += _values(view, "email", start, end)
    pending: list[str] = []
    stops = [*(label.start() for label in labels[1:]), end]
    for label, stop in zip(labels, stops, strict=False):
        pending.append(label.lastgroup or "")
        # 电话/传真: both labels share the value after the second.
        if view.text[label.end() : stop] not in words("contact.between"):
            for kind in pending:
                contacts += _labelled(view, kind, label.end(), stop)
            pending = []
    if not any(contact.kind == "address" for contact in contacts):
        place = pattern("contact.place").search(view.text, start, end)
        if place:
            contacts.append(_contact(view, "address", *place.span()))
    return contacts


def _labelled(view: View, kind: str, start: int, end: int) -> list[Contact]:
    """Return the contacts of ``kind`` between its label and the next."""
    if kind in ("phone", "fax"):
        return _values(view, kind, start, end, digits=_LABELLED_DIGITS)
    if kind == "postcode":
        return _values(view, kind, start, min(end, start + 10))[:1]
    if kind == "website":
        return [site for site in _values(view, kind, start, end) if "@" not in site.value][:1]
    if kind in ("address", "name"):
        match = pattern(f"contact.{kind}").match(view.text[start:end])
        if match:
            value = match[1].rstrip("、/")
            return [_contact(view, kind, start + match.start(1), start + match.start(1) + len(value))]
    # E-mail addresses are found without their labels.
    return []


def _values(view: View, kind: str, start: int, end: int, *, digits: int = 0) -> list[Contact]:
    """Return what the pattern ``contact.KIND`` finds, a fax number being a telephone number, with so many digits."""
    values = pattern("contact.phone" if kind == "fax" else f"contact.{kind}")
    return [
        _contact(view, kind, *match.span())
        for match in values.finditer(view.text, start, end)
        if sum(map(str.isdigit, match.group())) >= digits
    ]


def _contact(view: View, kind: str, start: int, end: int) -> Contact:
    first, last = view.span(start, end)
    value = view.written(start, end) if kind in ("address", "name") else view.text[start:end]
    value = value.translate(_HALF_WIDTH)
    if kind in ("phone", "fax"):
        value = pattern("contact.dashes").sub("-", value)
    return Contact(kind, value, first, last, view.source[first:last])
