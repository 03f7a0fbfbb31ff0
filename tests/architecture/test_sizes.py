"""Modules stay near 300 lines, functions short: one subject a file, one thought a function."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
MEDIAN_FUNCTION = 10
MODULES = [
    path
    for folder in ("config", "prisoners", "campaigns", "letters")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def code_lines(function: ast.FunctionDef) -> int:
    """Return how many lines `function` has, without decorators and docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return 1 + (function.body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_not_too_long_to_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_functions_fit_in_the_eye() -> None:
    trees = [ast.parse(path.read_text()) for path in MODULES]
    lengths = [code_lines(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    assert statistics.median(lengths) < MEDIAN_FUNCTION


def test_no_package_is_empty() -> None:
    """A room appears when there is something in it."""
    packages = [path.parent for path in MODULES if path.name == "__init__.py" and "migrations" not in path.parts]
    empty = [str(folder.relative_to(ROOT)) for folder in packages if is_empty(folder)]

    assert empty == []


def is_empty(folder: Path) -> bool:
    """Say whether a package has neither modules nor words of its own."""
    others = [path for path in folder.iterdir() if path.name not in {"__init__.py", "__pycache__"}]
    return not others and not (folder / "__init__.py").read_text().strip()
