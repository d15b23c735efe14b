"""Extraction for Hugging Face datasets: a column of texts in, a column of facts out; and results as a dataset.

``datasets`` is imported when used (``pip install "govie[corpus]"``). The annotated corpus as a dataset is
:func:`govie.corpus.loading.load`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from govie.errors import GovieError, UsageError, not_installed
from govie.export import Extraction
from govie.outputs.rows import ReportIds, Row, fact_rows
from govie.outputs.schema import FACTS
from govie.outputs.sound import sound
from govie.report import PathLike, Report, load

if TYPE_CHECKING:
    from datasets import Dataset, Features

__all__ = ["FactsOf", "fact_features", "facts_dataset", "with_facts"]

_OF_FACT = tuple(
    (place, column) for place, column in enumerate(FACTS.columns) if not column.of_report and column.references is None
)
"""The columns that a fact has in a column of facts: all but those that are about its report."""


class FactsOf:
    """What ``Dataset.map(…, batched=True)`` takes: gives each text its facts.

    It travels to other processes by its settings; each process reads the model once, with its first text.

    Args:
        column: the column that holds the texts.
        model: as :func:`govie.load` takes it.
    """

    def __init__(self, column: str = "text", *, model: PathLike | None = "default") -> None:
        self.column = column
        # As a string: what datasets makes of a function's settings tells whether it has run before.
        self.model = None if model is None else str(model)

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the columns ``facts`` and ``facts_error`` for a batch.

        ``facts`` is a list, empty where the text states nothing; None where the text could not be read, and then ``facts_error``
        says why. Raises UsageError if there is no such column.
        """
        if self.column not in batch:
            raise UsageError(f"the dataset has no column {self.column!r}", hint=f"Its columns: {', '.join(batch)}.")
        extractor = load(self.model)
        facts: list[Any] = []
        errors: list[str | None] = []
        for text in batch[self.column]:
            try:
                extraction = sound(extractor.extract(text).to_extraction())
            except GovieError as error:
                facts.append(None)
                errors.append(str(error))
            else:
                facts.append([_as_dict(row) for row in fact_rows(extraction)])
                errors.append(None)
        return {"facts": facts, "facts_error": errors}


def with_facts(
    dataset: Dataset, column: str = "text", *, model: PathLike | None = "default", num_proc: int | None = None
) -> Dataset:
    """Return ``dataset`` with the columns ``facts`` and ``facts_error`` (see :class:`FactsOf`), typed also where there are no facts.

    Args:
        dataset: a dataset with a column of texts.
        column: the name of that column.
        model: as :func:`govie.load` takes it.
        num_proc: how many processes share the work.

    Raises:
        UsageError: there is no such column, or ``datasets`` is not installed.
    """
    _need_datasets()
    from datasets import Features, Value

    if column not in dataset.column_names:
        raise UsageError(
            f"the dataset has no column {column!r}", hint=f"Its columns: {', '.join(dataset.column_names)}."
        )
    features = Features({**dataset.features, "facts": fact_features(), "facts_error": Value("string")})
    return dataset.map(FactsOf(column, model=model), batched=True, batch_size=32, num_proc=num_proc, features=features)


def facts_dataset(results: Iterable[Report | Extraction]) -> Dataset:
    """Return a dataset of the facts of ``results``, one a row, with the columns of the table ``facts``.

    All facts are in memory (as Arrow). For very many reports write a ``.parquet`` folder and load its ``facts.parquet`` with
    ``Dataset.from_parquet``: the columns are the same. Raises UsageError if ``datasets`` is not installed.
    """
    _need_datasets()
    from datasets import Dataset

    from govie.outputs.arrow import arrow_schema, arrow_table

    ids = ReportIds()
    rows: list[Row] = []
    for result in results:
        extraction = sound(result.to_extraction() if isinstance(result, Report) else result)
        rows += fact_rows(extraction, ids.take(extraction.record.source))
    return Dataset(arrow_table(FACTS, arrow_schema(FACTS), rows))


def fact_features() -> Features:
    """Return the feature of the column ``facts``: a list of facts with typed keys. Raises UsageError if ``datasets`` is not installed."""
    _need_datasets()
    from datasets import List, Value

    types = {"text": "string", "integer": "int64", "number": "float64", "boolean": "bool"}
    return List({column.name: Value(types[column.type]) for _, column in _OF_FACT})


def _as_dict(row: Row) -> dict[str, Any]:
    return {column.name: float(row[place]) if column.name == "value" else row[place] for place, column in _OF_FACT}


def _need_datasets() -> None:
    try:
        import datasets  # noqa: F401 - only whether it is there
    except ImportError:
        raise not_installed("datasets", "corpus") from None
