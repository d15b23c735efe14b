"""The figures of ``corpus/README.md``: filled in by a command, between ``<!-- NAME -->`` and ``<!-- /NAME -->``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from govie.errors import CorpusError

from .agreement import Agreement

__all__ = ["agreement_markdown", "fill", "score_markdown", "splits_markdown"]


def fill(page: str, blocks: Mapping[str, str]) -> str:
    """Return ``page`` with each named block filled; raises CorpusError where it has no such block."""
    for name, content in blocks.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        if not pattern.search(page):
            raise CorpusError(f"no block {name}", where="README.md", hint=f"Put <!-- {name} --> and <!-- /{name} --> on lines.")
        page = pattern.sub(lambda match, content=content: match[1] + content + match[2], page)  # type: ignore[misc]
    return page


def agreement_markdown(found: Sequence[Agreement], reports: int) -> str:
    """Return the agreement of ``reports`` reports as a Markdown table."""
    lines = [f"{reports} reports annotated twice.", "", "| label | both | only first | only second | F1 |", "|---|---|---|---|---|"]
    lines += [f"| {a.label} | {a.both} | {a.only_one} | {a.only_other} | {a.f1:.3f} |" for a in found]
    return "\n".join(lines) + "\n"


def splits_markdown(shares: Mapping[str, tuple[int, int]]) -> str:
    """Return the groups and reports of each split as a Markdown table."""
    groups = sum(number for number, _ in shares.values()) or 1
    lines = ["| split | counties | reports |", "|---|---|---|"]
    lines += [f"| {split} | {number} ({number / groups:.0%}) | {count} |" for split, (number, count) in shares.items()]
    return "\n".join(lines) + "\n"


def score_markdown(path: Path) -> str:
    """Return the scores that the scorer wrote with ``--json`` as a Markdown table."""
    scores = json.loads(path.read_text(encoding="utf-8"))
    lines = [f"{scores['docs']} reports, {scores['perfect_fact_docs']} of them with every fact right.", ""]
    lines += ["| what | precision | recall | F1 |", "|---|---|---|---|"]
    lines += [f"| {k} | {v['p']:.3f} | {v['r']:.3f} | {v['f1']:.3f} |" for k, v in scores.items() if isinstance(v, dict) and "f1" in v]
    lines += ["", "Metadata right: " + ", ".join(f"{key} {value}" for key, value in scores["meta"].items()) + "."]
    return "\n".join(lines) + "\n"
