"""Step 4: the trained weights → models/zh_govie, a folder that spaCy loads, with its card.

    python training/package.py [--model build/model] [--scores build/training/scores.json] [--out models/zh_govie]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import spacy

from govie.components import NumberLinker
from govie.errors import GovieError, ModelError
from govie.linking import Linker
from govie.pipeline import LINKER, linker_folder, load_pipeline

LARGEST = 15_000_000
"""Bytes that a model folder may have."""


def main() -> None:
    """Write the model folder and check that it loads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("build/model"))
    parser.add_argument("--data", type=Path, default=Path("build/training/train.jsonl"))
    parser.add_argument("--scores", type=Path, default=Path("build/training/scores.json"))
    parser.add_argument("--config", type=Path, default=Path("configs/zh_govie.cfg"))
    parser.add_argument("--out", type=Path, default=Path("models/zh_govie"))
    chosen = parser.parse_args()
    package(chosen.model, chosen.config, chosen.out, data=chosen.data, scores=chosen.scores)


def package(model: Path, config: Path, out: Path, *, data: Path, scores: Path) -> None:
    """Write the pipeline of ``config`` with the weights in ``model`` to ``out``, a card beside them.

    Raises:
        ModelError: the folder is too large, holds anything that loading could run, or does not load.
    """

    linker = Linker.load(model)
    nlp = spacy.util.load_model_from_config(spacy.util.load_config(config), auto_fill=True)
    component = nlp.get_pipe(LINKER)
    assert isinstance(component, NumberLinker)
    component.from_disk(model)
    nlp.meta["name"], nlp.meta["version"] = "govie", "1.0.0"
    nlp.meta["description"] = "What the numbers in Chinese open-government-information annual reports mean"
    nlp.meta["license"] = "MIT"
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
    measured = json.loads(scores.read_text(encoding="utf-8")) if scores.is_file() else {}
    digest = hashlib.sha256(data.read_bytes()).hexdigest() if data.is_file() else "unknown"
    (out / "README.md").write_text(card(linker, measured, digest), encoding="utf-8")
    check(out)
    print(f"{out}: {sum(p.stat().st_size for p in out.rglob('*') if p.is_file()) / 1e6:.1f} MB")


def check(out: Path) -> None:
    """Raise ModelError unless ``out`` is small, free of pickles, and loads."""
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    if size > LARGEST:
        raise ModelError(f"the model has {size} bytes, more than {LARGEST}", where=str(out), hint="Fewer bits or networks.")
    if odd := [path.name for path in files if path.suffix in (".pkl", ".pickle", ".joblib", ".py")]:
        raise ModelError(f"files that loading could run: {', '.join(odd)}", where=str(out), hint="Keep arrays and JSON only.")
    Linker.load(linker_folder(out))
    doc = load_pipeline(out)("全年主动公开政府信息66条。")
    if doc.text != "全年主动公开政府信息66条。" or not doc.spans["govie"]:
        raise ModelError("the pipeline loads and reads nothing", where=str(out), hint="Train it again with `make train`.")


def card(linker: Linker, scores: dict[str, Any], digest: str) -> str:
    """Return the model's card in Markdown."""
    rows = [
        f"| {name} | {' | '.join(f'{part[key]:.3f}' for key in ('rules', 'model', 'merged', 'calibration_error'))} |"
        for name, part in scores.items()
    ]
    meanings = ", ".join(f"`{meaning}`" for meaning in linker.numbers.meanings)
    return "\n".join(
        (
            "# zh_govie",
            "",
            "Says what a number in a Chinese local government's annual report on open government information means.",
            f"Version `{linker.merging.version}`; MIT; made by `make train` from the corpus of this repository",
            f"(sha256 of the training sentences: `{digest}`).",
            "",
            "F1 over counts in prose (a number and its meaning; category labels, years and scopes left out):",
            "",
            "| split | rules | model alone | both | calibration error |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "Both: the reading that two logistic models, fitted on counties unseen by the number model, hold likelier.",
            "The confidence of a fact is that probability after isotonic calibration.",
            "",
            f"Meanings: {meanings}.",
            "",
            "Limits: percentages, tables and statements of none are read by rules alone; meanings not listed above are",
            "never the model's. The corpus was written by hand after the genre, so wording of real pages can differ more.",
            "",
        )
    )


if __name__ == "__main__":
    try:
        main()
    except GovieError as error:
        sys.exit(str(error))
