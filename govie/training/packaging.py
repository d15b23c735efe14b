"""The trained weights as a model folder that spaCy loads, with its card; checked to be small and to run no code.

What is checked before a folder counts as a model: its size, that every file is of a kind that holds data only, that the
arrays hold numbers, and that loading it runs no code (:mod:`govie.training.watching`).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from govie.errors import ModelError
from govie.linking import Linker
from govie.pipeline import LINKER, config_file, linker_folder, load_pipeline

from . import require
from .examples import ReportExamples
from .scoring import Scores

__all__ = ["LARGEST", "Origin", "card", "check", "digest", "package", "scores_table", "size_of"]

LARGEST = 15_000_000
"""Bytes that a model folder may have."""
_DATA = {".cfg": "text", ".json": "JSON", ".md": "text", ".npz": "numpy arrays", ".bin": "msgpack"}
_VOCABULARY = {"key2row", "vectors"}  # spaCy's names without a suffix: msgpack and a numpy array
_MEASURED = ("rules", "model", "merged", "calibration_error")
_SENTENCE = "全年主动公开政府信息66条。"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a model comes from: its name, what it was trained on and how, for its card."""

    name: str
    data: str
    """The hash of the training sentences."""
    made_by: str
    seed: int
    reports: int
    counties: int


def package(linker: Linker, out: Path, *, origin: Origin, scores: Mapping[str, Scores], notes: Sequence[str] = ()) -> None:
    """Write the pipeline of ``configs/zh_govie.cfg`` with the weights of ``linker`` to ``out``, a card beside them.

    The folder is written beside ``out``, checked, and put in its place then: a model that fails leaves the old one alone.

    Raises:
        ModelError: the folder is too large, holds anything that loading could run, or does not load.
        UsageError: spaCy is not installed.
    """
    require("spacy")
    import spacy

    import govie.components  # noqa: F401 - registers the components that the config names

    beside = out.with_name(f".{out.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        nlp = spacy.util.load_model_from_config(spacy.util.load_config(config_file("zh_govie.cfg")), auto_fill=True)
        nlp.meta["name"], nlp.meta["version"] = origin.name.removeprefix("zh_"), "1.0.0"
        nlp.meta["description"] = "What the numbers in Chinese open-government-information annual reports mean"
        nlp.meta["license"] = "MIT"
        nlp.meta["performance"] = {f"{split}_{name}": getattr(one, name) for split, one in scores.items() for name in _MEASURED}
        nlp.to_disk(beside)
        linker.save(beside / LINKER)
        (beside / "README.md").write_text(card(linker, origin, scores, notes), encoding="utf-8")
        check(beside)
        shutil.rmtree(out, ignore_errors=True)
        beside.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Return the bytes of all files in ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def check(out: Path) -> None:
    """Raise ModelError unless ``out`` is small, holds data only, and loads without running code."""
    files = sorted(path for path in out.rglob("*") if path.is_file())
    size = size_of(out)
    if size > LARGEST:
        raise ModelError(f"the model has {size} bytes, more than {LARGEST}", where=str(out), hint="Train with fewer bits or networks.")
    if odd := [path.name for path in files if path.suffix not in _DATA and path.name not in _VOCABULARY]:
        raise ModelError(f"files that loading could run: {', '.join(odd)}", where=str(out), hint="Keep arrays and JSON only.")
    for path in files:
        if path.suffix == ".npz":
            _check_arrays(path)
    watched = subprocess.run(
        [sys.executable, "-m", "govie.training.watching", str(out)], capture_output=True, text=True, check=False
    )
    if watched.returncode:
        why = (watched.stderr.strip().splitlines() or ["the process ended without a word"])[-1]
        raise ModelError(why, where=str(out), hint="Train it again with `make train`.")
    Linker.load(linker_folder(out))
    if load_pipeline(out)(_SENTENCE).text != _SENTENCE:
        raise ModelError("the pipeline changes the text", where=str(out), hint="Train it again with `make train`.")


def _check_arrays(path: Path) -> None:
    """Raise ModelError unless every array in ``path`` can be read with pickles forbidden."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                arrays[name]
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"an array holds no plain numbers ({error})", where=str(path), hint="Keep arrays of numbers only.") from None


def digest(reports: Sequence[ReportExamples]) -> str:
    """Return the SHA-256 of training sentences with what their numbers mean."""
    found = hashlib.sha256()
    for report in reports:
        found.update(msgspec.json.encode(report) + b"\n")
    return found.hexdigest()


def scores_table(scores: Mapping[str, Scores]) -> str:
    """Return the scores of splits as a Markdown table."""
    lines = ["| split | numbers | rules | model alone | both | calibration error |", "|---|---|---|---|---|---|"]
    for name, one in scores.items():
        figures = (one.rules, one.model, one.merged, one.calibration_error)
        lines.append(f"| {name} | {one.numbers} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")
    return "\n".join(lines)


def card(linker: Linker, origin: Origin, scores: Mapping[str, Scores], notes: Sequence[str] = ()) -> str:
    """Return the model's card in Markdown; ``notes`` are paragraphs that stand under the scores."""
    meanings = ", ".join(f"`{meaning}`" for meaning in linker.numbers.meanings)
    parts = (
        f"# {origin.name}",
        "Says what a number in a Chinese local government's annual report on open government information means.\n"
        f"Version `{linker.merging.version}`; MIT; made by {origin.made_by} with seed {origin.seed} from {origin.reports} reports of "
        f"{origin.counties} counties\n(sha256 of the training sentences: `{origin.data}`).",
        "F1 over counts in prose (a number and its meaning; category labels, years and scopes left out):",
        scores_table(scores),
        *notes,
        "Both: the reading that two logistic models, fitted on counties unseen by the number model, hold likelier.\n"
        "The confidence of a fact is that probability after isotonic calibration.",
        f"Meanings ({len(linker.numbers.meanings)}): {meanings}.",
        "Limits: percentages, tables and statements of none are read by rules alone; meanings not listed above are\n"
        "never the model's. The corpus was written by hand after the genre, so wording of real pages can differ more.",
    )
    return "\n\n".join(parts) + "\n"
