"""The annotated corpus: where it is, its splits, and the forms that training wants it in.

>>> from govie import corpus
>>> train = corpus.load("train")                      # datasets.Dataset      doctest: +SKIP
>>> for report in corpus.reports("train"): ...        # AnnotatedReport       doctest: +SKIP

The corpus itself is a folder of the repository (``corpus/``); ``corpus/README.md`` is its data sheet.
"""

from .augment import augment, augmented, stream
from .loading import load, to_docbin
from .store import corpus_folder, reports, splits

__all__ = ["augment", "augmented", "corpus_folder", "load", "reports", "splits", "stream", "to_docbin"]
