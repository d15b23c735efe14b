"""From sentences and cells to facts: what each number means, for which scope and year."""

from .context import Sentence, sentences
from .draft import Draft, ProseReading, ProseShare
from .merge import draft_facts, merge_facts, report_year
from .origins import with_origins
from .prose import read_prose

__all__ = ["Draft", "ProseReading", "ProseShare", "Sentence", "draft_facts", "merge_facts", "read_prose", "report_year", "sentences", "with_origins"]
