"""Everything that spaCy calls by name: tokenizer, suggesters, and the rules, the model and their choice as components.

Read this first: a pipeline of govie has one token a character (or the words of pkuseg or jieba, see ``configs/``),
so that a span of the text is a span of the Doc. Three components write to three span groups, labels being meanings (a
concept, or ``concept@applicant``):

* ``govie_rules`` → ``doc.spans["govie_rules"]``: what the rules read in the prose; ``span.id_`` is the rule.
* ``govie_linker`` → ``doc.spans["govie"]``: what the model alone makes of every number; ``span.id_`` is the
  probability, to three places. It sees sentences without their sections.
* ``govie_merged`` → ``doc.spans["govie_merged"]``: the one that holds, as in a report's facts; ``span.id_`` is the rule
  or the model's version, ``span.kb_id_`` the confidence, empty where there is none. It takes the weights of ``govie_linker``.

Registered functions end in a version (``.v1``): a config that names one goes on meaning the same. spaCy allows no dot in
the names of components, so that what they do is named below them (``reader = {"@misc": "govie.rules.v1"}``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import registry

from govie.errors import ModelError
from govie.facts import ProseReading, read_prose
from govie.linking import Linker, Merging, link, meaning_of
from govie.mentions import NONE, NumberModel, Passage
from govie.normalise import Normalised
from govie.numerals import find_numbers
from govie.readers.text import read_plain
from govie.sections import find_sections
from govie.tables import find_tables

if TYPE_CHECKING:
    from spacy.vocab import Vocab
    from thinc.types import Ragged

__all__ = [
    "MERGED_SPANS",
    "RULE_SPANS",
    "SPANS",
    "CharacterTokenizer",
    "Merger",
    "NumberLinker",
    "RuleReader",
    "gated_sentences",
    "make_character_tokenizer",
    "make_linker",
    "make_merged",
    "make_number_suggester",
    "make_rule_reader",
    "make_rules",
    "read_by_rules",
]

SPANS = "govie"
"""The span group of a Doc that the linker writes to."""
RULE_SPANS = "govie_rules"
"""The span group of the rules."""
MERGED_SPANS = "govie_merged"
"""The span group of the readings that hold."""
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_LABEL_EDGE = re.compile(r"[，；：。、（）\n\d]")
_LONGEST_LABEL = 30


class CharacterTokenizer:
    """One token a character, blanks too: a token's index is its character's offset."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return ``text`` as a Doc; ``doc.text == text``."""
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text))

    def to_bytes(self, **_: Any) -> bytes:
        """There is nothing to keep."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> CharacterTokenizer:
        """There is nothing to read."""
        return self

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """There is nothing to keep."""

    def from_disk(self, path: Path | str, **_: Any) -> CharacterTokenizer:
        """There is nothing to read."""
        return self


@registry.tokenizers("govie.characters.v1")  # type: ignore[untyped-decorator]
def make_character_tokenizer() -> Callable[[Language], CharacterTokenizer]:
    """Return what makes the tokenizer of a pipeline."""

    def make(nlp: Language) -> CharacterTokenizer:
        return CharacterTokenizer(nlp.vocab)

    return make


def gated_sentences(text: str) -> Iterator[tuple[int, Passage]]:
    """Yield the sentences of normalised ``text`` that hold a number, each with its offset."""
    before = ""
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        numbers = tuple(find_numbers(sentence))
        if numbers:
            yield match.start(), Passage(sentence, numbers, None, (), before=before)
        before = sentence


class NumberLinker:
    """Writes what numbers mean to ``doc.spans[SPANS]``; :meth:`predict` only looks, :meth:`set_annotations` writes."""

    def __init__(self, name: str = "govie_linker") -> None:
        self.name = name
        self.model: NumberModel | None = None
        self.files: dict[str, bytes] = {}
        self._linker: Linker | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Annotate ``doc`` and return it."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate the Docs one by one."""
        yield from map(self, stream)

    def predict(self, docs: Iterable[Doc]) -> list[list[tuple[int, int, str, float]]]:
        """Return, for each Doc, its numbers that state something: start and end (characters), meaning, probability."""
        return [self._read(doc.text) for doc in docs]

    def _read(self, text: str) -> list[tuple[int, int, str, float]]:
        if self.model is None:
            return []
        normalised = Normalised(text)
        found = list(gated_sentences(normalised.text))
        scores = self.model.probabilities([passage for _, passage in found])
        places = [(start + n.start, start + n.end) for start, passage in found for n in passage.numbers]
        best = scores.argmax(axis=1).tolist()
        read = []
        for (start, end), place, row in zip(places, best, scores, strict=True):
            meaning = self.model.meanings[place]
            if meaning != NONE:
                read.append((*normalised.to_source(start, end), meaning, float(row[place])))
        return read

    def set_annotations(self, docs: Sequence[Doc], read: Sequence[Sequence[tuple[int, int, str, float]]]) -> None:
        """Write what :meth:`predict` returned; a number that is no run of whole tokens takes those it touches."""
        for doc, numbers in zip(docs, read, strict=True):
            _write_group(doc, SPANS, [(start, end, meaning, f"{probability:.3f}", "") for start, end, meaning, probability in numbers])

    def linker(self) -> Linker | None:
        """Return the weights with what chooses between model and rules; None before they are read."""
        if self.model is None or "merging.json" not in self.files:
            return None
        if self._linker is None:
            self._linker = Linker(self.model, msgspec.json.decode(self.files["merging.json"], type=Merging))
        return self._linker

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Write the weights, and whatever else lay beside them, to the folder ``path``."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        if self.model is not None:
            self.model.save(folder)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)

    def from_disk(self, path: Path | str, **_: Any) -> NumberLinker:
        """Read the weights in the folder ``path``. Raises ModelError if they are missing or damaged."""
        folder = Path(path)
        self.model, self._linker = NumberModel.load(folder), None
        merging = folder / "merging.json"
        self.files = {merging.name: merging.read_bytes()} if merging.is_file() else {}
        return self


@Language.factory("govie_linker", assigns=["doc.spans"])
def make_linker(nlp: Language, name: str) -> NumberLinker:
    """Return the component, empty until its weights are read."""
    return NumberLinker(name)


Reading = Callable[[str], tuple[Normalised, ProseReading]]


def read_by_rules(text: str) -> tuple[Normalised, ProseReading]:
    """Return ``text`` normalised, and what the rules read in its prose (offsets are of the normalised text).

    Unlike the reader of files, nothing is dropped, so that offsets are those of the Doc.
    """
    if text.startswith("\ufeff"):
        text = f" {text[1:]}"
    document = read_plain(text.replace("\r\n", " \n").replace("\r", "\n"))
    normalised = Normalised(document.text)
    tables = tuple((table.start, table.end) for table in find_tables(document))
    return normalised, read_prose(normalised, find_sections(document, tables), tables)


@registry.misc("govie.rules.v1")  # type: ignore[untyped-decorator]
def make_rule_reader() -> Reading:
    """Return the function that reads a text by rules."""
    return read_by_rules


class RuleReader:
    """Writes what the rules read in the prose to ``doc.spans[RULE_SPANS]``."""

    def __init__(self, name: str, reader: Reading) -> None:
        self.name, self.reader = name, reader

    def __call__(self, doc: Doc) -> Doc:
        """Annotate ``doc`` and return it."""
        normalised, reading = self.reader(doc.text)
        spans = [(*normalised.to_source(d.start, d.end), meaning_of(d), d.rule, "") for d in reading.drafts]
        _write_group(doc, RULE_SPANS, spans)
        return doc


@Language.factory("govie_rules", assigns=["doc.spans"], default_config={"reader": {"@misc": "govie.rules.v1"}})
def make_rules(nlp: Language, name: str, reader: Reading) -> RuleReader:
    """Return the component."""
    return RuleReader(name, reader)


class Merger:
    """Writes the readings that hold to ``doc.spans[MERGED_SPANS]``; those of the rules where ``govie_linker`` has no weights."""

    def __init__(self, nlp: Language, name: str, reader: Reading, linker: str) -> None:
        self.nlp, self.name, self.reader, self.linker = nlp, name, reader, linker

    def __call__(self, doc: Doc) -> Doc:
        """Annotate ``doc`` and return it. Raises ModelError if the pipeline has no component of the linker's name."""
        normalised, reading = self.reader(doc.text)
        linking = link(self._weights(), reading)
        spans = []
        for draft, rating in zip(linking.reading.drafts, linking.ratings, strict=True):
            confidence = f"{rating.confidence:.3f}" if rating else ""
            spans.append((*normalised.to_source(draft.start, draft.end), meaning_of(draft), draft.rule, confidence))
        _write_group(doc, MERGED_SPANS, spans)
        return doc

    def _weights(self) -> Linker | None:
        component = dict(self.nlp.components).get(self.linker)
        if not isinstance(component, NumberLinker):
            hint = f"Add it: nlp.add_pipe({self.linker!r}), or take govie_merged out."
            raise ModelError(f"{self.name} needs the component {self.linker}, which this pipeline has not", hint=hint)
        return component.linker()


@Language.factory("govie_merged", assigns=["doc.spans"], default_config={"reader": {"@misc": "govie.rules.v1"}, "linker": "govie_linker"})
def make_merged(nlp: Language, name: str, reader: Reading, linker: str) -> Merger:
    """Return the component; ``linker`` names the one whose weights it takes."""
    return Merger(nlp, name, reader, linker)


def _write_group(doc: Doc, name: str, spans: Iterable[tuple[int, int, str, str, str]]) -> None:
    """Write spans (start, end, label, id, kb id); one that is no run of whole tokens takes those it touches."""
    group = SpanGroup(doc, name=name)
    for start, end, label, span_id, kb_id in spans:
        span = doc.char_span(start, end, label=label, span_id=span_id, kb_id=kb_id, alignment_mode="expand")
        if span is not None:
            group.append(span)
    doc.spans[name] = group


@registry.misc("govie.number_suggester.v1")  # type: ignore[untyped-decorator]
def make_number_suggester() -> Callable[..., Ragged]:
    """Return a suggester for spancat: every number, and every run of words that could be its label.

    A label ends where the number begins (or begins where it ends) and begins after any sign, or at any character up to
    30 before; n-gram suggesters propose no label longer than their n.
    """

    def suggest(docs: Iterable[Doc], *, ops: Any = None) -> Ragged:
        from thinc.api import get_current_ops
        from thinc.types import Ragged

        ops = ops or get_current_ops()
        spans: list[tuple[int, int]] = []
        lengths = []
        for doc in docs:
            own = sorted(set(_candidates(doc)))
            spans += own
            lengths.append(len(own))
        array = ops.asarray(spans, dtype="i") if spans else ops.xp.zeros((0, 2), dtype="i")
        return Ragged(array, ops.asarray(lengths, dtype="i"))

    return suggest


def _candidates(doc: Doc) -> Iterator[tuple[int, int]]:
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    text = doc.text
    normalised = Normalised(text)
    for number in find_numbers(normalised.text):
        start, end = normalised.to_source(number.start, number.end)
        if start in starts and end in ends:
            yield starts[start], ends[end]
        edge = max((m.end() for m in _LABEL_EDGE.finditer(text, max(0, start - _LONGEST_LABEL), start)), default=max(0, start - _LONGEST_LABEL))
        for first in range(edge, start):
            if first in starts and start in ends:
                yield starts[first], ends[start]
        ahead = _LABEL_EDGE.search(text, end, end + _LONGEST_LABEL)
        for last in range(end + 2, ahead.start() if ahead else min(len(text), end + 12)):
            if end in starts and last in ends:
                yield starts[end], ends[last]
