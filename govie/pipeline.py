"""Where trained models are, and the pipeline of one as spaCy loads it.

A model is a folder as ``nlp.to_disk`` writes it: ``config.cfg``, ``meta.json`` and one folder a component. Extracting
needs the linker's folder only (numpy arrays and JSON, read without spaCy); :func:`load_pipeline` gives the whole
pipeline to those who want Docs with their spans.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from govie.errors import ModelError, not_installed

if TYPE_CHECKING:
    from spacy.language import Language

    from govie.linking import Linker

__all__ = ["DEFAULT_MODEL", "LINKER", "config_file", "default_folder", "linker_folder", "load_pipeline", "save_weights"]

DEFAULT_MODEL = "zh_govie"
"""The folder name of the model that comes with govie."""
LINKER = "govie_linker"
"""The folder, in a model, of the component that says what numbers mean."""


def default_folder() -> Path | None:
    """Return the folder of the model that comes with govie: in the installed package, or in the checkout; None if neither."""
    package = Path(__file__).parent
    for folder in (package / "models" / DEFAULT_MODEL, package.parent / "models" / DEFAULT_MODEL):
        if (folder / "config.cfg").is_file():
            return folder
    return None


def config_file(name: str) -> Path:
    """Return the spaCy configuration ``name`` of ``configs/``: in the installed package, or in the checkout.

    Raises:
        ModelError: there is none of this name.
    """
    package = Path(__file__).parent
    for folder in (package / "configs", package.parent / "configs"):
        if (folder / name).is_file():
            return folder / name
    raise ModelError(f"no configuration {name} came with this installation", hint="Install govie again.")


def linker_folder(folder: Path) -> Path:
    """Return the folder of the linker in the model ``folder``.

    Raises:
        ModelError: the folder is not there, holds no pipeline, or a pipeline without a linker.
    """
    if not folder.is_dir():
        raise ModelError(
            "there is no model folder at this path",
            where=str(folder),
            hint='Give the folder of a trained pipeline, "default", or None for rules alone.',
        )
    if not (folder / "config.cfg").is_file():
        raise ModelError(
            "this folder holds no trained pipeline (no config.cfg in it)",
            where=str(folder),
            hint="Give the folder that training wrote, the one with config.cfg and meta.json.",
        )
    if not (folder / LINKER).is_dir():
        raise ModelError(
            f"this pipeline has no component {LINKER}",
            where=str(folder),
            hint="Give a pipeline made by govie's training (`make train`).",
        )
    return folder / LINKER


def save_weights(linker: Linker, folder: Path) -> None:
    """Write to ``folder``, which must exist and be empty, what an extractor needs of a model, without spaCy or a card."""
    shutil.copy(config_file(f"{DEFAULT_MODEL}.cfg"), folder / "config.cfg")
    (folder / LINKER).mkdir()
    linker.save(folder / LINKER)


def load_pipeline(folder: Path | str | None = None) -> Language:
    """Return the pipeline in ``folder`` (the model that comes with govie where None) as a spaCy ``Language``.

    Raises:
        ModelError: there is no model there.
        UsageError: spaCy is not installed.
    """
    chosen = Path(folder) if folder is not None else default_folder()
    if chosen is None:
        raise ModelError("no model came with this installation", hint="Train one with `make train`.")
    linker_folder(chosen)
    try:
        import spacy
    except ImportError:
        raise not_installed("spaCy", "model") from None
    import govie.components  # noqa: F401 - registers the components that the config names

    return spacy.load(chosen)
