"""The number model's training: hashed embedding, one hidden layer, softmax; Adam, dropout on features and layers.

Plain numpy and scipy: the nets are small (some minutes on one core), and the weights go to numpy files anyway.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from govie.mentions import NumberModel

__all__ = ["Settings", "counts", "train_network"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the training can be told.

    The first ones are of the whole: ``bits`` of a feature id, ``networks`` whose mean is the model, ``folds`` of
    counties for readings by models that have not seen them, ``copies`` of every sentence in other words. The rest are
    of one network.
    """

    bits: int = 16
    networks: int = 2
    folds: int = 5
    copies: int = 8
    width: int = 48
    hidden: int = 96
    epochs: int = 20
    batch: int = 128
    rate: float = 3e-3
    feature_dropout: float = 0.5
    layer_dropout: float = 0.2
    decay: float = 1e-5
    at_least: int = 2
    """A feature seen in fewer rows than this is left out."""


def counts(ids: NDArray[np.int32], bits: int) -> Any:
    """Return the rows of feature ids as a sparse matrix of ones (0, the padding, is left out)."""
    from scipy import sparse

    rows = np.repeat(np.arange(len(ids)), ids.shape[1])
    columns = ids.ravel()
    kept = columns != 0
    matrix = sparse.csr_matrix(
        (np.ones(int(kept.sum()), dtype=np.float32), (rows[kept], columns[kept])), shape=(len(ids), 1 << bits)
    )
    matrix.sum_duplicates()
    return matrix


def train_network(rows: Any, meanings: NDArray[np.int64], size: int, seed: int, settings: Settings) -> dict[str, NDArray[np.float32]]:
    """Return the arrays of a network (see :attr:`NumberModel.ARRAYS`).

    Args:
        rows: what :func:`counts` returned.
        meanings: the place of each row's meaning.
        size: how many meanings there are.
        seed: of everything random.
        settings: the rest.
    """
    from scipy import sparse

    random = np.random.default_rng(seed)
    seen = np.bincount(rows.indices, minlength=rows.shape[1]) >= settings.at_least
    rows = (rows @ sparse.diags(seen.astype(np.float32))).tocsr().astype(np.float32)
    rows.eliminate_zeros()
    net = _start(rows.shape[1], size, random, settings)
    net["embedding"][~seen] = 0
    adam = _Adam(net)
    batches = (len(meanings) + settings.batch - 1) // settings.batch
    for epoch in range(settings.epochs):
        for number, chosen in enumerate(np.array_split(random.permutation(len(meanings)), batches)):
            done = (epoch * batches + number) / (settings.epochs * batches)
            _step(net, adam, rows[chosen], meanings[chosen], settings.rate * (1 - done), random, settings)
    return net


def _start(features: int, size: int, random: np.random.Generator, settings: Settings) -> dict[str, NDArray[np.float32]]:
    width, hidden = settings.width, settings.hidden
    shapes = {"embedding": (features, width, 0.1), "hidden": (width, hidden, (2 / width) ** 0.5), "output": (hidden, size, (1 / hidden) ** 0.5)}
    net: dict[str, NDArray[np.float32]] = {}
    for name, (before, after, spread) in shapes.items():
        net[name] = (random.standard_normal((before, after), dtype=np.float32) * np.float32(spread)).astype(np.float32)
        net[f"{name}_bias"] = np.zeros(after, dtype=np.float32)
    return net


class _Adam:
    """Running means of the gradients and of their squares; the embedding's only where a batch touched it."""

    def __init__(self, net: dict[str, NDArray[np.float32]]) -> None:
        self.mean = {name: np.zeros_like(array) for name, array in net.items()}
        self.square = {name: np.zeros_like(array) for name, array in net.items()}

    def update(self, net: dict[str, NDArray[np.float32]], name: str, gradient: Any, rate: float, where: Any = slice(None)) -> None:
        mean = self.mean[name][where] * np.float32(0.9) + np.float32(0.1) * gradient
        square = self.square[name][where] * np.float32(0.99) + np.float32(0.01) * gradient * gradient
        self.mean[name][where], self.square[name][where] = mean, square
        net[name][where] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def _step(net: dict[str, Any], adam: _Adam, rows: Any, meanings: Any, rate: float, random: np.random.Generator, settings: Settings) -> None:
    from scipy import sparse

    kept = 1 - settings.feature_dropout
    rows = sparse.csr_matrix(
        ((random.random(rows.nnz, dtype=np.float32) < kept).astype(np.float32) / np.float32(kept), rows.indices, rows.indptr), shape=rows.shape
    )
    used, place = np.unique(rows.indices, return_inverse=True)
    local = sparse.csr_matrix((rows.data, place, rows.indptr), shape=(rows.shape[0], len(used)))
    scale = np.float32(NumberModel.SCALE)

    def mask(shape: tuple[int, ...]) -> Any:
        stay = np.float32(1 - settings.layer_dropout)
        return (random.random(shape, dtype=np.float32) < stay).astype(np.float32) / stay

    first = np.tanh(scale * (local @ net["embedding"][used]) + net["embedding_bias"])
    first_mask = mask(first.shape)
    dropped = first * first_mask
    inner = dropped @ net["hidden"] + net["hidden_bias"]
    second_mask = mask(inner.shape) * (inner > 0)
    second = inner * second_mask
    logits = second @ net["output"] + net["output_bias"]
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = raised / raised.sum(axis=1, keepdims=True)
    error[np.arange(len(meanings)), meanings] -= 1
    error /= np.float32(len(meanings))
    inner_error = (error @ net["output"].T) * second_mask
    first_error = (inner_error @ net["hidden"].T) * first_mask * (1 - first**2)
    decay = np.float32(settings.decay)
    adam.update(net, "embedding", scale * (local.T @ first_error) + decay * net["embedding"][used], rate, used)
    adam.update(net, "embedding_bias", first_error.sum(0), rate)
    adam.update(net, "hidden", dropped.T @ inner_error, rate)
    adam.update(net, "hidden_bias", inner_error.sum(0), rate)
    adam.update(net, "output", second.T @ error, rate)
    adam.update(net, "output_bias", error.sum(0), rate)
