"""The model without the rules, to see what each is worth.

Every number gets the meaning that the model alone holds likeliest, as long as it can be carried out (a category needs a
label). What the model does not do stays with the rules: year and scope of a number, the words of a label, statements of
none, percentages, tables. Its confidence is its own probability, not calibrated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

import govie
from govie.linking import Linker, Logistic, Merging
from govie.pipeline import linker_folder, save_weights

__all__ = ["alone", "model_alone"]

_GRID = 50


def alone(linker: Linker) -> Linker:
    """Return ``linker`` with a choice that takes whichever reading its number model holds likelier.

    The two readings of a number are the rules' and the model's likeliest other one. Weighing nothing but the logarithms
    of their probabilities p, the choice is the model's own; the logistic of log p is p/(1+p), which the steps undo.
    """
    probabilities = [place / _GRID for place in range(_GRID + 1)]
    steps = tuple((p / (1 + p), p) for p in probabilities)
    choice = Merging(version=linker.merging.version, rule=Logistic({"log rule": 1.0}, 0.0), other=Logistic({"log other": 1.0}, 0.0), steps=steps)
    return msgspec.structs.replace(linker, merging=choice)


@contextmanager
def model_alone(folder: Path) -> Iterator[govie.Extractor]:
    """Give an extractor that reads numbers by the model in ``folder`` alone; it works until the context ends.

    Raises:
        ModelError: the folder holds no model.
    """
    with TemporaryDirectory() as place:
        save_weights(alone(Linker.load(linker_folder(folder))), Path(place))
        yield govie.load(place)
