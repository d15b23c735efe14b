"""The corpus as a ``datasets.Dataset`` and as a spaCy ``DocBin``.

Both libraries are imported when used (``pip install "govie[corpus]"``, ``"govie[model]"``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from govie.errors import CorpusError, not_installed
from govie.interchange.annotation import FINDINGS, LABELS, AnnotatedReport
from govie.taxonomy import APPLICANTS, concepts

from .store import reports

if TYPE_CHECKING:
    from datasets import Dataset, Features
    from spacy.language import Language
    from spacy.tokens import DocBin

__all__ = ["CONCEPTS_KEY", "LABELS_KEY", "features", "load", "row", "to_docbin"]

LABELS_KEY = "labels"
"""The span group of a Doc that holds the spans with their labels."""
CONCEPTS_KEY = "concepts"
"""The span group that holds the spans of facts, once for each fact, with its concept as the label."""


def load(split: str | None = None, *, folder: Path | str | None = None) -> Dataset:
    """Return a split (``train``, ``dev``, ``test``; None for all) as a dataset with typed features.

    Offsets count code points of ``text``; ``value`` is a float64 (counts are whole numbers).

    Raises:
        UsageError: there is no such split, or ``datasets`` is not installed.
        CorpusError: the corpus or a file of it is missing or wrong.
    """
    try:
        from datasets import Dataset
    except ImportError:
        raise not_installed("datasets", "corpus") from None
    rows = [row(report) for report in reports(split, folder=folder)]
    columns = {name: [record[name] for record in rows] for name in features()}
    return Dataset.from_dict(columns, features=features())


def features() -> Features:
    """Return the features of :func:`load`."""
    from datasets import ClassLabel, Features, List, Value

    text, number, flag = Value("string"), Value("int32"), Value("bool")
    finding = ClassLabel(names=list(FINDINGS))
    span = {
        "id": text, "label": ClassLabel(names=list(LABELS)), "start": number, "end": number, "text": text,
        "level": number, "kind": text, "run_in": flag, "optional": flag, "value": text,
    }  # fmt: skip
    fact = {
        "span": text, "concept": ClassLabel(names=list(concepts())), "value": Value("float64"), "unit": text,
        "scope": ClassLabel(names=["annual", "cumulative"]), "year": number,
        "applicant": ClassLabel(names=list(APPLICANTS)), "category": text, "category_span": text,
        "approximate": flag, "optional": flag,
    }  # fmt: skip
    return Features(
        {
            "name": text, "text": text, "year": number, "title": text, "authority": List(text), "town": text,
            "level": ClassLabel(names=["town", "county"]), "county": text, "city": text, "province": text,
            "code": text, "period": List(text), "issued": text, "table": text, "findings": List(finding),
            "findings_optional": List(finding), "hand": text, "spans": List(span), "facts": List(fact),
        }
    )  # fmt: skip


def row(report: AnnotatedReport) -> dict[str, Any]:
    """Return ``report`` as a row of :func:`load`."""
    card = msgspec.to_builtins(report.card)
    del card["candidates"]
    return {
        **card,
        "name": report.name,
        "text": report.text,
        "period": list(report.card.period or ()),
        "spans": [
            {
                "id": span.id,
                "label": span.label,
                "start": span.start,
                "end": span.end,
                "text": report.text[span.start : span.end],
                "level": int(span.attributes["level"]) if "level" in span.attributes else None,
                "kind": span.attributes.get("kind"),
                "run_in": "run_in" in span.attributes,
                "optional": "optional" in span.attributes,
                "value": span.attributes.get("value"),
            }
            for span in report.spans
        ],
        "facts": [{**msgspec.to_builtins(fact), "value": float(fact.value)} for fact in report.facts],
    }


def to_docbin(reports: Iterable[AnnotatedReport], nlp: Language) -> DocBin:
    """Return the reports as spaCy docs, tokenized by ``nlp``, with their spans in two span groups.

    ``doc.spans["labels"]`` holds every span, ``doc.spans["concepts"]`` those of facts by concept. ``doc.user_data`` has
    the report's name, and its facts as dictionaries, under ``govie.name`` and ``govie.facts``.

    Raises:
        CorpusError: a span does not begin and end with a token of ``nlp``; spaCy alone would drop it without a word.
        UsageError: spaCy is not installed.
    """
    try:
        from spacy.tokens import DocBin, Span, SpanGroup
    except ImportError:
        raise not_installed("spaCy", "model") from None
    collected = DocBin(store_user_data=True)
    for report in reports:
        doc = nlp.make_doc(report.text)
        if doc.text != report.text:
            raise CorpusError("the tokenizer changes the text", where=report.name, hint="Use one that keeps every character.")
        by_id = {}
        for span in report.spans:
            found = doc.char_span(span.start, span.end, label=span.label, alignment_mode="strict")
            if found is None:
                words = report.text[span.start : span.end]
                what = f"{span.label} {words!r} ({span.start} {span.end}) is off the tokens' boundaries and would be lost"
                hint = "Change the tokenizer, or the span: `govie corpus check`."
                raise CorpusError(what, where=f"{report.name}: {span.id}", hint=hint)
            by_id[span.id] = found
        facts = [Span(doc, by_id[f.span].start, by_id[f.span].end, label=f.concept) for f in report.facts]
        doc.spans[LABELS_KEY] = SpanGroup(doc, name=LABELS_KEY, spans=list(by_id.values()))
        doc.spans[CONCEPTS_KEY] = SpanGroup(doc, name=CONCEPTS_KEY, spans=facts)
        doc.user_data["govie.name"] = report.name
        doc.user_data["govie.facts"] = [msgspec.to_builtins(fact) for fact in report.facts]
        collected.add(doc)
    return collected
