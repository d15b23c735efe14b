"""Tables: where they are, which form they follow, and what their cells say.

Read this first. ``lines`` cuts text and HTML grids into rows of cells, whatever the layout; ``grids`` puts the
rows of one table together and :func:`find_tables` returns them as :class:`~govie.records.Table`; ``forms`` knows the
official forms and the words for their rows; ``cells`` turns a table into facts (:func:`read_cells`).
"""

from __future__ import annotations

from govie.tables.cells import read_cells
from govie.tables.grids import find_tables

__all__ = ["find_tables", "read_cells"]
