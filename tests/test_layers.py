"""Every file of govie imports only from the floors below its own (``docs/design.md``)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "govie"

FLOORS: dict[str, int] = {
    "errors": 0,
    "records": 0,
    "numerals": 0,
    "taxonomy": 0,
    "normalise": 0,
    "paths": 0,
    "pool": 0,
    "gazetteer": 1,
    "readers": 1,
    "files": 1,
    "sections": 2,
    "tables": 2,
    "metadata": 2,
    "mentions": 3,
    "linking": 4,
    "facts": 4,
    "components": 5,
    "pipeline": 5,
    "identities": 5,
    "audit": 5,
    "panel": 5,
    "export": 6,
    "display": 6,
    "terminal": 6,
    "interchange": 6,
    "outputs": 6,
    "report": 7,
    "batch": 8,
    "datasets": 8,
    "cli": 8,
    "__init__": 8,
    "corpus": 8,
    "evaluation": 8,
    "training": 8,
}
"""Floor of each file or folder directly under ``govie/``."""

SAME_FLOOR = {
    "paths": {"errors"},
    "pool": {"errors"},
    "taxonomy": {"records"},
    "normalise": {"taxonomy"},
    "numerals": {"normalise", "taxonomy"},
    "files": {"readers"},
    "metadata": {"sections", "tables"},
    "tables": {"sections"},
    "audit": {"identities"},
    "components": {"mentions"},
    "pipeline": {"components"},
    "linking": {"facts"},
    "display": {"export"},
    "outputs": {"export", "display", "interchange"},
    "batch": {"__init__"},
    "evaluation": {"__init__", "corpus"},
    "training": {"__init__", "corpus", "evaluation"},
    "cli": {"__init__", "batch", "corpus", "evaluation", "training"},
}
"""Neighbours on one floor that may be imported: the house orders floors, and within a floor nothing may turn back."""


def imports(source: str, module: str) -> set[str]:
    """Return the names under ``govie`` that ``source``, the module ``module`` (dotted, without govie), imports.

    Imports inside functions count; those under ``if TYPE_CHECKING`` too.
    """
    found = set()
    package = module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{base}.{alias.name}" for base in [_base(node, package)] for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "govie":
                found.add(parts[1] if len(parts) > 1 and _is_module(parts[1]) else "__init__")
    return found


def _base(node: ast.ImportFrom, package: list[str]) -> str:
    if not node.level:
        return node.module or ""
    parents = ["govie", *package][: len(package) + 2 - node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])


def _is_module(name: str) -> bool:
    return name in FLOORS


FILES = sorted(PACKAGE.rglob("*.py"))


def _dotted(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    # An __init__ is the package itself: its relative imports start inside it.
    return ".".join([*relative.parts[:-1], relative.stem])


@pytest.mark.parametrize("path", FILES, ids=_dotted)
def test_file_imports_only_from_floors_below(path: Path) -> None:
    own = _dotted(path).split(".")[0]
    assert own in FLOORS, f"{own} has no floor: give it one in FLOORS and in docs/design.md"
    for name in imports(path.read_text(encoding="utf-8"), _dotted(path)) - {own}:
        allowed = FLOORS[name] < FLOORS[own] or name in SAME_FLOOR.get(own, ())
        if own == "__init__":
            allowed = FLOORS[name] < 8
        assert allowed, f"{own} (floor {FLOORS[own]}) imports {name} (floor {FLOORS[name]})"


def test_no_neighbours_import_each_other() -> None:
    for one, others in SAME_FLOOR.items():
        for other in others:
            assert one not in SAME_FLOOR.get(other, ())


@pytest.mark.parametrize(
    ("source", "module", "expected"),
    [
        ("from govie.report import Report", "sections", {"report"}),
        ("from govie import display, errors", "report", {"display", "errors"}),
        ("from govie import Report", "cli", {"__init__"}),
        ("import govie", "cli", {"__init__"}),
        ("import govie.readers.text", "cli", {"readers"}),
        ("from ..normalise import Normalised", "facts.context", {"normalise"}),
        ("from .scope import times", "facts.context", {"facts"}),
        ("from . import report", "sections", {"report"}),
        ("def f():\n    from govie.batch import items", "report", {"batch"}),
        ("import rich\nfrom pathlib import Path", "report", set()),
    ],
)
def test_imports_are_read(source: str, module: str, expected: set[str]) -> None:
    assert imports(source, module) == expected
