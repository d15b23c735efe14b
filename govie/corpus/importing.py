"""From inline mark-up to the corpus's standoff files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from govie.errors import CorpusError
from govie.interchange import brat, forms, inline

from .check import CONTACT_KINDS, KINDS

__all__ = ["import_sources", "write_configuration"]


def import_sources(sources: Iterable[Path], output: Path) -> Iterator[tuple[Path, CorpusError | None]]:
    """Write each ``NAME.src`` into ``output`` as the report NAME; yield it with its error, None if it was written.

    A source that is wrong leaves its earlier files as they were. ``annotation.conf`` is written at the end.
    """
    for source in sources:
        try:
            text = source.read_text(encoding="utf-8")
            brat.write(inline.parse(source.stem, forms.expand(source.name, text)), output)
        except CorpusError as error:
            yield source, error
        except (OSError, UnicodeDecodeError) as error:
            yield source, CorpusError(f"cannot be read: {error}", hint="Give UTF-8 files in inline mark-up.")
        else:
            yield source, None
    write_configuration(output)


def write_configuration(folder: Path) -> None:
    """Write ``annotation.conf``, which tells brat the labels and attributes that the reports in ``folder`` use."""
    used = set()
    for name in brat.names(folder):
        used |= {s.attributes["kind"] for s in brat.read(folder / f"{name}.ann").spans if s.label == "HEADING" and "kind" in s.attributes}
    kinds = (*KINDS, *sorted(used - set(KINDS)))
    conf = brat.configuration({"Kind": kinds, "ContactKind": CONTACT_KINDS})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "annotation.conf").write_text(conf, encoding="utf-8")
