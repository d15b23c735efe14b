"""Many files into one output, in a way that survives: Ctrl-C, ``kill -9``, a full disk, files that hang.

Read this first. A :class:`Batch` goes three steps:

1. **plan**: the files are listed, in order, in a :class:`~govie.batch.ledger.Ledger` (an SQLite file that the system
   removes with the process), and held against what earlier runs have left in the work folder;
2. **extract**: what is left is extracted by worker processes (:mod:`~govie.batch.local`) or by actors on a Ray cluster
   (:mod:`~govie.batch.cluster`), and lands in *shards*: files of about a hundred results each, which appear complete or not
   at all (:mod:`~govie.batch.shards`, :mod:`~govie.batch.stores`);
3. **write**: the output is written from the shards in the order of the plan, and the work folder is removed.

A shard begins with its part of the manifest: for each source its path, size and times, hash, and what made the
results. One rename commits results and manifest together, so there is no second file that could say otherwise; the
ledger is only an index, built again at every start.
"""

from __future__ import annotations

from govie.batch.job import Batch, Summary, Watcher

__all__ = ["Batch", "Summary", "Watcher"]
