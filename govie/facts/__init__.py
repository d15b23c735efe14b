"""From sentences and cells to facts: what each number means, for which scope and year."""

from .merge import draft_facts, merge_facts, report_year
from .prose import ProseReading, read_prose

__all__ = ["ProseReading", "draft_facts", "merge_facts", "read_prose", "report_year"]
