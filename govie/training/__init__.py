"""How the model is made from annotated reports: what ``make train`` and ``govie train`` run.

Read in the order of the steps: ``examples`` (what a report teaches), ``preparing`` (no gold number is lost on the way),
``rewording`` and ``network`` (the number model's training), ``fitting`` (number model, choice, calibration), ``scoring``
(how good the choice is), ``packaging`` (a folder that spaCy loads, with its card); ``adding`` does all of it with newly
annotated reports, ``repeating`` with shares of the corpus and several seeds, ``segmentation`` compares tokenizers.

The libraries that training needs are imported when it starts (``pip install "govie[model]"``).
"""

from __future__ import annotations

from importlib.util import find_spec

from govie.errors import UsageError

__all__ = ["counted", "require"]

_EXTRA = {"numpy": "numpy", "scipy": "scipy", "sklearn": "scikit-learn", "spacy": "spaCy"}


def require(*modules: str) -> None:
    """Raise UsageError, naming them, unless the libraries that training needs (or ``modules``) are installed."""
    missing = [name for name in modules or _EXTRA if find_spec(name) is None]
    if missing:
        names = ", ".join(_EXTRA.get(name, name) for name in missing)
        hint = 'Run: pip install "govie[model]"' if set(missing) <= set(_EXTRA) else f"Run: pip install {' '.join(missing)}"
        raise UsageError(f"training needs what is not installed: {names}", hint=hint)


def counted(number: int, what: str) -> str:
    """Return ``1 report``, ``2 reports``; ``county`` becomes ``counties``."""
    many = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else many}"
