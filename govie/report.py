"""A report as data, and the way to it: the only file that knows the order of the stages.

Read this first: :func:`_read` is the whole way from a document to a :class:`Report`. The classes around it are
what users hold: :class:`Report` with its :class:`Facts` and :class:`Sections`, and the :class:`Extractor`
that makes reports from texts, files and folders.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import msgspec

from govie import export, files, readers
from govie.errors import CrashError, GovieError, MemoryLimitError, ReadError, TimeLimitError, UsageError
from govie.paths import printable, tidied
from govie.pool import Limits, Pool, Why, read_limits
from govie.records import (
    Contact,
    Document,
    Fact,
    Finding,
    Locality,
    Period,
    Section,
    Source,
    Table,
)

if TYPE_CHECKING:
    import pandas
    from rich.console import RenderableType

    from govie.linking import Linker

__all__ = ["ErrorPolicy", "Extractor", "Facts", "PathLike", "Report", "Sections", "load", "lost_error", "outcome_in_worker", "start_worker"]

PathLike = str | Path
ErrorPolicy = Literal["raise", "skip"] | Callable[[str, GovieError], None]
"""What happens to files that fail: ``"raise"``, ``"skip"``, or a function called with each path and its error."""


class Facts(Sequence[Fact]):
    """The facts of a report, in the order of its text.

    ``year`` is the report's, the one that :meth:`get` looks for unless told otherwise.
    """

    __slots__ = ("_facts", "year")

    def __init__(self, facts: Iterable[Fact] = (), *, year: int | None = None) -> None:
        self._facts = tuple(facts)
        self.year = year

    def get(
        self,
        concept: str,
        *,
        scope: Literal["annual", "cumulative"] = "annual",
        year: int | None = None,
        category: str | None = None,
        applicant: str | None = None,
    ) -> Fact | None:
        """Return the fact of exactly this concept, scope, year, category and applicant, or None.

        ``year=None`` means the year of the report (any year where that is unknown); ``category=None`` and
        ``applicant=None`` mean the facts that have none, so ``get("requests.received")`` is the 总计 and never
        one applicant's column. Where the report gives different values for the same fact, it is the one
        that stands first; :meth:`where` gives all of them.
        """
        wanted = self.year if year is None else year
        for fact in self._facts:
            if (
                fact.concept == concept
                and fact.scope == scope
                and fact.category == category
                and fact.applicant == applicant
                and (wanted is None or fact.year == wanted)
            ):
                return fact
        return None

    def where(
        self,
        concept: str | None = None,
        *,
        scope: Literal["annual", "cumulative"] | None = None,
        year: int | None = None,
        category: str | None = None,
        applicant: str | None = None,
        section: str | None = None,
        source: Literal["rule", "model", "table"] | None = None,
    ) -> Facts:
        """Return the facts that agree with every condition given; None is no condition.

        A ``concept`` that ends in ``.*`` takes all below it: ``where("requests.outcome.*")``.
        """
        conditions = {
            "scope": scope,
            "year": year,
            "category": category,
            "applicant": applicant,
            "section": section,
            "source": source,
        }
        wanted = {name: value for name, value in conditions.items() if value is not None}
        return Facts(
            (
                fact
                for fact in self._facts
                if _concept_fits(fact.concept, concept)
                and all(getattr(fact, name) == value for name, value in wanted.items())
            ),
            year=self.year,
        )

    def confident(self, p: float, *, unrated: bool = True) -> Facts:
        """Return the facts whose confidence is at least ``p`` (0 to 1), and that of the recognition of a scan's characters too.

        Facts that rules made or tables state carry no confidence; they stay unless ``unrated`` is False.
        """
        return Facts(
            (
                fact
                for fact in self._facts
                if export.confident(fact, p, unrated=unrated)
            ),
            year=self.year,
        )

    @overload
    def __getitem__(self, place: int) -> Fact: ...
    @overload
    def __getitem__(self, place: slice) -> Facts: ...
    def __getitem__(self, place: int | slice) -> Fact | Facts:
        if isinstance(place, slice):
            return Facts(self._facts[place], year=self.year)
        return self._facts[place]

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and (self._facts, self.year) == (other._facts, other.year)

    def __hash__(self) -> int:
        return hash((self._facts, self.year))

    def __repr__(self) -> str:
        lines = "".join(f"\n  {_fact_line(fact)}" for fact in self._facts)
        return f"<Facts: {len(self)}{lines}>"


class Sections(Sequence[Section]):
    """The top-level sections of a report; ``sections["disclosure"]`` finds one by kind, at any depth."""

    __slots__ = ("_sections",)

    def __init__(self, sections: Iterable[Section] = ()) -> None:
        self._sections = tuple(sections)

    def flat(self) -> tuple[Section, ...]:
        """Return all sections of all levels, in the order of the text."""
        from govie.sections import flatten

        return tuple(flatten(self._sections))

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds that headings of this report name, in the order of the text, each once."""
        return tuple(dict.fromkeys(kind for section in self.flat() for kind in _kinds_of(section)))

    def get(self, kind: str) -> Section | None:
        """Return the first section whose heading names ``kind``, or None."""
        return next((section for section in self.flat() if kind in _kinds_of(section)), None)

    @overload
    def __getitem__(self, place: int | str) -> Section: ...
    @overload
    def __getitem__(self, place: slice) -> Sections: ...
    def __getitem__(self, place: int | str | slice) -> Section | Sections:
        if isinstance(place, str):
            section = self.get(place)
            if section is None:
                present = ", ".join(self.kinds()) or "none"
                raise KeyError(f"no section of kind {place!r} in this report; kinds present: {present}")
            return section
        if isinstance(place, slice):
            return Sections(self._sections[place])
        return self._sections[place]

    def __contains__(self, wanted: object) -> bool:
        if isinstance(wanted, str):
            return self.get(wanted) is not None
        return wanted in self._sections

    def __len__(self) -> int:
        return len(self._sections)

    def __iter__(self) -> Iterator[Section]:
        return iter(self._sections)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sections) and self._sections == other._sections

    def __hash__(self) -> int:
        return hash(self._sections)

    def __repr__(self) -> str:
        lines = "".join(f"\n  {'  ' * (section.level - 1)}{_section_line(section)}" for section in self.flat())
        return f"<Sections: {len(self)}{lines}>"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One annual report as data. Everything is read-only; offsets point into :attr:`text`.

    Attributes:
        title: the title on one line, None where the page has none.
        authority: who reports, as written.
        locality: the town or county reported on, with its county's code.
        year: the year reported on.
        period: the statistics period, ISO dates, both ends included.
        issued: the date of issue, ISO.
        contacts: how to reach the office.
        sections: the headings as a tree.
        facts: every number that means something, and every stated zero.
        tables: the tables, cell by cell.
        findings: what contradicts itself or the law.
        text: the text that the reader made of the file.
        source: the file it came from.
    """

    title: str | None = None
    authority: str | None = None
    locality: Locality | None = None
    year: int | None = None
    period: Period | None = None
    issued: str | None = None
    contacts: tuple[Contact, ...] = ()
    sections: Sections = Sections()
    facts: Facts = Facts()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    text: str
    source: Source

    def to_record(self) -> export.ReportRecord:
        """Return the report as the record that JSON, CSV and data frames are made from."""
        return export.ReportRecord(
            source=self.source,
            title=self.title,
            authority=self.authority,
            locality=self.locality,
            year=self.year,
            period=self.period,
            issued=self.issued,
            contacts=self.contacts,
            sections=tuple(self.sections),
            facts=tuple(self.facts),
            tables=tuple(export.table_record(table) for table in self.tables),
            findings=self.findings,
        )

    def to_extraction(self) -> export.Extraction:
        """Return the record with the report's text, what :mod:`govie.outputs` writes files from."""
        return export.Extraction(record=self.to_record(), text=self.text)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain dicts, lists, strings and numbers, with the keys of ``docs/output.md``."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self.to_record()))
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the report as JSON, on one line or indented by ``indent`` blanks."""
        encoded = msgspec.json.encode(self.to_record())
        return (encoded if indent is None else msgspec.json.format(encoded, indent=indent)).decode()

    def to_dataframe(self) -> pandas.DataFrame:
        """Return the facts as a pandas DataFrame, one a row, with units and offsets.

        The columns are those of the table ``facts`` in ``docs/data-dictionary.md``. Needs the extra ``govie[pandas]``:
        raises UsageError if pandas is not installed.
        """
        from govie.outputs.frames import to_dataframe

        return to_dataframe(self.to_extraction())

    def __rich__(self) -> RenderableType:
        from govie import display

        return display.report_panel(self.to_record())

    def __repr__(self) -> str:
        from govie import display

        return display.plain_text(self.__rich__())

    __str__ = __repr__


class Extractor:
    """Makes reports of texts and files. Made by :func:`load`; safe to share between threads.

    ``model`` is the folder of the trained model, None for rules alone. Its weights are read once a process, with
    the first report: an extractor is cheap to make and to send to another process.
    """

    __slots__ = ("model",)

    def __init__(self, model: str | None = None) -> None:
        self.model = model

    def extract(self, text: str) -> Report:
        """Return the report in ``text``. Raises UsageError if it is no string, ReadError if it is no text."""
        if not isinstance(text, str):
            raise UsageError(
                f"a report's text must be a str, not {type(text).__name__}",
                hint="Bytes and files of any encoding are read by extract_file(path).",
            )
        return _read(readers.read_text(text), self)

    def extract_file(self, path: PathLike) -> Report:
        """Return the report in the file at ``path``. Raises ReadError if the file cannot be read."""
        report = _read(readers.read_file(Path(path)), self)
        name = str(path)
        if printable(name) == name:
            return report
        source = msgspec.structs.replace(report.source, path=printable(name))
        return msgspec.structs.replace(report, source=source)

    def extract_files(
        self,
        paths: PathLike | Iterable[PathLike],
        *,
        n_process: int = 1,
        on_error: ErrorPolicy = "raise",
        timeout: float | None = None,
        memory_limit: int | str | None = None,
    ) -> Iterator[Report]:
        """Yield the reports in ``paths``, in their order; folders are searched with all below them.

        In a folder the files with a suffix that govie reads are taken, sorted by name; hidden ones are not.
        Paths are taken as they are needed, so ``paths`` may be a generator of millions.

        A file that fails never costs the others. ``on_error="raise"`` (the default) yields every report that
        could be read and then raises one ExceptionGroup with the error of each file that could not;
        ``"skip"`` leaves those files out; a function is called with each path and its error.

        Args:
            paths: files and folders, or one of them.
            n_process: how many processes share the work; each loads the model once.
            on_error: what happens to files that fail.
            timeout: seconds that one file may take; beyond them it fails with TimeLimitError.
            memory_limit: memory that a process may take over one file, in bytes or as ``"2GB"``; beyond it the file
                fails with MemoryLimitError. With either limit the work is done in processes of its own, also with
                ``n_process=1``.
        """
        if not callable(on_error) and on_error not in ("raise", "skip"):
            raise UsageError(
                f"on_error must be 'raise', 'skip' or a function, not {on_error!r}",
                hint="A function is called with the path and the error.",
            )
        outcomes = self.outcomes(paths, n_process=n_process, timeout=timeout, memory_limit=memory_limit)
        return _reports(outcomes, on_error)

    def outcomes(
        self,
        paths: PathLike | Iterable[PathLike],
        *,
        n_process: int = 1,
        timeout: float | None = None,
        memory_limit: int | str | None = None,
    ) -> Iterator[tuple[str, Report | GovieError]]:
        """Yield each path with its report or the error that it met, in the order of ``paths``.

        The arguments are those of :meth:`extract_files`.
        """
        if isinstance(n_process, bool) or not isinstance(n_process, int) or n_process < 1:
            raise UsageError(
                f"n_process must be a whole number from 1 on, not {n_process!r}",
                hint="With 1 all work is done in this process.",
            )
        limits = read_limits(timeout, memory_limit)
        found = files.find_files(paths)
        if n_process == 1 and not limits:
            return (self.outcome(item) for item in found)
        return _outcomes_of_workers(self, found, n_process, limits)

    def outcome(self, item: Path | ReadError) -> tuple[str, Report | GovieError]:
        """Return a path that :func:`govie.files.find_files` found, with its report or the error that it met."""
        if isinstance(item, ReadError):
            return printable(item.where or ""), item
        path = printable(str(item))
        try:
            return path, self.extract_file(item)
        except GovieError as error:
            return path, tidied(error, path)
        except MemoryError:
            return path, lost_error(path, "memory", Limits())
        except Exception as error:  # a defect of ours in one file of a batch of thousands must not cost the others
            defect = GovieError(
                f"govie has a defect that this file brings out ({type(error).__name__}: {error})",
                where=path,
                hint="Please report it, with the file if you can.",
            )
            return path, tidied(defect, path)

    def warm_up(self) -> None:
        """Read the model and import the stages now, which the first report would do otherwise."""
        self.extract("")
        if self.model is not None:
            _linker(self.model)

    def __repr__(self) -> str:
        return f"<Extractor: {self.model or 'rules only'}>"


def load(model: PathLike | None = "default") -> Extractor:
    """Return an extractor.

    Args:
        model: ``"default"``, the model that comes with govie; None, rules alone; or the folder of a trained
            pipeline. Where no model came with the installation, the default is rules alone, with a warning.

    Raises:
        ModelError: the folder is not there or holds no pipeline.
    """
    if model is None:
        return Extractor()
    from govie.pipeline import default_folder, linker_folder

    if model == "default":
        folder = default_folder()
        if folder is None:
            warnings.warn(
                "no model came with this installation of govie: facts are read by rules alone."
                " Use load(model=None) to say so, or train a model with `make train`.",
                stacklevel=2,
            )
            return Extractor()
    else:
        folder = Path(model)
        linker_folder(folder)
    return Extractor(str(folder))


@cache
def _linker(folder: str) -> Linker:
    """The weights of a model, read once a process."""
    from govie.linking import Linker
    from govie.pipeline import linker_folder

    return Linker.load(linker_folder(Path(folder)))


def _read(document: Document, extractor: Extractor) -> Report:
    """Return the report in ``document``: the stages, in their order."""
    # The stages compile their patterns when they are imported; that is left to the first report, so that
    # `import govie` stays quick (tests/test_import_time.py).
    from govie.audit import Case, audit
    from govie.facts import draft_facts, merge_facts, read_prose, report_year, with_origins
    from govie.linking import link, rate
    from govie.metadata import find_metadata, locality_for_year
    from govie.normalise import Normalised
    from govie.sections import find_sections
    from govie.tables import find_tables, read_cells

    tables = find_tables(document)
    spans = tuple((table.start, table.end) for table in tables)
    normalised = Normalised(document.text)
    sections = find_sections(document, spans)
    metadata = find_metadata(document, sections, normalised=normalised)
    known = int(metadata.period.end[:4]) if metadata.period else metadata.title_year
    by_rules = read_prose(normalised, sections, spans, year=known)
    linker = _linker(extractor.model) if extractor.model is not None else None
    linking = link(linker, by_rules, year=known)
    prose = linking.reading
    year = report_year(metadata, prose.drafts, normalised)
    stated = rate(draft_facts(normalised, prose.drafts, year), linking.ratings)
    cells = [read_cells(table, year) for table in tables]
    readings = tuple(zip(tables, cells, strict=True))
    findings = audit(Case(document, normalised, metadata, sections, year, prose, stated, readings))
    locality = locality_for_year(document, metadata, year, normalised=normalised)
    facts = with_origins(merge_facts(stated, [fact for table in cells for fact in table]), document.blocks)
    return Report(
        title=metadata.title,
        authority=metadata.authority,
        locality=locality,
        year=year,
        period=metadata.period,
        issued=metadata.issued,
        contacts=metadata.contacts,
        sections=Sections(sections),
        facts=Facts(facts, year=year),
        tables=tables,
        findings=findings,
        text=document.text,
        source=document.source,
    )


def _reports(outcomes: Iterable[tuple[str, Report | GovieError]], on_error: ErrorPolicy) -> Iterator[Report]:
    failed: list[GovieError] = []
    for path, result in outcomes:
        if isinstance(result, Report):
            yield result
        elif callable(on_error):
            on_error(path, result)
        elif on_error == "raise":
            failed.append(result)
    if failed:
        count = "1 file" if len(failed) == 1 else f"{len(failed)} files"
        raise ExceptionGroup(f"{count} could not be read; the others were yielded", failed)


def lost_error(path: str, why: Why, limits: Limits) -> ReadError:
    """Return the error of a file that was lost with the process that read it."""
    if why == "time":
        return TimeLimitError(
            f"the file took longer than the time limit of {limits.seconds:g} seconds",
            where=path,
            hint="Give it more time (timeout, on the command line --timeout), or leave it out.",
        )
    if why == "memory":
        limit = f"the limit of {limits.memory / 2**20:,.0f} MB" if limits.memory else "there is"
        return MemoryLimitError(
            f"the file took more memory than {limit}",
            where=path,
            hint="Give it more (memory_limit, on the command line --memory-limit), or leave it out.",
        )
    return CrashError(
        "the process that read this file died",
        where=path,
        hint="Read it alone with extract_file; the system may have ended the process for want of memory.",
    )


_worker: list[Extractor] = []
"""In a worker process: its one extractor."""


def _outcomes_of_workers(
    extractor: Extractor, found: Iterable[Path | ReadError], n_process: int, limits: Limits
) -> Iterator[tuple[str, Report | GovieError]]:
    def lost(item: Path | ReadError, why: Why) -> tuple[str, GovieError]:
        path = printable(str(item))
        return path, lost_error(path, why, limits)

    with Pool(
        outcome_in_worker,
        n_process=n_process,
        lost=lost,
        limits=limits,
        start=start_worker,
        start_arguments=(extractor,),
    ) as pool:
        yield from pool.run(found)


def start_worker(extractor: Extractor) -> None:
    """Make this process a worker that works with ``extractor``."""
    # Processes share the work already; threads of the linear algebra would only be in each other's way.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    extractor.warm_up()
    _worker[:] = [extractor]


def outcome_in_worker(item: Path | ReadError) -> tuple[str, Report | GovieError]:
    """Return what :meth:`Extractor.outcome` of this worker's extractor returns."""
    return _worker[0].outcome(item)


def _concept_fits(concept: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return concept.startswith(wanted[:-1]) if wanted.endswith(".*") else concept == wanted


def _kinds_of(section: Section) -> tuple[str, ...]:
    return section.kinds or ((section.kind,) if section.kind else ())


def _fact_line(fact: Fact) -> str:
    parts = [fact.concept, fact.category, fact.applicant, f"{fact.value} {fact.unit}", fact.scope, fact.year]
    return " ".join(str(part) for part in parts if part is not None)


def _section_line(section: Section) -> str:
    kinds = ", ".join(_kinds_of(section))
    return f"{section.heading} [{kinds}]" if kinds else section.heading
